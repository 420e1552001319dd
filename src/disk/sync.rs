//! Syncing to disk, so that data survives a power cut.

use std::{fs, io, path::Path};

use super::error::FileError;

/// Syncs one file to disk, where the whole folder cannot be synced at once later.
pub(crate) fn sync_file(file: &fs::File) -> io::Result<()> {
    if cfg!(target_os = "linux") {
        let _ = file;
        return Ok(());
    }
    file.sync_all()
}

/// Makes everything below a folder survive a power cut.
pub(crate) fn sync_tree(folder: &Path) -> Result<(), FileError> {
    #[cfg(target_os = "linux")]
    {
        let refused = |source| FileError::from_write(folder, source);
        let file = fs::File::open(folder).map_err(refused)?;
        rustix::fs::syncfs(&file).map_err(|error| refused(error.into()))
    }
    #[cfg(not(target_os = "linux"))]
    {
        // The files were synced one by one; only their folder entries are left.
        super::folders::sync_folder(folder);
        for entry in super::walk(folder) {
            let entry = entry?;
            if entry.file_type().is_dir() {
                super::folders::sync_folder(entry.path());
            }
        }
        Ok(())
    }
}
