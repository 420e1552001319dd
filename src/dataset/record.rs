//! The file beside the data, read back: also one that an older or a newer version of this program has written.

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
    disk::{FileError, SafePath},
    model::{DownloadRequest, MediaFile},
};

/// Larger than the record of any folder: hundred bytes for each of millions of files.
const LARGEST: u64 = 512 << 20;

/// What a folder says about itself. What cannot be read of it is not there.
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
    /// The download whose folder this one has taken the place of.
    pub(crate) replaces: Option<JobId>,
}

impl Record {
    /// Reads the record of a folder; `None` where there is none, or where it is none of ours.
    pub(crate) fn of(folder: &Path) -> Result<Option<Self>, FileError> {
        let path = folder.join(MANIFEST);
        // A pipe of this name would be waited for without end.
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
        let mut form: Map<String, Value> = serde_json::from_slice(bytes).ok()?;
        let format: u32 = take(&mut form, "format")?;
        let id = |form: &mut Map<String, Value>, key| {
            take::<String>(form, key).and_then(|text| JobId::parse(&text))
        };
        let download = id(&mut form, "download");
        let replaces = id(&mut form, "replaces");
        let files: Vec<FileRecord> = take(&mut form, "files")?;
        // One that someone has written by hand must not lead elsewhere.
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

/// A report of which nothing is known but what is there.
fn counted(files: &[FileRecord]) -> Report {
    Report {
        outcome: Outcome::Incomplete,
        ..Report::of_files(files)
    }
}
