//! Proves again what an earlier run has left: a hidden folder may lie about for days, and disks, cleaners and
//! people change files.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use sha2::{Digest as _, Sha256};

use super::{
    DownloadError, Engine, Stage, finish,
    unpack::hex,
    work_dir::{PartRecord, WorkDir},
};

/// Length of the pieces in which files are read.
const PIECE: usize = 256 * 1024;

/// Compares every file of every finished part with its record. A part that is not what its record says is
/// forgotten, and so fetched again.
pub(super) async fn again(engine: &Arc<Engine>, work: WorkDir) -> Result<WorkDir, DownloadError> {
    let own = Arc::clone(engine);
    finish::blocking(engine, move || {
        work.forget_losses()?;
        let mut files = 0;
        for (number, record) in work.finished(&own.job)? {
            if !is_as_recorded(&own, &work, number, &record, &mut files)? {
                tracing::warn!(number, "a finished part has changed and is fetched again");
                work.forget_part(number, record.format)?;
            }
        }
        Ok(work)
    })
    .await
}

fn is_as_recorded(
    engine: &Engine,
    work: &WorkDir,
    number: usize,
    record: &PartRecord,
    files: &mut usize,
) -> Result<bool, DownloadError> {
    if engine.job.unpacks() {
        let tree = work.tree(number);
        for file in &record.files {
            *files += 1;
            engine.stage(Stage::Checking { files: *files });
            if !is_file(
                &tree.join(&file.path),
                file.bytes,
                &file.sha256,
                &engine.cancelled,
            )? {
                return Ok(false);
            }
        }
    }
    if !engine.job.keeps_archive() {
        return Ok(true);
    }
    let kept = work.kept_archive(number, record.format);
    for path in work.plan().placed.iter().chain([&kept]) {
        if is_file(path, record.bytes, &record.sha256, &engine.cancelled)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a file is there and has this length and checksum.
pub(super) fn is_file(
    path: &Path,
    bytes: u64,
    sha256: &str,
    cancelled: &AtomicBool,
) -> Result<bool, DownloadError> {
    let refused = |error| DownloadError::from_read(path, error);
    // What is no plain file is not opened: a pipe would be waited for without end.
    if path.metadata().is_ok_and(|data| !data.is_file()) {
        return Ok(false);
    }
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(refused(error)),
    };
    let data = file.metadata().map_err(refused)?;
    if !data.is_file() || data.len() != bytes {
        return Ok(false);
    }
    let (mut piece, mut hasher) = (vec![0; PIECE], Sha256::new());
    loop {
        if cancelled.load(Ordering::Relaxed) {
            return Err(DownloadError::Cancelled);
        }
        let count = file.read(&mut piece).map_err(refused)?;
        if count == 0 {
            return Ok(hex(&hasher.finalize()) == sha256);
        }
        hasher.update(piece.get(..count).unwrap_or_default());
    }
}
