//! `/api/compounds/`: names and structures of what was soaked.

use crate::{
    api::{ApiResult, Client, ListAnswer},
    model::{Compound, TargetId},
};

impl Client {
    /// The compounds of one target, or all that the user may see.
    pub async fn compounds(&self, target: Option<TargetId>) -> ApiResult<ListAnswer<Compound>> {
        self.list_of("/api/compounds/", target, |_| {}).await
    }
}
