//! How single cells look.

use egui::{Align2, Pos2, Rect, Ui};

use crate::{
    table::Column,
    ui::{
        shell::cut,
        theme::{Tokens, Type},
        widgets::{Light, paint_light},
    },
};

/// Room at both sides of a cell, in points.
pub(super) const PADDING: f32 = 6.0;

/// Paints a cell's text; gives back the whole text where it had to be cut.
pub(super) fn paint<'a>(
    ui: &Ui,
    rect: Rect,
    column: &Column,
    text: std::borrow::Cow<'a, str>,
) -> Option<std::borrow::Cow<'a, str>> {
    let tokens = Tokens::of(ui);
    let mut left = rect.left() + PADDING;
    let right = rect.right() - PADDING;
    if text.is_empty() {
        let (at, align) = if column.is_right_aligned() {
            (Pos2::new(right, rect.center().y), Align2::RIGHT_CENTER)
        } else {
            (Pos2::new(left, rect.center().y), Align2::LEFT_CENTER)
        };
        ui.painter()
            .text(at, align, "–", Type::Body.font(), tokens.faint);
        return None;
    }
    if column.field == "experiment_status" {
        paint_light(
            ui,
            Pos2::new(left + 4.0, rect.center().y),
            status_light(&text),
        );
        left += 16.0;
    }
    // A line break in a comment must not make the row higher.
    let line = if text.contains(['\n', '\r', '\t']) {
        std::borrow::Cow::Owned(text.replace(['\n', '\r', '\t'], " "))
    } else {
        text.clone()
    };
    let galley = cut(ui, &line, Type::Body, tokens.text, right - left);
    let x = if column.is_right_aligned() {
        right - galley.size().x
    } else {
        left
    };
    let is_cut = galley.elided;
    let at = Pos2::new(x, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, tokens.text);
    is_cut.then_some(text)
}

/// The light that goes with a status; servers may have words of their own.
fn status_light(status: &str) -> Light {
    let status = status.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| status.contains(word));
    if has(&["rejected", "failed"]) {
        Light::Wrong
    } else if has(&["deposited"]) {
        Light::Ok
    } else if has(&["ready"]) {
        Light::Active
    } else if has(&["progress"]) {
        Light::Care
    } else {
        Light::Unknown
    }
}
