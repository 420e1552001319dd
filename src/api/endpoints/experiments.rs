//! Experiments: on the documented route if a server has it, otherwise on the one that all have.

use crate::{
    api::{
        ApiError, ApiResult, Client, ListAnswer, ListSummary, Progress, client::ExperimentsRoute,
    },
    model::{Crystal, Experiment, ExperimentId, RowSink, TargetId},
};

const DOCUMENTED: &str = "/api/upload_target_experiments/";
const ACTUAL: &str = "/api/experiments/";

impl Client {
    /// Reads the experiments of a target, or of all that the user may see, into a sink.
    ///
    /// The server's rows do not name their target, so each target is requested separately.
    pub async fn experiments<S: RowSink>(
        &self,
        target: Option<TargetId>,
        sink: &mut S,
        on_progress: impl FnMut(&mut S, Progress),
    ) -> ApiResult<ListSummary> {
        let path = self.find_route().await?;
        let target = target.map(|id| id.to_string());
        let query: Vec<(&str, &str)> = target.iter().map(|id| ("target", id.as_str())).collect();
        self.list_into(path, &query, None, sink, on_progress).await
    }

    /// Returns the crystals of a target, each with the links to its own files. `guess` is their approximate number,
    /// if it is known.
    pub async fn crystals(
        &self,
        target: TargetId,
        guess: Option<u64>,
    ) -> ApiResult<ListAnswer<Crystal>> {
        let path = self.find_route().await?;
        self.list(path, &[("target", &target.to_string())], guess, |_| {})
            .await
    }

    /// Returns how many experiments a target has.
    pub async fn experiment_count(&self, target: TargetId) -> ApiResult<Option<u64>> {
        let path = self.find_route().await?;
        self.count(path, &[("target", &target.to_string())]).await
    }

    /// Returns one experiment.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] also if the user may not see it: the servers give the same answer for both.
    pub async fn experiment(&self, id: ExperimentId) -> ApiResult<Experiment> {
        let path = format!("{}{id}/", self.find_route().await?);
        self.get_json("experiment", &path, &[]).await
    }

    /// Finds out once per server which route it has. Only the *list* decides: `/<id>/` answering 404 may mean "no
    /// access".
    async fn find_route(&self) -> ApiResult<&'static str> {
        let route = match self.experiments_route() {
            ExperimentsRoute::Unknown => {
                let first: ApiResult<serde_json::Value> = self
                    .get_json("experiments", DOCUMENTED, &[("limit", "1")])
                    .await;
                let route = match first {
                    Ok(_) => ExperimentsRoute::Documented,
                    Err(ApiError::NotOffered | ApiError::NotFound { .. }) => {
                        ExperimentsRoute::Actual
                    }
                    Err(error) => return Err(error),
                };
                self.remember_experiments_route(route);
                route
            }
            known => known,
        };
        Ok(match route {
            ExperimentsRoute::Documented => DOCUMENTED,
            ExperimentsRoute::Actual | ExperimentsRoute::Unknown => ACTUAL,
        })
    }
}
