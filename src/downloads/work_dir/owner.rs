//! Whose a hidden folder is and who is at work in it, for when no note names its download any more.

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
/// Locked as long as someone is at work. A file of its own: on some network disks no one else can read a file that
/// is locked.
const LOCK: &str = "lock";
/// Longer than any record of a download, in bytes.
const LONGEST_RECORD: u64 = 64 << 20;

/// What a hidden folder without a note is.
pub(in crate::downloads) enum Found {
    /// A running copy of the program is at work in it.
    InUse,
    /// All of it was to be removed.
    Over,
    /// The download that it is of.
    Download(Box<SavedJob>),
    /// Something has come, but no one knows for which download.
    Unknown,
    /// Nothing of worth is in it.
    Nothing,
}

impl WorkDir {
    /// Says that someone is at work, and notes for whom.
    ///
    /// # Errors
    /// [`DownloadError::InUse`] when someone else is, and when the disk refuses.
    pub(in crate::downloads) fn hold(
        &mut self,
        record: Option<&SavedJob>,
    ) -> Result<(), DownloadError> {
        if self.lock.is_none() {
            self.lock = match lock(&self.folder) {
                Ok(file) => Some(file),
                Err(TryLockError::WouldBlock) => return Err(DownloadError::InUse),
                Err(TryLockError::Error(error)) => {
                    // Some network disks have no locks; it runs as well.
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

    /// Lets go of the folder, so that it can be removed on every disk.
    pub(in crate::downloads) fn let_go(&mut self) {
        self.lock = None;
    }

    /// What a hidden folder is that no note names.
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

    /// Removes a hidden folder. Where the disk refuses, what is left says that it was to go, and not what it was.
    pub(in crate::downloads) fn remove_folder(folder: &Path) -> Result<(), DownloadError> {
        // Not there where there was no plan yet; then the folder is as good as empty.
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
    // Anything else, such as a pipe, would never end.
    path.symlink_metadata().ok().filter(fs::Metadata::is_file)?;
    let mut read = Vec::new();
    let file = File::open(&path).ok()?;
    file.take(LONGEST_RECORD).read_to_end(&mut read).ok()?;
    serde_json::from_slice(&read).ok()
}

fn lock(folder: &Path) -> Result<File, TryLockError> {
    let mut options = File::options();
    // Network disks lock only what is open for writing.
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(folder.join(LOCK));
    let file = file.map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}
