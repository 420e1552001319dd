//! A picture of a plot for a paper or a talk: drawn again from the numbers, on white, at any size.

mod png;
mod svg;
mod ticks;

use std::io;

use super::Column;

pub use png::png;
pub use svg::svg;
pub use ticks::text as tick_text;

/// Width and height of the picture; as SVG it has no pixels, as PNG it has three times as many.
const SIZE: [f32; 2] = [960.0, 640.0];
/// Pixels of a PNG for each unit of the drawing: sharp in print at a width of 24 cm.
const PIXELS: f32 = 3.0;

/// What a picture shows.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Its subject: target and access.
    pub title: String,
    /// Source and date of the numbers, and what is not shown.
    pub source: String,
    /// The horizontal axis.
    pub across: ChartAxis,
    /// The vertical axis.
    pub up: ChartAxis,
    /// What is drawn.
    pub marks: Marks,
    /// Dots with a ring around them.
    pub selected: Vec<[f64; 2]>,
}

/// An axis of a picture.
#[derive(Clone, Debug)]
pub struct ChartAxis {
    /// Heading and unit.
    pub title: String,
    /// The number at its beginning.
    pub from: f64,
    /// The number at its end.
    pub to: f64,
    /// How its numbers are written; `None` for counts.
    pub column: Option<Column>,
}

/// What is drawn in a picture.
#[derive(Clone, Debug)]
pub enum Marks {
    /// A mark for each experiment, in groups.
    Dots(Vec<ChartGroup>),
    /// The counts in equal bins along the horizontal axis.
    Bars {
        /// How many rows each bin has.
        all: Vec<usize>,
        /// How many of them are selected.
        selected: Vec<usize>,
    },
}

/// Marks of the same category.
#[derive(Clone, Debug)]
pub struct ChartGroup {
    /// What they have in common.
    pub name: String,
    /// Red, green, blue.
    pub colour: [u8; 3],
    /// The index of their shape.
    pub shape: usize,
    /// Where they are.
    pub dots: Vec<[f64; 2]>,
}

impl ChartAxis {
    /// Creates an axis that fits all these numbers, with a little space at both ends.
    pub fn around(column: &Column, numbers: impl Iterator<Item = f64> + Clone) -> Self {
        let least = numbers.clone().fold(f64::INFINITY, f64::min);
        let most = numbers.fold(f64::NEG_INFINITY, f64::max);
        let (least, most) = if least <= most {
            (least, most)
        } else {
            (0.0, 1.0)
        };
        let room = match (most - least) * 0.04 {
            0.0 => (least.abs() * 0.05).max(0.5),
            room => room,
        };
        Self {
            title: column.title().into_owned(),
            from: least - room,
            to: most + room,
            column: Some(column.clone()),
        }
    }

    /// Returns the round numbers on it, and their distance.
    pub fn marks(&self) -> (Vec<f64>, f64) {
        ticks::marks(self)
    }

    /// Returns the position of a number, from 0 to 1.
    fn share(&self, number: f64) -> f64 {
        (number - self.from) / (self.to - self.from).max(f64::MIN_POSITIVE)
    }
}

/// Why there is no plot.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// It cannot be drawn.
    #[error("the picture could not be drawn")]
    Drawing,
    /// It cannot be written.
    #[error("the picture could not be written")]
    Write(#[from] io::Error),
}
