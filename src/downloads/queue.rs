//! Runs downloads beside the window and tells it how they are.

use std::{
    panic::AssertUnwindSafe,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
    time::{Duration, Instant},
};

use futures_util::FutureExt as _;
use tokio::{
    runtime::Handle,
    sync::{Semaphore, mpsc},
    task::JoinHandle,
};

use super::{DownloadError, Engine, Job, JobId, Patience, Report, Stage, run};
use crate::{api::Client, model::Problem};

/// Downloads that run at the same time; the others wait.
const PARALLEL: usize = 2;
/// Progress is told at most this often: the eye needs no more.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// News of a download.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It is at this stage now.
    Stage(JobId, Stage),
    /// It has ended, with the place of the result and the report, or with the reason.
    Ended(JobId, Result<(PathBuf, Report), Problem>),
}

/// A download under way. Dropping it stops the download; nothing incomplete stays behind.
#[must_use = "dropping the handle stops the download"]
#[derive(Debug)]
pub struct JobHandle(JoinHandle<()>);

impl Drop for JobHandle {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Starts downloads on one runtime and sends their news into one channel.
pub struct Queue {
    runtime: Handle,
    events: mpsc::Sender<Event>,
    waker: Arc<dyn Fn() + Send + Sync>,
    patience: Patience,
    places: Arc<Semaphore>,
    builds: Arc<Semaphore>,
}

impl Queue {
    /// `waker` is called after every piece of news, so that an idle window looks.
    pub fn new(
        runtime: Handle,
        events: mpsc::Sender<Event>,
        waker: Arc<dyn Fn() + Send + Sync>,
        patience: Patience,
    ) -> Self {
        let semaphore = |places| Arc::new(Semaphore::new(places));
        Self {
            runtime,
            events,
            waker,
            patience,
            places: semaphore(PARALLEL),
            builds: semaphore(1),
        }
    }

    /// Starts a download, or lets it wait for its turn.
    pub fn start(&self, id: JobId, job: Job, client: Client) -> JobHandle {
        let engine = Engine {
            client,
            job,
            patience: self.patience,
            on_stage: self.teller(id),
            cancelled: Arc::new(AtomicBool::new(false)),
            builds: Arc::clone(&self.builds),
            clock: jiff::Zoned::now,
        };
        let (places, events, waker) = (
            Arc::clone(&self.places),
            self.events.clone(),
            Arc::clone(&self.waker),
        );
        JobHandle(self.runtime.spawn(async move {
            // The semaphore is never closed; without a place the download would only start earlier.
            let _place = places.acquire().await.ok();
            // A fault in one download must not leave it "running" for ever.
            let ended = AssertUnwindSafe(run(engine)).catch_unwind().await;
            let result = ended.unwrap_or(Err(DownloadError::Crashed));
            if let Err(error) = &result {
                tracing::warn!(error = %error, "a download failed");
            }
            let result = result
                .map(|done| (done.place, done.report))
                .map_err(|error| error.problem());
            // Fails only when the window is gone.
            events.send(Event::Ended(id, result)).await.ok();
            waker();
        }))
    }

    /// Passes stages on; within one stage only now and then.
    fn teller(&self, id: JobId) -> Arc<dyn Fn(Stage) + Send + Sync> {
        let (events, waker) = (self.events.clone(), Arc::clone(&self.waker));
        let last: Mutex<Option<(Instant, Stage)>> = Mutex::new(None);
        Arc::new(move |stage| {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            let is_too_soon = last.as_ref().is_some_and(|(told, before)| {
                before.is_same_step(&stage) && told.elapsed() < PROGRESS_EVERY
            });
            if is_too_soon {
                return;
            }
            *last = Some((Instant::now(), stage.clone()));
            // Progress that finds the channel full is old news a moment later.
            if events.try_send(Event::Stage(id, stage)).is_ok() {
                waker();
            }
        })
    }
}
