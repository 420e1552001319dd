//! What is requested: kinds of files, codes, limits.

pub(super) mod code_names;
pub(super) mod download_request;
pub(super) mod file_kind;
pub(super) mod file_selection;
pub(super) mod pasted;
