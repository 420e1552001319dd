//! How many downloads at a time, and how fast.

use egui::Ui;

use crate::{
    model::byte_text,
    state::{Command, SettingsCommand, State},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, Segment, card_ui, segments_ui},
    },
};

const MEGABYTE: f64 = 1e6;
/// Preset limits, in bytes per second.
const LIMITS: [(Option<u64>, &str); 4] = [
    (None, "No limit"),
    (Some(1_000_000), "1 MB/s"),
    (Some(5_000_000), "5 MB/s"),
    (Some(20_000_000), "20 MB/s"),
];

/// Parses a limit in bytes per second: at least 1 kB/s, at most what the fastest networks reach.
fn parse_limit(text: &str) -> Option<u64> {
    let megabytes: f64 = text.trim().replace(',', ".").parse().ok()?;
    let bytes = (megabytes * MEGABYTE).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, positive and small enough to be exact in both types"
    )]
    (1e3..=1e11).contains(&bytes).then_some(bytes as u64)
}

/// What the card remembers between frames.
#[derive(Default)]
pub(super) struct Transfers {
    typed: String,
}

impl Transfers {
    pub(super) fn transfers_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        card_ui(
            ui,
            Icon::DOWNLOAD,
            "Downloads",
            |_| {},
            |ui| {
                parallel_ui(ui, state, commands);
                ui.add_space(4.0);
                self.speed_limit_ui(ui, state, commands);
            },
        );
    }

    fn speed_limit_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        let limit = state.settings.speed_limit;
        ui.label(Type::Body.text("Speed limit for all downloads together", tokens.text));
        let choices = LIMITS.map(|(value, label)| Segment::new(value, label));
        if let Some(limit) = segments_ui(ui, Some(limit), &choices, None) {
            self.typed.clear();
            commands.push(Command::Settings(SettingsCommand::SetSpeedLimit(limit)));
        }
        ui.horizontal(|ui| {
            Field::new("Another limit in MB/s", &mut self.typed)
                .hint("Other, in MB/s")
                .limit(12)
                .size(160.0, size::CONTROL)
                .show(ui);
            let typed = parse_limit(&self.typed);
            let refusal = typed
                .is_none()
                .then_some("Enter the megabytes per second as a number, such as 2.5");
            if ui
                .add(Button::plain("Use this limit").disabled_because(refusal))
                .clicked()
                && let Some(bytes) = typed
            {
                self.typed.clear();
                commands.push(Command::Settings(SettingsCommand::SetSpeedLimit(Some(
                    bytes,
                ))));
            }
        });
        let now = limit.map_or_else(
            || "Downloads run as fast as the network allows.".to_owned(),
            |bytes| format!("Downloads use at most {} per second.", byte_text(bytes)),
        );
        ui.label(Type::Small.text(now, tokens.muted));
    }
}

fn parallel_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    ui.label(Type::Body.text("Simultaneous downloads", tokens.text));
    let choices =
        [(1, "1"), (2, "2"), (3, "3"), (4, "4")].map(|(value, label)| Segment::new(value, label));
    if let Some(parallel) = segments_ui(ui, Some(state.settings.parallel), &choices, None) {
        commands.push(Command::Settings(SettingsCommand::SetParallel(parallel)));
    }
    let note = "Other downloads wait in the queue. Every download is work for the server, so running only a few at a time is fair to everyone.";
    ui.add(egui::Label::new(Type::Small.text(note, tokens.muted)).wrap());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_of_megabytes_within_reason() {
        assert_eq!(parse_limit(" 2.5 "), Some(2_500_000));
        assert_eq!(parse_limit("0,5"), Some(500_000));
        for refused in ["", "fast", "-1", "0", "NaN", "inf", "1e30", "0.0001"] {
            assert_eq!(parse_limit(refused), None, "{refused}");
        }
    }
}
