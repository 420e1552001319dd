//! The context menu of a row: copy, filter by value, select, details.

use std::collections::BTreeSet;

use egui::{Key, KeyboardShortcut, Modifiers, Ui};

use super::{
    drawing::smiles_of, keyboard::Grid, note::note_entries_ui, structure_menu::structure_entries_ui,
};
use crate::{
    model::plural,
    state::{Command, ExperimentsCommand, SelectionMode, State, TableCommand},
    table::{Column, Condition, Extract, STRUCTURE, Sheet},
    ui::widgets::{Button, menu_line_ui},
};

/// Maximum length of a cell text that is shown in the menu.
const LONGEST: usize = 32;

/// The keys that copy.
const COPY: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::C);

/// Where the menu was opened.
pub(super) struct MenuTarget<'a> {
    pub(super) row: usize,
    pub(super) at: (usize, usize),
    pub(super) place: usize,
    pub(super) column: &'a Column,
}

/// What a menu belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Cell,
    /// A card has no cells.
    Card,
}

pub(super) fn row_menu_ui(
    ui: &mut Ui,
    spot: &MenuTarget<'_>,
    grid: &mut Grid,
    state: &State,
    commands: &mut Vec<Command>,
) {
    entries_ui(ui, spot, Place::Cell, grid, state, commands);
}

pub(super) fn card_menu_ui(
    ui: &mut Ui,
    spot: &MenuTarget<'_>,
    grid: &mut Grid,
    state: &State,
    commands: &mut Vec<Command>,
) {
    entries_ui(ui, spot, Place::Card, grid, state, commands);
}

fn entries_ui(
    ui: &mut Ui,
    spot: &MenuTarget<'_>,
    place: Place,
    grid: &mut Grid,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    let text = sheet.text(spot.place, spot.row);
    let id = sheet.id(spot.row);
    ui.set_width(220.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    if ui
        .add(Button::menu_entry("Show details").shortcut("Enter"))
        .clicked()
    {
        grid.focus_cell(state, spot.at);
        grid.wants_details = true;
    }
    let is_selected = view.is_selected(id);
    let select = if is_selected { "Deselect" } else { "Select" };
    if ui
        .add(Button::menu_entry(select).shortcut("Space"))
        .clicked()
    {
        let command = TableCommand::Select(id, SelectionMode::Toggle);
        commands.push(Command::Table(command));
    }
    if note_entries_ui(ui, id, state, commands) {
        grid.focus_cell(state, spot.at);
        grid.wants_details = true;
        grid.wants_note = true;
    }
    menu_line_ui(ui);
    copy_entries_ui(ui, spot, place, state, commands);
    if let Some(smiles) = smiles_of(sheet, spot.row) {
        menu_line_ui(ui);
        structure_entries_ui(ui, &smiles, sheet.subject(), commands);
    }
    only_entry_ui(ui, spot, &text, sheet, commands);
}

/// Draws the entries that copy the cell, or the row: all selected rows if it is one of them.
fn copy_entries_ui(
    ui: &mut Ui,
    spot: &MenuTarget<'_>,
    place: Place,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    let is_selected = view.is_selected(sheet.id(spot.row));
    let extract = |columns: Vec<usize>, rows: Vec<usize>| Extract {
        sheet: sheet.clone(),
        columns,
        rows: rows
            .into_iter()
            .filter_map(|row| u32::try_from(row).ok())
            .collect(),
    };
    let mut copy = |extract: Extract, has_headings: bool| {
        commands.push(Command::Experiments(ExperimentsCommand::CopyRows {
            extract,
            has_headings,
        }));
    };
    let is_empty = sheet.is_empty_at(spot.place, spot.row);
    // Which of the two the keys copy depends on whether rows are selected.
    let keys = ui.ctx().format_shortcut(&COPY);
    let keys_of = |is_meant: bool| if is_meant { keys.as_str() } else { "" };
    let cell = Button::menu_entry("Copy cell").shortcut(keys_of(view.selected().is_empty()));
    if place == Place::Cell && !is_empty && ui.add(cell).clicked() {
        copy(extract(vec![spot.place], vec![spot.row]), false);
    }
    let selected = view.shown().filter(|row| view.is_selected(sheet.id(*row)));
    let rows: Vec<usize> = if is_selected {
        selected.collect()
    } else {
        vec![spot.row]
    };
    let name = match rows.len() {
        1 => "Copy row".to_owned(),
        more => format!("Copy {}", plural(more, "row", "rows")),
    };
    let entry = Button::menu_entry(&name).shortcut(keys_of(is_selected));
    if ui.add(entry).clicked() {
        let columns = view.columns().iter();
        let columns = columns.filter_map(|shown| sheet.place(&shown.field));
        copy(extract(columns.collect(), rows), true);
    }
}

/// Draws the entry that shows only rows with the value of the cell.
fn only_entry_ui(
    ui: &mut Ui,
    spot: &MenuTarget<'_>,
    text: &str,
    sheet: &Sheet,
    commands: &mut Vec<Command>,
) {
    if spot.column.field == STRUCTURE {
        return;
    }
    // With several values in a cell it is unclear which one is meant.
    let is_one = !spot.column.is_list() || !text.contains(", ");
    let is_of_words =
        is_one && !spot.column.is_numeric() && sheet.number(spot.place, spot.row).is_nan();
    if is_of_words && !text.is_empty() && text.chars().count() <= LONGEST {
        menu_line_ui(ui);
        let name = format!("Show only “{text}”");
        if ui.add(Button::menu_entry(&name)).clicked() {
            commands.push(Command::Table(TableCommand::Filter {
                field: spot.column.field.to_string(),
                condition: Some(Condition::OneOf(BTreeSet::from([text.to_owned()]))),
            }));
        }
    }
}
