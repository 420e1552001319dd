//! A download in the list: what it is of, its state, its buttons.

use egui::{Align, Frame, Label, Layout, Margin, Sense, Ui, Vec2};

use super::{RowRequests, buttons, done, running};
use crate::{
    dataset::Outcome,
    downloads::Stage,
    model::{ErrorKind, Problem, byte_text, plural},
    state::{Command, Download, DownloadStatus, State},
    ui::{
        remedy::{Details, Remedy},
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, announce, cut_label_ui, paint_icon, stopped_progress_ui},
        words::first_upper,
    },
};

/// Height of a download row without its margins, and the margins.
const JOB_ROW: (f32, i8) = (size::JOB - 13.0, 6);

/// Height of the two lines of the name, in points.
const NAME: f32 = 44.0;
/// Width of the status icon, with the space after it, in points.
const ICON: f32 = 24.0;
/// Below this width of a row, in points, the state of a download is below its name and not beside it.
const BESIDE: f32 = 600.0;
/// The same for finished downloads, which have more to say.
const DONE_BESIDE: f32 = 760.0;
/// Below this width, running downloads, whose text is the longest, have less space for their buttons.
const WIDE: f32 = 800.0;

/// Draws a row of one of the lists: as high as its contents, and at least this high, with a margin above and below.
pub(super) fn row_ui(ui: &mut Ui, (height, margin): (f32, i8), contents: impl FnOnce(&mut Ui)) {
    Frame::new()
        .inner_margin(Margin::symmetric(size::PAGE_MARGIN, margin))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.set_min_height(height);
            contents(ui);
        });
}

/// Draws a download. Where the window is too narrow for everything beside each other, its state is below its name.
pub(super) fn download_ui(
    ui: &mut Ui,
    download: &Download,
    state: &State,
    commands: &mut Vec<Command>,
    wishes: &mut RowRequests<'_>,
) {
    row_ui(ui, JOB_ROW, |ui| {
        let whole = ui.available_width() - ICON - ui.spacing().item_spacing.x;
        let is_done = matches!(download.status, DownloadStatus::Done { .. });
        let is_beside = whole >= if is_done { DONE_BESIDE } else { BESIDE };
        let buttons = buttons_width(download, whole);
        // From the top: name and buttons stay where they are when the details are opened.
        ui.horizontal_top(|ui| {
            ui.spacing_mut().interact_size.y = 20.0;
            status_icon_ui(ui, download);
            let name_width = if is_beside {
                (whole * 0.3).clamp(140.0, 320.0)
            } else {
                whole - buttons - ui.spacing().item_spacing.x
            };
            name_ui(ui, download, name_width);
            if is_beside {
                let middle = ui.available_width() - buttons;
                state_ui(ui, middle, download, state, commands, wishes);
            }
            let room = Vec2::new(ui.available_width(), NAME);
            ui.allocate_ui_with_layout(room, Layout::right_to_left(Align::Center), |ui| {
                ui.set_min_height(NAME);
                buttons::buttons_ui(ui, download, state, wishes.cancel, commands);
            });
        });
        if !is_beside {
            ui.horizontal(|ui| {
                ui.spacing_mut().interact_size.y = 20.0;
                ui.add_space(ICON + ui.spacing().item_spacing.x);
                state_ui(ui, whole, download, state, commands, wishes);
            });
        }
    });
}

/// Returns the width for the buttons of a download, in points. In a wide row it is the same for all, so that everything
/// is in one line with the rows above and below.
fn buttons_width(download: &Download, whole: f32) -> f32 {
    match download.status {
        DownloadStatus::Running(_) if whole < WIDE => 132.0,
        DownloadStatus::Running(_)
        | DownloadStatus::Paused
        | DownloadStatus::Done { .. }
        | DownloadStatus::Failed(_) => 190.0,
    }
}

/// Draws how far a download is, or how it has ended.
fn state_ui(
    ui: &mut Ui,
    width: f32,
    download: &Download,
    state: &State,
    commands: &mut Vec<Command>,
    wishes: &mut RowRequests<'_>,
) {
    let room = Vec2::new(width, NAME);
    ui.allocate_ui_with_layout(room, Layout::top_down(Align::Min), |ui| {
        ui.set_width(width);
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
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ICON, 40.0), Sense::hover());
    paint_icon(ui, rect.center() - Vec2::new(4.0, 0.0), icon, 16.0, colour);
}

fn name_ui(ui: &mut Ui, download: &Download, width: f32) {
    let tokens = Tokens::of(ui);
    ui.allocate_ui_with_layout(Vec2::new(width, NAME), Layout::top_down(Align::Min), |ui| {
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
        // After a restart the number of parts is known only once the download goes on.
        _ => "Complete parts are kept. If the server cannot resume, the rest is downloaded from its beginning.".to_owned(),
    };
    ui.add(Label::new(Type::Small.text(kept, tokens.muted)).wrap());
}
