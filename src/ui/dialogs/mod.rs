//! Dialogs within the window.

mod download;
mod file_picker;

pub(super) use download::DownloadDialog;
pub(crate) use file_picker::install;
pub use file_picker::system_dialogs;
pub(super) use file_picker::{FilePicker, Picked, UNAVAILABLE};
