//! The type scale: sizes and lines in points at 100 %.

use egui::{Color32, FontFamily, FontId, RichText};

use super::Icon;

/// A step of the type scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// Heading of the sign-in page only.
    Display,
    /// Title of a page, of a dialog, of a target.
    Title,
    /// Heading of a pane or of a big card.
    Pane,
    /// Heading of a group or section.
    Heading,
    /// Everything else.
    Body,
    /// Names, buttons, labels.
    Strong,
    /// Second lines, chips, messages, amounts.
    Small,
    /// Column headings.
    SmallHeading,
    /// Rail labels, badges, sort rank.
    Caption,
    /// Text that a program reads, such as a command.
    Code,
}

impl Type {
    /// The font.
    pub(crate) fn font(self) -> FontId {
        let (size, _, family) = self.spec();
        FontId::new(size, family)
    }

    /// The height of a line.
    pub(crate) fn line(self) -> f32 {
        self.spec().1
    }

    /// Text of this step.
    pub(crate) fn text(self, text: impl Into<String>, colour: Color32) -> RichText {
        RichText::new(text)
            .font(self.font())
            .line_height(Some(self.line()))
            .color(colour)
    }

    fn spec(self) -> (f32, f32, FontFamily) {
        match self {
            Self::Display => (22.0, 28.0, semibold()),
            Self::Title => (16.0, 24.0, semibold()),
            Self::Pane => (14.0, 20.0, semibold()),
            Self::Heading => (13.0, 20.0, semibold()),
            Self::Body => (13.0, 20.0, FontFamily::Proportional),
            Self::Strong => (13.0, 20.0, medium()),
            Self::Small => (12.0, 16.0, FontFamily::Proportional),
            Self::SmallHeading => (12.0, 16.0, semibold()),
            Self::Caption => (11.0, 14.0, medium()),
            Self::Code => (12.0, 18.0, FontFamily::Monospace),
        }
    }
}

/// The middle weight.
pub(super) fn medium() -> FontFamily {
    FontFamily::Name("medium".into())
}

/// The heavy weight.
pub(super) fn semibold() -> FontFamily {
    FontFamily::Name("semibold".into())
}

/// The icon font.
pub(super) fn icons() -> FontFamily {
    FontFamily::Name("icons".into())
}

/// An icon as text, of a size in points.
pub(crate) fn icon_text(icon: Icon, size: f32, colour: Color32) -> RichText {
    RichText::new(icon.glyph())
        .font(icon_font(size))
        .color(colour)
}

/// The icon font in a size.
pub(crate) fn icon_font(size: f32) -> FontId {
    FontId::new(size, icons())
}
