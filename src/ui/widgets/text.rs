//! Text that may have to be truncated, and text that screen readers announce when it changes.

use std::sync::Arc;

use egui::{
    Color32, Galley, Label, Rangef, Response, Stroke, Ui,
    accesskit::Live,
    text::{LayoutJob, TextWrapping},
};

use crate::ui::theme::{Tokens, Type};

/// Lays out text in one line, truncated with "…" where space is short.
pub(crate) fn cut(ui: &Ui, text: &str, step: Type, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), step.font(), colour);
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// Returns the width of a text on one line.
pub(crate) fn width_of(ui: &Ui, text: &str, step: Type) -> f32 {
    let line = text.to_owned();
    let galley = ui
        .painter()
        .layout_no_wrap(line, step.font(), Color32::PLACEHOLDER);
    galley.size().x
}

/// Truncates the text of a button to a width, with "…" at the end.
pub(crate) fn shortened(ui: &Ui, text: &str, width: f32) -> String {
    let wide = |text: &str| width_of(ui, text, Type::Strong);
    if wide(text) <= width {
        return text.to_owned();
    }
    let mut shown = text.to_owned();
    while shown.pop().is_some() {
        let candidate = format!("{}…", shown.trim_end_matches([' ', '(']));
        if wide(&candidate) <= width {
            return candidate;
        }
    }
    "…".to_owned()
}

/// Draws truncated text as a label; hovering shows the full text.
pub(crate) fn cut_label_ui(
    ui: &mut Ui,
    text: &str,
    step: Type,
    colour: Color32,
    width: f32,
) -> Response {
    let galley = cut(ui, text, step, colour, width);
    ui.add(Label::new(galley))
}

/// Draws a word in the middle of a line, between two choices.
pub(crate) fn between_lines_ui(ui: &mut Ui, text: &str) {
    let tokens = Tokens::of(ui);
    let label = ui
        .vertical_centered(|ui| ui.label(Type::Small.text(text, tokens.muted)))
        .inner
        .rect;
    let full = ui.max_rect().x_range();
    let stroke = Stroke::new(1.0, tokens.line);
    let y = label.center().y.round() + 0.5;
    for range in [
        Rangef::new(full.min, label.left() - 12.0),
        Rangef::new(label.right() + 12.0, full.max),
    ] {
        ui.painter().hline(range, y, stroke);
    }
}

/// Makes screen readers announce the text when it changes; urgent text interrupts them.
pub(crate) fn announce(response: &Response, is_urgent: bool) {
    let live = if is_urgent {
        Live::Assertive
    } else {
        Live::Polite
    };
    response
        .ctx
        .accesskit_node_builder(response.id, |node| node.set_live(live));
}
