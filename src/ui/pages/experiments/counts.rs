//! The frequencies of values among the rows that would be shown.

use std::collections::HashMap;

use crate::{
    model::TargetKey,
    state::State,
    table::{ColumnFilter, value_counts},
};

/// What the counts were computed from.
#[derive(PartialEq)]
pub(super) struct Counted {
    sheet: usize,
    target: Option<TargetKey>,
    search: String,
    others: Vec<ColumnFilter>,
}

impl Counted {
    /// Returns what the values of a column are currently counted from; its own condition is ignored.
    pub(super) fn of(state: &State, but_for: Option<&str>) -> Self {
        let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
        let others = view.filters().iter();
        let others = others.filter(|own| Some(own.field.as_str()) != but_for);
        Self {
            sheet: sheet.identity(),
            target: view.target().cloned(),
            search: view.search().to_owned(),
            others: others.cloned().collect(),
        }
    }
}

/// Returns all values of a column within the target, each with the number of rows that would be shown without the
/// condition on this column. `None` if there are more than `most`.
pub(super) fn counted_values(
    state: &State,
    place: usize,
    most: usize,
) -> Option<Vec<(String, usize)>> {
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    let target = view.target();
    let all = (0..sheet.len()).filter(|row| target.is_none() || sheet.target(*row) == target);
    let whole = value_counts(sheet, place, all, most)?;
    let rows = view.rows_ignoring_filter(sheet, &sheet.column(place)?.field);
    let counted = value_counts(sheet, place, rows.into_iter(), usize::MAX);
    let counts: HashMap<String, usize> = counted.into_iter().flatten().collect();
    let with_count = |(text, _): (String, usize)| {
        let count = counts.get(&text).copied().unwrap_or(0);
        (text, count)
    };
    Some(whole.into_iter().map(with_count).collect())
}
