//! Which modifier keys were held when something was pressed.
//!
//! egui tells the modifiers as they are at the *end* of a frame. On a slow machine a whole "Shift down, click,
//! Shift up" falls into one frame, and by its end nothing is held any more. Each event carries the modifiers of
//! its own moment, so those are read.

use egui::{Event, InputState, Key, Modifiers, Response, Ui};

/// Returns the modifiers that were held at the click that this frame reports.
///
/// Without a mouse (a screen reader's click, Space on a button) these are the ones held now.
pub(crate) fn click_modifiers(input: &InputState) -> Modifiers {
    let released = input.events.iter().rev().find_map(|event| match event {
        Event::PointerButton {
            pressed: false,
            modifiers,
            ..
        } => Some(*modifiers),
        _ => None,
    });
    released.unwrap_or(input.modifiers)
}

/// Returns the modifiers that were held when this key went down, or `None` if it did not in this frame.
pub(crate) fn key_modifiers(input: &InputState, wanted: Key) -> Option<Modifiers> {
    input.events.iter().find_map(|event| match event {
        Event::Key {
            key,
            pressed: true,
            modifiers,
            ..
        } if *key == wanted => Some(*modifiers),
        _ => None,
    })
}

/// Whether Enter was pressed in a text field: that does what the button beside it does.
pub(crate) fn entered(ui: &Ui, field: &Response) -> bool {
    field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}
