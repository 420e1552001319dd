//! A question over the page, before something is lost. It is in the middle, so that a double click on the button that
//! opened it does not answer it.

use egui::{Align, Align2, Label, Layout, Margin, Ui, Vec2};

use super::{
    modal_ui,
    theme::{Tokens, Type},
    widgets::Button,
};

/// A question and the labels of its two buttons.
pub(super) struct Question<'a> {
    /// The unique id of the question.
    pub(super) id: &'a str,
    /// The text of the question.
    pub(super) title: &'a str,
    /// What is lost, and what is kept.
    pub(super) text: &'a str,
    /// The label of the button that discards something.
    pub(super) yes: &'a str,
    /// The label of the other button; Escape does the same.
    pub(super) no: &'a str,
}

impl Question<'_> {
    /// Draws the question. Returns `None` until it is answered.
    pub(super) fn question_ui(&self, ui: &Ui) -> Option<bool> {
        let mut answer = None;
        let at = (Align2::CENTER_CENTER, Vec2::ZERO);
        let leaves = modal_ui(ui, self.id, at, Margin::symmetric(24, 20), |ui| {
            let tokens = Tokens::of(ui);
            ui.set_width(400.0);
            ui.label(Type::Heading.text(self.title, tokens.text));
            ui.add_space(8.0);
            ui.add(Label::new(Type::Body.text(self.text, tokens.muted)).wrap());
            ui.add_space(16.0);
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                if ui.add(Button::danger(self.yes)).clicked() {
                    answer = Some(true);
                }
                if ui.add(Button::plain(self.no)).clicked() {
                    answer = Some(false);
                }
            });
        });
        if leaves && answer.is_none() {
            answer = Some(false);
        }
        answer
    }
}
