//! `/api/site_observations/`: the list that a download's codes come from.

use crate::{
    api::{ApiResult, Client, ListAnswer},
    model::{Observation, TargetId},
};

impl Client {
    /// The observations of a target; superseded ones are left out by the server.
    pub async fn observations(&self, target: TargetId) -> ApiResult<ListAnswer<Observation>> {
        self.observations_of_about(target, None).await
    }

    /// The same, where it is known about how many there are.
    pub async fn observations_of_about(
        &self,
        target: TargetId,
        guess: Option<u64>,
    ) -> ApiResult<ListAnswer<Observation>> {
        let query = [("target", &*target.to_string())];
        self.list("/api/site_observations/", &query, guess, |_| {})
            .await
    }
}
