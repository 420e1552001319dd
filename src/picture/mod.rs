//! Pictures for other programs: text in SVG, and SVG as pixels.

mod letters;
mod raster;

/// The typeface of letters in pictures, and of the window: Inter, as an OpenType file.
pub const FONT: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");

pub use letters::TextRendering;
pub(crate) use letters::{Anchor, Word, escaped, width};
pub use raster::{Pixels, pixels, png, scaled};
