//! One download from the first question to the finished folder.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{sync::Semaphore, time::sleep};

use super::{
    DownloadError, Job, Patience, Report, Stage,
    fetch::{self, Received},
    manifest::{ArchiveRecord, Manifest},
    order, place,
    unpack::{self, Checked, FileRecord},
};
use crate::{
    api::Client,
    model::{PROTEINS_LIMIT, TargetId},
};

/// Times that a broken transfer is begun anew.
const RECEIVE_TRIES: usize = 3;

/// Everything that one download needs.
pub struct Engine {
    /// Talks to the server.
    pub client: Client,
    /// What to do.
    pub job: Job,
    /// How long to wait for what.
    pub patience: Patience,
    /// Told about every stage; must not block.
    pub on_stage: Arc<dyn Fn(Stage) + Send + Sync>,
    /// Set to stop work that is not asynchronous.
    pub cancelled: Arc<AtomicBool>,
    /// One build at a time: the server has few places for everybody.
    pub builds: Arc<Semaphore>,
    /// Tells the time, for names and records.
    pub clock: fn() -> jiff::Zoned,
}

/// What a finished download left on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The folder with the files, or the archive where nothing was unpacked.
    pub place: PathBuf,
    /// What was asked and what arrived.
    pub report: Report,
}

impl Engine {
    pub(super) fn stage(&self, stage: Stage) {
        (self.on_stage)(stage);
    }
}

/// Runs one download to its end. Dropping the future stops it and leaves nothing behind.
pub async fn run(engine: Engine) -> Result<Finished, DownloadError> {
    // Blocking work that is under way when this future is dropped must see that nobody waits any more.
    let guard = CancelOnDrop(Arc::clone(&engine.cancelled));
    let client = engine.client.clone();
    let result = run_inner(engine).await;
    drop(guard);
    match result {
        Err(error) if client.has_token() && error.may_hide_a_dead_session() => {
            Err(or_ended_session(&client, error).await)
        }
        other => other,
    }
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

async fn run_inner(mut engine: Engine) -> Result<Finished, DownloadError> {
    engine.stage(Stage::Asking);
    place::prepare(&engine.job.parent)?;
    let unknown = drop_unknown_codes(&mut engine).await?;
    let length = engine.job.request.proteins().len();
    if length > PROTEINS_LIMIT {
        return Err(DownloadError::TooManyCodes {
            length,
            limit: PROTEINS_LIMIT,
        });
    }
    let received = obtain_and_receive(&engine).await?;
    // Only for the record; a server that does not say its version is no obstacle.
    let server_version = engine
        .client
        .version()
        .await
        .ok()
        .and_then(|version| version.short().map(str::to_owned));
    let engine = Arc::new(engine);
    let work =
        tokio::task::spawn_blocking(move || finish(&engine, received, &unknown, server_version));
    work.await.unwrap_or_else(|error| {
        tracing::error!(%error, "unpacking ended unexpectedly");
        Err(DownloadError::Crashed)
    })
}

/// Codes are compared with the target's observations first: the server drops unknown ones in silence.
/// Gives back those that were left out.
async fn drop_unknown_codes(engine: &mut Engine) -> Result<Vec<String>, DownloadError> {
    if engine.job.request.codes.is_empty() {
        return Ok(Vec::new());
    }
    let Some(known) = known_codes(engine).await? else {
        return Ok(Vec::new());
    };
    let request = &mut engine.job.request;
    let (good, unknown): (Vec<String>, Vec<String>) = request
        .codes
        .drain(..)
        .partition(|code| known.contains(code));
    if good.is_empty() {
        return Err(DownloadError::UnknownCodes {
            target: request.target.to_string(),
            codes: unknown.join(", "),
        });
    }
    request.codes = good;
    Ok(unknown)
}

/// The short codes of the target's observations; nothing where the server would not say.
async fn known_codes(engine: &Engine) -> Result<Option<Vec<String>>, DownloadError> {
    let Some(id) = target_id(engine).await? else {
        return Ok(None);
    };
    let observations = engine.client.observations(id).await?;
    if !observations.complete {
        return Ok(None);
    }
    Ok(Some(
        observations
            .rows
            .iter()
            .filter_map(|row| row.code.get().map(str::to_owned))
            .collect(),
    ))
}

async fn target_id(engine: &Engine) -> Result<Option<TargetId>, DownloadError> {
    let targets = engine.client.targets().await?;
    Ok(targets
        .rows
        .iter()
        .find(|target| target.key == engine.job.request.target)
        .map(|target| target.id))
}

/// Orders and receives; a link that has expired meanwhile is asked for once more.
async fn obtain_and_receive(engine: &Engine) -> Result<Received, DownloadError> {
    let mut has_expired = false;
    loop {
        let handle = {
            engine.stage(Stage::Waiting);
            // The semaphore is never closed, so a failure cannot happen; without a place it goes on alone.
            let _place = engine.builds.acquire().await.ok();
            order::obtain(engine, &engine.job.request).await?
        };
        match receive(engine, &handle).await {
            Err(DownloadError::Api(crate::api::ApiError::LinkExpired { .. })) if !has_expired => {
                has_expired = true;
            }
            answer => return answer,
        }
    }
}

/// Receives; a broken transfer begins anew, because no server can go on in the middle of an archive.
async fn receive(
    engine: &Engine,
    handle: &crate::api::ArchiveHandle,
) -> Result<Received, DownloadError> {
    let mut tries = 1;
    loop {
        match fetch::fetch(engine, handle).await {
            Err(error) if error.is_worth_receiving_again() && tries < RECEIVE_TRIES => {
                tracing::warn!(%error, tries, "a transfer broke off and begins anew");
                if let Some(pause) = engine.patience.unreachable(tries - 1) {
                    engine.stage(Stage::WaitingForServer {
                        reason: error.to_string(),
                    });
                    sleep(pause).await;
                }
                tries += 1;
            }
            answer => return answer,
        }
    }
}

/// Checks, unpacks, reports, and gives the results their names. Runs beside the asynchronous work.
fn finish(
    engine: &Engine,
    received: Received,
    unknown: &[String],
    server_version: Option<String>,
) -> Result<Finished, DownloadError> {
    let job = &engine.job;
    let checked = unpack::check(
        received.file.path(),
        received.format,
        &engine.cancelled,
        &|files| {
            engine.stage(Stage::Checking { files });
        },
    )?;
    let report = Report::judge(&job.request, &checked, unknown);
    let now = (engine.clock)();
    let name = place::folder_name(&job.request.target);
    let archive_path = (job.keep_archive || !job.unpack).then(|| {
        let dated = format!("{name}_{}", now.strftime("%Y-%m-%d"));
        place::free_path(&job.parent, &dated, received.format.ending())
    });
    let mut place = archive_path.clone();
    if job.unpack {
        let (folder, files) = unpack_into_part(engine, &received, &checked)?;
        let manifest = Manifest {
            server: engine.client.server().as_str(),
            server_version,
            finished: now.timestamp().to_string(),
            request: &job.request,
            report: &report,
            archive: ArchiveRecord::new(&received, archive_path.as_deref()),
            files: &files,
        };
        manifest.write(folder.path())?;
        share_folder(folder.path());
        place = Some(place::name_folder(
            folder.path(),
            &job.parent,
            name.as_str(),
        )?);
        // It has its final name now, so there is nothing left to clean up.
        let _moved = folder.keep();
    }
    if let Some(path) = &archive_path {
        received
            .file
            .persist_noclobber(path)
            .map_err(|error| DownloadError::from_write(path, error.error))?;
        place::sync_folder(&job.parent);
    }
    place
        .map(|place| Finished { place, report })
        .ok_or(DownloadError::Crashed)
}

/// Writes all files into a hidden folder, which vanishes if anything fails.
fn unpack_into_part(
    engine: &Engine,
    received: &Received,
    checked: &Checked,
) -> Result<(tempfile::TempDir, Vec<FileRecord>), DownloadError> {
    let parent = &engine.job.parent;
    if place::free_space(parent).is_some_and(|free| checked.bytes > free) {
        return Err(DownloadError::DiskFull {
            need: Some(checked.bytes),
        });
    }
    let folder = tempfile::Builder::new()
        .prefix(&format!(
            ".{}-",
            place::folder_name(&engine.job.request.target)
        ))
        .suffix(".part")
        .tempdir_in(parent)
        .map_err(|source| DownloadError::from_write(parent, source))?;
    let total = checked.files.len();
    let on_progress = |files| engine.stage(Stage::Unpacking { files, total });
    let files = unpack::unpack(
        received.file.path(),
        received.format,
        folder.path(),
        &engine.cancelled,
        &on_progress,
    )?;
    if engine.cancelled.load(Ordering::Relaxed) {
        return Err(DownloadError::Cancelled);
    }
    Ok((folder, files))
}

/// Temporary folders are for their owner only; results get the rights that a new folder would have.
fn share_folder(folder: &std::path::Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // A fresh folder shows which rights are usual here; the mask itself cannot be asked for safely.
        let probe = folder.join(".rights");
        if std::fs::create_dir(&probe).is_ok() {
            let mode = std::fs::metadata(&probe).map(|data| data.permissions().mode());
            std::fs::remove_dir(&probe).ok();
            if let Ok(mode) = mode {
                // A folder that only its owner can open is still a good result.
                std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode)).ok();
            }
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// Sets the flag when the future that holds it is dropped.
struct CancelOnDrop(Arc<AtomicBool>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
