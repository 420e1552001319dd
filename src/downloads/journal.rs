//! What is remembered of downloads between two runs of the program.

use std::{fmt, io, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::Job;
use crate::{
    dataset::{JobId, Report},
    model::Problem,
};

/// How a download stood when it was last noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "a handful at a time, and most of them done"
)]
pub enum SavedStatus {
    /// Under way, or waiting for its turn.
    Open,
    /// Stopped by the user, to continue later.
    Paused,
    /// It has failed; trying again may help.
    Failed(Problem),
    /// It is done.
    Done {
        /// The folder, or the archive where nothing was unpacked.
        place: PathBuf,
        /// What was asked and what arrived.
        report: Report,
        /// When.
        at: jiff::Zoned,
    },
}

/// A download as it is noted. Never a secret: no token, no link, no handle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedJob {
    /// Tells it apart.
    pub id: JobId,
    /// Downloads with a smaller rank come first.
    pub rank: i64,
    /// What to do.
    pub job: Job,
    /// The server's address.
    pub server: String,
    /// Whose it is; `None` for public data.
    pub user: Option<String>,
    /// In words: what is downloaded.
    pub what: String,
    /// How it stands.
    pub noted: SavedStatus,
}

/// The right to run a download: no other running copy of the program has it. Dropping it gives it back.
pub struct Claim {
    _held: Box<dyn Send + Sync>,
}

impl Claim {
    /// Whatever gives the right back when it is dropped.
    pub fn new(held: impl Send + Sync + 'static) -> Self {
        Self {
            _held: Box::new(held),
        }
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claim")
    }
}

/// Where downloads are noted. All functions may wait for the disk.
pub trait Journal: Send + Sync {
    /// Claims a new download; `None` if another copy has it.
    fn claim(&self, id: JobId) -> io::Result<Option<Claim>>;
    /// Claims everything that is noted and that no other running copy has.
    fn take_over(&self) -> Vec<(SavedJob, Claim)>;
    /// Everything that is noted, without claiming any of it.
    fn records(&self) -> Vec<SavedJob>;
    /// Everything that is noted, and whether another running copy has it.
    fn all(&self) -> Vec<(SavedJob, bool)>;
    /// Notes that could not be read, as those of a newer version of the program: where they were put aside.
    fn put_aside(&self) -> Vec<PathBuf> {
        Vec::new()
    }
    /// Where the notes are, and why they cannot be read; `None` where they can.
    fn why_unread(&self) -> Option<(PathBuf, io::Error)> {
        None
    }
    /// Notes a download, in place of an earlier note. Of several notes the one with the highest number wins.
    fn note(&self, record: &SavedJob, number: u64) -> io::Result<()>;
    /// Forgets a download.
    fn forget(&self, id: JobId, number: u64) -> io::Result<()>;
}
