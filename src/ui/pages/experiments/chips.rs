//! The active filters, as chips above the table: each can be removed there.

use egui::{
    Align, CursorIcon, FontSelection, Frame, Id, Label, Margin, Panel, Popup, PopupCloseBehavior,
    Response, Role, Sense, Stroke, Ui, WidgetInfo, text::LayoutJob,
};

use super::{
    column_list::{Chosen, Entry, column_list_ui},
    filter::{self, FilterDraft},
    hits_bar::{HitsTools, hits_tools_ui, layout_choice_ui},
    note::only_starred_ui,
};
use crate::{
    state::{Command, State, TableCommand},
    table::{OBSERVATIONS, STAR, Subject},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::Button,
    },
};

/// Height of a chip without its border, in points.
const CHIP: f32 = 22.0;

/// Width of a chip besides its text, in points.
const AROUND: f32 = 40.0;

/// State of the row of chips.
#[derive(Default)]
pub(super) struct Chips {
    find: String,
    /// The field whose filter is being edited.
    adding: Option<String>,
}

/// Draws the line, if there is a table; above hits with their tools.
pub(super) fn chips_ui(
    ui: &mut Ui,
    (chips, draft): (&mut Chips, &mut FilterDraft),
    hits: Option<HitsTools<'_>>,
    state: &State,
    commands: &mut Vec<Command>,
) {
    if state.experiments.sheet().is_empty() && hits.is_none() {
        return;
    }
    let tokens = Tokens::of(ui);
    Panel::top("filters")
        .resizable(false)
        .frame(
            Frame::new()
                .fill(tokens.surface)
                .inner_margin(Margin::symmetric(16, 6)),
        )
        .show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                if hits.as_ref().is_some_and(|tools| !tools.is_layout_above) {
                    layout_choice_ui(ui, state, commands);
                }
                // Before the chips, so that its menu stays in place when they appear and disappear.
                add_filter_ui(ui, chips, draft, state, commands);
                if let Some(tools) = hits {
                    hits_tools_ui(ui, tools, state, commands);
                }
                // The chip of a suggested filter is where the suggestion was, so that no other slides under the pointer.
                let suggested = [OBSERVATIONS, STAR];
                with_ligand_ui(ui, state, commands);
                let mut edited =
                    active_filters_ui(ui, state, commands, |field| field == OBSERVATIONS);
                only_starred_ui(ui, state, commands);
                edited = edited.or(active_filters_ui(ui, state, commands, |field| {
                    field == STAR
                }));
                let others = |field: &str| !suggested.contains(&field);
                edited = edited.or(active_filters_ui(ui, state, commands, others));
                if let Some(field) = edited {
                    // Not at the chip, which goes as soon as the filter is empty for a moment.
                    chips.adding = Some(field);
                    Popup::open_id(ui.ctx(), adding());
                }
                clear_ui(ui, state, commands);
            });
        });
}

/// Draws a chip for each filter of these columns. Returns the field of the one whose text was clicked: its filter is to
/// be opened.
fn active_filters_ui(
    ui: &mut Ui,
    state: &State,
    commands: &mut Vec<Command>,
    is_of: impl Fn(&str) -> bool,
) -> Option<String> {
    let mut edited = None;
    let sheet = state.experiments.sheet();
    let filters = state.experiments.view.filters().iter();
    for filter in filters.filter(|filter| is_of(&filter.field)) {
        let place = sheet.place(&filter.field);
        let column = place.and_then(|place| Some((place, sheet.column(place)?)));
        let heading = column.map_or("", |(_, column)| column.heading.as_ref());
        let (text, is_removed) = chip_ui(ui, heading, &filter.words(sheet));
        if is_removed {
            commands.push(Command::Table(TableCommand::Filter {
                field: filter.field.clone(),
                condition: None,
            }));
        }
        if text.clicked() && column.is_some() {
            edited = Some(filter.field.clone());
        }
    }
    edited
}

/// Draws the button that removes all filters, if there are any.
fn clear_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let view = &state.experiments.view;
    let is_any = !view.filters().is_empty() || !view.search().is_empty();
    let clear = Button::quiet("Clear all").named("Clear filters and search");
    if is_any && ui.add(clear).clicked() {
        commands.push(Command::Table(TableCommand::ClearFilters));
    }
}

/// Draws the button that shows only experiments in which a ligand was seen bound.
fn with_ligand_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let experiments = &state.experiments;
    let is_shown = experiments.subject == Subject::Experiments
        && experiments.view.filter(OBSERVATIONS).is_none();
    if !is_shown || experiments.is_partial() {
        return;
    }
    let is_reading = experiments.waits_for_ligands();
    let reason = is_reading.then_some("The observations are being loaded");
    let button = Button::quiet("With a ligand")
        .named("Only experiments with a ligand")
        .disabled_because(reason);
    if ui.add(button).clicked() {
        commands.push(Command::Table(TableCommand::OnlyWithLigand));
    }
}

/// Draws one filter, what it asks for in bold after the heading of its column. Returns its text, and `true` if it is to
/// be removed.
fn chip_ui(ui: &mut Ui, heading: &str, words: &str) -> (Response, bool) {
    let tokens = Tokens::of(ui);
    let name = format!("Remove: {words}");
    let text = chip_text(ui, heading, words);
    // A row that wraps does not know how wide a chip is. One that is wider than the row is cut.
    let galley = ui.painter().layout_job(text.clone());
    if galley.size().x + AROUND > ui.available_size_before_wrap().x {
        ui.end_row();
    }
    let widest = ui.available_size_before_wrap().x - AROUND;
    Frame::new()
        .fill(tokens.panel)
        .stroke(egui::Stroke::new(1.0, tokens.line2))
        .corner_radius(size::RADIUS)
        .inner_margin(Margin {
            left: 8,
            right: 2,
            top: 0,
            bottom: 0,
        })
        .show(ui, |ui| {
            // No higher than the buttons beside it, so that the first chip does not move the table.
            ui.spacing_mut().interact_size.y = CHIP;
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                let text = ui.scope(|ui| {
                    ui.set_max_width(widest.max(40.0));
                    let label = Label::new(text).truncate().sense(Sense::click());
                    ui.add(label.selectable(false))
                });
                let text = text.inner.on_hover_cursor(CursorIcon::PointingHand);
                let edit = format!("Edit: {words}");
                text.widget_info(|| WidgetInfo::labeled(Role::Button, true, &edit));
                if text.hovered() || text.has_focus() {
                    let line = Stroke::new(1.0, tokens.accent_text);
                    let (range, bottom) = (text.rect.x_range(), text.rect.bottom());
                    ui.painter().hline(range, bottom - 1.0, line);
                }
                let remove = Button::quiet_icon(Icon::CROSS, &name).height(CHIP);
                (text, ui.add(remove).clicked())
            })
            .inner
        })
        .inner
}

/// Returns the text of a chip: the heading of the column, and in bold what is asked of it.
fn chip_text(ui: &Ui, heading: &str, words: &str) -> LayoutJob {
    let tokens = Tokens::of(ui);
    // “Starred” begins as a column “Star” would, and is none.
    let wanted = words.strip_prefix(heading);
    let (column, wanted) = match wanted.filter(|rest| !rest.starts_with(char::is_alphanumeric)) {
        Some(wanted) => (heading, wanted),
        None => ("", words),
    };
    let mut job = LayoutJob::default();
    let column = Type::Small.text(column, tokens.muted);
    let wanted = Type::SmallHeading.text(wanted, tokens.text);
    for text in [column, wanted] {
        text.append_to(&mut job, ui.style(), FontSelection::Default, Align::Center);
    }
    job
}

/// Returns the identity of the menu in which a filter is added or edited.
fn adding() -> Id {
    Id::unique("add a filter")
}

/// Draws the menu that adds a filter to any column, shown or hidden.
fn add_filter_ui(
    ui: &mut Ui,
    chips: &mut Chips,
    draft: &mut FilterDraft,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let button = ui.add(Button::quiet("Add a filter").with_icon(Icon::FILTER));
    if button.clicked() {
        chips.adding = None;
        chips.find.clear();
    }
    Popup::menu(&button)
        .id(adding())
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            ui.set_width(filter::WIDTH);
            let sheet = state.experiments.sheet();
            let chosen = chips.adding.as_deref().and_then(|field| sheet.place(field));
            if let Some((place, column)) =
                chosen.and_then(|place| Some((place, sheet.column(place)?)))
            {
                filter::popup_ui(ui, |ui| {
                    filter::filter_editor_ui(ui, place, column, draft, state, commands);
                });
                return;
            }
            let find = ("Find a column to filter", &mut chips.find);
            let entries = sheet
                .columns()
                .iter()
                .map(|column| Entry::of(column, false));
            let entries: Vec<Entry<'_>> = entries.collect();
            if let Some(Chosen::Column(column)) =
                column_list_ui(ui, find, button.clicked(), &entries)
            {
                chips.adding = Some(column.field.to_string());
            }
        });
}
