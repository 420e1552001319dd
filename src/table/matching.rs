//! Rows that match conditions, without a view.

use super::{ColumnFilter, Sheet};
use crate::model::TargetKey;

/// Returns the rows of a target that match all of these conditions, in the order of the table.
pub fn matching(sheet: &Sheet, target: &TargetKey, filters: &[ColumnFilter]) -> Vec<usize> {
    let rows = 0..sheet.len();
    let mut marks: Vec<bool> = rows.map(|row| sheet.target(row) == Some(target)).collect();
    for filter in filters {
        filter.apply(sheet, &mut marks);
    }
    let marks = marks.into_iter().enumerate();
    marks
        .filter(|(_, is_in)| *is_in)
        .map(|(row, _)| row)
        .collect()
}
