//! A molecule, painted from its layout in the colours of the theme.

use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, Ui, Vec2};

use crate::{
    chemistry::{Drawing, DrawnBond, Label, Lines, Side, Stereo},
    ui::theme::{Tokens, Type},
};

/// Longest bond, in points: a small molecule is not enlarged beyond it.
const LONGEST: f32 = 26.0;
/// Room around the molecule, in bonds.
const MARGIN: f32 = 0.2;
/// Distance between the lines of a double bond, in bonds.
const APART: f32 = 0.16;

/// Positions in points, for one molecule in one rectangle.
struct Frame<'a> {
    painter: &'a Painter,
    tokens: Tokens,
    origin: Pos2,
    /// Points in a bond.
    bond: f32,
    drawing: &'a Drawing,
}

/// Paints a molecule in the middle of a rectangle. `marked` are the atoms of a matched substructure.
pub(crate) fn paint_molecule(ui: &Ui, rect: Rect, drawing: &Drawing, marked: &[usize]) {
    let (low, high) = drawing.extent();
    let size = Vec2::new(
        high[0] - low[0] + 2.0 * MARGIN,
        high[1] - low[1] + 2.0 * MARGIN,
    );
    let bond = (rect.width() / size.x)
        .min(rect.height() / size.y)
        .min(LONGEST);
    let middle = Vec2::new(
        f32::midpoint(low[0], high[0]),
        -f32::midpoint(low[1], high[1]),
    );
    let frame = Frame {
        painter: ui.painter(),
        tokens: *Tokens::of(ui),
        origin: rect.center() - middle * bond,
        bond,
        drawing,
    };
    frame.mark(marked);
    for bond in &drawing.bonds {
        frame.bond(*bond);
    }
    for (place, atom) in drawing.atoms.iter().enumerate() {
        if let Some(label) = &atom.label {
            frame.label(frame.at(place), label);
        }
    }
}

impl Frame<'_> {
    fn at(&self, atom: usize) -> Pos2 {
        let at = self
            .drawing
            .atoms
            .get(atom)
            .map_or([0.0; 2], |atom| atom.at);
        self.origin + Vec2::new(at[0], -at[1]) * self.bond
    }

    /// Paints a broad line behind the matched substructure.
    fn mark(&self, atoms: &[usize]) {
        let colour = self.tokens.found;
        let width = self.bond * 0.5;
        for bond in &self.drawing.bonds {
            if atoms.contains(&bond.from) && atoms.contains(&bond.to) {
                let ends = [self.at(bond.from), self.at(bond.to)];
                self.painter.line_segment(ends, Stroke::new(width, colour));
            }
        }
        for atom in atoms {
            self.painter
                .circle_filled(self.at(*atom), width / 2.0, colour);
        }
    }

    fn stroke(&self) -> Stroke {
        Stroke::new((self.bond * 0.07).clamp(0.8, 1.6), self.tokens.text)
    }

    fn font(&self) -> FontId {
        FontId {
            size: (self.bond * 0.55).clamp(6.0, 13.0),
            ..Type::Body.font()
        }
    }

    /// Returns the distance between a bond and an atom with a label, in points.
    fn gap(&self, atom: usize) -> f32 {
        let has_label = self
            .drawing
            .atoms
            .get(atom)
            .is_some_and(|atom| atom.label.is_some());
        if has_label {
            self.font().size * 0.62
        } else {
            0.0
        }
    }

    fn bond(&self, bond: DrawnBond) {
        let (from, to) = (self.at(bond.from), self.at(bond.to));
        let along = (to - from).normalized();
        let from = from + along * self.gap(bond.from);
        let to = to - along * self.gap(bond.to);
        let across = Vec2::new(along.y, -along.x) * (APART * self.bond);
        let line = |from: Pos2, to: Pos2| {
            self.painter.line_segment([from, to], self.stroke());
        };
        match (bond.lines, bond.stereo) {
            (Lines::One, Stereo::Flat) => line(from, to),
            (Lines::One, stereo) => self.depth(from, to, stereo),
            (Lines::Two(0), _) => {
                line(from + across * 0.5, to + across * 0.5);
                line(from - across * 0.5, to - across * 0.5);
            }
            (Lines::Two(side), _) => {
                line(from, to);
                // Shorter, inside its ring.
                let inset = along * (0.12 * self.bond);
                let beside = across * f32::from(side);
                line(from + beside + inset, to + beside - inset);
            }
            (Lines::Three, _) => {
                line(from, to);
                line(from + across, to + across);
                line(from - across, to - across);
            }
            (Lines::Dative, _) => {
                let shapes = Shape::dashed_line(&[from, to], self.stroke(), 3.0, 2.0);
                self.painter.extend(shapes);
            }
        }
    }

    /// Paints a wedge, a hashed wedge, or a wavy line where the stereochemistry is unknown.
    fn depth(&self, from: Pos2, to: Pos2, stereo: Stereo) {
        let along = to - from;
        let across = Vec2::new(along.y, -along.x).normalized() * (0.11 * self.bond);
        let colour = self.tokens.text;
        match stereo {
            Stereo::Wedge => {
                let points = vec![from, to + across, to - across];
                self.painter
                    .add(Shape::convex_polygon(points, colour, Stroke::NONE));
            }
            Stereo::Hash => {
                const STEPS: u8 = 6;
                for step in 1..=STEPS {
                    let part = f32::from(step) / f32::from(STEPS);
                    let (at, wide) = (from + along * part, across * part);
                    self.painter
                        .line_segment([at - wide, at + wide], self.stroke());
                }
            }
            Stereo::Either | Stereo::Flat => {
                const STEPS: u8 = 24;
                let wave = (0..=STEPS).map(|step| {
                    let part = f32::from(step) / f32::from(STEPS);
                    from + along * part + across * (part * 8.0 * std::f32::consts::PI).sin() * 0.7
                });
                self.painter.add(Shape::line(wave.collect(), self.stroke()));
            }
        }
    }

    fn colour(&self, symbol: &str) -> Color32 {
        match symbol {
            "O" => self.tokens.err,
            "N" => self.tokens.accent_text,
            "S" | "P" => self.tokens.warn,
            "F" | "Cl" | "Br" | "I" => self.tokens.ok,
            _ => self.tokens.text,
        }
    }

    /// Paints the element in the middle, its hydrogens beside it, its charge and isotope above.
    fn label(&self, at: Pos2, label: &Label) {
        let (font, colour) = (self.font(), self.colour(&label.symbol));
        let small = FontId {
            size: font.size * 0.72,
            ..font.clone()
        };
        let write = |at: Pos2, align: Align2, text: &str, font: &FontId| {
            self.painter.text(at, align, text, font.clone(), colour)
        };
        let symbol = write(at, Align2::CENTER_CENTER, &label.symbol, &font);
        if let Some(isotope) = label.isotope {
            let corner = symbol.left_top() + Vec2::new(0.0, font.size * 0.15);
            write(corner, Align2::RIGHT_CENTER, &isotope.to_string(), &small);
        }
        let mut right = symbol.right();
        if label.hydrogens > 0 {
            let count = (label.hydrogens > 1).then(|| label.hydrogens.to_string());
            let low = Vec2::new(0.0, font.size * 0.3);
            let line = Vec2::new(0.0, font.size * 0.95);
            let hydrogen = match label.side {
                Side::Right => write(Pos2::new(right, at.y), Align2::LEFT_CENTER, "H", &font),
                Side::Left => {
                    let room = if count.is_some() {
                        small.size * 0.6
                    } else {
                        0.0
                    };
                    let before = Pos2::new(symbol.left() - room, at.y);
                    write(before, Align2::RIGHT_CENTER, "H", &font)
                }
                Side::Above => write(at - line, Align2::CENTER_CENTER, "H", &font),
                Side::Below => write(at + line, Align2::CENTER_CENTER, "H", &font),
            };
            let mut end = hydrogen.right();
            if let Some(count) = &count {
                let at = Pos2::new(end, hydrogen.center().y) + low;
                end = write(at, Align2::LEFT_CENTER, count, &small).right();
            }
            if label.side == Side::Right {
                right = end;
            }
        }
        if label.charge != 0 {
            let sign = if label.charge > 0 { "+" } else { "−" };
            let text = match label.charge.unsigned_abs() {
                1 => sign.to_owned(),
                more => format!("{more}{sign}"),
            };
            let corner = Pos2::new(right, symbol.top() + font.size * 0.2);
            write(corner, Align2::LEFT_CENTER, &text, &small);
        }
    }
}
