//! Loading progress of the hits, and what is missing from them.

use egui::{Frame, Ui};

use crate::{
    model::{count_text, plural},
    state::State,
    ui::{
        theme::{Tokens, Type},
        widgets::{announce, skeleton_table_ui},
    },
};

/// Draws the progress of loading the hits.
pub(super) fn loading_hits_ui(ui: &mut Ui, state: &State) {
    let of = state.experiments.targets().len();
    let text = format!(
        "Loading hits: {} of {} so far.",
        count_text(state.experiments.hits.read()),
        plural(of, "target", "targets")
    );
    let margin = egui::Margin::symmetric(16, 10);
    Frame::new().inner_margin(margin).show(ui, |ui| {
        let label = ui.label(Type::Body.text(text, Tokens::of(ui).muted));
        announce(&label, false);
        skeleton_table_ui(ui, "Loading hits");
    });
}

/// Draws which columns of the hits are empty because the server has no lists for them, above the table.
pub(super) fn hits_notes_ui(ui: &mut Ui, state: &State) {
    let hits = state.experiments.hits.table.value();
    let Some(hits) = hits.filter(|hits| !hits.not_offered.is_empty()) else {
        return;
    };
    let sentence = format!(
        "This server has no lists of {}; those columns are empty.",
        hits.not_offered.join(", ")
    );
    let margin = Frame::new().inner_margin(egui::Margin::symmetric(16, 6));
    margin.show(ui, |ui| {
        let text = Type::Small.text(sentence, Tokens::of(ui).muted);
        ui.add(egui::Label::new(text).wrap());
    });
}
