//! From a request to checked files on the disk: order, fetch, check, unpack, report.
//!
//! The engine ([`run`]) decides by what the server answers, never by its version. Nothing incomplete ever
//! stands under a final name: bytes go to a part file, files to a hidden sibling folder, and both get
//! their names only when everything has been checked.
//!
//! ```text
//! asking → building → receiving → checking → unpacking → done
//!    ▲________________________│ the link has expired: the same request again, once
//! ```

mod archive;
mod engine;
mod error;
mod fetch;
mod job;
mod manifest;
mod order;
mod patience;
mod place;
mod queue;
mod report;
mod safe_path;
mod unpack;

pub use engine::{Engine, Finished, run};
pub use error::DownloadError;
pub use job::{Job, JobId, Stage};
pub use patience::Patience;
pub use place::{MANIFEST, folder_name, free_space};
pub use queue::{Event, JobHandle, Queue};
pub use report::{Outcome, Report};
pub use unpack::FileRecord;
