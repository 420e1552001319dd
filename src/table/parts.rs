//! Which molecules of a column have a part, for filters.

use std::sync::{Arc, Mutex, PoisonError};

use super::values::Values;
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
    /// The atoms of the part in each molecule that has it.
    pub(super) parts: Arc<[Option<Arc<[usize]>>]>,
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
    pub(super) fn search(&self, text: &str) -> Option<Searched> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = last.as_ref().filter(|known| known.text == text) {
            return Some(known.clone());
        }
        let query = Query::read(text).ok()?;
        let mut undecided = 0;
        let mut part_of = |structure: &Option<Structure>| match structure
            .as_ref()
            .map(|structure| query.find(structure))
        {
            Some(Found::Yes(atoms)) => Some(atoms.into()),
            Some(Found::NotDecided) => {
                undecided += 1;
                None
            }
            Some(Found::No) | None => None,
        };
        let parts = self.structures.iter().map(&mut part_of).collect();
        let found = Searched {
            text: text.to_owned(),
            parts,
            undecided,
        };
        *last = Some(found.clone());
        Some(found)
    }
}
