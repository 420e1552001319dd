//! Substructure and similarity search in the molecules of a column, for filters.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use super::values::Values;
use crate::chemistry::{Fingerprint, Query, SearchResult, Structure};

/// Number of cached results: the active search, and one that is being prepared in the background, each for
/// substructure and for similarity.
const KEPT: usize = 4;

/// The molecules of a column, by the indices of their texts in the pool, and the last search.
#[derive(Debug, Default)]
pub(super) struct Molecules {
    structures: Vec<Option<Structure>>,
    fingerprints: OnceLock<Vec<Option<Fingerprint>>>,
    parts: Kept<StructureMatches>,
    similarities: Kept<Arc<[f64]>>,
}

/// The result of a search.
#[derive(Clone, Debug)]
pub(super) struct StructureMatches {
    /// The matched atoms in each molecule that has a match.
    pub(super) parts: Arc<[Option<Arc<[usize]>>]>,
    /// How many could not be decided.
    pub(super) undecided: usize,
}

/// The newest results, by query.
#[derive(Debug)]
struct Kept<T>(Mutex<VecDeque<(String, T)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Kept<T> {
    /// Returns the cached result, or computes it. The lock is not held during the computation: the window may need
    /// another result in the meantime.
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
    /// Parses every distinct text once.
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

    /// Searches for a substructure. `None` if the text is not a query.
    pub(super) fn search(&self, text: &str) -> Option<StructureMatches> {
        self.parts
            .get_or(text, || Some(self.find(&Query::parse(text).ok()?)))
    }

    fn find(&self, query: &Query) -> StructureMatches {
        let mut undecided = 0;
        let mut part_of = |structure: &Option<Structure>| match query.find(structure.as_ref()?) {
            SearchResult::Yes(atoms) => Some(atoms.into()),
            SearchResult::NotDecided => {
                undecided += 1;
                None
            }
            SearchResult::No => None,
        };
        let parts = self.structures.iter().map(&mut part_of).collect();
        StructureMatches { parts, undecided }
    }

    /// Returns the similarity of each molecule to this one (Tanimoto, 0 to 1). `None` if the text is not a SMILES.
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
