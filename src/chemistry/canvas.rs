//! Draws a molecule from its layout as lines, shapes and letters, on any kind of canvas.

use super::{Drawing, DrawnBond, Label, Lines, Side, Stereo};

/// Space around the molecule, in bonds.
const MARGIN: f32 = 0.2;
/// Distance between the lines of a double bond, in bonds.
const DOUBLE_BOND_GAP: f32 = 0.16;
/// Size of a hydrogen count, a charge and an isotope, compared with the symbol.
const SMALL: f32 = 0.72;

/// A position or a vector in the units of the canvas: x to the right, y down.
pub type Point = [f32; 2];

/// What a letter stands for, which decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Carbon, bonds, and every element without a colour of its own.
    Plain,
    /// Oxygen.
    Oxygen,
    /// Nitrogen.
    Nitrogen,
    /// Sulfur and phosphorus.
    Sulfur,
    /// Fluorine, chlorine, bromine, iodine.
    Halogen,
}

impl Ink {
    fn of(symbol: &str) -> Self {
        match symbol {
            "O" => Self::Oxygen,
            "N" => Self::Nitrogen,
            "S" | "P" => Self::Sulfur,
            "F" | "Cl" | "Br" | "I" => Self::Halogen,
            _ => Self::Plain,
        }
    }
}

/// The part of a text that is at its position; vertically it is always the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Its beginning.
    Left,
    /// Its middle.
    Centre,
    /// Its end.
    Right,
}

/// The box that a text fills.
#[derive(Clone, Copy, Debug)]
pub struct TextBox {
    /// Its upper left corner.
    pub low: Point,
    /// Its lower right corner.
    pub high: Point,
}

/// What a molecule can be drawn on.
pub trait Canvas {
    /// Draws a line through points, in the plain colour.
    fn line(&mut self, points: &[Point], width: f32);
    /// Draws a dashed line.
    fn dashes(&mut self, ends: [Point; 2], width: f32);
    /// Fills a triangle, in the plain colour.
    fn triangle(&mut self, corners: [Point; 3]);
    /// Draws a wide line with round ends behind the part that matched a search.
    fn mark(&mut self, ends: [Point; 2], width: f32);
    /// Writes a text, and returns the box it fills.
    fn text(&mut self, at: Point, align: Align, text: &str, size: f32, ink: Ink) -> TextBox;
}

/// A drawing positioned on a canvas.
#[derive(Debug)]
pub struct Placed<'a> {
    drawing: &'a Drawing,
    origin: Point,
    /// Length of a bond, in the units of the canvas.
    bond: f32,
}

impl Drawing {
    /// Returns width and height of the drawing with its margins, in bonds.
    pub fn size(&self) -> [f32; 2] {
        let (low, high) = self.extent();
        [0, 1].map(|axis| high[axis] - low[axis] + 2.0 * MARGIN)
    }

    /// Places the drawing around a point, with bonds of this length.
    pub fn placed(&self, centre: Point, bond: f32) -> Placed<'_> {
        let (low, high) = self.extent();
        let middle = [0, 1].map(|axis| f32::midpoint(low[axis], high[axis]));
        Placed {
            drawing: self,
            origin: [centre[0] - middle[0] * bond, centre[1] + middle[1] * bond],
            bond,
        }
    }
}

impl Placed<'_> {
    /// Draws the molecule. `marked` are the atoms of a matched substructure.
    pub fn draw_on(&self, canvas: &mut impl Canvas, marked: &[usize]) {
        self.draw_marks(canvas, marked);
        for bond in &self.drawing.bonds {
            self.draw_bond(canvas, *bond);
        }
        for (place, atom) in self.drawing.atoms.iter().enumerate() {
            if let Some(label) = &atom.label {
                self.draw_label(canvas, self.at(place), label);
            }
        }
    }

    fn at(&self, atom: usize) -> Point {
        let at = self
            .drawing
            .atoms
            .get(atom)
            .map_or([0.0; 2], |atom| atom.at);
        [
            self.origin[0] + at[0] * self.bond,
            self.origin[1] - at[1] * self.bond,
        ]
    }

    fn line_width(&self) -> f32 {
        (self.bond * 0.07).clamp(0.8, 1.6)
    }

    fn font_size(&self) -> f32 {
        (self.bond * 0.55).clamp(6.0, 13.0)
    }

    /// Returns the distance between a bond and an atom with a label.
    fn gap(&self, atom: usize) -> f32 {
        let atom = self.drawing.atoms.get(atom);
        let has_label = atom.is_some_and(|atom| atom.label.is_some());
        if has_label {
            self.font_size() * 0.62
        } else {
            0.0
        }
    }

    fn draw_marks(&self, canvas: &mut impl Canvas, atoms: &[usize]) {
        let width = self.bond * 0.5;
        for bond in &self.drawing.bonds {
            if atoms.contains(&bond.from) && atoms.contains(&bond.to) {
                canvas.mark([self.at(bond.from), self.at(bond.to)], width);
            }
        }
        for atom in atoms {
            let at = self.at(*atom);
            canvas.mark([at, at], width);
        }
    }

    fn draw_bond(&self, canvas: &mut impl Canvas, bond: DrawnBond) {
        let (from, to) = (self.at(bond.from), self.at(bond.to));
        let along = unit([from, to]);
        let from = moved(from, along, self.gap(bond.from));
        let to = moved(to, along, -self.gap(bond.to));
        let (across, apart) = (turned(along), DOUBLE_BOND_GAP * self.bond);
        let width = self.line_width();
        let mut beside = |shift: f32, inset: f32| {
            let ends = [moved(from, along, inset), moved(to, along, -inset)];
            canvas.line(&ends.map(|end| moved(end, across, shift)), width);
        };
        match (bond.lines, bond.stereo) {
            (Lines::One, Stereo::Flat) => beside(0.0, 0.0),
            (Lines::One, stereo) => self.draw_depth(canvas, [from, to], stereo),
            (Lines::Two(0), _) => {
                beside(apart * 0.5, 0.0);
                beside(apart * -0.5, 0.0);
            }
            (Lines::Two(side), _) => {
                beside(0.0, 0.0);
                // Shorter, inside its ring.
                beside(apart * f32::from(side), 0.12 * self.bond);
            }
            (Lines::Three, _) => {
                beside(0.0, 0.0);
                beside(apart, 0.0);
                beside(-apart, 0.0);
            }
            (Lines::Dative, _) => canvas.dashes([from, to], width),
        }
    }

    /// Draws a wedge, a hashed wedge, or a wavy line where the stereochemistry is unknown.
    fn draw_depth(&self, canvas: &mut impl Canvas, [from, to]: [Point; 2], stereo: Stereo) {
        let across = turned(unit([from, to]));
        let half = 0.11 * self.bond;
        let width = self.line_width();
        let between = |part: f32| [0, 1].map(|axis| from[axis] + (to[axis] - from[axis]) * part);
        match stereo {
            Stereo::Wedge => {
                canvas.triangle([from, moved(to, across, half), moved(to, across, -half)]);
            }
            Stereo::Hash => {
                const STEPS: u8 = 6;
                for step in 1..=STEPS {
                    let part = f32::from(step) / f32::from(STEPS);
                    let wide = half * part;
                    let ends = [-wide, wide].map(|shift| moved(between(part), across, shift));
                    canvas.line(&ends, width);
                }
            }
            Stereo::Either | Stereo::Flat => {
                const STEPS: u8 = 24;
                let wave = (0..=STEPS).map(|step| {
                    let part = f32::from(step) / f32::from(STEPS);
                    let shift = half * 0.7 * (part * 8.0 * std::f32::consts::PI).sin();
                    moved(between(part), across, shift)
                });
                canvas.line(&wave.collect::<Vec<_>>(), width);
            }
        }
    }

    /// Writes the element in the middle, its hydrogens beside it, its charge and isotope above.
    fn draw_label(&self, canvas: &mut impl Canvas, at: Point, label: &Label) {
        let (size, ink) = (self.font_size(), Ink::of(&label.symbol));
        let mut symbol = canvas.text(at, Align::Centre, &label.symbol, size, ink);
        if let Some(isotope) = label.isotope {
            let corner = [symbol.low[0], symbol.low[1] + size * 0.15];
            // Hydrogens on the left stand before it.
            symbol.low[0] = canvas
                .text(
                    corner,
                    Align::Right,
                    &isotope.to_string(),
                    size * SMALL,
                    ink,
                )
                .low[0];
        }
        let right = if label.hydrogens > 0 {
            self.draw_hydrogens(canvas, at, label, symbol)
        } else {
            symbol.high[0]
        };
        if label.charge != 0 {
            let sign = if label.charge > 0 { "+" } else { "−" };
            let text = match label.charge.unsigned_abs() {
                1 => sign.to_owned(),
                more => format!("{more}{sign}"),
            };
            let corner = [right, symbol.low[1] + size * 0.2];
            canvas.text(corner, Align::Left, &text, size * SMALL, ink);
        }
    }

    /// Writes the hydrogens of an atom, and returns where the label ends.
    fn draw_hydrogens(
        &self,
        canvas: &mut impl Canvas,
        at: Point,
        label: &Label,
        symbol: TextBox,
    ) -> f32 {
        let (size, ink) = (self.font_size(), Ink::of(&label.symbol));
        let count = (label.hydrogens > 1).then(|| label.hydrogens.to_string());
        let (x, y) = (at[0], at[1]);
        let (place, align) = match label.side {
            Side::Right => ([symbol.high[0], y], Align::Left),
            Side::Left => {
                let room = if count.is_some() {
                    size * SMALL * 0.6
                } else {
                    0.0
                };
                ([symbol.low[0] - room, y], Align::Right)
            }
            Side::Above => ([x, y - size * 0.95], Align::Centre),
            Side::Below => ([x, y + size * 0.95], Align::Centre),
        };
        let hydrogen = canvas.text(place, align, "H", size, ink);
        let mut end = hydrogen.high[0];
        if let Some(count) = &count {
            let middle = f32::midpoint(hydrogen.low[1], hydrogen.high[1]);
            let low = [end, middle + size * 0.3];
            end = canvas.text(low, Align::Left, count, size * SMALL, ink).high[0];
        }
        if label.side == Side::Right {
            end
        } else {
            symbol.high[0]
        }
    }
}

/// Returns the direction from one point to another, of length 1.
fn unit([from, to]: [Point; 2]) -> Point {
    let along = [to[0] - from[0], to[1] - from[1]];
    let length = along[0].hypot(along[1]);
    if length > 0.0 {
        along.map(|part| part / length)
    } else {
        [0.0; 2]
    }
}

/// Returns a direction turned by a quarter.
fn turned([x, y]: Point) -> Point {
    [y, -x]
}

fn moved(point: Point, direction: Point, by: f32) -> Point {
    [0, 1].map(|axis| point[axis] + direction[axis] * by)
}
