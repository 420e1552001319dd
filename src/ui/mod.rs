//! The window: pages, dialogs, widgets, theme. Draws the state and collects wishes; changes nothing but
//! what the eye needs (scroll positions, texts in fields, open folds).

mod dialogs;
mod notices;
mod pages;
mod shell;
pub mod theme;
mod widgets;
mod words;

use crate::{
    state::{Command, Route, State},
    store::Theme,
};
use dialogs::DownloadDialog;

/// What the window remembers from frame to frame by itself.
#[derive(Default)]
pub struct Ui {
    sign_in: pages::SignInPage,
    experiments: pages::ExperimentsPage,
    settings: pages::SettingsPage,
    status: pages::StatusPage,
    dialog: Option<DownloadDialog>,
    theme: Option<Theme>,
}

impl Ui {
    /// Draws everything and gives back what the user wishes.
    pub fn show(&mut self, ui: &mut egui::Ui, state: &State) -> Vec<Command> {
        self.follow_theme(ui, state.settings.theme);
        let mut wishes = Vec::new();
        if state.is_signing_in() {
            self.dialog = None;
            self.sign_in.show(ui, state, &mut wishes);
        } else {
            self.sign_in.leave();
            self.experiments.poll(state, &mut wishes);
            shell::rail(ui, state, &mut wishes);
            shell::session_bar(ui, state, &mut wishes);
            match state.route {
                Route::Experiments => {
                    if let Some(draft) = self.experiments.show(ui, state, &mut wishes) {
                        self.dialog = Some(draft);
                    }
                }
                Route::Downloads => pages::downloads(ui, state, &mut wishes),
                Route::Status => self.status.show(ui, state, &mut wishes),
                Route::Settings => self.settings.show(ui, state, &mut wishes),
            }
        }
        if let Some(dialog) = &mut self.dialog
            && !dialog.show(ui, state, &mut wishes)
        {
            self.dialog = None;
        }
        notices::show(ui, state, &mut wishes);
        wishes
    }

    fn follow_theme(&mut self, ui: &egui::Ui, theme: Theme) {
        if self.theme != Some(theme) {
            self.theme = Some(theme);
            ui.ctx().set_theme(match theme {
                Theme::System => egui::ThemePreference::System,
                Theme::Light => egui::ThemePreference::Light,
                Theme::Dark => egui::ThemePreference::Dark,
            });
        }
    }
}
