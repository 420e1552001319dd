//! Which molecules of a column have a part, for filters.

use std::sync::{Mutex, PoisonError};

use super::{Sheet, values::Values};
use crate::chemistry::{Found, Query, Structure};

/// The molecules of a column, by the places of their texts in the pool, and what was last searched for in them.
#[derive(Debug, Default)]
pub(super) struct Molecules {
    structures: Vec<Option<Structure>>,
    last: Mutex<Option<Searched>>,
}

/// What a search has found.
#[derive(Clone, Debug)]
pub(super) struct Searched {
    text: String,
    /// Whether each molecule has the part.
    pub(super) has_part: Vec<bool>,
    /// How many could not be decided.
    pub(super) undecided: usize,
}

impl Molecules {
    /// Reads every different text once.
    pub(super) fn read(values: &Values) -> Self {
        let Values::Words(words) = values else {
            return Self::default();
        };
        let structures = words.pool.iter();
        Self {
            structures: structures
                .map(|smiles| Structure::read(smiles).ok())
                .collect(),
            last: Mutex::default(),
        }
    }

    /// Searches for a part, unless it is the one that was searched for last. `None` where the text is no query.
    fn search(&self, text: &str) -> Option<Searched> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = last.as_ref().filter(|known| known.text == text) {
            return Some(known.clone());
        }
        let query = Query::read(text).ok()?;
        let mut undecided = 0;
        let mut has_part = |structure: &Option<Structure>| match structure
            .as_ref()
            .map(|structure| query.find(structure))
        {
            Some(Found::Yes(_)) => true,
            Some(Found::NotDecided) => {
                undecided += 1;
                false
            }
            Some(Found::No) | None => false,
        };
        let has_part = self.structures.iter().map(&mut has_part).collect();
        let found = Searched {
            text: text.to_owned(),
            has_part,
            undecided,
        };
        *last = Some(found.clone());
        Some(found)
    }
}

impl Sheet {
    /// Which molecules of a column have a part; `None` where the text is no query.
    pub(super) fn search_part(&self, place: usize, text: &str) -> Option<Searched> {
        self.molecules(place)?.search(text)
    }

    /// Whether the molecule of a row is among the found ones.
    pub(super) fn has_part(&self, place: usize, row: usize, found: &Searched) -> bool {
        let Some(Values::Words(words)) = self.values(place) else {
            return false;
        };
        let entry = words.entry(row);
        entry
            .and_then(|entry| found.has_part.get(entry))
            .copied()
            .unwrap_or(false)
    }
}
