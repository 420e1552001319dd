//! A summary of the selection.

use crate::model::TargetKey;

/// A summary of the selection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelectionSummary {
    /// How many of the shown rows are selected.
    pub shown: usize,
    /// The target of the selected rows: `None` if there is none, the first if there are several.
    pub target: Option<TargetKey>,
    /// Whether there are several.
    pub has_several_targets: bool,
}
