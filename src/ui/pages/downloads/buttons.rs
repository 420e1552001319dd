//! What can be done with a download.

use std::path::Path;

use egui::{Popup, Ui};

use crate::{
    state::{Command, Download, Standing, State, Viewer},
    ui::{theme::Icon, widgets::Button},
};

pub(super) fn show(ui: &mut Ui, download: &Download, state: &State, wishes: &mut Vec<Command>) {
    let title = &download.job.request.target.title;
    let id = download.id;
    let mut icon = |ui: &mut Ui, icon: Icon, name: String, wish: Command| {
        if ui.add(Button::quiet_icon(icon, &name)).clicked() {
            wishes.push(wish);
        }
    };
    match &download.standing {
        Standing::Running(_) => {
            let stop = format!("Stop the download of {title}");
            icon(ui, Icon::CROSS, stop, Command::CancelDownload(id));
            if download.is_waiting() {
                let later = format!("Let {title} wait longer");
                icon(
                    ui,
                    Icon::ARROW_DOWN,
                    later,
                    Command::MoveDownload { id, is_up: false },
                );
                let earlier = format!("Let {title} come earlier");
                icon(
                    ui,
                    Icon::ARROW_UP,
                    earlier,
                    Command::MoveDownload { id, is_up: true },
                );
            } else {
                let pause = format!("Pause the download of {title}");
                icon(ui, Icon::PAUSE, pause, Command::PauseDownload(id));
            }
        }
        Standing::Paused => {
            let stop = format!("Stop the download of {title}");
            icon(ui, Icon::CROSS, stop, Command::CancelDownload(id));
            let name = format!("Go on with the download of {title}");
            let go_on = Button::plain("Go on").with_icon(Icon::PLAY).named(&name);
            if ui.add(go_on).clicked() {
                wishes.push(Command::RetryDownload(id));
            }
        }
        Standing::Done { place, .. } => done(ui, title, place, state, wishes),
        Standing::Failed(_) => {
            if !download.is_over() {
                let stop = format!("Give up the download of {title}");
                icon(ui, Icon::CROSS, stop, Command::CancelDownload(id));
            }
            let name = format!("Download {title} again");
            let again = Button::plain("Try again")
                .with_icon(Icon::REFRESH)
                .named(&name);
            if ui.add(again).clicked() {
                wishes.push(Command::RetryDownload(id));
            }
        }
    }
}

fn done(ui: &mut Ui, title: &str, place: &Path, state: &State, wishes: &mut Vec<Command>) {
    let name = format!("Open the folder of {title}");
    let open = Button::plain("Open").with_icon(Icon::FOLDER).named(&name);
    if ui.add(open).clicked() {
        wishes.push(Command::ShowPlace(place.to_owned()));
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
                    wishes.push(Command::OpenIn {
                        viewer: viewer.clone(),
                        place: place.to_owned(),
                    });
                }
            }
        });
    }
    let copy = format!("Copy the path of {title}");
    if ui.add(Button::icon(Icon::COPY, &copy)).clicked() {
        ui.ctx().copy_text(place.display().to_string());
        wishes.push(Command::Tell("The path has been copied.".to_owned()));
    }
}
