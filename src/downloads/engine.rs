//! One download from the first question to the finished folder.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::{Semaphore, watch};

use super::{
    Builds, DownloadError, Job, JobId, MemoryBuilds, Part, Patience, Report, SavedJob, Snapshot,
    SpeedLimit, Stage,
    beside::Beside,
    builds, finish, place,
    plan::{all_codes, plan},
    prove,
    receive::{self, PartOutcome},
    renew::Reuse,
    retry::patiently,
    snapshot::{Rows, wants_crystals},
    versions,
    work_dir::WorkDir,
    workers,
};
use crate::api::{ApiResult, Client};

/// A part that does not come through is cut into so many.
const DIVIDE_INTO: usize = 4;

/// Parts in a row that could not be obtained, beyond which the trouble is not theirs.
const LOST_IN_A_ROW: usize = 1;

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

/// Runs one download to its end.
///
/// What an earlier run with the same id has left is continued with. Dropping the future stops it; parts that
/// are whole stay in their hidden folder, and the next run with the same id tidies up the rest.
pub async fn run(engine: Engine) -> Result<Finished, DownloadError> {
    let engine = Arc::new(engine);
    // The semaphore is never closed.
    drop(engine.worker.acquire().await.ok());
    // Blocking work that is under way when this future is dropped must see that no one waits any more.
    let guard = CancelOnDrop(Arc::clone(&engine));
    let mut stop = engine.stop.clone();
    let mut result = tokio::select! {
        biased;
        () = stopped(&mut stop) => Err(DownloadError::Cancelled),
        result = run_inner(&engine) => result,
    };
    // What another copy of the program is at work on is not tidied up from here.
    if result.is_err() && !matches!(result, Err(DownloadError::InUse)) {
        match tidy_up(&engine).await {
            // It may have got its name in the very moment in which someone said stop.
            Ok(Some(done)) => result = Ok(done),
            Ok(None) => {}
            Err(left) => result = Err(left),
        }
    }
    drop(guard);
    let client = &engine.client;
    match result {
        Err(error) if client.has_token() && error.may_hide_a_dead_session() => {
            Err(or_ended_session(client, error).await)
        }
        other => other,
    }
}

/// Removes what a download that is not under way has left.
pub(super) fn discard(job: &Job, id: JobId) -> Result<(), DownloadError> {
    let removed = WorkDir::remove(job, id);
    place::forget_empty(&job.parent, id);
    removed.map_err(|error| DownloadError::NotRemoved {
        folder: job.parent.clone(),
        reason: error.to_string(),
    })
}

/// Waits until someone says stop; for ever, if no one can say it any more.
async fn stopped(stop: &mut watch::Receiver<Option<Stop>>) {
    if stop.wait_for(Option::is_some).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Removes what is not whole; after a cancel, all of it. Gives back what has got its final name all the same.
async fn tidy_up(engine: &Arc<Engine>) -> Result<Option<Finished>, DownloadError> {
    engine.cancelled.store(true, Ordering::Relaxed);
    // No one writes any more when this place is free. The semaphore is never closed.
    let _idle = engine.worker.acquire().await.ok();
    let is_cancelled = *engine.stop.borrow() == Some(Stop::Cancel);
    if is_cancelled {
        builds::forget(engine).await;
    }
    let (job, id) = (engine.job.clone(), engine.id);
    let tidied = tokio::task::spawn_blocking(move || {
        let removed = if is_cancelled {
            discard(&job, id)
        } else {
            // The next run with this id does it again, so the reason for stopping is the one to tell.
            if let Err(error) = WorkDir::tidy(&job, id) {
                tracing::warn!(%error, "a part folder could not be tidied up");
            }
            place::forget_empty(&job.parent, id);
            Ok(())
        };
        // What has its name is done, whatever is left over of it.
        match finish::found(&job, id) {
            Some(done) => Ok(Some(done)),
            None => removed.map(|()| None),
        }
    });
    tidied.await.unwrap_or_else(|error| {
        tracing::error!(%error, "tidying up ended unexpectedly");
        Ok(None)
    })
}

/// A server answers a dead session as it answers a stranger: "not a member", "not found". So before that is
/// believed, the session is asked about.
async fn or_ended_session(client: &Client, error: DownloadError) -> DownloadError {
    let check = client.check_session(true).await;
    match check.problem {
        Some(problem) if check.state.is_rejected() => DownloadError::SessionEnded(problem),
        _ => error,
    }
}

async fn run_inner(engine: &Arc<Engine>) -> Result<Finished, DownloadError> {
    engine.stage(Stage::Asking);
    let (job, id) = (&engine.job, engine.id);
    place::prepare(&job.parent, id)?;
    // The program may have ended between the last step and the note that it was done.
    if let Some(done) = finish::found(job, id) {
        WorkDir::remove(job, id)?;
        place::forget_mark(&job.parent, id);
        return Ok(done);
    }
    let work = match WorkDir::reopen(job, id)? {
        Some(mut work) => {
            // Before anything in it is verified, which may remove what is damaged.
            work.hold(engine.record.as_ref())?;
            prove::again(engine, work).await?
        }
        None => WorkDir::create(job, id, plan(engine, Reuse::WhatIsSame).await?)?,
    };
    let takes_over = work.plan().takes_over();
    match fetch(engine, work).await {
        // The new table cannot be put together with what is taken over: servers of 2024 quote nothing, or the
        // target has changed since it was looked at. Fetched as a whole, there is nothing to put together.
        Err(DownloadError::PartsDiffer { path }) if takes_over => {
            tracing::warn!(path, "an update takes nothing over: the tables do not fit");
            engine.stage(Stage::Asking);
            let plan = plan(engine, Reuse::Nothing).await?;
            fetch(engine, WorkDir::create(job, id, plan)?).await
        }
        ended => ended,
    }
}

/// Fetches every part that is not there yet, and puts them together.
async fn fetch(engine: &Arc<Engine>, mut work: WorkDir) -> Result<Finished, DownloadError> {
    let job = &engine.job;
    work.hold(engine.record.as_ref())?;
    let (mut number, mut lost) = (0, Losses::default());
    let mut beside = Beside::ask(engine, &work);
    let mut version = None;
    while number < work.plan().parts.len() {
        if work.record(job, number)?.is_some() {
            number += 1;
            continue;
        }
        (engine.on_part)(Part {
            number: number + 1,
            of: work.plan().parts.len(),
        });
        let is_first = work.finished(job)?.is_empty();
        let request = work.plan().request_of(&job.request, number, is_first);
        match receive::part(engine, &work, number, &request).await {
            Ok(PartOutcome::Whole(record)) => {
                work = finish::keep_part(engine, work, number, record).await?;
                lost.in_a_row = 0;
                number += 1;
            }
            Ok(PartOutcome::TooMuch(error)) => {
                version = beside.settle(&mut work).await?.or(version);
                if !divide(engine, &mut work, number, &error)? {
                    lost.add(&work, number, error)?;
                    number += 1;
                }
            }
            Err(error) => {
                lost.add(&work, number, error)?;
                number += 1;
            }
        }
    }
    if let Some(first) = lost.first
        && work.finished(job)?.is_empty()
    {
        return Err(first);
    }
    version = beside.settle(&mut work).await?.or(version);
    versions::fetch(engine, &work).await?;
    finish::finish(engine, work, version).await
}

/// Parts that could not be obtained in this run.
#[derive(Default)]
struct Losses {
    first: Option<DownloadError>,
    in_a_row: usize,
}

impl Losses {
    /// Continues without a part, where others may still come: one observation whose archive is damaged at the
    /// server shall not cost all the others. Where that is not the reason, the download has failed.
    fn add(
        &mut self,
        work: &WorkDir,
        number: usize,
        error: DownloadError,
    ) -> Result<(), DownloadError> {
        // What an update lacks would be worse than the previous folder.
        let has_others = work.plan().parts.len() > 1 && work.plan().renewal.is_none();
        self.in_a_row += 1;
        if !has_others || !error.is_about_the_part() || self.in_a_row > LOST_IN_A_ROW {
            return Err(error);
        }
        tracing::warn!(%error, "goes on without a part");
        work.lose(number, &error.problem())?;
        self.first.get_or_insert(error);
        Ok(())
    }
}

/// Makes smaller parts of one that broke again and again. False where that is not possible.
fn divide(
    engine: &Engine,
    work: &mut WorkDir,
    number: usize,
    error: &DownloadError,
) -> Result<bool, DownloadError> {
    let means_all = work.plan().parts.get(number).is_some_and(Vec::is_empty);
    if means_all
        && engine.job.link.is_none()
        && engine.job.file.is_none()
        && let Some(snapshot) = &work.plan().snapshot
    {
        let codes = all_codes(snapshot);
        work.name_codes(number, codes)?;
    }
    let is_divided = work.divide(&engine.job, number, DIVIDE_INTO)?;
    if is_divided {
        tracing::info!(%error, "the rest is fetched in smaller parts");
    }
    Ok(is_divided)
}

/// What the server holds of the target; `None` where it would not say. Then the download continues without: what
/// is wrong shows in the order, and only later no one can say what has changed since.
pub(super) async fn snapshot(engine: &Engine) -> Result<Option<Snapshot>, DownloadError> {
    let found = patiently(engine, || snapshot_now(engine)).await;
    match found {
        Ok(snapshot) => Ok(snapshot),
        Err(error) if is_fatal(engine, &error) => Err(error),
        Err(error) => {
            tracing::warn!(%error, "what the server holds could not be noted");
            Ok(None)
        }
    }
}

/// Codes have to be compared; anything else would only be good to know.
fn is_fatal(engine: &Engine, error: &DownloadError) -> bool {
    let job = &engine.job;
    let needs_it = !job.request.codes.is_empty() || job.in_parts || job.renews.is_some();
    needs_it || error.is_of_the_line()
}

async fn snapshot_now(engine: &Engine) -> ApiResult<Option<Snapshot>> {
    let (client, request) = (&engine.client, &engine.job.request);
    let targets = client.targets().await?;
    let target = targets.rows.iter().find(|row| row.key == request.target);
    let Some(target) = target.map(|target| target.id) else {
        return Ok(None);
    };
    let (uploads, rows) = tokio::join!(
        client.uploads(Some(target)),
        Rows::fetch(client, target, wants_crystals(request), None)
    );
    // Only for comparing later: a server without this list still has its observations.
    let uploads = uploads.map_or_else(|_| Vec::new(), |uploads| uploads.rows);
    Ok(rows?.map(|rows| rows.snapshot(request, &uploads)))
}

/// Sets the flag when the future that holds it is dropped.
struct CancelOnDrop(Arc<Engine>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }
}
