//! `/version/` and `/viewer/service_state/`: what the server says about itself. Neither needs a session.

use serde::Deserialize;

use crate::{
    api::{
        ApiError, ApiResult, Client,
        client::{
            body::decode,
            wire::{Session, Want},
        },
    },
    model::{ServerVersion, ServiceState, knows_single_types},
};

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
    /// Returns which build is running. The server says so to everyone, even to a session that it no longer knows.
    pub async fn version(&self) -> ApiResult<ServerVersion> {
        let answer = self.get("/version/", &[], Session::No, Want::Data).await?;
        Ok(decode::<VersionAnswer>("version", answer).await?.version)
    }

    /// Returns whether the server has a switch for each structure file; `None` if it does not say. Requested once.
    pub async fn knows_single_types(&self) -> Option<bool> {
        if let Some(known) = self.single_types().get() {
            return *known;
        }
        let version = self.version().await.ok();
        let mut known = knows_single_types(version.as_ref(), None);
        if known.is_none() {
            let has_user = match self.user().await {
                Ok(_) => Some(true),
                Err(ApiError::NotOffered | ApiError::NotFound { .. }) => Some(false),
                Err(_) => None,
            };
            known = knows_single_types(version.as_ref(), has_user);
        }
        *self.single_types().get_or_init(|| known)
    }

    /// Returns the services on which the server depends, as far as it shows them.
    pub async fn services(&self) -> ApiResult<Vec<ServiceState>> {
        let answer: ServicesAnswer = self
            .get_json("services", "/viewer/service_state/", &[])
            .await?;
        Ok(answer.service_states)
    }
}
