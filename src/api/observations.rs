//! `/api/site_observations/`: the list that a download's codes come from.

use super::{ApiResult, Client, ListAnswer};
use crate::model::{Observation, TargetId};

impl Client {
    /// The observations of a target; superseded ones are left out by the server.
    pub async fn observations(&self, target: TargetId) -> ApiResult<ListAnswer<Observation>> {
        self.list_of("/api/site_observations/", Some(target), |_| {})
            .await
    }
}
