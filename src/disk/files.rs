//! File operations of the hidden folder: a file that cannot be read at the moment is never treated as absent.

use std::{fs, io, path::Path};

use serde::{Serialize, de::DeserializeOwned};

use super::{atomic::write_atomic, busy::retry_while_busy};
use crate::disk::FileError;

/// Removes a file or a folder; it is not an error if there is none.
pub(crate) fn remove(path: &Path) -> Result<(), FileError> {
    let removed = retry_while_busy(|| match path.symlink_metadata() {
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
    retry_while_busy(|| fs::rename(from, to)).map_err(|source| FileError::from_write(to, source))
}

/// Returns `true` if something exists. A disk that does not answer is an error, not an empty disk.
pub(crate) fn exists(path: &Path) -> Result<bool, FileError> {
    match path.symlink_metadata() {
        Ok(_) => Ok(true),
        Err(error) => not_there(path, error).map(|()| false),
    }
}

/// Larger than any of the program's own files.
const LARGEST_OWN: u64 = 512 << 20;

/// Returns the text of a file without the byte order mark that some editors put before it.
pub(crate) fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// Reads one of the program's own files. Anything else under its name, such as a pipe, would block for ever.
pub(crate) fn read_own(path: &Path) -> io::Result<Vec<u8>> {
    let about = fs::metadata(path)?;
    if !about.is_file() || about.len() > LARGEST_OWN {
        let what = "it is not a file of this program";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    fs::read(path)
}

/// Reads tolerantly: returns `None` if the file is missing or incomplete. A file that cannot be read just now is an
/// error; otherwise all files on a disk that is unavailable for a moment would count as missing.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, FileError> {
    match read_own(path) {
        Ok(bytes) => Ok(serde_json::from_slice(without_bom(&bytes)).ok()),
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
    write_atomic(path, &json)
}
