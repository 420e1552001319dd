//! Runs downloads in the background and reports their progress. The caller decides which of them to start.

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use futures_util::FutureExt as _;
use tokio::{
    runtime::Handle,
    sync::{Semaphore, mpsc, watch},
    task::JoinHandle,
};

use super::{
    Builds, DownloadError, Engine, Finished, Job, Part, SavedJob, SpeedLimit, Stage, Stop,
    Timeouts,
    run::{discard, run},
};
use crate::{api::Client, dataset::JobId, model::Problem};

/// Least time between two progress reports: the user needs no more.
const PROGRESS_EVERY: Duration = Duration::from_millis(250);

/// An event of a download.
#[expect(
    clippy::large_enum_variant,
    reason = "the large variant occurs once per download"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It has reached this stage.
    Stage(JobId, Stage),
    /// It fetches this part now.
    Part(JobId, Part),
    /// It has ended, with its result or an error.
    Ended(JobId, Result<Finished, Problem>),
    /// Its record could not be written.
    NotNoted(String),
}

/// A download under way. Dropping it stops the download; complete parts are kept.
#[must_use = "dropping the handle stops the download"]
#[derive(Debug)]
pub struct JobHandle {
    task: JoinHandle<()>,
    stop: watch::Sender<Option<Stop>>,
}

impl JobHandle {
    /// Asks it to stop gracefully. An [`Event::Ended`] reports when it has.
    pub fn stop(&self, how: Stop) {
        // Fails only when it has ended already.
        self.stop.send(Some(how)).ok();
    }
}

impl Drop for JobHandle {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts downloads on one runtime and sends their events into one channel.
pub struct Runner {
    runtime: Handle,
    events: mpsc::Sender<Event>,
    waker: Arc<dyn Fn() + Send + Sync>,
    patience: Timeouts,
    /// One build at a time on each server.
    builds: Mutex<HashMap<String, Arc<Semaphore>>>,
    speed: Arc<SpeedLimit>,
    kept_builds: Arc<dyn Builds>,
    /// When the window was last woken for progress, by any of the downloads.
    woken: Arc<Mutex<Option<Instant>>>,
    /// Returns the time, for names and records.
    pub clock: fn() -> jiff::Zoned,
}

impl Runner {
    /// `waker` is called after every event, so that an idle window polls.
    pub fn new(
        runtime: Handle,
        events: mpsc::Sender<Event>,
        waker: Arc<dyn Fn() + Send + Sync>,
        patience: Timeouts,
        speed: Arc<SpeedLimit>,
        kept_builds: Arc<dyn Builds>,
    ) -> Self {
        Self {
            runtime,
            events,
            waker,
            patience,
            builds: Mutex::default(),
            speed,
            kept_builds,
            woken: Arc::default(),
            clock: jiff::Zoned::now,
        }
    }

    /// Starts a download, or resumes what an earlier run of it has left.
    pub fn start(
        &self,
        id: JobId,
        job: Job,
        record: Option<SavedJob>,
        client: Client,
    ) -> JobHandle {
        let (stop, stopped) = watch::channel(None);
        let mut engine = Engine::new(id, client, job, self.patience);
        engine.record = record;
        engine.on_stage = self.stage_reporter(id);
        engine.on_part = self.part_reporter(id);
        engine.stop = stopped;
        engine.clock = self.clock;
        engine.builds = self.builds_of(&engine.client);
        engine.speed = Arc::clone(&self.speed);
        engine.kept_builds = Arc::clone(&self.kept_builds);
        let (events, waker) = (self.events.clone(), Arc::clone(&self.waker));
        let task = self.runtime.spawn(async move {
            // A fault in one download must not leave it "running" for ever.
            let ended = AssertUnwindSafe(run(engine)).catch_unwind().await;
            let result = ended.unwrap_or(Err(DownloadError::Crashed));
            if let Err(error) = &result {
                tracing::warn!(error = %error, "a download has stopped");
                tracing::debug!(
                    error = error as &dyn std::error::Error,
                    "why it has stopped"
                );
            }
            let result = result.map_err(|error| error.problem());
            // Fails only after the window has been closed.
            events.send(Event::Ended(id, result)).await.ok();
            waker();
        });
        JobHandle { task, stop }
    }

    /// Removes what a download has left. It ends like one that was cancelled; until then it must not be started
    /// again.
    pub fn discard(&self, id: JobId, job: Job) -> JobHandle {
        let (stop, _) = watch::channel(None);
        let (events, waker) = (self.events.clone(), Arc::clone(&self.waker));
        let kept_builds = Arc::clone(&self.kept_builds);
        let task = self.runtime.spawn(async move {
            let removed = tokio::task::spawn_blocking(move || {
                kept_builds.forget(id);
                discard(&job, id)
            });
            let ended = match removed.await {
                Ok(Ok(())) => DownloadError::Cancelled,
                Ok(Err(error)) => error,
                Err(_) => DownloadError::Crashed,
            };
            let ended = Err(ended.problem());
            // Fails only after the window has been closed.
            events.send(Event::Ended(id, ended)).await.ok();
            waker();
        });
        JobHandle { task, stop }
    }

    fn builds_of(&self, client: &Client) -> Arc<Semaphore> {
        let mut builds = self.builds.lock().unwrap_or_else(PoisonError::into_inner);
        let of_server = builds
            .entry(client.server().as_str().to_owned())
            .or_insert_with(|| Arc::new(Semaphore::new(1)));
        Arc::clone(of_server)
    }

    /// Runs blocking work on the disk, such as saving the status of a download.
    pub fn spawn_disk_work(&self, work: impl FnOnce() -> std::io::Result<()> + Send + 'static) {
        let (events, waker) = (self.events.clone(), Arc::clone(&self.waker));
        self.runtime.spawn_blocking(move || {
            if let Err(error) = work() {
                tracing::warn!(%error, "a download could not be recorded");
                // If the channel is full, the next record reports it.
                events.try_send(Event::NotNoted(error.to_string())).ok();
                waker();
            }
        });
    }

    /// Returns a callback that passes stages on, at a limited rate within one stage.
    fn stage_reporter(&self, id: JobId) -> Arc<dyn Fn(Stage) + Send + Sync> {
        let (events, waker) = (self.events.clone(), Arc::clone(&self.waker));
        let woken = Arc::clone(&self.woken);
        let last: Mutex<Option<(Instant, Stage)>> = Mutex::new(None);
        let is_fresh = |at: &Instant| at.elapsed() < PROGRESS_EVERY;
        Arc::new(move |stage| {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            let is_same = last.as_ref().is_some_and(|(_, it)| it.is_same_step(&stage));
            if is_same && last.as_ref().is_some_and(|(told, _)| is_fresh(told)) {
                return;
            }
            *last = Some((Instant::now(), stage.clone()));
            // Progress that finds the channel full is outdated a moment later.
            if events.try_send(Event::Stage(id, stage)).is_err() {
                return;
            }
            // The window is not woken once for each of several downloads: it sees all of them then.
            let mut woken = woken.lock().unwrap_or_else(PoisonError::into_inner);
            if !(is_same && woken.as_ref().is_some_and(is_fresh)) {
                *woken = Some(Instant::now());
                waker();
            }
        })
    }

    fn part_reporter(&self, id: JobId) -> Arc<dyn Fn(Part) + Send + Sync> {
        let (events, waker) = (self.events.clone(), Arc::clone(&self.waker));
        Arc::new(move |part| {
            if events.try_send(Event::Part(id, part)).is_ok() {
                waker();
            }
        })
    }
}
