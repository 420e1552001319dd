//! Cards, lines of facts, and what stands where there is nothing.

use egui::{Align, Frame, Label, Layout, Margin, Stroke, Ui};

use super::{button::Button, text::announce};
use crate::ui::theme::{Icon, Tokens, Type, icon_text, size};

const NAME_WIDTH: f32 = 100.0;
const WIDE_NAME: f32 = 220.0;

/// A card with a heading, and room for something at the right end of it.
pub(crate) fn card(
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
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                ui.label(icon_text(icon, 16.0, tokens.muted));
                ui.label(Type::Heading.text(title, tokens.text));
                ui.with_layout(Layout::right_to_left(Align::Center), right);
            });
            content(ui);
        });
}

/// A name and what it is.
pub(crate) fn fact(ui: &mut Ui, name: &str, value: &str) {
    let tokens = Tokens::of(ui);
    fact_with(ui, name, |ui| {
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

/// A name, and something that is shown beside it.
pub(crate) fn fact_with(ui: &mut Ui, name: &str, value: impl FnOnce(&mut Ui)) {
    pair(ui, name, NAME_WIDTH, value);
}

/// The same where names are long.
pub(crate) fn wide_fact_with(ui: &mut Ui, name: &str, value: impl FnOnce(&mut Ui)) {
    pair(ui, name, WIDE_NAME, value);
}

fn pair(ui: &mut Ui, name: &str, name_width: f32, value: impl FnOnce(&mut Ui)) {
    let tokens = Tokens::of(ui);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.spacing_mut().interact_size.y = 20.0;
        ui.horizontal_top(|ui| {
            let size = egui::vec2(name_width, 20.0);
            ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Min), |ui| {
                ui.set_min_width(name_width);
                ui.label(Type::Body.text(name, tokens.muted));
            });
            value(ui);
        });
    });
}

/// Says in the middle of a page why nothing is there, and offers what helps. True when pressed.
pub(crate) fn empty_state(
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
