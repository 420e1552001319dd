//! The user's own stars and notes on experiments: one small readable file for each server.
//!
//! They are the user's work, so a file that could not be read is never overwritten, and two running copies of the
//! program change the file one after the other.

use std::{
    collections::BTreeMap,
    fs::File,
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::tables::file_name;
use crate::{
    disk::{lock_when_free, make_private, read_own, without_bom, write_private},
    model::TargetKey,
    table::{ExperimentKey, Note, NoteChange, Notes},
};

/// The name under which notes on the demo's data are stored: its address changes at every start.
pub const DEMO: &str = "demo";

/// The folder of the notes.
#[derive(Clone, Debug)]
pub struct NotesFolder(PathBuf);

/// The contents of a file.
#[derive(Default, Serialize, Deserialize)]
struct Stored {
    /// For the user who opens the file.
    #[serde(default)]
    server: String,
    #[serde(default)]
    experiments: Vec<Value>,
    /// What a newer version of the program wrote.
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// The note on one experiment.
#[derive(Serialize, Deserialize)]
struct StoredNote {
    #[serde(flatten)]
    target: TargetKey,
    code: String,
    #[serde(default)]
    star: bool,
    #[serde(default)]
    note: String,
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

impl StoredNote {
    fn key(&self) -> ExperimentKey {
        ExperimentKey {
            target: self.target.clone(),
            code: self.code.clone(),
        }
    }

    fn is_empty(&self) -> bool {
        !self.star && self.note.is_empty() && self.unknown.is_empty()
    }
}

impl NotesFolder {
    /// Creates the folder below the program's own; neither needs to exist.
    pub fn in_folder(data: &Path) -> Self {
        Self(data.join("notes"))
    }

    /// Returns the file with the notes of a server.
    pub fn path(&self, server: &str) -> PathBuf {
        self.0.join(format!("{}.json", file_name(server)))
    }

    /// Returns the notes of a server. An entry that cannot be understood is left out, and stays in the file. Blocks on
    /// the disk.
    ///
    /// # Errors
    /// If the file cannot be read, or is not a list of notes.
    pub fn read(&self, server: &str) -> io::Result<Notes> {
        let mut notes = Notes::default();
        for value in self.stored(server)?.experiments {
            if let Ok(stored) = serde_json::from_value::<StoredNote>(value) {
                add(&mut notes, &stored);
            }
        }
        Ok(notes)
    }

    /// Changes notes of a server, and returns all current notes. Blocks on the disk.
    ///
    /// # Errors
    /// If the file cannot be read or written, or another copy of the program keeps it locked. Then it stays
    /// unchanged.
    pub fn change(
        &self,
        server: &str,
        changes: &[(ExperimentKey, NoteChange)],
    ) -> io::Result<Notes> {
        make_private(&self.0)?;
        let path = self.path(server);
        let _lock = lock(&path.with_extension("lock"))?;
        let mut stored = self.stored(server)?;
        server.clone_into(&mut stored.server);
        let mut all: BTreeMap<ExperimentKey, StoredNote> = BTreeMap::new();
        let mut odd = Vec::new();
        for value in stored.experiments {
            match serde_json::from_value::<StoredNote>(value.clone()) {
                Ok(own) => {
                    all.insert(own.key(), own);
                }
                Err(_) => odd.push(value),
            }
        }
        for (key, change) in changes {
            let own = all.entry(key.clone()).or_insert_with(|| StoredNote {
                target: key.target.clone(),
                code: key.code.clone(),
                star: false,
                note: String::new(),
                unknown: Map::new(),
            });
            let mut note = Note {
                is_starred: own.star,
                text: std::mem::take(&mut own.note),
            };
            note.apply(change.clone());
            (own.star, own.note) = (note.is_starred, note.text);
        }
        all.retain(|_, own| !own.is_empty());
        let written = all.values().map(serde_json::to_value);
        stored.experiments = written.collect::<Result<Vec<_>, _>>()?;
        stored.experiments.extend(odd);
        write_private(&path, |file| {
            Ok::<_, io::Error>(serde_json::to_writer_pretty(file, &stored)?)
        })?;
        let mut notes = Notes::default();
        for own in all.values() {
            add(&mut notes, own);
        }
        Ok(notes)
    }

    fn stored(&self, server: &str) -> io::Result<Stored> {
        match read_own(&self.path(server)) {
            Ok(bytes) => Ok(serde_json::from_slice(without_bom(&bytes))?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Stored::default()),
            Err(error) => Err(error),
        }
    }
}

fn add(notes: &mut Notes, stored: &StoredNote) {
    notes.change(&stored.key(), NoteChange::Star(stored.star));
    let text = NoteChange::Text {
        before: String::new(),
        text: stored.note.clone(),
    };
    notes.change(&stored.key(), text);
}

/// Waits for the lock of a file of notes. A file system that has no locks is written without one.
fn lock(path: &Path) -> io::Result<File> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    match lock_when_free(&file) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            let reason = "another copy of this program is using the file";
            Err(io::Error::new(error.kind(), reason))
        }
        Ok(()) | Err(_) => Ok(file),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::model::Tas;

    const SERVER: &str = "https://fragalysis.example/";

    fn key(code: &str) -> ExperimentKey {
        ExperimentKey {
            target: TargetKey {
                title: "Mpro".to_owned(),
                tas: Tas::new("lb1-1"),
            },
            code: code.to_owned(),
        }
    }

    fn text(text: &str) -> NoteChange {
        after("", text)
    }

    fn after(before: &str, text: &str) -> NoteChange {
        NoteChange::Text {
            before: before.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn notes_are_stored_separately_for_each_server() {
        let home = tempfile::tempdir().unwrap();
        let folder = NotesFolder::in_folder(home.path());
        assert!(folder.read(SERVER).unwrap().is_empty());
        let changes = [
            (key("x1"), NoteChange::Star(true)),
            (key("x2"), text("weak density\nask Anna")),
        ];
        let notes = folder.change(SERVER, &changes).unwrap();
        assert_eq!(folder.read(SERVER).unwrap(), notes);
        assert_eq!(
            notes.get(&key("x2")).unwrap().text,
            "weak density\nask Anna"
        );
        assert!(folder.read("https://other.example/").unwrap().is_empty());
        // Another copy of the program changes the other half of the same note.
        folder.change(SERVER, &[(key("x1"), text("best"))]).unwrap();
        let both = folder.read(SERVER).unwrap();
        let one = both.get(&key("x1")).unwrap();
        assert_eq!((one.is_starred, one.text.as_str()), (true, "best"));
        let none = [
            (key("x1"), NoteChange::Star(false)),
            (key("x1"), after("best", "")),
            (key("x2"), after("weak density\nask Anna", "")),
        ];
        assert!(folder.change(SERVER, &none).unwrap().is_empty());
    }

    #[test]
    fn unknown_entries_stay_in_the_file() {
        let home = tempfile::tempdir().unwrap();
        let folder = NotesFolder::in_folder(home.path());
        folder.change(SERVER, &[(key("x1"), text("mine"))]).unwrap();
        let path = folder.path(SERVER);
        let odd = fs::read_to_string(&path).unwrap().replacen(
            "\"experiments\": [",
            "\"colours\": 3, \"experiments\": [{\"code\": 5, \"note\": \"odd\"}, {\"title\": \"A\", \"tas\": \"b\", \"code\": \"c\", \"rating\": 4},",
            1,
        );
        fs::write(&path, odd).unwrap();
        folder
            .change(SERVER, &[(key("x1"), after("mine", ""))])
            .unwrap();
        let after = fs::read_to_string(&path).unwrap();
        for kept in ["colours", "\"odd\"", "rating"] {
            assert!(after.contains(kept), "{kept}: {after}");
        }
        assert!(!after.contains("mine"));
    }

    #[test]
    fn a_file_that_is_not_a_list_of_notes_is_never_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let folder = NotesFolder::in_folder(home.path());
        folder.change(SERVER, &[(key("x1"), text("mine"))]).unwrap();
        let path = folder.path(SERVER);
        let whole = fs::read(&path).unwrap();
        for half in [&whole[..whole.len() / 2], b"[]", b"\xff\xfe"] {
            fs::write(&path, half).unwrap();
            folder.read(SERVER).unwrap_err();
            folder
                .change(SERVER, &[(key("x2"), NoteChange::Star(true))])
                .unwrap_err();
            assert_eq!(fs::read(&path).unwrap(), half);
        }
    }

    #[test]
    fn two_copies_of_the_program_change_the_file_one_after_the_other() {
        let home = tempfile::tempdir().unwrap();
        let folder = NotesFolder::in_folder(home.path());
        std::thread::scope(|scope| {
            for copy in 0..4 {
                let folder = folder.clone();
                scope.spawn(move || {
                    for note in 0..5 {
                        let code = format!("x{copy}-{note}");
                        folder
                            .change(SERVER, &[(key(&code), NoteChange::Star(true))])
                            .unwrap();
                    }
                });
            }
        });
        let notes = folder.read(SERVER).unwrap();
        for (copy, note) in (0..4).flat_map(|copy| (0..5).map(move |note| (copy, note))) {
            assert!(notes.get(&key(&format!("x{copy}-{note}"))).is_some());
        }
    }
}
