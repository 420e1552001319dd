//! Substructure and similarity search in the molecules of a column, for filters.
//!
//! A search in many molecules is done in steps, the first of which takes a few hundredths of a second: what has been
//! found is shown while the rest is searched.

use std::{
    collections::VecDeque,
    ops::Range,
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
/// Up to this many molecules are searched at once, which takes less than a frame.
const AT_ONCE: usize = 2_000;
/// Molecules in the first step of a search in more of them.
const FIRST_STEP: usize = 4_000;
/// By how much each step is larger than the one before it: showing what was found costs something, too.
const GROWTH: usize = 4;

/// The molecules of a column, by the indices of their texts in the pool, and the last searches.
#[derive(Debug, Default)]
pub(super) struct Molecules {
    structures: Vec<Option<Structure>>,
    /// Calculated by the first search by similarity.
    fingerprints: Vec<OnceLock<Option<Fingerprint>>>,
    parts: Kept<StructureMatches>,
    similarities: Kept<Similarities>,
}

/// The result of a search for a substructure.
#[derive(Clone, Debug)]
pub(super) struct StructureMatches {
    /// The matched atoms in each molecule that has a match, as far as they have been searched.
    pub(super) parts: Arc<[Option<Arc<[usize]>>]>,
    /// How many could not be decided.
    pub(super) undecided: usize,
    /// Whether all molecules have been searched.
    pub(super) is_complete: bool,
}

/// The result of a search by similarity.
#[derive(Clone, Debug)]
pub(super) struct Similarities {
    /// The similarity of each molecule (Tanimoto, 0 to 1), as far as they have been searched.
    pub(super) values: Arc<[f64]>,
    /// Whether all molecules have been searched.
    pub(super) is_complete: bool,
}

impl StructureMatches {
    /// Before anything has been searched.
    pub(super) fn none_yet() -> Self {
        Self {
            parts: Arc::new([]),
            undecided: 0,
            is_complete: false,
        }
    }
}

impl Similarities {
    /// Before anything has been searched.
    pub(super) fn none_yet() -> Self {
        Self {
            values: Arc::new([]),
            is_complete: false,
        }
    }
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
    fn get(&self, text: &str) -> Option<T> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known = kept.iter().filter(|(own, _)| own == text);
        known.next().map(|(_, answer)| answer.clone())
    }

    /// Keeps a result, unless there is one of more molecules.
    fn put(&self, text: &str, found: T, count: impl Fn(&T) -> usize) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_more = |(own, known): &(String, T)| own == text && count(known) > count(&found);
        if kept.iter().any(is_more) {
            return;
        }
        kept.retain(|(own, _)| own != text);
        kept.push_back((text.to_owned(), found));
        if kept.len() > KEPT {
            kept.pop_front();
        }
    }
}

/// Called whenever there are further results; returns `false` if no more are wanted.
pub(super) type Step<'a> = &'a mut dyn FnMut() -> bool;

/// Returns which molecules are searched in each step, if some have been searched before.
fn steps(searched: usize, count: usize) -> impl Iterator<Item = Range<usize>> {
    let (mut from, mut size) = (searched, FIRST_STEP.max(searched));
    std::iter::from_fn(move || {
        let step = from..count.min(from.saturating_add(size));
        (from, size) = (step.end, size.saturating_mul(GROWTH));
        (!step.is_empty()).then_some(step)
    })
}

/// Returns what a molecule is compared by; `None` if the text is not a SMILES.
pub(super) fn fingerprint(smiles: &str) -> Option<Fingerprint> {
    Structure::read(smiles).ok()?.fingerprint()
}

impl Molecules {
    /// Parses every distinct text once.
    pub(super) fn read(values: &Values) -> Self {
        let Values::Words(words) = values else {
            return Self::default();
        };
        let texts: Vec<&str> = words.pool.iter().collect();
        let structures = for_each_in_parallel(&texts, |smiles| Structure::read(smiles).ok());
        Self {
            fingerprints: structures.iter().map(|_| OnceLock::new()).collect(),
            structures,
            ..Self::default()
        }
    }

    /// Returns `true` if so few molecules can be searched within a frame.
    pub(super) fn are_few(count: usize) -> bool {
        count <= AT_ONCE
    }

    /// Returns what is known about a substructure without searching in many molecules. `None` if the text is not a
    /// query.
    pub(super) fn known_matches(&self, text: &str) -> Option<StructureMatches> {
        if let Some(found) = self.parts.get(text) {
            return Some(found);
        }
        if Self::are_few(self.structures.len()) {
            return self.search(text, &mut || true);
        }
        Query::parse(text).ok()?;
        Some(StructureMatches::none_yet())
    }

    /// Returns what is known about similarities without searching in many molecules. `None` if the text is not a
    /// SMILES.
    pub(super) fn known_similarities(&self, smiles: &str) -> Option<Similarities> {
        if let Some(found) = self.similarities.get(smiles) {
            return Some(found);
        }
        if Self::are_few(self.structures.len()) {
            return self.compare(smiles, &mut || true);
        }
        fingerprint(smiles)?;
        Some(Similarities::none_yet())
    }

    /// Searches for a substructure, and calls `step` whenever there are further results. `None` if the text is not a
    /// query.
    pub(super) fn search(&self, text: &str, step: Step<'_>) -> Option<StructureMatches> {
        let query = Query::parse(text).ok()?;
        // A search that was stopped resumes where it left off.
        let mut found = self.parts.get(text).unwrap_or(StructureMatches {
            is_complete: self.structures.is_empty(),
            ..StructureMatches::none_yet()
        });
        let undecided = AtomicUsize::new(found.undecided);
        let mut parts = found.parts.to_vec();
        for range in steps(parts.len(), self.structures.len()) {
            let searched = self.structures.get(range).unwrap_or_default();
            parts.extend(for_each_in_parallel(searched, |structure| {
                match query.find(structure.as_ref()?) {
                    SearchResult::Yes(atoms) => Some(atoms.into()),
                    SearchResult::NotDecided => {
                        undecided.fetch_add(1, Ordering::Relaxed);
                        None
                    }
                    SearchResult::No => None,
                }
            }));
            found = StructureMatches {
                parts: parts.clone().into(),
                undecided: undecided.load(Ordering::Relaxed),
                is_complete: parts.len() == self.structures.len(),
            };
            self.parts
                .put(text, found.clone(), |found| found.parts.len());
            if !step() {
                break;
            }
        }
        Some(found)
    }

    /// Calculates the similarity of each molecule to this one, and calls `step` whenever there are further results.
    /// `None` if the text is not a SMILES.
    pub(super) fn compare(&self, smiles: &str, step: Step<'_>) -> Option<Similarities> {
        let meant = fingerprint(smiles)?;
        let mut found = self.similarities.get(smiles).unwrap_or(Similarities {
            is_complete: self.structures.is_empty(),
            ..Similarities::none_yet()
        });
        let mut values = found.values.to_vec();
        for range in steps(values.len(), self.structures.len()) {
            let structures = self.structures.get(range.clone()).unwrap_or_default();
            let fingerprints = self.fingerprints.get(range).unwrap_or_default();
            let pairs: Vec<_> = structures.iter().zip(fingerprints).collect();
            values.extend(for_each_in_parallel(&pairs, |(structure, fingerprint)| {
                let own = fingerprint.get_or_init(|| structure.as_ref()?.fingerprint());
                own.as_ref().map_or(0.0, |own| meant.similarity(own))
            }));
            found = Similarities {
                values: values.clone().into(),
                is_complete: values.len() == self.structures.len(),
            };
            self.similarities
                .put(smiles, found.clone(), |found| found.values.len());
            if !step() {
                break;
            }
        }
        Some(found)
    }
}
