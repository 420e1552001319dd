//! `/api/compounds/`: names and structures of the soaked compounds.

use crate::{
    api::{ApiResult, Client, ListAnswer},
    model::{Compound, TargetId},
};

impl Client {
    /// Returns the compounds of one target, or all that are visible to the user.
    pub async fn compounds(&self, target: Option<TargetId>) -> ApiResult<ListAnswer<Compound>> {
        self.list_of("/api/compounds/", target, |_| {}).await
    }
}
