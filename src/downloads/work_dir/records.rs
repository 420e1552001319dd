//! What the hidden folder records about complete parts, and about incomplete archives.

use serde::{Deserialize, Serialize};

use crate::{
    dataset::{FileRecord, Tables},
    downloads::format::Format,
};

/// A complete part.
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

/// What is recorded about a partly received archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::downloads) struct Sidecar {
    /// The server's ETag of the archive.
    pub(in crate::downloads) etag: String,
    /// Its total length, if the server reports it.
    pub(in crate::downloads) length: Option<u64>,
    /// The codes that were requested.
    pub(in crate::downloads) codes: Vec<String>,
}
