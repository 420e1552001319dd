//! The picture as PNG.

use super::{Chart, ChartError, PIXELS, svg};
use crate::picture::{self, TextRendering};

/// Returns the picture as the bytes of a PNG file, at three times the resolution of the drawing.
///
/// # Errors
/// [`ChartError::Drawing`] if there is not enough memory.
pub fn png(chart: &Chart) -> Result<Vec<u8>, ChartError> {
    let text = svg(chart, TextRendering::Outlines);
    picture::png(&text, PIXELS).ok_or(ChartError::Drawing)
}
