//! `/version/` and `/viewer/service_state/`: the server about itself. Neither needs a session.

use serde::Deserialize;

use super::{ApiResult, Client};
use crate::model::{ServerVersion, ServiceState};

#[derive(Deserialize)]
struct VersionAnswer {
    version: ServerVersion,
}

#[derive(Deserialize)]
struct ServicesAnswer {
    #[serde(default)]
    service_states: Vec<ServiceState>,
}

impl Client {
    /// Which build is running.
    pub async fn version(&self) -> ApiResult<ServerVersion> {
        Ok(self
            .get_json::<VersionAnswer>("version", "/version/", &[])
            .await?
            .version)
    }

    /// The services the server leans on, as far as it shows them.
    pub async fn services(&self) -> ApiResult<Vec<ServiceState>> {
        let answer: ServicesAnswer = self
            .get_json("services", "/viewer/service_state/", &[])
            .await?;
        Ok(answer.service_states)
    }
}
