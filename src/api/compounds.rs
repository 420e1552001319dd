//! `/api/compounds/`: names and structures of what was soaked.

use super::{ApiResult, Client, ListAnswer};
use crate::model::{Compound, TargetId};

impl Client {
    /// The compounds of one target, or all that the user may see.
    pub async fn compounds(&self, target: Option<TargetId>) -> ApiResult<ListAnswer<Compound>> {
        let target = target.map(|id| id.to_string());
        let query: Vec<(&str, &str)> = target
            .as_deref()
            .map(|id| ("target", id))
            .into_iter()
            .collect();
        self.list("/api/compounds/", &query, |_| {}).await
    }
}
