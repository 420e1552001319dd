//! The undo history of the table.

use std::collections::BTreeSet;

use super::Layout;
use crate::model::RowId;

/// The kind of a change: consecutive changes of the same kind are one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Typing in the condition of a column.
    Filter(String),
    /// Typing in the search.
    Search,
    /// Dragging the edge of a column.
    Width(String),
    /// Extending a range of rows.
    Range(Option<RowId>),
    /// Any other change is a step of its own.
    Whole,
}

/// The state of the table at one time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) layout: Layout,
    pub(super) search: String,
    pub(super) selected: BTreeSet<RowId>,
    pub(super) is_chosen: bool,
}

/// The steps back, oldest first, and those that were undone.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    pub(super) back: Vec<Step>,
    pub(super) forward: Vec<Step>,
    pub(super) last: Option<Change>,
}
