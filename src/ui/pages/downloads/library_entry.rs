//! One data folder on this disk: its name, its status, its details.

use std::path::Path;

use egui::{Frame, Label, Margin, Response, Sense, Ui};
use jiff::Zoned;

use super::done::{kinds_ui, missing_text};
use crate::{
    dataset::{
        CreatedBy, Dataset, Difference, LocalChanges, UploadRecord, folder_name as usual_name,
    },
    library::{LibraryEntry, UpdateStatus},
    model::{ServerAddress, byte_text, plural},
    state::State,
    ui::{
        theme::{Icon, Tokens, Type},
        widgets::{Button, Light, cut_label_ui, light_ui, paint_light, progress_ui},
        words::{day_text, first_upper},
    },
};

/// Draws the button that opens and closes the details. Returns `true` if it was pressed.
pub(super) fn details_toggle_ui(ui: &mut Ui, name: &str, is_open: bool) -> bool {
    let (icon, verb) = if is_open {
        (Icon::CHEVRON_DOWN, "Hide")
    } else {
        (Icon::CHEVRON_RIGHT, "Show")
    };
    let name = format!("{verb} the details of {name}");
    ui.add(Button::quiet_icon(icon, &name)).clicked()
}

/// Draws the names of the folder and of its target, which have the menu of the folder as well.
pub(super) fn name_ui(ui: &mut Ui, one: &LibraryEntry, width: f32, state: &State) -> Response {
    let tokens = Tokens::of(ui);
    let size = egui::Vec2::new(width, 44.0);
    let layout = egui::Layout::top_down(egui::Align::Min);
    // Added before the texts, so that it is beneath them and their tooltips still appear.
    let area = egui::Rect::from_min_size(ui.cursor().min, size);
    let id = ui.scope_id().with("name");
    let response = ui.interact(area, id, Sense::CLICK - Sense::FOCUSABLE);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 2.0;
        let target = one.dataset().and_then(|held| held.target.as_ref());
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let title = target.map_or(one.name.as_str(), |target| &target.title);
            cut_label_ui(ui, title, Type::Strong, tokens.text, width);
            if let Some(target) = target {
                ui.label(Type::Body.text(target.tas.as_str(), tokens.muted));
            }
        });
        let facts = match one.dataset() {
            Some(held) => {
                let facts = facts(held, &(state.environment.clock)());
                // Folders of the same target are distinguished by their own names.
                if has_default_name(one) {
                    facts
                } else {
                    format!("{} · {facts}", folder_name(&one.place))
                }
            }
            None => one.place.display().to_string(),
        };
        cut_label_ui(ui, &facts, Type::Small, tokens.muted, width);
    });
    response
}

/// Returns `true` if a folder has the name that a download gives it.
pub(super) fn has_default_name(one: &LibraryEntry) -> bool {
    let target = one.dataset().and_then(|held| held.target.as_ref());
    target.is_some_and(|target| *usual_name(target).as_str() == *folder_name(&one.place))
}

/// Returns a summary such as `44 observations · 4.2 MB · 24 Oct 2026`.
fn facts(held: &Dataset, now: &Zoned) -> String {
    let mut facts = vec![
        plural(held.observations, "observation", "observations"),
        byte_text(held.bytes),
    ];
    if let Some(at) = held.finished {
        facts.push(day_text(&at.to_zoned(now.time_zone().clone())));
    }
    if held.created_by == CreatedBy::Other {
        facts.push(format!("in “{}”", folder_name(&held.place)));
    }
    facts.join(" · ")
}

/// Returns how the folder compares with the server: a light, a text, and sometimes further details.
fn comparison(
    one: &LibraryEntry,
    held: &Dataset,
    state: &State,
    now: &Zoned,
) -> (Light, String, Option<String>) {
    match state.library.checked(&one.place) {
        _ if one.is_previous_version => (Light::Unknown, "Previous version".to_owned(), None),
        Some(UpdateStatus::UpToDate { upload }) => {
            let upload = upload.as_ref().map(|upload| upload_words(upload, now));
            if let Some(report) = held.report.as_ref().filter(|report| !report.is_complete()) {
                // Nothing newer is on the server, and yet something is missing here.
                let words = report.summary();
                let rest = words.split_once(", ").map_or("", |(_, rest)| rest);
                return (
                    Light::Warning,
                    "Incomplete".to_owned(),
                    Some(first_upper(rest)),
                );
            }
            // One line for both: how the data compare with the server, and whether they were changed here.
            let (sign, words) = if held.local_changes.is_empty() {
                (Light::Ok, "Up to date")
            } else {
                (Light::Warning, "Up to date, but changed on this computer")
            };
            (sign, words.to_owned(), upload)
        }
        Some(UpdateStatus::Newer {
            difference,
            is_rough,
            ..
        }) => {
            let mut more = difference.words();
            if *is_rough {
                more.push_str(", judging by the codes alone");
            }
            let words = "Newer data on the server".to_owned();
            (Light::Active, words, Some(more))
        }
        Some(UpdateStatus::Unknown { why, .. }) => {
            let words = "Cannot be compared with the server".to_owned();
            (Light::Unknown, words, Some(format!("{why}.")))
        }
        None if state.library.is_checking() => (Light::Unknown, "Checking…".to_owned(), None),
        None => (Light::Unknown, not_checked_reason(one, state), None),
    }
}

/// Draws the light and the text for the status of a folder.
pub(super) fn status_ui(ui: &mut Ui, one: &LibraryEntry, is_one_line: bool, state: &State) {
    let tokens = Tokens::of(ui);
    if let Some((done, total)) = state.library.verifying(&one.place) {
        ui.label(Type::Strong.text("Verifying files", tokens.text));
        let fraction = (total > 0).then(|| done as f32 / total as f32);
        progress_ui(ui, fraction, "Verifying files");
        return;
    }
    let held = match &one.held {
        Ok(held) => held,
        Err(why) => {
            light_ui(ui, Light::Warning, why.label());
            small_text_ui(ui, &format!("{}.", why.why()));
            return;
        }
    };
    let now = (state.environment.clock)();
    let (sign, words, more) = comparison(one, held, state, &now);
    ui.horizontal(|ui| {
        if is_one_line {
            ui.set_min_height(24.0);
        }
        let (rect, _) = ui.allocate_exact_size(egui::Vec2::new(8.0, 20.0), Sense::hover());
        paint_light(ui, rect.center(), sign);
        // Never under the buttons at the end of the row.
        ui.add(Label::new(Type::Body.text(words, tokens.text)).truncate());
        if let Some(more) = more
            .as_ref()
            .filter(|_| is_one_line && ui.available_width() > 40.0)
        {
            ui.add(Label::new(Type::Small.text(more, tokens.muted)).truncate());
        }
    });
    if let Some(more) = more.filter(|_| !is_one_line) {
        small_text_ui(ui, &more);
    }
    if let Some(text) = local_changes_text(held, state) {
        let is_unchanged = held.local_changes.is_empty() && text == UNCHANGED;
        let colour = if is_unchanged { tokens.ok } else { tokens.warn };
        ui.add(Label::new(Type::Small.text(text, colour)).wrap());
    }
    if held.finished.is_some_and(|at| at > now.timestamp()) {
        small_text_ui(ui, "Dated in the future: check this computer's clock.");
    }
}

/// Returns why the folder was not checked.
fn not_checked_reason(one: &LibraryEntry, state: &State) -> String {
    let own = one.dataset().and_then(|held| held.server.as_deref());
    let here = state.session().map(|session| &session.server);
    match (own, here) {
        (Some(own), Some(here)) if !one.is_from(here, state.is_demo(here)) => {
            let host = ServerAddress::parse(own).map_or(own.to_owned(), |own| own.host_text());
            format!("From {host}: sign in there to check for newer data")
        }
        _ => "Not checked yet".to_owned(),
    }
}

fn upload_words(upload: &UploadRecord, now: &Zoned) -> String {
    let day = upload
        .committed
        .map(|at| day_text(&at.to_zoned(now.time_zone().clone())));
    match (upload.version, day) {
        (Some(version), Some(day)) => format!("Upload {version} · {day}"),
        (Some(version), None) => format!("Upload {version}"),
        (None, Some(day)) => format!("Upload of {day}"),
        (None, None) => String::new(),
    }
}

/// The text if a verification of every byte has found no changes.
const UNCHANGED: &str = "Every file is as it was downloaded.";

fn local_changes_text(held: &Dataset, state: &State) -> Option<String> {
    match state.library.verified(&held.place) {
        // A full verification knows more, unless something has gone missing since.
        Some(Some(found)) if found.is_empty() && held.local_changes.is_empty() => {
            Some(UNCHANGED.to_owned())
        }
        Some(Some(found)) if !found.is_empty() => {
            Some(format!("Changed since the download: {}.", found.words()))
        }
        Some(None) => {
            Some("There is no record of its files, so they cannot be checked.".to_owned())
        }
        _ if held.local_changes.is_empty() => None,
        _ => Some(format!(
            "Since the download: {}. Updating creates a new folder and keeps this one.",
            held.local_changes.words()
        )),
    }
}

fn small_text_ui(ui: &mut Ui, text: &str) {
    let muted = Tokens::of(ui).muted;
    ui.add(Label::new(Type::Small.text(text, muted)).wrap());
}

/// Returns `true` if something did not arrive that can be asked for again.
pub(super) fn lacks_files(one: &LibraryEntry) -> bool {
    let report = one.dataset().and_then(|held| held.report.as_ref());
    report.is_some_and(|report| report.can_be_asked_again())
}

/// Returns `true` if an update button is useful.
pub(super) fn can_update(one: &LibraryEntry, state: &State) -> bool {
    let Some(held) = one.dataset() else {
        return false;
    };
    if one.is_previous_version || held.request.is_none() {
        return false;
    }
    let found = state.library.verified(&one.place).flatten();
    let is_damaged = |found: &LocalChanges| !found.changed.is_empty() || !found.missing.is_empty();
    match state.library.checked(&one.place) {
        Some(UpdateStatus::Newer { .. }) => true,
        Some(UpdateStatus::UpToDate { .. }) => {
            is_damaged(found.unwrap_or(&held.local_changes)) || lacks_files(one)
        }
        Some(UpdateStatus::Unknown { anew_helps, .. }) => *anew_helps,
        None => false,
    }
}

/// Draws what is in the folder, and what is new.
pub(super) fn details_ui(ui: &mut Ui, one: &LibraryEntry, state: &State) {
    let margin = Margin {
        left: 36,
        top: 8,
        bottom: 4,
        right: 0,
    };
    Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        if let Some(held) = one.dataset() {
            dataset_details_ui(ui, held, state);
        }
        let place = one.place.display().to_string();
        let muted = Tokens::of(ui).muted;
        let text = Label::new(Type::Small.text(place, muted));
        ui.add(text.selectable(true).wrap());
    });
}

fn dataset_details_ui(ui: &mut Ui, held: &Dataset, state: &State) {
    if let Some(difference) = state
        .library
        .checked(&held.place)
        .and_then(UpdateStatus::difference)
    {
        difference_ui(ui, difference);
    }
    let found = state.library.verified(&held.place).flatten();
    let by_hand = found.unwrap_or(&held.local_changes);
    name_list_ui(ui, "Changed on this computer", &by_hand.changed);
    name_list_ui(ui, "Missing from the folder", &by_hand.missing);
    name_list_ui(ui, "Files you added", &by_hand.own);
    match held.created_by {
        CreatedBy::ThisProgram => {}
        CreatedBy::NewerVersion => small_text_ui(
            ui,
            "Created by a newer version of this program; some details may not be shown here.",
        ),
        CreatedBy::Other => small_text_ui(
            ui,
            "Downloaded with the web page or a script: there is no record of when, or of what was requested.",
        ),
    }
    if let Some(report) = &held.report {
        small_text_ui(ui, &format!("{}.", report.summary()));
        if let Some(renewed) = &report.renewed {
            small_text_ui(ui, &format!("{}.", renewed.words()));
        }
        kinds_ui(ui, report);
        let gaps: Vec<String> = report.coverage.gaps().map(|gap| gap.gap_text()).collect();
        name_list_ui(ui, "Requested but not received", &gaps);
        let missing = report.missing.iter().map(|path| missing_text(path));
        name_list_ui(ui, "Not on the server", &missing.collect::<Vec<_>>());
        name_list_ui(ui, "Unknown to the server", &report.unknown_codes);
    }
}

fn difference_ui(ui: &mut Ui, difference: &Difference) {
    name_list_ui(ui, "New on the server", &difference.new);
    name_list_ui(ui, "Changed on the server", &difference.changed);
    name_list_ui(ui, "Superseded on the server", &difference.superseded);
    if let Some(words) = difference.unselected_words() {
        small_text_ui(ui, &format!("{words}."));
    }
}

/// Maximum number of names that are shown.
const NAMED: usize = 60;

/// Draws a heading, and names after it.
fn name_list_ui(ui: &mut Ui, heading: &str, names: &[String]) {
    if names.is_empty() {
        return;
    }
    let tokens = Tokens::of(ui);
    let mut text = egui::text::LayoutJob::default();
    let mut add = |words: &str, step: Type, colour| {
        let format = egui::TextFormat::simple(step.font(), colour);
        text.append(words, 0.0, format);
    };
    add(&format!("{heading}: "), Type::SmallHeading, tokens.text);
    let shown = names.get(..NAMED.min(names.len())).unwrap_or(names);
    add(&shown.join(", "), Type::Small, tokens.muted);
    if names.len() > NAMED {
        let rest = format!(", and {} more", names.len() - NAMED);
        add(&rest, Type::Small, tokens.muted);
    }
    ui.add(Label::new(text).selectable(true).wrap());
}

pub(super) fn folder_name(place: &Path) -> String {
    let name = place.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
