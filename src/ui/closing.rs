//! The question that is asked before a window with downloads under way is closed.

use egui::{Align, Align2, Label, Layout, Margin, Ui, Vec2};

use super::{
    modal_ui,
    theme::{Tokens, Type},
    widgets::Button,
};
use crate::{model::plural, state::State};

/// The answer to the question whether to close a window with downloads under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseAnswer {
    /// Close; downloads resume at the next start.
    Now,
    /// Close when the downloads are done.
    WhenDone,
    /// Keep the window open.
    Stay,
}

/// Draws the question. Returns `None` until it is answered.
pub(crate) fn closing_question_ui(ui: &Ui, state: &State) -> Option<CloseAnswer> {
    let mut answer = None;
    let at = (Align2::CENTER_CENTER, Vec2::ZERO);
    let leaves = modal_ui(ui, "closing", at, Margin::symmetric(24, 20), |ui| {
        let tokens = Tokens::of(ui);
        ui.set_width(440.0_f32.min(ui.ctx().content_rect().width() - 96.0));
        let running = state.downloads.running();
        let title = match running {
            1 => "A download is under way".to_owned(),
            more => format!("{} are under way", plural(more, "download", "downloads")),
        };
        ui.label(Type::Heading.text(title, tokens.text));
        ui.add_space(8.0);
        let text = format!("If you close now, {}", what_resumes(state));
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

/// Returns what becomes of the downloads when the program is closed.
fn what_resumes(state: &State) -> &'static str {
    let Some(session) = state.session() else {
        return "downloads resume the next time you start the program.";
    };
    let is_kept = state.settings.kept.contains(session.server.as_str());
    match (session.has_token(), is_kept) {
        (true, true) => {
            "downloads resume the next time you start the program. Archives that the server is building are not lost."
        }
        // What identifies an archive on the server is kept only where the token is: in the keychain.
        (true, false) => {
            "downloads resume the next time you sign in. An archive that the server is still building is requested again."
        }
        (false, _) => {
            "downloads resume the next time you start the program. An archive that the server is still building is requested again."
        }
    }
}
