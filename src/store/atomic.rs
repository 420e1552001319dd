//! Files that are the old one or the new one, never half of each.

use std::{
    fs::File,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Writes a file beside its place and gives it its name only when all of it is on the disk.
pub fn write_file<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut part = tempfile::Builder::new()
        .prefix(".")
        .suffix(".part")
        .tempfile_in(folder)?;
    write(part.as_file_mut())?;
    part.as_file().sync_all()?;
    let rights = usual_rights(path, part.as_file())?;
    part.as_file().set_permissions(rights)?;
    part.persist(path).map_err(|error| error.error)?;
    // Makes the name survive a power cut, where a folder can be opened as a file.
    if let Ok(folder) = File::open(folder) {
        folder.sync_all().ok();
    }
    Ok(())
}

/// Writes a file for another program into the system's temporary place, for its owner only. The system removes it
/// one day: how long the other program needs it nobody knows.
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

/// The rights of the file that is replaced; temporary files are for their owner only.
fn usual_rights(path: &Path, new: &File) -> io::Result<std::fs::Permissions> {
    match path.metadata() {
        Ok(old) => Ok(old.permissions()),
        Err(_) => Ok(new.metadata()?.permissions()),
    }
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
}
