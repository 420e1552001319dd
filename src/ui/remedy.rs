//! Remedies: each kind of error has the same text and the same button everywhere.

use egui::{Id, Label, Ui};

use super::{
    theme::{Icon, Tokens, Type},
    widgets::{Button, empty_state_ui},
};
use crate::{
    model::{ErrorKind, Problem},
    state::{AppCommand, Command, Route, SessionCommand, SessionState, State},
};

/// What helps besides trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Signing in.
    SignIn,
    /// Renewing the session in the browser.
    RenewInBrowser,
    /// Other network settings.
    Network,
    /// Looking at the status page.
    Status,
    /// Other choices: another folder, fewer files, other codes.
    EditChoices,
    /// Reporting it to someone who can fix it.
    Report,
}

impl Remedy {
    /// Returns what helps against a kind of failure, if anything does.
    fn for_kind(kind: ErrorKind) -> Option<Self> {
        match kind {
            ErrorKind::Unreachable | ErrorKind::Tls => Some(Self::Network),
            ErrorKind::NotFragalysis | ErrorKind::Refused | ErrorKind::Expired => {
                Some(Self::SignIn)
            }
            ErrorKind::Ageing => Some(Self::RenewInBrowser),
            ErrorKind::NoAccess | ErrorKind::NotFound => Some(Self::Status),
            ErrorKind::InvalidRequest
            | ErrorKind::UnknownCodes
            | ErrorKind::BuildFailed
            | ErrorKind::DiskFull
            | ErrorKind::NotWritable
            | ErrorKind::Exists => Some(Self::EditChoices),
            ErrorKind::UnsafeArchive | ErrorKind::Crashed => Some(Self::Report),
            // Waiting or trying again helps, and there is a button for that.
            ErrorKind::Timeout
            | ErrorKind::ServerError
            | ErrorKind::Busy
            | ErrorKind::LinkExpired
            | ErrorKind::Truncated
            | ErrorKind::Corrupt
            | ErrorKind::Cancelled => None,
        }
    }

    /// Returns what helps against this failure. Signing in may show what a visitor may not see; a user who is already
    /// signed in learns more on the status page.
    pub(super) fn for_problem(problem: &Problem, state: &State) -> Option<Self> {
        let is_visitor = state
            .session()
            .is_some_and(|session| session.state == SessionState::Anonymous);
        match Self::for_kind(problem.kind) {
            Some(Self::Status) if problem.kind == ErrorKind::NoAccess && is_visitor => {
                Some(Self::SignIn)
            }
            remedy => remedy,
        }
    }

    /// Returns the text of its button.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::SignIn => "Sign in…",
            Self::RenewInBrowser => "Open Fragalysis",
            Self::Network => "Network settings",
            Self::Status => "Show the status",
            Self::EditChoices => "Change files…",
            Self::Report => "Copy a report",
        }
    }

    /// Returns the command of its button. `None` for other choices: they are changed where they were made.
    pub(super) fn command(self, state: &State) -> Option<Command> {
        match self {
            Self::SignIn => Some(Command::Session(SessionCommand::SignInAgain)),
            Self::RenewInBrowser => {
                let session = state.session();
                session.map(|session| Command::App(AppCommand::OpenServer(session.server.clone())))
            }
            Self::Network => Some(Command::App(AppCommand::Go(Route::Settings))),
            Self::Status => Some(Command::App(AppCommand::Go(Route::Status))),
            Self::Report => Some(Command::App(AppCommand::CopyReport)),
            Self::EditChoices => None,
        }
    }
}

/// Draws in the middle of a page what failed, why, and what helps, with technical details for support.
pub(super) fn failure_ui(
    ui: &mut Ui,
    title: &str,
    problem: &Problem,
    again: Command,
    state: &State,
    commands: &mut Vec<Command>,
) {
    if empty_state_ui(
        ui,
        Icon::FAILED,
        title,
        &problem.to_string(),
        Some("Try again"),
    ) {
        commands.push(again);
    }
    ui.vertical_centered(|ui| {
        let remedy = Remedy::for_problem(problem, state);
        let command = remedy.and_then(|remedy| Some((remedy, remedy.command(state)?)));
        // Does not link to the page that is already shown.
        let leads_here =
            |command: &Command| matches!(command, Command::App(AppCommand::Go(route)) if *route == state.route);
        if let Some((remedy, command)) = command.filter(|(_, command)| !leads_here(command))
            && ui.add(Button::quiet(remedy.label())).clicked()
        {
            commands.push(command);
        }
        let details = Details::of(ui);
        details.toggle_ui(ui, "Details");
        details.details_ui(ui, problem, state, commands);
    });
}

/// Technical details for support, in a collapsible section.
#[derive(Clone, Copy)]
pub(super) struct Details(Id);

impl Details {
    /// Returns the details of the failure in this part of the page.
    pub(super) fn of(ui: &Ui) -> Self {
        Self(ui.scope_id().with("details of a failure"))
    }

    fn is_open(self, ui: &Ui) -> bool {
        ui.data(|data| data.get_temp::<bool>(self.0).unwrap_or(false))
    }

    /// Draws the button that opens and closes them.
    pub(super) fn toggle_ui(self, ui: &mut Ui, name: &str) {
        let is_open = self.is_open(ui);
        let icon = if is_open {
            Icon::CHEVRON_DOWN
        } else {
            Icon::CHEVRON_RIGHT
        };
        let button = Button::quiet("Details").with_icon(icon).named(name);
        if ui.add(button).clicked() {
            ui.data_mut(|data| data.insert_temp(self.0, !is_open));
        }
    }

    /// Draws the details, while they are open.
    pub(super) fn details_ui(
        self,
        ui: &mut Ui,
        problem: &Problem,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        if !self.is_open(ui) {
            return;
        }
        let text = text_of(problem, state);
        let muted = Tokens::of(ui).muted;
        ui.scope(|ui| {
            ui.set_max_width(440.0);
            ui.add(
                Label::new(Type::Code.text(&text, muted))
                    .wrap()
                    .selectable(true),
            );
        });
        let copy = Button::quiet("Copy the details").with_icon(Icon::COPY);
        if ui.add(copy).clicked() {
            ui.ctx().copy_text(text);
            commands.push(Command::App(AppCommand::Notify(
                "The details have been copied.".to_owned(),
            )));
        }
    }
}

/// Returns kind, server, program and time; never a secret, never a name.
fn text_of(problem: &Problem, state: &State) -> String {
    let server = state.session().map(|session| session.server.host_text());
    let now = (state.environment.clock)();
    format!(
        "{}\n{} · {} · Fragalysis Desktop {} · {}",
        problem.message,
        problem.kind.as_str(),
        server.as_deref().unwrap_or("no server"),
        env!("CARGO_PKG_VERSION"),
        now.strftime("%Y-%m-%d %H:%M %:z"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_advised_remedy_has_its_button() {
        let kinds = [
            (
                ErrorKind::Tls,
                "certificate authority",
                Some(Remedy::Network),
            ),
            (ErrorKind::Expired, "Sign in again", Some(Remedy::SignIn)),
            (
                ErrorKind::Ageing,
                "in your browser",
                Some(Remedy::RenewInBrowser),
            ),
            (
                ErrorKind::DiskFull,
                "choose another folder",
                Some(Remedy::EditChoices),
            ),
            (
                ErrorKind::BuildFailed,
                "choose fewer files",
                Some(Remedy::EditChoices),
            ),
            (ErrorKind::Crashed, "report", Some(Remedy::Report)),
            (ErrorKind::Timeout, "Try again", None),
        ];
        for (kind, advice, remedy) in kinds {
            assert!(kind.next_step().contains(advice), "{kind:?}");
            assert_eq!(Remedy::for_kind(kind), remedy, "{kind:?}");
        }
    }
}
