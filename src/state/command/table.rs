//! How the table of experiments is shown, and what is selected in it.

use std::collections::BTreeSet;

use crate::{
    model::{RowId, TargetKey},
    table::{ColumnFilter, Condition, Direction, Layout, STAR, Subject},
};

/// How a click changes the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectionMode {
    /// Only this one.
    Only,
    /// Select this row as well, or deselect it.
    Toggle,
    /// All rows from the last one to this one.
    Range,
}

/// A change of the table's view or of its selection.
#[derive(Clone, Debug)]
pub enum TableCommand {
    /// Show experiments, or hits.
    ShowRows(Subject),
    /// Show one target, or all.
    ShowTarget(Option<TargetKey>),
    /// Show only rows that contain this text.
    Search(String),
    /// Sort by the column of this field.
    SortBy {
        /// The server's name of the field.
        field: String,
        /// Whether the previous sort columns are kept.
        is_further: bool,
    },
    /// Sort by the column of this field alone, in this direction.
    SortIn {
        /// The server's name of the field.
        field: String,
        /// Which values come first.
        direction: Direction,
    },
    /// Show or hide the column of this field.
    ShowColumn {
        /// The server's name of the field.
        field: String,
        /// Whether it is to be shown.
        is_shown: bool,
    },
    /// Change the selection by one row.
    Select(RowId, SelectionMode),
    /// Select all shown rows, or none if all are selected.
    SelectAll,
    /// Clear the selection.
    ClearSelection,
    /// Set or remove the condition on a column.
    Filter {
        /// The column's field.
        field: String,
        /// The condition on its cells.
        condition: Option<Condition>,
    },
    /// Show only experiments in which a ligand was seen; loads the observations first.
    OnlyWithLigand,
    /// Remove all conditions and the search.
    ClearFilters,
    /// Set conditions on several columns, and remove those on others, as one step.
    FilterAll {
        /// The conditions.
        filters: Vec<ColumnFilter>,
        /// Columns that get none.
        without: Vec<String>,
    },
    /// Undo the last change of conditions or search.
    Undo,
    /// Redo what was undone.
    Redo,
    /// Move a column.
    MoveColumn {
        /// The column's field.
        field: String,
        /// The index of the column before which it goes.
        to: usize,
    },
    /// Remember the width that a column was given, in points.
    RememberWidth {
        /// The column's field.
        field: String,
        /// How wide.
        width: f32,
    },
    /// Set the width of a column, in points.
    SetWidth {
        /// The column's field.
        field: String,
        /// How wide.
        width: f32,
    },
    /// Freeze the first `n` columns.
    Freeze(usize),
    /// Apply a view.
    UseView(Layout),
    /// Apply a built-in view, by its name.
    UseBuiltIn(&'static str),
    /// Save the current view under a name.
    SaveView(String),
    /// Delete one of the user's own views.
    DeleteView(String),
    /// Invert the selection among the shown rows.
    Invert,
    /// Start a range of selected rows at this one.
    SetAnchor(RowId),
    /// Select exactly these rows.
    SelectThese(BTreeSet<RowId>),
}

impl TableCommand {
    /// Returns the command that shows only starred experiments.
    pub fn only_starred() -> Self {
        Self::Filter {
            field: STAR.to_owned(),
            condition: Some(Condition::Present),
        }
    }

    /// Returns `true` if the command makes a running structure search obsolete.
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
