//! Icons, stars and the ring around what has the focus, painted where they are wanted.

use egui::{CornerRadius, Mesh, Pos2, Response, Stroke, Ui, Vec2};

use crate::ui::theme::{Icon, Tokens, icon_font};

/// Draws a ring of two points around the widget that has the keyboard focus.
pub(super) fn paint_focus_ring(ui: &Ui, response: &Response, radius: CornerRadius) {
    if response.has_focus() {
        let stroke = Stroke::new(2.0, Tokens::of(ui).accent);
        let rect = response.rect.expand(2.0);
        ui.painter()
            .rect_stroke(rect, radius, stroke, egui::StrokeKind::Outside);
    }
}

/// Paints an icon around a point.
pub(crate) fn paint_icon(ui: &Ui, at: Pos2, icon: Icon, size: f32, colour: egui::Color32) {
    ui.painter().text(
        at,
        egui::Align2::CENTER_CENTER,
        icon.glyph(),
        icon_font(size),
        colour,
    );
}

/// Paints a star that is set: the icon, filled.
pub(crate) fn paint_set_star(ui: &Ui, at: Pos2, size: f32, colour: egui::Color32) {
    // Radii of tips and notches of the icon, without its line.
    let (tip, notch) = (size * 0.42, size * 0.2);
    let corner = |place: u32| {
        let turn = std::f32::consts::PI / 5.0;
        let radius = if place.is_multiple_of(2) { tip } else { notch };
        at + radius * Vec2::angled(turn * place as f32 - std::f32::consts::FRAC_PI_2)
    };
    let mut star = Mesh::default();
    star.colored_vertex(at, colour);
    for place in 0..10 {
        star.colored_vertex(corner(place), colour);
        star.add_triangle(0, place + 1, (place + 1) % 10 + 1);
    }
    ui.painter().add(star);
    paint_icon(ui, at, Icon::STAR, size, colour);
}
