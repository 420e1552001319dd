//! One module per page.

mod downloads;
mod experiments;
mod settings;
mod sign_in;
mod status;

pub(super) use downloads::DownloadsPage;
pub(super) use experiments::ExperimentsPage;
pub(super) use settings::SettingsPage;
pub(super) use sign_in::SignInPage;
pub(super) use status::StatusPage;
