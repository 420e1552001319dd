//! Checksums.

use std::{
    fs::File,
    io::Read as _,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use sha2::{Digest as _, Sha256};

use super::error::FileError;

/// Size of the chunks in which files are read.
const PIECE: usize = 256 * 1024;

/// Returns `true` if a file exists and has this length and checksum.
pub(crate) fn has_digest(
    path: &Path,
    bytes: u64,
    sha256: &str,
    cancelled: &AtomicBool,
) -> Result<bool, FileError> {
    let refused = |error| FileError::from_read(path, error);
    // Only regular files are opened: reading from a pipe would block for ever.
    if path.metadata().is_ok_and(|data| !data.is_file()) {
        return Ok(false);
    }
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(refused(error)),
    };
    let data = file.metadata().map_err(refused)?;
    if !data.is_file() || data.len() != bytes {
        return Ok(false);
    }
    let (mut piece, mut hasher) = (vec![0; PIECE], Sha256::new());
    loop {
        if cancelled.load(Ordering::Relaxed) {
            return Err(FileError::Cancelled);
        }
        let count = file.read(&mut piece).map_err(refused)?;
        if count == 0 {
            return Ok(hex::encode(hasher.finalize()) == sha256);
        }
        hasher.update(piece.get(..count).unwrap_or_default());
    }
}
