//! An announced release of this program.

use semver::Version;
use serde::Deserialize;

/// The announcement.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Release {
    /// Its version, such as `1.4.0`.
    pub version: String,
}

impl Release {
    /// Returns `true` if it is newer than another version. A pre-release is never newer, nor is one that
    /// cannot be parsed.
    pub fn is_newer_than(&self, version: &str) -> bool {
        match (parsed(&self.version), parsed(version)) {
            (Some(new), Some(old)) => new.pre.is_empty() && new > old,
            _ => false,
        }
    }
}

fn parsed(version: &str) -> Option<Version> {
    Version::parse(version.trim().trim_start_matches('v')).ok()
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
