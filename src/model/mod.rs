//! Plain data that every floor shares: no network, no disk, no clock, no window.

mod address;
mod compound;
mod experiment;
mod file_kind;
mod file_name;
mod file_selection;
mod ids;
mod lenient;
mod observation;
mod problem;
mod request;
mod secret;
mod services;
mod sizes;
mod target;
mod tas;
mod user;
mod why;

pub use address::{AddressError, ServerAddress};
pub use compound::Compound;
pub use experiment::Experiment;
pub use file_kind::{FileGroup, FileKind};
pub use file_name::FileName;
pub use file_selection::{FileSelection, Preset};
pub use ids::{CompoundId, ExperimentId, ObservationId, ProjectId, TargetId};
pub use lenient::{Link, Moment, Number, Text, Whole, Wholes};
pub use observation::Observation;
pub use problem::{ErrorKind, Problem};
pub use request::{DownloadRequest, PROTEINS_LIMIT};
pub use secret::{Secret, SessionToken, TokenError};
pub use services::{ServerVersion, ServiceState};
pub use sizes::{byte_text, count_text, plural};
pub use target::{Project, Target, TargetKey, Upload};
pub use tas::Tas;
pub use user::{Authenticator, Ping, UserInfo};
pub use why::{Verdict, Why, WhyStep};
