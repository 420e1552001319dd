//! A molecule as SVG, for papers and talks: on white, in the colours of the light theme.

use std::fmt::Write as _;

use super::{
    Drawing,
    canvas::{Align, Canvas, Ink, Point, TextBox},
};
use crate::picture::{Anchor, TextRendering, Word, escaped, width};

/// Length of a bond, in units of the drawing. Letters and lines have the proportions that they have on screen.
const BOND: f32 = 24.0;
const WHITE: &str = "#ffffff";
const INK: &str = "#172126";
/// Background of the atoms and bonds that matched a search.
const MARK: &str = "#ffe58f";
/// Height of a line of text, and how far its baseline is below its middle, in font sizes: those of Inter.
const LINE_HEIGHT: f32 = 1.21;
const BASELINE: f32 = 0.364;

impl Drawing {
    /// Returns the molecule as the text of an SVG file; it refers to nothing outside itself. `title` says what it is,
    /// `marked` are the atoms of a matched substructure.
    pub fn svg(&self, title: &str, marked: &[usize]) -> String {
        // Integers, or the last row of pixels would be half background.
        let room = self.size().map(|side| (side * BOND).ceil());
        self.svg_in(title, marked, room)
    }

    /// Returns the molecule centred in a picture of this width and height; a small one is not enlarged.
    pub fn svg_in(&self, title: &str, marked: &[usize], [wide, high]: [f32; 2]) -> String {
        let [own_width, own_height] = self.size();
        let bond = BOND.min(wide / own_width).min(high / own_height);
        let mut canvas = SvgCanvas::default();
        self.placed([wide / 2.0, high / 2.0], bond)
            .draw_on(&mut canvas, marked);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\">\n<title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"{WHITE}\"/>\n<g stroke-linecap=\"round\" stroke-linejoin=\"round\">\n{}</g>\n</svg>\n",
            escaped(title),
            canvas.text
        )
    }
}

#[derive(Default)]
struct SvgCanvas {
    text: String,
}

impl SvgCanvas {
    fn path(&mut self, points: &[Point], style: &str) {
        self.text.push_str("<path d=\"");
        for (place, [x, y]) in points.iter().enumerate() {
            let letter = if place == 0 { 'M' } else { 'L' };
            write!(self.text, "{letter}{x:.2} {y:.2}").ok();
        }
        writeln!(self.text, "\" {style}/>").ok();
    }
}

impl Canvas for SvgCanvas {
    fn line(&mut self, points: &[Point], width: f32) {
        let style = format!("fill=\"none\" stroke=\"{INK}\" stroke-width=\"{width:.2}\"");
        self.path(points, &style);
    }

    fn dashes(&mut self, ends: [Point; 2], width: f32) {
        let style = format!(
            "fill=\"none\" stroke=\"{INK}\" stroke-width=\"{width:.2}\" stroke-dasharray=\"3 3\""
        );
        self.path(&ends, &style);
    }

    fn triangle(&mut self, [first, second, third]: [Point; 3]) {
        let corners = [first, second, third, first];
        self.path(&corners, &format!("fill=\"{INK}\""));
    }

    fn mark(&mut self, ends: [Point; 2], width: f32) {
        let style = format!("fill=\"none\" stroke=\"{MARK}\" stroke-width=\"{width:.2}\"");
        self.path(&ends, &style);
    }

    fn text(&mut self, at: Point, align: Align, text: &str, size: f32, ink: Ink) -> TextBox {
        let wide = width(text, size);
        let (anchor, before) = match align {
            Align::Left => (Anchor::Start, 0.0),
            Align::Centre => (Anchor::Middle, wide / 2.0),
            Align::Right => (Anchor::End, wide),
        };
        // Letters are outlines: the molecule looks the same in every program.
        self.text += &TextRendering::Outlines.element(Word {
            text,
            at: [at[0], at[1] + BASELINE * size].map(f64::from),
            anchor,
            size,
            colour: colour(ink),
            is_turned: false,
        });
        let (left, half) = (at[0] - before, LINE_HEIGHT * size / 2.0);
        TextBox {
            low: [left, at[1] - half],
            high: [left + wide, at[1] + half],
        }
    }
}

fn colour(ink: Ink) -> &'static str {
    match ink {
        Ink::Plain => INK,
        Ink::Oxygen => "#ae2a20",
        Ink::Nitrogen => "#0a6174",
        Ink::Sulfur => "#845400",
        Ink::Halogen => "#1b7043",
    }
}
