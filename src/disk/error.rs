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
