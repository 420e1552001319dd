//! What each failure of a download means: its kind, the next step for the user, and whether it is worth retrying.

use std::{io, path::Path, time::Duration};

use super::error::DownloadError;
use crate::{
    api::ApiError,
    model::{ErrorKind, Problem, is_disk_full, is_impossible_path},
};

impl DownloadError {
    /// Returns the kind of failure.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Api(error) => error.kind(),
            Self::SessionEnded(problem) => problem.kind,
            Self::UnknownCodes { .. } => ErrorKind::UnknownCodes,
            Self::NoObservations { .. } => ErrorKind::NotFound,
            Self::CodeTooLong { .. } => ErrorKind::InvalidRequest,
            Self::BuildFailed { .. } => ErrorKind::BuildFailed,
            Self::BuildTooLong { .. }
            | Self::BuildNotStarted { .. }
            | Self::BuildProgressHidden { .. }
            | Self::Stalled { .. } => ErrorKind::Timeout,
            Self::Truncated { .. } | Self::ConnectionLost { .. } | Self::CutShort => {
                ErrorKind::Truncated
            }
            Self::Corrupt { .. }
            | Self::NotAnArchive { .. }
            | Self::PartsDiffer { .. }
            | Self::FolderChanged { .. } => ErrorKind::Corrupt,
            Self::Unsafe { .. } | Self::Unsupported { .. } => ErrorKind::UnsafeArchive,
            Self::DiskFull { .. } => ErrorKind::DiskFull,
            Self::NotWritable { .. } | Self::NotReadable { .. } | Self::NotRemoved { .. } => {
                ErrorKind::NotWritable
            }
            Self::Exists { .. } => ErrorKind::Exists,
            Self::InUse => ErrorKind::Busy,
            Self::GaveUp { error, .. } | Self::AlsoAlone { error } => error.kind(),
            Self::Cancelled => ErrorKind::Cancelled,
            Self::Crashed => ErrorKind::Crashed,
        }
    }

    /// Returns the error as users see it.
    pub fn problem(&self) -> Problem {
        let mut problem = Problem::new(self.kind(), self.to_string());
        if let Self::UnknownCodes { codes, .. } = self {
            problem.codes.clone_from(codes);
        }
        match self {
            Self::Api(error) => error.problem(),
            Self::SessionEnded(problem) => problem.clone(),
            Self::AlsoAlone { error }
                if matches!(**error, Self::Api(ApiError::TooLarge { .. })) =>
            {
                problem.with_next_step("Contact the Fragalysis team.")
            }
            Self::GaveUp { error, .. } | Self::AlsoAlone { error } => {
                let inner = error.problem();
                problem.with_next_step(inner.next_step().to_owned())
            }
            Self::NoObservations { .. } => problem.with_next_step(
                "Ask the people who work on the target whether their data has been uploaded.",
            ),
            Self::CodeTooLong { .. } => problem.with_next_step("Check the list of codes."),
            Self::BuildProgressHidden { .. } => problem.with_next_step("Sign in and try again."),
            Self::NotWritable { source, .. } if is_impossible_path(source) => {
                problem.with_next_step("Choose another folder.")
            }
            Self::NotReadable { .. } => problem.with_next_step(
                "Check that the disk is connected and that you may read what is there.",
            ),
            Self::FolderChanged { .. } => {
                problem.with_next_step("Try again when no other program changes its files.")
            }
            Self::InUse => problem.with_next_step("Wait until it is done there, or stop it there."),
            Self::NotRemoved { .. } => {
                problem.with_next_step("You can delete that hidden folder yourself.")
            }
            _ => problem,
        }
    }

    /// Returns `true` if the server may have answered like this because it no longer knows the user.
    pub(super) fn may_hide_ended_session(&self) -> bool {
        use ErrorKind as Kind;
        // A sign-in page may arrive instead of an archive, too.
        if matches!(self, Self::NotAnArchive { .. }) {
            return true;
        }
        matches!(
            self.kind(),
            Kind::NoAccess
                | Kind::NotFound
                | Kind::InvalidRequest
                | Kind::UnknownCodes
                | Kind::BuildFailed
                | Kind::LinkExpired
        )
    }

    /// Returns `true` if the archive itself is bad, and not the connection.
    pub(super) fn is_archive_damage(&self) -> bool {
        matches!(
            self,
            Self::CutShort
                | Self::Corrupt { .. }
                | Self::NotAnArchive { .. }
                | Self::Unsafe { .. }
                | Self::Unsupported { .. }
        )
    }

    /// Returns `true` if other parts of the same download may still arrive.
    pub(super) fn is_limited_to_part(&self) -> bool {
        match self {
            Self::Api(
                ApiError::ServerError { .. }
                | ApiError::Unexpected { .. }
                | ApiError::ArchiveFailed { .. }
                | ApiError::LinkExpired { .. },
            )
            | Self::BuildFailed { .. }
            | Self::BuildTooLong { .. }
            | Self::BuildNotStarted { .. }
            | Self::Truncated { .. }
            | Self::ConnectionLost { .. }
            | Self::Stalled { .. }
            | Self::CutShort
            | Self::Corrupt { .. } => true,
            Self::Api(_)
            | Self::SessionEnded(_)
            | Self::UnknownCodes { .. }
            | Self::NoObservations { .. }
            | Self::CodeTooLong { .. }
            | Self::BuildProgressHidden { .. }
            | Self::NotAnArchive { .. }
            | Self::Unsafe { .. }
            | Self::Unsupported { .. }
            | Self::PartsDiffer { .. }
            | Self::DiskFull { .. }
            | Self::NotWritable { .. }
            | Self::NotReadable { .. }
            | Self::Exists { .. }
            | Self::FolderChanged { .. }
            | Self::Cancelled
            | Self::NotRemoved { .. }
            | Self::InUse
            | Self::Crashed => false,
            Self::GaveUp { error, .. } | Self::AlsoAlone { error } => error.is_limited_to_part(),
        }
    }

    /// Returns this error, noting that dividing the request did not help, if it was divided.
    pub(super) fn after_dividing(self, was_divided: bool) -> Self {
        if was_divided {
            Self::AlsoAlone {
                error: Box::new(self),
            }
        } else {
            self
        }
    }

    /// Returns how long the server asks clients to wait.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Api(error) => error.retry_after(),
            _ => None,
        }
    }

    /// Returns `true` if the connection failed, and not the server.
    pub(super) fn is_connection_loss(&self) -> bool {
        match self {
            Self::GaveUp { error, .. } | Self::AlsoAlone { error } => error.is_connection_loss(),
            Self::Api(error) => matches!(
                error,
                ApiError::Unreachable(_)
                    | ApiError::NoAnswer(_)
                    | ApiError::Interrupted(_)
                    | ApiError::CutShort
            ),
            _ => false,
        }
    }

    /// Returns `true` if the request may have arrived although there was no answer.
    pub(super) fn may_have_arrived(&self) -> bool {
        match self {
            Self::Api(ApiError::Unreachable(_)) => false,
            error => error.is_connection_loss(),
        }
    }

    /// Returns the error of a failed read.
    pub(super) fn from_read(path: &Path, source: io::Error) -> Self {
        Self::NotReadable {
            path: path.to_owned(),
            source,
        }
    }

    /// Classifies a failed write.
    pub(super) fn from_write(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            _ if is_disk_full(&source) => Self::DiskFull {
                need: None,
                free: None,
            },
            io::ErrorKind::AlreadyExists => Self::Exists {
                path: path.to_owned(),
            },
            _ => Self::NotWritable {
                path: path.to_owned(),
                source,
            },
        }
    }
}
