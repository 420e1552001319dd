//! All that the window shows, and the only code that changes it.
//!
//! [`State::apply`] carries out the user's commands, [`State::poll`] receives results; nothing here draws or blocks.

#![warn(clippy::wildcard_enum_match_arm)]

mod apply;
mod command;
mod copy_plot;
mod crash;
mod desktop;
mod downloads;
mod drawings;
mod dropped;
mod environment;
mod experiments;
mod export;
mod filtering;
mod hits;
mod keychain;
mod keychain_queue;
mod library;
mod loading;
mod network;
mod news;
mod notes;
mod notice;
mod recent;
mod releases;
mod remote;
mod route;
mod session;
mod settings_saver;
mod signing;
mod status;
mod stored_data;
mod structure_search;
mod support;
mod table;
mod two_tables;
mod undo;
mod view_files;
mod viewers;

pub use crate::store::WindowGeometry;
pub use command::{
    AppCommand, Command, DownloadsCommand, ExperimentsCommand, PictureFile, SelectionMode,
    SessionCommand, SettingsCommand, StatusCommand, TableCommand, TableFile,
};
pub use crash::report_crashes;
pub use desktop::Desktop;
pub use downloads::{DestinationInfo, Download, DownloadStatus, Downloads};
pub use drawings::{DrawingState, Drawings};
pub use dropped::DroppedCodes;
pub use environment::{
    Bin, DemoHelp, DialogKind, DialogRequest, Dialogs, Environment, NewWindow, Notifier,
    RefreshInterval,
};
pub use experiments::{Experiments, Observations};
pub use hits::HitsState;
pub use library::{Library, LibraryCommand};
pub use loading::Table;
pub use news::NewsState;
pub use notes::NotesState;
pub use notice::{Notice, Notices};
pub use remote::{PendingTask, Remote, Waker, Worker};
pub use route::Route;
pub use session::{Session, SessionState};
pub use signing::SignIn;
pub use status::{Account, Status};
pub use stored_data::StoredData;
pub use table::{Copied, Pictures};
pub use undo::Undo;
pub use viewers::Viewer;

use session::Sessions;
use settings_saver::SettingsSaver;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use crate::{
    api::Authorities,
    store::{BuildStore, Settings, SettingsFile, ViewFile},
};

/// Everything that is on screen.
pub struct State {
    /// The injected environment: folders, clock, runtime, keychain.
    pub environment: Environment,
    /// The user's settings.
    pub settings: Settings,
    saver: SettingsSaver,
    /// The shown page.
    pub route: Route,
    /// Messages.
    pub notices: Notices,
    /// The keychain: requests are carried out one after the other.
    keys: keychain_queue::KeychainQueue,
    /// The current session, and those with other servers.
    sessions: Sessions,
    /// A sign-in that is pending or has failed.
    pub sign_in: SignIn,
    /// Targets and experiments.
    pub experiments: Experiments,
    /// The drawings of structures that have been requested.
    pub pictures: Pictures,
    /// Molecules whose 2D coordinates were calculated here, by SMILES.
    pub drawings: Drawings,
    taken: table::PendingExports,
    /// Status of the user and the server, as the server reports it.
    pub account: Account,
    /// Downloads that are running, waiting or finished.
    pub downloads: Downloads,
    kept_builds: Arc<BuildStore>,
    /// The folders on this disk.
    pub library: Library,
    /// This computer: its viewers, the last crash, newer releases of this program.
    pub desktop: Desktop,
    /// A list of codes that was dropped onto the window.
    pub dropped: DroppedCodes,
    /// The pending removal of what this computer remembers.
    forgetting: Remote<()>,
    /// A view of the table that is being read from a file.
    opened_view: Remote<ViewFile>,
    /// A file of certificate authorities that is being read.
    authorities: Remote<(Option<PathBuf>, Authorities)>,
    /// Whether the password of the present proxy has been asked of the keychain.
    awaits_proxy_password: bool,
}

impl State {
    /// Creates the state at the start of the program.
    pub fn new(environment: Environment) -> Self {
        let settings_file = SettingsFile::in_folder(&environment.folders.config);
        let (settings, sentence) = settings_file.read();
        let mut notices = Notices::default();
        if let Some(sentence) = sentence {
            notices.warn(sentence);
        }
        let kept_builds = Arc::new(BuildStore::new(Arc::clone(&environment.keychain)));
        kept_builds.use_keychain(!settings.kept.is_empty());
        let keys = keychain_queue::KeychainQueue::new(
            Arc::clone(&environment.keychain),
            &environment.worker,
        );
        let page = settings.page.as_deref().and_then(Route::from_key);
        let mut state = Self {
            saver: SettingsSaver::new(settings_file),
            route: page.unwrap_or_default(),
            notices,
            keys,
            sessions: Sessions::default(),
            sign_in: SignIn::default(),
            experiments: Experiments::with_layout(&settings),
            pictures: Pictures::new(),
            drawings: Drawings::default(),
            taken: table::PendingExports::default(),
            account: Account::default(),
            downloads: Downloads::new(&environment, &settings, Arc::clone(&kept_builds)),
            kept_builds,
            library: Library::new(&environment.folders.data),
            desktop: Desktop::looking_for_viewers(&environment),
            dropped: DroppedCodes::default(),
            opened_view: Remote::NotRequested,
            forgetting: Remote::NotRequested,
            authorities: Remote::NotRequested,
            awaits_proxy_password: false,
            environment,
            settings,
        };
        state.look_for_crash();
        state.begin_network();
        state.look_for_release();
        state
    }

    /// Processes everything that has arrived. Returns after how long it must be polled again even if nothing arrives.
    pub fn poll(&mut self) -> Option<Duration> {
        self.poll_signing();
        self.poll_saver();
        let now = self.environment.clock;
        if self.experiments.poll(&self.environment.worker) {
            self.learn(self.experiments.table.problem().cloned(), now());
            if let Some(client) = self.client()
                && matches!(self.experiments.table, Remote::Ready(_))
            {
                self.experiments
                    .refresh_hits(&self.environment.worker, client);
            }
            self.show_last_target();
        }
        if let Some(sentence) = self.experiments.take_warning() {
            self.notices.warn(sentence);
        }
        if self.poll_status() {
            self.learn(self.account.status.problem().cloned(), now());
        }
        self.poll_statistics();
        self.poll_why();
        self.poll_exports();
        self.drawings.poll(&self.environment.worker);
        self.poll_crash();
        self.poll_release();
        self.poll_authorities();
        self.poll_dropped();
        self.poll_desktop();
        let news = self.downloads.poll();
        for (number, problem) in news.problems {
            // An old download says nothing about a new session.
            let session = self.sessions.current.as_ref();
            if session.is_some_and(|session| session.number == number) {
                self.learn(Some(problem), now());
            }
        }
        self.add_results(news.places);
        self.poll_library();
        self.desktop.finished.extend(news.done);
        for sentence in news.found {
            self.notices.warn(sentence);
        }
        if let Some(reason) = news.not_noted {
            self.notices.warn(format!(
                "The list of downloads cannot be saved on this computer ({reason}). Downloads continue, but cannot be resumed once the program is closed."
            ));
        }
        for problem in self.experiments.take_problems_of_details() {
            self.learn(Some(problem), now());
        }
        self.resume_waiting_downloads();
        let waits = [
            self.notices.poll(),
            self.refresh_status_when_due(),
            self.poll_notes(),
            self.save_when_due(),
        ];
        waits.into_iter().flatten().min()
    }

    /// Takes the downloads that have ended since the last call, one sentence each.
    pub fn take_finished(&mut self) -> Vec<String> {
        std::mem::take(&mut self.desktop.finished)
    }

    /// Returns where downloads are saved unless the user chooses another folder for one of them.
    pub fn download_folder(&self) -> &Path {
        self.settings
            .download_folder
            .as_deref()
            .unwrap_or(&self.environment.folders.downloads)
    }
}
