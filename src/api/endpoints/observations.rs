//! `/api/site_observations/`: the list with the codes for downloads.

use crate::{
    api::{ApiResult, Client, ListAnswer},
    model::{Observation, TargetId},
};

impl Client {
    /// Returns the observations of a target; the server leaves out superseded ones.
    pub async fn observations(&self, target: TargetId) -> ApiResult<ListAnswer<Observation>> {
        self.observations_of_about(target, None).await
    }

    /// The same, if their approximate number is known.
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
