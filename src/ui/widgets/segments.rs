//! Two to five choices of which one holds.

use egui::{CornerRadius, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};

use super::button::focus_ring;
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
}

impl<'a, T> Segment<'a, T> {
    /// A choice.
    pub(crate) fn new(value: T, label: &'a str) -> Self {
        Self {
            value,
            label,
            refusal: None,
        }
    }
}

/// Shows the choices in one line. `chosen` may be none of them. Gives back the one that was clicked.
/// With a `width` all are equally wide and fill it.
pub(crate) fn segments<T: Copy + PartialEq>(
    ui: &mut Ui,
    chosen: Option<T>,
    choices: &[Segment<'_, T>],
    width: Option<f32>,
) -> Option<T> {
    let tokens = Tokens::of(ui);
    let mut clicked = None;
    let height = if width.is_some() {
        size::LARGE
    } else {
        size::CONTROL
    };
    ui.spacing_mut().item_spacing.x = 8.0;
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.horizontal(|ui| {
            let mut whole = Rect::NOTHING;
            let last = choices.len().saturating_sub(1);
            let mut edges = Vec::new();
            for (at, choice) in choices.iter().enumerate() {
                let is_on = chosen == Some(choice.value);
                let colour = match (choice.refusal.is_some(), is_on) {
                    (true, _) => tokens.faint,
                    (false, true) => tokens.accent_text,
                    (false, false) => tokens.muted,
                };
                let galley = ui.painter().layout_no_wrap(
                    choice.label.to_owned(),
                    Type::Strong.font(),
                    colour,
                );
                let wide = width.map_or(galley.size().x + 2.0 * PADDING, |all| {
                    (all / choices.len() as f32).floor()
                });
                let sense = if choice.refusal.is_some() {
                    Sense::hover()
                } else {
                    Sense::click()
                };
                let (rect, mut response) = ui.allocate_exact_size(Vec2::new(wide, height), sense);
                response.widget_info(|| {
                    let enabled = choice.refusal.is_none();
                    WidgetInfo::selected(Role::RadioButton, enabled, is_on, choice.label)
                });
                let fill = match (is_on, response.hovered()) {
                    (true, _) => tokens.accent_soft,
                    (false, true) => tokens.hover,
                    (false, false) => tokens.surface,
                };
                let corner = CornerRadius {
                    nw: if at == 0 { size::RADIUS } else { 0 },
                    sw: if at == 0 { size::RADIUS } else { 0 },
                    ne: if at == last { size::RADIUS } else { 0 },
                    se: if at == last { size::RADIUS } else { 0 },
                };
                ui.painter().rect_filled(rect, corner, fill);
                let text_at = rect.center() - galley.size() / 2.0;
                ui.painter().galley(text_at, galley, colour);
                focus_ring(ui, &response, corner);
                if response.clicked() {
                    clicked = Some(choice.value);
                }
                if let Some(reason) = choice.refusal {
                    response = response.on_hover_text(reason);
                }
                whole |= response.rect;
                if at != last {
                    edges.push(rect.right());
                }
            }
            let stroke = Stroke::new(1.0, tokens.line2);
            ui.painter().rect_stroke(
                whole,
                CornerRadius::same(size::RADIUS),
                stroke,
                StrokeKind::Inside,
            );
            for x in edges {
                ui.painter().vline(x - 0.5, whole.y_range(), stroke);
            }
        });
    });
    clicked
}
