//! A release of this program that someone offers.

use serde::Deserialize;

/// What the address of releases answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Release {
    /// Its version, such as `1.4.0`.
    pub version: String,
}

impl Release {
    /// Whether it is newer than another version. What cannot be read as a version is not newer than anything.
    pub fn is_newer_than(&self, version: &str) -> bool {
        match (numbers(&self.version), numbers(version)) {
            (Some(new), Some(old)) => new > old,
            _ => false,
        }
    }
}

fn numbers(version: &str) -> Option<[u64; 3]> {
    let mut parts = version.trim().trim_start_matches('v').split('.');
    let mut next = || parts.next()?.parse().ok();
    let numbers = [next()?, next()?, next()?];
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_version_that_is_higher_is_newer() {
        let is_newer = |version: &str| {
            let release = Release {
                version: version.to_owned(),
            };
            release.is_newer_than("0.10.1")
        };
        for version in ["0.10.2", "v0.11.0", "1.0.0"] {
            assert!(is_newer(version), "{version}");
        }
        for version in [
            "0.10.1",
            "0.9.9",
            "0.2.30",
            "",
            "latest",
            "1.0",
            "1.0.0.0",
            "1.0.0-beta",
        ] {
            assert!(!is_newer(version), "{version}");
        }
    }
}
