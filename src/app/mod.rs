//! The shell around state and window: polls, draws, fulfils commands.

mod bin;
mod closing;
mod libraries;
mod notify;
mod runtime;
mod window;

pub use bin::system_bin;
pub use notify::system_notifier;
pub use runtime::start_runtime;
pub use window::{WindowError, open_window};

pub use crate::ui::system_dialogs;

use eframe::{CreationContext, Frame};
use egui::{Context, Key, Modifiers, Ui, UserAttentionType, ViewportCommand};

use self::closing::Closing;
use crate::{
    model::{ServerAddress, SessionToken},
    state::{AppCommand, Command, Environment, SessionCommand, State, WindowPlace},
    ui::{self, CloseAnswer, theme},
};

/// The title of the window when nothing is under way.
const TITLE: &str = "Fragalysis Desktop";

/// The program as eframe runs it.
pub struct App {
    state: State,
    ui: ui::Ui,
    /// The title that the window has.
    title: String,
    /// How the window is, to be like that again at the next start.
    place: Option<WindowPlace>,
    closing: Closing,
}

impl App {
    /// Gives the look to a fresh window and makes the state behind it.
    ///
    /// A `token` is proven at once, as if it had been typed.
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
            // Anyone who asks for the demo wants no other server.
            (None, _) if !is_demo => state.sign_in_as_last_time(),
            _ => {}
        }
        // A window that begins maximised says nothing about how large it is otherwise.
        let place = state.settings.window;
        Self {
            state,
            ui: ui::Ui::default(),
            title: TITLE.to_owned(),
            place,
            closing: Closing::No,
        }
    }

    /// The title that the window has.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What is on screen.
    pub fn state(&self) -> &State {
        &self.state
    }
}

impl App {
    /// Says in the title how far the downloads are, and asks for a look when one has ended meanwhile.
    fn tell_outside(&mut self, ctx: &Context) {
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
    /// Notes how large the window is, and keeps that when it is closed.
    fn remember(&mut self, ctx: &Context) {
        // Not what the window says of itself: under Wayland that is nothing.
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
            // A window that fills the screen says nothing about how large it is otherwise.
            Some(before) if is_maximised => before.size,
            _ => [size.x, size.y],
        };
        // And one that is away says nothing at all: its size is still the one with which it was last seen.
        if !is_minimised || self.place.is_none() {
            self.place = Some(WindowPlace { size, is_maximised });
        }
        if is_closing {
            self.state.keep_window(self.place);
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut Frame) {
        // Runs while the window is hidden, too: downloads continue when it is minimised.
        if let Some(wait) = self.state.poll() {
            ctx.request_repaint_after(wait);
        }
        self.tell_outside(ctx);
        self.closing.look(ctx, self.state.downloads.running());
        self.remember(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut Frame) {
        older_clipboard_keys(ui.ctx());
        if let Some(text) = self.state.take_copied() {
            ui.ctx().copy_text(text);
        }
        let commands = self.ui.show(ui, &self.state);
        if self.closing == Closing::Asked
            && let Some(answer) = ui::ask_to_close(ui, &self.state)
        {
            self.closing.answer(ui.ctx(), answer);
            if answer == CloseAnswer::WhenDone {
                let text = "The window closes when the downloads are done.";
                self.state
                    .apply(Command::App(AppCommand::Tell(text.to_owned())));
            }
        }
        // What a command changes is drawn in a frame of its own.
        if !commands.is_empty() {
            ui.ctx().request_repaint();
        }
        for command in commands {
            self.state.apply(command);
        }
    }
}

/// Shift+Insert, Ctrl+Insert and Shift+Delete, which many people's fingers know: the library listens to them on
/// Windows only.
fn older_clipboard_keys(ctx: &Context) {
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

/// The demo if there is one, else the server that was named, else the production one.
fn first_server(environment: &Environment) -> Option<ServerAddress> {
    let demo = environment.demo.as_ref().map(|demo| &demo.address);
    demo.or(environment.server.as_ref())
        .cloned()
        .or_else(|| ServerAddress::parse(ServerAddress::PRODUCTION).ok())
}
