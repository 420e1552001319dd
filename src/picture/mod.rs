//! Pictures for other programs: text in SVG, and SVG as pixels.

mod letters;
mod raster;

pub use letters::TextRendering;
pub(crate) use letters::{Anchor, Word, escaped, width};
pub use raster::{Pixels, pixels, png, scaled};
