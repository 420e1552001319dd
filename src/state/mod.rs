//! All that the window shows, and the only code that changes it.
//!
//! [`State::apply`] takes the user's wishes, [`State::poll`] takes in answers; nothing here draws or waits.

mod apply;
mod command;
mod downloads;
mod experiments;
mod load;
mod notice;
mod route;
mod session;
mod signing;
mod status;

pub use command::{Command, SelectHow};
pub use downloads::{Download, Downloads, Room, Standing};
pub use experiments::{Experiments, Observations, Table};
pub use load::{Answer, Load, Waker, Worker};
pub use notice::{Notice, Notices};
pub use route::Route;
pub use session::{Session, SessionState};
pub use status::Status;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    api::ClientOptions,
    downloads::Patience,
    model::{ServerAddress, SessionToken, Statistics, Why},
    store::{Folders, Keychain, Settings, SettingsFile},
};

/// The status page asks again by itself after so long.
const QUIET: Duration = Duration::from_mins(5);
/// While there is no answer the wait doubles up to this.
const LONGEST_QUIET: Duration = Duration::from_hours(1);

/// A demo server that runs beside the window.
#[derive(Clone, Debug)]
pub struct DemoHelp {
    /// Where it listens.
    pub address: ServerAddress,
    /// Its session tokens, which are no secrets, and what they stand for.
    pub tokens: Vec<(&'static str, &'static str)>,
}

/// What the world outside gives to the window. Tests give other things than `main` does.
#[derive(Clone)]
pub struct Surroundings {
    /// Where work runs.
    pub worker: Worker,
    /// Where things lie on the disk.
    pub folders: Folders,
    /// Where tokens are kept when the user asks for it.
    pub keychain: Arc<dyn Keychain>,
    /// How patient requests are.
    pub client: ClientOptions,
    /// How patient downloads are.
    pub patience: Patience,
    /// The time.
    pub clock: fn() -> jiff::Zoned,
    /// The server to begin with, if the user named one.
    pub server: Option<ServerAddress>,
    /// The demo server, if there is one.
    pub demo: Option<DemoHelp>,
    /// What draws the window, for "About".
    pub renderer: &'static str,
}

/// Everything that is on screen.
pub struct State {
    /// The world outside.
    pub surroundings: Surroundings,
    /// What the user has chosen.
    pub settings: Settings,
    /// The page.
    pub route: Route,
    /// The proof of a new session, while it is under way or after it has failed.
    pub signing_in: Load<Session>,
    /// The session; nothing before the first one.
    pub session: Option<Session>,
    /// Whether the sign-in page is shown although there is a session.
    pub wants_sign_in: bool,
    /// Targets and experiments.
    pub experiments: Experiments,
    /// What the server thinks of the user.
    pub status: Load<Status>,
    /// The authenticator's statistics, for those who hold the key.
    pub statistics: Load<Statistics>,
    /// The answer to the last question why something is not seen.
    pub why: Option<Why>,
    /// What is under way.
    pub downloads: Downloads,
    /// Messages.
    pub notices: Notices,
    /// When the status is asked for again by itself, and how long the wait before it was.
    status_due: Option<(Instant, Duration)>,
    settings_file: SettingsFile,
    saving: Load<()>,
    saves: u64,
    keychain: Load<signing::Kept>,
    /// Waits for its proof before it is kept.
    to_keep: Option<SessionToken>,
}

impl State {
    /// The state at the start of the program.
    pub fn new(surroundings: Surroundings) -> Self {
        let settings_file = SettingsFile::in_folder(&surroundings.folders.config);
        let (settings, sentence) = settings_file.read();
        let mut notices = Notices::default();
        if let Some(sentence) = sentence {
            notices.warn(sentence);
        }
        Self {
            downloads: Downloads::new(
                &surroundings.worker,
                surroundings.patience,
                surroundings.clock,
            ),
            surroundings,
            settings,
            route: Route::default(),
            signing_in: Load::NotAsked,
            session: None,
            wants_sign_in: false,
            experiments: Experiments::default(),
            status: Load::NotAsked,
            why: None,
            statistics: Load::NotAsked,
            notices,
            status_due: None,
            settings_file,
            saving: Load::NotAsked,
            saves: 0,
            keychain: Load::NotAsked,
            to_keep: None,
        }
    }

    /// Takes in whatever has come. Says after how long it wants to be asked again even if nothing comes.
    pub fn poll(&mut self) -> Option<Duration> {
        self.poll_signing();
        if self.saving.poll()
            && let Some(problem) = self.saving.problem()
        {
            self.notices.warn(problem.message.clone());
        }
        self.experiments.poll();
        self.poll_status();
        self.statistics.poll();
        let mut problems = self.downloads.poll();
        problems.extend(self.experiments.problems().cloned());
        problems.extend(self.status.problem().cloned());
        if let Some(session) = &mut self.session {
            for problem in &problems {
                session.note(problem);
            }
        }
        let quiet = self.refresh_quietly();
        [self.notices.poll(), quiet].into_iter().flatten().min()
    }

    /// Takes in the status, and sets the time of the next question: later and later while there is no answer.
    fn poll_status(&mut self) {
        if !self.status.poll() {
            return;
        }
        let wait = match (&self.status, self.status_due) {
            (Load::Failed { .. }, Some((_, before))) => (before * 2).min(LONGEST_QUIET),
            _ => QUIET,
        };
        self.status_due = Some((Instant::now() + wait, wait));
    }

    /// Asks for the status again while its page is shown. Says how long that still takes.
    fn refresh_quietly(&mut self) -> Option<Duration> {
        let (due, _) = self.status_due?;
        if self.route != Route::Status || self.session.is_none() || self.status.is_loading() {
            return None;
        }
        let wait = due.saturating_duration_since(Instant::now());
        if wait.is_zero() {
            self.refresh_status();
            return None;
        }
        Some(wait)
    }

    /// Signs in with the kept token of the server that was named, else of the one used last, if the user has
    /// ever asked for that. For the start of the program.
    pub fn sign_in_as_last_time(&mut self) {
        let last = || {
            self.settings
                .server
                .as_deref()
                .and_then(|text| ServerAddress::parse(text).ok())
        };
        if let Some(server) = self.surroundings.server.clone().or_else(last) {
            self.sign_in_as_kept(&server);
        }
    }

    /// Whether the keychain or the server is being asked who the user is.
    pub fn is_proving(&self) -> bool {
        self.signing_in.is_loading() || (self.session.is_none() && self.keychain.is_loading())
    }

    /// Whether the sign-in page is to be shown.
    pub fn is_signing_in(&self) -> bool {
        self.session.is_none() || self.wants_sign_in
    }

    /// Where downloads go unless the user says otherwise for one of them.
    pub fn download_folder(&self) -> &std::path::Path {
        self.settings
            .download_folder
            .as_deref()
            .unwrap_or(&self.surroundings.folders.downloads)
    }
}
