//! One download from the first request to the finished folder.

use std::sync::{Arc, atomic::Ordering};

use tokio::sync::watch;

use super::{
    DownloadError, Job, Part, Stage,
    context::{Engine, Finished, Stop},
    finish::{self, existing, naming},
    late_snapshot::BackgroundRequests,
    order::builds,
    plan::{all::all_codes, plan, types::Reuse},
    transfer::{self, PartOutcome, versions},
    work_dir::{WorkDir, verify},
};
use crate::{api::Client, dataset::JobId};

/// Into how many parts a failing part is divided.
const DIVIDE_INTO: usize = 4;

/// Failed parts in a row beyond which the cause is not in the parts.
const LOST_IN_A_ROW: usize = 1;

/// Runs one download to its end.
///
/// Resumes what an earlier run with the same id has left. Dropping the future stops it; complete parts stay in their
/// hidden folder, and the next run with the same id cleans up the rest.
pub async fn run(engine: Engine) -> Result<Finished, DownloadError> {
    let engine = Arc::new(engine);
    // The semaphore is never closed.
    drop(engine.worker.acquire().await.ok());
    // Blocking work that is under way when this future is dropped must see that it is no longer wanted.
    let guard = CancelOnDrop(Arc::clone(&engine));
    let mut stop = engine.stop.clone();
    let mut result = tokio::select! {
        biased;
        () = stopped(&mut stop) => Err(DownloadError::Cancelled),
        result = run_inner(&engine) => result,
    };
    // A folder on which another copy of the program is working is not cleaned up.
    if result.is_err() && !matches!(result, Err(DownloadError::InUse)) {
        match clean_up(&engine).await {
            // It may have been renamed at the very moment at which the user stopped it.
            Ok(Some(done)) => result = Ok(done),
            Ok(None) => {}
            Err(left) => result = Err(left),
        }
    }
    drop(guard);
    let client = &engine.client;
    match result {
        Err(error) if client.has_token() && error.may_hide_ended_session() => {
            Err(or_session_ended(client, error).await)
        }
        other => other,
    }
}

/// Removes what an inactive download has left.
pub(super) fn discard(job: &Job, id: JobId) -> Result<(), DownloadError> {
    let removed = WorkDir::remove(job, id);
    naming::remove_if_empty(&job.parent, id);
    removed.map_err(|error| DownloadError::NotRemoved {
        folder: job.parent.clone(),
        reason: error.to_string(),
    })
}

/// Waits for a request to stop; for ever, if none can come any more.
async fn stopped(stop: &mut watch::Receiver<Option<Stop>>) {
    if stop.wait_for(Option::is_some).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Removes incomplete files; after a cancel, all of them. Returns the result if it was already in place.
async fn clean_up(engine: &Arc<Engine>) -> Result<Option<Finished>, DownloadError> {
    engine.cancelled.store(true, Ordering::Relaxed);
    // No one writes any more once this permit is free. The semaphore is never closed.
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
            // The next run with this id repeats it, so the reason for stopping is the one to report.
            if let Err(error) = WorkDir::clean_up(&job, id) {
                tracing::warn!(%error, "a part folder could not be cleaned up");
            }
            naming::remove_if_empty(&job.parent, id);
            Ok(())
        };
        // What has its final name is done, whatever is left behind.
        match existing::find_finished(&job, id) {
            Some(done) => Ok(Some(done)),
            None => removed.map(|()| None),
        }
    });
    tidied.await.unwrap_or_else(|error| {
        tracing::error!(%error, "cleaning up ended unexpectedly");
        Ok(None)
    })
}

/// A server treats an ended session like a visitor: "not a member", "not found". Before that is believed, the
/// session is checked.
async fn or_session_ended(client: &Client, error: DownloadError) -> DownloadError {
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
    // The program may have ended between the last step and the record that it was done.
    if let Some(done) = existing::find_finished(job, id) {
        WorkDir::remove(job, id)?;
        naming::remove_marker(&job.parent, id);
        return Ok(done);
    }
    let work = match WorkDir::reopen(job, id)? {
        Some(mut work) => {
            // Before anything in it is verified, which may remove what is damaged.
            work.hold(engine.record.as_ref())?;
            verify::reverify(engine, work).await?
        }
        None => WorkDir::create(job, id, plan(engine, Reuse::WhatIsSame).await?)?,
    };
    let takes_over = work.plan().reuses_files();
    match fetch(engine, work).await {
        // The new table cannot be combined with what is reused: servers of 2024 quote nothing, or the target has
        // changed since the snapshot. If everything is fetched, there is nothing to combine.
        Err(DownloadError::PartsDiffer { path }) if takes_over => {
            tracing::warn!(path, "an update reuses nothing: the tables do not match");
            engine.stage(Stage::Asking);
            let plan = plan(engine, Reuse::Nothing).await?;
            fetch(engine, WorkDir::create(job, id, plan)?).await
        }
        ended => ended,
    }
}

/// Fetches every missing part, and assembles them.
async fn fetch(engine: &Arc<Engine>, mut work: WorkDir) -> Result<Finished, DownloadError> {
    let job = &engine.job;
    work.hold(engine.record.as_ref())?;
    let (mut number, mut lost) = (0, FailedParts::default());
    let mut beside = BackgroundRequests::ask(engine, &work);
    let (mut version, mut has_divided) = (None, false);
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
            Ok(PartOutcome::Complete(record)) => {
                work = finish::keep_part(engine, work, number, record).await?;
                lost.in_a_row = 0;
                number += 1;
            }
            Ok(PartOutcome::MustDivide(error)) => {
                version = beside.settle(&mut work).await?.or(version);
                if divide(engine, &mut work, number, &error)? {
                    has_divided = true;
                } else {
                    lost.add(&work, number, error.after_dividing(has_divided))?;
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

/// Parts that could not be fetched in this run.
#[derive(Default)]
struct FailedParts {
    first: Option<DownloadError>,
    in_a_row: usize,
}

impl FailedParts {
    /// Continues without a part, if others may still arrive: one observation whose archive is damaged on the server
    /// must not cost all the others. Otherwise the download has failed.
    fn add(
        &mut self,
        work: &WorkDir,
        number: usize,
        error: DownloadError,
    ) -> Result<(), DownloadError> {
        // An incomplete update would be worse than the previous folder.
        let has_others = work.plan().parts.len() > 1 && work.plan().renewal.is_none();
        self.in_a_row += 1;
        if !has_others || !error.is_limited_to_part() || self.in_a_row > LOST_IN_A_ROW {
            return Err(error);
        }
        tracing::warn!(%error, "continues without a part");
        work.mark_unavailable(number, &error.problem())?;
        self.first.get_or_insert(error);
        Ok(())
    }
}

/// Divides a part that failed repeatedly. Returns `false` if that is not possible.
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
