//! Placeholders for what is being loaded: its shape, in grey. They do not move.

use egui::{CornerRadius, Rect, Role, Sense, Ui, Vec2, WidgetInfo};

use crate::ui::theme::{Tokens, size};

/// Where the bars of a row begin and how long they are, as fractions of the width.
const BARS: [(f32, f32); 6] = [
    (0.01, 0.13),
    (0.17, 0.08),
    (0.28, 0.05),
    (0.36, 0.05),
    (0.44, 0.18),
    (0.66, 0.12),
];
const BAR: f32 = 8.0;

/// Draws placeholder rows of a table, down to the end of the space. `name` is for screen readers.
pub(crate) fn skeleton_table_ui(ui: &mut Ui, name: &str) {
    let room = ui.available_size();
    let (rect, response) = ui.allocate_exact_size(room, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, name));
    let mut top = rect.top();
    let mut number = 0_u8;
    while top + size::ROW <= rect.bottom() {
        // Of different lengths, like words, and always the same.
        let part = 1.0 - f32::from(number % 4) * 0.12;
        for (left, length) in BARS {
            let at = egui::pos2(
                rect.left() + rect.width() * left,
                top + (size::ROW - BAR) / 2.0,
            );
            paint_bar(ui, at, rect.width() * length * part);
        }
        top += size::ROW;
        number = number.wrapping_add(1);
    }
}

/// Draws placeholders for a few lines of text.
pub(crate) fn skeleton_lines_ui(ui: &mut Ui, lines: u8, name: &str) {
    let line = 22.0;
    let height = line * f32::from(lines);
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, name));
    for number in 0..lines {
        let y = rect.top() + line * f32::from(number) + (line - BAR) / 2.0;
        paint_bar(ui, egui::pos2(rect.left(), y), (width * 0.2).min(90.0));
        let length = (width * 0.35).min(220.0) * (1.0 - f32::from(number % 3) * 0.2);
        paint_bar(ui, egui::pos2(rect.left() + 100.0, y), length);
    }
}

fn paint_bar(ui: &Ui, at: egui::Pos2, length: f32) {
    let place = Rect::from_min_size(at, Vec2::new(length, BAR));
    let radius = CornerRadius::same(size::RADIUS_SMALL);
    ui.painter()
        .rect_filled(place, radius, Tokens::of(ui).track);
}
