//! Buttons in several weights.

use std::{panic::Location, sync::Arc};

use egui::{
    Align2, CornerRadius, FontSelection, Galley, Pos2, Response, Role, Sense, Stroke, Ui, Vec2,
    Widget, WidgetInfo,
};

use super::{
    identity::{SourcePlace, allocate},
    marks::{paint_focus_ring, paint_icon},
    width_of,
};
use crate::ui::theme::{Icon, Tokens, Type, size};

const ICON: f32 = 16.0;
const GAP: f32 = 8.0;
/// Space between the text of a menu entry and its shortcut.
const SHORTCUT_GAP: f32 = 24.0;
/// Width of the mark of a menu, with the space before it.
const MENU_MARK: f32 = ICON + 4.0;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Primary,
    Plain,
    Offer,
    Quiet,
    Heading,
    Entry,
    DangerEntry,
    Danger,
}

/// A button. The name that a screen reader says is its text, or what [`Button::icon`] was given.
#[must_use = "a button is shown by adding it"]
pub(crate) struct Button<'a> {
    text: &'a str,
    name: &'a str,
    icon: Option<Icon>,
    weight: Weight,
    height: f32,
    width: Option<f32>,
    /// The longest text that it may have.
    widest: &'a str,
    refusal: Option<&'a str>,
    is_on: bool,
    opens_menu: bool,
    shortcut: &'a str,
    /// Whether the text is where it would be beside an icon.
    is_indented: bool,
    /// Its margins at the left and right, unless they are those of its weight.
    padding: Option<f32>,
    place: SourcePlace,
}

impl<'a> Button<'a> {
    /// Returns a button for the main action of a page.
    #[track_caller]
    pub(crate) fn primary(text: &'a str) -> Self {
        Self {
            height: size::LARGE,
            ..Self::new(text, Weight::Primary)
        }
    }

    /// Returns a button for any other action.
    #[track_caller]
    pub(crate) fn plain(text: &'a str) -> Self {
        Self::new(text, Weight::Plain)
    }

    /// Returns a button for a recommended action within a row.
    #[track_caller]
    pub(crate) fn recommended(text: &'a str) -> Self {
        Self::new(text, Weight::Offer)
    }

    /// Returns a button without a border, for links within the page.
    #[track_caller]
    pub(crate) fn quiet(text: &'a str) -> Self {
        Self::new(text, Weight::Quiet)
    }

    /// Returns a menu entry: as wide as the menu, with its text on the left.
    #[track_caller]
    pub(crate) fn menu_entry(text: &'a str) -> Self {
        Self::new(text, Weight::Entry)
    }

    /// Returns a button for the heading of a column.
    #[track_caller]
    pub(crate) fn heading(text: &'a str) -> Self {
        Self::new(text, Weight::Heading)
    }

    /// Returns a menu entry that ends or removes something.
    #[track_caller]
    pub(crate) fn danger_entry(text: &'a str) -> Self {
        Self::new(text, Weight::DangerEntry)
    }

    /// Returns a button that ends or removes something.
    #[track_caller]
    pub(crate) fn danger(text: &'a str) -> Self {
        Self::new(text, Weight::Danger)
    }

    /// Returns a button with only an icon; `name` is its tooltip and what a screen reader says.
    #[track_caller]
    pub(crate) fn icon(icon: Icon, name: &'a str) -> Self {
        Self {
            name,
            icon: Some(icon),
            ..Self::new("", Weight::Plain)
        }
    }

    /// Returns a button with only an icon, and without a border.
    #[track_caller]
    pub(crate) fn quiet_icon(icon: Icon, name: &'a str) -> Self {
        Self {
            weight: Weight::Quiet,
            ..Self::icon(icon, name)
        }
    }

    /// Adds an icon before the text.
    pub(crate) fn with_icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Adds a mark after the text: the button opens a menu.
    pub(crate) fn opens_menu(mut self) -> Self {
        self.opens_menu = true;
        self
    }

    /// Shows which keys do the same: at the right of a menu entry, in the tooltip of an icon.
    pub(crate) fn shortcut(mut self, keys: &'a str) -> Self {
        self.shortcut = keys;
        self
    }

    /// Leaves the space of an icon before the text, so that it is in line with entries that have one.
    pub(crate) fn indented(mut self) -> Self {
        self.is_indented = true;
        self
    }

    /// Leaves no margins at the left and right, so that it is in line with what is above and below.
    pub(crate) fn flush(mut self) -> Self {
        self.padding = Some(0.0);
        self
    }

    /// Sets a name for screen readers that says more than the text does.
    pub(crate) fn named(mut self, name: &'a str) -> Self {
        self.name = name;
        self
    }

    /// Sets the height in points.
    pub(crate) fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }

    /// Sets the width in points, instead of the width of the text.
    pub(crate) fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Makes the button as wide as it would be with this text, if that is wider than its own.
    pub(crate) fn at_least(mut self, widest: &'a str) -> Self {
        self.widest = widest;
        self
    }

    /// Shows that what the button switches is on. Its name has to say so, too.
    pub(crate) fn on(mut self, is_on: bool) -> Self {
        self.is_on = is_on;
        self
    }

    /// Disables the button, for this reason.
    pub(crate) fn disabled_because(mut self, reason: Option<&'a str>) -> Self {
        self.refusal = reason;
        self
    }

    #[track_caller]
    fn new(text: &'a str, weight: Weight) -> Self {
        Self {
            text,
            name: text,
            icon: None,
            weight,
            height: size::CONTROL,
            width: None,
            widest: "",
            refusal: None,
            is_on: false,
            opens_menu: false,
            shortcut: "",
            is_indented: false,
            padding: None,
            place: Location::caller(),
        }
    }

    /// Returns the style of the text.
    fn step(&self) -> Type {
        match self.weight {
            Weight::Entry | Weight::DangerEntry => Type::Body,
            Weight::Heading => Type::SmallHeading,
            _ if self.height >= size::SIGN_IN => Type::Pane,
            _ => Type::Strong,
        }
    }

    /// Returns the tooltip: why the button is disabled, or the name of one that has only an icon, with its keys.
    fn hint(&self) -> Option<String> {
        match (self.refusal, self.shortcut) {
            (Some(reason), _) => Some(reason.to_owned()),
            (None, _) if !self.text.is_empty() => None,
            (None, "") => Some(self.name.to_owned()),
            (None, keys) => Some(format!("{} ({keys})", self.name)),
        }
    }

    /// Returns the colours of fill, border and text.
    fn colours(&self, tokens: &Tokens, is_hot: bool) -> (egui::Color32, Stroke, egui::Color32) {
        let edge = |colour| Stroke::new(1.0, colour);
        let ground = if is_hot { tokens.hover } else { tokens.surface };
        let clear = if is_hot {
            tokens.hover
        } else {
            egui::Color32::TRANSPARENT
        };
        if self.refusal.is_some() {
            return match self.weight {
                Weight::Quiet | Weight::Heading | Weight::Entry | Weight::DangerEntry => {
                    (egui::Color32::TRANSPARENT, Stroke::NONE, tokens.faint)
                }
                _ => (tokens.sunken, edge(tokens.line2), tokens.faint),
            };
        }
        match self.weight {
            _ if self.is_on => (
                tokens.accent_soft,
                edge(tokens.accent_line),
                tokens.accent_text,
            ),
            Weight::Primary if is_hot => (tokens.accent_hover, Stroke::NONE, tokens.on_accent),
            Weight::Primary => (tokens.accent, Stroke::NONE, tokens.on_accent),
            Weight::Plain => (ground, edge(tokens.line2), tokens.text),
            Weight::Offer => (ground, edge(tokens.accent_line), tokens.accent_text),
            Weight::Quiet if self.text.is_empty() => (clear, Stroke::NONE, tokens.muted),
            Weight::Heading => (clear, Stroke::NONE, tokens.muted),
            Weight::Quiet => (clear, Stroke::NONE, tokens.accent_text),
            Weight::Entry => (clear, Stroke::NONE, tokens.text),
            Weight::DangerEntry => (clear, Stroke::NONE, tokens.err),
            Weight::Danger => (ground, edge(tokens.err_line), tokens.err),
        }
    }

    /// Paints the button; its contents begin at `left` with the icon.
    fn paint(
        &self,
        ui: &Ui,
        response: &Response,
        (left, icon_width): (f32, f32),
        galley: Arc<Galley>,
    ) {
        let rect = response.rect;
        let enabled = ui.is_enabled() && self.refusal.is_none();
        let is_hot = response.hovered() && enabled;
        let (fill, edge, colour) = self.colours(Tokens::of(ui), is_hot);
        let radius = CornerRadius::same(size::RADIUS);
        ui.painter()
            .rect(rect, radius, fill, edge, egui::StrokeKind::Inside);
        paint_focus_ring(ui, response, radius);
        if let Some(icon) = self.icon {
            let at = Pos2::new(left + ICON / 2.0, rect.center().y);
            paint_icon(ui, at, icon, ICON, colour);
        }
        if self.opens_menu {
            let middle = left + icon_width + galley.size().x + MENU_MARK - ICON / 2.0;
            let at = Pos2::new(middle, rect.center().y);
            paint_icon(ui, at, Icon::CHEVRON_DOWN, ICON, colour);
        }
        if !self.shortcut.is_empty() && !self.text.is_empty() {
            let at = Pos2::new(rect.right() - 8.0, rect.center().y);
            let (font, colour) = (Type::Small.font(), Tokens::of(ui).muted);
            ui.painter()
                .text(at, Align2::RIGHT_CENTER, self.shortcut, font, colour);
        }
        let at = Pos2::new(left + icon_width, rect.center().y - galley.size().y / 2.0);
        ui.painter()
            .galley_with_override_text_color(at, galley, colour);
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let step = self.step();
        let galley = egui::WidgetText::from(step.text(self.text, Tokens::of(ui).text)).into_galley(
            ui,
            Some(egui::TextWrapMode::Extend),
            f32::INFINITY,
            FontSelection::Default,
        );
        let padding = self.padding.unwrap_or(match self.weight {
            _ if self.text.is_empty() => (self.height - ICON) / 2.0,
            Weight::Quiet | Weight::Heading => 6.0,
            Weight::Entry | Weight::DangerEntry => 8.0,
            _ => 12.0,
        });
        let icon_width = match self.icon {
            Some(_) if self.text.is_empty() => ICON,
            Some(_) => ICON + GAP,
            None if self.is_indented => ICON + GAP,
            None => 0.0,
        };
        let mark = if self.opens_menu { MENU_MARK } else { 0.0 };
        let is_entry = matches!(self.weight, Weight::Entry | Weight::DangerEntry);
        let keys = match self.shortcut {
            keys if is_entry && !keys.is_empty() => width_of(ui, keys, Type::Small) + SHORTCUT_GAP,
            _ => 0.0,
        };
        let content = icon_width + galley.size().x + mark + keys;
        let width = match self.width {
            Some(width) => width,
            None if is_entry => ui.available_width().max(content + 2.0 * padding),
            None => {
                let spare = match self.widest {
                    "" => 0.0,
                    widest => width_of(ui, widest, step) - galley.size().x,
                };
                content + spare.max(0.0) + 2.0 * padding
            }
        };
        let sense = if self.refusal.is_some() {
            Sense::hover()
        } else {
            Sense::click()
        };
        let (rect, response) = allocate(ui, Vec2::new(width, self.height), self.place, sense);
        let enabled = ui.is_enabled() && self.refusal.is_none();
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, self.name));
        if ui.is_rect_visible(rect) {
            let left = if is_entry {
                rect.left() + padding
            } else {
                rect.center().x - content / 2.0
            };
            self.paint(ui, &response, (left, icon_width), galley);
        }
        match self.hint() {
            Some(hint) => response.on_hover_text(hint),
            None => response,
        }
    }
}
