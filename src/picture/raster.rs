//! SVG as pixels. It may be slow: never run it on the UI thread.

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};

/// A picture as pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// Width and height.
    pub size: [usize; 2],
    /// Red, green, blue, alpha of each pixel, row by row from the top; the colours are multiplied by alpha.
    pub rgba: Vec<u8>,
}

impl From<Pixmap> for Pixels {
    fn from(pixels: Pixmap) -> Self {
        let size = [pixels.width(), pixels.height()];
        Self {
            size: size.map(|side| usize::try_from(side).unwrap_or_default()),
            rgba: pixels.take(),
        }
    }
}

/// Returns a drawing as pixels, as large as fits into `room` (width and height); `None` if it cannot be drawn.
pub fn pixels(svg: &str, room: [u16; 2]) -> Option<Pixels> {
    let tree = tree(svg)?;
    let [width, height] = room.map(f32::from);
    let size = tree.size();
    let scale = (width / size.width()).min(height / size.height());
    draw(&tree, scale).map(Pixels::from)
}

/// Returns a drawing as pixels, `scale` of them for each unit; `None` if it cannot be drawn.
pub fn scaled(svg: &str, scale: f32) -> Option<Pixels> {
    draw(&tree(svg)?, scale).map(Pixels::from)
}

/// Returns a drawing as the bytes of a PNG file, with `scale` pixels for each unit; `None` if it cannot be drawn.
pub fn png(svg: &str, scale: f32) -> Option<Vec<u8>> {
    let pixels = draw(&tree(svg)?, scale)?;
    let encoded = pixels.encode_png();
    encoded
        .inspect_err(|error| tracing::warn!(%error, "a picture could not be encoded"))
        .ok()
}

fn tree(svg: &str) -> Option<Tree> {
    let tree = Tree::from_str(svg, &Options::default());
    tree.inspect_err(|error| tracing::warn!(%error, "a picture could not be read"))
        .ok()
}

fn draw(tree: &Tree, scale: f32) -> Option<Pixmap> {
    let size = tree.size().to_int_size().scale_by(scale)?;
    let mut pixels = Pixmap::new(size.width(), size.height())?;
    let scale = Transform::from_scale(scale, scale);
    resvg::render(tree, scale, &mut pixels.as_mut());
    Some(pixels)
}
