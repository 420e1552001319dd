//! Names and versions that other lists give for the ids in the rows of experiments.

use crate::{api::Client, model::Lookups};

impl Client {
    /// Returns names of compounds and versions of uploads. They only fill a few columns: a server without these lists
    /// still has its experiments.
    pub async fn lookups(&self) -> Lookups {
        let mut lookups = Lookups::default();
        match self.compounds(None).await {
            Ok(answer) => lookups.add_compounds(&answer.rows),
            Err(error) => tracing::warn!(%error, "the names of the compounds could not be read"),
        }
        match self.uploads(None).await {
            Ok(answer) => lookups.add_uploads(&answer.rows),
            Err(error) => tracing::warn!(%error, "the list of uploads could not be read"),
        }
        lookups
    }
}
