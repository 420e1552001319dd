//! Names inside archives, made safe or refused.

use std::{collections::HashSet, path::PathBuf};

use super::DownloadError;
use crate::model::FileName;

/// Longest name of one component that common file systems take.
const MAX_COMPONENT: usize = 255;

/// A path inside a folder, which it cannot leave on any system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SafePath(String);

impl SafePath {
    /// Reads a member's name. Nothing is returned for the folder itself (`./`).
    ///
    /// Characters that Windows refuses become `_`; what would lead elsewhere is refused.
    pub(super) fn parse(raw: &[u8]) -> Result<Option<Self>, DownloadError> {
        let name = std::str::from_utf8(raw)
            .ok()
            .ok_or_else(|| refused("a name that is no text", raw))?;
        if name.starts_with(['/', '\\']) {
            return Err(refused("an absolute name", raw));
        }
        if name.as_bytes().get(1) == Some(&b':') {
            return Err(refused("a name with a drive letter", raw));
        }
        if name.contains('\\') {
            return Err(refused("a name with a backslash", raw));
        }
        let mut parts = Vec::new();
        for part in name
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".")
        {
            parts.push(component(part, raw)?);
        }
        Ok((!parts.is_empty()).then(|| Self(parts.join("/"))))
    }

    /// The path with slashes.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The path for this system.
    pub(super) fn to_path(&self) -> PathBuf {
        self.0.split('/').collect()
    }
}

fn component(part: &str, raw: &[u8]) -> Result<String, DownloadError> {
    if part == ".." {
        return Err(refused("a name that leads out of its folder", raw));
    }
    if FileName::is_reserved(part) {
        return Err(refused("a name that Windows keeps for a device", raw));
    }
    if part.len() > MAX_COMPONENT {
        return Err(refused("a name that is too long", raw));
    }
    let clean: String = part
        .chars()
        .map(|c| if FileName::is_refused_char(c) { '_' } else { c })
        .collect();
    // Windows drops these silently, which could make two names one.
    Ok(match clean.strip_suffix(['.', ' ']) {
        Some(shorter) => format!("{shorter}_"),
        None => clean,
    })
}

fn refused(what: &str, raw: &[u8]) -> DownloadError {
    let name: String = String::from_utf8_lossy(raw)
        .escape_debug()
        .take(120)
        .collect();
    DownloadError::Unsafe {
        what: format!("{what} (“{name}”)"),
    }
}

/// All names of an archive, so that no two become one file on systems that ignore case.
#[derive(Debug, Default)]
pub(super) struct NameSet {
    files: HashSet<String>,
    folders: HashSet<String>,
}

impl NameSet {
    /// Adds a file; refuses it if it would lie on another file or folder.
    pub(super) fn add(&mut self, path: &SafePath) -> Result<(), DownloadError> {
        let name = path.as_str().to_lowercase();
        for (at, _) in name.match_indices('/') {
            let folder = name.get(..at).unwrap_or_default();
            if self.files.contains(folder) {
                return Err(refused(
                    "a file and a folder of one name",
                    path.as_str().as_bytes(),
                ));
            }
            if !self.folders.contains(folder) {
                self.folders.insert(folder.to_owned());
            }
        }
        if self.folders.contains(&name) || !self.files.insert(name) {
            return Err(refused("two files of one name", path.as_str().as_bytes()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(name: &str) -> Option<String> {
        SafePath::parse(name.as_bytes())
            .ok()
            .flatten()
            .map(|path| path.0)
    }

    #[test]
    fn honest_names_pass_as_they_are() {
        for name in [
            "metadata.csv",
            "aligned_files/A0310a/A0310a_apo-solv.pdb",
            "a+b-c/..d/e..f",
        ] {
            assert_eq!(parse(name).as_deref(), Some(name));
        }
        assert_eq!(
            parse("./aligned_files//a.pdb").as_deref(),
            Some("aligned_files/a.pdb")
        );
        assert_eq!(parse("a?b*c:d/e. ").as_deref(), Some("a_b_c_d/e._"));
        assert_eq!(parse("./"), None);
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in [
            "../x",
            "a/../../x",
            "/etc/passwd",
            "\\\\server\\share",
            "C:\\x",
            "c:x",
            "a\\..\\b",
            "a/NUL",
            "com1.txt",
        ] {
            assert!(SafePath::parse(name.as_bytes()).is_err(), "{name}");
        }
        assert!(SafePath::parse(&[b'a', 0xff]).is_err());
    }

    #[test]
    fn two_names_that_are_one_on_windows_are_refused() {
        let mut names = NameSet::default();
        let mut add = |name: &str| names.add(&SafePath::parse(name.as_bytes()).unwrap().unwrap());
        assert!(add("a/b.pdb").is_ok());
        assert!(add("A/B.PDB").is_err());
        assert!(add("a").is_err());
        assert!(add("a/b.pdb/c").is_err());
        assert!(add("a/c.pdb").is_ok());
    }

    proptest::proptest! {
        #[test]
        fn whatever_passes_stays_inside(raw in proptest::collection::vec(0u8..=255, 0..60)) {
            if let Ok(Some(path)) = SafePath::parse(&raw) {
                for part in path.to_path().components() {
                    proptest::prop_assert!(matches!(part, std::path::Component::Normal(_)));
                }
            }
        }
    }
}
