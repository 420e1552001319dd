//! One experiment: every field in groups, the drawing of its ligand, its observations, its files.

use std::collections::BTreeMap;

use egui::{Align, Frame, Label, Layout, Margin, ScrollArea, Ui, Vec2};

use super::{
    drawing::drawing_ui,
    key_facts::key_facts_ui,
    keyboard::{Grid, Scroll},
    note::{NoteDraft, star_button_ui},
};
use crate::{
    model::{MediaFile, Observation, TargetKey, plural},
    state::{Command, ExperimentsCommand, Remote, State},
    table::{Column, ColumnGroup, ColumnKind, Sheet, Subject, natural_cmp},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, hairline_ui},
    },
};

/// Width of the names of fields, in points.
const NAMES: f32 = 120.0;

/// What the pane remembers between frames.
#[derive(Default)]
pub(super) struct Details {
    pub(super) is_open: bool,
    toggled_groups: Vec<ColumnGroup>,
    note: NoteDraft,
}

impl Details {
    /// Draws the pane of the focused row.
    pub(super) fn details_ui(
        &mut self,
        ui: &mut Ui,
        grid: &mut Grid,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let tokens = Tokens::of(ui);
        let Some(row) = grid.row(state) else {
            self.header_ui(ui, "Details", None, grid, state, commands);
            ui.add_space(24.0);
            ui.horizontal(|ui| {
                ui.add_space(16.0);
                let text = "Select a row to see its details.";
                ui.add(Label::new(Type::Body.text(text, tokens.muted)).wrap());
            });
            return;
        };
        let sheet = state.experiments.sheet();
        let target = sheet.target(row).cloned();
        let code = sheet.code(row).into_owned();
        let key = sheet.experiment_key(row);
        if std::mem::take(&mut grid.wants_note) {
            self.note.focus(key.is_some());
        }
        self.header_ui(ui, &code, target.as_ref(), grid, state, commands);
        if let Some(target) = &target
            && state.experiments.observations_of(target).is_none()
            && !state.experiments.is_partial()
        {
            commands.push(Command::Experiments(ExperimentsCommand::LoadObservations(
                target.clone(),
            )));
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            Frame::new()
                .inner_margin(Margin::symmetric(12, 8))
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 3.0;
                    drawing_ui(ui, sheet, row, state, commands);
                    key_facts_ui(ui, sheet, row);
                    if let Some(key) = &key {
                        self.note.note_ui(ui, key, state, commands);
                    }
                    if let Some(target) = &target {
                        observations_ui(ui, sheet, row, target, state, commands);
                        if sheet.subject() == Subject::Experiments {
                            files_ui(ui, sheet, row, target, commands);
                        }
                    }
                    self.groups_ui(ui, sheet, row);
                });
        });
    }

    fn header_ui(
        &mut self,
        ui: &mut Ui,
        title: &str,
        target: Option<&TargetKey>,
        grid: &mut Grid,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let tokens = Tokens::of(ui);
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.allocate_ui(Vec2::new(ui.available_width(), size::TOP_BAR), |ui| {
            ui.horizontal_centered(|ui| {
                ui.set_min_height(size::TOP_BAR - 1.0);
                ui.add_space(12.0);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = 2.0;
                    ui.add_space(8.0);
                    let close = Button::quiet_icon(Icon::CROSS, "Close the details");
                    if ui.add(close).clicked() {
                        self.is_open = false;
                    }
                    if let Some(target) = target {
                        let viewer =
                            Button::quiet_icon(Icon::EXTERNAL, "Show the target in the web viewer");
                        if ui.add(viewer).clicked() {
                            commands.push(Command::Experiments(ExperimentsCommand::OpenWebViewer(
                                target.clone(),
                            )));
                        }
                        let row = grid.row(state);
                        let key = row.and_then(|row| state.experiments.sheet().experiment_key(row));
                        if let Some(key) = key {
                            star_button_ui(ui, &key, state, commands);
                        }
                        row_navigation_ui(ui, grid, state);
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        let title = Type::Pane.text(title, tokens.text);
                        ui.add(Label::new(title).truncate().selectable(true));
                    });
                });
            });
        });
        hairline_ui(ui);
    }

    fn groups_ui(&mut self, ui: &mut Ui, sheet: &Sheet, row: usize) {
        let tokens = Tokens::of(ui);
        let mut groups: BTreeMap<ColumnGroup, Vec<(usize, &Column)>> = BTreeMap::new();
        for (place, column) in sheet.columns().iter().enumerate() {
            // Files have a list of their own above, by names and not by addresses; so does the user's note.
            if column.kind == ColumnKind::Link || column.group == ColumnGroup::Own {
                continue;
            }
            groups
                .entry(column.group)
                .or_default()
                .push((place, column));
        }
        for (group, columns) in groups {
            let filled: Vec<_> = columns
                .iter()
                .filter(|(place, _)| !sheet.text(*place, row).is_empty())
                .collect();
            if filled.is_empty() {
                continue;
            }
            ui.add_space(6.0);
            let is_toggled = self.toggled_groups.contains(&group);
            let is_closed = is_toggled != starts_closed(group);
            let icon = if is_closed {
                Icon::CHEVRON_RIGHT
            } else {
                Icon::CHEVRON_DOWN
            };
            if ui
                .add(
                    Button::quiet(group.heading())
                        .with_icon(icon)
                        .height(24.0)
                        .flush(),
                )
                .clicked()
            {
                if is_toggled {
                    self.toggled_groups.retain(|toggled| *toggled != group);
                } else {
                    self.toggled_groups.push(group);
                }
            }
            if is_closed {
                continue;
            }
            for (place, column) in filled {
                column_ui(ui, sheet, row, *place, column);
            }
            let empty = columns.len() - filled_count(sheet, row, &columns);
            if empty > 0 {
                let text = plural(empty, "empty field", "empty fields");
                ui.label(Type::Small.text(text, tokens.muted));
            }
        }
    }
}

/// Whether a group is closed until the user opens it: paths in Diamond's file system and the server's own numbers are of
/// use to few.
fn starts_closed(group: ColumnGroup) -> bool {
    matches!(group, ColumnGroup::Files | ColumnGroup::Bookkeeping)
}

fn filled_count(sheet: &Sheet, row: usize, columns: &[(usize, &Column)]) -> usize {
    let filled = columns
        .iter()
        .filter(|(place, _)| !sheet.text(*place, row).is_empty());
    filled.count()
}

/// Draws the buttons for the previous and the next row.
fn row_navigation_ui(ui: &mut Ui, grid: &mut Grid, state: &State) {
    let Some((row, column)) = grid.at else { return };
    let last = state.experiments.view.len().saturating_sub(1);
    let is_first = (row == 0).then_some("This is the first row");
    let is_last = (row >= last).then_some("This is the last row");
    let next = Button::quiet_icon(Icon::CHEVRON_RIGHT, "Next row").disabled_because(is_last);
    if ui.add(next).clicked() {
        grid.focus_cell(state, (row + 1, column));
        grid.scroll = Scroll::ToCell;
    }
    let before = Button::quiet_icon(Icon::CHEVRON_LEFT, "Previous row").disabled_because(is_first);
    if ui.add(before).clicked() {
        grid.focus_cell(state, (row.saturating_sub(1), column));
        grid.scroll = Scroll::ToCell;
    }
}

/// Draws the value of a column, with its unit.
fn column_ui(ui: &mut Ui, sheet: &Sheet, row: usize, place: usize, column: &Column) {
    let text = sheet.text(place, row);
    let text = match column.unit {
        Some(unit) if !sheet.number(place, row).is_nan() => format!("{text} {unit}"),
        _ => text.into_owned(),
    };
    let help = format!("{}\nField: {}", column.help, column.field);
    fact_ui(ui, &column.heading, &help, &text);
}

fn fact_ui(ui: &mut Ui, name: &str, help: &str, value: &str) {
    let tokens = Tokens::of(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.allocate_ui_with_layout(
            Vec2::new(NAMES, Type::Body.line()),
            Layout::left_to_right(Align::Min),
            |ui| {
                ui.set_min_width(NAMES);
                ui.set_max_width(NAMES);
                ui.add(Label::new(Type::Body.text(name, tokens.muted)).wrap())
                    .on_hover_text(help);
            },
        );
        ui.add(
            Label::new(Type::Body.text(value, tokens.text))
                .wrap()
                .selectable(true),
        );
    });
}

/// Draws the crystal's own files, each of which can be downloaded on its own.
fn files_ui(
    ui: &mut Ui,
    sheet: &Sheet,
    row: usize,
    target: &TargetKey,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    title_ui(ui, "Files of the crystal");
    let code = sheet.code(row);
    let mut is_any = false;
    for column in sheet.columns() {
        if column.kind != ColumnKind::Link {
            continue;
        }
        let place = sheet.place(&column.field);
        let link = place.and_then(|place| sheet.raw(place, row));
        let Some(file) = link.and_then(MediaFile::of_link) else {
            continue;
        };
        is_any = true;
        file_line_ui(ui, &column.heading, &code, target, &file, commands);
    }
    if !is_any {
        let text = "The server lists no files for this crystal.";
        ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
    }
}

fn file_line_ui(
    ui: &mut Ui,
    what: &str,
    of: &str,
    target: &TargetKey,
    file: &MediaFile,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    // As high as its button: a crystal has a dozen of these lines.
    ui.spacing_mut().interact_size.y = 24.0;
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let name = format!("Download {what} of {of}");
            if ui
                .add(Button::quiet_icon(Icon::DOWNLOAD, &name).height(24.0))
                .clicked()
            {
                commands.push(Command::Experiments(ExperimentsCommand::FetchFile {
                    target: target.clone(),
                    file: file.clone(),
                    what: format!("{file}, {what}"),
                }));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                // The file extension tells which of several formats it is.
                let shown = what.split(", ").next().unwrap_or(what);
                ui.label(Type::Body.text(shown, tokens.text));
                let name = file.name();
                let ending = name.as_str().rsplit('.').next().unwrap_or_default();
                ui.label(Type::Small.text(ending.to_uppercase(), tokens.muted));
            });
        });
    });
}

/// Returns the observations of the row, in the order of their codes and versions.
fn own_observations<'a>(sheet: &Sheet, row: usize, all: &'a [Observation]) -> Vec<&'a Observation> {
    let id = sheet.id(row);
    let is_own = |one: &&Observation| match sheet.subject() {
        Subject::Experiments => one.experiment.is_some_and(|own| own.0 == id.0),
        Subject::Hits => one.id.0 == id.0,
    };
    let mut own: Vec<&Observation> = all.iter().filter(is_own).collect();
    own.sort_by(|one, other| {
        let by_code = natural_cmp(one.code.or_empty(), other.code.or_empty());
        by_code.then(one.version.0.cmp(&other.version.0))
    });
    own
}

/// Draws what was seen bound in the crystal.
fn observations_ui(
    ui: &mut Ui,
    sheet: &Sheet,
    row: usize,
    target: &TargetKey,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    let load = state.experiments.observations_of(target);
    let small = |ui: &mut Ui, text: &str| {
        ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
    };
    title_ui(
        ui,
        match sheet.subject() {
            Subject::Experiments => "Observations",
            Subject::Hits => "Files",
        },
    );
    let Some(all) = load.and_then(Remote::value) else {
        match load.and_then(Remote::problem) {
            Some(problem) => small(ui, &problem.to_string()),
            None => small(ui, "Loading…"),
        }
        return;
    };
    let own = own_observations(sheet, row, &all.rows);
    if own.is_empty() {
        let text = if all.is_complete {
            "No bound ligand was observed in this crystal."
        } else {
            "None received: the server did not send all the observations that it announced."
        };
        small(ui, text);
    }
    for observation in own {
        let code = observation.code.or_empty();
        let compound = observation.compound_code.or_empty();
        ui.horizontal(|ui| {
            ui.add(Label::new(Type::Strong.text(code, tokens.text)).selectable(true));
            ui.add(Label::new(Type::Small.text(compound, tokens.muted)).selectable(true));
        });
        for (what, file) in observation.files.all() {
            ui.indent(("files of", code), |ui| {
                file_line_ui(ui, what, code, target, &file, commands);
            });
        }
    }
}

fn title_ui(ui: &mut Ui, text: &str) {
    ui.add_space(8.0);
    ui.label(Type::Heading.text(text, Tokens::of(ui).text));
}
