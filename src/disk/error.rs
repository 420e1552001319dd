//! Why the disk refused, and where.

use std::{
    io,
    path::{Path, PathBuf},
};

/// What the disk would not do. `Display` is a sentence for the user.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Something cannot be read.
    #[error("Cannot read {}", .path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Something cannot be written.
    #[error("Cannot write to {}", .path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Every name that could be given is taken.
    #[error("There is already something at {}", .path.display())]
    NoFreeName {
        /// The name that was wanted.
        path: PathBuf,
    },
    /// Stopped by the user while it was read.
    #[error("Stopped")]
    Cancelled,
}

/// What systems say of a disk that was unplugged and of a network drive that does not answer, beside "not found".
const AWAY: &[i32] = if cfg!(windows) {
    // Not ready, bad network path, network name deleted or not found, no medium, not connected.
    &[21, 53, 64, 67, 1112, 1167]
} else if cfg!(target_os = "linux") {
    // No such device (or address), stale handle, not connected, host down.
    &[6, 19, 107, 112, 116]
} else {
    &[]
};

/// Whether something cannot be read because the disk that it is on is away, or it is not there any more.
pub(crate) fn is_away(error: &io::Error) -> bool {
    let is_named = error
        .raw_os_error()
        .is_some_and(|code| AWAY.contains(&code));
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
