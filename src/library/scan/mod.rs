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
mod tests;
