//! A question over the page, before something is lost. It stands in the middle: who clicks twice where the first
//! button was answers nothing.

use egui::{Align, Align2, Label, Layout, Margin, Ui, Vec2};

use super::{
    over_the_page,
    theme::{Tokens, Type},
    widgets::Button,
};

/// What is asked, and what the two answers are called.
pub(super) struct Question<'a> {
    /// Tells questions apart.
    pub(super) id: &'a str,
    /// The question itself.
    pub(super) title: &'a str,
    /// What is lost, and what stays.
    pub(super) text: &'a str,
    /// The answer by which something is lost.
    pub(super) yes: &'a str,
    /// The other one, which Escape gives too.
    pub(super) no: &'a str,
}

impl Question<'_> {
    /// Draws it. True for yes, false for no, `None` as long as it is not answered.
    pub(super) fn ask(&self, ui: &Ui) -> Option<bool> {
        let mut answer = None;
        let at = (Align2::CENTER_CENTER, Vec2::ZERO);
        let leaves = over_the_page(ui, self.id, at, Margin::symmetric(24, 20), |ui| {
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
