//! All commands of the window, grouped by the part of the state that carries them out.

mod experiments;
mod settings;
mod table;

use std::path::PathBuf;

use super::{LibraryCommand, Route, Viewer};
use crate::{
    dataset::JobId,
    downloads::Job,
    model::{Secret, ServerAddress, SessionToken},
};

pub use experiments::{ExperimentsCommand, PictureFile, TableFile};
pub use settings::SettingsCommand;
pub use table::{SelectionMode, TableCommand};

/// A request of the user. [`super::State::apply`] carries it out.
#[derive(Clone, Debug)]
pub enum Command {
    /// Users and servers.
    Session(SessionCommand),
    /// The Status page.
    Status(StatusCommand),
    /// The experiments and their exports.
    Experiments(ExperimentsCommand),
    /// How the table of experiments is shown, and what is selected in it.
    Table(TableCommand),
    /// Downloads.
    Downloads(DownloadsCommand),
    /// The folders with data on this disk.
    Library(LibraryCommand),
    /// The user's settings.
    Settings(SettingsCommand),
    /// The window as a whole, and other programs.
    App(AppCommand),
}

/// Signing in and out, and changing the server.
#[derive(Clone, Debug)]
pub enum SessionCommand {
    /// Verify the token and, if it is valid, start working with that server.
    SignIn {
        /// The server.
        server: ServerAddress,
        /// The token; `None` means public data only.
        token: Option<SessionToken>,
        /// Whether the token is saved in the system's keychain once it is accepted.
        keeps: bool,
    },
    /// Sign in with the saved token of this server.
    SignInWithSavedToken(ServerAddress),
    /// Forget that a server was used, and remove its token from the keychain.
    ForgetServer(ServerAddress),
    /// Work with what is on this disk, while the server cannot be reached.
    WorkOffline(ServerAddress),
    /// Cancel signing in.
    CancelSignIn,
    /// Check the session again, with the same token.
    Retry,
    /// Switch to another server to which the user is signed in.
    SwitchTo(ServerAddress),
    /// Show the sign-in page, keeping everything that is loaded.
    SignInAgain,
    /// Go back to work from the sign-in page.
    BackToWork,
    /// Forget the token, and all data with it.
    SignOut,
}

/// What the user can do on the Status page.
#[derive(Clone, Debug)]
pub enum StatusCommand {
    /// Reload the status.
    Refresh,
    /// Query the authenticator's statistics service.
    LoadStatistics {
        /// Its address, which is not the server's.
        address: ServerAddress,
        /// The administrators' key.
        key: Secret,
        /// Whether the key is saved in the system's keychain once it is accepted.
        keeps: bool,
    },
    /// Query the statistics service with the saved key.
    LoadStatisticsWithSavedKey(ServerAddress),
    /// Remove the key of a statistics service from the keychain.
    ForgetStatisticsKey(ServerAddress),
    /// Explain why a target or target access string is not visible.
    Explain(String),
    /// Go to the question why something is not visible, with this as its subject, which may be empty.
    Ask(String),
}

/// What the user can do with downloads.
#[derive(Clone, Debug)]
pub enum DownloadsCommand {
    /// Start a download, and remember the choices for the next one.
    Start {
        /// What to do.
        job: Box<Job>,
        /// A description of what is downloaded.
        what: String,
    },
    /// Pause a download.
    Pause(JobId),
    /// Cancel a download.
    Cancel(JobId),
    /// Resume a download, or try it again.
    Retry(JobId),
    /// Move a waiting download up or down the queue.
    Move {
        /// The download.
        id: JobId,
        /// Whether it moves up.
        is_up: bool,
    },
    /// Remove ended downloads from the list. Their files are kept.
    ClearFinished,
    /// Measure the free space of a folder.
    MeasureFolder(PathBuf),
}

/// What concerns the window as a whole, and other programs.
#[derive(Clone, Debug)]
pub enum AppCommand {
    /// Show a page.
    Go(Route),
    /// Open the structures of a folder in a viewer.
    OpenIn {
        /// The program.
        viewer: Viewer,
        /// The folder.
        place: PathBuf,
    },
    /// Show the result of a download: its folder, or the folder that contains its archive.
    ShowInFileManager(PathBuf),
    /// Show a folder in the system's file manager.
    OpenFolder(PathBuf),
    /// Open the page that shows the token in the browser.
    OpenTokenPage(ServerAddress),
    /// Open the server's own page in the browser.
    OpenServer(ServerAddress),
    /// Open a further window.
    NewWindow,
    /// Handle a file or folder that was dropped onto the window.
    TakeDropped(PathBuf),
    /// Copy a report for support to the clipboard.
    CopyReport,
    /// Copy the report of a crash to the clipboard.
    CopyCrash,
    /// Discard the report of a crash.
    DismissCrash,
    /// Copy a text to the clipboard.
    Copy {
        /// The text.
        text: String,
        /// The message that confirms it.
        told: String,
    },
    /// Show a short message.
    Notify(String),
    /// Close a message.
    DismissNotice(u64),
    /// Undo what a message offers to undo.
    Undo(u64),
}
