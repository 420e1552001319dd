//! Paints single cells.

use egui::{
    Align2, Color32, Pos2, Rect, Response, Role, Ui, WidgetInfo,
    text::{LayoutJob, TextFormat, TextWrapping},
};

use crate::{
    table::{Column, matches},
    ui::{
        theme::{Icon, Tokens, Type},
        widgets::{Light, cut, paint_icon, paint_light},
    },
};

/// Space on both sides of a cell, in points.
pub(super) const PADDING: f32 = 6.0;

/// Paints the dash that stands for an empty cell.
fn paint_dash(ui: &Ui, rect: Rect, column: &Column) {
    let (x, align) = if column.is_right_aligned() {
        (rect.right() - PADDING, Align2::RIGHT_CENTER)
    } else {
        (rect.left() + PADDING, Align2::LEFT_CENTER)
    };
    let (at, colour) = (Pos2::new(x, rect.center().y), Tokens::of(ui).faint);
    ui.painter().text(at, align, "–", Type::Body.font(), colour);
}

/// The column whose values have a status light beside them.
pub(super) const STATUS: &str = "experiment_status";

/// Paints the text of a cell. Returns the full text if it had to be truncated.
pub(super) fn paint<'a>(
    ui: &Ui,
    rect: Rect,
    column: &Column,
    text: std::borrow::Cow<'a, str>,
    needle: &str,
    is_odd: bool,
) -> Option<std::borrow::Cow<'a, str>> {
    let tokens = Tokens::of(ui);
    let mut left = rect.left() + PADDING;
    let right = rect.right() - PADDING;
    if text.is_empty() {
        paint_dash(ui, rect, column);
        return None;
    }
    if column.field == STATUS {
        let at = Pos2::new(left + 4.0, rect.center().y);
        paint_light(ui, at, status_light(&text));
        left += 16.0;
    }
    // A line break in a comment must not make the row higher.
    let line = if text.contains(['\n', '\r', '\t']) {
        std::borrow::Cow::Owned(text.replace(['\n', '\r', '\t'], " "))
    } else {
        text.clone()
    };
    let colour = if is_odd { tokens.warn } else { tokens.text };
    if is_odd {
        let at = Pos2::new(left + 6.0, rect.center().y);
        paint_icon(ui, at, Icon::WARNING, 12.0, tokens.warn);
        left += 18.0;
    }
    let found = if needle.trim().is_empty() {
        Vec::new()
    } else {
        matches(&line, needle)
    };
    let galley = if found.is_empty() {
        cut(ui, &line, Type::Body, colour, right - left)
    } else {
        highlighted(ui, &line, &found, colour, right - left)
    };
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

/// Lays out the text with the search matches highlighted.
fn highlighted(
    ui: &Ui,
    text: &str,
    found: &[(usize, usize)],
    colour: Color32,
    width: f32,
) -> std::sync::Arc<egui::Galley> {
    let plain = TextFormat::simple(Type::Body.font(), colour);
    let marked = TextFormat {
        background: Tokens::of(ui).found,
        ..plain.clone()
    };
    let mut job = LayoutJob {
        break_on_newline: false,
        wrap: TextWrapping::truncate_at_width(width.max(0.0)),
        ..LayoutJob::default()
    };
    let mut at = 0;
    for (from, to) in found {
        job.append(text.get(at..*from).unwrap_or_default(), 0.0, plain.clone());
        job.append(
            text.get(*from..*to).unwrap_or_default(),
            0.0,
            marked.clone(),
        );
        at = *to;
    }
    job.append(text.get(at..).unwrap_or_default(), 0.0, plain);
    ui.painter().layout_job(job)
}

/// Returns the light for a status; servers may use words of their own.
pub(super) fn status_light(status: &str) -> Light {
    let status = status.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| status.contains(word));
    if has(&["rejected", "failed"]) {
        Light::Error
    } else if has(&["deposited"]) {
        Light::Ok
    } else if has(&["ready"]) {
        Light::Active
    } else if has(&["progress"]) {
        Light::Warning
    } else {
        Light::Unknown
    }
}

/// Tells a screen reader where the cell is, in which column, and what it says.
pub(super) fn describe(
    ui: &Ui,
    response: &Response,
    at: (usize, usize),
    column: &Column,
    text: &str,
) {
    let name = if text.is_empty() { "empty" } else { text };
    response.widget_info(|| WidgetInfo::labeled(Role::Cell, true, name));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_row_index(at.0 + 1);
        node.set_column_index(at.1 + 1);
        node.set_description(column.title().into_owned());
    });
}

/// Returns `true` if a field names a compound, a crystal or a hit, so that the structure is worth showing.
pub(super) fn names_a_compound(field: &str) -> bool {
    matches!(
        field,
        "code"
            | "longcode"
            | "compound"
            | "compound_code"
            | "smiles"
            | "compound_smiles"
            | "modelled_smiles"
    )
}
