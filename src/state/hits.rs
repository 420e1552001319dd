//! The hits, and the view of whichever table is not shown.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::Remote;
use crate::{
    hits::HitsTable,
    model::RowId,
    table::{Sheet, TableView},
};

/// The hits, and the view of whichever table is not shown.
#[derive(Default)]
pub struct HitsState {
    /// The hits, once they were requested.
    pub table: Remote<HitsTable>,
    /// Number of targets that have been read.
    pub(super) read: Arc<AtomicUsize>,
    /// The view of the table that is not shown, and its rows.
    pub(super) parked: (TableView, Sheet),
    /// Experiments whose hits are to be selected once they arrive.
    pub(super) awaited: BTreeSet<RowId>,
    /// Whether to show only experiments with a ligand, once it is known which have one.
    pub(super) filter_when_known: bool,
}

impl HitsState {
    /// Returns how many targets have been loaded so far.
    pub fn read(&self) -> usize {
        self.read.load(Ordering::Relaxed)
    }
}
