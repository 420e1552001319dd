//! The buttons of a download.

use std::path::Path;

use egui::{Popup, Ui};

use super::library_entry::{can_update, lacks_files};
use crate::{
    dataset::JobId,
    state::{
        AppCommand, Command, Download, DownloadStatus, DownloadsCommand, LibraryCommand, State,
        Viewer,
    },
    ui::{theme::Icon, widgets::Button},
};

pub(super) fn buttons_ui(
    ui: &mut Ui,
    download: &Download,
    state: &State,
    cancel: &mut Option<JobId>,
    commands: &mut Vec<Command>,
) {
    let title = &download.job.request.target.title;
    match &download.status {
        DownloadStatus::Running(_) => {
            cancel_button_ui(ui, download, cancel);
            running_buttons_ui(ui, download, commands);
        }
        DownloadStatus::Paused => {
            cancel_button_ui(ui, download, cancel);
            let name = format!("Resume the download of {title}");
            let resume = Button::plain("Resume").with_icon(Icon::PLAY).named(&name);
            if ui.add(resume).clicked() {
                commands.push(Command::Downloads(DownloadsCommand::Retry(download.id)));
            }
        }
        DownloadStatus::Done { place, .. } => {
            let shelf = state.library.entries.value().map_or(&[][..], Vec::as_slice);
            let mut listed = shelf.iter().filter(|one| one.place == *place);
            let lacks_files = listed.any(|one| can_update(one, state) && lacks_files(one));
            done_buttons_ui(ui, title, place, lacks_files, state, commands);
            if lacks_files {
                again_button_ui(ui, title, place, state, commands);
            }
        }
        DownloadStatus::Failed(_) => {
            if !download.has_ended() {
                cancel_button_ui(ui, download, cancel);
            }
            let name = format!("Download {title} again");
            let again = Button::plain("Try again")
                .with_icon(Icon::REFRESH)
                .named(&name);
            if ui.add(again).clicked() {
                commands.push(Command::Downloads(DownloadsCommand::Retry(download.id)));
            }
        }
    }
}

/// Draws the cancel button. It only asks for confirmation: what is removed cannot be restored.
fn cancel_button_ui(ui: &mut Ui, download: &Download, cancel: &mut Option<JobId>) {
    let name = format!(
        "Cancel the download of {}",
        download.job.request.target.title
    );
    if ui.add(Button::quiet_icon(Icon::CROSS, &name)).clicked() {
        *cancel = Some(download.id);
    }
}

/// Draws the buttons that pause a running download or move a queued one.
fn running_buttons_ui(ui: &mut Ui, download: &Download, commands: &mut Vec<Command>) {
    let (id, title) = (download.id, &download.job.request.target.title);
    let mut icon = |icon: Icon, name: String, command: DownloadsCommand| {
        if ui.add(Button::quiet_icon(icon, &name)).clicked() {
            commands.push(Command::Downloads(command));
        }
    };
    if download.is_waiting() {
        let later = format!("Move {title} down the queue");
        let command = DownloadsCommand::Move { id, is_up: false };
        icon(Icon::ARROW_DOWN, later, command);
        let earlier = format!("Move {title} up the queue");
        let command = DownloadsCommand::Move { id, is_up: true };
        icon(Icon::ARROW_UP, earlier, command);
    } else {
        let name = format!("Pause the download of {title}");
        let pause = Button::plain("Pause").with_icon(Icon::PAUSE).named(&name);
        if ui.add(pause).clicked() {
            commands.push(Command::Downloads(DownloadsCommand::Pause(id)));
        }
    }
}

/// Draws the button that gets what an incomplete folder lacks, as its row under "On this disk" has it.
fn again_button_ui(
    ui: &mut Ui,
    title: &str,
    place: &Path,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let busy = state
        .is_updating(place)
        .then_some("What is missing is being requested");
    let name = format!("Get what the download of {title} lacks");
    let again = Button::plain("Try again")
        .with_icon(Icon::REFRESH)
        .named(&name)
        .disabled_because(busy);
    if ui.add(again).clicked() {
        commands.push(Command::Library(LibraryCommand::Update(place.to_owned())));
    }
}

fn done_buttons_ui(
    ui: &mut Ui,
    title: &str,
    place: &Path,
    is_narrow: bool,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let name = format!("Open the folder of {title}");
    // Where another button needs the room of the word, the icon is that of “On this disk”.
    let open = if is_narrow {
        Button::icon(Icon::FOLDER, &name)
    } else {
        Button::plain("Open").with_icon(Icon::FOLDER).named(&name)
    };
    if ui.add(open).clicked() {
        commands.push(Command::App(AppCommand::ShowInFileManager(
            place.to_owned(),
        )));
    }
    let viewers: &[Viewer] = state.desktop.viewers.value().map_or(&[], Vec::as_slice);
    if !viewers.is_empty() {
        let name = format!("Open {title} in another program");
        let response = ui.add(Button::icon(Icon::EXTERNAL, &name));
        Popup::menu(&response).show(|ui| {
            ui.set_min_width(160.0);
            for viewer in viewers {
                let text = format!("Open in {}", viewer.name());
                if ui.add(Button::menu_entry(&text)).clicked() {
                    commands.push(Command::App(AppCommand::OpenIn {
                        viewer: viewer.clone(),
                        place: place.to_owned(),
                    }));
                }
            }
        });
    }
    let copy = format!("Copy the path of {title}");
    if ui.add(Button::icon(Icon::COPY, &copy)).clicked() {
        ui.ctx().copy_text(place.display().to_string());
        commands.push(Command::App(AppCommand::Notify(
            "The path has been copied.".to_owned(),
        )));
    }
}
