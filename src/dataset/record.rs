//! Reads the file beside the data: also one written by an older or a newer version of this program.

use std::{fs, io, path::Path};

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    job_id::JobId,
    manifest::FORMAT,
    names::MANIFEST,
    records::FileRecord,
    report::{Outcome, Report},
    snapshot::Snapshot,
};
use crate::{
    disk::{FileError, SafePath, without_bom},
    model::{DownloadRequest, MediaFile},
};

/// Larger than the record of any folder: a hundred bytes for each of millions of files.
const LARGEST: u64 = 512 << 20;

/// The record of a folder. Entries that cannot be parsed are left out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    /// Whether a newer version of this program has written it, so that something may be missing here.
    pub(crate) is_newer: bool,
    pub(crate) download: Option<JobId>,
    pub(crate) server: String,
    pub(crate) finished: Option<Timestamp>,
    pub(crate) request: Option<DownloadRequest>,
    pub(crate) file: Option<MediaFile>,
    pub(crate) report: Report,
    pub(crate) files: Vec<FileRecord>,
    pub(crate) snapshot: Option<Snapshot>,
    /// The download whose folder this one replaces.
    pub(crate) replaces: Option<JobId>,
}

impl Record {
    /// Reads the record of a folder; `None` if there is none, or if it is not one of ours.
    pub(crate) fn of(folder: &Path) -> Result<Option<Self>, FileError> {
        let path = folder.join(MANIFEST);
        // Reading a pipe of this name would block for ever.
        let is_odd = |data: fs::Metadata| data.len() > LARGEST || !data.is_file();
        if fs::metadata(&path).is_ok_and(is_odd) {
            return Ok(None);
        }
        match fs::read(&path) {
            Ok(bytes) => Ok(Self::read(&bytes)),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(FileError::from_read(&path, error)),
        }
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut form: Map<String, Value> = serde_json::from_slice(without_bom(bytes)).ok()?;
        let format: u32 = take(&mut form, "format")?;
        let id = |form: &mut Map<String, Value>, key| {
            take::<String>(form, key).and_then(|text| JobId::parse(&text))
        };
        let download = id(&mut form, "download");
        let replaces = id(&mut form, "replaces");
        let files: Vec<FileRecord> = take(&mut form, "files")?;
        // A path that was edited by hand must not lead out of the folder.
        let is_inside =
            |file: &FileRecord| matches!(SafePath::parse(file.path.as_bytes()), Ok(Some(_)));
        if !files.iter().all(is_inside) {
            return None;
        }
        let report = take(&mut form, "report").unwrap_or_else(|| counted(&files));
        Some(Self {
            is_newer: format > FORMAT,
            download,
            server: take(&mut form, "server")?,
            finished: take(&mut form, "finished"),
            request: take(&mut form, "request"),
            file: take(&mut form, "file"),
            report,
            files,
            snapshot: take(&mut form, "snapshot"),
            replaces,
        })
    }
}

fn take<T: DeserializeOwned>(form: &mut Map<String, Value>, key: &str) -> Option<T> {
    serde_json::from_value(form.remove(key)?).ok()
}

/// Returns a report that knows only the existing files.
fn counted(files: &[FileRecord]) -> Report {
    Report {
        outcome: Outcome::Incomplete,
        ..Report::of_files(files)
    }
}
