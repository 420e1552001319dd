//! One download from the first question to the finished folder.

use std::sync::{Arc, atomic::Ordering};

use tokio::sync::watch;

use super::{
    DownloadError, Job, Part, Stage,
    context::{Engine, Finished, Stop},
    finish::{self, existing, naming},
    late_snapshot::Beside,
    order::builds,
    plan::{all::all_codes, plan, types::Reuse},
    transfer::{self, PartOutcome, versions},
    work_dir::{WorkDir, verify},
};
use crate::{api::Client, dataset::JobId};

/// A part that does not come through is cut into so many.
const DIVIDE_INTO: usize = 4;

/// Parts in a row that could not be obtained, beyond which the trouble is not theirs.
const LOST_IN_A_ROW: usize = 1;

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
    naming::forget_empty(&job.parent, id);
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
            naming::forget_empty(&job.parent, id);
            Ok(())
        };
        // What has its name is done, whatever is left over of it.
        match existing::found(&job, id) {
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
    naming::prepare(&job.parent, id)?;
    // The program may have ended between the last step and the note that it was done.
    if let Some(done) = existing::found(job, id) {
        WorkDir::remove(job, id)?;
        naming::forget_mark(&job.parent, id);
        return Ok(done);
    }
    let work = match WorkDir::reopen(job, id)? {
        Some(mut work) => {
            // Before anything in it is verified, which may remove what is damaged.
            work.hold(engine.record.as_ref())?;
            verify::again(engine, work).await?
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
        match transfer::part(engine, &work, number, &request).await {
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

/// Sets the flag when the future that holds it is dropped.
struct CancelOnDrop(Arc<Engine>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }
}
