//! The menu of views: built-in ones, the user's own, and files with views.

use std::path::PathBuf;

use egui::{Popup, PopupCloseBehavior, Ui};

use crate::{
    model::FileName,
    state::{AppCommand, Command, ExperimentsCommand, State, TableCommand},
    table::{Layout, built_in_views},
    ui::{
        dialogs::{FilePicker, Picked},
        input::entered,
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, menu_line_ui},
    },
};

/// Minimum width of the window at which the button shows the name of the view.
const WIDE: f32 = 1180.0;
/// The extension of a view file.
const EXTENSION: &str = "view.json";
/// The name of the file type in the system's dialog, and its last extension.
const KIND: (&str, &str) = ("Fragalysis Desktop view", "json");

/// What the dialog is open for.
enum Asked {
    /// To save the current view under this name.
    Save(String),
    /// To open a view.
    Open,
}

/// What the menu remembers.
#[derive(Default)]
pub(super) struct ViewsMenu {
    name: String,
    picker: FilePicker,
    asked: Option<Asked>,
}

impl ViewsMenu {
    /// Draws the button with the menu of views.
    pub(super) fn views_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let shown = view_name(state);
        let name_of = shown.as_deref().unwrap_or("Custom columns");
        let has_room = ui.ctx().content_rect().width() >= WIDE;
        let button = if has_room {
            let named = format!("Views of the table: {name_of}");
            ui.add(
                Button::plain(name_of)
                    .with_icon(Icon::BOOKMARK)
                    .named(&named),
            )
        } else {
            ui.add(Button::icon(Icon::BOOKMARK, "Views of the table"))
        };
        Popup::menu(&button)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .show(|ui| {
                ui.set_width(260.0);
                ui.spacing_mut().item_spacing.y = 0.0;
                saved_views_ui(ui, shown.as_deref(), state, commands);
                menu_line_ui(ui);
                self.name_ui(ui, state, commands);
                menu_line_ui(ui);
                self.files_ui(ui, state);
            });
    }

    /// Draws the field that saves the current view under a name.
    fn name_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        ui.horizontal(|ui| {
            let field = Field::new("Name of the view", &mut self.name)
                .hint("Name for this view")
                .limit(60)
                .size(150.0, size::CONTROL)
                .show(ui);
            let own = self.name.trim().to_owned();
            let reason = own.is_empty().then_some("Enter a name first");
            let is_there = state.settings.views.contains_key(&own);
            let text = if is_there { "Replace" } else { "Save view" };
            let is_entered = entered(ui, &field) && reason.is_none();
            let keep = Button::plain(text)
                .named("Save this view")
                .disabled_because(reason);
            if ui.add(keep).clicked() || is_entered {
                commands.push(Command::Table(TableCommand::SaveView(own)));
                self.name.clear();
            }
        });
    }

    /// Draws the entries for view files, by which views are shared with others.
    fn files_ui(&mut self, ui: &mut Ui, state: &State) {
        let open = self.asked.as_ref().map(|_| "The dialog is already open");
        let save = Button::menu_entry("Save this view to a file…")
            .indented()
            .disabled_because(open);
        if ui.add(save).clicked() {
            let name = match (self.name.trim(), own_view(state)) {
                ("", Some(own)) => own.to_owned(),
                ("", None) => format!(
                    "View of {}",
                    state.experiments.subject.title().to_lowercase()
                ),
                (typed, _) => typed.to_owned(),
            };
            let path = free_path(state, &name);
            let title = "Save the view to a file";
            self.picker.open_to_save(ui.ctx(), title, &path, KIND);
            self.asked = Some(Asked::Save(name));
            Popup::close_all(ui.ctx());
        }
        let read = Button::menu_entry("Open a view from a file…")
            .indented()
            .disabled_because(open);
        if ui.add(read).clicked() {
            let folder = state.download_folder();
            self.picker.open_to_read(ui.ctx(), "Open a view", folder);
            self.asked = Some(Asked::Open);
            Popup::close_all(ui.ctx());
        }
    }

    /// Polls the system's dialog, whatever page is shown.
    pub(super) fn poll(&mut self, state: &State, commands: &mut Vec<Command>) {
        let Some(picked) = self.picker.poll() else {
            return;
        };
        let command = match (picked, self.asked.take()) {
            (Picked::Path(path), Some(Asked::Save(name))) => {
                ExperimentsCommand::SaveViewFile { path, name }
            }
            // Without a dialog: in the download folder, under an unused name.
            (Picked::Unavailable, Some(Asked::Save(name))) => {
                let path = free_path(state, &name);
                ExperimentsCommand::SaveViewFile { path, name }
            }
            (Picked::Path(path), Some(Asked::Open)) => ExperimentsCommand::OpenViewFile(path),
            (Picked::Unavailable, Some(Asked::Open)) => {
                let text = "This program cannot open a file dialog on this computer. Drop the file onto the window instead.";
                commands.push(Command::App(AppCommand::Notify(text.to_owned())));
                return;
            }
            (Picked::Cancelled, _) | (_, None) => return,
        };
        commands.push(Command::Experiments(command));
    }
}

/// Returns the path that is proposed for a view; the time makes it unique.
fn free_path(state: &State, name: &str) -> PathBuf {
    let time = (state.environment.clock)().strftime("%Y-%m-%d %H%M%S");
    let name = FileName::sanitize(&format!("{name} {time}.{EXTENSION}"));
    state.download_folder().join(name.as_str())
}

/// Returns the name of the user's own view that is shown with all its filters.
fn own_view(state: &State) -> Option<&str> {
    let shown = state.experiments.view.layout();
    let is_shown = |layout: &Layout| {
        layout.has_same_columns(shown)
            && layout.filters == shown.filters
            && layout.sort == shown.sort
            && layout
                .rows
                .is_none_or(|rows| rows == state.experiments.subject)
    };
    let mut own = state.settings.views.iter();
    own.find(|(_, layout)| is_shown(layout))
        .map(|(name, _)| name.as_str())
}

/// Returns the name of the view that is shown: a built-in one, or one of the user's own.
fn view_name(state: &State) -> Option<String> {
    let view = &state.experiments.view;
    if let Some(own) = own_view(state) {
        return Some(own.to_owned());
    }
    if !view.is_chosen() {
        return Some("Overview".to_owned());
    }
    let is_shown = |layout: &Layout| layout.has_same_columns(view.layout());
    let sheet = state.experiments.sheet();
    let ready = built_in_views(state.experiments.subject).iter();
    let ready = ready.map(|(name, _)| *name);
    let mut ready =
        ready.filter(|name| Layout::built_in(sheet, name).is_some_and(|own| is_shown(&own)));
    let mut own = state.settings.views.iter();
    ready.next().map(str::to_owned).or_else(|| {
        own.find(|(_, layout)| is_shown(layout))
            .map(|(name, _)| name.clone())
    })
}

/// Draws the built-in views and the user's own, below each other.
fn saved_views_ui(ui: &mut Ui, shown: Option<&str>, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    let mut entry_ui = |ui: &mut Ui, view: &str, command: &dyn Fn() -> TableCommand| {
        if ui.add(entry(view, shown == Some(view))).clicked() {
            commands.push(Command::Table(command()));
            Popup::close_all(ui.ctx());
        }
    };
    ui.label(Type::SmallHeading.text("Views", tokens.muted));
    for (view, _) in built_in_views(state.experiments.subject) {
        entry_ui(ui, view, &|| TableCommand::UseBuiltIn(view));
    }
    if !state.settings.views.is_empty() {
        ui.add_space(4.0);
        ui.label(Type::SmallHeading.text("Your views", tokens.muted));
    }
    let mut deleted = None;
    for (view, layout) in &state.settings.views {
        ui.horizontal(|ui| {
            let of_other = layout
                .rows
                .filter(|rows| *rows != state.experiments.subject);
            let text = match of_other {
                Some(rows) => format!("{view} ({})", rows.title()),
                None => view.clone(),
            };
            entry_ui(ui, &text, &|| TableCommand::UseView(layout.clone()));
            let delete = format!("Delete the view {view}");
            if ui.add(Button::quiet_icon(Icon::CROSS, &delete)).clicked() {
                deleted = Some(view.clone());
            }
        });
    }
    if let Some(view) = deleted {
        commands.push(Command::Table(TableCommand::DeleteView(view)));
    }
}

/// Returns the menu entry of a view; the one that is shown has a tick.
fn entry(name: &str, is_shown: bool) -> Button<'_> {
    let entry = Button::menu_entry(name);
    if is_shown {
        entry.with_icon(Icon::CHECK)
    } else {
        entry.indented()
    }
}
