//! What the hidden folder needs of the disk: nothing that cannot be read just now is taken for absent.

use std::{fs, io, path::Path};

use serde::{Serialize, de::DeserializeOwned};

use super::{atomic::write_whole, busy::patiently};
use crate::disk::FileError;

/// Removes a file or a folder; what is not there is no failure.
pub(crate) fn remove(path: &Path) -> Result<(), FileError> {
    let removed = patiently(|| match path.symlink_metadata() {
        Ok(data) if data.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    });
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(FileError::from_write(path, error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), FileError> {
    patiently(|| fs::rename(from, to)).map_err(|source| FileError::from_write(to, source))
}

/// Whether something is there. A disk that does not answer is not an empty one.
pub(crate) fn is_there(path: &Path) -> Result<bool, FileError> {
    match path.symlink_metadata() {
        Ok(_) => Ok(true),
        Err(error) => not_there(path, error).map(|()| false),
    }
}

/// Read tolerantly: what is not there, or not whole, is nothing. What cannot be read just now is a failure,
/// or a disk that is away for a moment would cost everything that is on it.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, FileError> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) => not_there(path, error).map(|()| None),
    }
}

fn not_there(path: &Path, error: io::Error) -> Result<(), FileError> {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(()),
        _ => Err(FileError::from_read(path, error)),
    }
}

pub(crate) fn write_json(path: &Path, value: &impl Serialize) -> Result<(), FileError> {
    let json = serde_json::to_vec_pretty(value)
        .map_err(|error| FileError::from_write(path, error.into()))?;
    write_whole(path, &json)
}
