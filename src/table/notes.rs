//! The user's own stars and notes on experiments, as columns.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Sheet, Subject,
    columns::STARRED,
    values::{Values, Words},
};
use crate::model::{RowId, TargetKey};

/// The column that says which experiments are starred.
pub const STAR: &str = "star";
/// The column of the user's notes.
pub const NOTE: &str = "note";

/// An experiment as notes name it: the server's numbers may change when a target is uploaded again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExperimentKey {
    /// Its target.
    pub target: TargetKey,
    /// Its code.
    pub code: String,
}

/// The user's star and note on an experiment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Whether it is starred.
    pub is_starred: bool,
    /// The user's text; empty if there is none.
    pub text: String,
}

/// A change of one note. Only what is changed is named: another copy of the program may change the other part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteChange {
    /// Stars the experiment, or removes the star.
    Star(bool),
    /// Replaces the text; an empty one removes it.
    Text {
        /// The text before editing: if it has changed in the meantime, both versions are kept.
        before: String,
        /// The new text.
        text: String,
    },
}

impl Note {
    /// Returns `true` if it has neither a star nor a text.
    pub fn is_empty(&self) -> bool {
        !self.is_starred && self.text.is_empty()
    }

    /// Carries out a change.
    pub fn apply(&mut self, change: NoteChange) {
        match change {
            NoteChange::Star(is_starred) => self.is_starred = is_starred,
            NoteChange::Text { before, text } => {
                self.text = if self.text == before || self.text == text || self.text.is_empty() {
                    text
                } else {
                    format!("{}\n{text}", self.text).trim_end().to_owned()
                };
            }
        }
    }
}

/// All notes of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes(BTreeMap<TargetKey, HashMap<String, Note>>);

impl Notes {
    /// Returns the note on an experiment.
    pub fn get(&self, key: &ExperimentKey) -> Option<&Note> {
        self.0.get(&key.target)?.get(&key.code)
    }

    /// Returns `true` if there are none.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(HashMap::is_empty)
    }

    /// Changes the note on an experiment.
    pub fn change(&mut self, key: &ExperimentKey, change: NoteChange) {
        let of_target = self.0.entry(key.target.clone()).or_default();
        let note = of_target.entry(key.code.clone()).or_default();
        note.apply(change);
        if note.is_empty() {
            of_target.remove(&key.code);
        }
    }

    /// Returns `true` if at least one experiment is starred.
    pub fn has_stars(&self) -> bool {
        let mut notes = self.0.values().flat_map(HashMap::values);
        notes.any(|note| note.is_starred)
    }
}

impl Sheet {
    /// Returns the experiment of a row: the row itself, or the one in which a hit was seen. `None` for virtual hits.
    pub fn experiment_key(&self, row: usize) -> Option<ExperimentKey> {
        let code = match self.subject() {
            Subject::Experiments => self.code(row),
            Subject::Hits => self.text(self.place("experiment")?, row),
        };
        (!code.is_empty()).then_some(ExperimentKey {
            target: self.target(row)?.clone(),
            code: code.into_owned(),
        })
    }

    /// Returns the experiments of these rows, each once.
    pub fn experiment_keys(&self, ids: &BTreeSet<RowId>) -> Vec<ExperimentKey> {
        let rows = (0..self.len()).filter(|row| ids.contains(&self.id(*row)));
        let mut keys: Vec<ExperimentKey> =
            rows.filter_map(|row| self.experiment_key(row)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Returns the same rows with the user's stars and notes.
    #[must_use]
    pub fn with_notes(&self, notes: &Notes) -> Self {
        let of_targets: Vec<Option<&HashMap<String, Note>>> = self
            .target_list()
            .iter()
            .map(|target| notes.0.get(&target.key).filter(|own| !own.is_empty()))
            .collect();
        let place = match self.subject() {
            Subject::Experiments => self.place("code"),
            Subject::Hits => self.place("experiment"),
        };
        let note = |row: usize| {
            let target = self.target_place(row)?;
            let of_target = of_targets.get(target as usize).copied().flatten()?;
            of_target.get(self.text(place?, row).as_ref())
        };
        let (mut stars, mut texts) = (Words::new(None), Words::new(None));
        for row in 0..self.len() {
            let note = note(row);
            let star = note.filter(|note| note.is_starred).map(|_| STARRED[0]);
            let text = note.map(|note| note.text.as_str());
            for (words, text) in [(&mut stars, star), (&mut texts, text)] {
                match text.filter(|text| !text.is_empty()) {
                    Some(text) => {
                        words.push(text);
                    }
                    None => words.ids.push(0),
                }
            }
        }
        let mut sheet = self.with_new_identity();
        sheet.replace(STAR, Values::Words(stars));
        sheet.replace(NOTE, Values::Words(texts));
        sheet
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{sheet_of, tests::target};

    fn key(target: &TargetKey, code: &str) -> ExperimentKey {
        ExperimentKey {
            target: target.clone(),
            code: code.to_owned(),
        }
    }

    fn text(before: &str, text: &str) -> NoteChange {
        NoteChange::Text {
            before: before.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn concurrent_edits_of_a_note_lose_nothing() {
        let mut note = Note::default();
        note.apply(text("", "one"));
        note.apply(text("one", "one more"));
        assert_eq!(note.text, "one more");
        note.apply(text("one", "one or two"));
        assert_eq!(note.text, "one more\none or two");
        note.apply(text("one more", ""));
        assert_eq!(note.text, "one more\none or two");
        note.apply(text("one more\none or two", ""));
        assert!(note.is_empty());
    }

    #[test]
    fn stars_and_notes_are_joined_to_their_experiments_and_can_be_removed() {
        let sheet = sheet_of(&[r#"{"id":1,"code":"a"}"#, r#"{"id":2,"code":"b"}"#]);
        let own = sheet.target(0).unwrap().clone();
        let mut notes = Notes::default();
        assert!(notes.is_empty() && !notes.has_stars());
        notes.change(&key(&own, "b"), NoteChange::Star(true));
        notes.change(&key(&own, "a"), text("", "look\nagain"));
        // Of another target with the same code.
        let other = target("Other", "lb2-1").key;
        notes.change(&key(&other, "a"), NoteChange::Star(true));
        let marked = sheet.with_notes(&notes);
        let cells = |field: &str| {
            let place = marked.place(field).unwrap();
            [0, 1].map(|row| marked.text(place, row).into_owned())
        };
        assert_eq!(cells(STAR), ["", "Starred"]);
        assert_eq!(cells(NOTE), ["look\nagain", ""]);
        assert_eq!(
            sheet.experiment_keys(&BTreeSet::from([RowId(2), RowId(9)])),
            [key(&own, "b")]
        );
        // Each part is changed on its own, and nothing is left when both are gone.
        notes.change(&key(&own, "b"), text("", "c"));
        notes.change(&key(&own, "b"), NoteChange::Star(false));
        let rest = notes.get(&key(&own, "b")).unwrap();
        assert_eq!((rest.is_starred, rest.text.as_str()), (false, "c"));
        notes.change(&key(&own, "b"), text("c", ""));
        assert_eq!(notes.get(&key(&own, "b")), None);
    }
}
