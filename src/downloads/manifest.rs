//! The file beside the data that explains them years later.

use std::path::Path;

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use super::{DownloadError, FileRecord, Report, fetch::Received, place::MANIFEST, unpack};
use crate::model::DownloadRequest;

/// Counts changes of the file's form.
const FORMAT: u32 = 1;

/// What was asked of whom, what came, and every file with its checksum. Never a secret.
pub(super) struct Manifest<'a> {
    pub(super) server: &'a str,
    pub(super) server_version: Option<String>,
    pub(super) finished: String,
    pub(super) request: &'a DownloadRequest,
    pub(super) report: &'a Report,
    pub(super) archive: ArchiveRecord<'a>,
    pub(super) files: &'a [FileRecord],
}

/// The archive that the files came in.
#[derive(Serialize)]
pub(super) struct ArchiveRecord<'a> {
    bytes: u64,
    sha256: &'a str,
    kept_as: Option<String>,
}

impl<'a> ArchiveRecord<'a> {
    pub(super) fn new(received: &'a Received, kept_as: Option<&Path>) -> Self {
        let name = kept_as.and_then(Path::file_name);
        Self {
            bytes: received.bytes,
            sha256: &received.sha256,
            kept_as: name.map(|name| name.to_string_lossy().into_owned()),
        }
    }
}

impl Manifest<'_> {
    /// Writes the file into `folder`.
    pub(super) fn write(&self, folder: &Path) -> Result<(), DownloadError> {
        let json = serde_json::to_vec_pretty(self)
            .ok()
            .ok_or(DownloadError::Crashed)?;
        unpack::write_whole(&folder.join(MANIFEST), &json)
    }
}

impl Serialize for Manifest<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Manifest", 10)?;
        map.serialize_field("format", &FORMAT)?;
        map.serialize_field("program", env!("CARGO_PKG_NAME"))?;
        map.serialize_field("program_version", env!("CARGO_PKG_VERSION"))?;
        map.serialize_field("server", self.server)?;
        map.serialize_field("server_version", &self.server_version)?;
        map.serialize_field("finished", &self.finished)?;
        map.serialize_field("request", self.request)?;
        map.serialize_field("report", self.report)?;
        map.serialize_field("archive", &self.archive)?;
        map.serialize_field("files", self.files)?;
        map.end()
    }
}
