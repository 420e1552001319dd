//! Substructure and similarity search in the molecules of a column, for filters.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::values::Values;
use crate::chemistry::{Fingerprint, Query, SearchResult, Structure, for_each_in_parallel};

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
        let texts: Vec<&str> = words.pool.iter().collect();
        Self {
            structures: for_each_in_parallel(&texts, |smiles| Structure::read(smiles).ok()),
            ..Self::default()
        }
    }

    /// Searches for a substructure. `None` if the text is not a query.
    pub(super) fn search(&self, text: &str) -> Option<StructureMatches> {
        self.parts
            .get_or(text, || Some(self.find(&Query::parse(text).ok()?)))
    }

    fn find(&self, query: &Query) -> StructureMatches {
        let undecided = AtomicUsize::new(0);
        let parts = for_each_in_parallel(&self.structures, |structure| {
            match query.find(structure.as_ref()?) {
                SearchResult::Yes(atoms) => Some(atoms.into()),
                SearchResult::NotDecided => {
                    undecided.fetch_add(1, Ordering::Relaxed);
                    None
                }
                SearchResult::No => None,
            }
        });
        StructureMatches {
            parts: parts.into(),
            undecided: undecided.into_inner(),
        }
    }

    /// Returns the similarity of each molecule to this one (Tanimoto, 0 to 1). `None` if the text is not a SMILES.
    pub(super) fn similarities(&self, smiles: &str) -> Option<Arc<[f64]>> {
        self.similarities.get_or(smiles, || {
            let meant = Structure::read(smiles).ok()?.fingerprint()?;
            let own = self.fingerprints.get_or_init(|| {
                for_each_in_parallel(&self.structures, |structure| {
                    structure.as_ref()?.fingerprint()
                })
            });
            let of =
                |own: &Option<Fingerprint>| own.as_ref().map_or(0.0, |own| meant.similarity(own));
            Some(own.iter().map(of).collect())
        })
    }
}
