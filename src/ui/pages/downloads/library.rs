//! The data folders on this disk, and what is newer on the server.

use std::path::PathBuf;

use egui::{Align, Frame, Label, Layout, Margin, Response, Ui, Vec2};

use super::{
    library_columns::{BUTTONS, Columns, INDENT, TOGGLE},
    library_entry::{self, folder_name},
    library_menu,
    library_sort::LibrarySort,
    row::row_ui,
};
use crate::{
    library::{LibraryEntry, UpdateStatus},
    state::{AppCommand, Command, LibraryCommand, State},
    ui::{
        dialogs::{FilePicker, Picked, UNAVAILABLE},
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, hairline_ui, section_ui},
        words::clock_time,
    },
};

/// The share of a row that the name of a folder has, with what is in it, if its state is beside it.
const NAME: f32 = 0.4;
/// With less room than this for the name, in points, the state is below it.
const LEAST_NAME: f32 = 240.0;
/// Width of the buttons of a folder that can only be opened or looked into.
const ICONS: f32 = 80.0;

/// What the list remembers between frames.
#[derive(Default)]
pub(super) struct LibraryList {
    find: String,
    /// The folder whose details are open.
    open: Option<PathBuf>,
    /// The folder that is to be moved to the bin, once that has been confirmed.
    pub(super) to_bin: Option<PathBuf>,
    sort: LibrarySort,
    picker: FilePicker,
    note: Option<&'static str>,
}

impl LibraryList {
    pub(super) fn library_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        self.head_ui(ui, state, commands);
        let shelf = state.library.entries.value().map_or(&[][..], Vec::as_slice);
        let tokens = Tokens::of(ui);
        if shelf.is_empty() {
            if !state.library.entries.is_loading() {
                let text = "No data folders yet. Your downloads are listed here; you can also add existing folders.";
                text_row_ui(ui, text, tokens.muted);
            }
            return;
        }
        let needle = self.find.trim().to_lowercase();
        let is_found = |one: &&LibraryEntry| {
            one.name.to_lowercase().contains(&needle)
                || one.place.to_string_lossy().to_lowercase().contains(&needle)
        };
        let mut found: Vec<&LibraryEntry> = shelf.iter().filter(is_found).collect();
        self.sort.sort(&mut found, state);
        let columns = Columns::of(ui.available_width() - 2.0 * f32::from(size::PAGE_MARGIN));
        match columns {
            Some(columns) => self.sort.table_headings_ui(ui, columns),
            None if shelf.len() > 1 => self.sort.headings_ui(ui),
            None => {}
        }
        if found.is_empty() {
            text_row_ui(ui, "No folder matches this text.", tokens.muted);
        }
        for one in found {
            ui.push_id(&one.place, |ui| {
                self.row_ui(ui, one, columns, state, commands);
            });
            hairline_ui(ui);
        }
    }

    /// Draws the heading of the list, and what is wrong or under way.
    pub(super) fn head_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        self.poll(commands);
        let shelf = state.library.entries.value().map_or(&[][..], Vec::as_slice);
        section_ui(ui, "On this disk", shelf.len(), |ui| {
            self.toolbar_ui(ui, state, shelf.is_empty(), commands);
        });
        let tokens = Tokens::of(ui);
        if let Some(note) = self.note {
            text_row_ui(ui, note, tokens.warn);
        }
        if shelf.is_empty() && state.library.entries.is_loading() {
            text_row_ui(ui, "Scanning folders…", tokens.muted);
        }
    }

    fn toolbar_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        is_empty: bool,
        commands: &mut Vec<Command>,
    ) {
        let add = Button::quiet("Add a folder…").with_icon(Icon::PLUS);
        if ui.add(add).clicked() {
            self.note = None;
            let folder = state.download_folder();
            self.picker
                .open_folder(ui.ctx(), "Folder with data", folder);
        }
        if is_empty {
            // A folder may just have been copied into the download folder.
            let busy = state.library.entries.is_loading();
            let again = Button::quiet("Scan again")
                .with_icon(Icon::REFRESH)
                .disabled_because(busy.then_some("The folders are being scanned"));
            if ui.add(again).clicked() {
                commands.push(Command::Library(LibraryCommand::Scan));
            }
            return;
        }
        let busy = state
            .library
            .is_checking()
            .then_some("Already checking for updates");
        let check = Button::quiet("Check for updates")
            .with_icon(Icon::REFRESH)
            .disabled_because(busy);
        if ui.add(check).clicked() {
            commands.push(Command::Library(LibraryCommand::CheckForUpdates));
        }
        if ui.available_width() > 260.0 {
            Field::new("Find a folder", &mut self.find)
                .hint("Find")
                .icon(Icon::SEARCH)
                .size(140.0, 24.0)
                .show(ui);
        }
        if ui.available_width() > 180.0
            && let Some(at) = &state.library.checked_at
        {
            let now = (state.environment.clock)();
            let text = format!("checked {}", clock_time(at, &now));
            ui.label(Type::Small.text(text, Tokens::of(ui).muted));
        }
    }

    fn poll(&mut self, commands: &mut Vec<Command>) {
        match self.picker.poll() {
            Some(Picked::Path(folder)) => {
                commands.push(Command::Library(LibraryCommand::Add(folder)));
            }
            Some(Picked::Unavailable) => self.note = Some(UNAVAILABLE),
            Some(Picked::Cancelled) | None => {}
        }
    }

    fn row_ui(
        &mut self,
        ui: &mut Ui,
        one: &LibraryEntry,
        columns: Option<Columns>,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let is_open = self.open.as_deref() == Some(one.place.as_path());
        let height = match columns {
            Some(_) => size::CONTROL,
            None => size::JOB - 13.0,
        };
        row_ui(ui, (height, 2 + 4 * i8::from(columns.is_none())), |ui| {
            let gap = ui.spacing().item_spacing.x;
            let inner = ui.available_width() - TOGGLE - gap;
            let buttons = buttons_width(one, state) + gap;
            let is_beside = columns.is_some() || (inner - buttons) * NAME >= LEAST_NAME;
            ui.horizontal(|ui| {
                ui.spacing_mut().interact_size.y = 20.0;
                if library_entry::details_toggle_ui(ui, &one.name, is_open) {
                    self.open = (!is_open).then(|| one.place.clone());
                }
                let name = if let Some(columns) = columns {
                    columns.facts_ui(ui, one, state)
                } else {
                    let share = if is_beside { NAME } else { 1.0 };
                    let width = ((inner - buttons) * share).max(150.0);
                    library_entry::name_ui(ui, one, width, state)
                };
                self.context_menu_ui(&name, one, state, commands);
                if let Some(columns) = columns {
                    ui.add_space(INDENT);
                    // As far as the buttons, of which most rows have fewer.
                    let width = columns.status + BUTTONS - buttons_width(one, state);
                    status_ui(ui, Vec2::new(width, 24.0), one, true, state);
                } else if is_beside {
                    let room = Vec2::new(ui.available_width() - buttons, 44.0);
                    status_ui(ui, room, one, false, state);
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    self.buttons_ui(ui, one, state, commands);
                });
            });
            if !is_beside {
                ui.horizontal(|ui| {
                    ui.spacing_mut().interact_size.y = 20.0;
                    ui.add_space(TOGGLE + ui.spacing().item_spacing.x);
                    status_ui(ui, Vec2::new(inner, 20.0), one, false, state);
                });
            }
            if is_open {
                library_entry::details_ui(ui, one, state);
            }
        });
    }

    /// Draws the menu of a folder, opened by a right-click on its name.
    fn context_menu_ui(
        &mut self,
        name: &Response,
        one: &LibraryEntry,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let mut to_bin = false;
        name.context_menu(|ui| {
            to_bin = library_menu::entries_ui(ui, one, state, commands);
        });
        if to_bin {
            self.to_bin = Some(one.place.clone());
        }
    }

    fn buttons_ui(
        &mut self,
        ui: &mut Ui,
        one: &LibraryEntry,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let place = || one.place.clone();
        if library_menu::more_menu_ui(ui, one, state, commands) {
            self.to_bin = Some(place());
        }
        if one.held.is_ok() {
            let name = format!("Open the folder {}", folder_name(&one.place));
            let open = Button::icon(Icon::FOLDER, &name);
            if ui.add(open).clicked() {
                commands.push(Command::App(AppCommand::ShowInFileManager(place())));
            }
        }
        if state.library.verifying(&one.place).is_some() {
            if ui.add(Button::plain("Stop")).clicked() {
                commands.push(Command::Library(LibraryCommand::StopVerifying));
            }
        } else if state.is_updating(&one.place) {
            ui.label(Type::Small.text("Updating…", Tokens::of(ui).accent_text));
        } else if library_entry::can_update(one, state) {
            let checked = state.library.checked(&one.place);
            let is_anew = matches!(checked, Some(UpdateStatus::Unknown { .. }));
            let is_retry = matches!(checked, Some(UpdateStatus::UpToDate { .. }))
                && library_entry::lacks_files(one);
            let (text, name) = match (is_anew, is_retry) {
                (true, _) => ("Download again", format!("Update {}", one.name)),
                (_, true) => ("Try again", format!("Get what {} lacks", one.name)),
                _ => ("Update", format!("Update {}", one.name)),
            };
            let update = Button::recommended(text).named(&name);
            // The longer words leave no room for an icon.
            let update = if is_anew {
                update
            } else {
                update.with_icon(Icon::REFRESH)
            };
            if ui.add(update).clicked() {
                commands.push(Command::Library(LibraryCommand::Update(place())));
            }
        }
    }
}

/// Returns the width for the buttons of a folder, in points: most have only icons.
fn buttons_width(one: &LibraryEntry, state: &State) -> f32 {
    let is_busy = state.library.verifying(&one.place).is_some() || state.is_updating(&one.place);
    if is_busy || library_entry::can_update(one, state) {
        BUTTONS
    } else {
        ICONS
    }
}

/// Draws the state of a folder, in one line or more.
fn status_ui(ui: &mut Ui, room: Vec2, one: &LibraryEntry, is_one_line: bool, state: &State) {
    ui.allocate_ui_with_layout(room, Layout::top_down(Align::Min), |ui| {
        ui.set_width(room.x);
        ui.spacing_mut().item_spacing.y = 2.0;
        library_entry::status_ui(ui, one, is_one_line, state);
    });
}

fn text_row_ui(ui: &mut Ui, text: &str, colour: egui::Color32) {
    Frame::new()
        .inner_margin(Margin::symmetric(size::PAGE_MARGIN, 12))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.add(Label::new(Type::Body.text(text, colour)).wrap());
        });
}
