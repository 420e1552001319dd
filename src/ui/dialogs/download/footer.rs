//! The footer of the dialog, which never scrolls, and the request as a script.

use egui::{Align, Frame, Key, Label, Layout, Margin, Ui};

use super::{DownloadDialog, scripts::Script};
use crate::{
    state::{AppCommand, Command, DownloadsCommand, State},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Segment, segments_ui},
    },
};

impl DownloadDialog {
    /// Draws the footer. Returns `false` if the dialog is to be closed.
    pub(super) fn footer_ui(
        &mut self,
        ui: &mut Ui,
        height: f32,
        state: &State,
        commands: &mut Vec<Command>,
    ) -> bool {
        let mut stays = true;
        Frame::new()
            .inner_margin(Margin::symmetric(24, 0))
            .show(ui, |ui| {
                ui.set_height(height);
                ui.horizontal_centered(|ui| {
                    if ui
                        .add(Button::quiet("Command line").with_icon(Icon::CODE))
                        .clicked()
                    {
                        self.shows_scripts = !self.shows_scripts;
                        self.reveals_scripts = self.shows_scripts;
                    }
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        let refusal = self.refusal(state);
                        let text = self.primary_text(state);
                        let primary = Button::primary(&text)
                            .with_icon(Icon::DOWNLOAD)
                            .disabled_because(refusal.as_deref());
                        // Enter presses the main button, as in any dialog, but not with the key press that opened the
                        // dialog, and not while a field or another button has the focus.
                        let is_entered = self.takes_enter
                            && refusal.is_none()
                            && ui.input(|input| input.key_pressed(Key::Enter));
                        if ui.add(primary).clicked() || is_entered {
                            let what = self.amount(state);
                            commands.extend(
                                self.instead_of
                                    .map(|id| Command::Downloads(DownloadsCommand::Cancel(id))),
                            );
                            commands.push(Command::Downloads(DownloadsCommand::Start {
                                job: Box::new(self.job(state)),
                                what,
                            }));
                            stays = false;
                        }
                        if ui
                            .add(Button::plain("Cancel").height(size::LARGE))
                            .clicked()
                        {
                            stays = false;
                        }
                    });
                });
            });
        stays
    }

    /// Draws the request as a command or script, without the token.
    pub(super) fn scripts_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        ui.label(Type::Strong.text("Command line", tokens.text));
        if self.is_choice_open() || self.files.is_empty() {
            // Without codes or files the command would ask for something else: for everything.
            let text = self.refusal(state).unwrap_or_default();
            ui.label(Type::Small.text(text, tokens.muted));
            self.reveal_scripts(ui);
            return;
        }
        let text = self.script(self.script, state);
        let explanation = "Set the environment variable FRAGALYSIS_TOKEN to your token, or leave it unset for public data.";
        ui.label(Type::Small.text(explanation, tokens.muted));
        ui.horizontal(|ui| {
            let choices = Script::ALL.map(|script| Segment::new(script, script.label()));
            if let Some(script) = segments_ui(ui, Some(self.script), &choices, None) {
                self.script = script;
            }
            if ui
                .add(Button::plain("Copy the command").with_icon(Icon::COPY))
                .clicked()
            {
                ui.ctx().copy_text(text.clone());
                commands.push(Command::App(AppCommand::Notify(
                    "The command has been copied.".to_owned(),
                )));
            }
        });
        Frame::new()
            .fill(tokens.sunken)
            .corner_radius(size::RADIUS)
            .inner_margin(Margin::same(12))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.add(
                    Label::new(Type::Code.text(&text, tokens.text))
                        .wrap()
                        .selectable(true),
                );
            });
        self.reveal_scripts(ui);
    }

    /// Scrolls to the section when it has just been opened, below what is seen.
    fn reveal_scripts(&mut self, ui: &Ui) {
        if std::mem::take(&mut self.reveals_scripts) {
            ui.scroll_to_cursor(Some(Align::BOTTOM));
        }
    }
}
