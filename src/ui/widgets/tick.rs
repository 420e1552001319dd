//! Tick boxes with three states.

use std::panic::Location;

use egui::{
    CornerRadius, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, Widget, WidgetInfo,
};

use super::{
    identity::{SourcePlace, allocate},
    marks::{paint_focus_ring, paint_icon},
    text::width_of,
};
use crate::ui::theme::{Icon, Tokens, Type, size};

const BOX: f32 = 14.0;
const GAP: f32 = 8.0;
const HEIGHT: f32 = 24.0;

/// The state of a tick box, which may stand for several items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ticked {
    /// Off.
    No,
    /// Some of it.
    Some,
    /// All of it.
    Yes,
}

impl From<bool> for Ticked {
    fn from(on: bool) -> Self {
        if on { Self::Yes } else { Self::No }
    }
}

/// A tick box with its name, and a note on the right. `clicked` means that it is to change.
#[must_use = "a tick box is shown by adding it"]
pub(crate) struct Tick<'a> {
    name: &'a str,
    note: &'a str,
    ticked: Ticked,
    step: Type,
    is_warning: bool,
    is_bare: bool,
    is_wide: bool,
    sense: Sense,
    place: SourcePlace,
}

impl<'a> Tick<'a> {
    /// Returns a tick box.
    #[track_caller]
    pub(crate) fn new(name: &'a str, ticked: impl Into<Ticked>) -> Self {
        Self {
            name,
            note: "",
            ticked: ticked.into(),
            step: Type::Body,
            is_warning: false,
            is_bare: false,
            is_wide: false,
            sense: Sense::click(),
            place: Location::caller(),
        }
    }

    /// Sets bold type, for the heading of a group.
    pub(crate) fn heading(mut self) -> Self {
        self.step = Type::Heading;
        self
    }

    /// Adds a note on the right of the line, with warning colours and an icon if it is a warning.
    pub(crate) fn note(mut self, note: &'a str, is_warning: bool) -> Self {
        self.note = note;
        self.is_warning = is_warning;
        self.is_wide = true;
        self
    }

    /// Removes it from the tab order: something else does the same by keyboard.
    pub(crate) fn without_focus(mut self) -> Self {
        self.sense = Sense::CLICK;
        self
    }

    /// Shows only the box; the name is for screen readers.
    pub(crate) fn without_label(mut self) -> Self {
        self.is_bare = true;
        self
    }
}

impl Widget for Tick<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let tokens = Tokens::of(ui);
        // Before a note, a long name is truncated; a tick box without one is as wide as its name.
        let (wrap, room) = if self.is_wide {
            let note =
                width_of(ui, self.note, Type::Small) + if self.is_warning { 22.0 } else { 8.0 };
            let room = ui.available_width() - BOX - GAP - note;
            (egui::TextWrapMode::Truncate, room.max(20.0))
        } else {
            (egui::TextWrapMode::Extend, f32::INFINITY)
        };
        let text = egui::WidgetText::from(self.step.text(self.name, tokens.text)).into_galley(
            ui,
            Some(wrap),
            room,
            egui::FontSelection::Default,
        );
        let is_cut = text.elided;
        let width = match (self.is_bare, self.is_wide) {
            (true, _) => BOX,
            (false, true) => ui.available_width(),
            (false, false) => BOX + GAP + text.size().x,
        };
        let height = if self.is_bare { BOX } else { HEIGHT };
        let (rect, response) = allocate(ui, Vec2::new(width, height), self.place, self.sense);
        let enabled = ui.is_enabled();
        let is_on = self.ticked == Ticked::Yes;
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, is_on, self.name));
        if self.ticked == Ticked::Some {
            ui.ctx().accesskit_node_builder(response.id, |node| {
                node.set_toggled(egui::accesskit::Toggled::Mixed);
            });
        }
        if !ui.is_rect_visible(rect) {
            return response;
        }
        let corner = rect.left_center() - Vec2::new(0.0, BOX / 2.0);
        let square = Rect::from_min_size(corner, Vec2::splat(BOX));
        paint_box(ui, square, self.ticked, response.hovered() && enabled);
        if !self.is_bare {
            let at = egui::pos2(square.right() + GAP, rect.center().y - text.size().y / 2.0);
            let colour = if enabled { tokens.text } else { tokens.faint };
            ui.painter()
                .galley_with_override_text_color(at, text, colour);
            self.paint_note(ui, rect);
        }
        paint_focus_ring(ui, &response, CornerRadius::same(size::RADIUS_SMALL));
        if is_cut {
            response.on_hover_text(self.name)
        } else {
            response
        }
    }
}

impl Tick<'_> {
    fn paint_note(&self, ui: &Ui, rect: Rect) {
        let tokens = Tokens::of(ui);
        let colour = if self.is_warning {
            tokens.warn
        } else {
            tokens.muted
        };
        let painted = ui.painter().text(
            rect.right_center(),
            egui::Align2::RIGHT_CENTER,
            self.note,
            Type::Small.font(),
            colour,
        );
        if self.is_warning {
            let at = egui::pos2(painted.left() - 10.0, rect.center().y);
            paint_icon(ui, at, Icon::WARNING, 12.0, colour);
        }
    }
}

/// Paints the box itself.
pub(super) fn paint_box(ui: &Ui, square: Rect, ticked: Ticked, is_hot: bool) {
    let tokens = Tokens::of(ui);
    let radius = CornerRadius::same(size::RADIUS_SMALL);
    if ticked == Ticked::No {
        let fill = if is_hot { tokens.hover } else { tokens.surface };
        ui.painter().rect(
            square,
            radius,
            fill,
            Stroke::new(1.0, tokens.control),
            StrokeKind::Inside,
        );
        return;
    }
    let fill = if is_hot {
        tokens.accent_hover
    } else {
        tokens.accent
    };
    ui.painter().rect_filled(square, radius, fill);
    let icon = if ticked == Ticked::Yes {
        Icon::CHECK
    } else {
        Icon::MINUS
    };
    paint_icon(ui, square.center(), icon, 12.0, tokens.on_accent);
}
