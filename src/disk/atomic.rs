//! Files that are the old one or the new one, never half of each.

use std::{
    fs::{self, File},
    io::{self, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::{
    busy::patiently,
    error::FileError,
    folders::{sync_folder, without_limit},
};

/// Whether something other than a plain file stands at a path: a pipe, a device, a socket. Such a thing is written
/// into; to put a file in its place would take it from anyone who waits at its other end.
fn is_special(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|data| !data.is_file() && !data.is_dir())
}

/// Writes a file of the user's beside its place and gives it its name only when all of it is on the disk. What is
/// no plain file is written into.
pub fn write_file<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    if is_special(path) {
        return write_into(path, write);
    }
    write_aside(path, Rights::OfTheUser, write)
}

/// The same for what this program keeps for itself: no one else can read it.
pub(crate) fn write_private<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    write_aside(path, Rights::Private, write)
}

/// Who may read a file that was not there before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rights {
    /// Anyone who the user lets read new files.
    OfTheUser,
    /// The user only.
    Private,
}

/// Made aside first: a workbook is not written from front to back, and a pipe takes nothing else.
fn write_into<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let mut aside = tempfile::tempfile()?;
    write(&mut aside)?;
    aside.rewind()?;
    let mut special = File::options().write(true).open(path)?;
    io::copy(&mut aside, &mut special)?;
    Ok(special.flush()?)
}

fn write_aside<E: From<io::Error>>(
    path: &Path,
    rights: Rights,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    // The user's own link may lead to another disk; the file that it leads to is the one that is meant.
    let path = &fs::canonicalize(path).unwrap_or_else(|_not_there| path.to_owned());
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Temporary files cannot be kept under a long path otherwise.
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
    name(part, &path)?;
    sync_folder(&folder);
    Ok(())
}

/// Gives a temporary file its name, in place of an earlier file.
fn name(part: NamedTempFile, path: &Path) -> io::Result<()> {
    let mut waiting = Some(part);
    patiently(|| {
        let part = waiting.take().ok_or(io::ErrorKind::NotFound)?;
        let named = part.persist(path);
        named.map(drop).map_err(|failed| {
            waiting = Some(failed.file);
            failed.error
        })
    })
}

/// Writes a file for another program into the system's temporary place, for its owner only. The system removes it
/// one day: how long the other program needs it no one knows.
///
/// # Errors
/// When the disk refuses.
pub fn write_temporary(ending: &str, text: &str) -> io::Result<PathBuf> {
    let mut file = tempfile::Builder::new()
        .prefix("fragalysis-")
        .suffix(ending)
        .tempfile()?;
    file.write_all(text.as_bytes())?;
    let (_, path) = file.keep().map_err(|error| error.error)?;
    Ok(path)
}

/// A file that grows beside its place. Temporary files are for their owner only; what is saved for a group must be
/// readable for it.
fn part_in(folder: &Path, rights: Rights) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".").suffix(".part");
    #[cfg(unix)]
    if rights == Rights::OfTheUser {
        use std::os::unix::fs::PermissionsExt as _;
        // The system takes away what the user's umask says.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = rights;
    builder.tempfile_in(folder)
}

/// Writes a small file so that it is either whole or not there, in place of an earlier one. It has the rights that
/// the user gives to new files: it may lie in a folder that a group shares.
pub(crate) fn write_whole(path: &Path, contents: &[u8]) -> Result<(), FileError> {
    write_aside(path, Rights::OfTheUser, |file| file.write_all(contents))
        .map_err(|source| FileError::from_write(path, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_in_the_middle_leaves_the_old_file() {
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
    fn paths_may_be_longer_than_windows_likes_them() {
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
    fn a_file_for_the_user_has_the_rights_that_the_user_gives_and_a_link_stays_one() {
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
