//! The list of keyboard shortcuts (F1).

use egui::{Align2, Margin, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};

use super::{
    actions::actions,
    theme::{Icon, Tokens, Type, size},
    widgets::{Button, hairline_ui},
};
use crate::state::State;

/// Shortcuts that work in one place only: place, keys, effect.
const SHORTCUTS: [(&str, &[(&str, &str)]); 3] = [
    (
        "In the table",
        &[
            (
                "Arrow keys, Page Up, Page Down, Home, End",
                "Move to another cell",
            ),
            ("Space", "Select or deselect the row"),
            ("Shift+Up, Shift+Down", "Select a range of rows"),
            ("Ctrl+A", "Select all shown rows"),
            (
                "Ctrl+Z, Ctrl+Shift+Z",
                "Undo, redo: filters, sort, columns, selection",
            ),
            ("Ctrl+C", "Copy the selected rows, or the cell"),
            ("Enter", "Show the details of the row"),
            ("S", "Star the row, or remove the star"),
        ],
    ),
    (
        "While searching",
        &[
            ("Enter, Shift+Enter", "Next / previous match"),
            ("Escape", "Clear the search"),
        ],
    ),
    (
        "Everywhere",
        &[
            ("Tab, Shift+Tab", "Next / previous control"),
            ("Space, Enter", "Press the control"),
            ("Escape", "Close the dialog or menu on top"),
        ],
    ),
];

/// Height of a keycap, in points.
const KEY: f32 = 22.0;
/// Width of the list, in points.
const WIDTH: f32 = 520.0;
/// Tall enough for all of it.
const TALL: f32 = 760.0;

/// Draws the list. Returns `false` if it is to be closed.
pub(super) fn shortcuts_ui(ui: &Ui, state: &State) -> bool {
    let tokens = Tokens::of(ui);
    let mut stays = true;
    let room = ui.ctx().content_rect().size() - Vec2::splat(48.0);
    let place = (Align2::CENTER_CENTER, Vec2::ZERO);
    let leaves = super::modal_ui(ui, "keys", place, Margin::symmetric(24, 16), |ui| {
        ui.set_width(WIDTH.min(room.x));
        ui.horizontal(|ui| {
            ui.label(Type::Title.text("Keyboard shortcuts", tokens.text));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if ui
                    .add(Button::quiet_icon(
                        Icon::CROSS,
                        "Close the keyboard shortcuts",
                    ))
                    .clicked()
                {
                    stays = false;
                }
            });
        });
        hairline_ui(ui);
        let height = (room.y - 90.0).clamp(120.0, TALL);
        ScrollArea::vertical()
            .max_height(height)
            .min_scrolled_height(height)
            .auto_shrink([false, true])
            .show(ui, |ui| list_ui(ui, state));
    });
    stays && !leaves
}

/// Returns the keys of a chord such as `Ctrl+Shift+Z`; the last one may be the plus itself.
fn keys_of(chord: &str) -> Vec<&str> {
    let (others, plus) = match chord.trim().strip_suffix('+') {
        Some(others) => (others, Some("+")),
        None => (chord, None),
    };
    let keys = others.split('+').map(str::trim);
    keys.filter(|key| !key.is_empty()).chain(plus).collect()
}

/// Draws shortcuts as keycaps, with “or” between several of them.
fn keys_ui(ui: &mut Ui, keys: &str) {
    let tokens = Tokens::of(ui);
    ui.spacing_mut().item_spacing = Vec2::splat(4.0);
    for (number, chord) in keys.split(", ").enumerate() {
        if number > 0 {
            ui.label(Type::Small.text("or", tokens.muted));
        }
        for key in keys_of(chord) {
            key_ui(ui, key);
        }
    }
}

/// Draws one keycap.
fn key_ui(ui: &mut Ui, key: &str) {
    let tokens = Tokens::of(ui);
    let font = Type::SmallHeading.font();
    let painter = ui.painter();
    let galley = painter.layout_no_wrap(key.to_owned(), font, tokens.text);
    let cap = Vec2::new(galley.size().x + 14.0, KEY);
    let (rect, response) = ui.allocate_exact_size(cap, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, key));
    let edge = Stroke::new(1.0, tokens.control);
    let painter = ui.painter();
    painter.rect(rect, size::RADIUS, tokens.surface, edge, StrokeKind::Inside);
    painter.galley(rect.center() - galley.size() * 0.5, galley, tokens.text);
}

fn list_ui(ui: &mut Ui, state: &State) {
    let tokens = Tokens::of(ui);
    // Both halves wrap: long texts are never cut, whatever the size of text and window.
    let line = |ui: &mut Ui, keys: &str, what: &str| {
        // The scroll bar takes up the last points of the width.
        ui.set_max_width(ui.available_width().min(WIDTH - 16.0));
        ui.columns_const(|[left, right]| {
            for half in [&mut *left, &mut *right] {
                half.spacing_mut().interact_size.y = KEY;
            }
            left.horizontal_wrapped(|ui| ui.label(Type::Body.text(what, tokens.text)));
            right.horizontal_wrapped(|ui| keys_ui(ui, keys));
        });
    };
    let heading = |ui: &mut Ui, text: &str| {
        ui.add_space(10.0);
        ui.label(Type::Heading.text(text, tokens.muted));
    };
    heading(ui, "Commands");
    for action in actions(state) {
        if let Some(keys) = action.keys {
            line(ui, &ui.ctx().format_shortcut(&keys), &action.name);
        }
    }
    for (place, keys) in SHORTCUTS {
        heading(ui, place);
        for (keys, what) in keys {
            line(ui, keys, what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_a_chord_is_found_also_the_plus() {
        assert_eq!(keys_of("Ctrl+Shift+Z"), ["Ctrl", "Shift", "Z"]);
        assert_eq!(keys_of("Ctrl + +"), ["Ctrl", "+"]);
        assert_eq!(keys_of("Page Up"), ["Page Up"]);
    }
}
