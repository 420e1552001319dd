//! The question before a window with downloads under way is closed.

use egui::{Align, Align2, Label, Layout, Margin, Ui, Vec2};

use super::{
    over_the_page,
    theme::{Tokens, Type},
    widgets::Button,
};
use crate::{model::plural, state::State};

/// What becomes of a window that is to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseAnswer {
    /// It is closed; downloads resume at the next start.
    Now,
    /// It is closed when the downloads are done.
    WhenDone,
    /// It stays.
    Stay,
}

/// Asks. `None` as long as there is no answer.
pub(crate) fn ask(ui: &Ui, state: &State) -> Option<CloseAnswer> {
    let mut answer = None;
    let at = (Align2::CENTER_CENTER, Vec2::ZERO);
    let leaves = over_the_page(ui, "closing", at, Margin::symmetric(24, 20), |ui| {
        let tokens = Tokens::of(ui);
        ui.set_width(440.0_f32.min(ui.ctx().content_rect().width() - 96.0));
        let running = state.downloads.running();
        let title = match running {
            1 => "A download is under way".to_owned(),
            more => format!("{} are under way", plural(more, "download", "downloads")),
        };
        ui.label(Type::Heading.text(title, tokens.text));
        ui.add_space(8.0);
        let text = "If you close now, downloads resume at the next start. What the server is building is not lost.";
        ui.add(Label::new(Type::Body.text(text, tokens.muted)).wrap());
        ui.add_space(16.0);
        ui.with_layout(
            Layout::right_to_left(Align::Min).with_main_wrap(true),
            |ui| {
                if ui.add(Button::plain("Close when done")).clicked() {
                    answer = Some(CloseAnswer::WhenDone);
                }
                if ui.add(Button::plain("Close now")).clicked() {
                    answer = Some(CloseAnswer::Now);
                }
                if ui.add(Button::quiet("Keep open")).clicked() {
                    answer = Some(CloseAnswer::Stay);
                }
            },
        );
    });
    if leaves && answer.is_none() {
        answer = Some(CloseAnswer::Stay);
    }
    answer
}
