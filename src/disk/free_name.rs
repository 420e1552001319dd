//! Unused names: an existing file or folder is never replaced.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use super::{busy::retry_while_busy, error::FileError};

/// Maximum number of candidates for a name.
const MOST: u32 = 100_000;

/// Returns the candidates for a name: `name`, `name (2)`, `name (3)` …, each with the extension `ending`.
fn candidates(parent: &Path, name: &str, ending: &str) -> impl Iterator<Item = PathBuf> {
    (1..=MOST).map(move |number| match number {
        1 => parent.join(format!("{name}{ending}")),
        _ => parent.join(format!("{name} ({number}){ending}")),
    })
}

/// Moves to the first name that is unused at this moment.
pub(crate) fn move_to_free_name(
    from: &Path,
    parent: &Path,
    name: &str,
    ending: &str,
) -> Result<PathBuf, FileError> {
    with_free_name(parent, name, ending, |path| rename_to_free(from, path))
}

/// Takes the first name that is unused at this moment.
pub(crate) fn with_free_name(
    parent: &Path,
    name: &str,
    ending: &str,
    take: impl Fn(&Path) -> io::Result<()>,
) -> Result<PathBuf, FileError> {
    // Two names that differ only in case are the same on Windows and macOS, to which a copy may be moved.
    let taken = names_in(parent);
    for path in candidates(parent, name, ending) {
        let own = path.file_name().unwrap_or_default().to_string_lossy();
        if taken.contains(&own.to_lowercase()) {
            continue;
        }
        match take(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(FileError::from_write(&path, error)),
        }
    }
    Err(FileError::NoFreeName {
        path: parent.join(name),
    })
}

/// Returns the names in a folder in lower case. Only a hint: only creating a file shows whether its name is free.
fn names_in(folder: &Path) -> HashSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let names = entries.filter_map(Result::ok);
    names
        .map(|entry| entry.file_name().to_string_lossy().to_lowercase())
        .collect()
}

/// Renames without ever replacing anything.
pub(crate) fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            // Some network disks cannot do it in one step.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {}
            result => return result.map_err(Into::into),
        }
    }
    // The name of a dangling link is taken, too.
    if to.symlink_metadata().is_ok() {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists));
    }
    retry_while_busy(|| fs::rename(from, to))
}

/// Renames whatever is in the way, because it may belong to the user.
pub(crate) fn move_aside(path: &Path) -> Result<(), FileError> {
    let parent = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let aside = format!("{name} (before)");
    move_to_free_name(path, parent, &aside, "").map(drop)
}
