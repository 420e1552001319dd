//! Records to which download a hidden folder belongs and whether it is in use, for when the journal lacks it.

use std::{
    ffi::OsStr,
    fs::{self, File, TryLockError},
    io::Read as _,
    path::Path,
};

use super::{OVER, PLAN, WorkDir};
use crate::{
    disk::{remove, write_json},
    downloads::{DownloadError, SavedJob},
};

/// What the download is.
const RECORD: &str = "download.json";
/// Locked while a worker is active. A separate file: on some network drives no one else can read a locked file.
const LOCK: &str = "lock";
/// Longer than any record of a download, in bytes.
const LONGEST_RECORD: u64 = 64 << 20;

/// What a hidden folder without a record in the journal is.
pub(in crate::downloads) enum Found {
    /// A running copy of the program is working in it.
    InUse,
    /// It was to be removed.
    Over,
    /// It belongs to this download.
    Download(Box<SavedJob>),
    /// It contains data, but it is unknown for which download.
    Unknown,
    /// It contains nothing of value.
    Nothing,
}

impl WorkDir {
    /// Locks the folder, and records for which download.
    ///
    /// # Errors
    /// [`DownloadError::InUse`] if another process is the owner, or if the file system operation fails.
    pub(in crate::downloads) fn hold(
        &mut self,
        record: Option<&SavedJob>,
    ) -> Result<(), DownloadError> {
        if self.lock.is_none() {
            self.lock = match lock(&self.folder) {
                Ok(file) => Some(file),
                Err(TryLockError::WouldBlock) => return Err(DownloadError::InUse),
                Err(TryLockError::Error(error)) => {
                    // Some network drives have no locks; it works without.
                    tracing::warn!(%error, "a part folder could not be locked");
                    None
                }
            };
        }
        match record {
            Some(record) => Ok(write_json(&self.folder.join(RECORD), record)?),
            None => Ok(()),
        }
    }

    /// Releases the folder, so that it can be removed on every file system.
    pub(in crate::downloads) fn release(&mut self) {
        self.lock = None;
    }

    /// Classifies a hidden folder that is not in the journal.
    pub(in crate::downloads) fn look(folder: &Path) -> Found {
        if matches!(lock(folder), Err(TryLockError::WouldBlock)) {
            return Found::InUse;
        }
        if folder.join(OVER).is_file() {
            return Found::Over;
        }
        match (record_in(folder), folder.join(PLAN).is_file()) {
            (Some(record), _) => Found::Download(Box::new(record)),
            (None, true) => Found::Unknown,
            (None, false) => Found::Nothing,
        }
    }

    /// Removes a hidden folder. If that fails, what is left says that it was to be removed, and no longer what it
    /// was.
    pub(in crate::downloads) fn remove_folder(folder: &Path) -> Result<(), DownloadError> {
        // It does not exist if there was no plan yet; then the folder is as good as empty.
        fs::rename(folder.join(PLAN), folder.join(OVER)).ok();
        remove(&folder.join(RECORD))?;
        let entries = fs::read_dir(folder).into_iter().flatten();
        for entry in entries.filter_map(Result::ok) {
            if entry.file_name() != OsStr::new(OVER) {
                remove(&entry.path())?;
            }
        }
        Ok(remove(folder)?)
    }
}

fn record_in(folder: &Path) -> Option<SavedJob> {
    let path = folder.join(RECORD);
    // Reading anything else, such as a pipe, would never end.
    path.symlink_metadata().ok().filter(fs::Metadata::is_file)?;
    let mut read = Vec::new();
    let file = File::open(&path).ok()?;
    file.take(LONGEST_RECORD).read_to_end(&mut read).ok()?;
    serde_json::from_slice(&read).ok()
}

fn lock(folder: &Path) -> Result<File, TryLockError> {
    let mut options = File::options();
    // Network drives lock only files that are open for writing.
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(folder.join(LOCK));
    let file = file.map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}
