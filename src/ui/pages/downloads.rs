//! The downloads page: what needs the user, what is under way, what has ended.

use egui::{Align, CentralPanel, Frame, Label, Layout, Margin, ScrollArea, Sense, Ui, Vec2};

use crate::{
    downloads::{Outcome, Report, Stage},
    model::{ErrorKind, byte_text, plural},
    state::{Command, Download, Standing, State},
    ui::{
        shell::{cut, page_head},
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, empty_state, hairline, paint_icon, progress, section, sentences},
        words::{clock_time, first_upper},
    },
};

/// Names of missing files that are shown at once.
const LISTED: usize = 200;

pub(crate) fn show(ui: &mut Ui, state: &State, wishes: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    page_head(ui, "Downloads", |ui| {
        if ui
            .add(Button::plain("Open the download folder").with_icon(Icon::FOLDER))
            .clicked()
        {
            wishes.push(Command::OpenFolder(state.download_folder().to_owned()));
        }
    });
    CentralPanel::no_frame().frame(Frame::new().fill(tokens.surface)).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let list: Vec<&Download> = match &state.session {
            Some(session) => state.downloads.of(session).collect(),
            None => Vec::new(),
        };
        if list.is_empty() {
            let cause = "Choose a target on the Experiments page, or select experiments there, then download.";
            if empty_state(ui, Icon::DOWNLOAD, "Nothing has been downloaded yet", cause, Some("Go to the experiments")) {
                wishes.push(Command::Go(crate::state::Route::Experiments));
            }
            return;
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let part_of = |is_in: fn(&Download) -> bool| {
                list.iter().copied().filter(move |download| is_in(download))
            };
            part(ui, "Needs you", part_of(|d| !d.is_running() && !d.is_over()), state, wishes, false);
            part(ui, "In progress", part_of(Download::is_running), state, wishes, false);
            part(ui, "Finished", part_of(Download::is_over), state, wishes, true);
        });
    });
}

fn part<'a>(
    ui: &mut Ui,
    title: &str,
    downloads: impl Iterator<Item = &'a Download>,
    state: &State,
    wishes: &mut Vec<Command>,
    can_clear: bool,
) {
    let downloads: Vec<&Download> = downloads.collect();
    if downloads.is_empty() {
        return;
    }
    section(ui, title, downloads.len(), |ui| {
        if can_clear && ui.add(Button::quiet("Clear the list")).clicked() {
            wishes.push(Command::ClearFinished);
        }
    });
    for download in downloads {
        ui.push_id(download.id, |ui| line(ui, download, state, wishes));
        hairline(ui);
    }
}

fn line(ui: &mut Ui, download: &Download, state: &State, wishes: &mut Vec<Command>) {
    Frame::new()
        .inner_margin(Margin::symmetric(size::PAGE_MARGIN, 6))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.set_min_height(size::JOB - 13.0);
            ui.horizontal(|ui| {
                ui.spacing_mut().interact_size.y = 20.0;
                sign(ui, &download.standing);
                let whole = ui.available_width();
                let name_width = (whole * 0.3).clamp(140.0, 320.0);
                name(ui, download, name_width);
                let buttons = 190.0;
                let middle = (ui.available_width() - buttons).max(160.0);
                ui.allocate_ui_with_layout(
                    Vec2::new(middle, 44.0),
                    Layout::top_down(Align::Min),
                    |ui| {
                        ui.set_width(middle);
                        ui.spacing_mut().item_spacing.y = 4.0;
                        match &download.standing {
                            Standing::Running(stage) => running(ui, download, stage),
                            Standing::Done { report, at, .. } => done(ui, report, at, state),
                            Standing::Failed(problem) => {
                                let tokens = Tokens::of(ui);
                                let is_stop = problem.kind == ErrorKind::Cancelled;
                                let (head, colour) = if download.waits_for_sign_in() {
                                    ("Goes on when you have signed in again", tokens.warn)
                                } else if is_stop {
                                    ("Stopped", tokens.text)
                                } else {
                                    ("Not downloaded", tokens.err)
                                };
                                ui.label(Type::Strong.text(head, colour));
                                ui.add(
                                    Label::new(Type::Small.text(sentences(problem), tokens.muted))
                                        .wrap(),
                                );
                            }
                        }
                    },
                );
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    buttons_of(ui, download, wishes);
                });
            });
        });
}

fn sign(ui: &mut Ui, standing: &Standing) {
    let tokens = Tokens::of(ui);
    let (icon, colour) = match standing {
        Standing::Running(stage) => {
            let icon = match stage {
                Stage::Waiting | Stage::WaitingForServer { .. } => Icon::CLOCK,
                Stage::Asking | Stage::Building { .. } => Icon::LOADER,
                Stage::Receiving { .. } => Icon::DOWNLOAD,
                Stage::Checking { .. } | Stage::Unpacking { .. } => Icon::SHIELD,
            };
            (icon, tokens.accent_text)
        }
        Standing::Done { report, .. } if report.outcome == Outcome::Complete => {
            (Icon::CHECKED, tokens.ok)
        }
        Standing::Done { .. } => (Icon::WARNING, tokens.warn),
        Standing::Failed(problem) if problem.kind == ErrorKind::Cancelled => {
            (Icon::BAN, tokens.muted)
        }
        Standing::Failed(_) => (Icon::FAILED, tokens.err),
    };
    let (rect, _) = ui.allocate_exact_size(Vec2::new(24.0, 40.0), Sense::hover());
    paint_icon(ui, rect.center() - Vec2::new(4.0, 0.0), icon, 16.0, colour);
}

fn name(ui: &mut Ui, download: &Download, width: f32) {
    let tokens = Tokens::of(ui);
    ui.allocate_ui_with_layout(Vec2::new(width, 44.0), Layout::top_down(Align::Min), |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let target = &download.job.request.target;
            ui.label(Type::Strong.text(&target.title, tokens.text));
            ui.label(Type::Body.text(target.tas.as_str(), tokens.muted));
        });
        let what = format!(
            "{} · {}",
            first_upper(&download.what),
            download.job.request.files.summary()
        );
        let galley = cut(ui, &what, Type::Small, tokens.muted, width);
        let is_cut = galley.elided;
        let label = ui.add(Label::new(galley));
        if is_cut {
            label.on_hover_text(what);
        }
    });
}

fn running(ui: &mut Ui, download: &Download, stage: &Stage) {
    let tokens = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.label(Type::Strong.text(stage.words(), tokens.text));
        let aside = match stage {
            Stage::Waiting => "starts when another download has finished".to_owned(),
            Stage::WaitingForServer { reason } => reason.clone(),
            Stage::Building {
                message: Some(message),
                ..
            } => format!("“{message}”"),
            Stage::Checking { .. } => "that every file arrived whole".to_owned(),
            _ => String::new(),
        };
        let right = amount(download, stage);
        let width = (ui.available_width() - 8.0 * right.chars().count() as f32).max(40.0);
        let galley = cut(ui, &aside, Type::Small, tokens.muted, width);
        ui.add(Label::new(galley));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(Type::Small.text(&right, tokens.muted));
        });
    });
    if *stage != Stage::Waiting {
        progress(ui, stage.fraction(), stage.words());
    }
}

/// Amount, speed and time left, as far as they are known.
fn amount(download: &Download, stage: &Stage) -> String {
    match stage {
        Stage::Building {
            fraction: Some(fraction),
            ..
        } => format!("{:.0} %", fraction * 100.0),
        Stage::Receiving { received, total } => {
            let mut text = match total {
                Some(total) => format!("{} of {}", byte_text(*received), byte_text(*total)),
                None => byte_text(*received),
            };
            if let Some(speed) = download.speed().filter(|speed| *speed > 0) {
                text.push_str(&format!(" · {}/s", byte_text(speed)));
                if let Some(total) = total {
                    text.push_str(&format!(
                        " · {}",
                        time_left(total.saturating_sub(*received) as f64 / speed as f64)
                    ));
                }
            }
            text
        }
        Stage::Checking { files } => plural(*files, "file", "files"),
        Stage::Unpacking { files, total } => {
            format!("{files} of {}", plural(*total, "file", "files"))
        }
        _ => String::new(),
    }
}

/// In steps that a person cares about.
fn time_left(seconds: f64) -> String {
    if seconds < 10.0 {
        "a few seconds left".to_owned()
    } else if seconds < 90.0 {
        format!("about {:.0} s left", (seconds / 10.0).ceil() * 10.0)
    } else if seconds < 5400.0 {
        format!("about {:.0} min left", (seconds / 60.0).ceil())
    } else {
        format!("about {:.0} h left", (seconds / 3600.0).ceil())
    }
}

fn done(ui: &mut Ui, report: &Report, at: &jiff::Zoned, state: &State) {
    let tokens = Tokens::of(ui);
    let colour = if report.outcome == Outcome::Complete {
        tokens.ok
    } else {
        tokens.warn
    };
    ui.add(Label::new(Type::Strong.text(report.summary(), colour)).wrap());
    let now = (state.surroundings.clock)();
    let facts = format!(
        "{} · {} · checked {}",
        plural(report.files, "file", "files"),
        byte_text(report.bytes),
        clock_time(at, &now)
    );
    ui.label(Type::Small.text(facts, tokens.muted));
    fold(ui, "not on the server", &report.missing);
    fold(ui, "unknown to the server", &report.unknown_codes);
}

/// A list behind a fold.
fn fold(ui: &mut Ui, what: &str, entries: &[String]) {
    if entries.is_empty() {
        return;
    }
    let tokens = Tokens::of(ui);
    let id = ui.scope_id().with(what);
    let is_open = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(false);
    let icon = if is_open {
        Icon::CHEVRON_DOWN
    } else {
        Icon::CHEVRON_RIGHT
    };
    let text = if is_open {
        "Hide the list"
    } else {
        "Show the list"
    };
    let name = format!("{text} of what is {what}");
    if ui
        .add(Button::quiet(&name).with_icon(icon).height(22.0))
        .clicked()
    {
        ui.data_mut(|data| data.insert_temp(id, !is_open));
    }
    if is_open {
        for entry in entries.iter().take(LISTED) {
            ui.add(
                Label::new(Type::Small.text(entry, tokens.muted))
                    .selectable(true)
                    .wrap(),
            );
        }
        if entries.len() > LISTED {
            let rest = format!(
                "… and {} more, all listed in the folder",
                entries.len() - LISTED
            );
            ui.label(Type::Small.text(rest, tokens.muted));
        }
    }
}

fn buttons_of(ui: &mut Ui, download: &Download, wishes: &mut Vec<Command>) {
    let title = &download.job.request.target.title;
    match &download.standing {
        Standing::Running(_) => {
            let name = format!("Stop the download of {title}");
            if ui.add(Button::quiet_icon(Icon::CROSS, &name)).clicked() {
                wishes.push(Command::CancelDownload(download.id));
            }
        }
        Standing::Done { place, .. } => {
            let name = format!("Open the folder of {title}");
            if ui
                .add(Button::plain("Open").with_icon(Icon::FOLDER).named(&name))
                .clicked()
            {
                // An archive is not opened, only shown in its folder: what is in it came from a server.
                let folder = if place.is_dir() {
                    Some(place.as_path())
                } else {
                    place.parent()
                };
                if let Some(folder) = folder {
                    wishes.push(Command::OpenFolder(folder.to_owned()));
                }
            }
            let copy = format!("Copy the path of {title}");
            if ui.add(Button::icon(Icon::COPY, &copy)).clicked() {
                ui.ctx().copy_text(place.display().to_string());
                wishes.push(Command::Tell("The path has been copied.".to_owned()));
            }
        }
        Standing::Failed(_) => {
            let name = format!("Download {title} again");
            if ui
                .add(
                    Button::plain("Try again")
                        .with_icon(Icon::REFRESH)
                        .named(&name),
                )
                .clicked()
            {
                wishes.push(Command::RetryDownload(download.id));
            }
        }
    }
}
