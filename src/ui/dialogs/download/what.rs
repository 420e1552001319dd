//! Which observations.

use egui::Ui;

use super::{DownloadDialog, Scope};
use crate::{
    model::count_text,
    state::{Command, Load, State},
    ui::{
        theme::{Tokens, Type},
        widgets::{Button, Segment, segments},
    },
};

impl DownloadDialog {
    pub(super) fn what(&mut self, ui: &mut Ui, state: &State, wishes: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        let all = self.all_label(state);
        let selected = match self.selected_codes(state) {
            Some(codes) if !self.selected.is_empty() => {
                format!("The {} selected", count_text(codes.len()))
            }
            _ => "The selected".to_owned(),
        };
        let none = self
            .selected
            .is_empty()
            .then_some("No experiment is selected in the table");
        let mut scope = self.scope;
        Self::line(ui, "What", |ui| {
            let mut of_selected = Segment::new(Scope::Selected, &selected);
            of_selected.refusal = none;
            let choices = [Segment::new(Scope::All, &all), of_selected];
            if let Some(chosen) = segments(ui, Some(scope), &choices, None) {
                scope = chosen;
            }
            match state.experiments.observations_of(&self.target) {
                Some(Load::Failed { problem, .. }) => {
                    ui.label(Type::Small.text(&problem.message, tokens.err));
                    if ui.add(Button::quiet("Try again")).clicked() {
                        wishes.push(Command::NeedObservations(self.target.clone()));
                    }
                }
                Some(load) if load.is_loading() => {
                    ui.label(Type::Small.text("The observations are being read…", tokens.muted));
                }
                _ if scope == Scope::Selected => {
                    ui.label(Type::Small.text(self.selection_note(state), tokens.muted));
                }
                _ => {}
            }
        });
        self.scope = scope;
    }
}
