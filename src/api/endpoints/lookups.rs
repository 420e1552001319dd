//! Names and versions that other lists give for the ids in the rows of experiments.

use crate::{
    api::{ApiError, ApiResult, Client, ListAnswer},
    model::{Lookups, Problem, Shortfall},
};

impl Client {
    /// Returns names of compounds and versions of uploads, and what is missing from them. They only fill a few columns:
    /// a server without these lists still has its experiments.
    ///
    /// # Errors
    /// What concerns every list: the session, or the connection to the server.
    pub async fn lookups(&self) -> Result<(Lookups, Shortfall), Problem> {
        let mut lookups = Lookups::default();
        let mut shortfall = Shortfall::default();
        let compounds = self.compounds(None).await;
        if let Some(rows) = rows_of("names of compounds", compounds, &mut shortfall)? {
            lookups.add_compounds(&rows);
        }
        let uploads = self.uploads(None).await;
        if let Some(rows) = rows_of("uploads", uploads, &mut shortfall)? {
            lookups.add_uploads(&rows);
        }
        Ok((lookups, shortfall))
    }
}

/// Returns the rows of a list; `None` if the server has no such list, or if it could not be read, which is added to the
/// shortfall.
fn rows_of<T>(
    name: &str,
    answer: ApiResult<ListAnswer<T>>,
    shortfall: &mut Shortfall,
) -> Result<Option<Vec<T>>, Problem> {
    match answer {
        Ok(answer) => {
            shortfall.add_read(answer.complete, answer.unreadable);
            Ok(Some(answer.rows))
        }
        Err(ApiError::NotOffered | ApiError::NotFound { .. }) => Ok(None),
        Err(error) => {
            shortfall.add_unread(name, error.problem())?;
            Ok(None)
        }
    }
}
