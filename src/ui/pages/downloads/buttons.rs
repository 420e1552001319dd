//! What can be done with a download.

use std::path::Path;

use egui::{Popup, Ui};

use crate::{
    state::{AppCommand, Command, Download, DownloadStatus, DownloadsCommand, State, Viewer},
    ui::{theme::Icon, widgets::Button},
};

pub(super) fn show(ui: &mut Ui, download: &Download, state: &State, commands: &mut Vec<Command>) {
    let title = &download.job.request.target.title;
    let id = download.id;
    let mut icon = |ui: &mut Ui, icon: Icon, name: String, command: Command| {
        if ui.add(Button::quiet_icon(icon, &name)).clicked() {
            commands.push(command);
        }
    };
    match &download.standing {
        DownloadStatus::Running(_) => {
            let stop = format!("Stop the download of {title}");
            icon(
                ui,
                Icon::CROSS,
                stop,
                Command::Downloads(DownloadsCommand::Cancel(id)),
            );
            if download.is_waiting() {
                let later = format!("Move {title} down the queue");
                icon(
                    ui,
                    Icon::ARROW_DOWN,
                    later,
                    Command::Downloads(DownloadsCommand::Move { id, is_up: false }),
                );
                let earlier = format!("Move {title} up the queue");
                icon(
                    ui,
                    Icon::ARROW_UP,
                    earlier,
                    Command::Downloads(DownloadsCommand::Move { id, is_up: true }),
                );
            } else {
                let pause = format!("Pause the download of {title}");
                icon(
                    ui,
                    Icon::PAUSE,
                    pause,
                    Command::Downloads(DownloadsCommand::Pause(id)),
                );
            }
        }
        DownloadStatus::Paused => {
            let stop = format!("Stop the download of {title}");
            icon(
                ui,
                Icon::CROSS,
                stop,
                Command::Downloads(DownloadsCommand::Cancel(id)),
            );
            let name = format!("Resume the download of {title}");
            let go_on = Button::plain("Resume").with_icon(Icon::PLAY).named(&name);
            if ui.add(go_on).clicked() {
                commands.push(Command::Downloads(DownloadsCommand::Retry(id)));
            }
        }
        DownloadStatus::Done { place, .. } => done(ui, title, place, state, commands),
        DownloadStatus::Failed(_) => {
            if !download.is_over() {
                let stop = format!("Cancel the download of {title}");
                icon(
                    ui,
                    Icon::CROSS,
                    stop,
                    Command::Downloads(DownloadsCommand::Cancel(id)),
                );
            }
            let name = format!("Download {title} again");
            let again = Button::plain("Try again")
                .with_icon(Icon::REFRESH)
                .named(&name);
            if ui.add(again).clicked() {
                commands.push(Command::Downloads(DownloadsCommand::Retry(id)));
            }
        }
    }
}

fn done(ui: &mut Ui, title: &str, place: &Path, state: &State, commands: &mut Vec<Command>) {
    let name = format!("Open the folder of {title}");
    let open = Button::plain("Open").with_icon(Icon::FOLDER).named(&name);
    if ui.add(open).clicked() {
        commands.push(Command::App(AppCommand::ShowInFileManager(
            place.to_owned(),
        )));
    }
    let viewers: &[Viewer] = state.viewers.value().map_or(&[], Vec::as_slice);
    if !viewers.is_empty() {
        let name = format!("Open {title} in another program");
        let response = ui.add(Button::icon(Icon::EXTERNAL, &name));
        Popup::menu(&response).show(|ui| {
            ui.set_min_width(160.0);
            for viewer in viewers {
                let text = format!("Open in {}", viewer.name());
                if ui.add(Button::quiet(&text)).clicked() {
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
        commands.push(Command::App(AppCommand::Tell(
            "The path has been copied.".to_owned(),
        )));
    }
}
