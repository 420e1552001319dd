//! Talks to Fragalysis servers of all generations: one function per endpoint, typed answers, errors by
//! what one can do about them.
//!
//! Everything goes through [`Client`], which is bound to one origin and one session and sends neither
//! anywhere else.

mod access_string;
mod body;
mod bytes;
mod client;
mod compounds;
mod error;
mod experiments;
#[cfg(test)]
mod fuzz;
mod images;
mod landing;
mod lookups;
mod media;
mod network;
mod observations;
mod pages;
mod plain_svg;
mod refusal;
mod release;
mod repair;
mod request;
mod rows;
mod services;
mod session;
mod statistics;
mod structures;
mod targets;
mod tasks;
mod token;
mod uploads;
mod user;

pub use access_string::TasStatus;
pub use bytes::{Arriving, Resume};
pub use client::{Client, ClientOptions};
pub use error::{ApiError, ApiResult};
pub use landing::Landing;
pub use network::{Authorities, Network};
pub use pages::{ListAnswer, Progress, Received, read_list};
pub use session::{SessionCheck, SessionState};
pub use statistics::{statistics, statistics_of};
pub use structures::{ArchiveHandle, Order};
pub use tasks::{TaskHandle, TaskReport, TaskState};
