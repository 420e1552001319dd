//! A status light: shape and colour, always with text beside it.

use egui::{Color32, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2};

use crate::ui::theme::{Tokens, Type};

/// The meaning of a light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Light {
    /// Good: a disc.
    Ok,
    /// Warning: a diamond.
    Warning,
    /// Error: a square.
    Error,
    /// Under way or new: a disc in accent.
    Active,
    /// Not known: a ring.
    Unknown,
}

impl Light {
    /// Returns its colour.
    pub(crate) fn colour(self, tokens: &Tokens) -> Color32 {
        match self {
            Self::Ok => tokens.ok,
            Self::Warning => tokens.warn,
            Self::Error => tokens.err,
            Self::Active => tokens.accent,
            Self::Unknown => tokens.idle,
        }
    }
}

/// Paints a light around a point.
pub(crate) fn paint_light(ui: &Ui, at: Pos2, light: Light) {
    let colour = light.colour(Tokens::of(ui));
    let shape = match light {
        Light::Ok | Light::Active => Shape::circle_filled(at, 4.0, colour),
        Light::Unknown => Shape::circle_stroke(at, 3.5, Stroke::new(1.0, colour)),
        Light::Error => {
            let square = Rect::from_center_size(at, Vec2::splat(8.0));
            Shape::rect_filled(square, 1.0, colour)
        }
        Light::Warning => {
            let points = [(0.0, -5.0), (5.0, 0.0), (0.0, 5.0), (-5.0, 0.0)]
                .map(|(x, y)| at + Vec2::new(x, y))
                .to_vec();
            Shape::convex_polygon(points, colour, Stroke::NONE)
        }
    };
    ui.painter().add(shape);
}

/// Draws a light with its text.
pub(crate) fn light_ui(ui: &mut Ui, light: Light, word: &str) {
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::new(8.0, 20.0), Sense::hover());
        paint_light(ui, rect.center(), light);
        ui.add(egui::Label::new(Type::Body.text(word, Tokens::of(ui).text)).wrap());
    });
}
