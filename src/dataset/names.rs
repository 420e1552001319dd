//! Names in a finished folder that are not from the archive.

use crate::model::{FileName, TargetKey};

/// The file beside the data that explains them: request, report, server, dates. Never a secret.
pub const MANIFEST: &str = "fragalysis-download.json";

/// The name of a target's folder: `<title>_<TAS>`.
pub fn folder_name(target: &TargetKey) -> FileName {
    FileName::sanitize(&format!("{}_{}", target.title, target.tas))
}

pub(crate) const ERRORS: &str = "errors.csv";

pub(crate) const METADATA: &str = "metadata.csv";
