//! What the hidden folder needs of the disk: nothing that cannot be read just now is taken for absent.

use std::{fs, io, path::Path};

use serde::{Serialize, de::DeserializeOwned};

use crate::downloads::{DownloadError, unpack::write_whole};

/// Removes a file or a folder; what is not there is no failure.
pub(in crate::downloads) fn remove(path: &Path) -> Result<(), DownloadError> {
    let removed = match path.symlink_metadata() {
        Ok(data) if data.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(DownloadError::from_write(path, error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

pub(super) fn rename(from: &Path, to: &Path) -> Result<(), DownloadError> {
    fs::rename(from, to).map_err(|source| DownloadError::from_write(to, source))
}

/// Whether something is there. A disk that does not answer is not an empty one.
pub(in crate::downloads) fn is_there(path: &Path) -> Result<bool, DownloadError> {
    match path.symlink_metadata() {
        Ok(_) => Ok(true),
        Err(error) => not_there(path, error).map(|()| false),
    }
}

/// Read tolerantly: what is not there, or not whole, is nothing. What cannot be read just now is a failure,
/// or a disk that is away for a moment would cost everything that is on it.
pub(in crate::downloads) fn read_json<T: DeserializeOwned>(
    path: &Path,
) -> Result<Option<T>, DownloadError> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) => not_there(path, error).map(|()| None),
    }
}

fn not_there(path: &Path, error: io::Error) -> Result<(), DownloadError> {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(()),
        _ => Err(DownloadError::from_read(path, error)),
    }
}

pub(in crate::downloads) fn write_json(
    path: &Path,
    value: &impl Serialize,
) -> Result<(), DownloadError> {
    let json = serde_json::to_vec_pretty(value)
        .ok()
        .ok_or(DownloadError::Crashed)?;
    write_whole(path, &json)
}
