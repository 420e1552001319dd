//! The record beside the data, which documents their origin years later.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    job_id::JobId, names::MANIFEST, records::FileRecord, report::Report, snapshot::Snapshot,
};
use crate::{
    disk::{self, FileError, without_bom},
    model::{DownloadRequest, MediaFile, visible_json},
};

/// The version of the file format.
pub(super) const FORMAT: u32 = 3;

/// What was requested from which server, what arrived, and every file with its checksum. Never a secret.
pub(crate) struct Manifest<'a> {
    pub(crate) download: JobId,
    pub(crate) server: &'a str,
    pub(crate) server_version: Option<String>,
    pub(crate) finished: String,
    /// `None` where it is not known.
    pub(crate) request: Option<&'a DownloadRequest>,
    /// The file, if it was fetched on its own.
    pub(crate) file: Option<&'a MediaFile>,
    pub(crate) report: &'a Report,
    pub(crate) archives: Vec<ArchiveRecord<'a>>,
    pub(crate) files: &'a [FileRecord],
    /// What the server held at the time of the request.
    pub(crate) snapshot: Option<&'a Snapshot>,
    /// The download whose folder this one replaces.
    pub(crate) replaces: Option<JobId>,
}

/// The file format.
#[derive(Serialize)]
struct Form<'a> {
    format: u32,
    program: &'static str,
    program_version: &'static str,
    /// The unique id of this download.
    download: String,
    server: &'a str,
    server_version: Option<&'a str>,
    finished: &'a str,
    request: Option<&'a DownloadRequest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a MediaFile>,
    report: &'a Report,
    archives: &'a [ArchiveRecord<'a>],
    #[serde(skip_serializing_if = "Option::is_none")]
    replaces: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<&'a Snapshot>,
    files: &'a [FileRecord],
}

/// An archive in which the files arrived.
#[derive(Serialize)]
pub(crate) struct ArchiveRecord<'a> {
    bytes: u64,
    sha256: &'a str,
    kept_as: Option<String>,
}

impl<'a> ArchiveRecord<'a> {
    pub(crate) fn new(bytes: u64, sha256: &'a str, kept_as: Option<&PathBuf>) -> Self {
        let name = kept_as.and_then(|path| path.file_name());
        Self {
            bytes,
            sha256,
            kept_as: name.map(|name| name.to_string_lossy().into_owned()),
        }
    }
}

impl Manifest<'_> {
    /// Writes the file into `folder`.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), FileError> {
        self.write_to(&folder.join(MANIFEST))
    }

    /// Writes the file beside an archive that is not unpacked: the archive's name, followed by the usual one. The
    /// archive's name was free, so an existing file of this name belongs to an archive that no longer exists; it is
    /// renamed.
    pub(crate) fn write_beside(&self, archive: &Path) -> Result<(), FileError> {
        let path = beside(archive);
        if disk::exists(&path)?
            && StoredManifest::of(archive).is_none_or(|old| old.download != Some(self.download))
        {
            disk::move_aside(&path)?;
        }
        self.write_to(&path)
    }

    fn write_to(&self, path: &Path) -> Result<(), FileError> {
        let form = Form {
            format: FORMAT,
            program: env!("CARGO_PKG_NAME"),
            program_version: env!("CARGO_PKG_VERSION"),
            download: self.download.to_string(),
            server: self.server,
            server_version: self.server_version.as_deref(),
            finished: &self.finished,
            request: self.request,
            file: self.file,
            report: self.report,
            archives: &self.archives,
            replaces: self.replaces.map(|id| id.to_string()),
            snapshot: self.snapshot,
            files: self.files,
        };
        let json = serde_json::to_string_pretty(&form)
            .map_err(|error| FileError::from_write(path, error.into()))?;
        // Users may read it in a terminal: names from a server must not control it.
        disk::write_atomic(path, visible_json(&json).as_bytes())
    }
}

fn beside(archive: &Path) -> PathBuf {
    let mut name: OsString = archive.as_os_str().to_owned();
    name.push(".");
    name.push(MANIFEST);
    name.into()
}

/// The contents of the file, as far as they are needed to recognise a download.
pub(crate) struct StoredManifest {
    pub(crate) download: Option<JobId>,
    pub(crate) report: Report,
}

#[derive(Deserialize)]
struct WrittenForm {
    #[serde(default)]
    download: String,
    report: Report,
}

impl StoredManifest {
    /// Reads the file in a folder, or the one beside an archive.
    pub(crate) fn of(place: &Path) -> Option<Self> {
        let path = if place.is_dir() {
            place.join(MANIFEST)
        } else {
            beside(place)
        };
        // Reading a pipe of this name would block for ever.
        let is_file = fs::metadata(&path).ok()?.is_file();
        let bytes = is_file.then(|| fs::read(path).ok())??;
        let form: WrittenForm = serde_json::from_slice(without_bom(&bytes)).ok()?;
        Some(Self {
            download: JobId::parse(&form.download),
            report: form.report,
        })
    }
}
