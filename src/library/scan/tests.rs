//! Which folders are listed, and as what.

use std::fs;

use super::*;

fn record(id: &str, replaces: &str) -> String {
    format!(
        r#"{{"format":3,"download":"{id}","server":"https://f.example","files":[],"replaces":"{replaces}","request":{{"target":{{"title":"A","tas":"lb1-1"}},"codes":[],"files":["metadata_info"],"static_link":false}}}}"#
    )
}

#[test]
fn folders_are_found_again_where_they_have_been_moved_to() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let library = LibraryFolder::in_folder(&home.join("data"));
    let make = |name: &str, text: &str| {
        let folder = home.join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("fragalysis-download.json"), text).unwrap();
        folder
    };
    let (new, old) = (
        make("d/A", &record("2", "1")),
        make("d/A (before)", &record("1", "")),
    );
    let shelf = scan(&library, &[home.join("d")]);
    let found: Vec<_> = shelf
        .iter()
        .map(|one| (one.place.clone(), one.is_previous_version))
        .collect();
    assert_eq!(found, [(new.clone(), false), (old, true)]);
    assert_eq!(shelf[0].name, "A (lb1-1)");
    let here = |text: &str| ServerAddress::parse(text).unwrap();
    assert!(shelf[0].is_from(&here("https://f.example"), false));
    assert!(!shelf[0].is_from(&here("https://g.example"), true));
    // Gone for the moment: it stays known, with its name.
    let moved = home.join("elsewhere");
    fs::rename(&new, &moved).unwrap();
    let away = scan(&library, &[]);
    assert_eq!(away[0].name, "A (lb1-1)");
    assert!(away[0].held.is_err());
    // Found again at its new place, and therefore not missed at the old one.
    let back = scan(&library, std::slice::from_ref(&moved));
    assert_eq!(back.iter().filter(|one| one.held.is_err()).count(), 0);
    assert_eq!(scan(&library, &[])[0].place, moved);
    // Removed from the list by the user.
    let mut known = FolderRecord::new(moved, None, String::new());
    known.is_forgotten = true;
    library.save(&known).unwrap();
    assert_eq!(scan(&library, &[home.join("d")]).len(), 1);
}

/// Typed in capitals, or pasted in the long form: it is the same folder.
#[cfg(windows)]
#[test]
fn a_folder_is_listed_once_however_its_path_is_written() {
    let home = tempfile::tempdir().unwrap();
    let library = LibraryFolder::in_folder(&home.path().join("data"));
    let folder = home.path().join("d").join("A");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("fragalysis-download.json"), record("2", "1")).unwrap();
    let capitals = PathBuf::from(folder.to_string_lossy().to_uppercase());
    let long = fs::canonicalize(&folder).unwrap();
    assert_ne!(long, folder);
    for place in [&folder, &capitals, &long] {
        let known = FolderRecord::new(place.clone(), None, String::new());
        library.save(&known).unwrap();
    }
    assert_eq!(scan(&library, &[home.path().join("D")]).len(), 1);
    library.remove_other_spellings(&folder).unwrap();
    assert_eq!(library.all().len(), 1);
}

/// F1: an unreadable folder was reported as "away", and forgotten if a copy of it existed.
#[test]
fn a_folder_that_may_not_be_read_is_neither_away_nor_empty() {
    let denied = FileError::Read {
        path: "/data/A".into(),
        source: ErrorKind::PermissionDenied.into(),
    };
    let why = why_unread(&denied);
    assert_eq!(
        (why.name(), why.label()),
        ("unreadable", "Folder cannot be read")
    );
    assert!(why.why().contains("/data/A"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_not_forgotten_for_its_copy() {
    let home = tempfile::tempdir().unwrap();
    let library = LibraryFolder::in_folder(&home.path().join("data"));
    let (one, copy) = (home.path().join("one"), home.path().join("d/copy"));
    for folder in [&one, &copy] {
        fs::create_dir_all(folder).unwrap();
    }
    // A link to itself: no one can read it, not even root.
    let record_of = |folder: &PathBuf| folder.join("fragalysis-download.json");
    std::os::unix::fs::symlink(record_of(&one), record_of(&one)).unwrap();
    fs::write(record_of(&copy), record("7", "")).unwrap();
    let known = FolderRecord::new(one.clone(), Some(JobId(7)), "A".to_owned());
    library.save(&known).unwrap();
    let shelf = scan(&library, &[home.path().join("d")]);
    let unread = shelf.iter().find(|entry| entry.place == one).unwrap();
    assert!(
        matches!(unread.held, Err(Unavailable::Unreadable(_))),
        "{unread:?}"
    );
    assert_eq!(shelf.len(), 2, "{shelf:?}");
}

#[test]
fn an_unplugged_disk_is_reported_as_such() {
    let code = if cfg!(windows) { 21 } else { 19 };
    let error = FileError::Read {
        path: "/media/stick/A".into(),
        source: std::io::Error::from_raw_os_error(code),
    };
    assert!(matches!(why_unread(&error), Unavailable::Away(_)));
}

#[cfg(unix)]
#[test]
fn a_folder_removed_from_the_list_stays_so_under_every_path() {
    let home = tempfile::tempdir().unwrap();
    let library = LibraryFolder::in_folder(&home.path().join("data"));
    let folder = home.path().join("d/A");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("fragalysis-download.json"), record("2", "1")).unwrap();
    std::os::unix::fs::symlink(home.path().join("d"), home.path().join("link")).unwrap();
    let over_link = home.path().join("link/A");
    let mut known = FolderRecord::new(over_link, None, String::new());
    known.is_forgotten = true;
    library.save(&known).unwrap();
    assert!(scan(&library, &[home.path().join("d")]).is_empty());
    // Named by a command, it is listed again.
    list_again(&library, &[home.path().join("link")]);
    assert_eq!(scan(&library, &[]).len(), 1);
    library.save(&known).unwrap();
    assert!(scan(&library, &[]).is_empty());
    // Another download that came to its place was never removed.
    known.download = Some(JobId(1));
    library.save(&known).unwrap();
    assert_eq!(scan(&library, &[]).len(), 1);
    known.download = None;
    library.save(&known).unwrap();
    // Added again, it is listed again.
    library.remove_other_spellings(&folder).unwrap();
    assert_eq!(scan(&library, &[home.path().join("d")]).len(), 1);
}
