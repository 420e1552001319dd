//! Colours by their meaning. The only place with colour values.

use egui::{Color32, Ui};

/// All colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tokens {
    /// Window, rail, behind cards.
    pub app: Color32,
    /// Side panes, column headings, bars, footer.
    pub panel: Color32,
    /// Tables, cards, dialogs, fields.
    pub surface: Color32,
    /// Menus and popups, which are above everything else.
    pub raised: Color32,
    /// Summary sentence, disabled control, neutral tag.
    pub sunken: Color32,
    /// Row or button under the pointer.
    pub hover: Color32,
    /// Selected row, current target.
    pub selected: Color32,
    /// Separators, edges of cards, lines between rows.
    pub line: Color32,
    /// Edges of buttons, of the frozen column.
    pub line2: Color32,
    /// Edges of fields and tick boxes.
    pub control: Color32,
    /// Text.
    pub text: Color32,
    /// Labels, column headings, second lines.
    pub muted: Color32,
    /// Hints, placeholders, empty values.
    pub faint: Color32,
    /// Primary button, ticked box, focus ring, progress.
    pub accent: Color32,
    /// Primary button under the pointer.
    pub accent_hover: Color32,
    /// Links, sort marks, chosen rail item.
    pub accent_text: Color32,
    /// Text and tick on accent.
    pub on_accent: Color32,
    /// Chosen segment, chosen rail item, note.
    pub accent_soft: Color32,
    /// Edge of a note.
    pub accent_line: Color32,
    /// Good.
    pub ok: Color32,
    /// Warning.
    pub warn: Color32,
    /// Background of a warning.
    pub warn_soft: Color32,
    /// Border of a warning.
    pub warn_line: Color32,
    /// Error, or destructive action.
    pub err: Color32,
    /// Background of an error.
    pub err_soft: Color32,
    /// Border of an error.
    pub err_line: Color32,
    /// Paused, not known.
    pub idle: Color32,
    /// Track of a progress bar, quiet badge.
    pub track: Color32,
    /// Tooltip, message.
    pub tip: Color32,
    /// Text on a tooltip or message.
    pub tip_text: Color32,
    /// Background of a search match.
    pub found: Color32,
    /// Background of drawings made for white paper.
    pub paper: Color32,
    /// Overlay behind a dialog.
    pub scrim: Color32,
    /// Shadow of dialogs and menus.
    pub shadow: Color32,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place with colour values"
)]
const fn rgb(hex: u32) -> Color32 {
    let [_, red, green, blue] = hex.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

/// Returns a translucent colour; `alpha` is from 0 to 255.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place with colour values"
)]
const fn sheer(hex: u32, alpha: u8) -> Color32 {
    // Colours are stored premultiplied by their alpha.
    const fn part(channel: u8, alpha: u8) -> u8 {
        let [_, high] = (channel as u16 * alpha as u16 / 255).to_be_bytes();
        high
    }
    let [_, red, green, blue] = hex.to_be_bytes();
    Color32::from_rgba_premultiplied(
        part(red, alpha),
        part(green, alpha),
        part(blue, alpha),
        alpha,
    )
}

/// Lines and points of plots on a light background.
const SERIES_LIGHT: [Color32; 8] = [
    rgb(0x0B_6B80),
    rgb(0xB4_5309),
    rgb(0x6D_28D9),
    rgb(0xBE_123C),
    rgb(0x3F_6212),
    rgb(0x1D_4ED8),
    rgb(0x86_198F),
    rgb(0x57_534E),
];

/// The same on a dark background.
const SERIES_DARK: [Color32; 8] = [
    rgb(0x4F_C3D9),
    rgb(0xF5_A524),
    rgb(0xB4_9CFF),
    rgb(0xFF_8FA3),
    rgb(0xA3_D65C),
    rgb(0x8A_B4FF),
    rgb(0xF0_9CF5),
    rgb(0xC4_BDB6),
];

/// Colours for numbers, from small to large: their lightness is monotonic, so that the order does not depend on hue.
const RAMP_LIGHT: [Color32; 5] = [
    rgb(0x2F_91_A1),
    rgb(0x2A_73_A3),
    rgb(0x3B_55_9B),
    rgb(0x4A_36_83),
    rgb(0x3B_0F_56),
];

/// The same on a dark background.
const RAMP_DARK: [Color32; 5] = [
    rgb(0x6B_77_C9),
    rgb(0x4C_9B_D6),
    rgb(0x45_BF_BF),
    rgb(0x8B_DB_92),
    rgb(0xEF_EE_8A),
];

/// The light theme.
pub(crate) const LIGHT: Tokens = Tokens {
    app: rgb(0xEE_F1F3),
    panel: rgb(0xF6_F8F9),
    surface: rgb(0xFF_FFFF),
    raised: rgb(0xFF_FFFF),
    sunken: rgb(0xF1_F4F5),
    hover: rgb(0xEB_F0F2),
    selected: rgb(0xDC_EEF2),
    line: rgb(0xDC_E2E5),
    line2: rgb(0xC2_CBD0),
    control: rgb(0x7A_8892),
    text: rgb(0x17_2126),
    muted: rgb(0x4E_5D66),
    faint: rgb(0x5E_6C75),
    accent: rgb(0x0B_6B80),
    accent_hover: rgb(0x09_5868),
    accent_text: rgb(0x0A_6174),
    on_accent: rgb(0xFF_FFFF),
    accent_soft: rgb(0xDC_EEF2),
    accent_line: rgb(0x9C_CAD4),
    ok: rgb(0x1B_7043),
    warn: rgb(0x84_5400),
    warn_soft: rgb(0xFB_F0D8),
    warn_line: rgb(0xE3_C583),
    err: rgb(0xAE_2A20),
    err_soft: rgb(0xFB_EAE8),
    err_line: rgb(0xE6_B3AE),
    idle: rgb(0x6B_7881),
    track: rgb(0xDD_E4E7),
    tip: rgb(0x24_323A),
    tip_text: rgb(0xF4_F7F8),
    found: rgb(0xFF_E58F),
    paper: rgb(0xFF_FFFF),
    scrim: sheer(0x14_1C20, 102),
    shadow: sheer(0x0A_141A, 51),
};

/// The dark theme.
pub(crate) const DARK: Tokens = Tokens {
    app: rgb(0x12_1619),
    panel: rgb(0x17_1C1F),
    surface: rgb(0x1C_2226),
    // Shadows hardly show on a dark background, so what is above it is lighter.
    raised: rgb(0x20_272B),
    sunken: rgb(0x16_1B1E),
    hover: rgb(0x2B_3439),
    selected: rgb(0x16_3A42),
    line: rgb(0x2C_353A),
    line2: rgb(0x3C_474E),
    control: rgb(0x73_828B),
    text: rgb(0xE5_EAEC),
    muted: rgb(0xAA_B6BC),
    faint: rgb(0x96_A3AA),
    accent: rgb(0x45_A9BB),
    accent_hover: rgb(0x5F_BDCD),
    accent_text: rgb(0x6A_C5D5),
    on_accent: rgb(0x06_262D),
    accent_soft: rgb(0x16_3A42),
    accent_line: rgb(0x2F_6773),
    ok: rgb(0x68_C792),
    warn: rgb(0xE2_B54A),
    warn_soft: rgb(0x35_2C16),
    warn_line: rgb(0x63_532A),
    err: rgb(0xF1_948B),
    err_soft: rgb(0x3D_2322),
    err_line: rgb(0x6E_3F3C),
    idle: rgb(0x8B_98A0),
    track: rgb(0x30_3A40),
    tip: rgb(0xE5_EAEC),
    tip_text: rgb(0x17_2126),
    found: rgb(0x6B_5310),
    paper: rgb(0xFF_FFFF),
    scrim: sheer(0x04_0709, 153),
    shadow: sheer(0x00_0000, 140),
};

impl Tokens {
    /// Returns the colours of the current theme.
    pub(crate) fn of(ui: &Ui) -> &'static Self {
        Self::for_dark(ui.visuals().dark_mode)
    }

    /// Returns the colours of a plot, which can be told apart even by the colour-blind; shapes and the legend say the
    /// same.
    pub(crate) fn series(&self) -> &'static [Color32; 8] {
        if *self == DARK {
            &SERIES_DARK
        } else {
            &SERIES_LIGHT
        }
    }

    /// Returns the colours of a plot for numbers, from small to large.
    pub(crate) fn ramp(&self) -> &'static [Color32; 5] {
        if *self == DARK {
            &RAMP_DARK
        } else {
            &RAMP_LIGHT
        }
    }

    pub(crate) fn for_dark(is_dark: bool) -> &'static Self {
        if is_dark { &DARK } else { &LIGHT }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast of two opaque colours as WCAG 2 defines it, from 1 to 21.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let light = |colour: Color32| {
            let [r, g, b, _] = egui::Rgba::from(colour).to_array();
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (a, b) = (light(a), light(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_is_readable_on_every_background() {
        for tokens in [LIGHT, DARK] {
            let grounds = [
                tokens.app,
                tokens.panel,
                tokens.surface,
                tokens.raised,
                tokens.sunken,
                tokens.hover,
                tokens.selected,
            ];
            let texts = [
                tokens.text,
                tokens.muted,
                tokens.faint,
                tokens.accent_text,
                tokens.ok,
                tokens.warn,
                tokens.err,
            ];
            for ground in grounds {
                for text in texts {
                    assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}");
                }
            }
            for (text, ground) in [
                (tokens.on_accent, tokens.accent),
                (tokens.on_accent, tokens.accent_hover),
                (tokens.tip_text, tokens.tip),
                (tokens.text, tokens.warn_soft),
                (tokens.text, tokens.err_soft),
                (tokens.warn, tokens.warn_soft),
                (tokens.err, tokens.err_soft),
            ] {
                assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}");
            }
            for mark in tokens.series().iter().chain(tokens.ramp()) {
                assert!(contrast(*mark, tokens.surface) >= 3.0, "{mark:?}");
            }
            for control in [tokens.control, tokens.accent] {
                assert!(contrast(control, tokens.surface) >= 3.0, "{control:?}");
            }
        }
    }
}
