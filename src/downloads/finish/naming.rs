//! Where results go: unused names, and writable folders.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    dataset::JobId,
    disk::{
        FileError, check_writable, move_to_free_name, rename_to_free, sync_folder, with_free_name,
    },
    downloads::{DownloadError, OnExisting},
};

/// Creates the folder, and checks that it is writable before anything is requested from the server.
pub(in crate::downloads) fn prepare(parent: &Path, id: JobId) -> Result<(), DownloadError> {
    let refused = |source| DownloadError::from_write(parent, source);
    if parent.exists() && !parent.is_dir() {
        return Err(refused(io::Error::from(io::ErrorKind::NotADirectory)));
    }
    let is_new = !parent.exists();
    fs::create_dir_all(parent).map_err(refused)?;
    check_writable(parent).map_err(refused)?;
    if is_new {
        // Records that this program created the folder, in case the download brings nothing.
        fs::write(owner_marker(parent, id), "").map_err(refused)?;
    }
    Ok(())
}

fn owner_marker(parent: &Path, id: JobId) -> PathBuf {
    parent.join(format!(".made-for-{id}.part"))
}

/// Removes the record that the folder was created for a download.
pub(in crate::downloads) fn remove_marker(parent: &Path, id: JobId) {
    // It exists only in a folder that was created for this download.
    fs::remove_file(owner_marker(parent, id)).ok();
}

/// Removes a folder that was created for a download that brought nothing.
pub(in crate::downloads) fn remove_if_empty(parent: &Path, id: JobId) {
    let is_ours = owner_marker(parent, id).exists();
    let count = fs::read_dir(parent).map_or(usize::MAX, Iterator::count);
    if is_ours && count == 1 {
        remove_marker(parent, id);
        // If the user has put something into it in the meantime, it stays.
        fs::remove_dir(parent).ok();
    }
}

/// Gives a finished folder its final name. Never replaces anything: with [`OnExisting::Update`] the existing folder
/// is renamed first, and its new path is returned too.
pub(super) fn name_folder(
    from: &Path,
    parent: &Path,
    name: &str,
    placing: OnExisting,
    date: &str,
) -> Result<(PathBuf, Option<PathBuf>), DownloadError> {
    let mut before = None;
    let path = parent.join(name);
    // A symlink of this name leads to a folder elsewhere; it is not moved, and the new folder gets another name.
    if placing == OnExisting::Update && path.symlink_metadata().is_ok_and(|data| !data.is_symlink())
    {
        let aside = format!("{name} (before {date})");
        before = Some(move_to_free_name(&path, parent, &aside, "")?);
    }
    let place = move_to_free_name(from, parent, name, "").inspect_err(|_| {
        if let Some(before) = &before {
            // The old folder gets its name back; if even that fails, it still has the other one.
            rename_to_free(before, &path).ok();
        }
    })?;
    sync_folder(parent);
    Ok((place, before))
}

/// Gives a file its final name, and leaves it at the old place too if the file system supports hard links.
pub(super) fn name_file(
    from: &Path,
    parent: &Path,
    name: &str,
    ending: &str,
) -> Result<PathBuf, DownloadError> {
    let linked = with_free_name(parent, name, ending, |path| fs::hard_link(from, path));
    match linked {
        // No hard links on this file system: it has to be moved.
        Err(FileError::Write { .. }) => Ok(move_to_free_name(from, parent, name, ending)?),
        linked => Ok(linked?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    use crate::{
        dataset::folder_name,
        model::{FileName, TargetKey},
    };

    fn named(home: &Path, name: &str, placing: OnExisting) -> (String, Option<String>) {
        let from = home.join("from.part");
        fs::create_dir(&from).unwrap();
        let text = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        let (place, before) = name_folder(&from, home, name, placing, "2026-11-24").unwrap();
        (text(place), before.map(text))
    }

    #[test]
    fn existing_names_are_never_reused() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        let name = "Mpro_lb1-1";
        assert_eq!(named(home, name, OnExisting::Beside).0, name);
        // An empty folder and a file are taken, too.
        fs::write(home.join("Mpro_lb1-1 (2)"), "x").unwrap();
        assert_eq!(named(home, name, OnExisting::Beside).0, "Mpro_lb1-1 (3)");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("nowhere", home.join("Mpro_lb1-1 (4)")).unwrap();
            assert_eq!(named(home, name, OnExisting::Beside).0, "Mpro_lb1-1 (5)");
        }
    }

    #[test]
    fn an_update_takes_the_name_and_keeps_what_was_there() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        fs::create_dir(home.join("A_lb1-1")).unwrap();
        fs::write(home.join("A_lb1-1/notes.txt"), "mine").unwrap();
        let (place, before) = named(home, "A_lb1-1", OnExisting::Update);
        assert_eq!(place, "A_lb1-1");
        let before = home.join(before.unwrap());
        assert_eq!(fs::read(before.join("notes.txt")).unwrap(), b"mine");
        assert_eq!(fs::read_dir(home.join("A_lb1-1")).unwrap().count(), 0);
    }

    /// Generates an unusual title or target access string.
    fn odd(rng: &mut fastrand::Rng) -> String {
        const PIECES: [&str; 30] = [
            "Mpro", "mpro", "A71EV2A", "/", "\\", ":", "*", "?", "..", ".", " ", "con", "NUL",
            "com1", "COM¹", "lpt9.txt", "ä", "a\u{308}", "日本", "\u{202e}", "\t", "\n", "\0",
            "\u{7f}", "~", "$x", "%y%", "-", "_", "lb1-1",
        ];
        let mut text = String::new();
        for _ in 0..rng.usize(0..5) {
            text.push_str(PIECES[rng.usize(0..PIECES.len())]);
        }
        if rng.u8(0..20) == 0 {
            text = text.repeat(100);
        }
        text
    }

    #[test]
    fn every_name_is_legal_everywhere_and_no_two_are_alike_anywhere() {
        let mut rng = fastrand::Rng::with_seed(20);
        let home = tempfile::tempdir().unwrap();
        let from = home.path().join("from.part");
        let parent = home.path().join("data");
        fs::create_dir(&parent).unwrap();
        let mut taken = HashSet::new();
        for turn in 0..20_000 {
            let target = TargetKey {
                title: odd(&mut rng),
                tas: crate::model::Tas::new(&odd(&mut rng)),
            };
            let name = folder_name(&target);
            let text = name.as_str();
            assert!(!text.is_empty() && text.len() <= 230, "{text:?}");
            assert!(!text.chars().any(FileName::is_refused_char), "{text:?}");
            assert!(
                !text.ends_with(['.', ' ']) && !text.starts_with(' '),
                "{text:?}"
            );
            assert!(!FileName::is_reserved(text), "{text:?}");
            // Claiming a name needs the disk, so only some are claimed.
            if turn % 40 == 0 {
                fs::create_dir(&from).unwrap();
                let date = "2026-11-24";
                let (place, _) =
                    name_folder(&from, &parent, text, OnExisting::Beside, date).unwrap();
                let own = place.file_name().unwrap().to_str().unwrap().to_lowercase();
                assert!(taken.insert(own), "{place:?}");
            }
        }
    }

    #[test]
    fn a_file_where_the_folder_should_be_is_named() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("file");
        fs::write(&path, "x").unwrap();
        assert!(matches!(
            prepare(&path, JobId(1)),
            Err(DownloadError::NotWritable { .. })
        ));
    }

    #[test]
    fn an_update_that_fails_gives_the_old_folder_its_name_back() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        let (name, gone) = ("A_lb1-1", home.join("gone"));
        fs::create_dir(home.join(name)).unwrap();
        fs::write(home.join(name).join("notes.txt"), "mine").unwrap();
        let failed = name_folder(&gone, home, name, OnExisting::Update, "2026-11-24");
        assert!(failed.is_err());
        let notes = home.join(name).join("notes.txt");
        assert_eq!(fs::read(notes).unwrap(), b"mine");
        assert_eq!(fs::read_dir(home).unwrap().count(), 1);
    }

    #[test]
    fn an_unused_folder_is_removed_again() {
        let home = tempfile::tempdir().unwrap();
        let made = home.path().join("made");
        prepare(&made, JobId(1)).unwrap();
        remove_if_empty(&made, JobId(1));
        assert!(!made.exists());
        prepare(&made, JobId(1)).unwrap();
        fs::write(made.join("mine.txt"), "x").unwrap();
        remove_if_empty(&made, JobId(1));
        assert!(made.join("mine.txt").exists());
        let empty = home.path().join("empty");
        fs::create_dir(&empty).unwrap();
        prepare(&empty, JobId(1)).unwrap();
        remove_if_empty(&empty, JobId(1));
        assert!(empty.exists(), "the user's own empty folder stays");
    }
}
