//! The theme: colours, typography, spacing, icons. No other module defines colours or fonts.

pub(super) mod icon;
pub(super) mod text;
pub(super) mod tokens;

pub(crate) use icon::Icon;
pub(crate) use text::{Type, icon_font, icon_text};
pub(crate) use tokens::Tokens;

use std::sync::Arc;

use egui::{
    Context, CornerRadius, FontData, FontDefinitions, FontFamily, Margin, Shadow, Stroke, Style,
    TextStyle, Theme, Vec2, Visuals,
    style::{ScrollStyle, Widgets},
};

/// Widths and heights that several places share, in points.
pub(crate) mod size {
    /// Bars at the top of panes and pages.
    pub(crate) const TOP_BAR: f32 = 52.0;
    /// Bars at the foot.
    pub(crate) const FOOTER: f32 = 48.0;
    /// Heading of a section.
    pub(crate) const SECTION: f32 = 32.0;
    /// The rail.
    pub(crate) const RAIL: f32 = 76.0;
    /// An item of the rail.
    pub(crate) const RAIL_ITEM: f32 = 52.0;
    /// The bottom of the rail: the user, and the button for all commands.
    pub(crate) const RAIL_FOOT: f32 = 116.0;
    /// A row of the table.
    pub(crate) const ROW: f32 = 24.0;
    /// The two-line heading of the table.
    pub(crate) const HEADING_ROW: f32 = 40.0;
    /// A button or field.
    pub(crate) const CONTROL: f32 = 28.0;
    /// A large button.
    pub(crate) const LARGE: f32 = 32.0;
    /// The buttons of the sign-in page.
    pub(crate) const SIGN_IN: f32 = 36.0;
    /// A line of the downloads page.
    pub(crate) const JOB: f32 = 56.0;
    /// A line of the target list.
    pub(crate) const TARGET: f32 = 44.0;
    /// The margin of a page.
    pub(crate) const PAGE_MARGIN: i8 = 24;
    /// Corner of tick boxes, tags, tooltips.
    pub(crate) const RADIUS_SMALL: u8 = 4;
    /// Corner of buttons, fields, banners.
    pub(crate) const RADIUS: u8 = 6;
    /// Corner of cards and dialogs.
    pub(crate) const RADIUS_LARGE: u8 = 8;
}

/// Installs fonts and both themes in a new context.
pub(crate) fn install(ctx: &Context) {
    ctx.set_fonts(fonts());
    ctx.options_mut(|options| {
        // Used where the system does not say whether it is light or dark.
        options.fallback_theme = Theme::Light;
        // The shortcuts for the text size are handled here, so that the size is remembered.
        options.zoom_with_keyboard = false;
    });
    for theme in [Theme::Light, Theme::Dark] {
        ctx.set_style_of(theme, style(theme));
    }
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let mut add = |name: &str, bytes: &'static [u8]| {
        fonts
            .font_data
            .insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    };
    add("inter", crate::picture::FONT);
    add(
        "inter medium",
        include_bytes!("../../../assets/fonts/Inter-Medium.otf"),
    );
    add(
        "inter semibold",
        include_bytes!("../../../assets/fonts/Inter-SemiBold.otf"),
    );
    add(
        "mono",
        include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf"),
    );
    add("lucide", include_bytes!("../../../assets/fonts/Lucide.ttf"));
    let families = [
        (FontFamily::Proportional, "inter"),
        (text::medium(), "inter medium"),
        (text::semibold(), "inter semibold"),
        (FontFamily::Monospace, "mono"),
        (text::icons(), "lucide"),
    ];
    for (family, first) in families {
        // Characters that one font lacks (Greek in the monospaced one, say) come from another.
        let all = [first, "inter", "mono", "lucide"].map(str::to_owned);
        fonts.families.insert(family, all.to_vec());
    }
    fonts
}

fn style(theme: Theme) -> Style {
    let tokens = Tokens::for_dark(theme == Theme::Dark);
    let mut style = Style {
        visuals: visuals(theme, tokens),
        ..Style::default()
    };
    style.text_styles = [
        (TextStyle::Heading, Type::Title),
        (TextStyle::Body, Type::Body),
        (TextStyle::Button, Type::Strong),
        (TextStyle::Small, Type::Small),
        (TextStyle::Monospace, Type::Code),
    ]
    .map(|(style, step)| (style, step.font()))
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::splat(8.0);
    spacing.button_padding = Vec2::new(12.0, 4.0);
    spacing.interact_size.y = size::CONTROL;
    spacing.icon_width = 14.0;
    spacing.menu_margin = Margin::same(8);
    spacing.scroll = ScrollStyle {
        bar_width: 8.0,
        floating_width: 6.0,
        floating_allocated_width: 0.0,
        dormant_handle_opacity: 0.8,
        ..ScrollStyle::thin()
    };
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;
    style.animation_time = 0.0;
    style
}

fn style_widgets(widgets: &mut Widgets, tokens: &Tokens) {
    let all = [
        (&mut widgets.noninteractive, tokens.surface, tokens.line),
        (&mut widgets.inactive, tokens.surface, tokens.control),
        (&mut widgets.hovered, tokens.hover, tokens.control),
        (&mut widgets.active, tokens.hover, tokens.accent),
        (&mut widgets.open, tokens.hover, tokens.control),
    ];
    for (widget, fill, edge) in all {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.bg_stroke = Stroke::new(1.0, edge);
        widget.fg_stroke = Stroke::new(1.0, tokens.text);
        widget.corner_radius = CornerRadius::same(size::RADIUS);
        widget.expansion = 0.0;
    }
    // The handle of a scroll bar has the fill of the widget at rest.
    widgets.inactive.bg_fill = tokens.line2;
    widgets.hovered.bg_fill = tokens.control;
    widgets.active.bg_fill = tokens.control;
}

fn visuals(theme: Theme, tokens: &Tokens) -> Visuals {
    let mut visuals = theme.default_visuals();
    visuals.panel_fill = tokens.app;
    visuals.window_fill = tokens.raised;
    visuals.window_stroke = Stroke::new(1.0, tokens.line2);
    visuals.window_corner_radius = CornerRadius::same(size::RADIUS_LARGE);
    visuals.menu_corner_radius = CornerRadius::same(size::RADIUS);
    visuals.extreme_bg_color = tokens.surface;
    visuals.faint_bg_color = tokens.sunken;
    visuals.code_bg_color = tokens.sunken;
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(tokens.muted);
    visuals.hyperlink_color = tokens.accent_text;
    visuals.warn_fg_color = tokens.warn;
    visuals.error_fg_color = tokens.err;
    visuals.selection.bg_fill = tokens.selected;
    visuals.selection.stroke = Stroke::new(1.0, tokens.accent);
    visuals.text_cursor.blink = false;
    visuals.indent_has_left_vline = false;
    let shadow = Shadow {
        offset: [0, 8],
        blur: 28,
        spread: 0,
        color: tokens.shadow,
    };
    visuals.window_shadow = shadow;
    visuals.popup_shadow = shadow;
    style_widgets(&mut visuals.widgets, tokens);
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_no_font_has_are_drawn_as_boxes() {
        let ctx = Context::default();
        install(&ctx);
        let mut drawn = Vec::new();
        let mut draw = |ui: &mut egui::Ui| {
            for step in [Type::Body, Type::Strong, Type::Title, Type::Code] {
                // A letter of Thai, which none of the program's own fonts has.
                let galley = ui.fonts_mut(|fonts| {
                    fonts.layout_no_wrap("\u{e01}".to_owned(), step.font(), egui::Color32::BLACK)
                });
                let glyph = &galley.rows[0].row.glyphs[0];
                drawn.push(!glyph.uv_rect.is_nothing() && glyph.advance_width > 4.0);
            }
        };
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| draw(ui));
        output.textures_delta.clear();
        assert!(drawn.len() >= 4 && drawn.iter().all(|is_drawn| *is_drawn));
    }
}
