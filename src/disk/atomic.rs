//! Atomic writes: a file is the old one or the new one, never half of each.

use std::{
    fs::{self, File},
    io::{self, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::{
    busy::retry_while_busy,
    error::FileError,
    folders::{sync_folder, without_limit},
};

/// Returns `true` if a path is something other than a regular file: a pipe, a device, a socket. These are written to
/// directly; replacing one would take it from the program that reads from it.
fn is_special(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|data| !data.is_file() && !data.is_dir())
}

/// Writes a user's file to a temporary file beside it, and renames that once all of it is on the disk. Anything other
/// than a regular file is written to directly.
pub fn write_file<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    if let Some(mut stream) = standard_stream(path) {
        return copy_into(&mut *stream, write);
    }
    if is_special(path) {
        return write_into(path, write);
    }
    let path = &link_target(path)?;
    refuse_if_protected(path)?;
    if is_file_in_closed_folder(path) {
        return write_into(path, write);
    }
    write_temporary_then_rename(path, Permissions::Umask, write)
}

/// Refuses to replace a file that is write-protected: a new file in its place would lift the protection.
fn refuse_if_protected(path: &Path) -> io::Result<()> {
    match path.metadata() {
        Ok(data) if data.is_file() && data.permissions().readonly() => {
            Err(io::ErrorKind::PermissionDenied.into())
        }
        Ok(data) if data.is_file() => match File::options().write(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(error),
            Ok(_) | Err(_) => Ok(()),
        },
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Returns the standard stream that a path names. Its target may be a file that a script has begun and continues
/// to write to: opened by its name, it would be overwritten from the beginning.
fn standard_stream(path: &Path) -> Option<Box<dyn io::Write>> {
    match path.to_str()? {
        "/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1" => Some(Box::new(io::stdout())),
        "/dev/stderr" | "/dev/fd/2" | "/proc/self/fd/2" => Some(Box::new(io::stderr())),
        _ => None,
    }
}

/// Returns the target of a link, even if that file does not exist yet. Links that lead to each other have none: what
/// the user made of them is not replaced by a file.
fn link_target(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    // The maximum that Linux follows.
    for _ in 0..40 {
        let Ok(next) = fs::read_link(&target) else {
            return Ok(target);
        };
        let folder = target.parent().unwrap_or_else(|| Path::new(""));
        target = folder.join(next);
    }
    // The system's own words for it.
    path.metadata().map(|_| target)
}

/// Returns `true` if two files to be written would be the same one, perhaps through a link.
pub fn is_same_destination(one: &Path, other: &Path) -> bool {
    let destination = |path: &Path| {
        let path = link_target(path).unwrap_or_else(|_| path.to_owned());
        let folder = path
            .parent()
            .and_then(|folder| fs::canonicalize(folder).ok());
        match (folder, path.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => path,
        }
    };
    destination(one) == destination(other)
}

/// Returns `true` for a writable file in a read-only folder: no temporary file can be created beside it.
fn is_file_in_closed_folder(path: &Path) -> bool {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let is_closed = || {
        let probe = part_in(folder.unwrap_or_else(|| Path::new(".")), Permissions::Umask);
        probe.is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
    };
    path.is_file() && is_closed() && File::options().write(true).open(path).is_ok()
}

/// Like [`write_file`], for the program's own files: only the user can read them.
pub(crate) fn write_private<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    write_temporary_then_rename(path, Permissions::Private, write)
}

/// The permissions of a new file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Permissions {
    /// According to the user's umask.
    Umask,
    /// Only the user can read it.
    Private,
}

/// Written to memory first: a workbook is not written from front to back, and a pipe accepts nothing else.
fn write_into<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let mut into = File::options().write(true).open(path)?;
    if !into.metadata()?.is_file() {
        return copy_into(&mut into, write);
    }
    // The old contents are restored if the new ones cannot be written.
    let mut old = tempfile::tempfile()?;
    io::copy(&mut File::open(path)?, &mut old)?;
    let written = copy_into(&mut into, |aside| {
        write(aside)?;
        // Truncate only once all of the new contents exist.
        Ok(File::options().write(true).open(path)?.set_len(0)?)
    });
    if written.is_err() {
        old.rewind()?;
        into.set_len(0)?;
        into.rewind()?;
        io::copy(&mut old, &mut into)?;
    }
    written
}

fn copy_into<E: From<io::Error>>(
    into: &mut (impl io::Write + ?Sized),
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let mut aside = tempfile::tempfile()?;
    write(&mut aside)?;
    aside.rewind()?;
    io::copy(&mut aside, into)?;
    Ok(into.flush()?)
}

fn write_temporary_then_rename<E: From<io::Error>>(
    path: &Path,
    rights: Permissions,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    // The user's own link may lead to another disk; its target is the file to be replaced.
    let path = &fs::canonicalize(path).unwrap_or_else(|_not_there| path.to_owned());
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // `persist` fails on long paths otherwise.
    let folder = without_limit(folder)?;
    let path = path
        .file_name()
        .map_or_else(|| path.clone(), |name| folder.join(name));
    let mut part = part_in(&folder, rights)?;
    write(part.as_file_mut())?;
    part.as_file().sync_all()?;
    if let Ok(old) = path.metadata() {
        part.as_file().set_permissions(old.permissions())?;
    }
    persist_as(part, &path)?;
    sync_folder(&folder);
    Ok(())
}

/// Renames a temporary file to its final name, replacing an earlier file.
fn persist_as(part: NamedTempFile, path: &Path) -> io::Result<()> {
    let mut waiting = Some(part);
    retry_while_busy(|| {
        let part = waiting.take().ok_or(io::ErrorKind::NotFound)?;
        let named = part.persist(path);
        named.map(drop).map_err(|failed| {
            waiting = Some(failed.file);
            failed.error
        })
    })
}

/// Writes a file for another program into the system's temporary folder, readable by its owner only. The system
/// removes it some day: it is unknown how long the other program needs it.
///
/// # Errors
/// If the file cannot be written.
pub fn write_temporary(ending: &str, text: &str) -> io::Result<PathBuf> {
    let mut file = tempfile::Builder::new()
        .prefix("fragalysis-")
        .suffix(ending)
        .tempfile()?;
    file.write_all(text.as_bytes())?;
    let (_, path) = file.keep().map_err(|error| error.error)?;
    Ok(path)
}

/// Creates a temporary file beside its destination. Temporary files are readable by their owner only; a file saved
/// for a group must be readable by the group.
fn part_in(folder: &Path, rights: Permissions) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".").suffix(".part");
    #[cfg(unix)]
    if rights == Permissions::Umask {
        use std::os::unix::fs::PermissionsExt as _;
        // The system applies the user's umask.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = rights;
    builder.tempfile_in(folder)
}

/// Writes a small file atomically, replacing an earlier one. It gets the permissions that the user gives to new
/// files: it may be in a folder that a group shares.
pub(crate) fn write_atomic(path: &Path, contents: &[u8]) -> Result<(), FileError> {
    write_temporary_then_rename(path, Permissions::Umask, |file| file.write_all(contents))
        .map_err(|source| FileError::from_write(path, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As for a writable file in a read-only folder.
    #[test]
    fn an_in_place_write_that_fails_restores_the_old_contents() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("table.csv");
        fs::write(&path, "a longer old text").unwrap();
        let failed = write_into(&path, |file| {
            file.write_all(b"half")?;
            Err(io::Error::other("in the middle"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "in the middle");
        assert_eq!(fs::read_to_string(&path).unwrap(), "a longer old text");
        write_into(&path, |file| file.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("table.csv");
        write_file::<io::Error>(&path, |file| file.write_all(b"old")).unwrap();
        let failed = write_file::<io::Error>(&path, |file| {
            file.write_all(b"half of the n")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn paths_may_exceed_the_windows_limit() {
        let home = tempfile::tempdir().unwrap();
        let folder = (0..8).fold(home.path().to_owned(), |folder, _| {
            folder.join("forty characters in the name of a folder")
        });
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("table.csv");
        assert!(path.as_os_str().len() > 300);
        for text in ["old", "new"] {
            write_file::<io::Error>(&path, |file| file.write_all(text.as_bytes())).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_user_file_follows_the_umask_and_a_link_stays_a_link() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let home = tempfile::tempdir().unwrap();
        let usual = home.path().join("usual");
        fs::write(&usual, "").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let path = home.path().join("table.csv");
        write_file::<io::Error>(&path, |file| file.write_all(b"x")).unwrap();
        assert_eq!(mode(&path), mode(&usual));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let link = home.path().join("link.csv");
        symlink(&path, &link).unwrap();
        write_file::<io::Error>(&link, |file| file.write_all(b"new")).unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(
            (fs::read(&path).unwrap(), mode(&path)),
            (b"new".to_vec(), 0o640)
        );
        assert!(!is_special(&path) && is_special(Path::new("/dev/null")));
    }
}
