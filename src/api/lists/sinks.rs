//! Where the rows of short lists go, and rows that are only counted.

use std::collections::BTreeSet;

use serde::{Deserialize, de::DeserializeOwned};

use crate::model::{Integer, RowSink};

/// Decoded rows of a short list.
pub(super) struct Collected<T> {
    pub(super) rows: Vec<(i64, T)>,
    known: BTreeSet<i64>,
    in_this_try: BTreeSet<i64>,
}

impl<T> Default for Collected<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            known: BTreeSet::new(),
            in_this_try: BTreeSet::new(),
        }
    }
}

/// Counts rows, and keeps none.
#[derive(Default)]
pub(super) struct Counted(usize);

/// The one field by which the rows of every list are distinguished.
#[derive(Deserialize)]
struct Id {
    #[serde(default)]
    id: Integer,
}

impl<T: DeserializeOwned + Send> RowSink for Collected<T> {
    fn start_attempt(&mut self) {
        self.in_this_try.clear();
        // A row without an id cannot be recognised again.
        self.known.retain(|id| *id >= 0);
        self.rows.retain(|(id, _)| *id >= 0);
    }

    /// Keeps a row unless its id is already there: overlapping pages send rows twice.
    fn take(&mut self, json: &[u8]) -> Result<(), serde_json::Error> {
        let id = serde_json::from_slice::<Id>(json)?.id.0;
        // Rows without an id (2026's uploads) cannot be distinguished; each counts by its index.
        let place = || -1 - i64::try_from(self.in_this_try.len()).unwrap_or_default();
        let id = id.unwrap_or_else(place);
        if !self.known.contains(&id) {
            self.rows.push((id, serde_json::from_slice(json)?));
            self.known.insert(id);
        }
        self.in_this_try.insert(id);
        Ok(())
    }

    fn distinct(&self) -> u64 {
        self.in_this_try.len() as u64
    }

    fn rows(&self) -> usize {
        self.rows.len()
    }

    fn commit_attempt(&mut self) {
        self.rows.retain(|(id, _)| self.in_this_try.contains(id));
        self.known.clone_from(&self.in_this_try);
    }
}

impl RowSink for Counted {
    fn start_attempt(&mut self) {}

    fn take(&mut self, _: &[u8]) -> Result<(), serde_json::Error> {
        self.0 += 1;
        Ok(())
    }

    fn distinct(&self) -> u64 {
        self.0 as u64
    }

    fn rows(&self) -> usize {
        self.0
    }

    fn commit_attempt(&mut self) {}
}
