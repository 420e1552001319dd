//! What every step of a download is given: the job, the client, the clock, and how to stop.

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
    patience::Patience,
    speed::SpeedLimit,
};
use crate::{
    api::Client,
    dataset::{JobId, Report},
    downloads::workers,
};

/// Why a download is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It continues later: parts that are whole stay.
    Pause,
    /// It is not wanted any more: nothing stays.
    Cancel,
}

/// Everything that one download needs.
pub struct Engine {
    /// Tells it apart from others, also over the end of the program.
    pub id: JobId,
    /// Talks to the server.
    pub client: Client,
    /// What to do.
    pub job: Job,
    /// The download as it is noted; a copy is kept beside what has come. `None` where it cannot be resumed.
    pub record: Option<SavedJob>,
    /// How long to wait for what.
    pub patience: Patience,
    /// Told about every stage; must not block.
    pub on_stage: Arc<dyn Fn(Stage) + Send + Sync>,
    /// Told which part is being fetched; must not block.
    pub on_part: Arc<dyn Fn(Part) + Send + Sync>,
    /// Says when it is to stop.
    pub stop: watch::Receiver<Option<Stop>>,
    /// Where builds are kept that it can come back to.
    pub kept_builds: Arc<dyn Builds>,
    /// One build at a time: the server has few places for everybody.
    pub builds: Arc<Semaphore>,
    /// How fast it may be.
    pub speed: Arc<SpeedLimit>,
    /// Tells the time, for names and records.
    pub clock: fn() -> jiff::Zoned,
    /// Set to stop work that is not asynchronous.
    pub(super) cancelled: AtomicBool,
    /// One place for all runs of this download: anyone who has it knows that no one writes.
    pub(super) worker: Arc<Semaphore>,
}

/// What a finished download left on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The folder with the files, or the archive where nothing was unpacked.
    pub place: PathBuf,
    /// Where the folder that was there before is now, if the user wanted its name for the new one.
    pub before: Option<PathBuf>,
    /// What was asked and what arrived.
    pub report: Report,
}

impl Engine {
    /// An engine that tells no one, and stops when it is dropped.
    pub fn new(id: JobId, client: Client, job: Job, patience: Patience) -> Self {
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
            worker: workers::place_of(id),
        }
    }

    pub(super) fn stage(&self, stage: Stage) {
        (self.on_stage)(stage);
    }
}

/// Runs work that waits for the disk. Anyone who tidies up waits until it has ended: files must not be removed
/// while they get their final name.
pub(super) async fn blocking<T: Send + 'static>(
    engine: &Arc<Engine>,
    work: impl FnOnce() -> Result<T, DownloadError> + Send + 'static,
) -> Result<T, DownloadError> {
    let permit = worker_place(engine).await?;
    // The permit goes last, also where no one waits for the result any more: with the result goes the lock of the
    // hidden folder, and the next run must find it free.
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

/// The one place for a worker: anyone who has it knows that no other one writes.
pub(super) async fn worker_place(engine: &Engine) -> Result<OwnedSemaphorePermit, DownloadError> {
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
            Patience::default(),
        ))
    }

    /// Says when it goes whether the permit was still taken.
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
        // The run is let go of while its worker is at the disk.
        assert!(timeout(Duration::from_millis(20), work).await.is_err());
        go.send(()).unwrap();
        let was_held = tokio::task::spawn_blocking(move || was_held.recv().unwrap()).await;
        assert!(was_held.unwrap());
    }
}
