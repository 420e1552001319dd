//! Text in a picture: as text, so that it can be edited, or as outlines, so that it looks the same everywhere.

use skrifa::{
    FontRef, MetadataProvider as _,
    instance::{LocationRef, Size},
    outline::{DrawSettings, OutlinePen},
};

use super::FONT;

/// How text is written in a picture.
#[derive(Clone, Copy, Debug)]
pub enum TextRendering {
    /// As text, in whatever typeface the reader has.
    Words,
    /// As outlines of [`FONT`].
    Outlines,
}

/// The alignment of a text relative to its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A text and its position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: [f64; 2],
    pub(crate) anchor: Anchor,
    /// The font size.
    pub(crate) size: f32,
    pub(crate) colour: &'static str,
    /// Whether it is rotated, to be read from below.
    pub(crate) is_turned: bool,
}

impl TextRendering {
    /// Returns the text as an element of the picture.
    pub(crate) fn element(self, word: Word<'_>) -> String {
        let [x, y] = word.at;
        let turn = if word.is_turned { " rotate(-90)" } else { "" };
        let place = format!("transform=\"translate({x:.1} {y:.1}){turn}\"");
        let (size, colour) = (word.size, word.colour);
        if matches!(self, Self::Outlines)
            && let Some((path, width)) = outlines(word.text, size)
        {
            let shift = match word.anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => -width / 2.0,
                Anchor::End => -width,
            };
            return format!(
                "<g {place}><path transform=\"translate({shift:.2} 0)\" fill=\"{colour}\" d=\"{path}\"/></g>\n"
            );
        }
        let anchor = match word.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        format!(
            "<text {place} text-anchor=\"{anchor}\" font-size=\"{size}\" fill=\"{colour}\">{}</text>\n",
            escaped(word.text)
        )
    }
}

/// Returns the width of a text, in the units of its size.
pub(crate) fn width(text: &str, size: f32) -> f32 {
    let Ok(font) = FontRef::new(FONT) else {
        return 0.0;
    };
    let characters = font.charmap();
    let widths = font.glyph_metrics(Size::new(size), LocationRef::default());
    let width = |character| widths.advance_width(characters.map(character).unwrap_or_default());
    text.chars().filter_map(width).sum()
}

/// Returns the text as one path from its beginning, and its width.
fn outlines(text: &str, size: f32) -> Option<(String, f32)> {
    let font = FontRef::new(FONT).ok()?;
    let (place, em) = (LocationRef::default(), Size::new(size));
    let (glyphs, characters) = (font.outline_glyphs(), font.charmap());
    let widths = font.glyph_metrics(em, place);
    let mut pen = Pen::default();
    for character in text.chars() {
        // A character that the typeface lacks is shown as a box.
        let id = characters.map(character).unwrap_or_default();
        if let Some(glyph) = glyphs.get(id) {
            glyph
                .draw(DrawSettings::unhinted(em, place), &mut pen)
                .ok()?;
        }
        pen.x += widths.advance_width(id).unwrap_or(size / 2.0);
    }
    Some((pen.path, pen.x))
}

/// Writes outlines as a path; in fonts y goes up, in pictures down.
#[derive(Default)]
struct Pen {
    path: String,
    x: f32,
}

impl Pen {
    fn add(&mut self, letter: char, points: &[(f32, f32)]) {
        self.path.push(letter);
        for (x, y) in points {
            self.path.push_str(&format!("{:.2} {:.2} ", x + self.x, -y));
        }
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[(x, y)]);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.add('Q', &[(cx, cy), (x, y)]);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.add('C', &[(ax, ay), (bx, by), (x, y)]);
    }

    fn close(&mut self) {
        self.path.push('Z');
    }
}

/// Escapes a text for XML; characters that XML does not allow are left out.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other if other.is_control() => safe.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            other => safe.push(other),
        }
    }
    safe
}
