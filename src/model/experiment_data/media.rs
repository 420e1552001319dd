//! A single file on the server, named by a link in its lists.

use std::{fmt, net::Ipv4Addr};

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::FileName;

/// Where the server keeps the files that its lists link to (server-api 1).
const ROOT: &str = "/media/";

/// A file that can be fetched on its own: an experiment's coordinates, an observation's map.
///
/// Only the path is kept: whatever host a link names, the file is requested from the server that sent the list, so
/// that no list can send a session elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MediaFile(String);

/// The text is not the path of such a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the path of a file on the server")]
pub struct NoMedia;

impl MediaFile {
    /// Parses a link in a list; `None` if it does not name a file on the server.
    pub fn of_link(link: &str) -> Option<Self> {
        if let Some(path) = plain_path(link) {
            return Some(Self(path.to_owned()));
        }
        let base = Url::parse("https://any.invalid").ok()?;
        let url = base.join(link).ok()?;
        // Joining has removed every `..`.
        let path = url.path();
        let has_name = !path.ends_with('/') && path.len() > ROOT.len();
        (path.starts_with(ROOT) && has_name).then(|| Self(path.to_owned()))
    }

    /// Returns the path on the server, percent-encoded as it is sent.
    pub fn path(&self) -> &str {
        &self.0
    }

    /// Returns the name under which it is saved: the last component of the path, safe on every system.
    pub fn name(&self) -> FileName {
        let last = self.0.rsplit('/').next().unwrap_or_default();
        FileName::sanitize(&percent_decode_str(last).decode_utf8_lossy())
    }
}

/// Returns the path of a link in which nothing has to be decoded or removed, as is true of nearly all
/// links. `None` if that is not certain.
fn plain_path(link: &str) -> Option<&str> {
    let rest = link
        .strip_prefix("https://")
        .or_else(|| link.strip_prefix("http://"))?;
    let (host, _) = rest.split_once('/')?;
    let path = rest.get(host.len()..)?;
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    let is_name = name.ends_with(|letter: char| letter.is_ascii_alphabetic())
        && !name.starts_with(['.', '-'])
        && !name.contains("..")
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    let is_host = is_name || name.parse::<Ipv4Addr>().is_ok();
    let is_plain = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'.' | b'+' | b'=')
    };
    let is_file = path.starts_with(ROOT)
        && path.len() > ROOT.len()
        && !path.ends_with('/')
        && !path.contains("/.")
        && path.bytes().all(is_plain);
    (is_host && port.parse::<u16>().is_ok() && is_file).then_some(path)
}

impl fmt::Display for MediaFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name().fmt(f)
    }
}

impl TryFrom<String> for MediaFile {
    type Error = NoMedia;

    fn try_from(text: String) -> Result<Self, NoMedia> {
        Self::of_link(&text).ok_or(NoMedia)
    }
}

impl From<MediaFile> for String {
    fn from(file: MediaFile) -> Self {
        file.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_below_media_is_a_file() {
        let file = MediaFile::of_link("http://inside:8080/media/a/x%2By/A%2B1.pdb").unwrap();
        assert_eq!(file.path(), "/media/a/x%2By/A%2B1.pdb");
        assert_eq!(file.name().as_str(), "A+1.pdb");
        let odd = MediaFile::of_link("/media/a/..%2F..%2Fetc%2Fpasswd").unwrap();
        assert_eq!(odd.name().as_str(), ".._.._etc_passwd");
        for link in [
            "",
            "/media/",
            "/media/a/",
            "https://h.example/api/token/",
            "https://h.example/media/../api/token/x",
            "https://h.example/media/%2e%2e/logout/x",
            "javascript:alert(1)",
        ] {
            assert_eq!(MediaFile::of_link(link), None, "{link}");
        }
        let kept = serde_json::to_string(&file).unwrap();
        assert_eq!(serde_json::from_str::<MediaFile>(&kept).unwrap(), file);
        assert!(serde_json::from_str::<MediaFile>("\"/api/user/\"").is_err());
    }

    proptest::proptest! {
        #[test]
        fn the_fast_path_gives_the_same_file(
            link in "(https?://)?[a-zA-Z0-9.:-]{0,12}(/media)?/{0,2}[a-z%.2eF/+=_ \\\\?#-]{0,16}"
        ) {
            if let Some(path) = plain_path(&link) {
                let base = Url::parse("https://any.invalid").unwrap();
                // An impossible host name does not matter: only the path is used.
                if let Ok(url) = base.join(&link) {
                    proptest::prop_assert_eq!(path, url.path());
                }
            }
        }
    }
}
