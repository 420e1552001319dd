//! A molecule, painted from its layout in the colours of the theme.

use egui::{Align2, FontId, Painter, Pos2, Rect, Shape, Stroke, Ui};

use crate::{
    chemistry::{Align, Canvas, Drawing, Ink, Point, TextBox},
    ui::theme::{Tokens, Type},
};

/// Maximum length of a bond, in points: a small molecule is not enlarged beyond it.
const MAX_BOND: f32 = 26.0;
/// The same where there is little space. With one length for all but the largest, molecules can be compared.
const MAX_BOND_IN_CELL: f32 = 17.0;
/// Height of this many bonds makes a space large.
const LARGE: f32 = 4.0;

/// Paints a molecule in the middle of a rectangle. `marked` are the atoms of a matched substructure.
pub(crate) fn paint_molecule(ui: &Ui, rect: Rect, drawing: &Drawing, marked: &[usize]) {
    let [wide, high] = drawing.size();
    let most = (rect.height() / LARGE).clamp(MAX_BOND_IN_CELL, MAX_BOND);
    let bond = (rect.width() / wide).min(rect.height() / high).min(most);
    let mut canvas = PainterCanvas {
        painter: ui.painter(),
        tokens: *Tokens::of(ui),
    };
    let centre = rect.center();
    drawing
        .placed([centre.x, centre.y], bond)
        .draw_on(&mut canvas, marked);
}

struct PainterCanvas<'a> {
    painter: &'a Painter,
    tokens: Tokens,
}

impl Canvas for PainterCanvas<'_> {
    fn line(&mut self, points: &[Point], width: f32) {
        let stroke = Stroke::new(width, self.tokens.text);
        if let [from, to] = points {
            self.painter
                .line_segment([*from, *to].map(Pos2::from), stroke);
        } else {
            let points = points.iter().copied().map(Pos2::from);
            self.painter.add(Shape::line(points.collect(), stroke));
        }
    }

    fn dashes(&mut self, ends: [Point; 2], width: f32) {
        let stroke = Stroke::new(width, self.tokens.text);
        self.painter
            .extend(Shape::dashed_line(&ends.map(Pos2::from), stroke, 3.0, 2.0));
    }

    fn triangle(&mut self, corners: [Point; 3]) {
        let corners = corners.map(Pos2::from).to_vec();
        self.painter.add(Shape::convex_polygon(
            corners,
            self.tokens.text,
            Stroke::NONE,
        ));
    }

    fn mark(&mut self, ends: [Point; 2], width: f32) {
        let (ends, colour) = (ends.map(Pos2::from), self.tokens.found);
        if ends[0] == ends[1] {
            self.painter.circle_filled(ends[0], width / 2.0, colour);
        } else {
            self.painter.line_segment(ends, Stroke::new(width, colour));
        }
    }

    fn text(&mut self, at: Point, align: Align, text: &str, size: f32, ink: Ink) -> TextBox {
        let align = match align {
            Align::Left => Align2::LEFT_CENTER,
            Align::Centre => Align2::CENTER_CENTER,
            Align::Right => Align2::RIGHT_CENTER,
        };
        let font = FontId {
            size,
            ..Type::Body.font()
        };
        let colour = match ink {
            Ink::Plain => self.tokens.text,
            Ink::Oxygen => self.tokens.err,
            Ink::Nitrogen => self.tokens.accent_text,
            Ink::Sulfur => self.tokens.warn,
            Ink::Halogen => self.tokens.ok,
        };
        let filled = self.painter.text(at.into(), align, text, font, colour);
        TextBox {
            low: filled.min.into(),
            high: filled.max.into(),
        }
    }
}
