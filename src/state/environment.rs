//! What the world outside gives to the window.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::Worker;
use crate::{
    api::ClientOptions,
    downloads::{Journal, Patience},
    model::{LogBook, ServerAddress},
    store::{Folders, Keychain},
};

/// How often the status page asks again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// After an answer.
    pub usual: Duration,
    /// While there is no answer the wait doubles up to this.
    pub longest: Duration,
}

impl Default for Quiet {
    fn default() -> Self {
        Self {
            usual: Duration::from_mins(5),
            longest: Duration::from_hours(1),
        }
    }
}

/// A demo server that runs beside the window.
#[derive(Clone, Debug)]
pub struct DemoHelp {
    /// Where it listens.
    pub address: ServerAddress,
    /// Its session tokens, which are no secrets, and what they stand for.
    pub tokens: Vec<(&'static str, &'static str)>,
    /// Where its authenticator's statistics are.
    pub statistics: ServerAddress,
    /// Their key, which is no secret either.
    pub statistics_key: &'static str,
}

/// What the world outside gives to the window. Tests give other things than `main` does.
#[derive(Clone)]
pub struct Environment {
    /// Where work runs.
    pub worker: Worker,
    /// Where things lie on the disk.
    pub folders: Folders,
    /// Where tokens are kept when the user asks for it.
    pub keychain: Arc<dyn Keychain>,
    /// Folders in which programs are looked for.
    pub programs: Vec<PathBuf>,
    /// Where downloads are noted.
    pub journal: Arc<dyn Journal>,
    /// How patient requests are.
    pub client: ClientOptions,
    /// How patient downloads are.
    pub patience: Patience,
    /// How often the status page asks again by itself.
    pub quiet: Quiet,
    /// The time.
    pub clock: fn() -> jiff::Zoned,
    /// The server to begin with, if the user named one.
    pub server: Option<ServerAddress>,
    /// The demo server, if there is one.
    pub demo: Option<DemoHelp>,
    /// What draws the window, for "About".
    pub renderer: &'static str,
    /// Program and system in a few lines, for reports.
    pub about: String,
    /// The newest lines of the log.
    pub log: LogBook,
    /// Tells the user something while the window is out of sight; must not block.
    pub notify: Notifier,
    /// Moves a folder to the system's bin, or says why not. May wait for the disk.
    pub bin: Bin,
    /// Shows the system's own dialogs for folders and files.
    pub dialogs: Dialogs,
    /// Address that announces the newest release; `None` if this build has none.
    pub releases: Option<String>,
}

/// What a dialog of the system's is to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialogKind {
    /// A folder that is there.
    Folder,
    /// A file that is there.
    Open,
    /// A file to save to. The dialog asks before it takes one that is there.
    Save {
        /// The proposed name.
        name: String,
        /// The kind of file in words, and the ending of its name.
        filter: (&'static str, &'static str),
    },
}

/// A question for the system's own dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialogRequest {
    /// What the dialog is called.
    pub title: String,
    /// Where it begins; only a folder that exists.
    pub folder: Option<PathBuf>,
    /// What is asked for.
    pub kind: DialogKind,
}

/// Shows a dialog of the system's and waits until it is closed; `None` where nothing was chosen, or where no dialog
/// can open. Called on a thread of its own.
pub type Dialogs = Arc<dyn Fn(DialogRequest) -> Option<PathBuf> + Send + Sync>;

/// Moves a folder to the system's bin, or says why not.
pub type Bin = Arc<dyn Fn(&Path) -> Result<(), String> + Send + Sync>;

/// Tells the user something by the system's own means.
pub type Notifier = Arc<dyn Fn(String) + Send + Sync>;
