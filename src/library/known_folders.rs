//! Which folders with data are known: a small file for each, so that two running copies of the program never
//! overwrite what the other has learnt.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    dataset::JobId,
    disk::{is_same_folder, make_private, read_own, stored_path, write_private},
};

/// A folder that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderRecord {
    /// Where it is, or was when it was last seen.
    #[serde(with = "stored_path")]
    pub folder: PathBuf,
    /// The download that created it, by which it is recognised when it has been moved.
    #[serde(default)]
    pub download: Option<JobId>,
    /// A description of its contents, for when its disk is not available.
    #[serde(default)]
    pub name: String,
    /// Whether the user has removed it from the list.
    #[serde(default)]
    pub is_forgotten: bool,
    /// Fields written by a newer version of the program, which must not be lost.
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

impl FolderRecord {
    /// Creates the record of a folder that is shown.
    pub fn new(folder: PathBuf, download: Option<JobId>, name: String) -> Self {
        Self {
            folder,
            download,
            name,
            is_forgotten: false,
            unknown: Map::new(),
        }
    }
}

/// The folder with these records.
#[derive(Clone, Debug)]
pub struct LibraryFolder {
    folder: PathBuf,
}

impl LibraryFolder {
    /// Creates the records below the program's own folder; neither needs to exist.
    pub fn in_folder(data: &Path) -> Self {
        Self {
            folder: data.join("library"),
        }
    }

    /// Returns all known folders. A record that cannot be read stays where it is and is left out.
    pub fn all(&self) -> Vec<FolderRecord> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten();
        let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
        let mut known: Vec<FolderRecord> = paths
            .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
            .filter_map(|path| {
                let read = read_own(&path).ok()?;
                let known = serde_json::from_slice(&read);
                known
                    .inspect_err(|error| {
                        tracing::warn!(%error, "the record of a folder cannot be read");
                    })
                    .ok()
            })
            .collect();
        known.sort_by(|a, b| a.folder.cmp(&b.folder));
        known
    }

    /// Returns the records that cannot be read. What they name may be missing from [`Self::all`]; the folder of all
    /// records is among them if it cannot be read.
    pub fn unreadable(&self) -> Vec<PathBuf> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
            Err(_) => return vec![self.folder.clone()],
        };
        let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
        let records = paths.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
        let is_unreadable = |path: &PathBuf| {
            // A pipe or a folder is not a record, whatever its name.
            if path.metadata().is_ok_and(|data| !data.is_file()) {
                return false;
            }
            let read = read_own(path).ok();
            let record = read.map(|read| serde_json::from_slice::<FolderRecord>(&read));
            !matches!(record, Some(Ok(_)))
        };
        records.filter(is_unreadable).collect()
    }

    /// Returns the parent folders of the known folders.
    pub fn parents(&self) -> Vec<PathBuf> {
        let known = self.all();
        let parents = known.iter().filter_map(|known| known.folder.parent());
        parents.map(Path::to_owned).collect()
    }

    /// Saves the record of a folder.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn save(&self, known: &FolderRecord) -> io::Result<()> {
        make_private(&self.folder)?;
        let path = self.record_path(&known.folder);
        let mut known = known.clone();
        let before: Option<FolderRecord> = read_own(&path)
            .ok()
            .and_then(|read| serde_json::from_slice(&read).ok());
        if let Some(before) = before {
            known.unknown.extend(before.unknown);
        }
        let json = serde_json::to_vec_pretty(&known).map_err(io::Error::other)?;
        write_private(&path, |file| file.write_all(&json))
    }

    /// Removes the record of a folder.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove(&self, folder: &Path) -> io::Result<()> {
        match fs::remove_file(self.record_path(folder)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Removes the records of a folder under other spellings of its path: through a symlink, or in another case.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove_other_spellings(&self, folder: &Path) -> io::Result<()> {
        self.all()
            .iter()
            .filter(|known| known.folder != folder && is_same_folder(&known.folder, folder))
            .try_for_each(|known| self.remove(&known.folder))
    }

    /// Removes all records.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn forget_all(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn record_path(&self, folder: &Path) -> PathBuf {
        // Only a name: the contents of the file are what counts.
        let text = folder.as_os_str().as_encoded_bytes();
        let mut mark: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in text {
            mark = (mark ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self.folder.join(format!("{mark:016x}.json"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_remembered_and_what_is_newer_is_not_lost() {
        let home = tempfile::tempdir().unwrap();
        let library = LibraryFolder::in_folder(home.path());
        assert!(library.all().is_empty());
        let mut one = FolderRecord::new("/data/A".into(), Some(JobId(7)), "A".to_owned());
        let other = FolderRecord::new("/data/B".into(), None, "B".to_owned());
        library.save(&one).unwrap();
        library.save(&other).unwrap();
        assert_eq!(library.all(), [one.clone(), other]);
        // Of a newer version, and half a file.
        let note = library.record_path(&one.folder);
        let text = fs::read_to_string(&note).unwrap();
        fs::write(&note, text.replacen('{', "{\"stars\":5,", 1)).unwrap();
        fs::write(library.folder.join("half.json"), "{\"folder\":\"/da").unwrap();
        one.is_forgotten = true;
        library.save(&one).unwrap();
        assert!(fs::read_to_string(&note).unwrap().contains("\"stars\": 5"));
        assert!(library.all().iter().any(|known| known.is_forgotten));
        library.remove(&one.folder).unwrap();
        library.remove(&one.folder).unwrap();
        assert_eq!(library.all().len(), 1);
        assert!(library.folder.join("half.json").exists());
    }
}
