//! How large text and controls are: as the user wants them, as far as the window has room.

use egui::{Context, Vec2};

use crate::{
    state::{AppCommand, Command, SettingsCommand},
    store::{LARGEST_TEXT, SMALLEST_TEXT},
};

/// The minimum window size that every page and dialog needs, in points.
const ROOM: Vec2 = Vec2::new(530.0, 360.0);
/// By how much one command changes the text size.
pub(super) const STEP: f32 = 1.0 / STEPS;
/// Number of steps from one multiple of the usual size to the next.
const STEPS: f32 = 10.0;

/// Returns the largest text size for which the window has space. Never below the usual size: the smallest window has
/// space for it.
pub(super) fn largest_size(ctx: &Context) -> f32 {
    largest_size_for(ctx.viewport_rect().size() * ctx.zoom_factor())
}

/// Returns the same for a window of this size, in points at the normal text size.
fn largest_size_for(window: Vec2) -> f32 {
    let most = (window / ROOM).min_elem();
    // In steps, so that text does not jitter while the window is resized. The size in points comes from a division,
    // so a tiny amount less is enough.
    ((most * STEPS + 0.01).floor() / STEPS).clamp(1.0, LARGEST_TEXT)
}

/// Makes text as large as the user wants, as far as there is space.
pub(super) fn apply(ctx: &Context, wanted: f32) {
    let size = wanted
        .clamp(SMALLEST_TEXT, LARGEST_TEXT)
        .min(largest_size(ctx));
    if (ctx.zoom_factor() - size).abs() > 0.001 {
        ctx.set_zoom_factor(size);
    }
}

/// Returns the command that sets another size, or says why it cannot be set.
pub(super) fn command(ctx: &Context, before: f32, wanted: f32) -> Command {
    command_for(largest_size(ctx), before, wanted)
}

fn command_for(most: f32, before: f32, wanted: f32) -> Command {
    let is_larger = wanted > before;
    let wanted = ((wanted * STEPS).round() / STEPS).clamp(SMALLEST_TEXT, LARGEST_TEXT);
    if is_larger && wanted > most + 0.001 {
        return Command::App(AppCommand::Notify(format!(
            "{} is the largest text that fits in this window. Make the window larger first.",
            words(most)
        )));
    }
    // Smaller than what is shown, not than a size that was set in a larger window.
    let is_more_than_seen = before > most + 0.001;
    Command::Settings(SettingsCommand::SetTextSize(
        if wanted < before && is_more_than_seen {
            wanted.min(most - STEP)
        } else {
            wanted
        },
    ))
}

/// Returns the size as a percentage: `150 %`.
pub(super) fn words(size: f32) -> String {
    format!("{:.0} %", size * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_as_large_as_the_window_has_room_for() {
        for (window, most) in [
            ((800.0, 600.0), 1.5),
            ((1280.0, 800.0), 2.2),
            ((1920.0, 1080.0), 3.0),
            ((3840.0, 2160.0), 3.0),
            ((300.0, 200.0), 1.0),
        ] {
            let found = largest_size_for(window.into());
            assert!((found - most).abs() < 0.001, "{window:?}: {found}");
        }
    }

    #[test]
    fn a_command_changes_what_is_seen_or_says_why_not() {
        let set = |most, before, wanted| match command_for(most, before, wanted) {
            Command::Settings(SettingsCommand::SetTextSize(size)) => {
                Some((size * STEPS).round() / STEPS)
            }
            _ => None,
        };
        for (most, before, wanted, found) in [
            (1.5, 1.4, 1.5, Some(1.5)),
            (1.5, 1.5, 1.6, None),
            (1.5, 3.0, 3.1, None),
            // As set in a larger window.
            (1.5, 3.0, 2.9, Some(1.4)),
            (1.5, 1.6, 1.5, Some(1.4)),
            (1.5, 3.0, 1.0, Some(1.0)),
            // No window would help.
            (3.0, 3.0, 3.1, Some(3.0)),
            (1.0, 0.8, 0.7, Some(0.8)),
        ] {
            assert_eq!(set(most, before, wanted), found, "{most} {before} {wanted}");
        }
    }
}
