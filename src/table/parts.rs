//! Which molecules of a column have a part, and how alike they are to another one, for filters.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use super::values::Values;
use crate::chemistry::{Fingerprint, Found, Query, Structure};

/// Searches whose answers are kept: the one in force, and one that is being prepared beside the window, each by part
/// and by similarity.
const KEPT: usize = 4;

/// The molecules of a column, by the places of their texts in the pool, and what was last searched for in them.
#[derive(Debug, Default)]
pub(super) struct Molecules {
    structures: Vec<Option<Structure>>,
    fingerprints: OnceLock<Vec<Option<Fingerprint>>>,
    parts: Kept<Searched>,
    similarities: Kept<Arc<[f64]>>,
}

/// What a search has found.
#[derive(Clone, Debug)]
pub(super) struct Searched {
    /// The atoms of the part in each molecule that has it.
    pub(super) parts: Arc<[Option<Arc<[usize]>>]>,
    /// How many could not be decided.
    pub(super) undecided: usize,
}

/// The newest answers, by what was searched for.
#[derive(Debug)]
struct Kept<T>(Mutex<VecDeque<(String, T)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Kept<T> {
    /// The answer that is kept, or a new one. The lock is not held while it is worked out: the window may ask for
    /// another one meanwhile.
    fn get_or(&self, text: &str, answer: impl FnOnce() -> Option<T>) -> Option<T> {
        let known = {
            let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let mut known = kept.iter().filter(|(own, _)| own == text);
            known.next().map(|(_, answer)| answer.clone())
        };
        if known.is_some() {
            return known;
        }
        let found = answer()?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((text.to_owned(), found.clone()));
        if kept.len() > KEPT {
            kept.pop_front();
        }
        Some(found)
    }
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
            ..Self::default()
        }
    }

    /// Searches for a part. `None` where the text is no query.
    pub(super) fn search(&self, text: &str) -> Option<Searched> {
        self.parts
            .get_or(text, || Some(self.find(&Query::read(text).ok()?)))
    }

    fn find(&self, query: &Query) -> Searched {
        let mut undecided = 0;
        let mut part_of = |structure: &Option<Structure>| match query.find(structure.as_ref()?) {
            Found::Yes(atoms) => Some(atoms.into()),
            Found::NotDecided => {
                undecided += 1;
                None
            }
            Found::No => None,
        };
        let parts = self.structures.iter().map(&mut part_of).collect();
        Searched { parts, undecided }
    }

    /// How alike each molecule is to this one (Tanimoto similarity, 0 to 1). `None` where the text is no SMILES.
    pub(super) fn similarities(&self, smiles: &str) -> Option<Arc<[f64]>> {
        self.similarities.get_or(smiles, || {
            let meant = Structure::read(smiles).ok()?.fingerprint()?;
            let own = self.fingerprints.get_or_init(|| {
                let structures = self.structures.iter();
                structures
                    .map(|structure| structure.as_ref()?.fingerprint())
                    .collect()
            });
            let of =
                |own: &Option<Fingerprint>| own.as_ref().map_or(0.0, |own| meant.similarity(own));
            Some(own.iter().map(of).collect())
        })
    }
}
