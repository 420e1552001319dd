//! The downloads page: what needs attention, what is under way, what has ended.

mod buttons;
mod done;
mod head;
mod library;
mod library_columns;
mod library_entry;
mod library_menu;
mod library_sort;
mod questions;
mod running;

use egui::{Align, CentralPanel, Frame, Label, Layout, Margin, ScrollArea, Sense, Ui, Vec2};
use library::LibraryList;

use crate::{
    dataset::{JobId, Outcome},
    downloads::Stage,
    model::{ErrorKind, Problem, byte_text, plural},
    state::{
        AppCommand, Command, Download, DownloadStatus, DownloadsCommand, ExperimentsCommand,
        LibraryCommand, State,
    },
    ui::{
        dialogs::DownloadDialog,
        pages::downloads::questions::{confirm_bin_ui, confirm_cancel_ui},
        remedy::{Details, Remedy},
        theme::{Icon, Tokens, Type, size},
        widgets::{
            Button, announce, cut_label_ui, empty_state_ui, hairline_ui, paint_icon, section_ui,
            stopped_progress_ui,
        },
        words::first_upper,
    },
};

/// The title of the section with ended downloads.
const FINISHED: &str = "Finished";

/// The page, and what it remembers between frames.
#[derive(Default)]
pub(crate) struct DownloadsPage {
    library: LibraryList,
    /// The download to cancel, once that has been confirmed.
    cancelling: Option<JobId>,
}

/// Requests from the rows to the page.
struct RowRequests<'a> {
    /// The download whose choices are to be edited.
    change: &'a mut Option<JobId>,
    /// The download to cancel, once that has been confirmed.
    cancel: &'a mut Option<JobId>,
}

impl DownloadsPage {
    /// Draws the page. Returns the dialog for editing the choices of a download, if one is to be opened.
    pub(crate) fn page_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) -> Option<DownloadDialog> {
        let tokens = Tokens::of(ui);
        let mut change = None;
        head::head_ui(ui, state, commands);
        let frame = Frame::new().fill(tokens.surface);
        CentralPanel::no_frame().frame(frame).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let list: Vec<&Download> = match state.session() {
                Some(session) => state.downloads.of(session).collect(),
                None => Vec::new(),
            };
            let shelf = state.library.entries.value();
            if list.is_empty() && shelf.is_none_or(Vec::is_empty) {
                self.empty_page_ui(ui, state, commands);
                return;
            }
            ScrollArea::vertical()
                .id_salt("downloads")
                .auto_shrink(false)
                .show(ui, |ui| {
                    let mut wishes = RowRequests {
                        change: &mut change,
                        cancel: &mut self.cancelling,
                    };
                    sections_ui(ui, &list, state, commands, &mut wishes);
                    self.library.library_ui(ui, state, commands);
                });
        });
        self.questions_ui(ui, state, commands);
        let mut all = state.downloads.list.iter();
        let changed = all.find(|one| change == Some(one.id))?;
        let request = &changed.job.request;
        commands.push(Command::Experiments(ExperimentsCommand::LoadObservations(
            request.target.clone(),
        )));
        commands.push(Command::Downloads(DownloadsCommand::MeasureFolder(
            changed.job.parent.clone(),
        )));
        Some(DownloadDialog::edit_failed(changed, state))
    }

    /// Draws the question that precedes what cannot be undone, and carries out the answer.
    fn questions_ui(&mut self, ui: &Ui, state: &State, commands: &mut Vec<Command>) {
        if let Some(place) = &self.library.to_bin
            && let Some(is_meant) = confirm_bin_ui(ui, place)
        {
            if is_meant {
                let command = LibraryCommand::ToBin(place.clone());
                commands.push(Command::Library(command));
            }
            self.library.to_bin = None;
        }
        let mut running = state.downloads.list.iter().filter(|one| !one.has_ended());
        let Some(download) = running.find(|one| self.cancelling == Some(one.id)) else {
            // It has ended in the meantime.
            self.cancelling = None;
            return;
        };
        if let Some(is_meant) = confirm_cancel_ui(ui, download) {
            if is_meant {
                let command = DownloadsCommand::Cancel(download.id);
                commands.push(Command::Downloads(command));
            }
            self.cancelling = None;
        }
    }

    /// Draws the empty page: a link to the experiments, and the library below it.
    fn empty_page_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        self.library.library_ui(ui, state, commands);
        let cause =
            "Choose a target on the Experiments page, or select experiments there, then download.";
        let title = "Nothing has been downloaded yet";
        if empty_state_ui(
            ui,
            Icon::DOWNLOAD,
            title,
            cause,
            Some("Go to the experiments"),
        ) {
            commands.push(Command::App(AppCommand::Go(
                crate::state::Route::Experiments,
            )));
        }
    }
}

fn sections_ui(
    ui: &mut Ui,
    list: &[&Download],
    state: &State,
    commands: &mut Vec<Command>,
    wishes: &mut RowRequests<'_>,
) {
    let part_of = |is_in: fn(&Download) -> bool| list.iter().copied().filter(move |one| is_in(one));
    let is_under_way = |one: &Download| one.is_running() && !one.is_waiting();
    let waits = |one: &Download| one.is_waiting() || matches!(one.status, DownloadStatus::Paused);
    let mut list = |title, downloads: Vec<&Download>| {
        downloads_section_ui(ui, title, &downloads, state, commands, wishes);
    };
    list("Needs attention", part_of(Download::needs_user).collect());
    list("In progress", part_of(is_under_way).collect());
    list("Waiting and paused", part_of(waits).collect());
    list(FINISHED, part_of(Download::has_ended).rev().collect());
}

fn downloads_section_ui(
    ui: &mut Ui,
    title: &str,
    downloads: &[&Download],
    state: &State,
    commands: &mut Vec<Command>,
    wishes: &mut RowRequests<'_>,
) {
    if downloads.is_empty() {
        return;
    }
    section_ui(ui, title, downloads.len(), |ui| {
        if title == FINISHED && ui.add(Button::quiet("Clear the list")).clicked() {
            commands.push(Command::Downloads(DownloadsCommand::ClearFinished));
        }
    });
    for download in downloads {
        ui.push_id(download.id, |ui| {
            download_ui(ui, download, state, commands, wishes);
        });
        hairline_ui(ui);
    }
}

/// Height of a download row without its margins, and the margins.
const JOB_ROW: (f32, i8) = (size::JOB - 13.0, 6);

/// Draws a row of one of the lists: as high as its contents, and at least this high, with a margin above and below.
fn row_ui(ui: &mut Ui, (height, margin): (f32, i8), contents: impl FnOnce(&mut Ui)) {
    Frame::new()
        .inner_margin(Margin::symmetric(size::PAGE_MARGIN, margin))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.set_min_height(height);
            contents(ui);
        });
}

fn download_ui(
    ui: &mut Ui,
    download: &Download,
    state: &State,
    commands: &mut Vec<Command>,
    wishes: &mut RowRequests<'_>,
) {
    row_ui(ui, JOB_ROW, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = 20.0;
            status_icon_ui(ui, download);
            let whole = ui.available_width();
            let name_width = (whole * 0.3).clamp(140.0, 320.0);
            name_ui(ui, download, name_width);
            let buttons = 190.0;
            let middle = (ui.available_width() - buttons).max(160.0);
            ui.allocate_ui_with_layout(
                Vec2::new(middle, 44.0),
                Layout::top_down(Align::Min),
                |ui| {
                    ui.set_width(middle);
                    ui.spacing_mut().item_spacing.y = 4.0;
                    match &download.status {
                        DownloadStatus::Running(stage) => running::running_ui(ui, download, stage),
                        DownloadStatus::Paused => paused_ui(ui, download),
                        DownloadStatus::Done {
                            report,
                            at,
                            before,
                            place,
                        } => {
                            let target = &download.job.request.target;
                            // A single file is in the download folder itself.
                            let is_folder = download.job.file.is_none();
                            let result = (report, is_folder.then_some(place.as_path()));
                            done::done_ui(ui, target, result, at, before.as_deref(), state);
                        }
                        DownloadStatus::Failed(problem) => {
                            if failure_ui(ui, download, problem, state, commands) {
                                *wishes.change = Some(download.id);
                            }
                        }
                    }
                },
            );
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                buttons::buttons_ui(ui, download, state, wishes.cancel, commands);
            });
        });
    });
}

/// Draws why it failed and what helps. Returns `true` if its choices are to be edited.
fn failure_ui(
    ui: &mut Ui,
    download: &Download,
    problem: &Problem,
    state: &State,
    commands: &mut Vec<Command>,
) -> bool {
    let tokens = Tokens::of(ui);
    let is_stop = problem.kind == ErrorKind::Cancelled;
    let waits = download.waits_for_sign_in();
    let (head, colour) = match (waits, is_stop) {
        (true, _) => ("Resumes when you sign in again", tokens.warn),
        (false, true) => ("Stopped", tokens.text),
        (false, false) => ("Not downloaded", tokens.err),
    };
    let label = ui.label(Type::Strong.text(head, colour));
    announce(&label, !is_stop);
    ui.add(Label::new(Type::Small.text(problem.to_string(), tokens.muted)).wrap());
    // The session bar already has buttons for this.
    if waits {
        return false;
    }
    let details = Details::of(ui);
    let mut is_to_change = false;
    ui.horizontal(|ui| {
        is_to_change = remedy_button_ui(ui, download, problem, state, commands);
        if !is_stop {
            let name = format!("Details ({})", download.job.request.target);
            details.toggle_ui(ui, &name);
        }
    });
    details.details_ui(ui, problem, state, commands);
    is_to_change
}

/// Draws the button with the remedy. Returns `true` if the choices of the download are to be edited.
fn remedy_button_ui(
    ui: &mut Ui,
    download: &Download,
    problem: &Problem,
    state: &State,
    commands: &mut Vec<Command>,
) -> bool {
    let Some(remedy) = Remedy::for_problem(problem, state) else {
        return false;
    };
    let job = &download.job;
    // A download by link, a single file and an update have no choices that the dialog could edit.
    let can_change = job.file.is_none() && job.renews.is_none() && job.link.is_none();
    let is_change = remedy == Remedy::EditChoices;
    if is_change && !can_change {
        return false;
    }
    let name = format!("{} ({})", remedy.label(), job.request.target);
    let is_pressed = ui.add(Button::plain(remedy.label()).named(&name)).clicked();
    if is_pressed {
        commands.extend(remedy.command(state));
    }
    is_pressed && is_change
}

fn status_icon_ui(ui: &mut Ui, download: &Download) {
    let tokens = Tokens::of(ui);
    let (icon, colour) = match &download.status {
        DownloadStatus::Running(stage) => {
            let icon = match stage {
                Stage::Waiting | Stage::WaitingForServer { .. } | Stage::Ordered => Icon::CLOCK,
                Stage::Asking | Stage::Building { .. } => Icon::LOADER,
                Stage::Receiving { .. } => Icon::DOWNLOAD,
                Stage::Checking { .. } | Stage::Unpacking { .. } | Stage::Reporting => Icon::SHIELD,
            };
            (icon, tokens.accent_text)
        }
        DownloadStatus::Paused => (Icon::PAUSE, tokens.idle),
        DownloadStatus::Done { report, .. } if report.outcome == Outcome::Complete => {
            (Icon::CHECKED, tokens.ok)
        }
        DownloadStatus::Done { .. } => (Icon::WARNING, tokens.warn),
        DownloadStatus::Failed(problem) if problem.kind == ErrorKind::Cancelled => {
            (Icon::BAN, tokens.muted)
        }
        DownloadStatus::Failed(_) if download.waits_for_sign_in() => (Icon::CLOCK, tokens.warn),
        DownloadStatus::Failed(_) => (Icon::FAILED, tokens.err),
    };
    let (rect, _) = ui.allocate_exact_size(Vec2::new(24.0, 40.0), Sense::hover());
    paint_icon(ui, rect.center() - Vec2::new(4.0, 0.0), icon, 16.0, colour);
}

fn name_ui(ui: &mut Ui, download: &Download, width: f32) {
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
        cut_label_ui(ui, &what, Type::Small, tokens.muted, width);
    });
}

/// Draws what is kept while the download is paused, and promises no more than that.
fn paused_ui(ui: &mut Ui, download: &Download) {
    let tokens = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.label(Type::Strong.text("Paused", tokens.text));
        let Some((arrived, total)) = download.arrived else {
            return;
        };
        let amount = match total {
            Some(total) => format!("{} of {}", byte_text(arrived), byte_text(total)),
            None => byte_text(arrived),
        };
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(Type::Small.text(amount, tokens.muted));
        });
    });
    if let Some((arrived, Some(total))) = download.arrived.filter(|(_, total)| *total > Some(0)) {
        stopped_progress_ui(ui, arrived as f32 / total as f32, "Paused");
    }
    let kept = match download.part.map(|part| part.number - 1) {
        Some(parts) if parts > 0 => format!(
            "{} {} kept. The rest is downloaded when you resume.",
            plural(parts, "part", "parts"),
            if parts == 1 { "is" } else { "are" }
        ),
        _ => "If the server cannot resume, the download starts again.".to_owned(),
    };
    ui.add(Label::new(Type::Small.text(kept, tokens.muted)).wrap());
}
