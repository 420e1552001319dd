//! How a click selects, by the keys that are held.

use egui::Modifiers;

use crate::state::SelectHow;

pub(super) fn how(modifiers: Modifiers) -> SelectHow {
    if modifiers.shift {
        SelectHow::Range
    } else if modifiers.command {
        SelectHow::Toggle
    } else {
        SelectHow::Only
    }
}
