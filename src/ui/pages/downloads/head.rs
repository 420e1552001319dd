//! The header of the page: free space, and the controls for all downloads.

use egui::Ui;

use crate::{
    dataset::JobId,
    model::byte_text,
    state::{AppCommand, Command, DownloadsCommand, State},
    ui::{
        shell::page_header_ui,
        theme::{Icon, Tokens, Type},
        widgets::{Button, width_of},
    },
};

pub(super) fn head_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    page_header_ui(ui, "Downloads", |ui| {
        let open = Button::plain("Open the download folder").with_icon(Icon::FOLDER);
        if ui.add(open).clicked() {
            commands.push(Command::App(AppCommand::OpenFolder(
                state.download_folder().to_owned(),
            )));
        }
        pause_all_ui(ui, state, commands);
        free_space_ui(ui, state, commands);
    });
}

/// Draws the button that pauses all downloads, if there are several.
fn pause_all_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let Some(session) = state.session() else {
        return;
    };
    let running: Vec<JobId> = state
        .downloads
        .of(session)
        .filter(|one| one.is_running())
        .map(|one| one.id)
        .collect();
    if running.len() > 1 && ui.add(Button::plain("Pause all")).clicked() {
        let pause = |id| Command::Downloads(DownloadsCommand::Pause(id));
        commands.extend(running.into_iter().map(pause));
    }
}

/// Draws how much space is free in the download folder, and has it measured if no folder has been yet: the dialog
/// measures the folder that is chosen in it.
fn free_space_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let folder = state.download_folder();
    let measured = &state.downloads.destination;
    match measured.value().filter(|room| room.folder == folder) {
        Some(room) => {
            if let Some(free) = room.free {
                let text = format!("{} free on this disk", byte_text(free));
                // Beside large text there may be no room for it.
                if width_of(ui, &text, Type::Small) < ui.available_width() {
                    ui.label(Type::Small.text(text, Tokens::of(ui).muted));
                }
            }
        }
        None if !measured.is_not_requested() => {}
        None => {
            let measure = DownloadsCommand::MeasureFolder(folder.to_owned());
            commands.push(Command::Downloads(measure));
        }
    }
}
