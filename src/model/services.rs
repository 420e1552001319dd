//! What a server says of itself and of the services it leans on.

use serde::Deserialize;

use super::Text;

/// The answer of `/version/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ServerVersion {
    /// The API's build.
    #[serde(default)]
    pub backend: Text,
    /// The web page's build.
    #[serde(default)]
    pub frontend: Text,
    /// The build of the whole.
    #[serde(default)]
    pub stack: Text,
}

impl ServerVersion {
    /// The number a person would quote: the tag of the whole, else of the API.
    pub fn short(&self) -> Option<&str> {
        let text = self.stack.get().or_else(|| self.backend.get())?;
        Some(text.rsplit(':').next().unwrap_or(text))
    }
}

/// One of the services in `/viewer/service_state/`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ServiceState {
    /// `ispyb`, `keycloak`, `squonk` …
    pub id: String,
    /// What the server calls it.
    #[serde(default)]
    pub name: Text,
    /// `OK`, `DEGRADED`, `ERROR`, `NOT_CONFIGURED`.
    #[serde(default)]
    pub state: Text,
}
