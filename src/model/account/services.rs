//! What a server reports about itself and about the services on which it depends.

use serde::Deserialize;

use crate::model::Text;

/// The answer of `/version/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ServerVersion {
    /// The build of the API.
    #[serde(default)]
    pub backend: Text,
    /// The build of the web page.
    #[serde(default)]
    pub frontend: Text,
    /// The build of the whole stack.
    #[serde(default)]
    pub stack: Text,
}

impl ServerVersion {
    /// Returns the version that a user would quote: the tag of the stack, or else of the API.
    pub fn short(&self) -> Option<&str> {
        let text = self.stack.get().or_else(|| self.backend.get())?;
        Some(text.rsplit(':').next().unwrap_or(text))
    }
}

/// The first release that has a switch for each structure file (server-api 0).
const SINGLE_TYPES_SINCE: (u32, u32) = (2026, 7);

/// Returns whether a server has a switch for each structure file, as far as its answers show it; older ones know the
/// files only as a set, and silently ignore the switches. `has_user` says whether it has an answer about the user,
/// which the oldest do not have.
pub fn knows_single_types(version: Option<&ServerVersion>, has_user: Option<bool>) -> Option<bool> {
    let tags = version.map(|version| [version.stack.get(), version.backend.get()]);
    let since = tags.into_iter().flatten().flatten().find_map(release);
    match since {
        Some(release) => Some(release >= SINGLE_TYPES_SINCE),
        None if has_user == Some(false) => Some(false),
        None => None,
    }
}

/// Returns the year and month in a tag such as `fragalysis-stack:2026.08.3`.
fn release(tag: &str) -> Option<(u32, u32)> {
    let number = tag.rsplit(':').next().unwrap_or(tag);
    let mut parts = number.split('.').map(str::parse::<u32>);
    match (parts.next()?, parts.next()?) {
        (Ok(year @ 2000..), Ok(month @ 1..=12)) => Some((year, month)),
        _ => None,
    }
}

/// One of the services in `/viewer/service_state/`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ServiceState {
    /// `ispyb`, `keycloak`, `squonk` …
    pub id: String,
    /// The server's name for it.
    #[serde(default)]
    pub name: Text,
    /// `OK`, `DEGRADED`, `ERROR`, `NOT_CONFIGURED`.
    #[serde(default)]
    pub state: Text,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_capabilities_follow_from_its_release_or_missing_endpoints() {
        let version = |tag: &str| ServerVersion {
            stack: Text::from(tag),
            ..ServerVersion::default()
        };
        for (tag, has_user, known) in [
            ("xchem/fragalysis-stack:2026.08.3", None, Some(true)),
            ("xchem/fragalysis-stack:2026.07.1", Some(true), Some(true)),
            ("xchem/fragalysis-stack:2025.11.1", Some(true), Some(false)),
            ("xchem/fragalysis-stack:2024.10.2", Some(false), Some(false)),
            ("local:local-1", Some(false), Some(false)),
            ("local:local-1", Some(true), None),
            ("latest", None, None),
        ] {
            assert_eq!(
                knows_single_types(Some(&version(tag)), has_user),
                known,
                "{tag}"
            );
        }
        assert_eq!(knows_single_types(None, None), None);
    }
}
