//! What a download asks for.

use serde::{Deserialize, Serialize};

use super::{FileSelection, TargetKey};

/// Most characters that the server takes in its list of codes (server-api 1.11).
pub const PROTEINS_LIMIT: usize = 5000;

/// What to download from which target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DownloadRequest {
    /// The target.
    pub target: TargetKey,
    /// Short codes of observations; empty means all of them.
    pub codes: Vec<String>,
    /// The kinds of files.
    pub files: FileSelection,
    /// Whether the server shall keep the archive for ever. Leaves a lasting trace there.
    pub static_link: bool,
}

impl DownloadRequest {
    /// The codes as the server wants them: one text, commas between.
    pub fn proteins(&self) -> String {
        self.codes.join(",")
    }
}
