//! From a request to checked files on the disk: order, receive, check, unpack, report.
//!
//! The engine ([`run`]) decides by what the server answers, never by its version. Nothing incomplete ever
//! stands under a final name: a download grows in a hidden folder and gets its name when
//! everything has been checked. Parts of it that are whole survive the end of the program.
//!
//! ```text
//! waiting → asking → building → receiving → checking → unpacking → reporting → done
//!              ▲                    │  checked and unpacked meanwhile where the form allows
//!              └────────────────────┘  the link has expired: the same request again
//! ```

mod archive;
mod beside;
mod builds;
mod check;
mod codes_in_archive;
mod coverage;
mod difference;
mod engine;
mod error;
mod errors_csv;
mod finish;
mod flow;
mod identity;
mod job;
mod journal;
mod left_behind;
mod library;
mod made_here;
mod manifest;
mod member_kind;
mod member_look;
mod merge;
mod names;
mod order;
mod ordered;
mod parts;
mod patience;
mod place;
mod plan;
mod prove;
mod queue;
mod receive;
mod record;
mod renew;
mod renewed;
mod report;
mod retry;
mod safe_path;
mod single;
mod snapshot;
mod speed;
mod unpack;
mod versions;
mod work_dir;
mod workers;

pub use crate::api::ArchiveHandle as EarlierLink;
pub use builds::{Builds, MemoryBuilds};
pub use check::{UpdateStatus, check};
pub use coverage::{Coverage, ObservationCoverage};
pub use difference::Difference;
pub use engine::{Engine, Finished, Stop, run};
pub use error::DownloadError;
pub use job::{Job, JobId, OnExisting, Part, Stage};
pub use journal::{Claim, Journal, SavedJob, SavedStatus};
pub use left_behind::{LeftBehind, adopt};
pub use library::{CreatedBy, Dataset, LocalChanges, folders_in, sites_in, verify};
pub use patience::Patience;
pub(crate) use place::make_private;
pub use place::{MANIFEST, folder_name, free_space, is_same_folder, real_place};
pub use queue::{Event, JobHandle, Queue};
pub use renewed::UpdateSummary;
use report::Found;
pub use report::{KindCount, Loss, Outcome, Report};
pub use snapshot::{ObservationMark, Snapshot, UploadMark};
pub use speed::SpeedLimit;
pub use unpack::FileRecord;
pub(crate) use work_dir::is_left;
