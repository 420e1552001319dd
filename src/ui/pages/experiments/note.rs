//! The user's own star and note on an experiment.

use std::{borrow::Cow, collections::BTreeSet};

use egui::{Id, Pos2, Rect, Role, TextEdit, Ui, WidgetInfo};

use crate::{
    model::{RowId, plural},
    state::{Command, ExperimentsCommand, State, TableCommand},
    table::{Column, ExperimentKey, Note, Sheet},
    ui::{
        theme::{Icon, Tokens, Type},
        widgets::{Button, paint_icon, paint_set_star},
    },
};

/// Characters of a note: more than anyone writes about one crystal.
const MAX_LENGTH: usize = 4_000;
/// Size of the marks in a cell, in points.
const MARK: f32 = 13.0;
/// For up to this many selected rows, the menu says what it would do with them.
const MOST_NAMED: usize = 500;
/// Lines of the field.
const LINES: usize = 2;

/// The note that is being edited.
#[derive(Default)]
pub(super) struct NoteDraft {
    of: Option<ExperimentKey>,
    text: String,
    /// The text that the state has, as far as the field knows.
    known: String,
    /// Whether the field is to take the focus.
    wants_focus: bool,
}

impl NoteDraft {
    /// Makes the field take the focus the next time it is drawn.
    pub(super) fn focus(&mut self, wants_focus: bool) {
        self.wants_focus = wants_focus;
    }

    /// Draws the note on an experiment, which can be edited.
    pub(super) fn note_ui(
        &mut self,
        ui: &mut Ui,
        key: &ExperimentKey,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let tokens = Tokens::of(ui);
        // Each note has a field of its own: undo must not bring back the text of another one.
        let id = Id::unique("note on an experiment").with(key);
        let note = state.experiments.notes.of(key);
        let now = note.map_or("", |note| note.text.as_str());
        // Also while it is being edited: another copy of the program may have added something.
        if self.of.as_ref() != Some(key) || self.known != now {
            now.clone_into(&mut self.text);
            now.clone_into(&mut self.known);
            self.of = Some(key.clone());
        }
        ui.add_space(8.0);
        ui.label(Type::Heading.text("Your note", tokens.text))
            .on_hover_text("Stored on this computer only; also shown in the column “Your note”.");
        let hint = Type::Body.text("Add a note", tokens.muted);
        let field = TextEdit::multiline(&mut self.text)
            .id(id)
            .hint_text(hint)
            .desired_rows(LINES)
            .desired_width(f32::INFINITY)
            .char_limit(MAX_LENGTH)
            .font(Type::Body.font());
        let field = ui.add(field);
        field.widget_info(|| {
            let name = format!("Your note on {}", key.code);
            WidgetInfo::labeled(Role::MultilineTextInput, true, name)
        });
        if std::mem::take(&mut self.wants_focus) {
            field.request_focus();
        }
        if field.changed() {
            let text = self.text.trim_end().to_owned();
            let before = std::mem::replace(&mut self.known, text.clone());
            commands.push(Command::Experiments(ExperimentsCommand::WriteNote {
                key: key.clone(),
                before,
                text,
            }));
        }
    }
}

/// Returns the note on the experiment of a row.
pub(super) fn note_of<'a>(state: &'a State, sheet: &Sheet, row: usize) -> Option<&'a Note> {
    state.experiments.notes.of(&sheet.experiment_key(row)?)
}

/// Returns the note whose marks a cell shows: only the column of codes has them.
pub(super) fn note_in_cell<'a>(
    column: &Column,
    state: &'a State,
    sheet: &Sheet,
    row: usize,
) -> Option<&'a Note> {
    (column.field == "code")
        .then(|| note_of(state, sheet, row))
        .flatten()
}

/// Paints the user's marks on an experiment at the right end of a cell. Returns the remaining rectangle.
pub(super) fn paint_marks(ui: &Ui, rect: Rect, note: &Note) -> Rect {
    let tokens = Tokens::of(ui);
    let icons = [
        (note.is_starred, Icon::STAR, tokens.warn),
        (!note.text.is_empty(), Icon::NOTE, tokens.muted),
    ];
    let mut right = rect.right() - 4.0;
    for (_, icon, colour) in icons.into_iter().filter(|(is_there, ..)| *is_there) {
        let at = Pos2::new(right - MARK / 2.0, rect.center().y);
        if icon == Icon::STAR {
            paint_set_star(ui, at, MARK, colour);
        } else {
            paint_icon(ui, at, icon, MARK, colour);
        }
        right -= MARK + 2.0;
    }
    Rect::from_min_max(rect.min, Pos2::new(right + 4.0, rect.bottom()))
}

/// Returns what a screen reader says for a cell: its text, and how the experiment is marked.
pub(super) fn spoken<'a>(text: &'a str, note: Option<&Note>) -> Cow<'a, str> {
    let marks = match note.map(|note| (note.is_starred, !note.text.is_empty())) {
        Some((true, true)) => ", starred, with a note",
        Some((true, false)) => ", starred",
        Some((false, true)) => ", with a note",
        Some((false, false)) | None => return Cow::Borrowed(text),
    };
    Cow::Owned(format!("{text}{marks}"))
}

/// Returns the text of a note, if it has one.
pub(super) fn note_text(note: &Note) -> Option<Cow<'_, str>> {
    (!note.text.is_empty()).then(|| note.text.as_str().into())
}

/// Draws the button that stars an experiment, or removes the star.
pub(super) fn star_button_ui(
    ui: &mut Ui,
    key: &ExperimentKey,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let note = state.experiments.notes.of(key);
    let is_starred = note.is_some_and(|note| note.is_starred);
    let name = if is_starred {
        "Remove the star"
    } else {
        "Star this experiment"
    };
    let button = ui.add(Button::quiet_icon(Icon::STAR, name).on(is_starred));
    if is_starred {
        let at = button.rect.center();
        paint_set_star(ui, at, MARK, Tokens::of(ui).warn);
    }
    if button.clicked() {
        commands.push(Command::Experiments(ExperimentsCommand::Star {
            keys: vec![key.clone()],
            is_starred: !is_starred,
        }));
    }
}

/// Returns the rows that a command on this row concerns: all selected ones, if it is one of them.
fn affected_rows(state: &State, id: RowId) -> BTreeSet<RowId> {
    let view = &state.experiments.view;
    if view.is_selected(id) {
        view.selected().clone()
    } else {
        BTreeSet::from([id])
    }
}

/// Returns the command that stars the experiments of this row or of the selection; if all of them are starred, it
/// removes their stars. `None` if no experiment belongs to them.
pub(super) fn star_command(state: &State, id: RowId) -> Option<(String, Command)> {
    let sheet = state.experiments.sheet();
    let keys = sheet.experiment_keys(&affected_rows(state, id));
    let notes = &state.experiments.notes;
    let is_starred = |key: &ExperimentKey| notes.of(key).is_some_and(|note| note.is_starred);
    let are_all = keys.iter().all(is_starred);
    let count = keys.len();
    let name = match (are_all, count) {
        (_, 0) => return None,
        (false, 1) => "Star".to_owned(),
        (true, 1) => "Remove the star".to_owned(),
        (false, more) => format!("Star {}", plural(more, "experiment", "experiments")),
        (true, more) => format!("Remove {}", plural(more, "star", "stars")),
    };
    let command = Command::Experiments(ExperimentsCommand::Star {
        keys,
        is_starred: !are_all,
    });
    Some((name, command))
}

/// Draws the entries of a row's menu. Returns `true` if the note of the row is to be edited.
pub(super) fn note_entries_ui(
    ui: &mut Ui,
    id: RowId,
    state: &State,
    commands: &mut Vec<Command>,
) -> bool {
    let rows = affected_rows(state, id).len();
    // Looking up the stars of many rows in every frame would be slow.
    let name = if rows > MOST_NAMED {
        Some(format!("Star or unstar {}", plural(rows, "row", "rows")))
    } else {
        star_command(state, id).map(|(name, _)| name)
    };
    let Some(name) = name else { return false };
    if ui.add(Button::menu_entry(&name).shortcut("S")).clicked() {
        commands.extend(star_command(state, id).map(|(_, command)| command));
    }
    ui.add(Button::menu_entry("Write a note")).clicked()
}

/// Draws the button that shows only starred experiments, if there are any.
pub(super) fn only_starred_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    if !state.experiments.can_show_starred() {
        return;
    }
    let button = Button::quiet("Starred").named("Only starred experiments");
    if ui.add(button).clicked() {
        commands.push(Command::Table(TableCommand::only_starred()));
    }
}
