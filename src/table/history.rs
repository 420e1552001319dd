//! How the table was shown before, step by step.

use std::collections::BTreeSet;

use super::Layout;
use crate::model::RowId;

/// What a change was about: changes of one kind that follow each other are one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Letters that are typed into the condition of a column.
    Filter(String),
    /// Letters that are typed into the search.
    Search,
    /// The edge of a column that is dragged.
    Width(String),
    /// A range of rows that grows from one row.
    Range(Option<RowId>),
    /// Anything else is a step of its own.
    Whole,
}

/// How the table was shown at one time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) layout: Layout,
    pub(super) search: String,
    pub(super) selected: BTreeSet<RowId>,
    pub(super) is_chosen: bool,
}

/// The steps back, oldest first, and those that were taken back.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    pub(super) back: Vec<Step>,
    pub(super) forward: Vec<Step>,
    pub(super) last: Option<Change>,
}
