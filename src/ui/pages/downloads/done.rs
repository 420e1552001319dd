//! The result of a finished download.

use std::path::Path;

use egui::{Align, Id, Label, Layout, Ui, Vec2};
use jiff::Zoned;

use crate::{
    dataset::{Outcome, Report, folder_name},
    model::{FileKind, TargetKey, byte_text, count_text, plural},
    state::State,
    ui::{
        theme::{Icon, Tokens, Type},
        widgets::{Button, cut_label_ui, width_of},
        words::clock_time,
    },
};

/// Width of the button for the details, with the space around it.
const DETAILS: f32 = 110.0;
/// Maximum number of entries of a list that needs no button to be opened.
const SHORT: usize = 6;
/// Maximum number of entries that are shown.
const LISTED: usize = 200;

/// Draws the result in one line, notes on an update or on lost parts below it, and details behind a button.
pub(super) fn done_ui(
    ui: &mut Ui,
    target: &TargetKey,
    (report, place): (&Report, Option<&Path>),
    at: &Zoned,
    before: Option<&Path>,
    state: &State,
) {
    let tokens = Tokens::of(ui);
    let colour = if report.outcome == Outcome::Complete {
        tokens.ok
    } else {
        tokens.warn
    };
    let now = (state.environment.clock)();
    let facts = facts(target, (report, place), &clock_time(at, &now));
    let id = ui.scope_id().with("details");
    let mut is_open = false;
    let summary = report.summary();
    let left = ui.available_width() - DETAILS;
    // Where they do not fit beside the result, the facts are on a line of their own, as high as the name on the left.
    let is_beside =
        left > width_of(ui, &summary, Type::Strong) + 8.0 + width_of(ui, &facts, Type::Small);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.allocate_ui_with_layout(Vec2::new(left, 20.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(left);
            ui.horizontal_wrapped(|ui| {
                ui.label(Type::Strong.text(summary, colour));
                if is_beside {
                    ui.label(Type::Small.text(&facts, tokens.muted));
                }
            });
        });
        // At the right edge, where it is below that of the row above.
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            is_open = details_button_ui(ui, target, id);
        });
    });
    if !is_beside {
        let width = ui.available_width();
        cut_label_ui(ui, &facts, Type::Small, tokens.muted, width);
    }
    for text in consequences(report, before) {
        ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
    }
    if is_open {
        details_ui(ui, report);
    }
}

/// Returns how much is in the folder, and which folder it is if that cannot be guessed. `at` says when it was checked.
fn facts(target: &TargetKey, (report, place): (&Report, Option<&Path>), at: &str) -> String {
    let mut facts = format!(
        "{} · {} · checked {}",
        plural(report.files, "file", "files"),
        byte_text(report.bytes),
        at
    );
    // Distinguishes several folders of one target.
    if let Some(own) = place.and_then(Path::file_name) {
        let own = own.to_string_lossy();
        let rest = own.strip_prefix(folder_name(target).as_str());
        // An archive has an extension after that name.
        if !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) {
            facts.push_str(&format!(" · in “{own}”"));
        }
    }
    facts
}

/// Draws the button that shows or hides the details. Returns `true` if they are shown.
fn details_button_ui(ui: &mut Ui, target: &TargetKey, id: Id) -> bool {
    let is_open = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(false);
    let (icon, verb) = if is_open {
        (Icon::CHEVRON_DOWN, "Hide")
    } else {
        (Icon::CHEVRON_RIGHT, "Show")
    };
    let title = &target.title;
    let name = format!("{verb} the details of the download of {title}");
    let details = Button::quiet("Details").with_icon(icon).height(22.0);
    let is_pressed = ui.add(details.named(&name)).clicked();
    if is_pressed {
        ui.data_mut(|data| data.insert_temp(id, !is_open));
    }
    is_open ^ is_pressed
}

/// Returns what the user must know besides the result, in sentences.
fn consequences(report: &Report, before: Option<&Path>) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(renewed) = &report.renewed {
        sentences.push(format!("{}.", renewed.words()));
        if renewed.was_changed_by_hand {
            let text = "The previous folder had local changes, so it was left unchanged.";
            sentences.push(text.to_owned());
        }
    }
    if let Some(before) = before.and_then(Path::file_name) {
        sentences.push(format!("Previous version kept as “{}”.", before.display()));
    }
    if let Some(lost) = &report.lost {
        sentences.push(format!("Some parts could not be downloaded. {}", lost.why));
    }
    sentences
}

/// Draws what arrived, notes, and what did not arrive.
fn details_ui(ui: &mut Ui, report: &Report) {
    let tokens = Tokens::of(ui);
    kinds_ui(ui, report);
    for note in &report.notes {
        let text = format!("Note: {note}.");
        ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
    }
    let gaps: Vec<String> = report.coverage.gaps().map(|gap| gap.gap_text()).collect();
    list_ui(ui, "requested but not received", &gaps);
    let missing: Vec<String> = report
        .missing
        .iter()
        .map(|path| missing_text(path))
        .collect();
    list_ui(ui, "not on the server", &missing);
    list_ui(ui, "unknown to the server", &report.unknown_codes);
    if let Some(lost) = &report.lost {
        list_ui(ui, "not downloaded", &lost.codes);
    }
}

/// Returns a file that the server lacks in the words of the dialog: `m0035a: Event maps (PanDDA)`.
pub(super) fn missing_text(path: &str) -> String {
    let mut parts = path.splitn(3, '/');
    let (Some("aligned_files"), Some(code), Some(name)) =
        (parts.next(), parts.next(), parts.next())
    else {
        return path.to_owned();
    };
    let kind = FileKind::from_parameter(name);
    format!("{code}: {}", kind.map_or(name, |kind| kind.label()))
}

/// Draws how much arrived of each kind, in a collapsible list.
pub(super) fn kinds_ui(ui: &mut Ui, report: &Report) {
    let entries: Vec<String> = report
        .kinds
        .iter()
        .map(|count| {
            format!(
                "{}: {}, {}",
                count.kind,
                plural(count.files, "file", "files"),
                byte_text(count.bytes)
            )
        })
        .collect();
    collapsible_list_ui(ui, CONTENTS, &entries);
}

/// The list of what is in the folder.
const CONTENTS: &str = "Contents";

/// Draws a list: as it is if it is short, collapsible if it is long.
fn list_ui(ui: &mut Ui, what: &str, entries: &[String]) {
    if entries.len() > SHORT {
        collapsible_list_ui(ui, what, entries);
        return;
    }
    let tokens = Tokens::of(ui);
    if !entries.is_empty() {
        let heading = format!("{} {what}:", count_text(entries.len()));
        ui.label(Type::SmallHeading.text(heading, tokens.text));
    }
    for entry in entries {
        let text = Label::new(Type::Small.text(entry, tokens.muted));
        ui.add(text.selectable(true).wrap());
    }
}

/// Draws a collapsible list.
fn collapsible_list_ui(ui: &mut Ui, what: &str, entries: &[String]) {
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
    let text = match what {
        CONTENTS => CONTENTS.to_owned(),
        what => format!("{} {what}", count_text(entries.len())),
    };
    let name = format!("{}: {text}", if is_open { "Hide" } else { "Show" });
    let button = Button::quiet(&text).named(&name);
    if ui.add(button.with_icon(icon).height(22.0)).clicked() {
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
