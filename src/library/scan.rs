//! Scans every known data folder, and those in the download folder.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::known_folders::{FolderRecord, LibraryFolder};
use crate::{
    dataset::{Dataset, JobId, folders_in},
    disk::{FileError, is_unavailable},
    model::ServerAddress,
};

/// Why a known folder shows no data, as the beginning of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// Its disk is not connected, or it was moved or removed.
    Away(String),
    /// It is there, but it cannot be read.
    Unreadable(String),
    /// It exists, but its data are gone.
    Emptied(String),
}

impl Unavailable {
    /// Returns the reason in two or three words.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Away(_) => "Folder not found",
            Self::Unreadable(_) => "Folder cannot be read",
            Self::Emptied(_) => "No data in this folder",
        }
    }

    /// Returns the `state` in the JSON output of `library`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Away(_) => "away",
            Self::Unreadable(_) => "unreadable",
            Self::Emptied(_) => "emptied",
        }
    }

    /// Returns the whole reason, and what to do, without a full stop at its end.
    pub fn why(&self) -> &str {
        match self {
            Self::Away(why) | Self::Unreadable(why) | Self::Emptied(why) => why,
        }
    }
}

/// The present state of a folder.
#[derive(Clone, Debug)]
pub struct LibraryEntry {
    /// Where it is.
    pub place: PathBuf,
    /// A description of its contents.
    pub name: String,
    /// What was found there, or why nothing was found.
    pub held: Result<Arc<Dataset>, Unavailable>,
    /// Whether it is the previous version that an update kept.
    pub is_previous_version: bool,
}

impl LibraryEntry {
    /// Returns the dataset, or `None` if it cannot be read.
    pub fn dataset(&self) -> Option<&Arc<Dataset>> {
        self.held.as_ref().ok()
    }

    /// Returns `true` if its data come from this server, which is unknown without a record. The address of the demo
    /// changes at every start.
    pub fn is_from(&self, server: &ServerAddress, is_demo: bool) -> bool {
        let Some(own) = self.dataset().map(|held| held.server.as_deref()) else {
            return false;
        };
        own.is_none_or(|own| {
            let is_here = || ServerAddress::parse(own).is_ok_and(|own| own.is_this_computer());
            own == server.as_str() || (is_demo && is_here())
        })
    }
}

/// Scans all known folders, and those in `also`. New ones are recorded; those that have moved are forgotten at their
/// old place. Blocks on the disk.
pub fn scan(library: &LibraryFolder, also: &[PathBuf]) -> Vec<LibraryEntry> {
    let known: BTreeMap<PathBuf, FolderRecord> = library
        .all()
        .into_iter()
        .map(|known| (known.folder.clone(), known))
        .collect();
    let mut shelf: Vec<LibraryEntry> = places(&known, also)
        .iter()
        .map(|place| read(place, known.get(place)))
        .collect();
    let here: BTreeSet<JobId> = shelf
        .iter()
        .filter_map(|one| one.dataset()?.download)
        .collect();
    shelf.retain(|one| {
        let before = known.get(&one.place);
        // One that is there and cannot be read has not moved, even if a copy of it was found.
        let is_gone = matches!(
            one.held,
            Err(Unavailable::Away(_) | Unavailable::Emptied(_))
        );
        let has_moved = is_gone
            && before
                .and_then(|known| known.download)
                .is_some_and(|id| here.contains(&id));
        if has_moved {
            log_failure(library.remove(&one.place));
        }
        !has_moved
    });
    let replaced: BTreeSet<JobId> = shelf
        .iter()
        .filter_map(|one| one.dataset()?.replaces)
        .collect();
    for one in &mut shelf {
        let id = one.dataset().and_then(|held| held.download);
        one.is_previous_version = id.is_some_and(|id| replaced.contains(&id));
        if one.held.is_ok()
            && known
                .get(&one.place)
                .is_none_or(|known| known.download != id || known.name != one.name)
        {
            log_failure(library.save(&FolderRecord::new(one.place.clone(), id, one.name.clone())));
        }
    }
    shelf.sort_by_key(|one| {
        (
            one.name.to_lowercase(),
            one.is_previous_version,
            one.place.clone(),
        )
    });
    shelf
}

/// Returns the folders to look at: the known ones and those in `also`, each one once.
fn places(known: &BTreeMap<PathBuf, FolderRecord>, also: &[PathBuf]) -> BTreeSet<PathBuf> {
    // A removed folder stays removed, however its path is spelt, until another download has that place.
    let forgotten: BTreeSet<PathBuf> = known
        .values()
        .filter(|known| known.is_forgotten && !has_another_download(known))
        .map(|known| real_path(&known.folder))
        .collect();
    let mut places: BTreeSet<PathBuf> = known.keys().cloned().collect();
    places.extend(also.iter().flat_map(|folder| folders_in(folder)));
    // A folder that is also reached through a symlink, or spelt in another case, is one folder.
    let mut real = BTreeSet::new();
    places.retain(|place| {
        let path = real_path(place);
        !forgotten.contains(&path) && real.insert(path)
    });
    places
}

/// Returns `true` if another download is at the place of a known one.
fn has_another_download(known: &FolderRecord) -> bool {
    if known.download.is_none() {
        return false;
    }
    let now = Dataset::read(&known.folder).ok().flatten();
    let now = now.and_then(|now| now.download);
    now.is_some() && now != known.download
}

/// Lists folders again that were once removed from the list, because the user names them.
pub fn list_again(library: &LibraryFolder, named: &[PathBuf]) {
    let named: BTreeSet<PathBuf> = named
        .iter()
        .flat_map(|folder| folders_in(folder))
        .map(|place| real_path(&place))
        .collect();
    for mut known in library.all() {
        if known.is_forgotten && named.contains(&real_path(&known.folder)) {
            known.is_forgotten = false;
            log_failure(library.save(&known));
        }
    }
}

/// Returns the resolved path of a folder; the path as given where the folder is not available.
fn real_path(place: &Path) -> PathBuf {
    fs::canonicalize(place).unwrap_or_else(|_| place.to_owned())
}

fn log_failure(result: std::io::Result<()>) {
    if let Err(error) = result {
        tracing::warn!(%error, "a folder with data could not be recorded");
    }
}

fn read(place: &Path, known: Option<&FolderRecord>) -> LibraryEntry {
    let read = Dataset::read(place);
    let held = match read {
        Ok(Some(held)) => Ok(Arc::new(held)),
        Ok(None) => Err(Unavailable::Emptied(
            "It no longer contains data of a fragment screen".to_owned(),
        )),
        Err(error) => {
            tracing::info!(%error, "a folder cannot be examined");
            Err(why_unread(&error))
        }
    };
    let name = match (&held, known) {
        (Ok(held), _) => match &held.target {
            Some(target) => target.to_string(),
            None => held.name(),
        },
        (Err(_), Some(known)) if !known.name.is_empty() => known.name.clone(),
        (Err(_), _) => {
            let name = place.file_name().unwrap_or_default();
            name.to_string_lossy().into_owned()
        }
    };
    LibraryEntry {
        place: place.to_owned(),
        name,
        held,
        is_previous_version: false,
    }
}

/// Returns why a folder cannot be read, and what to do.
fn why_unread(error: &FileError) -> Unavailable {
    let (path, source) = match error {
        FileError::Read { path, source } => (path, source),
        other => return Unavailable::Unreadable(other.to_string()),
    };
    match source.kind() {
        _ if is_unavailable(source) => Unavailable::Away(
            "Its disk is not connected, or it was moved or removed. Connect the disk, or add the folder again at its new place".to_owned(),
        ),
        ErrorKind::PermissionDenied => Unavailable::Unreadable(format!(
            "You do not have permission to read {}. Ask its owner for it",
            path.display()
        )),
        _ => Unavailable::Unreadable(format!("{} cannot be read: {source}", path.display())),
    }
}

#[cfg(test)]
mod tests {
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
}
