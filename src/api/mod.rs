//! Talks to Fragalysis servers of all generations: one function per endpoint, typed answers, errors by what can be
//! done about them.
//!
//! Everything goes through [`Client`], which is bound to one origin and one session and sends neither
//! anywhere else.

mod client;
mod endpoints;
mod error;
#[cfg(test)]
mod fuzz;
mod lists;

pub use client::network::{Authorities, Network};
pub use client::patience::Patience;
pub use client::resumable_body::{ResumableBody, Resume};
pub use client::{Client, ClientOptions};
pub use endpoints::access_string::TasStatus;
pub use endpoints::landing::Landing;
pub use endpoints::session::{SessionCheck, SessionState};
pub use endpoints::statistics::{statistics, statistics_of};
pub use endpoints::{handles::ArchiveHandle, structures::OrderOutcome};
pub use endpoints::{
    handles::TaskHandle,
    tasks::{TaskReport, TaskState},
};
pub use error::{ApiError, ApiResult};
pub use lists::pages::{ListAnswer, ListSummary, Progress, read_list};
