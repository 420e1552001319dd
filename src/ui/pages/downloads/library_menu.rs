//! The menu of a data folder.

use egui::{Popup, Ui};

use super::library_entry::folder_name;
use crate::{
    dataset::CreatedBy,
    library::LibraryEntry,
    state::{AppCommand, Command, LibraryCommand, State, Viewer},
    ui::{
        theme::Icon,
        widgets::{Button, menu_line_ui},
    },
};

/// Draws the button with all other actions. Returns `true` if the folder is to be moved to the bin.
pub(super) fn more_menu_ui(
    ui: &mut Ui,
    one: &LibraryEntry,
    state: &State,
    commands: &mut Vec<Command>,
) -> bool {
    let name = format!("More actions for the folder {}", folder_name(&one.place));
    let response = ui.add(Button::icon(Icon::CHEVRON_DOWN, &name));
    let mut to_bin = false;
    Popup::menu(&response).show(|ui| to_bin = entries_ui(ui, one, state, commands));
    to_bin
}

/// Draws the entries of the menu. Returns `true` if the folder is to be moved to the bin.
pub(super) fn entries_ui(
    ui: &mut Ui,
    one: &LibraryEntry,
    state: &State,
    commands: &mut Vec<Command>,
) -> bool {
    let mut to_bin = false;
    ui.set_width(250.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    let place = || one.place.clone();
    let viewers: &[Viewer] = state.desktop.viewers.value().map_or(&[], Vec::as_slice);
    for viewer in viewers.iter().filter(|_| one.held.is_ok()) {
        let text = format!("Open in {}", viewer.name());
        let open = Button::menu_entry(&text).with_icon(Icon::EXTERNAL);
        if ui.add(open).clicked() {
            commands.push(Command::App(AppCommand::OpenIn {
                viewer: viewer.clone(),
                place: place(),
            }));
        }
    }
    let copy = Button::menu_entry("Copy the path").with_icon(Icon::COPY);
    if ui.add(copy).clicked() {
        ui.ctx().copy_text(one.place.display().to_string());
        commands.push(Command::App(AppCommand::Notify(
            "The path has been copied.".to_owned(),
        )));
    }
    if one
        .dataset()
        .is_some_and(|held| held.created_by != CreatedBy::Other)
    {
        let busy = if state.is_updating(&one.place) {
            Some("The folder is being updated")
        } else {
            let is_busy = state.library.is_verifying();
            is_busy.then_some("A folder is already being verified")
        };
        let verify = Button::menu_entry("Verify every file")
            .with_icon(Icon::SHIELD)
            .disabled_because(busy);
        if ui.add(verify).clicked() {
            commands.push(Command::Library(LibraryCommand::Verify(place())));
        }
    }
    let forget = Button::menu_entry("Remove from list").with_icon(Icon::EYE_OFF);
    if ui.add(forget).clicked() {
        commands.push(Command::Library(LibraryCommand::Forget(place())));
    }
    if one.held.is_ok() {
        menu_line_ui(ui);
        let bin = Button::danger_entry("Move to the bin…").with_icon(Icon::TRASH);
        to_bin = ui.add(bin).clicked();
    }
    to_bin
}
