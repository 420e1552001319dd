//! Which observations.

use egui::{Label, Role, TextEdit, Ui, WidgetInfo};

use super::{DownloadDialog, LABELS, Scope};
use crate::{
    model::{PastedCodes, count_text, plural},
    state::{Command, ExperimentsCommand, Remote, State},
    ui::{
        theme::{Tokens, Type},
        widgets::{Button, Segment, segments},
    },
};

/// Longest list that is taken.
const LIST_LIMIT: usize = 1_000_000;

impl DownloadDialog {
    pub(super) fn what(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
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
            let choices = [
                Segment::new(Scope::All, &all),
                of_selected,
                Segment::new(Scope::Listed, "A list of codes"),
            ];
            if let Some(chosen) = segments(ui, Some(scope), &choices, None) {
                scope = chosen;
            }
            match state.experiments.observations_of(&self.target) {
                Some(Remote::Failed { problem, .. }) => {
                    ui.label(Type::Small.text(&problem.message, tokens.err));
                    if ui.add(Button::quiet("Try again")).clicked() {
                        commands.push(Command::Experiments(ExperimentsCommand::LoadObservations(
                            self.target.clone(),
                        )));
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
        if scope == Scope::Listed {
            self.list(ui, state);
        }
    }

    /// A place to paste codes, or the request that the web page copies.
    fn list(&mut self, ui: &mut Ui, state: &State) {
        let tokens = Tokens::of(ui);
        ui.horizontal_top(|ui| {
            ui.add_space(LABELS + 8.0);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 4.0;
                let field = TextEdit::multiline(&mut self.list)
                    .hint_text("Paste short codes here, with anything between them, or the JSON that the web page's dialog copies")
                    .desired_rows(3)
                    .desired_width(ui.available_width())
                    .char_limit(LIST_LIMIT);
                let field = ui.add(field);
                field.widget_info(|| WidgetInfo::labeled(Role::MultilineTextInput, true, "List of codes"));
                if field.changed() {
                    self.listed = PastedCodes::read(&self.list);
                    if let Some(files) = &self.listed.files {
                        self.files = files.clone();
                    }
                }
                let (known, unknown) = self.listed_codes(state);
                if !unknown.is_empty() {
                    let shown: Vec<&str> = unknown.iter().take(12).map(String::as_str).collect();
                    let more = unknown.len() - shown.len();
                    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
                    let text = format!("Not among the codes of {}: {}{rest}", self.target.title, shown.join(", "));
                    ui.add(Label::new(Type::Small.text(text, tokens.warn)).wrap());
                }
                if let Some(title) = self.listed.title.as_ref().filter(|title| **title != self.target.title) {
                    let text = format!("This request is about the target {title}, not about {}.", self.target.title);
                    ui.label(Type::Small.text(text, tokens.warn));
                }
                let text = format!("{} will be asked for", plural(known.len(), "code", "codes"));
                ui.label(Type::Small.text(text, tokens.muted));
            });
        });
    }
}
