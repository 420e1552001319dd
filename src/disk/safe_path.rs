//! Names inside archives, made safe or refused.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
};

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::{disk::safe_path, model::FileName};

/// A name that no legitimate archive contains. `Display` says what is wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct UnsafeName {
    /// What was found.
    pub(crate) what: String,
}

/// Longest name of one component that common file systems accept.
const MAX_COMPONENT: usize = 255;
/// Longest path that systems accept, and far longer than in any archive of these servers.
const MAX_LENGTH: usize = 1024;
/// Maximum depth of folders. Every parent folder of a name is remembered, so this limits memory too.
const MAX_DEPTH: usize = 32;
/// Maximum length of all remembered names and their folders together, in bytes.
const MAX_NAMES: usize = 64 << 20;

/// A path inside a folder, which it cannot leave on any system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SafePath(String);

impl SafePath {
    /// Parses the name of a member. Returns `None` for the folder itself (`./`).
    ///
    /// Characters that Windows refuses become `_`; names that would leave the folder are refused.
    pub(crate) fn parse(raw: &[u8]) -> Result<Option<Self>, UnsafeName> {
        if raw.len() > MAX_LENGTH {
            return Err(refused("a name that is too long", raw));
        }
        let name = std::str::from_utf8(raw)
            .ok()
            .ok_or_else(|| refused("a name that is not valid UTF-8", raw))?;
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
            if parts.len() > MAX_DEPTH {
                return Err(refused("folders that are nested too deeply", raw));
            }
        }
        Ok((!parts.is_empty()).then(|| Self(parts.join("/"))))
    }

    /// Returns the same path with a number before its extension: `a (2).pdb`.
    fn numbered(&self, number: usize) -> Self {
        let (folder, name) = match self.0.rsplit_once('/') {
            Some((folder, name)) => (format!("{folder}/"), name),
            None => (String::new(), self.0.as_str()),
        };
        Self(match name.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() => {
                format!("{folder}{stem} ({number}).{ending}")
            }
            _ => format!("{folder}{name} ({number})"),
        })
    }

    /// Returns the path, separated by `/`.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path with the separators of this system.
    pub(crate) fn to_path(&self) -> PathBuf {
        self.0.split('/').collect()
    }
}

fn component(part: &str, raw: &[u8]) -> Result<String, UnsafeName> {
    if part == ".." {
        return Err(refused("a name that leads out of its folder", raw));
    }
    if FileName::is_reserved(part) {
        return Err(refused("a name that Windows reserves for a device", raw));
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

fn refused(what: &str, raw: &[u8]) -> UnsafeName {
    let name: String = String::from_utf8_lossy(raw)
        .escape_debug()
        .take(120)
        .collect();
    UnsafeName {
        what: format!("{what} (“{name}”)"),
    }
}

/// All names of an archive, so that no two become the same file on any system.
#[derive(Debug, Default)]
pub(crate) struct NameSet {
    /// Each name, by its form on systems that ignore case and Unicode normalisation.
    files: HashMap<String, String>,
    folders: HashSet<String>,
    bytes: usize,
}

/// Where a member is placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Placement {
    /// Under its own name.
    Own,
    /// Under another name, because the first one is taken by a member with exactly the same name.
    Repeat(SafePath),
    /// Under another name, because some systems treat the two names as the same.
    Renamed(SafePath),
}

impl NameSet {
    /// Finds a name for a file. Refuses it if a file would have to be a folder.
    pub(crate) fn place(&mut self, path: &SafePath) -> Result<Placement, UnsafeName> {
        let first = self.add(path)?;
        let Some(first) = first else {
            return Ok(Placement::Own);
        };
        let is_same = first == path.as_str();
        for number in 2..1000 {
            let other = path.numbered(number);
            if self.add(&other)?.is_none() {
                return Ok(if is_same {
                    Placement::Repeat(other)
                } else {
                    Placement::Renamed(other)
                });
            }
        }
        Err(refused(
            "a thousand files of the same name",
            path.as_str().as_bytes(),
        ))
    }

    /// Adds a name. Returns the name that is in its way, if there is one.
    fn add(&mut self, path: &SafePath) -> Result<Option<String>, UnsafeName> {
        let name = normalized(path.as_str());
        if let Some(first) = self.files.get(&name) {
            return Ok(Some(first.clone()));
        }
        let conflict = || {
            refused(
                "a file and a folder of the same name",
                path.as_str().as_bytes(),
            )
        };
        if self.folders.contains(&name) {
            return Err(conflict());
        }
        for (at, _) in name.match_indices('/') {
            let folder = name.get(..at).unwrap_or_default();
            if self.files.contains_key(folder) {
                return Err(conflict());
            }
            if !self.folders.contains(folder) {
                self.bytes += folder.len();
                self.folders.insert(folder.to_owned());
            }
        }
        self.bytes += name.len() + path.as_str().len();
        if self.bytes > MAX_NAMES {
            return Err(safe_path::too_many());
        }
        self.files.insert(name, path.as_str().to_owned());
        Ok(None)
    }
}

/// Returns a name as systems see it that ignore case or Unicode normalisation.
fn normalized(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(name);
    composed.to_lowercase()
}

/// Returns the error for an archive with implausibly many files.
pub(crate) fn too_many() -> UnsafeName {
    UnsafeName {
        what: "implausibly many files for such an archive".to_owned(),
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
    fn legitimate_names_are_unchanged() {
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
    fn no_two_names_become_one_file_anywhere() {
        let path = |name: &str| SafePath::parse(name.as_bytes()).unwrap().unwrap();
        let mut names = NameSet::default();
        let mut place = |name: &str| names.place(&path(name));
        assert_eq!(place("a/b.pdb").unwrap(), Placement::Own);
        assert_eq!(
            place("a/b.pdb").unwrap(),
            Placement::Repeat(path("a/b (2).pdb"))
        );
        assert_eq!(
            place("A/B.PDB").unwrap(),
            Placement::Renamed(path("A/B (3).PDB"))
        );
        assert_eq!(place("é").unwrap(), Placement::Own);
        assert_eq!(
            place("e\u{301}").unwrap(),
            Placement::Renamed(path("e\u{301} (2)"))
        );
        assert!(place("a").is_err(), "a folder");
        assert!(place("a/b.pdb/c").is_err(), "in a file");
        assert_eq!(place("a/c.pdb").unwrap(), Placement::Own);
    }

    #[test]
    fn long_and_deep_names_take_no_memory() {
        assert!(SafePath::parse("a/".repeat(500_000).as_bytes()).is_err());
        assert!(SafePath::parse("a/".repeat(100).as_bytes()).is_err());
        assert!(SafePath::parse("a/".repeat(30).as_bytes()).is_ok());
        assert!(SafePath::parse("a".repeat(2000).as_bytes()).is_err());
    }

    proptest::proptest! {
        #[test]
        fn accepted_names_stay_inside(raw in proptest::collection::vec(0u8..=255, 0..60)) {
            if let Ok(Some(path)) = SafePath::parse(&raw) {
                for part in path.to_path().components() {
                    proptest::prop_assert!(matches!(part, std::path::Component::Normal(_)));
                }
            }
        }
    }
}
