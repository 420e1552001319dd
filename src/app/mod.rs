//! The shell around state and window: polls, draws, carries out commands.

mod bin;
mod closing;
mod linux_packages;
mod new_window;
mod notifications;
mod runtime;
mod window;

pub use bin::system_bin;
pub use new_window::system_new_window;
pub use notifications::system_notifier;
pub use runtime::start_runtime;
pub use window::{WindowError, open_window};

pub use crate::ui::system_dialogs;

use eframe::{CreationContext, Frame};
use egui::{ColorImage, Context, Event, Key, Modifiers, Ui, UserAttentionType, ViewportCommand};

use self::closing::Closing;
use crate::{
    model::{ServerAddress, SessionToken},
    state::{AppCommand, Command, Copied, Environment, SessionCommand, State, WindowGeometry},
    ui::{self, CloseAnswer, theme},
};

/// The title of the window when no download is running.
const TITLE: &str = "Fragalysis Desktop";

/// The program as eframe runs it.
pub struct App {
    state: State,
    ui: ui::Ui,
    /// The current title of the window.
    title: String,
    /// Size and state of the window, to be restored at the next start.
    place: Option<WindowGeometry>,
    closing: Closing,
}

impl App {
    /// Installs the theme in a new window and creates the state behind it.
    ///
    /// A `token` is verified at once, as if it had been typed.
    pub fn new(
        cc: &CreationContext<'_>,
        environment: Environment,
        token: Option<SessionToken>,
    ) -> Self {
        theme::install(&cc.egui_ctx);
        ui::install_dialogs(&cc.egui_ctx, environment.dialogs.clone());
        let is_demo = environment.demo.is_some();
        let server = first_server(&environment);
        let mut state = State::new(environment);
        match (token, server) {
            (Some(token), Some(server)) => {
                state.apply(Command::Session(SessionCommand::SignIn {
                    server,
                    token: Some(token),
                    keeps: false,
                }));
            }
            // A user who asks for the demo wants no other server.
            (None, _) if !is_demo => state.resume_last_session(),
            _ => {}
        }
        // A window that starts maximised does not report its normal size.
        let place = state.settings.window;
        Self {
            state,
            ui: ui::Ui::default(),
            title: TITLE.to_owned(),
            place,
            closing: Closing::No,
        }
    }

    /// Returns the title of the window.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Returns the state of the application.
    pub fn state(&self) -> &State {
        &self.state
    }
}

impl App {
    /// Shows the progress of the downloads in the title, and requests attention when one has ended.
    fn update_title_and_notify(&mut self, ctx: &Context) {
        let title = match self.state.downloads.headline() {
            Some(headline) => format!("{headline} – {TITLE}"),
            None => TITLE.to_owned(),
        };
        if title != self.title {
            self.title.clone_from(&title);
            ctx.send_viewport_cmd(ViewportCommand::Title(title));
        }
        let finished = self.state.take_finished();
        if !finished.is_empty() && !ctx.input(|input| input.focused) {
            let kind = UserAttentionType::Informational;
            ctx.send_viewport_cmd(ViewportCommand::RequestUserAttention(kind));
            for sentence in finished {
                (self.state.environment.notify)(sentence);
            }
        }
    }
}

impl App {
    /// Records the size of the window, and saves it when it is closed.
    fn remember(&mut self, ctx: &Context) {
        // Not the size that the window itself reports: under Wayland there is none.
        let size = ctx.viewport_rect().size() * ctx.zoom_factor();
        let (is_minimised, is_maximised, is_closing) = ctx.input(|input| {
            let window = input.viewport();
            let (minimised, maximised) = (window.minimized, window.maximized);
            (
                minimised.unwrap_or(false),
                maximised.unwrap_or(false),
                window.close_requested(),
            )
        });
        let size = match self.place {
            // A maximised window does not report its normal size.
            Some(before) if is_maximised => before.size,
            _ => [size.x, size.y],
        };
        // A minimised window reports nothing: its last known size is kept.
        if !is_minimised || self.place.is_none() {
            self.place = Some(WindowGeometry { size, is_maximised });
        }
        if is_closing {
            self.state.save_window(self.place);
            self.state.save_notes();
        }
    }
}

impl eframe::App for App {
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        // Where panels meet between two pixels, as at 120 %, this is seen: egui's own is nearly black.
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn logic(&mut self, ctx: &Context, _frame: &mut Frame) {
        // Runs while the window is hidden, too: downloads continue when it is minimised.
        let is_focused_again = |event: &Event| matches!(event, Event::WindowFocused(true));
        if ctx.input(|input| input.events.iter().any(is_focused_again)) {
            self.state.read_notes();
        }
        if let Some(wait) = self.state.poll() {
            ctx.request_repaint_after(wait);
        }
        self.update_title_and_notify(ctx);
        self.closing
            .handle_close_request(ctx, self.state.downloads.running());
        self.remember(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut Frame) {
        legacy_clipboard_shortcuts(ui.ctx());
        match self.state.take_copied() {
            Some(Copied::Text(text)) => ui.ctx().copy_text(text),
            Some(Copied::Picture(pixels)) => {
                let image = ColorImage::from_rgba_premultiplied(pixels.size, &pixels.rgba);
                ui.ctx().copy_image(image);
            }
            None => {}
        }
        let commands = self.ui.window_ui(ui, &self.state);
        if self.closing == Closing::Asked
            && let Some(answer) = ui::ask_to_close(ui, &self.state)
        {
            self.closing.answer(ui.ctx(), answer);
            if answer == CloseAnswer::WhenDone {
                let text = "The window closes when the downloads are done.";
                self.state
                    .apply(Command::App(AppCommand::Notify(text.to_owned())));
            }
        }
        // The effects of a command are drawn in a frame of their own.
        if !commands.is_empty() {
            ui.ctx().request_repaint();
        }
        for command in commands {
            self.state.apply(command);
        }
    }
}

/// Shift+Insert, Ctrl+Insert and Shift+Delete, which many users are used to: egui handles them on Windows only.
fn legacy_clipboard_shortcuts(ctx: &Context) {
    if cfg!(windows) {
        return;
    }
    let command = ctx.input(|input| {
        let pressed = |keys: Modifiers, key| {
            ui::key_modifiers(input, key).is_some_and(|held| held.matches_exact(keys))
        };
        if pressed(Modifiers::SHIFT, Key::Insert) {
            Some(ViewportCommand::RequestPaste)
        } else if pressed(Modifiers::CTRL, Key::Insert) {
            Some(ViewportCommand::RequestCopy)
        } else if pressed(Modifiers::SHIFT, Key::Delete) {
            Some(ViewportCommand::RequestCut)
        } else {
            None
        }
    });
    if let Some(command) = command {
        ctx.send_viewport_cmd(command);
    }
}

/// Returns the demo if there is one, otherwise the server that was named, otherwise production.
fn first_server(environment: &Environment) -> Option<ServerAddress> {
    let demo = environment.demo.as_ref().map(|demo| &demo.address);
    demo.or(environment.server.as_ref())
        .cloned()
        .or_else(|| ServerAddress::parse(ServerAddress::PRODUCTION).ok())
}
