//! Plain data shared by all layers: no network, no disk, no clock, no window.

mod account;
mod experiment_data;
mod request;
mod text;

pub use account::address::{AddressError, ServerAddress};
pub use account::memberships::Memberships;
pub use account::proxy::{ProxyAddress, ProxyChoice, ProxyError};
pub use account::release::Release;
pub use account::secret::{Secret, SessionToken, TokenError};
pub use account::services::{ServerVersion, ServiceState, knows_single_types};
pub use account::statistics::{Fact, Statistics, UserStatistics};
pub use account::user::{Authenticator, Ping, UserInfo};
pub use experiment_data::compound::Compound;
pub use experiment_data::crystal::Crystal;
pub use experiment_data::experiment::Experiment;
pub use experiment_data::ids::{
    CompoundId, ExperimentId, ObservationId, ProjectId, RowId, TargetId,
};
pub use experiment_data::lookups::{CompoundNames, Lookups};
pub use experiment_data::media::{MediaFile, NoMedia};
pub use experiment_data::observation::{Observation, ObservationFiles, SeenAt};
pub use experiment_data::rows::RowSink;
pub use experiment_data::shortfalls::Shortfalls;
pub use experiment_data::site::{
    CanonSite, ConformerSite, CrystalFormSite, Pose, Tag, TagCategory,
};
pub use experiment_data::sites::{ObservationContext, Sites};
pub use experiment_data::target::{Project, Target, TargetKey, Upload};
pub use experiment_data::tas::Tas;
pub use request::code_names::{CodeNames, ResolvedCodes};
pub use request::download_request::{DownloadRequest, PROTEINS_LIMIT};
pub use request::file_kind::{FileGroup, FileKind};
pub use request::file_selection::{FileSelection, Preset};
pub use request::pasted::{PastedCodes, decoded};
pub use text::date::{DateError, Period};
pub(crate) use text::date::{is_invisible, without_invisible};
pub use text::file_name::FileName;
pub(crate) use text::io_cause::{cause, is_disk_full, is_impossible_path};
pub use text::log_book::{LogBook, LogLevel, LogLine};
pub use text::problem::{ErrorKind, Problem, two_sentences};
pub use text::sanitize::{is_control, visible, visible_json};
pub use text::shortfall::{Shortfall, UnreadList};
pub use text::sizes::{byte_text, count_text, plural, time_text};
pub use text::tolerant::{Flag, Integer, Link, Number, Text, TimestampText, or_none};
