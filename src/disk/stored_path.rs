//! Paths in the program's own files: a string or, for a name that is not valid Unicode, its code units.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A path as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored {
    Text(String),
    /// Bytes on Unix, UTF-16 on Windows.
    Units(Vec<u16>),
}

impl Stored {
    fn of(path: &Path) -> Self {
        match path.to_str() {
            Some(text) => Self::Text(text.to_owned()),
            None => Self::Units(units(path.as_os_str())),
        }
    }

    fn path(self) -> PathBuf {
        match self {
            Self::Text(text) => PathBuf::from(text),
            Self::Units(units) => PathBuf::from(name(&units)),
        }
    }
}

#[cfg(windows)]
fn units(name: &OsStr) -> Vec<u16> {
    use std::os::windows::ffi::OsStrExt as _;
    name.encode_wide().collect()
}

#[cfg(windows)]
fn name(units: &[u16]) -> OsString {
    use std::os::windows::ffi::OsStringExt as _;
    OsString::from_wide(units)
}

#[cfg(not(windows))]
fn units(name: &OsStr) -> Vec<u16> {
    use std::os::unix::ffi::OsStrExt as _;
    name.as_bytes().iter().copied().map(u16::from).collect()
}

#[cfg(not(windows))]
fn name(units: &[u16]) -> OsString {
    use std::os::unix::ffi::OsStringExt as _;
    let bytes = units.iter().filter_map(|unit| u8::try_from(*unit).ok());
    OsString::from_vec(bytes.collect())
}

pub(crate) fn serialize<S: Serializer>(path: &Path, to: S) -> Result<S::Ok, S::Error> {
    Stored::of(path).serialize(to)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<PathBuf, D::Error> {
    Stored::deserialize(from).map(Stored::path)
}

/// The same for a path that may be missing.
pub(crate) mod optional {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use super::{Path, PathBuf, Stored};

    #[expect(clippy::ref_option, reason = "the signature that serde requires")]
    pub(crate) fn serialize<S: Serializer>(
        path: &Option<PathBuf>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let path: Option<&Path> = path.as_deref();
        path.map(Stored::of).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<PathBuf>, D::Error> {
        Ok(Option::<Stored>::deserialize(from)?.map(Stored::path))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Two {
        #[serde(with = "super")]
        one: PathBuf,
        #[serde(default, with = "super::optional")]
        other: Option<PathBuf>,
    }

    #[test]
    fn every_path_survives_a_round_trip() {
        use std::os::unix::ffi::OsStringExt as _;
        let path = |bytes: &[u8]| PathBuf::from(OsString::from_vec(bytes.to_vec()));
        for bytes in [&b"/a/b"[..], b"/a/\xff\xfe", "/a/\u{e9}".as_bytes()] {
            let before = Two {
                one: path(bytes),
                other: Some(path(bytes)),
            };
            let json = serde_json::to_string(&before).unwrap();
            assert_eq!(serde_json::from_str::<Two>(&json).unwrap(), before);
        }
        // As every earlier version has written it.
        let plain: Two = serde_json::from_str(r#"{"one":"/a/b"}"#).unwrap();
        assert_eq!((plain.one, plain.other), (path(b"/a/b"), None));
    }
}
