//! `/api/target_experiment_uploads/`: when the data of a target came to the server.

use super::{ApiResult, Client, ListAnswer};
use crate::model::{TargetId, Upload};

impl Client {
    /// The uploads of one target, or all that the user may see.
    pub async fn uploads(&self, target: Option<TargetId>) -> ApiResult<ListAnswer<Upload>> {
        let target = target.map(|id| id.to_string());
        let query: Vec<(&str, &str)> = target
            .as_deref()
            .map(|id| ("target", id))
            .into_iter()
            .collect();
        self.list("/api/target_experiment_uploads/", &query, |_| {})
            .await
    }
}
