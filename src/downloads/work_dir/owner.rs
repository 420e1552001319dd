//! Whose a hidden folder is, for when no note names its download any more.

use std::{
    fs::{self, File, TryLockError},
    io::Read as _,
    path::Path,
};

use super::{OVER, WorkDir, write_json};
use crate::downloads::{DownloadError, JobRecord};

/// What the download is.
const RECORD: &str = "download.json";
/// Longer than any record of a download, in bytes.
const LONGEST_RECORD: u64 = 64 << 20;

impl WorkDir {
    /// Notes what the download is, and that someone is at work.
    pub(in crate::downloads) fn sign(&mut self, record: &JobRecord) -> Result<(), DownloadError> {
        let path = self.folder.join(RECORD);
        self.lock = None;
        write_json(&path, record)?;
        // Without a lock it runs as well: some network disks have none.
        self.lock = File::open(&path)
            .ok()
            .filter(|file| file.try_lock().is_ok());
        Ok(())
    }

    /// The download that a hidden folder is of.
    pub(in crate::downloads) fn record_in(folder: &Path) -> Option<JobRecord> {
        let path = folder.join(RECORD);
        // Anything else, such as a pipe, would never end.
        path.symlink_metadata().ok().filter(fs::Metadata::is_file)?;
        let mut read = Vec::new();
        let file = File::open(&path).ok()?;
        file.take(LONGEST_RECORD).read_to_end(&mut read).ok()?;
        serde_json::from_slice(&read).ok()
    }

    /// Whether a running copy of the program is at work in a hidden folder.
    pub(in crate::downloads) fn is_in_use(folder: &Path) -> bool {
        let file = File::open(folder.join(RECORD));
        file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    }

    /// Whether all of a hidden folder was to be removed.
    pub(in crate::downloads) fn is_over(folder: &Path) -> bool {
        folder.join(OVER).is_file()
    }
}
