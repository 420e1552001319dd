//! The foot of the dialog, which never scrolls, and the same request for scripts.

use egui::{Align, Frame, Label, Layout, Margin, Ui};

use super::{DownloadDialog, FOOT};
use crate::{
    model::Preset,
    state::{Command, State},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::Button,
    },
};

impl DownloadDialog {
    /// False when the dialog is to be closed.
    pub(super) fn foot(&mut self, ui: &mut Ui, state: &State, wishes: &mut Vec<Command>) -> bool {
        let mut stays = true;
        Frame::new()
            .inner_margin(Margin::symmetric(24, 0))
            .show(ui, |ui| {
                ui.set_height(FOOT);
                ui.horizontal_centered(|ui| {
                    if ui
                        .add(Button::quiet("For scripts").with_icon(Icon::CODE))
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
                            .refused(refusal.as_deref());
                        if ui.add(primary).clicked() {
                            let what = self.amount(state);
                            wishes.push(Command::StartDownload {
                                job: self.job(state),
                                what,
                            });
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

    /// The same request as a command of this program, without the token.
    pub(super) fn scripts(&mut self, ui: &mut Ui, state: &State, wishes: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        let command = self.command_line(state);
        ui.label(Type::Strong.text("The same for a script", tokens.text));
        let explanation = "Put the token into the environment variable FRAGALYSIS_TOKEN, or leave it out for public data.";
        ui.label(Type::Small.text(explanation, tokens.muted));
        Frame::new()
            .fill(tokens.sunken)
            .corner_radius(size::RADIUS)
            .inner_margin(Margin::same(12))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.add(
                    Label::new(Type::Code.text(&command, tokens.text))
                        .wrap()
                        .selectable(true),
                );
            });
        if ui
            .add(Button::plain("Copy the command").with_icon(Icon::COPY))
            .clicked()
        {
            ui.ctx().copy_text(command);
            wishes.push(Command::Tell("The command has been copied.".to_owned()));
        }
        if std::mem::take(&mut self.reveals_scripts) {
            ui.scroll_to_cursor(Some(Align::BOTTOM));
        }
    }

    fn command_line(&self, state: &State) -> String {
        let request = self.request(state);
        let mut words = vec!["fragalysis-desktop".to_owned(), "download".to_owned()];
        let mut add = |name: &str, value: &str| words.extend([name.to_owned(), quoted(value)]);
        if let Some(session) = &state.session {
            add("--server", session.server.as_str());
        }
        add("--target", &request.target.title);
        add("--tas", request.target.tas.as_str());
        add("--to", self.folder.trim());
        if !request.codes.is_empty() {
            add("--codes", &request.codes.join(","));
        }
        if let Some(preset) = Preset::ALL
            .into_iter()
            .find(|preset| preset.files() == request.files)
        {
            add("--preset", preset.name());
        } else {
            let kinds: Vec<&str> = request.files.kinds().map(|kind| kind.parameter()).collect();
            add("--files", &kinds.join(","));
        }
        if self.keep_archive || !self.unpack {
            words.push("--keep-archive".to_owned());
        }
        words.join(" ")
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
