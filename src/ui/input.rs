//! Modifier keys at the time of a click or key press.
//!
//! egui reports the modifiers as they are at the *end* of a frame. On a slow machine a whole "Shift down, click,
//! Shift up" falls into one frame, and by its end no key is held any more. Each event carries the modifiers of its
//! own moment, so those are used.

use egui::{
    Event, InputState, Key, Modifiers, Response, Ui,
    text::{CCursor, CCursorRange},
    text_edit::TextEditState,
};

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

/// Returns `true` if Enter was pressed in a text field, which does the same as the button beside it.
pub(crate) fn entered(ui: &Ui, field: &Response) -> bool {
    field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

/// Selects the whole text of a field.
pub(crate) fn select_all(ui: &Ui, field: &Response, text: &str) {
    let mut edit = TextEditState::load(ui.ctx(), field.id).unwrap_or_default();
    let ends = [0, text.chars().count()].map(CCursor::new);
    edit.cursor
        .set_char_range(Some(CCursorRange::two(ends[0], ends[1])));
    edit.store(ui.ctx(), field.id);
}
