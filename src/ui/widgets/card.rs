//! Cards, rows of facts, and empty states.

use egui::{Align, Frame, Label, Layout, Margin, Stroke, Ui};

use super::{button::Button, text::announce};
use crate::ui::theme::{Icon, Tokens, Type, icon_text, size};

const NAME_WIDTH: f32 = 100.0;
const WIDE_NAME: f32 = 220.0;

/// Draws a card with a heading, and optional content on the right of it.
pub(crate) fn card_ui(
    ui: &mut Ui,
    icon: Icon,
    title: &str,
    right: impl FnOnce(&mut Ui),
    content: impl FnOnce(&mut Ui),
) {
    let tokens = Tokens::of(ui);
    Frame::new()
        .fill(tokens.surface)
        .stroke(Stroke::new(1.0, tokens.line))
        .corner_radius(size::RADIUS_LARGE)
        .inner_margin(Margin::same(16))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            // The heading belongs to the content below it, even if the page has wide spacing.
            ui.spacing_mut().item_spacing.y = 8.0;
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                ui.spacing_mut().interact_size.y = 20.0;
                ui.label(icon_text(icon, 16.0, tokens.muted));
                ui.label(Type::Heading.text(title, tokens.text));
                ui.with_layout(Layout::right_to_left(Align::Center), right);
            });
            content(ui);
        });
}

/// Draws a name and its value.
pub(crate) fn fact_ui(ui: &mut Ui, name: &str, value: &str) {
    let tokens = Tokens::of(ui);
    fact_with_ui(ui, name, |ui| {
        let (value, colour) = if value.is_empty() {
            ("–", tokens.faint)
        } else {
            (value, tokens.text)
        };
        ui.add(
            Label::new(Type::Body.text(value, colour))
                .wrap()
                .selectable(true),
        );
    });
}

/// Draws a name, and something else beside it.
pub(crate) fn fact_with_ui(ui: &mut Ui, name: &str, value: impl FnOnce(&mut Ui)) {
    labelled_value_ui(ui, name, NAME_WIDTH, value);
}

/// Draws the same, with space for long names.
pub(crate) fn wide_fact_with_ui(ui: &mut Ui, name: &str, value: impl FnOnce(&mut Ui)) {
    labelled_value_ui(ui, name, WIDE_NAME, value);
}

/// Draws a name in a space of this width, and a value beside it.
pub(crate) fn labelled_value_ui(
    ui: &mut Ui,
    name: &str,
    name_width: f32,
    value: impl FnOnce(&mut Ui),
) {
    let tokens = Tokens::of(ui);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.spacing_mut().interact_size.y = 20.0;
        ui.horizontal_top(|ui| {
            let size = egui::vec2(name_width, 20.0);
            ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Min), |ui| {
                ui.set_min_width(name_width);
                ui.add(Label::new(Type::Body.text(name, tokens.muted)).wrap());
            });
            value(ui);
        });
    });
}

/// Draws in the middle of a page why it is empty, and offers a remedy. Returns `true` if that was pressed.
pub(crate) fn empty_state_ui(
    ui: &mut Ui,
    icon: Icon,
    title: &str,
    cause: &str,
    button: Option<&str>,
) -> bool {
    let tokens = Tokens::of(ui);
    let mut is_pressed = false;
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() / 3.0).clamp(24.0, 200.0));
        ui.label(icon_text(icon, 20.0, tokens.muted));
        let label = ui.label(Type::Heading.text(title, tokens.text));
        announce(&label, false);
        if !cause.is_empty() {
            ui.scope(|ui| {
                ui.set_max_width(440.0);
                ui.add(Label::new(Type::Body.text(cause, tokens.muted)).wrap());
            });
        }
        if let Some(text) = button {
            ui.add_space(4.0);
            is_pressed = ui.add(Button::plain(text)).clicked();
        }
    });
    is_pressed
}
