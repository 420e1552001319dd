//! `/api/target_experiment_uploads/`: when the data of a target was uploaded.

use crate::{
    api::{ApiResult, Client, ListAnswer},
    model::{TargetId, Upload},
};

impl Client {
    /// Returns the uploads of one target, or all that the user may see.
    pub async fn uploads(&self, target: Option<TargetId>) -> ApiResult<ListAnswer<Upload>> {
        self.list_of("/api/target_experiment_uploads/", target, |_| {})
            .await
    }
}
