//! An announced release of this program.

use serde::Deserialize;

/// The announcement.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Release {
    /// Its version, such as `1.4.0`.
    pub version: String,
}

impl Release {
    /// Returns `true` if it is newer than another version. A version that cannot be parsed is never newer.
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
