//! The bar below the table: how many are selected and shown, and the page's one main action.

use std::collections::BTreeMap;

use egui::{Align, Frame, Label, Layout, Margin, Panel, Popup, ScrollArea, Ui};

use super::{export_menu::ExportMenu, keyboard::Grid};
use crate::{
    model::{TargetKey, count_text},
    state::{AppCommand, Command, DownloadsCommand, ExperimentsCommand, State, TableCommand},
    table::{Summary, TableView, summary},
    ui::{
        dialogs::DownloadDialog,
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, cut_label_ui, width_of},
    },
};

/// Width of the buttons for saving and downloading.
const BUTTONS: f32 = 310.0;
/// Width of a button for the selection besides its text, with the space before it.
const AROUND: f32 = 20.0;
/// Minimum width of the count of shown rows: with less, it would be only its beginning.
const MIN_COUNT_WIDTH: f32 = 60.0;

pub(super) fn footer_ui(
    ui: &mut Ui,
    take: &mut ExportMenu,
    grid: &Grid,
    state: &State,
    commands: &mut Vec<Command>,
) -> Option<DownloadDialog> {
    let tokens = Tokens::of(ui);
    let mut draft = None;
    Panel::bottom("table foot")
        .exact_size(size::FOOTER)
        .resizable(false)
        .frame(
            Frame::new()
                .fill(tokens.panel)
                .inner_margin(Margin::symmetric(12, 0)),
        )
        .show(ui, |ui| {
            ui.horizontal_centered(|ui| {
                counts_ui(ui, state, commands);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    draft = main_action_ui(ui, state, commands);
                    take.export_button_ui(ui, state, commands);
                    column_statistics_ui(ui, grid, state);
                });
            });
        });
    draft
}

fn counts_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    let view = &state.experiments.view;
    let selected = view.selected().len();
    let of = match view.target() {
        Some(target) => state.experiments.count_of(target).unwrap_or(0),
        None => state.experiments.sheet().len(),
    };
    // As wide for every number, so that the buttons behind it stay under the pointer.
    let widest = format!("{} selected", count_text(state.experiments.sheet().len()));
    let widest = width_of(ui, &widest, Type::Heading);
    let words = format!("{} selected", count_text(selected));
    let label = ui.label(Type::Heading.text(words, tokens.text));
    ui.add_space((widest - label.rect.width()).max(0.0));
    let shown = match (state.experiments.is_partial(), view.len()) {
        (false, count) => format!("· {} of {} shown", count_text(count), count_text(of)),
        // Rows that have not arrived yet are not zero rows.
        (true, 0) => String::new(),
        (true, count) => format!("· {} shown so far", count_text(count)),
    };
    let hidden = selected - view.chosen().shown.min(selected);
    let unseen = match hidden {
        0 => String::new(),
        _ if hidden == selected => "· selection not shown ".to_owned(),
        _ => format!("· {} selected not shown ", count_text(hidden)),
    };
    // The buttons take precedence: a truncated text is shown in full on hover. Those for the selection come as far as
    // there is room beside the two of the page. Before the counts, which change while a search runs.
    let mut room = ui.available_width() - BUTTONS;
    // What is selected and not seen is downloaded all the same: that is said before there is a button more.
    let said = if hidden > 0 {
        width_of(ui, &unseen, Type::Body)
    } else {
        0.0
    };
    room -= said;
    let mut buttons = selection_buttons(view);
    buttons.retain(|(text, ..)| {
        let width = width_of(ui, text, Type::Strong) + AROUND;
        let has_room = width <= room;
        room -= if has_room { width } else { 0.0 };
        has_room
    });
    for (text, name, command) in buttons {
        // It keeps its place when there is nothing to undo: otherwise “Clear” would come under the pointer.
        let can_undo = view.can_undo() || state.experiments.awaits_change();
        let is_vain = matches!(command, TableCommand::Undo) && !can_undo;
        let reason = is_vain.then_some("Nothing to undo");
        let button = Button::quiet(text).named(name).disabled_because(reason);
        if ui.add(button).clicked() {
            commands.push(Command::Table(command));
        }
    }
    counts_text_ui(ui, &unseen, &shown, room + said);
}

/// Draws what is selected and not shown, and how many rows are shown, as far as there is room.
fn counts_text_ui(ui: &mut Ui, unseen: &str, shown: &str, room: f32) {
    let tokens = Tokens::of(ui);
    let text = format!("{unseen}{shown}");
    // A number that is cut is another number: without its last word, or not at all.
    let short = text.strip_suffix(" shown").unwrap_or(&text);
    let texts = [&text, short].map(|text| (text, width_of(ui, text, Type::Body) <= room));
    match texts.iter().find(|(_, fits)| *fits) {
        Some((text, _)) => {
            cut_label_ui(ui, text, Type::Body, tokens.muted, room);
        }
        None if !unseen.is_empty() && room >= MIN_COUNT_WIDTH => {
            cut_label_ui(ui, &text, Type::Body, tokens.muted, room);
        }
        None => {}
    }
}

/// Returns the buttons for undoing and for the selection, the most important ones first: text, name, and what they do.
fn selection_buttons(view: &TableView) -> Vec<(&'static str, &'static str, TableCommand)> {
    // Here and not among the filters, where one button more moves the table under the pointer.
    let name = if view.has_lost_selection() {
        "Restore the selection (Ctrl+Z)"
    } else {
        "Undo the last change (Ctrl+Z)"
    };
    let mut buttons = vec![("Undo", name, TableCommand::Undo)];
    if !view.selected().is_empty() {
        let clear = TableCommand::ClearSelection;
        buttons.push(("Clear", "Clear the selection", clear));
        buttons.push(("Invert", "Invert the selection", TableCommand::Invert));
    }
    buttons
}

/// Draws statistics of the focused column: of the selected rows, or else of the shown ones.
fn column_statistics_ui(ui: &mut Ui, grid: &Grid, state: &State) {
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    let field = grid.at.and_then(|(_, column)| view.columns().get(column));
    let Some(place) = field.and_then(|shown| sheet.place(&shown.field)) else {
        return;
    };
    let Some(column) = sheet.column(place).filter(|column| column.is_numeric()) else {
        return;
    };
    // Sorting a hundred thousand numbers takes a moment, so the result is cached as long as it is valid.
    let key = (place, sheet.identity(), view.revision());
    let id = egui::Id::unique("column in numbers");
    let kept = ui.data(|data| data.get_temp::<(Key, Option<Summary>)>(id));
    let found = match kept {
        Some((known, found)) if known == key => found,
        _ => {
            let has_selection = !view.selected().is_empty();
            let rows = view.shown();
            let rows = rows.filter(|row| !has_selection || view.is_selected(sheet.id(*row)));
            let found = summary(sheet, place, rows);
            ui.data_mut(|data| data.insert_temp(id, (key, found)));
            found
        }
    };
    // Of one value there is nothing to compute.
    let Some(found) = found.filter(|found| found.count > 1) else {
        return;
    };
    let text = |number: f64| column.number_text(number);
    let words = format!(
        "{}: n {} · mean {} · median {} · {} to {}",
        column.heading,
        count_text(found.count),
        text(found.mean),
        text(found.median),
        text(found.min),
        text(found.max)
    );
    let words = match column.unit {
        Some(unit) => format!("{words} {unit}"),
        None => words,
    };
    let colour = Tokens::of(ui).muted;
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(8.0);
        ui.add(
            Label::new(Type::Small.text(words, colour))
                .truncate()
                .selectable(true),
        );
    });
}

/// The cache key of a summary.
type Key = (usize, usize, u64);

fn main_action_ui(
    ui: &mut Ui,
    state: &State,
    commands: &mut Vec<Command>,
) -> Option<DownloadDialog> {
    let view = &state.experiments.view;
    let selected = view.selected();
    let (target, refusal) = match target_to_download(state) {
        Ok(target) => (Some(target), None),
        Err(reason) => (None, Some(reason)),
    };
    let all = view
        .target()
        .and_then(|key| state.experiments.count_of(key));
    let all = count_text(all.unwrap_or(state.experiments.sheet().len()));
    let text = match (selected.len(), &target) {
        (0, Some(_)) if shows_some(state) => {
            format!("Download {} shown…", count_text(view.len()))
        }
        (0, Some(target)) => format!("Download {}…", target.title),
        (0, None) => "Download…".to_owned(),
        (count, _) => format!("Download {} selected…", count_text(count)),
    };
    // As wide for every text, so that what is beside it keeps its place while one selects and searches.
    let widest = format!("Download {all} selected…");
    let button = Button::primary(&text).with_icon(Icon::DOWNLOAD);
    let button = button.at_least(&widest);
    // Before there is a list there is nothing to choose from.
    if refusal.is_some() && !state.experiments.is_partial() {
        let button = ui.add(button.named(&text));
        return Popup::menu(&button)
            .show(|ui| choose_target(ui, state, commands))
            .and_then(|shown| shown.inner);
    }
    let refusal = refusal.or(nothing_shown(state));
    if !ui.add(button.disabled_because(refusal)).clicked() {
        return None;
    }
    Some(dialog_for(target?, state, commands))
}

/// Draws the menu of the targets of the selected rows, or else of the shown ones: a download has one target.
/// Returns the dialog once a target has been chosen.
fn choose_target(
    ui: &mut Ui,
    state: &State,
    commands: &mut Vec<Command>,
) -> Option<DownloadDialog> {
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    let tokens = Tokens::of(ui);
    let is_of_selected = !view.selected().is_empty();
    let mut counts: BTreeMap<&TargetKey, usize> = BTreeMap::new();
    let all: Box<dyn Iterator<Item = usize>> = if is_of_selected {
        Box::new((0..sheet.len()).filter(|row| view.is_selected(sheet.id(*row))))
    } else {
        Box::new(view.shown())
    };
    for target in all.filter_map(|row| sheet.target(row)) {
        *counts.entry(target).or_default() += 1;
    }
    ui.set_width(260.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    let words = if is_of_selected {
        "Selected rows, one download for each target"
    } else {
        "Choose a target to download"
    };
    ui.label(Type::SmallHeading.text(words, tokens.muted));
    let mut chosen = None;
    ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        for (target, count) in counts {
            let name = format!("{target}: {}", count_text(count));
            if ui.add(Button::menu_entry(&name)).clicked() {
                chosen = Some(target.clone());
            }
        }
    });
    Some(dialog_for(chosen?, state, commands))
}

/// Returns why there is nothing to download, if the filters let no row pass: the whole target is not what was meant.
fn nothing_shown(state: &State) -> Option<&'static str> {
    let view = &state.experiments.view;
    let is_empty = view.selected().is_empty() && view.is_empty() && shows_some(state);
    is_empty.then_some("No row is shown: clear the filters to download the target")
}

/// Returns `true` if filters or search hide some experiments of the shown target.
fn shows_some(state: &State) -> bool {
    let view = &state.experiments.view;
    let is_narrowed = !view.filters().is_empty() || !view.search().is_empty();
    let all = view
        .target()
        .and_then(|target| state.experiments.count_of(target));
    is_narrowed && all.is_some_and(|all| view.len() < all)
}

/// Returns the dialog for what is shown or selected; without a target, tells the user what is missing.
pub(super) fn begin(state: &State, commands: &mut Vec<Command>) -> Option<DownloadDialog> {
    let target = match nothing_shown(state) {
        Some(reason) => Err(reason),
        None => target_to_download(state),
    };
    match target {
        Ok(target) => Some(dialog_for(target, state, commands)),
        Err(reason) => {
            commands.push(Command::App(AppCommand::Notify(format!("{reason}."))));
            None
        }
    }
}

fn dialog_for(target: TargetKey, state: &State, commands: &mut Vec<Command>) -> DownloadDialog {
    commands.push(Command::Experiments(ExperimentsCommand::LoadObservations(
        target.clone(),
    )));
    commands.push(Command::Downloads(DownloadsCommand::MeasureFolder(
        state.download_folder().to_owned(),
    )));
    let selected = state.experiments.view.selected().clone();
    DownloadDialog::new(target, selected, state)
}

/// Returns the only target of the selection, or the shown target; otherwise the reason why there is none.
fn target_to_download(state: &State) -> Result<TargetKey, &'static str> {
    let view = &state.experiments.view;
    if let Some(target) = view.target() {
        return Ok(target.clone());
    }
    let chosen = view.chosen();
    match &chosen.target {
        None => Err("Choose a target on the left, or select rows"),
        Some(_) if chosen.has_several_targets => {
            Err("The selected rows belong to several targets; choose one target on the left")
        }
        Some(only) => Ok(only.clone()),
    }
}
