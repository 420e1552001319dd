//! Runs downloads beside the window and tells it how they are. Whose turn it is decides anyone who starts them.

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
    Builds, DownloadError, Engine, Finished, Job, Part, Patience, SavedJob, SpeedLimit, Stage,
    Stop,
    run::{discard, run},
};
use crate::{api::Client, dataset::JobId, model::Problem};

/// Progress is told at most this often: the eye needs no more.
const PROGRESS_EVERY: Duration = Duration::from_millis(250);

/// News of a download.
#[expect(
    clippy::large_enum_variant,
    reason = "the large one comes once a download"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It is at this stage now.
    Stage(JobId, Stage),
    /// It fetches this part now.
    Part(JobId, Part),
    /// It has ended, with what came of it, or with the reason.
    Ended(JobId, Result<Finished, Problem>),
    /// The note about it could not be written.
    NotNoted(String),
}

/// A download under way. Dropping it stops the download; parts that are whole stay.
#[must_use = "dropping the handle stops the download"]
#[derive(Debug)]
pub struct JobHandle {
    task: JoinHandle<()>,
    stop: watch::Sender<Option<Stop>>,
}

impl JobHandle {
    /// Asks it to stop in good order. An [`Event::Ended`] tells when it has.
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

/// Starts downloads on one runtime and sends their news into one channel.
pub struct Queue {
    runtime: Handle,
    events: mpsc::Sender<Event>,
    waker: Arc<dyn Fn() + Send + Sync>,
    patience: Patience,
    /// One build at a time on each server.
    builds: Mutex<HashMap<String, Arc<Semaphore>>>,
    speed: Arc<SpeedLimit>,
    kept_builds: Arc<dyn Builds>,
    /// When the window was woken last for the sake of progress, by any of the downloads.
    woken: Arc<Mutex<Option<Instant>>>,
    /// Tells the time, for names and records.
    pub clock: fn() -> jiff::Zoned,
}

impl Queue {
    /// `waker` is called after every piece of news, so that an idle window looks.
    pub fn new(
        runtime: Handle,
        events: mpsc::Sender<Event>,
        waker: Arc<dyn Fn() + Send + Sync>,
        patience: Patience,
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

    /// Starts a download, or continues with what an earlier run of it has left.
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
        engine.on_stage = self.teller(id);
        engine.on_part = self.part_teller(id);
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
            }
            let result = result.map_err(|error| error.problem());
            // Fails only when the window is gone.
            events.send(Event::Ended(id, result)).await.ok();
            waker();
        });
        JobHandle { task, stop }
    }

    /// Removes what a download has left. It ends as one that was cancelled does; until then it must not begin
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
            // Fails only when the window is gone.
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

    /// Does something that waits for the disk, such as noting how a download stands.
    pub fn aside(&self, work: impl FnOnce() -> std::io::Result<()> + Send + 'static) {
        let (events, waker) = (self.events.clone(), Arc::clone(&self.waker));
        self.runtime.spawn_blocking(move || {
            if let Err(error) = work() {
                tracing::warn!(%error, "a download could not be noted");
                // If the channel is full the next note tells.
                events.try_send(Event::NotNoted(error.to_string())).ok();
                waker();
            }
        });
    }

    /// Passes stages on; within one stage only now and then.
    fn teller(&self, id: JobId) -> Arc<dyn Fn(Stage) + Send + Sync> {
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
            // Progress that finds the channel full is old news a moment later.
            if events.try_send(Event::Stage(id, stage)).is_err() {
                return;
            }
            // The window is not drawn once for each of several downloads: it sees all of them then.
            let mut woken = woken.lock().unwrap_or_else(PoisonError::into_inner);
            if !(is_same && woken.as_ref().is_some_and(is_fresh)) {
                *woken = Some(Instant::now());
                waker();
            }
        })
    }

    fn part_teller(&self, id: JobId) -> Arc<dyn Fn(Part) + Send + Sync> {
        let (events, waker) = (self.events.clone(), Arc::clone(&self.waker));
        Arc::new(move |part| {
            if events.try_send(Event::Part(id, part)).is_ok() {
                waker();
            }
        })
    }
}
