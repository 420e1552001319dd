//! The type scale: font sizes and line heights in points at 100 %.

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
    /// Returns the font.
    pub(crate) fn font(self) -> FontId {
        let (size, _, family) = self.spec();
        FontId::new(size, family)
    }

    /// Returns the line height.
    pub(crate) fn line(self) -> f32 {
        self.spec().1
    }

    /// Returns a text in this style.
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

/// Returns the font family of medium weight.
pub(super) fn medium() -> FontFamily {
    FontFamily::Name("medium".into())
}

/// Returns the semibold font family.
pub(super) fn semibold() -> FontFamily {
    FontFamily::Name("semibold".into())
}

/// Returns the font family of the icons.
pub(super) fn icons() -> FontFamily {
    FontFamily::Name("icons".into())
}

/// Returns an icon as text of the given size in points.
pub(crate) fn icon_text(icon: Icon, size: f32, colour: Color32) -> RichText {
    RichText::new(icon.glyph())
        .font(icon_font(size))
        .color(colour)
}

/// Returns the icon font in the given size.
pub(crate) fn icon_font(size: f32) -> FontId {
    FontId::new(size, icons())
}
