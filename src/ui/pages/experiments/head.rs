//! The bar above the table: what is shown, finding, columns, reading again.

use std::collections::BTreeMap;

use egui::{Align, Frame, Layout, Margin, Panel, Popup, PopupCloseBehavior, ScrollArea, Ui};

use super::targets;
use crate::{
    state::{Command, State},
    table::{Column, ColumnGroup},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, Tick},
    },
};

pub(super) fn show(
    ui: &mut Ui,
    find: &mut String,
    is_narrow: bool,
    state: &State,
    wishes: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    Panel::top("table head")
        .exact_size(size::TOP_BAR)
        .resizable(false)
        .frame(
            Frame::new()
                .fill(tokens.surface)
                .inner_margin(Margin::symmetric(16, 0)),
        )
        .show(ui, |ui| {
            ui.horizontal_centered(|ui| {
                title(ui, is_narrow, state, wishes);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    tools(ui, find, state, wishes);
                });
            });
        });
}

fn title(ui: &mut Ui, is_narrow: bool, state: &State, wishes: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    if is_narrow {
        targets::menu(ui, state, wishes);
        return;
    }
    match state.experiments.view.target() {
        Some(target) => {
            ui.label(Type::Title.text(&target.title, tokens.text));
            ui.label(Type::Body.text(target.tas.as_str(), tokens.muted));
        }
        None => {
            ui.label(Type::Title.text("All targets", tokens.text));
        }
    }
}

fn tools(ui: &mut Ui, find: &mut String, state: &State, wishes: &mut Vec<Command>) {
    let loading = state
        .experiments
        .table
        .is_loading()
        .then_some("The server is being asked");
    let refresh = Button::icon(Icon::REFRESH, "Read again from the server").refused(loading);
    if ui.add(refresh).clicked() {
        wishes.push(Command::RefreshExperiments);
    }
    let columns = ui.add(Button::icon(Icon::COLUMNS, "Choose columns"));
    Popup::menu(&columns)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            ui.set_width(280.0);
            ScrollArea::vertical()
                .max_height(440.0)
                .show(ui, |ui| choose_columns(ui, state, wishes));
        });
    let width = (ui.available_width() - 8.0).clamp(80.0, 196.0);
    let field = Field::new("Find in the table", find)
        .hint("Find in the table")
        .icon(Icon::SEARCH)
        .size(width, size::CONTROL)
        .show(ui);
    if field.changed() {
        wishes.push(Command::Search(find.clone()));
    }
}

fn choose_columns(ui: &mut Ui, state: &State, wishes: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut groups: BTreeMap<ColumnGroup, Vec<&Column>> = BTreeMap::new();
    for column in state.experiments.sheet().columns() {
        groups.entry(column.group).or_default().push(column);
    }
    let layout = state.experiments.view.layout();
    for (group, columns) in groups {
        ui.add_space(4.0);
        ui.label(Type::SmallHeading.text(group.heading(), Tokens::of(ui).muted));
        for column in columns {
            let is_shown = layout.has(&column.field);
            let tick = ui.add(Tick::new(&column.heading, is_shown));
            let tick = tick.on_hover_text(format!("{} ({})", column.help, column.field));
            // Without its code a row has no name.
            if tick.clicked() && column.field != "code" {
                let field = column.field.to_string();
                wishes.push(Command::ShowColumn {
                    field,
                    is_shown: !is_shown,
                });
            }
        }
    }
}
