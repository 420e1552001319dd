//! Requests for which the order need not wait: they are made while the server builds and sends.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{DownloadError, Engine, plan::snapshot::snapshot, work_dir::WorkDir};
use crate::dataset::Snapshot;

/// The requests under way. Dropping it stops them.
pub(super) struct BackgroundRequests(JoinSet<Answers>);

struct Answers {
    /// `None` if it was not requested.
    snapshot: Option<Result<Option<Snapshot>, DownloadError>>,
    version: Option<String>,
}

impl BackgroundRequests {
    /// Requests the version of the server, and what it holds of the target unless the plan already says that.
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
            // Only for the record; a server that does not report its version is not an obstacle.
            let version = version.ok();
            Answers {
                snapshot,
                version: version.and_then(|version| version.short().map(str::to_owned)),
            }
        });
        Self(questions)
    }

    /// Waits for the answers, and records what the server holds. Returns its version, the first time.
    pub(super) async fn settle(
        &mut self,
        work: &mut WorkDir,
    ) -> Result<Option<String>, DownloadError> {
        let Some(answered) = self.0.join_next().await else {
            return Ok(None);
        };
        let answers = answered.map_err(|error| {
            tracing::error!(%error, "a background request of a download ended unexpectedly");
            DownloadError::Crashed
        })?;
        if let Some(snapshot) = answers.snapshot {
            work.note_snapshot(snapshot?)?;
        }
        Ok(answers.version)
    }
}
