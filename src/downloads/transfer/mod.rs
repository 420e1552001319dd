//! Transfers the archive of one part: resumes if the server proves that it can, otherwise starts over, and gives up
//! when there is no point in trying again.

pub(super) mod ingest;
pub(super) mod single;
#[cfg(test)]
mod tests;
pub(super) mod versions;

use std::sync::Arc;

use tokio::{sync::OwnedSemaphorePermit, time::timeout};

use self::ingest::{Ingest, IngestTarget};
use super::{
    DownloadError, Engine, Stage,
    context::acquire_worker,
    order::{self, builds},
    retry::{Next, Recovery, RetryState, pause_for, recovery_for},
    work_dir::{
        WorkDir,
        records::{PartRecord, Sidecar},
    },
};
use crate::{
    api::{ApiError, ApiResult, ArchiveHandle, Client, ResumableBody, Resume},
    disk,
    model::{DownloadRequest, MediaFile},
};

/// Less than this is not worth resuming.
const WORTH_RESUMING: u64 = 1024;

/// The result of a part.
pub(super) enum PartOutcome {
    /// It is complete.
    Complete(PartRecord),
    /// It cannot be transferred in one piece.
    MustDivide(DownloadError),
}

/// The source of the bytes.
enum Source<'a> {
    Archive(ArchiveHandle),
    File(&'a MediaFile),
}

impl Source<'_> {
    async fn fetch(&self, client: &Client, resume: Option<Resume<'_>>) -> ApiResult<ResumableBody> {
        match self {
            Self::Archive(handle) => client.fetch(handle, resume).await,
            Self::File(file) => client.media(file, resume).await,
        }
    }
}

/// Returns the source: a file exists already; an archive must be ordered first.
async fn source<'a>(
    engine: &'a Engine,
    work: &WorkDir,
    number: usize,
    request: &DownloadRequest,
) -> Result<Source<'a>, DownloadError> {
    if let Some(file) = &engine.job.file {
        return Ok(Source::File(file));
    }
    let handle = order::obtain(engine, work, number, request).await?;
    Ok(Source::Archive(handle))
}

/// A transfer under way, with what is needed to resume it.
struct Transfer {
    flow: Ingest,
    received: u64,
    etag: Option<String>,
    length: Option<u64>,
    /// Whether resuming was tried, and the server started over.
    begins_anew: bool,
}

/// Gets one part: orders it, receives it, checks it, unpacks it.
pub(super) async fn part(
    engine: &Arc<Engine>,
    work: &WorkDir,
    number: usize,
    request: &DownloadRequest,
) -> Result<PartOutcome, DownloadError> {
    let came = transfer_with_retry(engine, work, number, request).await;
    // However it ended, the build is no longer needed. A part that is paused or killed does not get here.
    builds::forget(engine).await;
    came
}

async fn transfer_with_retry(
    engine: &Arc<Engine>,
    work: &WorkDir,
    number: usize,
    request: &DownloadRequest,
) -> Result<PartOutcome, DownloadError> {
    let mut transfer = None;
    let came = transfer_with(engine, work, number, request, &mut transfer).await;
    // What comes next may remove or rename the folder of the part: nothing may still be writing there.
    abandon(transfer.take()).await;
    match came {
        // Without codes the request is as short as can be.
        Err(error) if recovery_for(&error) == Recovery::Smaller && !request.codes.is_empty() => {
            Ok(PartOutcome::MustDivide(error))
        }
        came => came,
    }
}

async fn transfer_with(
    engine: &Arc<Engine>,
    work: &WorkDir,
    number: usize,
    request: &DownloadRequest,
    transfer: &mut Option<Transfer>,
) -> Result<PartOutcome, DownloadError> {
    let mut trouble = RetryState::default();
    let mut source = self::source(engine, work, number, request).await?;
    loop {
        let error = match attempt(engine, work, number, &source, transfer, &mut trouble).await {
            Ok(record) => return Ok(PartOutcome::Complete(record)),
            Err(error) => error,
        };
        let resumes = transfer
            .as_ref()
            .is_some_and(|transfer: &Transfer| transfer.etag.is_some() && !transfer.begins_anew);
        tracing::warn!(%error, resumes, "a transfer was interrupted");
        if error.is_archive_damage() {
            // The stored bytes belong to the same damaged archive; they are never resumed.
            abandon(transfer.take()).await;
            work.forget_archive(number)?;
        }
        match trouble.judge(&error, engine.patience, resumes) {
            Next::Wait(pause) => {
                trouble.record_retry(&error);
                pause_for(engine, &error, pause).await;
            }
            Next::BeginAgain => {
                abandon(transfer.take()).await;
                work.forget_archive(number)?;
            }
            Next::Reorder => {
                builds::forget(engine).await;
                source = self::source(engine, work, number, request).await?;
            }
            Next::Divide => return Ok(PartOutcome::MustDivide(error)),
            Next::GiveUp => return Err(trouble.final_error(error)),
        }
        if !resumes {
            abandon(transfer.take()).await;
        }
    }
}

/// Drops a transfer, and waits until its worker has released the files.
async fn abandon(transfer: Option<Transfer>) {
    if let Some(transfer) = transfer {
        // Why it stops is known already.
        transfer.flow.finish().await.ok();
    }
}

/// Opens the connection and receives data, once.
async fn attempt(
    engine: &Arc<Engine>,
    work: &WorkDir,
    number: usize,
    source: &Source<'_>,
    transfer: &mut Option<Transfer>,
    trouble: &mut RetryState,
) -> Result<PartRecord, DownloadError> {
    let stored = match transfer {
        Some(_) => None,
        None => work.sidecar(number).and_then(|sidecar| {
            let bytes = work.stored(&engine.job, number)?;
            (bytes >= WORTH_RESUMING).then_some((bytes, sidecar))
        }),
    };
    let resume = match (&*transfer, &stored) {
        (Some(transfer), _) => transfer.etag.as_deref().map(|etag| Resume {
            offset: transfer.received,
            etag,
        }),
        (None, Some((offset, sidecar))) => Some(Resume {
            offset: *offset,
            etag: &sidecar.etag,
        }),
        (None, None) => None,
    };
    let mut arriving = source
        .fetch(&engine.client, resume)
        .await
        .map_err(|error| stalled_or(engine, error, 0))?;
    // A transfer that is resumed keeps its worker; any other starts a new one.
    if transfer.is_none() || arriving.offset == 0 {
        // An ETag alone promises nothing: many servers send one and always start over.
        let begins_anew = resume.is_some() && arriving.offset == 0;
        abandon(transfer.take()).await;
        check_end(engine, &arriving)?;
        check_free_space(engine, &arriving)?;
        let mut begun = begin(engine, work, number, &arriving).await?;
        begun.begins_anew = begins_anew;
        *transfer = Some(begun);
    }
    let Some(running) = transfer else {
        return Err(DownloadError::Crashed);
    };
    receive_all(engine, &mut arriving, running, trouble).await?;
    let Some(whole) = transfer.take() else {
        return Err(DownloadError::Crashed);
    };
    engine.stage(Stage::Checking { files: 0 });
    whole.flow.finish().await
}

/// Starts the worker of a transfer.
async fn begin(
    engine: &Arc<Engine>,
    work: &WorkDir,
    number: usize,
    arriving: &ResumableBody,
) -> Result<Transfer, DownloadError> {
    let beginning = Beginning {
        offset: arriving.offset,
        etag: arriving.etag.clone(),
        length: arriving.length,
    };
    let (spot, permit) = empty_folder(engine, work, number, &beginning).await?;
    Ok(Transfer {
        flow: Ingest::start(engine, spot, permit),
        received: arriving.offset,
        etag: beginning.etag,
        length: arriving.length,
        begins_anew: false,
    })
}

/// What is known about a transfer when its first byte arrives.
struct Beginning {
    offset: u64,
    etag: Option<String>,
    length: Option<u64>,
}

/// Empties the folder of a part, once no earlier worker writes there.
async fn empty_folder(
    engine: &Engine,
    work: &WorkDir,
    number: usize,
    beginning: &Beginning,
) -> Result<(IngestTarget, OwnedSemaphorePermit), DownloadError> {
    let permit = acquire_worker(engine).await?;
    let job = &engine.job;
    if beginning.offset == 0 {
        work.forget_archive(number)?;
    }
    // The archive is stored if it is to be kept, or if the server may be able to resume it.
    if let Some(etag) = &beginning.etag {
        let codes = work.plan().parts.get(number).cloned().unwrap_or_default();
        work.write_sidecar(
            number,
            &Sidecar {
                etag: etag.clone(),
                length: beginning.length,
                codes,
            },
        )?;
    }
    let spot = IngestTarget {
        tree: job.unpacks().then(|| work.new_tree(number)).transpose()?,
        archive: work.archive(number),
        stores: job.keeps_archive() || beginning.etag.is_some(),
        stored: beginning.offset,
        certain: job.file.as_ref().map(|_| work.synced_marker(number)),
    };
    Ok((spot, permit))
}

/// An archive shows by itself whether it is complete; a file shows it only by its announced length.
fn check_end(engine: &Engine, arriving: &ResumableBody) -> Result<(), DownloadError> {
    if engine.job.file.is_none() || arriving.has_certain_end {
        return Ok(());
    }
    Err(DownloadError::Corrupt {
        what: "The server does not say how long the file is, so it is not certain that all of it arrived"
            .to_owned(),
    })
}

/// Checks only what is certain: the archive if it is stored, and at least as much again for the files. If they need
/// more, that shows when they are written.
fn check_free_space(engine: &Engine, arriving: &ResumableBody) -> Result<(), DownloadError> {
    let job = &engine.job;
    let free = disk::free_space(&job.parent);
    let need = arriving.length.map(|length| {
        let is_stored = job.keeps_archive() || arriving.etag.is_some();
        let archive = length.saturating_sub(arriving.offset);
        let files = if job.unpacks() { length } else { 0 };
        files.saturating_add(if is_stored { archive } else { 0 })
    });
    match (need, free) {
        (Some(need), Some(have)) if need > have => Err(DownloadError::DiskFull {
            need: Some(need),
            free,
        }),
        _ => Ok(()),
    }
}

async fn receive_all(
    engine: &Engine,
    arriving: &mut ResumableBody,
    transfer: &mut Transfer,
    trouble: &mut RetryState,
) -> Result<(), DownloadError> {
    let total = transfer.length;
    let tell = |received| engine.stage(Stage::Receiving { received, total });
    tell(transfer.received);
    loop {
        let received = transfer.received;
        let next = timeout(engine.patience.stall, arriving.chunk()).await;
        let piece = match next {
            Ok(Ok(piece)) => piece,
            Ok(Err(ApiError::Timeout(_))) | Err(_) => return Err(stalled(engine, received)),
            Ok(Err(source)) => return Err(DownloadError::ConnectionLost { received, source }),
        };
        let Some(mut piece) = piece else { break };
        if !piece.is_empty() {
            trouble.has_progressed();
        }
        // Under a low limit a chunk may take many seconds, in which the user wants to see progress.
        while !piece.is_empty() {
            let share = piece.split_to(piece.len().min(engine.speed.share()));
            engine.speed.take(share.len()).await;
            transfer.received += share.len() as u64;
            if !transfer.flow.take(share).await {
                // The worker has found an error; its result says which.
                return Ok(());
            }
            tell(transfer.received);
        }
    }
    match total {
        Some(expected) if expected != transfer.received => Err(DownloadError::Truncated {
            received: transfer.received,
            expected,
        }),
        _ => Ok(()),
    }
}

fn stalled(engine: &Engine, received: u64) -> DownloadError {
    DownloadError::Stalled {
        received,
        seconds: engine.patience.stall.as_secs(),
    }
}

/// A server that is slow to start sending is not one that is still building.
fn stalled_or(engine: &Engine, error: ApiError, received: u64) -> DownloadError {
    match error {
        ApiError::Timeout(_) | ApiError::TooSlow { .. } => stalled(engine, received),
        other => other.into(),
    }
}
