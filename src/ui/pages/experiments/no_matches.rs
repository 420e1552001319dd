//! What is shown where filters and search let no row pass.

use egui::Ui;

use super::nearest::{nearest_similarity, with_similarity};
use crate::{
    state::{Command, State, TableCommand},
    table::Subject,
    ui::{theme::Icon, widgets::empty_state_ui},
};

/// Returns `true` if no row matches the filters or the search.
pub(super) fn is_filtered_out(state: &State) -> bool {
    let view = &state.experiments.view;
    view.is_empty() && !(view.filters().is_empty() && view.search().is_empty())
}

/// Draws why nothing is shown: no row matches the filters or the search.
///
/// `find` is what is in the search field of the table.
pub(super) fn no_matches_ui(
    ui: &mut Ui,
    find: &mut String,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let view = &state.experiments.view;
    if view.filters().is_empty() {
        let cause = format!("No shown column contains “{}”.", view.search());
        let button = Some("Clear the search");
        if empty_state_ui(ui, Icon::SEARCH, "Nothing found", &cause, button) {
            find.clear();
            commands.push(Command::Table(TableCommand::Search(String::new())));
        }
        return;
    }
    if view.is_unfinished() {
        let cause = "Matches are shown as soon as they are found.";
        empty_state_ui(ui, Icon::SEARCH, "Searching…", cause, None);
        return;
    }
    let (one, title) = match state.experiments.subject {
        Subject::Experiments => ("experiment", "No experiments match these filters"),
        Subject::Hits => ("hit", "No hits match these filters"),
    };
    let cause = if view.search().is_empty() {
        match view.filters() {
            [_] => format!("No {one} matches the filter."),
            _ => format!("No {one} matches all filters together."),
        }
    } else {
        format!("No {one} matches the filters and the search together.")
    };
    if let Some((least, button)) = nearest_similarity(state) {
        let cause = format!("{cause} The most similar {one} reaches {least:.2}.");
        if empty_state_ui(ui, Icon::FILTER, title, &cause, Some(&button)) {
            commands.extend(with_similarity(state, least));
        }
        return;
    }
    let button = Some("Clear all filters");
    if empty_state_ui(ui, Icon::FILTER, title, &cause, button) {
        commands.push(Command::Table(TableCommand::ClearFilters));
    }
}
