//! The journal: what is remembered about downloads between two runs of the program.

use std::{fmt, io, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::Job;
use crate::{
    dataset::{JobId, Report},
    disk::stored_path,
    model::Problem,
};

/// The saved status of a download.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "a handful at a time, and most of them done"
)]
pub enum SavedStatus {
    /// Under way, or queued.
    Open,
    /// Stopped by the user, to continue later.
    Paused,
    /// It has failed; trying again may help.
    Failed(Problem),
    /// It is done.
    Done {
        /// The folder, or the archive if it was not unpacked.
        #[serde(with = "stored_path")]
        place: PathBuf,
        /// What was requested and what arrived.
        report: Report,
        /// When.
        at: jiff::Zoned,
    },
}

/// The saved state of a download. Never contains a secret: no token, no link, no handle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedJob {
    /// Its unique id.
    pub id: JobId,
    /// Downloads with a smaller rank come first.
    pub rank: i64,
    /// What to do.
    pub job: Job,
    /// The server's address.
    pub server: String,
    /// Its user; `None` for public data.
    pub user: Option<String>,
    /// A description of what is downloaded.
    pub what: String,
    /// Its status.
    pub noted: SavedStatus,
}

/// The right to run a download: no other running copy of the program has it. Dropping it releases it.
pub struct Claim {
    _held: Box<dyn Send + Sync>,
}

impl Claim {
    /// Wraps a guard that releases the right when it is dropped.
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

/// Where downloads are saved. All functions may block on the disk.
pub trait Journal: Send + Sync {
    /// Claims a new download; `None` if another copy has it.
    fn claim(&self, id: JobId) -> io::Result<Option<Claim>>;
    /// Claims every saved download that no other running copy has.
    fn claim_all(&self) -> Vec<(SavedJob, Claim)>;
    /// Returns every saved download, without claiming any of them.
    fn records(&self) -> Vec<SavedJob>;
    /// Returns every saved download, and whether another running copy has it.
    fn all(&self) -> Vec<(SavedJob, bool)>;
    /// Returns the paths of records that could not be read, such as those of a newer version of the program, and were
    /// moved aside.
    fn unreadable_records(&self) -> Vec<PathBuf> {
        Vec::new()
    }
    /// Returns the path of the records and why they cannot be read; `None` if they can.
    fn why_unread(&self) -> Option<(PathBuf, io::Error)> {
        None
    }
    /// Saves a download, replacing an earlier record. Of several records the one with the highest number wins.
    fn note(&self, record: &SavedJob, number: u64) -> io::Result<()>;
    /// Removes the record of a download.
    fn forget(&self, id: JobId, number: u64) -> io::Result<()>;
}
