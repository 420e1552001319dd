//! The toolbar above the table: what is shown, search, columns, reload.

use std::collections::BTreeMap;

use egui::{
    Frame, Key, KeyboardShortcut, Margin, Modifiers, Panel, Popup, PopupCloseBehavior, ScrollArea,
    Ui,
};

use super::{
    details::Details,
    hits_bar::{LAYOUTS, layout_choice_ui, shows_hits},
    keyboard::{Grid, Scroll},
    plot::PlotPane,
    targets,
    views_menu::ViewsMenu,
};
use crate::{
    state::{Command, ExperimentsCommand, State, TableCommand},
    table::{Column, ColumnGroup, Subject},
    ui::{
        input::key_modifiers,
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, Segment, Tick, segments_ui},
    },
};

/// The state of the page that the toolbar changes.
pub(super) struct Toolbar<'a> {
    pub(super) find: &'a mut String,
    pub(super) find_column: &'a mut String,
    pub(super) views: &'a mut ViewsMenu,
    pub(super) grid: &'a mut Grid,
    pub(super) details: &'a mut Details,
    pub(super) plot: &'a mut PlotPane,
    /// Whether the search field is to take the focus.
    pub(super) wants_find: bool,
}

/// Width of the table's tools with a search field that is long enough for a code, in points.
const TOOLS: f32 = 380.0;

/// Up to this width, the target and the tools have a line each.
const IN_ONE_LINE: f32 = 620.0;

/// Draws the toolbar. Returns `true` if it has the choice of the layout of hits, for which there may be no room.
pub(super) fn toolbar_ui(
    ui: &mut Ui,
    mut page: Toolbar<'_>,
    is_narrow: bool,
    state: &State,
    commands: &mut Vec<Command>,
) -> bool {
    let mut has_layouts = false;
    let bar = |name: &'static str| {
        Panel::top(name)
            .exact_size(size::TOP_BAR)
            .resizable(false)
            .frame(
                Frame::new()
                    .fill(Tokens::of(ui).surface)
                    .inner_margin(Margin::symmetric(16, 0)),
            )
    };
    // Where the name of the target would have no room beside the tools, it has a line of its own.
    let is_apart = is_narrow && ui.available_width() < IN_ONE_LINE;
    let (titles, tools) = (bar("table title"), bar("table head"));
    if is_apart {
        titles.show(ui, |ui| {
            ui.horizontal_centered(|ui| narrow_title_ui(ui, is_apart, state, commands));
        });
    }
    tools.show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            match (is_apart, is_narrow) {
                (true, _) => {}
                (false, true) => narrow_title_ui(ui, is_apart, state, commands),
                (false, false) => title_ui(ui, state, commands),
            }
            has_layouts = shows_hits(state) && ui.available_width() > LAYOUTS + TOOLS;
            if has_layouts {
                layout_choice_ui(ui, state, commands);
            }
            tools_ui(ui, &mut page, state, commands);
        });
    });
    has_layouts
}

/// Draws the menu of targets, where there is no room for the pane.
fn narrow_title_ui(ui: &mut Ui, is_apart: bool, state: &State, commands: &mut Vec<Command>) {
    targets::target_menu_ui(ui, is_apart, state, commands);
    subject_choice_ui(ui, state, commands);
}

fn title_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
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
    subject_choice_ui(ui, state, commands);
}

/// Draws the choice between experiments and the ligands that were seen in them.
fn subject_choice_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let choices = [
        Segment::new(Subject::Experiments, "Experiments"),
        Segment::new(Subject::Hits, "Hits"),
    ];
    let shown = Some(state.experiments.subject);
    if let Some(subject) = segments_ui(ui, shown, &choices, None) {
        commands.push(Command::Table(TableCommand::ShowRows(subject)));
    }
}

/// Draws search, views, columns, plot, details and refresh at the right end, added from left to right, as the Tab key
/// moves.
fn tools_ui(ui: &mut Ui, page: &mut Toolbar<'_>, state: &State, commands: &mut Vec<Command>) {
    // How wide the buttons are is known from the last frame.
    let id = egui::Id::unique("width of the table's tools");
    let buttons: f32 = ui.data(|data| data.get_temp(id)).unwrap_or(230.0);
    let room = ui.available_width();
    let field = (room - buttons - 8.0).clamp(80.0, 196.0);
    ui.add_space((room - buttons - field).max(0.0));
    let begun = ui.cursor().left();
    find(ui, page, field, state, commands);
    page.views.views_ui(ui, state, commands);
    let columns = ui.add(Button::icon(Icon::COLUMNS, "Choose columns"));
    Popup::menu(&columns)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            ui.set_width(300.0);
            let is_new = columns.clicked();
            choose_columns_ui(ui, page.find_column, is_new, state, commands);
        });
    let plot = if page.plot.is_open {
        "Hide the plot"
    } else {
        "Show a plot"
    };
    let keys = |key| {
        let keys = KeyboardShortcut::new(Modifiers::COMMAND, key);
        ui.ctx().format_shortcut(&keys)
    };
    let (plot_keys, details_keys) = (keys(Key::P), keys(Key::I));
    let plot = Button::icon(Icon::SCATTER, plot).shortcut(&plot_keys);
    if ui.add(plot).clicked() {
        page.plot.is_open = !page.plot.is_open;
    }
    let loading = state
        .experiments
        .table
        .is_loading()
        .then_some("Already loading");
    let refresh = Button::icon(Icon::REFRESH, "Refresh").shortcut("F5");
    if ui.add(refresh.disabled_because(loading)).clicked() {
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
    // At the end, where the pane has the button that closes it: a second click at the same place undoes the first.
    let details = ui.add(Button::icon(Icon::PANEL, details).shortcut(&details_keys));
    if details.clicked() {
        page.details.is_open = !page.details.is_open;
    }
    let now = details.rect.right() - begun - field;
    if (now - buttons).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(id, now));
        ui.ctx().request_discard("the tools have another width");
    }
}

/// Draws the search field of the table.
fn find(
    ui: &mut Ui,
    page: &mut Toolbar<'_>,
    width: f32,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let field = Field::new("Find in the table", page.find)
        .hint("Find in the table")
        .icon(Icon::SEARCH)
        .size(width, size::CONTROL)
        .show(ui);
    if page.wants_find {
        field.request_focus();
    }
    if field.changed() {
        // The best matches are at the top.
        page.grid.scroll = Scroll::ToTop;
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

fn choose_columns_ui(
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
    let shown = state.experiments.view.columns();
    ScrollArea::vertical().max_height(400.0).show(ui, |ui| {
        ui.set_width(288.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        for (group, columns) in groups {
            ui.add_space(4.0);
            ui.label(Type::SmallHeading.text(group.heading(), tokens.muted));
            for column in columns {
                let is_shown = shown.iter().any(|own| own.field == column.field);
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
