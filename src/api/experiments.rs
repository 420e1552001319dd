//! Experiments: by the documented route where a server answers it, else by the one that all do.

use super::{ApiError, ApiResult, Client, ListAnswer, Progress, client::ExperimentsRoute};
use crate::model::{Experiment, ExperimentId, TargetId};

const DOCUMENTED: &str = "/api/upload_target_experiments/";
const ACTUAL: &str = "/api/experiments/";

impl Client {
    /// All experiments that the user may see, of one target or of all.
    pub async fn experiments(
        &self,
        target: Option<TargetId>,
        on_progress: impl FnMut(Progress),
    ) -> ApiResult<ListAnswer<Experiment>> {
        let path = self.find_route().await?;
        self.list_of(path, target, on_progress).await
    }

    /// The experiments of several targets, each with the place of its target in the list.
    ///
    /// The server's rows do not say which target they belong to, so each target is asked for itself.
    pub async fn experiments_of(
        &self,
        targets: &[TargetId],
        mut on_progress: impl FnMut(usize),
    ) -> ApiResult<ListAnswer<(usize, Experiment)>> {
        let mut all = ListAnswer {
            rows: Vec::new(),
            complete: true,
            unreadable: 0,
        };
        for (place, target) in targets.iter().enumerate() {
            let before = all.rows.len();
            let answer = self
                .experiments(Some(*target), |progress| {
                    on_progress(before + progress.received);
                })
                .await?;
            all.rows.extend(
                answer
                    .rows
                    .into_iter()
                    .map(|experiment| (place, experiment)),
            );
            all.complete &= answer.complete;
            all.unreadable += answer.unreadable;
        }
        Ok(all)
    }

    /// How many experiments a target has.
    pub async fn experiment_count(&self, target: TargetId) -> ApiResult<Option<u64>> {
        let path = self.find_route().await?;
        self.count(path, &[("target", &target.to_string())]).await
    }

    /// One experiment.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] also where the user may not see it: the servers give one answer for both.
    pub async fn experiment(&self, id: ExperimentId) -> ApiResult<Experiment> {
        let path = format!("{}{id}/", self.find_route().await?);
        self.get_json("experiment", &path, &[]).await
    }

    /// Asks once per server which route it answers. Only the *list* decides: `/<id>/` answering 404 may
    /// mean "no access".
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
