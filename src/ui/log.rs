//! The log of this program, in a window over the page.

use egui::{Align, Align2, Label, Layout, Margin, ScrollArea, Ui, Vec2};

use super::{
    theme::{Icon, Tokens, Type},
    widgets::{Button, Segment, hairline_ui, segments_ui},
};
use crate::{
    model::LogLevel,
    state::{AppCommand, Command, State},
};

/// What the window remembers while it is open.
pub(super) struct LogWindow {
    least: LogLevel,
}

impl Default for LogWindow {
    fn default() -> Self {
        Self {
            least: LogLevel::Information,
        }
    }
}

impl LogWindow {
    /// Draws the window. Returns `false` if it is to be closed.
    pub(super) fn log_ui(&mut self, ui: &Ui, state: &State, commands: &mut Vec<Command>) -> bool {
        let tokens = Tokens::of(ui);
        let room = ui.ctx().content_rect().size() - Vec2::splat(48.0);
        let mut stays = true;
        let place = (Align2::CENTER_CENTER, Vec2::ZERO);
        let leaves = super::modal_ui(ui, "log", place, Margin::symmetric(24, 16), |ui| {
            ui.set_width(820.0_f32.min(room.x - 48.0));
            ui.horizontal(|ui| {
                ui.label(Type::Title.text("Log", tokens.text));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if ui
                        .add(Button::quiet_icon(Icon::CROSS, "Close the log"))
                        .clicked()
                    {
                        stays = false;
                    }
                });
            });
            ui.horizontal(|ui| {
                let choices = [
                    Segment::new(LogLevel::Error, "Errors"),
                    Segment::new(LogLevel::Warning, "Errors and warnings"),
                    Segment::new(LogLevel::Information, "Everything"),
                ];
                if let Some(least) = segments_ui(ui, Some(self.least), &choices, None) {
                    self.least = least;
                }
            });
            hairline_ui(ui);
            self.lines_ui(ui, state, (room.y - 190.0).clamp(120.0, 460.0));
            hairline_ui(ui);
            ui.horizontal(|ui| {
                let report = Button::plain("Copy a report for support").with_icon(Icon::COPY);
                if ui.add(report).clicked() {
                    commands.push(Command::App(AppCommand::CopyReport));
                }
                if ui
                    .add(Button::quiet("Open the log folder").with_icon(Icon::FOLDER))
                    .clicked()
                {
                    commands.push(Command::App(AppCommand::OpenFolder(
                        state.environment.folders.logs(),
                    )));
                }
            });
        });
        stays && !leaves
    }

    fn lines_ui(&self, ui: &mut Ui, state: &State, height: f32) {
        let tokens = Tokens::of(ui);
        let lines = state.environment.log.lines(self.least);
        ScrollArea::vertical()
            .max_height(height)
            .min_scrolled_height(height)
            .auto_shrink([false, false])
            .stick_to_bottom(true)
            .show(ui, |ui| {
                if lines.is_empty() {
                    ui.label(Type::Body.text("No log entries of this level.", tokens.muted));
                }
                for line in &lines {
                    let colour = match line.level {
                        LogLevel::Error => tokens.err,
                        LogLevel::Warning => tokens.warn,
                        LogLevel::Information => tokens.text,
                    };
                    ui.add(Label::new(Type::Code.text(line.to_string(), colour)).wrap());
                }
            });
    }
}
