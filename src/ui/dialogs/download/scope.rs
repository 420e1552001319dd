//! Which observations are downloaded.

use egui::{Label, Role, TextEdit, Ui, WidgetInfo};

use super::{DownloadDialog, Scope, names::MAX_LISTED};
use crate::{
    model::{count_text, plural},
    state::{Command, ExperimentsCommand, Remote, State},
    table::Subject,
    ui::{
        theme::{Tokens, Type},
        widgets::{Button, Segment, segments_ui, width_of},
    },
};

/// Maximum length of a list, in characters.
const LIST_LIMIT: usize = 1_000_000;

impl DownloadDialog {
    /// Shows whether the observations that a scope needs are loaded, and how many there are.
    fn scope_state_ui(
        &self,
        ui: &mut Ui,
        scope: Scope,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let tokens = Tokens::of(ui);
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
                ui.label(Type::Small.text("Loading observations…", tokens.muted));
            }
            _ => {
                let chosen = match scope {
                    Scope::Selected => &self.selected,
                    Scope::Shown => &self.shown,
                    Scope::All | Scope::Listed | Scope::BySite => return,
                };
                let note = self.scope_note(chosen, state);
                // Never wider than the dialog, which would grow over the edges of the window.
                let width = ui.available_width();
                let short = note.split(", ").next().unwrap_or_default();
                let mut notes = [note.as_str(), short].into_iter();
                if let Some(note) = notes.find(|note| width_of(ui, note, Type::Small) <= width) {
                    ui.label(Type::Small.text(note, tokens.muted));
                }
            }
        }
    }

    pub(super) fn scope_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let all = self.all_label(state);
        let selected = match self.codes_of(&self.selected, state) {
            Some(codes) if !self.selected.is_empty() => {
                format!("{} selected", count_text(codes.len()))
            }
            _ => "Selected".to_owned(),
        };
        let none = self.selected.is_empty().then_some(match self.of {
            Subject::Experiments => "No experiment is selected in the table",
            Subject::Hits => "No hit is selected in the table",
        });
        let shown = match self.codes_of(&self.shown, state) {
            Some(codes) => format!("{} shown", count_text(codes.len())),
            None => "Shown".to_owned(),
        };
        // As wide as they will be once the observations are loaded, so that nothing slides under the pointer.
        let widest = [(&self.selected, "selected"), (&self.shown, "shown")]
            .map(|(rows, word)| format!("{} {word}", count_text(rows.len())));
        let (mut scope, mut takes_focus) = (self.scope, false);
        Self::labelled_row_ui(ui, "What", |ui| {
            let mut of_selected = Segment::new(Scope::Selected, &selected);
            of_selected.refusal = none;
            of_selected.widest = &widest[0];
            let mut of_all = Segment::new(Scope::All, &all);
            of_all.widest = "All 9,999 observations";
            let mut choices = vec![
                of_all,
                of_selected,
                Segment::new(Scope::BySite, "By site or tag"),
                Segment::new(Scope::Listed, "A list of codes"),
            ];
            if !self.shown.is_empty() {
                let mut of_shown = Segment::new(Scope::Shown, &shown);
                of_shown.widest = &widest[1];
                choices.insert(1, of_shown);
            }
            if let Some(chosen) = segments_ui(ui, Some(scope), &choices, None) {
                scope = chosen;
                // What is pasted next is the list.
                takes_focus = chosen == Scope::Listed;
            }
            self.scope_state_ui(ui, scope, state, commands);
        });
        self.scope = scope;
        match scope {
            Scope::Listed => self.code_list_ui(ui, takes_focus, state),
            Scope::BySite => self.by_site_ui(ui, state, commands),
            Scope::All | Scope::Shown | Scope::Selected => {}
        }
    }

    /// Draws the field for pasting codes, or the request that the web page copies.
    fn code_list_ui(&mut self, ui: &mut Ui, takes_focus: bool, state: &State) {
        let tokens = Tokens::of(ui);
        ui.horizontal_top(|ui| {
            Self::indent_ui(ui);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 4.0;
                let field = TextEdit::multiline(&mut self.list)
                    .hint_text("Paste codes of observations, crystals, compounds or PDB entries here, with any separator, or the text that the web page's download dialog copies")
                    .desired_rows(3)
                    .desired_width(ui.available_width())
                    .char_limit(LIST_LIMIT);
                let field = ui.add(field);
                field.widget_info(|| WidgetInfo::labeled(Role::MultilineTextInput, true, "List of codes"));
                if takes_focus {
                    field.request_focus();
                }
                if field.changed() {
                    self.read_list();
                    self.resolve_names(state);
                    if let Some(files) = &self.listed.files {
                        self.files = files.clone();
                    }
                }
                self.resolved_names_ui(ui);
                if let Some(title) = self.listed.title.as_ref().filter(|title| **title != self.target.title) {
                    let text = format!("This request is for the target {title}, not for {}.", self.target.title);
                    ui.label(Type::Small.text(text, tokens.warn));
                }
                let count = self.listed_codes().len();
                let text = format!("{} will be downloaded", plural(count, "observation", "observations"));
                ui.label(Type::Small.text(text, tokens.muted));
            });
        });
    }

    /// Draws how names were resolved, and which ones are unknown.
    fn resolved_names_ui(&self, ui: &mut Ui) {
        let tokens = Tokens::of(ui);
        let names = &self.meant;
        if !names.resolved.unknown.is_empty() {
            let text = format!(
                "Not in {}: {}",
                self.target.title,
                first_few(&names.unknown, names.resolved.unknown.len())
            );
            ui.add(Label::new(Type::Small.text(text, tokens.warn)).wrap());
        }
        let notes = &names.resolved.notes;
        if !notes.is_empty() {
            let text = format!("{}.", first_few(notes, notes.len()));
            ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
        }
    }
}

/// Returns the first few, and how many more there are.
fn first_few(all: &[String], count: usize) -> String {
    let shown: Vec<&str> = all.iter().take(MAX_LISTED).map(String::as_str).collect();
    let more = count.saturating_sub(shown.len());
    let rest = if more > 0 {
        format!(" and {} more", count_text(more))
    } else {
        String::new()
    };
    format!("{}{rest}", shown.join("; "))
}
