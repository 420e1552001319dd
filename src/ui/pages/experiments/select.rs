//! How a click selects, depending on the modifier keys.

use egui::Modifiers;

use crate::state::SelectionMode;

pub(super) fn selection_mode(modifiers: Modifiers) -> SelectionMode {
    if modifiers.shift {
        SelectionMode::Range
    } else if modifiers.command {
        SelectionMode::Toggle
    } else {
        SelectionMode::Only
    }
}
