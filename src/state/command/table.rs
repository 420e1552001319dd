//! How the table of experiments is shown, and what is selected in it.

use std::collections::BTreeSet;

use crate::{
    model::{RowId, TargetKey},
    table::{Condition, Layout, Subject},
};

/// How a click changes the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectHow {
    /// Only this one.
    Only,
    /// This one as well, or no longer.
    Toggle,
    /// All from the last one to this one.
    Range,
}

/// A change of the table's view or of its selection.
#[derive(Clone, Debug)]
pub enum TableCommand {
    /// Show experiments, or hits.
    ShowRows(Subject),
    /// Show one target, or all.
    ShowTarget(Option<TargetKey>),
    /// Show only rows with this text.
    Search(String),
    /// Sort by the column of this field.
    SortBy {
        /// The server's name of the field.
        field: String,
        /// Whether the columns sorted by before stay.
        is_further: bool,
    },
    /// Show or hide the column of this field.
    ShowColumn {
        /// The server's name of the field.
        field: String,
        /// Whether it is to be shown.
        is_shown: bool,
    },
    /// Change the selection by one row.
    Select(RowId, SelectHow),
    /// Select all shown rows, or none if all are selected.
    SelectAll,
    /// Select nothing.
    ClearSelection,
    /// Put a condition on a column, or take it away.
    Filter {
        /// The column's field.
        field: String,
        /// What its cells must be.
        condition: Option<Condition>,
    },
    /// Show only experiments in which a ligand was seen; reads the observations first.
    OnlyWithLigand,
    /// Take all conditions and the search away.
    ClearFilters,
    /// Undo the last change of conditions or search.
    Undo,
    /// Do again what was undone.
    Redo,
    /// Let a column stand at another place.
    MoveColumn {
        /// The column's field.
        field: String,
        /// Before the column that is at this place now.
        to: usize,
    },
    /// Remember how wide a column was made, in points.
    Width {
        /// The column's field.
        field: String,
        /// How wide.
        width: f32,
    },
    /// Make a column so wide, in points.
    GiveWidth {
        /// The column's field.
        field: String,
        /// How wide.
        width: f32,
    },
    /// Freeze the first `n` columns.
    Freeze(usize),
    /// Take over a view.
    UseView(Layout),
    /// Take over a view that everybody has, by its name.
    UseBuiltIn(&'static str),
    /// Keep the present view under a name.
    KeepView(String),
    /// Forget a view of one's own.
    DropView(String),
    /// Select the shown rows that are not selected, and no other.
    Invert,
    /// A range of selected rows begins at this one.
    Anchor(RowId),
    /// Select these and no other.
    SelectThese(BTreeSet<RowId>),
}

impl TableCommand {
    /// Whether a search in molecules that is under way is not wanted any more.
    pub(in crate::state) fn ends_search(&self) -> bool {
        matches!(
            self,
            Self::ShowRows(_)
                | Self::ClearFilters
                | Self::Undo
                | Self::Redo
                | Self::UseView(_)
                | Self::UseBuiltIn(_)
        )
    }
}
