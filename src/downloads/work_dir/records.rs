//! What is noted in the hidden folder of parts that are complete, and of archives that are not.

use serde::{Deserialize, Serialize};

use crate::{
    dataset::{FileRecord, Tables},
    downloads::format::Format,
};

/// A part that is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PartRecord {
    pub(in crate::downloads) format: Format,
    /// Length of its archive.
    pub(in crate::downloads) bytes: u64,
    /// Checksum of its archive.
    pub(in crate::downloads) sha256: String,
    pub(in crate::downloads) files: Vec<FileRecord>,
    pub(in crate::downloads) tables: Tables,
}

/// What a stored archive is a part of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::downloads) struct Sidecar {
    /// The server's mark of the archive.
    pub(in crate::downloads) etag: String,
    /// Its whole length, where the server says it.
    pub(in crate::downloads) length: Option<u64>,
    /// The codes that were asked for.
    pub(in crate::downloads) codes: Vec<String>,
}
