//! The commands of a column: sort, move, freeze, widen, hide.

use egui::{Popup, Ui};

use super::widths::{MAX_WIDTH, MIN_WIDTH, fitted_width};
use crate::{
    state::{Command, State, TableCommand},
    table::{Column, Direction},
    ui::widgets::{Button, menu_line_ui},
};

/// The factor by which one step widens a column.
const WIDER: f32 = 1.25;

/// Draws the commands below each other; `usual` is the default width of the column.
pub(super) fn column_commands_ui(
    ui: &mut Ui,
    column: &Column,
    usual: f32,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let view = &state.experiments.view;
    let shown = view.columns().iter();
    let at = shown.clone().position(|shown| shown.field == column.field);
    let Some(at) = at else { return };
    let field = column.field.to_string();
    let width = shown.clone().nth(at).and_then(|shown| shown.width);
    let width = width.unwrap_or(usual);
    let wide = |width: f32| TableCommand::SetWidth {
        field: field.clone(),
        width: width.clamp(MIN_WIDTH, MAX_WIDTH),
    };
    let mut command = |ui: &mut Ui, text: &str, command: &dyn Fn(&Ui) -> TableCommand| {
        if ui.add(Button::menu_entry(text)).clicked() {
            commands.push(Command::Table(command(ui)));
        }
    };
    let sorts = [
        ("Sort ascending", Direction::Ascending),
        ("Sort descending", Direction::Descending),
    ];
    for (text, direction) in sorts {
        command(ui, text, &|_| TableCommand::SortIn {
            field: field.clone(),
            direction,
        });
    }
    menu_line_ui(ui);
    let to = |to: usize| TableCommand::MoveColumn {
        field: field.clone(),
        to,
    };
    if at > 0 {
        command(ui, "Move left", &|_| to(at - 1));
    }
    if at + 1 < view.columns().len() {
        command(ui, "Move right", &|_| to(at + 2));
    }
    if at < 4 && view.layout().frozen != at + 1 {
        command(ui, "Freeze columns to here", &|_| {
            TableCommand::Freeze(at + 1)
        });
    }
    menu_line_ui(ui);
    command(ui, "Wider", &|_| wide(width * WIDER));
    command(ui, "Narrower", &|_| wide(width / WIDER));
    command(ui, "Fit width", &|ui| wide(fitted_width(ui, column, state)));
    hide_entry_ui(ui, column, commands);
}

/// Draws the entry that hides the column; the code column cannot be hidden.
fn hide_entry_ui(ui: &mut Ui, column: &Column, commands: &mut Vec<Command>) {
    if column.field == "code" {
        return;
    }
    menu_line_ui(ui);
    if ui.add(Button::menu_entry("Hide this column")).clicked() {
        commands.push(Command::Table(TableCommand::ShowColumn {
            field: column.field.to_string(),
            is_shown: false,
        }));
        Popup::close_all(ui.ctx());
    }
}
