//! Windows within the window.

mod download;
mod file_picker;

pub(super) use download::DownloadDialog;
pub(super) use file_picker::{FilePicker, Picked, UNAVAILABLE};
