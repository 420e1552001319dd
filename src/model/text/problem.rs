//! What can go wrong, named in one place for the window, the command line and scripts.

use std::{borrow::Cow, error::Error, io, path::Path, time::Duration};

use serde::{Deserialize, Serialize};

use super::io_cause::{cause, io_error, is_disk_full};

/// The kinds of failure: one per possible reaction. The names are fixed for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// No connection to the server.
    Unreachable,
    /// The server took too long.
    Timeout,
    /// No trusted encrypted connection.
    Tls,
    /// What answered is not a Fragalysis server.
    NotFragalysis,
    /// The server failed.
    ServerError,
    /// The server is too busy.
    Busy,
    /// The token was not accepted and has never been accepted here.
    Refused,
    /// The token was valid and is no longer.
    Expired,
    /// The session must be renewed in the browser.
    Ageing,
    /// The user may not see it.
    NoAccess,
    /// It does not exist.
    NotFound,
    /// The server did not understand the request.
    InvalidRequest,
    /// None of the codes is known.
    UnknownCodes,
    /// The server could not build the archive.
    BuildFailed,
    /// The archive's address is no longer valid.
    LinkExpired,
    /// The data ended early.
    Truncated,
    /// The data are damaged.
    Corrupt,
    /// The archive tries something that no legitimate archive does.
    UnsafeArchive,
    /// The disk has no free space.
    DiskFull,
    /// The folder cannot be written to.
    NotWritable,
    /// The destination already exists.
    Exists,
    /// Stopped by the user.
    Cancelled,
    /// A fault in this program.
    Crashed,
}

impl ErrorKind {
    /// Returns the fixed name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::NotFragalysis => "not_fragalysis",
            Self::ServerError => "server_error",
            Self::Busy => "busy",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Ageing => "ageing",
            Self::NoAccess => "no_access",
            Self::NotFound => "not_found",
            Self::InvalidRequest => "invalid_request",
            Self::UnknownCodes => "unknown_codes",
            Self::BuildFailed => "build_failed",
            Self::LinkExpired => "link_expired",
            Self::Truncated => "truncated",
            Self::Corrupt => "corrupt",
            Self::UnsafeArchive => "unsafe_archive",
            Self::DiskFull => "disk_full",
            Self::NotWritable => "not_writable",
            Self::Exists => "exists",
            Self::Cancelled => "cancelled",
            Self::Crashed => "crashed",
        }
    }

    /// Returns `true` if the session is the cause, so that signing in again helps.
    pub fn is_session_problem(self) -> bool {
        matches!(self, Self::Expired | Self::Refused | Self::Ageing)
    }

    /// Returns `true` if the same request may succeed later without any change by the user.
    pub fn is_temporary(self) -> bool {
        match self {
            Self::Unreachable
            | Self::Timeout
            | Self::Tls
            | Self::ServerError
            | Self::Busy
            | Self::Expired
            | Self::Ageing
            | Self::BuildFailed
            | Self::LinkExpired
            | Self::Truncated
            | Self::DiskFull
            | Self::Cancelled => true,
            Self::NotFragalysis
            | Self::Refused
            | Self::NoAccess
            | Self::NotFound
            | Self::InvalidRequest
            | Self::UnknownCodes
            | Self::Corrupt
            | Self::UnsafeArchive
            | Self::NotWritable
            | Self::Exists
            | Self::Crashed => false,
        }
    }

    /// Returns `true` if the server was not reached.
    pub fn is_connection_problem(self) -> bool {
        matches!(self, Self::Unreachable | Self::Timeout | Self::Tls)
    }

    /// Returns `true` if the cause is temporary: the server or the connection to it.
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::Timeout | Self::ServerError | Self::Busy
        )
    }

    /// Returns what the user can do about it, as a sentence.
    pub fn next_step(self) -> &'static str {
        match self {
            Self::Unreachable => "Check the network and the server's address, then try again.",
            Self::Timeout => "The server may be busy. Try again in a few minutes.",
            Self::Tls => {
                "Check this computer's date, and ask whether your institute uses its own certificate authority."
            }
            Self::NotFragalysis => {
                "Check the server's address. It should be the one you open in the browser."
            }
            Self::ServerError => {
                "Try again in a few minutes. If the problem persists, contact the Fragalysis team."
            }
            Self::Busy => "Wait a few minutes, then try again.",
            Self::Refused => {
                "Sign in again in the browser, copy the token again and paste it here."
            }
            Self::Expired => "Sign in again with a new token.",
            Self::Ageing => {
                "Open Fragalysis in your browser, reload the page, come back and try again."
            }
            Self::NoAccess => {
                "Sign in, or ask the principal investigator of the proposal to add you."
            }
            Self::NotFound => "Check the spelling, or choose the target from the list.",
            Self::InvalidRequest => {
                "Change the selection, or choose fewer items at once. If that does not help, contact the Fragalysis team."
            }
            Self::UnknownCodes => {
                "Check the codes. They must belong to observations of this target."
            }
            Self::BuildFailed => "Try again. If it fails again, choose fewer files.",
            Self::LinkExpired => "Start the download again; the server will build a new archive.",
            Self::Truncated => "Try again. Nothing incomplete was kept.",
            Self::Corrupt => "Try again. Nothing damaged was kept.",
            Self::UnsafeArchive => "Nothing was written. Please contact the Fragalysis team.",
            Self::DiskFull => "Free some disk space or choose another folder.",
            Self::NotWritable => {
                "Check that the disk is connected and that you may write there, or choose another folder."
            }
            Self::Exists => "Choose another folder.",
            Self::Cancelled => "You can start it again at any time.",
            Self::Crashed => "Try again. If it happens again, please report it.",
        }
    }
}

/// Joins two sentences. A message of the server that ends with a full stop needs no second one.
pub fn two_sentences(first: &str, second: &str) -> String {
    let inner = first.trim_end().trim_end_matches('”');
    let stop = if inner.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{}{stop} {second}", first.trim_end())
}

/// A failure as users see it: what happened, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The kind of failure.
    pub kind: ErrorKind,
    /// What happened, in one sentence; ends with the server's own words if there are any.
    pub message: String,
    /// What the user can do about it, if that differs from the usual step for this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next_step: Option<Cow<'static, str>>,
    /// The codes that the failure concerns, if it concerns codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
    /// Whether waiting does not help although the kind is temporary: a proxy requires a password.
    #[serde(skip)]
    pub is_lasting: bool,
    /// How long the server asks clients to wait. Not saved: it is temporary.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

/// Returns why there cannot be a file at a path; `None` if there can.
fn why_no_file(path: &Path) -> Option<String> {
    let shown = path.display();
    if path.is_dir() {
        return Some(format!(
            "{shown} is a folder. Give the name of a file in it"
        ));
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())?;
    let is_missing = folder
        .metadata()
        .is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
    is_missing.then(|| {
        let folder = folder.display();
        format!("Cannot write to {shown}: there is no folder {folder}. Create it first")
    })
}

impl Problem {
    /// Creates a failure with the usual next step of its kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            next_step: None,
            codes: Vec::new(),
            is_lasting: false,
            retry_after: None,
        }
    }

    /// Returns the same with another next step, which must be a whole sentence.
    #[must_use]
    pub fn with_next_step(mut self, sentence: impl Into<Cow<'static, str>>) -> Self {
        self.next_step = Some(sentence.into());
        self
    }

    /// Returns the problem for a user's file that could not be written: its cause is looked up on the disk and in the
    /// error. The previous file is unchanged.
    pub fn not_saved(path: &Path, error: &(dyn Error + 'static)) -> Self {
        if let Some(why) = why_no_file(path) {
            return Self::new(ErrorKind::NotWritable, why);
        }
        let error = io_error(error);
        let path = path.display();
        if error.is_some_and(is_disk_full) {
            let message = format!(
                "There is not enough free space on the disk for {path}. Nothing was changed there"
            );
            return Self::new(ErrorKind::DiskFull, message);
        }
        // Windows refuses so, too, when another program has the file open.
        let is_vague =
            |error: &&io::Error| cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied;
        match error.filter(|error| !is_vague(error)).map_or("", cause) {
            "" => Self::new(
                ErrorKind::NotWritable,
                format!(
                    "Cannot write to {path}. A file that is open in another program must be closed there first"
                ),
            ),
            cause => Self::new(
                ErrorKind::NotWritable,
                format!("Cannot write to {path}{cause}"),
            )
            .with_next_step("Choose another place for the file."),
        }
    }

    /// Returns what the user can do about it.
    pub fn next_step(&self) -> &str {
        let usual = self.kind.next_step();
        self.next_step.as_deref().unwrap_or(usual)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&two_sentences(&self.message, self.next_step()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_a_file_was_not_saved_is_said_as_far_as_it_is_known() {
        let path = Path::new("table.csv");
        let told =
            |kind: io::ErrorKind| Problem::not_saved(path, &io::Error::from(kind)).to_string();
        let open = "A file that is open in another program must be closed there first.";
        assert!(told(io::ErrorKind::Other).contains(open));
        assert!(told(io::ErrorKind::StorageFull).contains("not enough free space"));
        assert!(told(io::ErrorKind::ReadOnlyFilesystem).contains("the disk is read-only. Choose"));
        // Windows says the same of a workbook that is open.
        let denied = told(io::ErrorKind::PermissionDenied);
        assert_eq!(denied.contains(open), cfg!(windows), "{denied}");
        assert_eq!(
            denied.contains("you do not have permission"),
            !cfg!(windows)
        );
    }
}
