//! Folders: free space, whether two paths mean the same folder, and permissions.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Resolves a folder that is a symlink, perhaps to another disk: the link belongs to the user and stays.
pub fn resolved_path(folder: &Path) -> PathBuf {
    if folder.is_symlink() {
        dunce::canonicalize(folder).unwrap_or_else(|_gone| folder.to_owned())
    } else {
        folder.to_owned()
    }
}

/// Returns a path that other programs can read: on Windows without `\\?\` in front, where that is possible.
pub fn plain_path(path: &Path) -> PathBuf {
    dunce::simplified(path).to_owned()
}

/// Returns `true` if two paths lead to the same folder: through a symlink, or in another case where case does not
/// count.
pub fn is_same_folder(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    one == other || real(one).is_some_and(|path| Some(path) == real(other))
}

/// Returns the free bytes where `folder` is or will be.
pub fn free_space(folder: &Path) -> Option<u64> {
    let existing = folder.ancestors().find(|path| path.exists())?;
    fs4::available_space(existing).ok()
}

/// Restricts a folder to its owner: downloads may be confidential.
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

/// Returns a path in the form in which Windows has no limit of 260 characters; elsewhere the path itself.
#[cfg_attr(
    not(windows),
    expect(clippy::unnecessary_wraps, reason = "elsewhere no system call is made")
)]
pub(super) fn without_limit(path: &Path) -> io::Result<PathBuf> {
    #[cfg(windows)]
    {
        use std::path::{Component, Prefix};
        let path = std::path::absolute(path)?;
        let mut components = path.components();
        let Some(Component::Prefix(prefix)) = components.next() else {
            return Ok(path);
        };
        let begins = match prefix.kind() {
            Prefix::Disk(letter) => format!(r"\\?\{}:\", char::from(letter)),
            Prefix::UNC(server, share) => format!(
                r"\\?\UNC\{}\{}\",
                server.to_string_lossy(),
                share.to_string_lossy()
            ),
            // In this form already, or a device.
            _ => return Ok(path),
        };
        let rest = components.filter(|component| *component != Component::RootDir);
        Ok(PathBuf::from(begins).join(rest.collect::<PathBuf>()))
    }
    #[cfg(not(windows))]
    Ok(path.to_owned())
}

/// Hides a folder whose name begins with a dot, on systems where the dot does not hide it.
pub(crate) fn hide(folder: &Path) {
    #[cfg(windows)]
    {
        use winsafe::{SetFileAttributes, co::FILE_ATTRIBUTE};
        // A file system without this attribute shows the folder; its name says what it is.
        let path = folder.to_string_lossy();
        if let Err(error) = SetFileAttributes(&path, FILE_ATTRIBUTE::HIDDEN) {
            tracing::info!(%error, "a part folder could not be hidden");
        }
    }
    #[cfg(not(windows))]
    let _ = folder;
}

/// Syncs the entries of a folder, where the system can do that, so that they survive a power cut.
pub(crate) fn sync_folder(folder: &Path) {
    // Windows cannot open folders as files, and some network disks refuse; the data are written anyway.
    if let Ok(folder) = fs::File::open(folder) {
        folder.sync_all().ok();
    }
}

/// Creates a file in a folder and removes it again: the only sure way to know that the folder is writable.
pub(crate) fn check_writable(folder: &Path) -> io::Result<()> {
    let proof = tempfile::Builder::new()
        .prefix(".fragalysis-")
        .suffix(".part")
        .tempfile_in(folder)?;
    drop(proof);
    Ok(())
}

#[cfg(all(test, windows))]
mod tests {
    use std::os::windows::fs::MetadataExt as _;

    use super::*;

    #[test]
    fn a_part_folder_is_not_seen_in_the_file_manager() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join(".Mpro.part");
        fs::create_dir(&folder).unwrap();
        hide(&folder);
        assert_eq!(folder.metadata().unwrap().file_attributes() & 2, 2);
        // Entries in it are not hidden, so they are visible after they have been moved out.
        let inner = folder.join("whole");
        fs::create_dir(&inner).unwrap();
        assert_eq!(inner.metadata().unwrap().file_attributes() & 2, 0);
    }

    #[test]
    fn paths_have_one_long_and_one_plain_form() {
        for (typed, long) in [
            (r"C:\data\..\a/b", r"\\?\C:\a\b"),
            (r"\\server\share\a", r"\\?\UNC\server\share\a"),
            (r"\\?\C:\a", r"\\?\C:\a"),
        ] {
            assert_eq!(without_limit(Path::new(typed)).unwrap(), Path::new(long));
        }
        assert_eq!(
            plain_path(Path::new(r"\\?\C:\a b\c")),
            Path::new(r"C:\a b\c")
        );
    }
}
