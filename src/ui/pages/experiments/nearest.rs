//! Suggests a lower bound for a similarity search that finds nothing.

use crate::{
    state::{Command, State, TableCommand},
    table::{Condition, STRUCTURE},
};

/// Returns the similarity of the most similar row that passes all other filters, rounded down, and a name for the
/// button that lowers the bound to it; `None` if no bound of similarity hides everything.
pub(super) fn nearest_similarity(state: &State) -> Option<(f64, String)> {
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    let filter = view.filter(STRUCTURE)?;
    let rows = view.rows_ignoring_filter(sheet, STRUCTURE).into_iter();
    let largest = sheet.largest_similarity(filter, rows)?;
    let least = (largest * 100.0).floor() / 100.0;
    (least >= 0.1).then(|| (least, format!("Lower the minimum similarity to {least:.2}")))
}

/// Returns the command that changes the bound of similarity.
pub(super) fn with_similarity(state: &State, least: f64) -> Option<Command> {
    let filter = state.experiments.view.filter(STRUCTURE)?;
    let Condition::Similar { smiles, .. } = &filter.condition else {
        return None;
    };
    Some(Command::Table(TableCommand::Filter {
        field: STRUCTURE.to_owned(),
        condition: Some(Condition::Similar {
            smiles: smiles.clone(),
            least,
        }),
    }))
}
