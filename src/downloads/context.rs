//! The context of every step of a download: the job, the client, the clock, and how to stop.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::{
    error::DownloadError,
    job::{Job, Part, Stage},
    journal::SavedJob,
    kept_builds::{Builds, MemoryBuilds},
    speed::SpeedLimit,
    timeouts::Timeouts,
};
use crate::{
    api::Client,
    dataset::{JobId, Report},
    downloads::workers,
};

/// Why a download is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It continues later: complete parts are kept.
    Pause,
    /// It is no longer wanted: nothing is kept.
    Cancel,
}

/// Everything that one download needs.
pub struct Engine {
    /// Its unique id, also across restarts of the program.
    pub id: JobId,
    /// Talks to the server.
    pub client: Client,
    /// What to do.
    pub job: Job,
    /// Its record in the journal; a copy is kept beside the data. `None` if it cannot be resumed.
    pub record: Option<SavedJob>,
    /// Its timeouts.
    pub patience: Timeouts,
    /// Called at every stage; must not block.
    pub on_stage: Arc<dyn Fn(Stage) + Send + Sync>,
    /// Called when another part is fetched; must not block.
    pub on_part: Arc<dyn Fn(Part) + Send + Sync>,
    /// Says when it is to stop.
    pub stop: watch::Receiver<Option<Stop>>,
    /// The store of builds to which it can return.
    pub kept_builds: Arc<dyn Builds>,
    /// One build at a time: the server has few slots for everyone.
    pub builds: Arc<Semaphore>,
    /// Its speed limit.
    pub speed: Arc<SpeedLimit>,
    /// Returns the time, for names and records.
    pub clock: fn() -> jiff::Zoned,
    /// Set to stop work that is not asynchronous.
    pub(super) cancelled: AtomicBool,
    /// A single permit for all runs of this download: its holder knows that no one else writes.
    pub(super) worker: Arc<Semaphore>,
}

/// What a finished download left on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The folder with the files, or the archive if it was not unpacked.
    pub place: PathBuf,
    /// Where the previous folder is now, if the user wanted its name for the new one.
    pub before: Option<PathBuf>,
    /// What was requested and what arrived.
    pub report: Report,
}

impl Engine {
    /// Creates an engine that reports to no one, and stops when it is dropped.
    pub fn new(id: JobId, client: Client, job: Job, patience: Timeouts) -> Self {
        let (_, stop) = watch::channel(None);
        Self {
            id,
            client,
            job,
            record: None,
            patience,
            on_stage: Arc::new(|_| {}),
            on_part: Arc::new(|_| {}),
            stop,
            kept_builds: Arc::new(MemoryBuilds::default()),
            builds: Arc::new(Semaphore::new(1)),
            speed: Arc::new(SpeedLimit::new(None)),
            clock: jiff::Zoned::now,
            cancelled: AtomicBool::new(false),
            worker: workers::job_permit(id),
        }
    }

    pub(super) fn stage(&self, stage: Stage) {
        (self.on_stage)(stage);
    }
}

/// Runs blocking work on the disk. Cleaning up waits until it has ended: files must not be removed while they are
/// being renamed.
pub(super) async fn blocking<T: Send + 'static>(
    engine: &Arc<Engine>,
    work: impl FnOnce() -> Result<T, DownloadError> + Send + 'static,
) -> Result<T, DownloadError> {
    let permit = acquire_worker(engine).await?;
    // The permit is released last, even if the result is no longer awaited: the result holds the lock of the hidden
    // folder, and the next run must find that free.
    let worker = tokio::task::spawn_blocking(move || (work(), permit));
    match worker.await {
        Ok((result, permit)) => {
            drop(permit);
            result
        }
        Err(error) => {
            tracing::error!(%error, "the last step ended unexpectedly");
            Err(DownloadError::Crashed)
        }
    }
}

/// Acquires the single permit for a worker: its holder knows that no one else writes.
pub(super) async fn acquire_worker(engine: &Engine) -> Result<OwnedSemaphorePermit, DownloadError> {
    Arc::clone(&engine.worker)
        .acquire_owned()
        .await
        .ok()
        .ok_or(DownloadError::Crashed)
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use tokio::time::timeout;

    use crate::{api::ClientOptions, model::ServerAddress};

    use super::*;

    fn engine(home: &std::path::Path) -> Arc<Engine> {
        let server = ServerAddress::parse("http://127.0.0.1:9").unwrap();
        let client = Client::new(server, None, ClientOptions::default()).unwrap();
        let job = Job::sample(home);
        Arc::new(Engine::new(
            JobId::random(),
            client,
            job,
            Timeouts::default(),
        ))
    }

    /// Reports when it is dropped whether the permit was still taken.
    struct Result(Arc<Engine>, mpsc::Sender<bool>);

    impl Drop for Result {
        fn drop(&mut self) {
            self.1.send(self.0.worker.available_permits() == 0).ok();
        }
    }

    /// Found by a run of 10,000 histories: the lock of a hidden folder is part of the result.
    #[tokio::test(flavor = "multi_thread")]
    async fn what_a_worker_leaves_behind_is_gone_before_the_next_one_begins() {
        let home = tempfile::tempdir().unwrap();
        let engine = engine(home.path());
        let (go, wait) = mpsc::channel::<()>();
        let (gone, was_held) = mpsc::channel();
        let own = Arc::clone(&engine);
        let work = blocking(&engine, move || {
            wait.recv().ok();
            Ok(Result(own, gone))
        });
        // The run is dropped while its worker is using the disk.
        assert!(timeout(Duration::from_millis(20), work).await.is_err());
        go.send(()).unwrap();
        let was_held = tokio::task::spawn_blocking(move || was_held.recv().unwrap()).await;
        assert!(was_held.unwrap());
    }
}
