//! Where results go: names that are free, and folders that can be written to.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::DownloadError;
use crate::model::{FileName, TargetKey};

/// The file beside the data that explains them: request, report, server, dates. Never a secret.
pub const MANIFEST: &str = "fragalysis-download.json";

/// The name of a target's folder: `<title>_<TAS>`.
pub fn folder_name(target: &TargetKey) -> FileName {
    FileName::sanitize(&format!("{}_{}", target.title, target.tas))
}

/// Bytes that are free where `folder` lies or will lie.
pub fn free_space(folder: &Path) -> Option<u64> {
    let existing = folder.ancestors().find(|path| path.exists())?;
    fs4::available_space(existing).ok()
}

/// Makes the folder, and proves that it can be written to before anything is asked of the server.
pub(super) fn prepare(parent: &Path) -> Result<(), DownloadError> {
    let refused = |source| DownloadError::from_write(parent, source);
    if parent.exists() && !parent.is_dir() {
        return Err(refused(io::Error::from(io::ErrorKind::NotADirectory)));
    }
    fs::create_dir_all(parent).map_err(refused)?;
    tempfile::Builder::new()
        .prefix(".fragalysis-")
        .suffix(".part")
        .tempfile_in(parent)
        .map_err(refused)?;
    Ok(())
}

/// The first of `name`, `name (2)`, `name (3)` … that is not taken. `ending` stays at the end.
pub(super) fn free_path(parent: &Path, name: &str, ending: &str) -> PathBuf {
    let mut path = parent.join(format!("{name}{ending}"));
    let mut number = 2;
    // A dangling link counts as taken too.
    while path.symlink_metadata().is_ok() {
        path = parent.join(format!("{name} ({number}){ending}"));
        number += 1;
    }
    path
}

/// Gives a finished folder its name. Never replaces anything.
pub(super) fn name_folder(
    from: &Path,
    parent: &Path,
    name: &str,
) -> Result<PathBuf, DownloadError> {
    let path = free_path(parent, name, "");
    fs::rename(from, &path).map_err(|source| DownloadError::from_write(&path, source))?;
    sync_folder(parent);
    Ok(path)
}

/// Makes the names in a folder survive a power cut, where the system can do that.
pub(super) fn sync_folder(folder: &Path) {
    // Windows cannot open folders as files, and some network disks refuse; the data are written anyway.
    if let Ok(folder) = fs::File::open(folder) {
        folder.sync_all().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_never_taken_for_free() {
        let home = tempfile::tempdir().unwrap();
        let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(name(free_path(home.path(), "Mpro_lb1-1", "")), "Mpro_lb1-1");
        fs::create_dir(home.path().join("Mpro_lb1-1")).unwrap();
        fs::write(home.path().join("Mpro_lb1-1 (2)"), "x").unwrap();
        assert_eq!(
            name(free_path(home.path(), "Mpro_lb1-1", "")),
            "Mpro_lb1-1 (3)"
        );
        assert_eq!(name(free_path(home.path(), "a", ".tar.gz")), "a.tar.gz");
    }

    #[test]
    fn a_file_where_the_folder_should_be_is_named() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("file");
        fs::write(&path, "x").unwrap();
        assert!(matches!(
            prepare(&path),
            Err(DownloadError::NotWritable { .. })
        ));
    }
}
