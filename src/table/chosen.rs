//! What is selected, in numbers.

use crate::model::TargetKey;

/// What is selected, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// How many of the shown rows are.
    pub shown: usize,
    /// The targets of all that is: none, the one, or the first of several.
    pub target: Option<TargetKey>,
    /// Whether there are several.
    pub is_of_several: bool,
}
