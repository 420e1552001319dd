//! Moves the bytes of one archive into a part file, once. Trying again is the engine's business.

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt as _;

use super::{DownloadError, Engine, Stage, archive::Format, place, unpack::hex};
use crate::api::ArchiveHandle;

/// An archive that has arrived whole, as far as its length tells.
#[derive(Debug)]
pub(super) struct Received {
    /// Vanishes when dropped, unless it is given a name.
    pub(super) file: NamedTempFile,
    pub(super) format: Format,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// Fetches the archive into a part file beside its later place.
pub(super) async fn fetch(
    engine: &Engine,
    handle: &ArchiveHandle,
) -> Result<Received, DownloadError> {
    let parent = &engine.job.parent;
    // Only a hint for the progress and the disk check, so a failure costs nothing.
    let announced = engine.client.archive_length(handle).await.ok().flatten();
    let mut archive = engine.client.fetch(handle).await?;
    let total = archive.length.or(announced);
    if let (Some(need), Some(free)) = (total, place::free_space(parent))
        && need > free
    {
        return Err(DownloadError::DiskFull { need: Some(need) });
    }
    let refused = |source| DownloadError::from_write(parent, source);
    let part = tempfile::Builder::new()
        .prefix(&format!(
            ".{}-",
            place::folder_name(&engine.job.request.target)
        ))
        .suffix(".part")
        .tempfile_in(parent)
        .map_err(refused)?;
    let mut file = tokio::fs::File::from_std(part.reopen().map_err(refused)?);
    let (mut received, mut hasher, mut format) = (0, Sha256::new(), None);
    engine.stage(Stage::Receiving { received, total });
    while let Some(piece) = archive
        .chunk()
        .await
        .map_err(|source| DownloadError::BrokenOff { received, source })?
    {
        let piece = piece.as_ref();
        if format.is_none() && !piece.is_empty() {
            format = Some(Format::sniff(piece)?);
        }
        hasher.update(piece);
        file.write_all(piece).await.map_err(refused)?;
        received += piece.len() as u64;
        engine.stage(Stage::Receiving { received, total });
    }
    if let Some(expected) = archive.length.filter(|expected| *expected != received) {
        return Err(DownloadError::Truncated { received, expected });
    }
    file.flush().await.map_err(refused)?;
    file.sync_all().await.map_err(refused)?;
    let format = format.map_or_else(|| Format::sniff(b""), Ok)?;
    Ok(Received {
        file: part,
        format,
        bytes: received,
        sha256: hex(&hasher.finalize()),
    })
}
