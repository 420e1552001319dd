//! The bar above the table: what is shown, finding, columns, reading again.

use std::collections::BTreeMap;

use egui::{
    Align, Frame, Key, Layout as Lay, Margin, Panel, Popup, PopupCloseBehavior, ScrollArea, Ui,
};

use super::{details::Details, grid::Grid, plot::PlotPane, targets};
use crate::{
    state::{Command, ExperimentsCommand, State, TableCommand},
    table::{Column, ColumnGroup, Subject, built_in_views},
    ui::{
        input::{entered, key_modifiers},
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, Segment, Tick, segments},
    },
};

/// What the bar changes of the page.
pub(super) struct Head<'a> {
    pub(super) find: &'a mut String,
    pub(super) find_column: &'a mut String,
    pub(super) view_name: &'a mut String,
    pub(super) grid: &'a mut Grid,
    pub(super) details: &'a mut Details,
    pub(super) plot: &'a mut PlotPane,
    /// The field for finding is to get the keys.
    pub(super) wants_find: bool,
}

pub(super) fn show(
    ui: &mut Ui,
    mut page: Head<'_>,
    is_narrow: bool,
    state: &State,
    commands: &mut Vec<Command>,
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
                title(ui, is_narrow, state, commands);
                ui.with_layout(Lay::right_to_left(Align::Center), |ui| {
                    tools(ui, &mut page, state, commands);
                });
            });
        });
}

fn title(ui: &mut Ui, is_narrow: bool, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    if is_narrow {
        targets::menu(ui, state, commands);
        subjects(ui, state, commands);
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
    ui.add_space(8.0);
    subjects(ui, state, commands);
}

/// Experiments, or the ligands that were seen in them.
fn subjects(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let choices = [
        Segment::new(Subject::Experiments, "Experiments"),
        Segment::new(Subject::Hits, "Hits"),
    ];
    let shown = Some(state.experiments.subject);
    if let Some(subject) = segments(ui, shown, &choices, None) {
        commands.push(Command::Table(TableCommand::ShowRows(subject)));
    }
}

fn tools(ui: &mut Ui, page: &mut Head<'_>, state: &State, commands: &mut Vec<Command>) {
    let loading = state
        .experiments
        .table
        .is_loading()
        .then_some("The server is being asked");
    let refresh = Button::icon(Icon::REFRESH, "Refresh").refused(loading);
    if ui.add(refresh).clicked() {
        commands.push(Command::Experiments(ExperimentsCommand::Refresh));
    }
    let details = if page.details.is_open {
        "Hide the details"
    } else {
        match state.experiments.subject {
            Subject::Experiments => "Show the details of an experiment",
            Subject::Hits => "Show the details of a hit",
        }
    };
    if ui.add(Button::icon(Icon::PANEL, details)).clicked() {
        page.details.is_open = !page.details.is_open;
    }
    let plot = if page.plot.is_open {
        "Hide the plot"
    } else {
        "Show a plot"
    };
    if ui.add(Button::icon(Icon::SCATTER, plot)).clicked() {
        page.plot.is_open = !page.plot.is_open;
    }
    let columns = ui.add(Button::icon(Icon::COLUMNS, "Choose columns"));
    Popup::menu(&columns)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            ui.set_width(300.0);
            let is_new = columns.clicked();
            choose_columns(ui, page.find_column, is_new, state, commands);
        });
    views(ui, page.view_name, state, commands);
    let width = (ui.available_width() - 8.0).clamp(80.0, 196.0);
    let field = Field::new("Find in the table", page.find)
        .hint("Find in the table")
        .icon(Icon::SEARCH)
        .size(width, size::CONTROL)
        .show(ui);
    if page.wants_find {
        field.request_focus();
    }
    if field.changed() {
        commands.push(Command::Table(TableCommand::Search(page.find.clone())));
    }
    let enter = ui
        .input(|input| key_modifiers(input, Key::Enter))
        .filter(|_| field.lost_focus());
    let has_enter = enter.is_some();
    if let Some(keys) = enter.or(ui.input(|input| key_modifiers(input, Key::F3))) {
        page.grid.find_next(state, keys.shift);
        if has_enter {
            field.request_focus();
        }
    }
}

/// Ready-made views, and those that the user has kept.
fn views(ui: &mut Ui, name: &mut String, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    let button = ui.add(Button::icon(Icon::BOOKMARK, "Views of the table"));
    Popup::menu(&button)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            ui.set_width(260.0);
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.label(Type::SmallHeading.text("Views", tokens.muted));
            for (view, _) in built_in_views(state.experiments.subject) {
                if ui.add(Button::quiet(view)).clicked() {
                    commands.push(Command::Table(TableCommand::UseBuiltIn(view)));
                    Popup::close_all(ui.ctx());
                }
            }
            if !state.settings.views.is_empty() {
                ui.add_space(4.0);
                ui.label(Type::SmallHeading.text("Your own", tokens.muted));
            }
            for (view, layout) in &state.settings.views {
                ui.horizontal(|ui| {
                    if ui.add(Button::quiet(view)).clicked() {
                        commands.push(Command::Table(TableCommand::UseView(layout.clone())));
                        Popup::close_all(ui.ctx());
                    }
                    let forget = format!("Forget the view {view}");
                    if ui.add(Button::quiet_icon(Icon::CROSS, &forget)).clicked() {
                        commands.push(Command::Table(TableCommand::DropView(view.clone())));
                    }
                });
            }
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                let field = Field::new("Name of the view", name)
                    .hint("Name for this view")
                    .limit(60)
                    .size(150.0, size::CONTROL)
                    .show(ui);
                let own = name.trim().to_owned();
                let reason = own.is_empty().then_some("Give it a name first");
                let is_there = state.settings.views.contains_key(&own);
                let text = if is_there { "Replace" } else { "Save" };
                let is_entered = entered(ui, &field) && reason.is_none();
                let keep = Button::plain(text).named("Save this view").refused(reason);
                if ui.add(keep).clicked() || is_entered {
                    commands.push(Command::Table(TableCommand::KeepView(own)));
                    name.clear();
                }
            });
        });
}

fn choose_columns(
    ui: &mut Ui,
    find: &mut String,
    is_new: bool,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    let field = Field::new("Find a column", find)
        .hint("Find a column")
        .icon(Icon::SEARCH)
        .size(280.0, size::CONTROL)
        .show(ui);
    if is_new {
        field.request_focus();
    }
    let needle = find.trim().to_lowercase();
    let mut groups: BTreeMap<ColumnGroup, Vec<&Column>> = BTreeMap::new();
    for column in state.experiments.sheet().columns() {
        let words = format!("{} {} {}", column.heading, column.field, column.help);
        if words.to_lowercase().contains(&needle) {
            groups.entry(column.group).or_default().push(column);
        }
    }
    if groups.is_empty() {
        ui.label(Type::Small.text("No column has this name.", tokens.muted));
    }
    let layout = state.experiments.view.layout();
    ScrollArea::vertical().max_height(400.0).show(ui, |ui| {
        ui.set_width(288.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        for (group, columns) in groups {
            ui.add_space(4.0);
            ui.label(Type::SmallHeading.text(group.heading(), tokens.muted));
            for column in columns {
                let is_shown = layout.has(&column.field);
                // The code column cannot be hidden.
                let is_needed = column.field == "code";
                let tick = ui.add_enabled(!is_needed, Tick::new(&column.heading, is_shown));
                let tick = tick.on_hover_text(format!("{} ({})", column.help, column.field));
                let tick = tick.on_disabled_hover_text("The code column cannot be hidden");
                if tick.clicked() {
                    let field = column.field.to_string();
                    commands.push(Command::Table(TableCommand::ShowColumn {
                        field,
                        is_shown: !is_shown,
                    }));
                }
            }
        }
    });
}
