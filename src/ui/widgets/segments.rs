//! Two to five choices, one of which is active.

use std::panic::Location;

use egui::{
    Align, CornerRadius, Layout, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo,
};

use super::{
    identity::{SourcePlace, allocate},
    marks::paint_focus_ring,
    text::width_of,
};
use crate::ui::theme::{Tokens, Type, size};

const PADDING: f32 = 10.0;

/// One of the choices.
pub(crate) struct Segment<'a, T> {
    /// What it stands for.
    pub value: T,
    /// Its name.
    pub label: &'a str,
    /// Why it cannot be chosen.
    pub refusal: Option<&'a str>,
    /// The longest text that the label may become: it is as wide as that.
    pub widest: &'a str,
    place: SourcePlace,
}

impl<'a, T> Segment<'a, T> {
    /// Returns a choice.
    #[track_caller]
    pub(crate) fn new(value: T, label: &'a str) -> Self {
        Self {
            value,
            label,
            refusal: None,
            widest: "",
            place: Location::caller(),
        }
    }
}

/// Shows the choices in one line. `chosen` may be `None`. Returns the one that was clicked. With a `width`, all are
/// equally wide and fill it.
pub(crate) fn segments_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    chosen: Option<T>,
    choices: &[Segment<'_, T>],
    width: Option<f32>,
) -> Option<T> {
    let height = if width.is_some() {
        size::LARGE
    } else {
        size::CONTROL
    };
    let all = width.unwrap_or_else(|| natural_width(ui, choices));
    // A row that wraps does not know how wide they are together.
    if ui.layout().main_wrap && all > ui.available_size_before_wrap().x {
        ui.end_row();
    }
    let mut clicked = None;
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        // From left to right, also where the buttons around them are added from the right.
        let layout = Layout::left_to_right(Align::Center);
        ui.allocate_ui_with_layout(Vec2::new(all, height), layout, |ui| {
            let mut whole = Rect::NOTHING;
            let last = choices.len().saturating_sub(1);
            let mut edges = Vec::new();
            for (at, choice) in choices.iter().enumerate() {
                let width = width.map(|all| (all / choices.len() as f32).floor());
                let response = segment_ui(
                    ui,
                    choice,
                    chosen == Some(choice.value),
                    Vec2::new(width.unwrap_or(0.0), height),
                    corners(at == 0, at == last),
                );
                if response.clicked() {
                    clicked = Some(choice.value);
                }
                whole |= response.rect;
                if at != last {
                    edges.push(response.rect.right());
                }
            }
            let stroke = Stroke::new(1.0, Tokens::of(ui).line2);
            let radius = CornerRadius::same(size::RADIUS);
            ui.painter()
                .rect_stroke(whole, radius, stroke, StrokeKind::Inside);
            for x in edges {
                ui.painter().vline(x - 0.5, whole.y_range(), stroke);
            }
        });
    });
    clicked
}

/// Returns the width of all choices, each as wide as its text.
fn natural_width<T>(ui: &Ui, choices: &[Segment<'_, T>]) -> f32 {
    choices.iter().map(|choice| choice_width(ui, choice)).sum()
}

/// Returns the width of a choice with its label, or with the longest one that it may have.
fn choice_width<T>(ui: &Ui, choice: &Segment<'_, T>) -> f32 {
    let width = |text| width_of(ui, text, Type::Strong);
    width(choice.label).max(width(choice.widest)) + 2.0 * PADDING
}

/// Returns the corners of a segment: only the outer ones are round.
#[expect(
    clippy::fn_params_excessive_bools,
    reason = "first and last may both be true"
)]
fn corners(is_first: bool, is_last: bool) -> CornerRadius {
    let round = |is_outer: bool| if is_outer { size::RADIUS } else { 0 };
    let (left, right) = (round(is_first), round(is_last));
    CornerRadius {
        nw: left,
        sw: left,
        ne: right,
        se: right,
    }
}

/// Shows one segment, at least `least` wide.
fn segment_ui<T>(
    ui: &mut Ui,
    choice: &Segment<'_, T>,
    is_on: bool,
    least: Vec2,
    corner: CornerRadius,
) -> Response {
    let tokens = Tokens::of(ui);
    let colour = match (choice.refusal.is_some(), is_on) {
        (true, _) => tokens.faint,
        (false, true) => tokens.accent_text,
        (false, false) => tokens.muted,
    };
    let galley = ui
        .painter()
        .layout_no_wrap(choice.label.to_owned(), Type::Strong.font(), colour);
    let natural = if least.x > 0.0 {
        least.x
    } else {
        choice_width(ui, choice)
    };
    let sense = if choice.refusal.is_some() {
        Sense::hover()
    } else {
        Sense::click()
    };
    let (rect, response) = allocate(ui, Vec2::new(natural, least.y), choice.place, sense);
    response.widget_info(|| {
        let enabled = choice.refusal.is_none();
        WidgetInfo::selected(Role::RadioButton, enabled, is_on, choice.label)
    });
    let fill = match (is_on, response.hovered()) {
        (true, _) => tokens.accent_soft,
        (false, true) => tokens.hover,
        (false, false) => tokens.surface,
    };
    ui.painter().rect_filled(rect, corner, fill);
    let text_at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(text_at, galley, colour);
    paint_focus_ring(ui, &response, corner);
    match choice.refusal {
        Some(reason) => response.on_hover_text(reason),
        None => response,
    }
}
