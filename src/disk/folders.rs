//! Folders: how much room there is, which of two paths mean the same, and rights.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Where a folder really lies: a link to it, perhaps to another disk, is the user's and stays.
pub fn real_place(folder: &Path) -> PathBuf {
    if folder.is_symlink() {
        fs::canonicalize(folder).unwrap_or_else(|_gone| folder.to_owned())
    } else {
        folder.to_owned()
    }
}

/// Whether two paths lead to the same folder: over a link, or in other letters where these do not count.
pub fn is_same_folder(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    one == other || real(one).is_some_and(|path| Some(path) == real(other))
}

/// Bytes that are free where `folder` lies or will lie.
pub fn free_space(folder: &Path) -> Option<u64> {
    let existing = folder.ancestors().find(|path| path.exists())?;
    fs4::available_space(existing).ok()
}

/// A folder that only its owner can look into: what someone downloads may be no one else's business.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Makes the names in a folder survive a power cut, where the system can do that.
pub(crate) fn sync_folder(folder: &Path) {
    // Windows cannot open folders as files, and some network disks refuse; the data are written anyway.
    if let Ok(folder) = fs::File::open(folder) {
        folder.sync_all().ok();
    }
}

/// Makes a file in a folder and removes it again: the only sure way to know that one can write there.
pub(crate) fn try_writing(folder: &Path) -> io::Result<()> {
    let proof = tempfile::Builder::new()
        .prefix(".fragalysis-")
        .suffix(".part")
        .tempfile_in(folder)?;
    drop(proof);
    Ok(())
}
