//! Errors of the file system, with their paths.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::model::cause;

/// A file operation that failed. `Display` is a sentence for the user.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A file or folder cannot be read.
    #[error("Cannot read {}{}", .path.display(), cause(source))]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file or folder cannot be written.
    #[error("Cannot write to {}{}", .path.display(), cause(source))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// All candidate names are taken.
    #[error("There is already a file or folder at {}", .path.display())]
    NoFreeName {
        /// The name that was wanted.
        path: PathBuf,
    },
    /// Stopped by the user while reading.
    #[error("Stopped")]
    Cancelled,
}

/// The error codes for a disk that was unplugged and a network drive that does not answer, besides "not found".
const UNAVAILABLE_CODES: &[i32] = if cfg!(windows) {
    // Not ready, bad network path, network name deleted or not found, no medium, not connected.
    &[21, 53, 64, 67, 1112, 1167]
} else if cfg!(target_os = "linux") {
    // No such device (or address), stale handle, not connected, host down.
    &[6, 19, 107, 112, 116]
} else {
    &[]
};

/// Returns `true` if something cannot be read because its disk is not available, or because it no longer exists.
pub(crate) fn is_unavailable(error: &io::Error) -> bool {
    let is_named = error
        .raw_os_error()
        .is_some_and(|code| UNAVAILABLE_CODES.contains(&code));
    is_named
        || matches!(
            error.kind(),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
        )
}

impl FileError {
    /// Reading failed.
    pub(crate) fn from_read(path: &Path, source: io::Error) -> Self {
        Self::Read {
            path: path.to_owned(),
            source,
        }
    }

    /// Writing failed.
    pub(crate) fn from_write(path: &Path, source: io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            source,
        }
    }
}
