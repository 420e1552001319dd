//! Names in a finished folder that are not from the archive.

use crate::model::{FileName, TargetKey};

/// The record: request, report, server and dates of the data next to it. Never contains a secret.
pub const MANIFEST: &str = "fragalysis-download.json";

/// Returns the name of a target's folder: `<title>_<TAS>`.
pub fn folder_name(target: &TargetKey) -> FileName {
    FileName::sanitize(&format!("{}_{}", target.title, target.tas))
}

pub(crate) const ERRORS: &str = "errors.csv";

pub(crate) const METADATA: &str = "metadata.csv";
