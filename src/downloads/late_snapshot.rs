//! Questions for which the order need not wait: they are asked while the server builds and sends.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{DownloadError, Engine, plan::snapshot::snapshot, work_dir::WorkDir};
use crate::dataset::Snapshot;

/// The questions under way. Dropping it stops them.
pub(super) struct Beside(JoinSet<Answers>);

struct Answers {
    /// `None` where it was not asked for.
    snapshot: Option<Result<Option<Snapshot>, DownloadError>>,
    version: Option<String>,
}

impl Beside {
    /// Asks which version the server is of, and what it holds of the target where the plan does not say that yet.
    pub(super) fn ask(engine: &Arc<Engine>, work: &WorkDir) -> Self {
        let engine = Arc::clone(engine);
        let awaits_snapshot = work.plan().awaits_snapshot;
        let mut questions = JoinSet::new();
        questions.spawn(async move {
            let held = async {
                if awaits_snapshot {
                    Some(snapshot(&engine).await)
                } else {
                    None
                }
            };
            let (snapshot, version) = tokio::join!(held, engine.client.version());
            // Only for the record; a server that does not say its version is no obstacle.
            let version = version.ok();
            Answers {
                snapshot,
                version: version.and_then(|version| version.short().map(str::to_owned)),
            }
        });
        Self(questions)
    }

    /// Waits for the answers, and notes what the server holds. Gives back its version, the first time.
    pub(super) async fn settle(
        &mut self,
        work: &mut WorkDir,
    ) -> Result<Option<String>, DownloadError> {
        let Some(answered) = self.0.join_next().await else {
            return Ok(None);
        };
        let answers = answered.map_err(|error| {
            tracing::error!(%error, "asking beside a download ended unexpectedly");
            DownloadError::Crashed
        })?;
        if let Some(snapshot) = answers.snapshot {
            work.note_snapshot(snapshot?)?;
        }
        Ok(answers.version)
    }
}
