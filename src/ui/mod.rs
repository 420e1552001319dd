//! The window: pages, dialogs, widgets, theme. Draws the state and collects commands; changes nothing but view state
//! (scroll positions, texts in fields, open sections).

mod actions;
mod closing;
mod dialogs;
mod drop;
mod glossary;
mod input;
mod licences;
mod log;
mod notices;
mod pages;
mod palette;
mod question;
mod remedy;
mod shell;
mod shortcuts;
mod text_size;
pub mod theme;
mod widgets;
mod words;

use actions::ActionKind;
use dialogs::DownloadDialog;
use glossary::Glossary;
use licences::LicencesWindow;
use log::LogWindow;
use palette::{Chosen, Palette};

use crate::{
    state::{AppCommand, Command, Route, SettingsCommand, State, TableCommand},
    store::Theme,
};

pub use closing::CloseAnswer;
pub(crate) use closing::closing_question_ui as ask_to_close;
pub use dialogs::system_dialogs;

pub(crate) use dialogs::install as install_dialogs;
pub(crate) use input::key_modifiers;
/// What the window itself remembers between frames.
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
    /// The number of the last dropped list that was taken into a dialog.
    last_drop: u64,
    /// The size of the window in the last frame.
    size: egui::Vec2,
}

/// What is shown over the page.
#[derive(Default)]
enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The list of all commands.
    Palette(Palette),
    /// The list of keyboard shortcuts.
    Keys,
    /// The glossary.
    Glossary(Glossary),
    /// The log.
    Log(LogWindow),
    /// The third-party licences.
    Licences(LicencesWindow),
    /// The network settings.
    Network,
}

impl Ui {
    /// Draws the window and returns the user's commands.
    pub fn window_ui(&mut self, ui: &mut egui::Ui, state: &State) -> Vec<Command> {
        self.follow_theme(ui, state.settings.theme);
        text_size::apply(ui.ctx(), state.settings.text_size);
        let size = ui.ctx().content_rect().size();
        if self.size != size {
            self.size = size;
            // What is laid out by its size in the last frame would keep that of the old window until something moves.
            ui.ctx().request_repaint();
        }
        let mut commands = Vec::new();
        for what in actions::pressed_actions(ui, state, self.dialog.is_some()) {
            self.act(what, ui.ctx(), state, &mut commands);
        }
        shell::crash_bar_ui(ui, state, &mut commands);
        if state.is_signing_in() {
            self.dialog = None;
            if let Some(what) = self.sign_in.page_ui(ui, state, &mut commands) {
                self.act(what, ui.ctx(), state, &mut commands);
            }
        } else {
            self.sign_in.clear();
            self.experiments.poll(state, &mut commands);
            drop::drop_ui(ui, &mut commands);
            self.open_dropped(state, &mut commands);
            if shell::rail_ui(ui, state, &mut commands) {
                self.overlay = Overlay::Palette(Palette::default());
            }
            shell::session_bar_ui(ui, state, &mut commands);
            match state.route {
                Route::Experiments => {
                    if let Some(draft) = self.experiments.page_ui(ui, state, &mut commands) {
                        self.dialog = Some(draft);
                    }
                }
                Route::Downloads => {
                    if let Some(draft) = self.downloads.page_ui(ui, state, &mut commands) {
                        self.dialog = Some(draft);
                    }
                }
                Route::Status => self.status.page_ui(ui, state, &mut commands),
                Route::Settings => {
                    if let Some(what) = self.settings.page_ui(ui, state, &mut commands) {
                        self.act(what, ui.ctx(), state, &mut commands);
                    }
                }
            }
        }
        if let Some(dialog) = &mut self.dialog
            && !dialog.dialog_ui(ui, state, &mut commands)
        {
            self.dialog = None;
        }
        self.overlay_ui(ui, state, &mut commands);
        notices::notices_ui(ui, state, &mut commands);
        commands
    }

    /// Opens the download dialog with a list of codes that was dropped.
    fn open_dropped(&mut self, state: &State, commands: &mut Vec<Command>) {
        let (number, text) = state.dropped.newest();
        if number == self.last_drop {
            return;
        }
        self.last_drop = number;
        if let Some(mut dialog) = pages::ExperimentsPage::begin_download(state, commands) {
            dialog.take_list(text, state);
            self.dialog = Some(dialog);
        }
    }

    fn overlay_ui(&mut self, ui: &egui::Ui, state: &State, commands: &mut Vec<Command>) {
        let chosen = match &mut self.overlay {
            Overlay::None => return,
            Overlay::Keys => {
                if !shortcuts::shortcuts_ui(ui, state) {
                    self.overlay = Overlay::None;
                }
                return;
            }
            Overlay::Glossary(glossary) => {
                if !glossary.glossary_ui(ui) {
                    self.overlay = Overlay::None;
                }
                return;
            }
            Overlay::Log(log) => {
                if !log.log_ui(ui, state, commands) {
                    self.overlay = Overlay::None;
                }
                return;
            }
            Overlay::Licences(licences) => {
                if !licences.licences_ui(ui) {
                    self.overlay = Overlay::None;
                }
                return;
            }
            Overlay::Network => {
                if !self.settings.network_window_ui(ui, state, commands) {
                    self.overlay = Overlay::None;
                }
                return;
            }
            Overlay::Palette(palette) => palette.palette_ui(ui, state),
        };
        match chosen {
            Chosen::Open => {}
            Chosen::Cancelled => self.overlay = Overlay::None,
            Chosen::Action(what) => {
                self.overlay = Overlay::None;
                self.act(what, ui.ctx(), state, commands);
            }
        }
    }

    /// Carries out an action.
    fn act(
        &mut self,
        what: ActionKind,
        ctx: &egui::Context,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let is_of_the_table = matches!(
            what,
            ActionKind::Download | ActionKind::Find | ActionKind::Details | ActionKind::Plot
        );
        if is_of_the_table && state.route != Route::Experiments {
            commands.push(Command::App(AppCommand::Go(Route::Experiments)));
        }
        match what {
            ActionKind::Command(command) => {
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
            ActionKind::Palette => self.overlay = Overlay::Palette(Palette::default()),
            ActionKind::Keys => self.overlay = Overlay::Keys,
            ActionKind::Glossary(term) => self.overlay = Overlay::Glossary(Glossary::at(term)),
            ActionKind::Log => self.overlay = Overlay::Log(LogWindow::default()),
            ActionKind::Licences => self.overlay = Overlay::Licences(LicencesWindow::default()),
            ActionKind::Network if state.is_signing_in() => self.overlay = Overlay::Network,
            // Once signed in, it is part of a page, so it is not shown over the page as well.
            ActionKind::Network => commands.push(Command::App(AppCommand::Go(Route::Settings))),
            ActionKind::Download => {
                self.dialog = pages::ExperimentsPage::begin_download(state, commands);
            }
            ActionKind::Find => self.experiments.find(),
            ActionKind::Details => self.experiments.toggle_details(),
            ActionKind::Plot => self.experiments.toggle_plot(),
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

/// Returns the frame of dialogs.
fn modal_frame(ui: &egui::Ui) -> egui::Frame {
    let tokens = theme::Tokens::of(ui);
    egui::Frame::new()
        .fill(tokens.surface)
        .stroke(egui::Stroke::new(1.0, tokens.line))
        .corner_radius(egui::CornerRadius::same(theme::size::RADIUS_LARGE))
        .shadow(ui.visuals().window_shadow)
}

/// Shows a dialog over the page. Returns `true` if it is to be closed: by Escape, or by a click outside it.
fn modal_ui(
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
        .frame(modal_frame(ui).inner_margin(margin));
    let shown = modal.show(ui.ctx(), content);
    shown.should_close() || ui.input(|input| input.key_pressed(egui::Key::Escape))
}
