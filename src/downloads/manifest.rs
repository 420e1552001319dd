//! The file beside the data that explains them years later.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    DownloadError, FileRecord, JobId, Report, Snapshot,
    place::{self, MANIFEST},
    unpack,
    work_dir::{self, PartRecord},
};
use crate::model::{DownloadRequest, MediaFile};

/// Counts changes of the file's form.
pub(super) const FORMAT: u32 = 3;

/// What was asked of whom, what came, and every file with its checksum. Never a secret.
pub(super) struct Manifest<'a> {
    pub(super) download: JobId,
    pub(super) server: &'a str,
    pub(super) server_version: Option<String>,
    pub(super) finished: String,
    /// `None` where it is not known.
    pub(super) request: Option<&'a DownloadRequest>,
    /// The file that was fetched by itself.
    pub(super) file: Option<&'a MediaFile>,
    pub(super) report: &'a Report,
    pub(super) archives: Vec<ArchiveRecord<'a>>,
    pub(super) files: &'a [FileRecord],
    /// What the server held when it was asked.
    pub(super) snapshot: Option<&'a Snapshot>,
    /// The download whose folder this one takes the place of.
    pub(super) replaces: Option<JobId>,
}

/// The form in the file.
#[derive(Serialize)]
struct Form<'a> {
    format: u32,
    program: &'static str,
    program_version: &'static str,
    /// Tells this download apart from all others.
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

/// An archive that the files came in.
#[derive(Serialize)]
pub(super) struct ArchiveRecord<'a> {
    bytes: u64,
    sha256: &'a str,
    kept_as: Option<String>,
}

impl<'a> ArchiveRecord<'a> {
    pub(super) fn new(part: &'a PartRecord, kept_as: Option<&PathBuf>) -> Self {
        let name = kept_as.and_then(|path| path.file_name());
        Self {
            bytes: part.bytes,
            sha256: &part.sha256,
            kept_as: name.map(|name| name.to_string_lossy().into_owned()),
        }
    }
}

impl Manifest<'_> {
    /// Writes the file into `folder`.
    pub(super) fn write(&self, folder: &Path) -> Result<(), DownloadError> {
        self.write_to(&folder.join(MANIFEST))
    }

    /// Writes the file beside an archive that is not unpacked: its name, and behind it the usual one. The
    /// archive's name was free, so what is at this one belongs to an archive that is gone; it is put aside.
    pub(super) fn write_beside(&self, archive: &Path) -> Result<(), DownloadError> {
        let path = beside(archive);
        if work_dir::is_there(&path)?
            && Written::of(archive).is_none_or(|old| old.download != Some(self.download))
        {
            place::put_aside(&path)?;
        }
        self.write_to(&path)
    }

    fn write_to(&self, path: &Path) -> Result<(), DownloadError> {
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
        let json = serde_json::to_vec_pretty(&form)
            .ok()
            .ok_or(DownloadError::Crashed)?;
        unpack::write_whole(path, &json)
    }
}

fn beside(archive: &Path) -> PathBuf {
    let mut name: OsString = archive.as_os_str().to_owned();
    name.push(".");
    name.push(MANIFEST);
    name.into()
}

/// What the file says, as far as it is needed to recognise a download.
pub(super) struct Written {
    pub(super) download: Option<JobId>,
    pub(super) report: Report,
}

#[derive(Deserialize)]
struct WrittenForm {
    #[serde(default)]
    download: String,
    report: Report,
}

impl Written {
    /// Reads the file of a folder, or the one beside an archive.
    pub(super) fn of(place: &Path) -> Option<Self> {
        let path = if place.is_dir() {
            place.join(MANIFEST)
        } else {
            beside(place)
        };
        // A pipe of this name would be waited for without end.
        let is_file = fs::metadata(&path).ok()?.is_file();
        let bytes = is_file.then(|| fs::read(path).ok())??;
        let form: WrittenForm = serde_json::from_slice(&bytes).ok()?;
        Some(Self {
            download: JobId::parse(&form.download),
            report: form.report,
        })
    }
}
