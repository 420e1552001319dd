//! The picture as PNG.

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};

use super::{Chart, ChartError, PIXELS, SIZE, TextRendering, svg};

/// Returns the picture as the bytes of a PNG file, at three times the resolution of the drawing.
///
/// # Errors
/// [`ChartError::Drawing`] if there is not enough memory.
pub fn png(chart: &Chart, font: &'static [u8]) -> Result<Vec<u8>, ChartError> {
    let text = svg(chart, TextRendering::Outlines(font));
    let tree = Tree::from_str(&text, &Options::default()).map_err(|error| {
        tracing::warn!(%error, "our own picture could not be read");
        ChartError::Drawing
    })?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few thousand"
    )]
    let [width, height] = SIZE.map(|length| (length * PIXELS) as u32);
    let mut pixels = Pixmap::new(width, height).ok_or(ChartError::Drawing)?;
    resvg::render(
        &tree,
        Transform::from_scale(PIXELS, PIXELS),
        &mut pixels.as_mut(),
    );
    pixels.encode_png().map_err(|error| {
        tracing::warn!(%error, "a picture could not be encoded");
        ChartError::Drawing
    })
}
