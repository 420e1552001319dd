//! Text that may have no room, and text that screen readers say when it changes.

use std::sync::Arc;

use egui::{
    Color32, Galley, Label, Response, Ui,
    accesskit::Live,
    text::{LayoutJob, TextWrapping},
};

use crate::ui::theme::Type;

/// Text in one line that ends in "…" where there is no room for all of it.
pub(crate) fn cut(ui: &Ui, text: &str, step: Type, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), step.font(), colour);
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// How wide a text is in one line.
pub(crate) fn width_of(ui: &Ui, text: &str, step: Type) -> f32 {
    let line = text.to_owned();
    let galley = ui
        .painter()
        .layout_no_wrap(line, step.font(), Color32::PLACEHOLDER);
    galley.size().x
}

/// The same as a label: anyone who points at it reads all of it.
pub(crate) fn cut_label(
    ui: &mut Ui,
    text: &str,
    step: Type,
    colour: Color32,
    width: f32,
) -> Response {
    let galley = cut(ui, text, step, colour, width);
    ui.add(Label::new(galley))
}

/// Lets screen readers say what stands there as soon as it changes; what is urgent interrupts them.
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
