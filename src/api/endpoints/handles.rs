//! What the server hands out for a build: the task whose progress can be polled, and the archive at its end. Both are
//! secrets.

use crate::model::Secret;

/// Identifies an archive on the server. Anyone who has it can download the archive, so it is a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveHandle(pub(super) Secret);

impl ArchiveHandle {
    /// Parses the handle of an earlier build: the path itself, or an address with it after `file_url=`.
    pub fn from_pasted(text: &str) -> Option<Self> {
        let text = text.trim();
        let inner = match text.split_once("file_url=") {
            Some((_, rest)) => {
                let query = format!("file_url={}", rest.split('&').next().unwrap_or_default());
                url::form_urlencoded::parse(query.as_bytes())
                    .next()
                    .map(|(_, value)| value.into_owned())?
            }
            None => text.to_owned(),
        };
        Self::from_message(inner.trim())
    }

    /// Returns the secret path, to be stored only where secrets may be.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Parses a path that ends like an archive; anything else is a message for users.
    pub(super) fn from_message(text: &str) -> Option<Self> {
        let looks_right = text.starts_with('/')
            && [".zip", ".tar.gz", ".tgz"]
                .iter()
                .any(|ending| text.ends_with(ending));
        looks_right.then(|| Self(Secret::new(text)))
    }
}

/// A build on the server. The path contains the same secret as the archive's own handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskHandle(pub(super) Secret);

impl TaskHandle {
    /// Parses what [`Self::expose`] returned: a path on the server itself.
    pub(crate) fn from_kept(path: &str) -> Option<Self> {
        Self::from_path(path)
    }

    /// Parses a path, if it has the form of a build's: `/viewer/task_status/<id>/`. Any other path that a server
    /// names is not requested: some of its paths end a session (server-api 1.12).
    pub(super) fn from_path(path: &str) -> Option<Self> {
        let id = path.strip_prefix(ROOT)?.trim_end_matches('/');
        let is_id = !id.is_empty()
            && id.len() <= LONGEST_ID
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        is_id.then(|| Self(Secret::new(path)))
    }

    /// Returns the secret path, to be stored only where secrets may be.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Where the server reports the progress of its builds.
const ROOT: &str = "/viewer/task_status/";

/// Longer than any id of a build, which has 36 characters.
const LONGEST_ID: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_build_addresses_are_requested() {
        let id = "0b0f4f6e-3f0a-4c43-9d35-3d0a8f7b6c11";
        let good = format!("/viewer/task_status/{id}/");
        assert_eq!(TaskHandle::from_path(&good).unwrap().expose(), good);
        let long = format!("/viewer/task_status/{}/", "a".repeat(1_000_000));
        for odd in [
            "/oidc/logout/",
            "/etc/passwd",
            "/viewer/task_status/",
            "/viewer/task_status/../logout/",
            "/viewer/task_status/a?next=/logout/",
            "//elsewhere.example/viewer/task_status/a/",
            "https://elsewhere.example/viewer/task_status/a/",
            &long,
        ] {
            assert_eq!(TaskHandle::from_path(odd), None, "{odd:.60}");
        }
    }
}
