//! The ways to sign in: with a token, with the saved token, as a visitor.

use egui::Ui;

use super::{MissingAddress, SignInPage};
use crate::{
    model::{Problem, ServerAddress, visible},
    state::{Command, DemoHelp, SessionCommand, State},
    ui::{
        actions::ActionKind,
        question::Question,
        remedy::Remedy,
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, between_lines_ui},
        words::server_name,
    },
};

/// Width of the button that stops waiting for the server, in points.
const CANCEL: f32 = 100.0;

impl SignInPage {
    pub(super) fn demo_tokens_ui(&mut self, ui: &mut Ui, demo: &DemoHelp) {
        let tokens = Tokens::of(ui);
        ui.add_space(8.0);
        ui.label(Type::Small.text(
            "The demo has three tokens. Click one to use it:",
            tokens.muted,
        ));
        for (token, meaning) in &demo.tokens {
            ui.horizontal(|ui| {
                if ui.add(Button::recommended(token)).clicked() {
                    (*token).clone_into(&mut self.token);
                    self.complaint = None;
                }
                ui.label(Type::Small.text(*meaning, tokens.muted));
            });
        }
    }

    pub(super) fn sign_in_buttons_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        is_entered: bool,
        commands: &mut Vec<Command>,
    ) {
        let width = ui.available_width();
        let is_proving = state.is_proving();
        let waiting = is_proving.then_some("Waiting for the server");
        let large = |button: Button<'static>, width| button.height(size::SIGN_IN).width(width);
        // Everything keeps its place while the server is asked: a click on “Cancel” that comes too late must not meet
        // another button.
        ui.horizontal(|ui| {
            let (text, room) = if is_proving {
                ("Signing in…", CANCEL + 8.0)
            } else {
                ("Sign in", 0.0)
            };
            let sign_in = large(Button::primary(text), width - room).disabled_because(waiting);
            if ui.add(sign_in).clicked() || (is_entered && !is_proving) {
                self.sign_in(state, commands);
            }
            if is_proving && ui.add(large(Button::plain("Cancel"), CANCEL)).clicked() {
                commands.push(Command::Session(SessionCommand::CancelSignIn));
            }
        });
        self.errors_ui(ui, state, commands);
        ui.add_space(4.0);
        between_lines_ui(ui, "or");
        ui.add_space(4.0);
        let public = Button::plain("Browse public data without signing in").with_icon(Icon::GLOBE);
        let public = large(public, width).disabled_because(waiting);
        if ui.add(public).clicked() {
            let server = self.server(state);
            self.missing_address = MissingAddress::of(server.as_ref());
            commands.extend(server.map(|server| {
                Command::Session(SessionCommand::SignIn {
                    server,
                    token: None,
                    keeps: false,
                })
            }));
        }
        if is_proving {
            return;
        }
        others_ui(ui, state, commands);
        back_ui(ui, width, state, commands);
    }

    /// Draws the button for the saved token of the chosen server, above the field: a user who has one does not need
    /// another.
    pub(super) fn saved_token_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let is_kept = |server: &ServerAddress| state.settings.kept.contains(server.as_str());
        let Some(server) = self.server(state).filter(is_kept) else {
            return;
        };
        ui.add_space(16.0);
        let user = state.settings.kept_users.get(server.as_str());
        let text = match user {
            Some(user) => format!("Continue as {}", visible(user)),
            None => "Sign in with the saved token".to_owned(),
        };
        let reason = state.is_proving().then_some("Waiting for the server");
        let again = Button::recommended(&text)
            .with_icon(Icon::KEY)
            .height(size::SIGN_IN)
            .width(ui.available_width())
            .disabled_because(reason);
        if ui.add(again).clicked() {
            commands.push(Command::Session(SessionCommand::SignInWithSavedToken(
                server.clone(),
            )));
        }
        if ui.add(Button::quiet("Forget this server")).clicked() {
            self.forgets = Some(server);
        }
        self.confirm_forget_ui(ui, commands);
    }

    /// Asks before the saved token of a server is removed.
    fn confirm_forget_ui(&mut self, ui: &Ui, commands: &mut Vec<Command>) {
        let Some(server) = &self.forgets else { return };
        let text = format!(
            "The token for {} is removed from the keychain, together with what was remembered about this server. To sign in again you will need a token.",
            server.host_text()
        );
        let question = Question {
            id: "forget a server",
            title: "Forget this server?",
            text: &text,
            yes: "Yes, forget it",
            no: "Keep it",
        };
        match question.question_ui(ui) {
            Some(true) => {
                let command = SessionCommand::ForgetServer(server.clone());
                commands.push(Command::Session(command));
                self.forgets = None;
            }
            Some(false) => self.forgets = None,
            None => {}
        }
    }

    /// Draws what helps if the server was not reached: the network settings, or working offline.
    pub(super) fn unreachable_ui(
        &mut self,
        ui: &mut Ui,
        problem: &Problem,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let network =
            Remedy::for_problem(problem, state).filter(|remedy| *remedy == Remedy::Network);
        let server = self
            .server(state)
            .filter(|_| problem.kind.is_connection_problem());
        if network.is_none() && server.is_none() {
            return;
        }
        ui.horizontal(|ui| {
            if let Some(server) = &server
                && ui.add(Button::recommended("Work offline")).clicked()
            {
                let command = SessionCommand::WorkOffline(server.clone());
                commands.push(Command::Session(command));
            }
            if let Some(remedy) = network
                && ui.add(Button::quiet(remedy.label())).clicked()
            {
                self.opens = Some(ActionKind::Network);
            }
        });
        if server.is_some() {
            let tokens = Tokens::of(ui);
            let text = "Your folders, your downloads, and the public table of your last visit.";
            ui.add(egui::Label::new(Type::Small.text(text, tokens.muted)).wrap());
        }
    }
}

/// Draws the ways back to the sessions with other servers.
fn others_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    for other in state.other_sessions() {
        let name = server_name(&other.server, state.environment.demo.as_ref());
        let text = format!("Go back to {name} as {}", other.user_text());
        ui.add_space(8.0);
        if ui
            .add(Button::recommended(&text).with_icon(Icon::SERVER))
            .clicked()
        {
            commands.push(Command::Session(SessionCommand::SwitchTo(
                other.server.clone(),
            )));
        }
    }
}

/// Draws the way back into the program, for a user who came here to add an account.
fn back_ui(ui: &mut Ui, width: f32, state: &State, commands: &mut Vec<Command>) {
    if let Some(session) = state.session() {
        ui.add_space(8.0);
        // Going back ends no session.
        let text = if session.is_signed_in() {
            format!("Back, signed in as {}", session.user_text())
        } else {
            "Back without signing in".to_owned()
        };
        let back = Button::quiet(&text).height(size::SIGN_IN).width(width);
        if ui.add(back).clicked() {
            commands.push(Command::Session(SessionCommand::BackToWork));
        }
    }
}
