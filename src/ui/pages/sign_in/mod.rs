//! The sign-in page: which server, and as which user. The window changes only when the token has been verified.

mod help;
mod methods;
mod servers;

use egui::{
    CentralPanel, CornerRadius, Frame, Label, Margin, Response, ScrollArea, Sense, Stroke, Ui,
    Vec2, ViewportCommand,
};

use crate::{
    model::{ErrorKind, Problem, ServerAddress, SessionToken},
    state::{Command, SessionCommand, State},
    ui::{
        actions::ActionKind,
        input::select_all,
        shell::logo_ui,
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, Tick, paint_icon},
    },
};

/// Minimum width for showing the help next to the fields.
const WIDE: f32 = 900.0;
/// Below this height of the window, in points, the margins are smaller.
const LOW: f32 = 620.0;
const FORM: f32 = 476.0;
const HELP: f32 = 380.0;
/// Width of the button next to the token field.
const PASTE: f32 = 92.0;
/// Maximum number of previous servers that are listed.
const MAX_SERVERS: usize = 20;
/// Longest text that is accepted as a pasted token: users paste whole pages, not books.
const TOKEN_LIMIT: usize = 64 * 1024;

#[derive(Clone, Copy, PartialEq, Eq)]
enum ServerChoice {
    Production,
    Staging,
    Other,
    Demo,
}

/// Whether signing in was tried without a valid address.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum MissingAddress {
    /// It was not.
    #[default]
    No,
    /// Just now: its field takes the focus.
    Noticed,
    /// The field says so.
    Shown,
}

impl MissingAddress {
    fn of(server: Option<&ServerAddress>) -> Self {
        if server.is_none() {
            Self::Noticed
        } else {
            Self::No
        }
    }
}

/// What the page remembers between frames.
#[derive(Default)]
pub(crate) struct SignInPage {
    place: Option<ServerChoice>,
    address: String,
    token: String,
    is_shown: bool,
    keeps: bool,
    complaint: Option<String>,
    /// The complaint for which the field of the token has taken the focus.
    answered: Option<String>,
    missing_address: MissingAddress,
    /// What was said to be wrong in the last frame.
    error: Option<String>,
    /// The server to forget, once that has been confirmed.
    pub(super) forgets: Option<ServerAddress>,
    /// What is to be opened over the page.
    opens: Option<ActionKind>,
}

impl SignInPage {
    /// Forgets everything that was entered: the next time, the page opens for the server of the session, and a token
    /// for one server must never go to another because of a choice made hours ago.
    pub(crate) fn clear(&mut self) {
        if self.place.is_some() {
            *self = Self::default();
        }
    }

    /// Draws the page. Returns what is to be opened over it.
    pub(crate) fn page_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) -> Option<ActionKind> {
        let tokens = Tokens::of(ui);
        self.choose_first_server(state);
        CentralPanel::no_frame()
            .frame(Frame::new().fill(tokens.app))
            .show(ui, |ui| {
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                    let all = ui.available_size();
                    let is_wide = all.x >= WIDE;
                    let width = if is_wide {
                        FORM + HELP
                    } else {
                        FORM.min(all.x - 32.0)
                    };
                    let above = if is_wide { (all.y - 600.0) / 2.0 } else { 0.0 };
                    ui.add_space(above.max(if is_low(ui) { 8.0 } else { 16.0 }));
                    ui.horizontal(|ui| {
                        ui.add_space(((all.x - width) / 2.0).max(16.0));
                        ui.vertical(|ui| {
                            ui.set_width(width);
                            title_ui(ui);
                            ui.add_space(8.0);
                            self.card_ui(ui, state, is_wide, commands);
                            ui.add_space(16.0);
                        });
                    });
                });
            });
        self.opens.take()
    }

    fn card_ui(&mut self, ui: &mut Ui, state: &State, is_wide: bool, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        let edge = Stroke::new(1.0, tokens.line);
        // In a low window every button is to be seen without scrolling.
        let is_low = is_low(ui);
        let margin = Margin::symmetric(32, if is_low { 16 } else { 32 });
        let frame = |fill| Frame::new().fill(fill).stroke(edge).inner_margin(margin);
        let large = size::RADIUS_LARGE;
        if is_wide {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.horizontal_top(|ui| {
                let left = CornerRadius {
                    nw: large,
                    sw: large,
                    ne: 0,
                    se: 0,
                };
                let form = frame(tokens.surface).corner_radius(left).show(ui, |ui| {
                    ui.set_width(FORM - 66.0);
                    ui.set_min_height(420.0);
                    ui.vertical(|ui| self.form_ui(ui, state, commands));
                });
                let right = CornerRadius {
                    ne: large,
                    se: large,
                    nw: 0,
                    sw: 0,
                };
                frame(tokens.panel).corner_radius(right).show(ui, |ui| {
                    ui.set_width(HELP - 66.0);
                    ui.set_min_height(form.response.rect.height() - margin.sum().y - 2.0);
                    ui.vertical(|ui| self.help_ui(ui, state, commands));
                });
            });
        } else {
            frame(tokens.surface).corner_radius(large).show(ui, |ui| {
                self.form_ui(ui, state, commands);
                ui.add_space(24.0);
                self.help_ui(ui, state, commands);
            });
        }
    }

    fn form_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        ui.spacing_mut().item_spacing = Vec2::new(8.0, 4.0);
        ui.label(Type::Display.text("Sign in", tokens.text));
        ui.label(Type::Body.text(
            "See your own targets as well as the public ones.",
            tokens.muted,
        ));
        ui.add_space(16.0);
        self.server_choice_ui(ui, state, commands);
        self.saved_token_ui(ui, state, commands);
        ui.add_space(16.0);
        let is_entered = self.token_field_ui(ui, state, commands);
        if self.place == Some(ServerChoice::Demo)
            && let Some(demo) = &state.environment.demo
        {
            self.demo_tokens_ui(ui, demo);
        }
        ui.add_space(12.0);
        self.keep_signed_in_ui(ui);
        ui.add_space(12.0);
        self.sign_in_buttons_ui(ui, state, is_entered, commands);
    }

    /// Draws the field. Returns `true` if Enter was pressed in it.
    fn token_field_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) -> bool {
        let tokens = Tokens::of(ui);
        ui.label(Type::Strong.text("Session token", tokens.text));
        let complaint = self.token_complaint(state);
        let mut is_entered = false;
        ui.horizontal(|ui| {
            let width = ui.available_width() - PASTE - 8.0;
            let (icon, name) = if self.is_shown {
                (Icon::EYE_OFF, "Hide the token")
            } else {
                (Icon::EYE, "Show the token")
            };
            let (field, is_pressed) = Field::new("Session token", &mut self.token)
                .hint("Paste it here")
                .icon(Icon::KEY)
                .size(width, size::LARGE)
                .masked(!self.is_shown)
                .invalid(complaint.is_some())
                .limit(TOKEN_LIMIT)
                .show_with_button(ui, Button::quiet_icon(icon, name));
            is_entered =
                field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            if field.changed() {
                self.withdraw_complaints(state, commands);
            }
            // A token that was refused is replaced by what is pasted or typed next.
            if complaint.is_some() && self.answered != complaint && !ui.ctx().text_edit_focused() {
                field.request_focus();
                select_all(ui, &field, &self.token);
            }
            self.answered.clone_from(&complaint);
            self.is_shown ^= is_pressed;
            let paste = Button::plain("Paste")
                .width(PASTE)
                .with_icon(Icon::PASTE)
                .height(size::LARGE);
            if ui.add(paste).clicked() {
                field.request_focus();
                ui.ctx().send_viewport_cmd(ViewportCommand::RequestPaste);
            }
        });
        is_entered
    }

    /// Returns what is wrong with the token.
    fn token_complaint(&self, state: &State) -> Option<String> {
        let problem = state.sign_in.proof.problem();
        let problem = problem.filter(|problem| is_token_problem(problem));
        self.complaint
            .clone()
            .or_else(|| problem.map(ToString::to_string))
    }

    /// Draws why signing in has failed. Below the button that was pressed, so that neither it nor the fields move.
    fn errors_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let problem = state.sign_in.proof.problem();
        let problem = problem.filter(|problem| !is_token_problem(problem));
        let complaint = self.token_complaint(state);
        let error = complaint.or_else(|| problem.map(ToString::to_string));
        if let Some(error) = &error {
            ui.add_space(4.0);
            let shown = error_ui(ui, error);
            // In a low window, or with large text, it would be out of sight.
            if self.error.as_ref() != Some(error) {
                shown.scroll_to_me(None);
            }
        }
        self.error = error;
        if let Some(problem) = problem {
            self.unreachable_ui(ui, problem, state, commands);
        }
    }

    /// Removes what was said about an earlier token or address.
    fn withdraw_complaints(&mut self, state: &State, commands: &mut Vec<Command>) {
        self.complaint = None;
        if state.sign_in.proof.problem().is_some() {
            commands.push(Command::Session(SessionCommand::CancelSignIn));
        }
    }

    fn keep_signed_in_ui(&mut self, ui: &mut Ui) {
        let tokens = Tokens::of(ui);
        ui.horizontal(|ui| {
            if ui.add(Tick::new("Keep me signed in", self.keeps)).clicked() {
                self.keeps = !self.keeps;
            }
            ui.label(Type::Body.text("stored in your keychain", tokens.muted));
        });
    }

    pub(super) fn sign_in(&mut self, state: &State, commands: &mut Vec<Command>) {
        let server = self.server(state);
        self.missing_address = MissingAddress::of(server.as_ref());
        let Some(server) = server else { return };
        match SessionToken::from_pasted(&self.token) {
            Ok(token) => {
                self.complaint = None;
                commands.push(Command::Session(SessionCommand::SignIn {
                    server,
                    token: Some(token),
                    keeps: self.keeps,
                }));
            }
            Err(error) => {
                self.complaint = Some(error.to_string());
                self.answered = None;
            }
        }
    }

    /// Returns the chosen server; `None` if its address is not valid yet.
    pub(super) fn server(&self, state: &State) -> Option<ServerAddress> {
        let demo = state.environment.demo.as_ref();
        match self.place {
            Some(ServerChoice::Demo) => demo.map(|demo| demo.address.clone()),
            Some(ServerChoice::Staging) => ServerAddress::parse(ServerAddress::STAGING).ok(),
            Some(ServerChoice::Other) => ServerAddress::parse(&self.address).ok(),
            Some(ServerChoice::Production) | None => {
                ServerAddress::parse(ServerAddress::PRODUCTION).ok()
            }
        }
    }

    /// Chooses the server of the session if there is one; otherwise the demo, the server that was named, or the one
    /// used last.
    fn choose_first_server(&mut self, state: &State) {
        if self.place.is_some() {
            return;
        }
        let of_session = state.session().map(|session| &session.server);
        let demo = state.environment.demo.as_ref().map(|demo| &demo.address);
        let named = of_session
            .or(state.environment.server.as_ref())
            .map(ServerAddress::as_str);
        let server = named
            .or(state.settings.server.as_deref())
            .unwrap_or(ServerAddress::PRODUCTION);
        self.place = Some(match server {
            _ if demo.is_some() && (of_session.is_none() || of_session == demo) => {
                ServerChoice::Demo
            }
            ServerAddress::PRODUCTION => ServerChoice::Production,
            ServerAddress::STAGING => ServerChoice::Staging,
            // The demo server of an earlier run no longer exists, nor does its address.
            _ if named.is_none() && server.contains("127.0.0.1") => ServerChoice::Production,
            other => {
                other.clone_into(&mut self.address);
                ServerChoice::Other
            }
        });
    }
}

/// Returns `true` if the window has little height.
fn is_low(ui: &Ui) -> bool {
    ui.ctx().content_rect().height() < LOW
}

/// Returns `true` if the token is at fault, and not the server or the connection to it.
fn is_token_problem(problem: &Problem) -> bool {
    matches!(
        problem.kind,
        ErrorKind::Refused | ErrorKind::Expired | ErrorKind::Ageing
    )
}

fn title_ui(ui: &mut Ui) {
    let tokens = Tokens::of(ui);
    let text = "Fragalysis Desktop";
    let width = ui.available_width();
    let title = ui
        .painter()
        .layout_no_wrap(text.to_owned(), Type::Title.font(), tokens.text);
    let both = 28.0 + ui.spacing().item_spacing.x + title.size().x;
    ui.horizontal(|ui| {
        ui.add_space((width - both).max(0.0) / 2.0 - ui.spacing().item_spacing.x / 2.0);
        ui.scope(|ui| {
            ui.set_width(28.0);
            logo_ui(ui, 28.0);
        });
        ui.label(Type::Title.text(text, tokens.text));
    });
}

/// Draws a sentence that says what is wrong, with an icon.
fn error_ui(ui: &mut Ui, sentence: &str) -> Response {
    let tokens = Tokens::of(ui);
    let line = ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(16.0), Sense::hover());
        paint_icon(ui, rect.center(), Icon::ALERT, 14.0, tokens.err);
        ui.add(Label::new(Type::Small.text(sentence, tokens.err)).wrap());
    });
    line.response
}
