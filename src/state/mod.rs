//! All that the window shows, and the only code that changes it.
//!
//! [`State::apply`] takes the user's commands, [`State::poll`] takes in answers; nothing here draws or waits.

#![warn(clippy::wildcard_enum_match_arm)]

mod apply;
mod command;
mod crash;
mod downloads;
mod drawings;
mod environment;
mod experiments;
mod hits;
mod keys;
mod library;
mod network;
mod notice;
mod reading;
mod releases;
mod remote;
mod route;
mod saving;
mod session;
mod signing;
mod status;
mod support;
mod table;
mod traces;
mod two_tables;
mod viewers;

pub use crate::store::WindowPlace;
pub use command::{
    AppCommand, Command, DownloadsCommand, ExperimentsCommand, PictureFile, SelectHow,
    SessionCommand, SettingsCommand, StatusCommand, TableCommand, TableFile,
};
pub use crash::report_crashes;
pub use downloads::{DestinationInfo, Download, DownloadStatus, Downloads};
pub use drawings::{Drawings, Drawn};
pub use environment::{
    Bin, DemoHelp, DialogKind, DialogRequest, Dialogs, Environment, Notifier, Quiet,
};
pub use experiments::{Experiments, Observations};
pub use hits::HitsState;
pub use library::{Library, LibraryCommand};
pub use notice::{Notice, Notices};
pub use reading::Table;
pub use remote::{Answer, Remote, Waker, Worker};
pub use route::Route;
pub use session::{Session, SessionState};
pub use status::Status;
pub use table::Pictures;
pub use traces::StoredData;
pub use viewers::Viewer;

use std::{
    collections::{BTreeMap, HashSet},
    hash::RandomState,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    access::Why,
    api::{Authorities, TasStatus},
    model::{Problem, Release, Secret, ServerAddress, SessionToken, Statistics},
    store::{Crash, KeptBuilds, Settings, SettingsFile},
};

/// Everything that is on screen.
pub struct State {
    /// The world outside.
    pub environment: Environment,
    /// What the user has chosen.
    pub settings: Settings,
    /// The page.
    pub route: Route,
    /// The proof of a new session, while it is under way or after it has failed.
    pub signing_in: Remote<Session>,
    /// The session; `None` before the first one.
    pub session: Option<Session>,
    /// Sessions of other servers, by address, to go back to.
    pub others: BTreeMap<String, Session>,
    /// Whether the sign-in page is shown although there is a session.
    pub wants_sign_in: bool,
    /// Targets and experiments.
    pub experiments: Experiments,
    /// Drawings of structures, as far as someone looked at them.
    pub pictures: Pictures,
    /// Molecules laid out here, by their SMILES.
    pub drawings: Drawings,
    taken: table::Taken,
    /// What the server thinks of the user.
    pub status: Remote<Status>,
    /// The authenticator's statistics, for those who hold the key.
    pub statistics: Remote<Statistics>,
    /// The answer to the last question why something is not seen.
    pub why: Option<Why>,
    /// What the server says of the access string that was asked about, with the question.
    tas_status: Remote<(String, TasStatus)>,
    /// Programs that show structures, as far as they are installed.
    pub viewers: Remote<Vec<Viewer>>,
    opening: Remote<String>,
    /// What is under way.
    pub downloads: Downloads,
    /// What is on this disk.
    pub library: Library,
    /// Downloads that have ended since someone was told.
    finished: Vec<String>,
    /// Messages.
    pub notices: Notices,
    /// When the status is asked for again by itself, and how long the wait before it was.
    status_due: Option<(Instant, Duration)>,
    settings_file: SettingsFile,
    saving: Remote<()>,
    saves: u64,
    /// When settings that have changed are to be written.
    save_due: Option<Instant>,
    keys: keys::Keys,
    kept_builds: Arc<KeptBuilds>,
    /// The server whose kept token is waited for.
    awaited: Option<ServerAddress>,
    /// The server for which a previous session is being proven again.
    proving_again: Option<ServerAddress>,
    /// Waits for its proof before it is kept.
    to_keep: Option<SessionToken>,
    crash: Remote<Option<Crash>>,
    /// The newest release of this program, where it may be looked for.
    pub release: Remote<Release>,
    /// A file of authorities that is being read.
    authorities: Remote<(Option<PathBuf>, Authorities)>,
    /// The key that is kept once it has proven good.
    key_to_keep: Option<(ServerAddress, Secret)>,
    /// Marks of the tokens that this run has seen accepted.
    proven: HashSet<u64>,
    /// Makes the marks; another one in every run.
    marks: RandomState,
    last_session: u64,
}

impl State {
    /// The state at the start of the program.
    pub fn new(environment: Environment) -> Self {
        let settings_file = SettingsFile::in_folder(&environment.folders.config);
        let (settings, sentence) = settings_file.read();
        let mut notices = Notices::default();
        if let Some(sentence) = sentence {
            notices.warn(sentence);
        }
        let kept_builds = Arc::new(KeptBuilds::new(Arc::clone(&environment.keychain)));
        kept_builds.use_keychain(!settings.kept.is_empty());
        let keys = keys::Keys::new(Arc::clone(&environment.keychain), &environment.worker);
        let experiments = Experiments::shown_as(&settings);
        let mut viewers = Remote::NotRequested;
        let programs = environment.programs.clone();
        viewers.start(&environment.worker, async move {
            let found = tokio::task::spawn_blocking(move || Viewer::find(&programs)).await;
            Ok(found.unwrap_or_default())
        });
        let page = settings.page.as_deref().and_then(Route::of_key);
        let mut state = Self {
            viewers,
            opening: Remote::NotRequested,
            keys,
            others: BTreeMap::new(),
            awaited: None,
            proving_again: None,
            key_to_keep: None,
            proven: HashSet::new(),
            marks: RandomState::new(),
            last_session: 0,
            downloads: Downloads::new(&environment, &settings, Arc::clone(&kept_builds)),
            kept_builds,
            library: Library::new(&environment.folders.data),
            environment,
            settings,
            route: page.unwrap_or_default(),
            signing_in: Remote::NotRequested,
            session: None,
            wants_sign_in: false,
            experiments,
            pictures: Pictures::new(),
            drawings: Drawings::default(),
            taken: table::Taken::default(),
            status: Remote::NotRequested,
            why: None,
            tas_status: Remote::NotRequested,
            statistics: Remote::NotRequested,
            finished: Vec::new(),
            notices,
            status_due: None,
            settings_file,
            saving: Remote::NotRequested,
            saves: 0,
            save_due: None,
            to_keep: None,
            crash: Remote::NotRequested,
            release: Remote::NotRequested,
            authorities: Remote::NotRequested,
        };
        state.look_for_crash();
        state.begin_network();
        state.look_for_release();
        state
    }

    /// Takes in whatever has come. Says after how long it wants to be asked again even if nothing comes.
    pub fn poll(&mut self) -> Option<Duration> {
        self.poll_signing();
        if self.saving.poll()
            && let Some(problem) = self.saving.problem()
        {
            self.notices.warn(problem.message.clone());
        }
        let now = self.environment.clock;
        if self.experiments.poll(&self.environment.worker) {
            self.learn(self.experiments.table.problem().cloned(), now());
            if let Some(client) = self.client()
                && matches!(self.experiments.table, Remote::Ready(_))
            {
                self.experiments
                    .refresh_hits(&self.environment.worker, client);
            }
            if let Some(sentence) = self.experiments.take_warning() {
                self.notices.warn(sentence);
            }
        }
        if self.poll_status() {
            self.learn(self.status.problem().cloned(), now());
        }
        self.poll_statistics();
        self.poll_why();
        self.poll_taken();
        self.drawings.poll(&self.environment.worker);
        self.poll_crash();
        self.poll_release();
        self.poll_authorities();
        self.viewers.poll();
        if self.opening.poll() {
            match &self.opening {
                Remote::Ready(sentence) => self.notices.tell(sentence.clone()),
                Remote::Failed { problem, .. } => self.notices.warn(problem.message.clone()),
                Remote::NotRequested | Remote::Loading { .. } => {}
            }
        }
        let news = self.downloads.poll();
        for (number, problem) in news.problems {
            // An old download says nothing about a new session.
            let session = self.session.as_ref();
            if session.is_some_and(|session| session.number == number) {
                self.learn(Some(problem), now());
            }
        }
        self.note_places(news.places);
        self.poll_library();
        self.finished.extend(news.done);
        for sentence in news.found {
            self.notices.warn(sentence);
        }
        if let Some(reason) = news.not_noted {
            self.notices.warn(format!(
                "Downloads cannot be noted on this computer ({reason}). They continue, but cannot be resumed once the program is closed."
            ));
        }
        for problem in self.experiments.take_problems_of_details() {
            self.learn(Some(problem), now());
        }
        self.let_downloads_go_on();
        let waits = [
            self.notices.poll(),
            self.refresh_quietly(),
            self.save_when_due(),
        ];
        waits.into_iter().flatten().min()
    }

    /// Learns from an answer how things stand with the session: a good one was proven to be the user's own.
    pub(in crate::state) fn learn(&mut self, problem: Option<Problem>, now: jiff::Zoned) {
        let Some(session) = &mut self.session else {
            return;
        };
        if let Some(problem) = problem {
            session.note(&problem);
            return;
        }
        if session.has_ended() {
            // Renewed in the browser: what waits for a session continues with this one.
            self.last_session += 1;
            session.number = self.last_session;
        }
        session.is_proven(now);
    }

    /// Takes in the status, and sets the time of the next question: later and later while there is no answer.
    /// True when an answer has just come.
    fn poll_status(&mut self) -> bool {
        if !self.status.poll() {
            return false;
        }
        let quiet = self.environment.quiet;
        let has_failed = match &self.status {
            Remote::Failed { .. } => true,
            Remote::Ready(status) => status.user.is_err(),
            Remote::NotRequested | Remote::Loading { .. } => false,
        };
        let wait = match self.status_due {
            Some((_, before)) if has_failed => (before * 2).min(quiet.longest),
            _ => quiet.usual,
        };
        self.status_due = Some((Instant::now() + wait, wait));
        true
    }

    /// The downloads that have ended since this was asked last, each in a sentence.
    pub fn take_finished(&mut self) -> Vec<String> {
        std::mem::take(&mut self.finished)
    }

    /// How long the status page waits before it asks by itself; `None` before the first answer.
    pub fn quiet_wait(&self) -> Option<Duration> {
        self.status_due.map(|(_, wait)| wait)
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
        if let Some(server) = self.environment.server.clone().or_else(last) {
            self.sign_in_as_kept(&server);
        }
    }

    /// Whether the keychain or the server is being asked who the user is.
    pub fn is_proving(&self) -> bool {
        (self.signing_in.is_loading() && self.proving_again.is_none()) || self.awaited.is_some()
    }

    /// Whether the previous session is being proven again.
    pub fn is_retrying(&self) -> bool {
        let own = self.session.as_ref().map(|session| &session.server);
        self.proving_again.is_some() && self.proving_again.as_ref() == own
    }

    /// Whether the sign-in page is to be shown.
    pub fn is_signing_in(&self) -> bool {
        self.session.is_none() || self.wants_sign_in
    }

    /// Where downloads go unless the user says otherwise for one of them.
    pub fn download_folder(&self) -> &Path {
        self.settings
            .download_folder
            .as_deref()
            .unwrap_or(&self.environment.folders.downloads)
    }
}
