//! What is injected into the state: folders, clock, runtime, keychain.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::Worker;
use crate::{
    api::ClientOptions,
    downloads::{Journal, Timeouts},
    model::{LogBook, ServerAddress},
    store::{Folders, Keychain},
};

/// How often the status page refreshes itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshInterval {
    /// Interval after a response.
    pub usual: Duration,
    /// Without a response, the interval doubles, up to this value.
    pub longest: Duration,
}

impl Default for RefreshInterval {
    fn default() -> Self {
        Self {
            usual: Duration::from_mins(5),
            longest: Duration::from_hours(1),
        }
    }
}

/// A demo server that runs in this process.
#[derive(Clone, Debug)]
pub struct DemoHelp {
    /// Where it listens.
    pub address: ServerAddress,
    /// Its session tokens, which are not secret, and what they stand for.
    pub tokens: Vec<(&'static str, &'static str)>,
    /// Where its authenticator's statistics are.
    pub statistics: ServerAddress,
    /// Their key, which is not secret either.
    pub statistics_key: &'static str,
}

/// What is injected into the state. Tests inject their own implementations.
#[derive(Clone)]
pub struct Environment {
    /// Runs background work.
    pub worker: Worker,
    /// The folders of the program.
    pub folders: Folders,
    /// Where tokens are kept if the user asks for it.
    pub keychain: Arc<dyn Keychain>,
    /// Folders that are searched for programs.
    pub programs: Vec<PathBuf>,
    /// The journal of downloads.
    pub journal: Arc<dyn Journal>,
    /// The timeouts of requests.
    pub client: ClientOptions,
    /// The timeouts of downloads.
    pub timeouts: Timeouts,
    /// How often the status page refreshes itself.
    pub quiet: RefreshInterval,
    /// Returns the time.
    pub clock: fn() -> jiff::Zoned,
    /// The server to start with, if the user named one.
    pub server: Option<ServerAddress>,
    /// The demo server, if there is one.
    pub demo: Option<DemoHelp>,
    /// What draws the window, for "About".
    pub renderer: &'static str,
    /// Program and system in a few lines, for reports.
    pub about: String,
    /// The newest lines of the log.
    pub log: LogBook,
    /// Notifies the user while the window is not visible; must not block.
    pub notify: Notifier,
    /// Moves a folder to the system's bin, or says why not. May block on the disk.
    pub bin: Bin,
    /// Returns how many bytes are free in a folder, where the system says so. May block on the disk.
    pub free_space: fn(&Path) -> Option<u64>,
    /// Opens a further window.
    pub new_window: NewWindow,
    /// Shows the system's own dialogs for folders and files.
    pub dialogs: Dialogs,
    /// Address that announces the newest release; `None` if this build has none.
    pub releases: Option<String>,
}

/// What a system dialog asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialogKind {
    /// An existing folder.
    Folder,
    /// An existing file.
    Open,
    /// A file to save to. The dialog asks before it replaces an existing one.
    Save {
        /// The proposed name.
        name: String,
        /// A description of the file type, and its extension.
        filter: (&'static str, &'static str),
    },
}

/// A request to the system's own dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialogRequest {
    /// Its title.
    pub title: String,
    /// The folder in which it opens; only one that exists.
    pub folder: Option<PathBuf>,
    /// The kind of dialog.
    pub kind: DialogKind,
}

/// Shows a system dialog and waits until it is closed; `None` if nothing was chosen, or if no dialog can open. Called
/// on a thread of its own.
pub type Dialogs = Arc<dyn Fn(DialogRequest) -> Option<PathBuf> + Send + Sync>;

/// Moves a folder to the system's bin, or says why not.
pub type Bin = Arc<dyn Fn(&Path) -> Result<(), String> + Send + Sync>;

/// Opens a further window: another copy of the program.
pub type NewWindow = Arc<dyn Fn() -> io::Result<()> + Send + Sync>;

/// Notifies the user by the system's own means.
pub type Notifier = Arc<dyn Fn(String) + Send + Sync>;
