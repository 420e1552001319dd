//! Why a download failed: one variant per different reaction.

use std::{borrow::Cow, io, path::PathBuf, time::Duration};

use crate::{
    api::ApiError,
    disk::{FileError, UnsafeName},
    model::{Problem, byte_text, cause, time_text, two_sentences},
};

/// Why a download failed. `Display` is one sentence for the user.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// The server, or the connection to it.
    #[error("{0}")]
    Api(#[from] ApiError),
    /// The session ended in the meantime.
    #[error("{}", .0.message)]
    SessionEnded(Problem),
    /// None of the codes belongs to the target.
    #[error("None of the codes belongs to {target}: {}", .codes.join(", "))]
    UnknownCodes {
        /// The name of the target on screen.
        target: String,
        /// The codes.
        codes: Vec<String>,
    },
    /// The target exists, but has nothing that could be downloaded.
    #[error("{target} has no observations yet, so the server has nothing to download")]
    NoObservations {
        /// The name of the target on screen.
        target: String,
    },
    /// A single code is longer than the server accepts.
    #[error("A code is too long: {length} characters; the server accepts at most {limit}")]
    CodeTooLong {
        /// Characters in the code.
        length: usize,
        /// Characters that the server accepts.
        limit: usize,
    },
    /// The server could not build the archive.
    #[error("The server could not build the archive{}", .message.as_ref().map(|text| format!(". It said: “{text}”")).unwrap_or_default())]
    BuildFailed {
        /// The message of the server.
        message: Option<String>,
    },
    /// Building took longer than the server itself allows.
    #[error("The server did not finish building the archive within {minutes} minutes")]
    BuildTooLong {
        /// How long the program waited.
        minutes: u64,
    },
    /// The server does not report the progress of a build to visitors, and the archive did not arrive.
    #[error(
        "The server reports progress only to signed-in users, and the archive was not ready within {minutes} minutes"
    )]
    BuildProgressHidden {
        /// How long the program waited.
        minutes: u64,
    },
    /// The order stayed in the queue, twice.
    #[error(
        "The server accepted the request twice but did not start building within {minutes} minutes"
    )]
    BuildNotStarted {
        /// How long the program waited for it.
        minutes: u64,
    },
    /// Fewer bytes than announced.
    #[error("Only {} of {} arrived", byte_text(*.received), byte_text(*.expected))]
    Truncated {
        /// Bytes that arrived.
        received: u64,
        /// Bytes that were announced.
        expected: u64,
    },
    /// The connection was lost in the middle.
    #[error("The connection was lost after {}", byte_text(*.received))]
    ConnectionLost {
        /// Bytes received.
        received: u64,
        /// How it broke.
        #[source]
        source: ApiError,
    },
    /// Nothing arrived for a long time.
    #[error("Nothing arrived for {seconds} s, after {}", byte_text(*.received))]
    Stalled {
        /// Bytes that arrived before.
        received: u64,
        /// How long the program waited.
        seconds: u64,
    },
    /// The archive is truncated.
    #[error("The archive ends too early: it was cut short on the server or in transit")]
    CutShort,
    /// A checksum does not match, or it is not an archive.
    #[error("{what}")]
    Corrupt {
        /// What was found.
        what: String,
    },
    /// Something other than an archive arrived.
    #[error("{what}")]
    NotAnArchive {
        /// What it is, and what the server says in it.
        what: Cow<'static, str>,
    },
    /// A valid archive of a kind that cannot be read here: fetching it again would not help.
    #[error("The archive is packed in a way that this program does not support: {what}")]
    Unsupported {
        /// What is unknown.
        what: String,
    },
    /// Something that no legitimate archive contains.
    #[error("The archive contains something unsafe: {what}")]
    Unsafe {
        /// What was found.
        what: String,
    },
    /// The parts of one download do not belong together.
    #[error(
        "The data changed on the server between two parts of the download: “{path}” arrived in two versions"
    )]
    PartsDiffer {
        /// The file that arrived twice.
        path: String,
    },
    /// Not enough free space.
    #[error("There is not enough free space on the disk{}", shortfall(*.need, *.free))]
    DiskFull {
        /// Bytes that are needed, where known.
        need: Option<u64>,
        /// Bytes that are free, where known.
        free: Option<u64>,
    },
    /// The folder cannot be written to.
    #[error("Cannot write to {}{}", .path.display(), cause(source))]
    NotWritable {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// What an earlier run has left cannot be read.
    #[error("Cannot read {}{}", .path.display(), cause(source))]
    NotReadable {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A folder is not what it was a moment ago.
    #[error(
        "“{}” was changed while its folder was being updated; the folder was left unchanged",
        .path.display()
    )]
    FolderChanged {
        /// The file.
        path: PathBuf,
    },
    /// Something exists where the result should go.
    #[error("There is already a file or folder at {}", .path.display())]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// Stopped by the user.
    #[error("The download was stopped")]
    Cancelled,
    /// Cancelled by the user, and incomplete files are still there.
    #[error(
        "The incomplete files could not be removed ({reason}). They are in a hidden folder whose name ends in “.part”, in {}",
        .folder.display()
    )]
    NotRemoved {
        /// Where they are.
        folder: PathBuf,
        /// What the disk said.
        reason: String,
    },
    /// Another copy of the program is working on it.
    #[error("Another window or command is already working on this download")]
    InUse,
    /// It was tried again several times, and failed every time.
    #[error("{}", two_sentences(&.error.to_string(), &format!("Tried again {} in {}", times_text(*.times), time_text(*.time))))]
    GaveUp {
        /// The error of each attempt.
        #[source]
        error: Box<Self>,
        /// How often it was tried again.
        times: usize,
        /// From the first failure to the last.
        time: Duration,
    },
    /// What failed was divided into smaller and smaller parts, and this one cannot be divided any more.
    #[error("{}", two_sentences(&.error.to_string(), "Downloading it in smaller parts did not help either"))]
    AlsoAlone {
        /// The error of the smallest part.
        #[source]
        error: Box<Self>,
    },
    /// A fault in this program.
    #[error("Internal error in Fragalysis Desktop")]
    Crashed,
}

impl From<FileError> for DownloadError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Read { path, source } => Self::from_read(&path, source),
            FileError::Write { path, source } => Self::from_write(&path, source),
            FileError::NoFreeName { path } => Self::Exists { path },
            FileError::Cancelled => Self::Cancelled,
        }
    }
}

impl From<UnsafeName> for DownloadError {
    fn from(UnsafeName { what }: UnsafeName) -> Self {
        Self::Unsafe { what }
    }
}

fn times_text(times: usize) -> String {
    match times {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

/// Returns `: 3 GB is needed and 1 GB is free; 2 GB more is needed`, as far as is known.
fn shortfall(need: Option<u64>, free: Option<u64>) -> String {
    match (need, free) {
        (Some(need), Some(free)) => format!(
            ": {} is needed and {} is free; {} more is needed",
            byte_text(need),
            byte_text(free),
            byte_text(need.saturating_sub(free))
        ),
        (Some(need), None) => format!(": {} is needed", byte_text(need)),
        (None, _) => String::new(),
    }
}
