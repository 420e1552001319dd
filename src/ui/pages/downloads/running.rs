//! The progress of a download.

use egui::{Align, Layout, Ui};

use crate::{
    downloads::Stage,
    model::{byte_text, plural},
    state::Download,
    ui::{
        theme::{Tokens, Type},
        widgets::{announce, cut_label_ui, progress_ui, width_of},
    },
};

/// Minimum width of the text of a stage, in points.
const WORDS: f32 = 150.0;

pub(super) fn running_ui(ui: &mut Ui, download: &Download, stage: &Stage) {
    let tokens = Tokens::of(ui);
    let right = amount(download, stage);
    // Where there is no space beside the text, the amount is below the bar.
    let stands_below = width_of(ui, &right, Type::Small) + WORDS > ui.available_width();
    ui.horizontal(|ui| {
        let words = match download.part {
            Some(part) => format!("{}, part {} of {}", stage.words(), part.number, part.of),
            None => stage.words().to_owned(),
        };
        let label = ui.label(Type::Strong.text(words, tokens.text));
        announce(&label, false);
        let aside = match stage {
            Stage::Waiting => "queued: starts when a slot is free".to_owned(),
            Stage::Ordered => "the server has not started building yet".to_owned(),
            Stage::WaitingForServer { reason } => reason.clone(),
            Stage::Building {
                message: Some(message),
                ..
            } => format!("“{message}”"),
            Stage::Checking { .. } => "that every file is complete".to_owned(),
            _ => String::new(),
        };
        let space = width_of(ui, &right, Type::Small) + 2.0 * ui.spacing().item_spacing.x;
        let width = ui.available_width() - if stands_below { 0.0 } else { space };
        cut_label_ui(ui, &aside, Type::Small, tokens.muted, width.max(0.0));
        if !stands_below {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.label(Type::Small.text(&right, tokens.muted));
            });
        }
    });
    if *stage != Stage::Waiting {
        progress_ui(ui, stage.fraction(), stage.words());
    }
    if stands_below && !right.is_empty() {
        ui.add(egui::Label::new(Type::Small.text(&right, tokens.muted)).truncate());
    }
}

/// Returns amount, speed and time left, as far as they are known.
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
            if let Some(speed) = download.speed().filter(|speed| *speed >= 1.0) {
                text.push_str(&format!(" · {}/s", byte_text(whole(speed))));
                if let Some(total) = total {
                    let left = total.saturating_sub(*received) as f64;
                    text.push_str(&format!(" · {}", time_left(left / speed)));
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

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a speed is positive and far below the limits"
)]
fn whole(speed: f64) -> u64 {
    speed.round() as u64
}

/// Returns the time left, rounded to steps that matter to the user.
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
