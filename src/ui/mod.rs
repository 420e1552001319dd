//! The window: pages, dialogs, widgets, theme. Draws the state and collects commands; changes nothing but
//! what the eye needs (scroll positions, texts in fields, open folds).

mod actions;
mod closing;
mod dialogs;
mod input;
mod keys;
mod licences;
mod log;
mod notices;
mod pages;
mod palette;
mod question;
mod remedy;
mod shell;
mod text_size;
pub mod theme;
mod widgets;
mod words;

use actions::What;
use dialogs::DownloadDialog;
use licences::LicencesWindow;
use log::LogWindow;
use palette::{Chosen, Palette};

use crate::{
    state::{AppCommand, Command, Route, SettingsCommand, State, TableCommand},
    store::Theme,
};

pub use closing::CloseAnswer;
pub(crate) use closing::ask as ask_to_close;
pub use dialogs::system_dialogs;

pub(crate) use dialogs::install as install_dialogs;
pub(crate) use input::key_modifiers;
/// What the window remembers from frame to frame by itself.
#[derive(Default)]
pub struct Ui {
    sign_in: pages::SignInPage,
    experiments: pages::ExperimentsPage,
    settings: pages::SettingsPage,
    status: pages::StatusPage,
    downloads: pages::DownloadsPage,
    dialog: Option<DownloadDialog>,
    overlay: Overlay,
    theme: Option<Theme>,
}

/// What lies over the page.
#[derive(Default)]
enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The list of all commands.
    Palette(Palette),
    /// The list of all keys.
    Keys,
    /// The log.
    Log(LogWindow),
    /// The licences of what is inside.
    Licences(LicencesWindow),
    /// The way to servers.
    Network,
}

impl Ui {
    /// Draws everything and gives back what the user commands.
    pub fn show(&mut self, ui: &mut egui::Ui, state: &State) -> Vec<Command> {
        self.follow_theme(ui, state.settings.theme);
        text_size::follow(ui.ctx(), state.settings.text_size);
        let mut commands = Vec::new();
        // A dialog that is open has the keys for itself.
        if self.dialog.is_none() {
            for what in actions::pressed(ui, state) {
                self.act(what, ui.ctx(), state, &mut commands);
            }
        }
        shell::crash_bar(ui, state, &mut commands);
        if state.is_signing_in() {
            self.dialog = None;
            if let Some(what) = self.sign_in.show(ui, state, &mut commands) {
                self.act(what, ui.ctx(), state, &mut commands);
            }
        } else {
            self.sign_in.leave();
            self.experiments.poll(state, &mut commands);
            if shell::rail(ui, state, &mut commands) {
                self.overlay = Overlay::Palette(Palette::default());
            }
            shell::session_bar(ui, state, &mut commands);
            match state.route {
                Route::Experiments => {
                    if let Some(draft) = self.experiments.show(ui, state, &mut commands) {
                        self.dialog = Some(draft);
                    }
                }
                Route::Downloads => {
                    if let Some(draft) = self.downloads.show(ui, state, &mut commands) {
                        self.dialog = Some(draft);
                    }
                }
                Route::Status => self.status.show(ui, state, &mut commands),
                Route::Settings => {
                    if let Some(what) = self.settings.show(ui, state, &mut commands) {
                        self.act(what, ui.ctx(), state, &mut commands);
                    }
                }
            }
        }
        if let Some(dialog) = &mut self.dialog
            && !dialog.show(ui, state, &mut commands)
        {
            self.dialog = None;
        }
        self.overlay(ui, state, &mut commands);
        notices::show(ui, state, &mut commands);
        commands
    }

    fn overlay(&mut self, ui: &egui::Ui, state: &State, commands: &mut Vec<Command>) {
        let chosen = match &mut self.overlay {
            Overlay::None => return,
            Overlay::Keys => {
                if !keys::show(ui, state) {
                    self.overlay = Overlay::None;
                }
                return;
            }
            Overlay::Log(log) => {
                if !log.show(ui, state, commands) {
                    self.overlay = Overlay::None;
                }
                return;
            }
            Overlay::Licences(licences) => {
                if !licences.show(ui) {
                    self.overlay = Overlay::None;
                }
                return;
            }
            Overlay::Network => {
                if !self.settings.network_window(ui, state, commands) {
                    self.overlay = Overlay::None;
                }
                return;
            }
            Overlay::Palette(palette) => palette.show(ui, state),
        };
        match chosen {
            Chosen::Open => {}
            Chosen::Nothing => self.overlay = Overlay::None,
            Chosen::This(what) => {
                self.overlay = Overlay::None;
                self.act(what, ui.ctx(), state, commands);
            }
        }
    }

    /// Does what an action says.
    fn act(&mut self, what: What, ctx: &egui::Context, state: &State, commands: &mut Vec<Command>) {
        let is_of_the_table = matches!(
            what,
            What::Download | What::Find | What::Details | What::Plot
        );
        if is_of_the_table && state.route != Route::Experiments {
            commands.push(Command::App(AppCommand::Go(Route::Experiments)));
        }
        match what {
            What::Command(command) => {
                if matches!(*command, Command::Table(TableCommand::ShowTarget(_))) {
                    commands.push(Command::App(AppCommand::Go(Route::Experiments)));
                }
                commands.push(match *command {
                    Command::Settings(SettingsCommand::SetTextSize(wanted)) => {
                        text_size::command(ctx, state.settings.text_size, wanted)
                    }
                    other => other,
                });
            }
            What::Palette => self.overlay = Overlay::Palette(Palette::default()),
            What::Keys => self.overlay = Overlay::Keys,
            What::Log => self.overlay = Overlay::Log(LogWindow::default()),
            What::Licences => self.overlay = Overlay::Licences(LicencesWindow::default()),
            What::Network if state.is_signing_in() => self.overlay = Overlay::Network,
            // Later it is on a page, and not a second time over it.
            What::Network => commands.push(Command::App(AppCommand::Go(Route::Settings))),
            What::Download => self.dialog = pages::ExperimentsPage::begin_download(state, commands),
            What::Find => self.experiments.find(),
            What::Details => self.experiments.toggle_details(),
            What::Plot => self.experiments.toggle_plot(),
        }
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

/// The frame of what lies over the page.
fn dialog_frame(ui: &egui::Ui) -> egui::Frame {
    let tokens = theme::Tokens::of(ui);
    egui::Frame::new()
        .fill(tokens.surface)
        .stroke(egui::Stroke::new(1.0, tokens.line))
        .corner_radius(egui::CornerRadius::same(theme::size::RADIUS_LARGE))
        .shadow(ui.visuals().window_shadow)
}

/// Shows something over the page, as a dialog. Gives back whether it is to be closed: by Escape, or by a click
/// beside it.
fn over_the_page(
    ui: &egui::Ui,
    name: &str,
    (anchor, offset): (egui::Align2, egui::Vec2),
    margin: egui::Margin,
    content: impl FnOnce(&mut egui::Ui),
) -> bool {
    let id = egui::Id::unique(name);
    let area = egui::Area::new(id)
        .kind(egui::UiKind::Modal)
        .sense(egui::Sense::hover())
        .anchor(anchor, offset)
        .order(egui::Order::Foreground)
        .interactable(true);
    let modal = egui::Modal::new(id)
        .area(area)
        .backdrop_color(theme::Tokens::of(ui).scrim)
        .frame(dialog_frame(ui).inner_margin(margin));
    let shown = modal.show(ui.ctx(), content);
    shown.should_close() || ui.input(|input| input.key_pressed(egui::Key::Escape))
}
