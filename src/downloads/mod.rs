//! From a request to verified files on the disk: order, receive, check, unpack, report.
//!
//! The engine ([`run()`]) decides by what the server answers, never by its version. Nothing incomplete ever has a
//! final name: a download grows in a hidden folder and is renamed when everything has been checked. Its complete
//! parts survive a restart of the program.
//!
//! ```text
//! waiting → asking → building → receiving → checking → unpacking → reporting → done
//!              ▲                    │  checked and unpacked meanwhile if the format allows
//!              └────────────────────┘  the link has expired: the same request again
//! ```

mod archive;
mod context;
#[cfg(test)]
mod coverage_fuzz;
mod error;
mod finish;
mod format;
#[cfg(test)]
mod hostile;
mod job;
mod journal;
mod kept_builds;
mod late_snapshot;
mod order;
mod orphans;
mod plan;
mod reaction;
mod retry;
mod run;
mod runner;
mod speed;
mod timeouts;
mod transfer;
mod work_dir;
mod workers;

pub use context::{Engine, Finished, Stop};
pub use error::DownloadError;
pub use job::{Job, OnExisting, Part, Stage};
pub use journal::{Claim, Journal, SavedJob, SavedStatus};
pub use kept_builds::{Builds, MemoryBuilds};
pub use orphans::{Orphans, adopt};
pub use run::run;
pub use runner::{Event, JobHandle, Runner};
pub use speed::SpeedLimit;
pub use timeouts::Timeouts;
pub(crate) use work_dir::has_leftovers;

pub use crate::api::ArchiveHandle as EarlierLink;
