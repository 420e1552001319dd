//! A summary of the selection.

use crate::model::TargetKey;

/// A summary of the selection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// How many of the shown rows are selected.
    pub shown: usize,
    /// The target of the selected rows: `None` if there is none, the first if there are several.
    pub target: Option<TargetKey>,
    /// Whether there are several.
    pub is_of_several: bool,
}
