//! Reads data folders: from their record or, if there is none, from their contents.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    folder::{Basis, CreatedBy, Dataset},
    foreign, layout, local_changes,
    names::MANIFEST,
    record::Record,
};
use crate::disk::FileError;

impl Dataset {
    /// Reads a folder; `None` if it contains no data of this service.
    ///
    /// # Errors
    /// If it exists and cannot be read.
    pub fn read(place: &Path) -> Result<Option<Self>, FileError> {
        if !fs::metadata(place)
            .map_err(|error| FileError::from_read(place, error))?
            .is_dir()
        {
            return Ok(None);
        }
        match Record::of(place)? {
            Some(record) => Self::of_record(place, record).map(Some),
            None => foreign::read(place),
        }
    }

    fn of_record(place: &Path, record: Record) -> Result<Self, FileError> {
        let by_hand = local_changes::by_hand(place, &record)?;
        let holds = layout::holds(&record);
        let observations = match &holds {
            Some(holds) => holds.len(),
            None => foreign::count(&record),
        };
        let known = match (record.snapshot, holds) {
            (Some(snapshot), Some(holds)) => Some(Basis::Snapshot(snapshot, holds)),
            _ => foreign::codes(place)?.map(|codes| Basis::Codes(codes.downloaded)),
        };
        let upload = match &known {
            Some(Basis::Snapshot(snapshot, _)) => snapshot.last_upload().cloned(),
            _ => None,
        };
        Ok(Self {
            place: place.to_owned(),
            created_by: if record.is_newer {
                CreatedBy::NewerVersion
            } else {
                CreatedBy::ThisProgram
            },
            download: record.download,
            replaces: record.replaces,
            server: Some(record.server),
            target: record
                .request
                .as_ref()
                .map(|request| request.target.clone()),
            title: None,
            finished: record.finished,
            files: record.report.files,
            bytes: record.report.bytes,
            observations,
            kinds: record.report.kinds.clone(),
            upload,
            request: record.request,
            report: Some(record.report),
            local_changes: by_hand,
            known,
        })
    }
}

/// Returns the data folders in a folder, including itself: those of this program under any name, and others that look
/// like them. What cannot be read is skipped here; the error appears when it is opened by name.
pub fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let holds_data = |path: &Path| path.join(MANIFEST).is_file() || foreign::is_data_folder(path);
    if holds_data(folder) {
        return vec![folder.to_owned()];
    }
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut found: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        // Folders of unfinished downloads are hidden.
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
        .map(|entry| entry.path())
        .filter(|path| holds_data(path))
        .collect();
    found.sort();
    found
}
