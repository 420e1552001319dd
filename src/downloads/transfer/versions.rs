//! After a second upload a server may list one code in more than one version, and its archives hold one of them
//! without saying which (server-api 9). Each version's files are then fetched by their own links, into a folder
//! of the version's own.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
    sync::{Arc, Mutex},
};

use sha2::{Digest as _, Sha256};

use crate::{
    api::{ApiError, ApiResult},
    dataset::{ALIGNED, FileRecord, MemberInspector, ObservationRecord, folder_of_version},
    disk::{SafePath, remove},
    downloads::{
        DownloadError, Engine, context::acquire_worker, retry::with_retries, work_dir::WorkDir,
    },
    model::MediaFile,
};

/// Fetches the versions that the archive does not distinguish, and adds them to the existing part. A file that the server
/// does not have, or does not send, is reported as missing.
pub(in crate::downloads) async fn fetch(
    engine: &Arc<Engine>,
    work: &WorkDir,
) -> Result<(), DownloadError> {
    let job = &engine.job;
    let Some(snapshot) = &work.plan().snapshot else {
        return Ok(());
    };
    if !job.unpacks() || job.link.is_some() {
        return Ok(());
    }
    let lost: Vec<&String> = work.unavailable_codes()?;
    let asked = work.plan().asked(&job.request);
    let is_asked = |code: &String| {
        (asked.codes.is_empty() || asked.codes.contains(code)) && !lost.contains(&code)
    };
    let several = several(&snapshot.observations);
    for row in several.into_iter().filter(|row| is_asked(&row.code)) {
        let Some(number) = part_of(work, engine, &row.code)? else {
            continue;
        };
        let Some(mut record) = work.record(job, number)? else {
            continue;
        };
        let folder = format!("{ALIGNED}{}/", folder_of_version(&row.code, row.version));
        if record
            .files
            .iter()
            .any(|file| file.path.starts_with(&folder))
        {
            continue;
        }
        let _permit = acquire_worker(engine).await?;
        for (_, file) in row
            .media
            .iter()
            .filter(|(kind, _)| job.request.files.has(*kind))
        {
            // One file may count for two kinds.
            let path = path_of(row, file)?;
            let is_there =
                |known: &FileRecord| path.as_ref().is_some_and(|it| it.as_str() == known.path);
            if record.files.iter().any(is_there) {
                continue;
            }
            match fetch_one(engine, work, number, row, file).await {
                Ok(file) => record.files.push(file),
                Err(error) if is_about_this_file(&error, engine.client.has_token()) => {
                    tracing::warn!(%error, code = row.code, "a version could not be fetched");
                }
                Err(other) => return Err(other),
            }
        }
        record.files.sort_by(|a, b| a.path.cmp(&b.path));
        work.replace_record(number, &record)?;
    }
    Ok(())
}

/// Returns the rows whose code occurs in more than one of them.
fn several(rows: &[ObservationRecord]) -> Vec<&ObservationRecord> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(&row.code).or_default() += 1;
    }
    let is_several =
        |row: &&ObservationRecord| counts.get(row.code.as_str()).is_some_and(|it| *it > 1);
    rows.iter().filter(is_several).collect()
}

/// Returns the part to which a code belongs, or else any existing one.
fn part_of(work: &WorkDir, engine: &Engine, code: &str) -> Result<Option<usize>, DownloadError> {
    let finished = work.finished(&engine.job)?;
    let holds = |number: usize| {
        let codes = work.plan().parts.get(number);
        codes.is_some_and(|codes| codes.is_empty() || codes.iter().any(|it| it == code))
    };
    let numbers = || finished.iter().map(|(number, _)| *number);
    Ok(numbers()
        .find(|number| holds(*number))
        .or_else(|| numbers().next()))
}

/// Returns the path of a file of a version: `aligned_files/A1a_v2/A1a_v2_apo.pdb`.
fn path_of(row: &ObservationRecord, file: &MediaFile) -> Result<Option<SafePath>, DownloadError> {
    let folder = folder_of_version(&row.code, row.version);
    let name = file.name();
    let longcode = row.longcode.as_deref().unwrap_or(&row.code);
    let ending = match name.as_str().strip_prefix(longcode) {
        Some(ending) => ending.to_owned(),
        None => format!("_{}", name.as_str()),
    };
    Ok(SafePath::parse(
        format!("{ALIGNED}{folder}/{folder}{ending}").as_bytes(),
    )?)
}

/// Returns `true` if the server has no such file, or sends nothing usable in its place: then only this file is missing. A
/// lost connection, a session that has ended or a full disk concern all of them.
fn is_about_this_file(error: &DownloadError, has_token: bool) -> bool {
    match error {
        DownloadError::GaveUp { error, .. } => is_about_this_file(error, has_token),
        DownloadError::NotAnArchive { .. } => true,
        DownloadError::Api(error) => is_about_one_file(error, has_token),
        _ => false,
    }
}

/// Returns `true` if an answer, or what is left of it after retries, concerns only the file that was requested.
fn is_about_one_file(error: &ApiError, has_token: bool) -> bool {
    match error {
        ApiError::NotFound { .. }
        | ApiError::NotOffered
        | ApiError::NoAccess { .. }
        | ApiError::LinkExpired { .. }
        | ApiError::ArchiveFailed { .. }
        | ApiError::ServerError { .. }
        | ApiError::Unexpected { .. }
        | ApiError::InvalidRequest { .. }
        | ApiError::UnknownCodes { .. }
        | ApiError::TooLarge { .. }
        | ApiError::HeadersTooLarge { .. }
        | ApiError::TooSlow { .. }
        | ApiError::CutShort
        | ApiError::Empty
        | ApiError::BadAnswer(_)
        | ApiError::Malformed { .. }
        | ApiError::NotFragalysis
        | ApiError::Redirected { .. } => true,
        // With a token it is the session that the server does not accept.
        ApiError::SignInNeeded { .. } => !has_token,
        ApiError::Unreachable(_)
        | ApiError::NoAnswer(_)
        | ApiError::Interrupted(_)
        | ApiError::Timeout(_)
        | ApiError::Tls(_)
        | ApiError::NotEncrypted(_)
        | ApiError::NoCertificates(_)
        | ApiError::ProxyRefused
        | ApiError::NetworkSignIn
        | ApiError::Busy { .. }
        | ApiError::Down { .. }
        | ApiError::Ageing
        | ApiError::SessionEnded
        | ApiError::Csrf { .. }
        | ApiError::Crashed => false,
    }
}

/// Fetches a file of a version into the part. What is not such a file is removed again.
async fn fetch_one(
    engine: &Engine,
    work: &WorkDir,
    number: usize,
    row: &ObservationRecord,
    file: &MediaFile,
) -> Result<FileRecord, DownloadError> {
    let Some(name) = path_of(row, file)? else {
        return Err(DownloadError::Api(ApiError::NotFragalysis));
    };
    let path = work.tree(number).join(name.to_path());
    let refused = |source| DownloadError::from_write(&path, source);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(refused)?;
    }
    let unwritten = Mutex::new(None);
    let received = with_retries(engine, || receive(engine, file, (&path, &unwritten))).await;
    let disk = unwritten.lock().ok().and_then(|mut slot| slot.take());
    let error = match (received, disk) {
        (Ok(received), _) if received.is_like => {
            return Ok(FileRecord {
                path: name.as_str().to_owned(),
                bytes: received.bytes,
                sha256: received.sha256,
            });
        }
        (Ok(_), _) => DownloadError::NotAnArchive {
            what: "The server sent something else instead of the file".into(),
        },
        (Err(_), Some(source)) => refused(source),
        (Err(error), None) => error,
    };
    remove(&path)?;
    Err(error)
}

/// A file that has arrived.
struct Received {
    bytes: u64,
    sha256: String,
    /// Whether it begins as its type requires: an error page must not be saved as a structure.
    is_like: bool,
}

/// Receives a file once, from its beginning. A file that ends early is a lost connection. Why it could not be written
/// is left in `unwritten`.
async fn receive(
    engine: &Engine,
    file: &MediaFile,
    (path, unwritten): (&Path, &Mutex<Option<io::Error>>),
) -> ApiResult<Received> {
    let mut arriving = engine.client.media(file, None).await?;
    let written = |error: io::Error| {
        if let Ok(mut slot) = unwritten.lock() {
            *slot = Some(error);
        }
        ApiError::Crashed
    };
    let mut out = File::create(path).map_err(written)?;
    let shown = path.to_string_lossy();
    let mut inspector = MemberInspector::new(&shown);
    let (mut bytes, mut hasher) = (0, Sha256::new());
    while let Some(piece) = arriving.chunk().await? {
        engine.speed.take(piece.len()).await;
        hasher.update(&piece);
        inspector.feed(&piece);
        bytes += piece.len() as u64;
        out.write_all(&piece).map_err(written)?;
    }
    if arriving.length.is_some_and(|length| length != bytes) {
        return Err(ApiError::CutShort);
    }
    out.sync_all().map_err(written)?;
    Ok(Received {
        bytes,
        sha256: hex::encode(hasher.finalize()),
        is_like: bytes > 0 && !inspector.has_type_mismatch(),
    })
}
