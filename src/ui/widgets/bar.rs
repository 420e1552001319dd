//! Bars across the page: section headings, messages, progress.

use egui::{
    Align, Color32, CornerRadius, Frame, Layout, Margin, Pos2, Rect, Response, Role, Sense, Stroke,
    Ui, Vec2, WidgetInfo,
};

use super::{button::Button, marks::paint_icon, text::announce};
use crate::ui::theme::{Icon, Tokens, Type, size};

/// What a button says while it does its work: it does not become wider then.
const BUSY: &str = "Retrying…";

/// Draws a sentence above the page with one button. Returns `true` if it was pressed.
pub(crate) fn banner_ui(ui: &mut Ui, sentence: &str, button: &str) -> bool {
    banner_with_buttons_ui(ui, sentence, &[button]) == Some(0)
}

/// Draws the same with several buttons, the most helpful first. Returns the index of the one that was pressed.
pub(crate) fn banner_with_buttons_ui(
    ui: &mut Ui,
    sentence: &str,
    buttons: &[&str],
) -> Option<usize> {
    let tokens = Tokens::of(ui);
    let mut pressed = None;
    Frame::new()
        .fill(tokens.warn_soft)
        .stroke(Stroke::new(1.0, tokens.warn_line))
        .corner_radius(size::RADIUS)
        .inner_margin(Margin::symmetric(12, 8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                let (rect, _) = ui.allocate_exact_size(Vec2::splat(20.0), Sense::hover());
                paint_icon(ui, rect.center(), Icon::WARNING, 16.0, tokens.warn);
                let room = 140.0 * buttons.len() as f32 + 20.0;
                let width = (ui.available_width() - room).max(120.0);
                ui.allocate_ui(Vec2::new(width, 20.0), |ui| {
                    let text = Type::Body.text(sentence, tokens.text);
                    let label = ui.add(egui::Label::new(text).wrap());
                    announce(&label, true);
                });
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    for (place, button) in buttons.iter().enumerate() {
                        if ui.add(Button::plain(button).at_least(BUSY)).clicked() {
                            pressed = Some(place);
                        }
                    }
                });
            });
        });
    pressed
}

/// Draws the heading of a section with the number of its items.
pub(crate) fn section_ui(ui: &mut Ui, title: &str, count: usize, right: impl FnOnce(&mut Ui)) {
    let tokens = Tokens::of(ui);
    Frame::new()
        .fill(tokens.panel)
        .inner_margin(Margin::symmetric(size::PAGE_MARGIN, 0))
        .show(ui, |ui| {
            ui.set_height(size::SECTION);
            ui.horizontal_centered(|ui| {
                ui.label(Type::Heading.text(title, tokens.text));
                badge_ui(ui, &count.to_string(), false);
                ui.with_layout(Layout::right_to_left(Align::Center), right);
            });
        });
    hairline_ui(ui);
}

/// Shows a number as a small badge.
pub(crate) fn badge_ui(ui: &mut Ui, text: &str, is_live: bool) -> Response {
    let tokens = Tokens::of(ui);
    let (ground, colour) = if is_live {
        (tokens.accent, tokens.on_accent)
    } else {
        (tokens.track, tokens.text)
    };
    let galley = ui
        .painter()
        .layout_no_wrap(text.to_owned(), Type::Caption.font(), colour);
    let wide = (galley.size().x + 12.0).max(18.0);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(wide, 18.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    ui.painter()
        .rect_filled(rect, CornerRadius::same(9), ground);
    ui.painter()
        .galley(rect.center() - galley.size() / 2.0, galley, colour);
    response
}

/// Draws a line between two groups of a menu.
pub(crate) fn menu_line_ui(ui: &mut Ui) {
    ui.add_space(4.0);
    hairline_ui(ui);
    ui.add_space(4.0);
}

/// Draws a line of one pixel across.
pub(crate) fn hairline_ui(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 1.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, Tokens::of(ui).line);
}

/// Draws a thin bar that fills from 0 to 1. Without a fraction it shows a short piece in the middle: nothing on
/// screen moves without progress.
pub(crate) fn progress_ui(ui: &mut Ui, fraction: Option<f32>, name: &str) {
    bar_ui(ui, fraction, name, Tokens::of(ui).accent);
}

/// Draws the bar of something that has stopped on the way.
pub(crate) fn stopped_progress_ui(ui: &mut Ui, fraction: f32, name: &str) {
    bar_ui(ui, Some(fraction), name, Tokens::of(ui).muted);
}

fn bar_ui(ui: &mut Ui, fraction: Option<f32>, name: &str, colour: Color32) {
    let tokens = Tokens::of(ui);
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(ui.available_width(), 4.0), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, name);
        info.value = fraction.map(f64::from);
        info
    });
    let radius = CornerRadius::same(2);
    ui.painter().rect_filled(rect, radius, tokens.track);
    let (left, right) = match fraction {
        Some(part) => (0.0, part.clamp(0.0, 1.0)),
        None => (0.4, 0.6),
    };
    let piece = Rect::from_min_max(
        Pos2::new(rect.left() + rect.width() * left, rect.top()),
        Pos2::new(rect.left() + rect.width() * right, rect.bottom()),
    );
    ui.painter().rect_filled(piece, radius, colour);
}
