//! Verifies what an earlier run has left: a hidden folder may be days old, and disks, clean-up tools and users change
//! files.

use std::sync::Arc;

use super::{WorkDir, records::PartRecord};
use crate::{
    disk::has_digest,
    downloads::{DownloadError, Engine, Stage, context},
};

/// Compares every file of every complete part with its record. A part that does not match is discarded, and so
/// fetched again.
pub(in crate::downloads) async fn reverify(
    engine: &Arc<Engine>,
    work: WorkDir,
) -> Result<WorkDir, DownloadError> {
    let own = Arc::clone(engine);
    context::blocking(engine, move || {
        work.retry_unavailable()?;
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
            if !has_digest(
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
        if has_digest(path, record.bytes, &record.sha256, &engine.cancelled)? {
            return Ok(true);
        }
    }
    Ok(false)
}
