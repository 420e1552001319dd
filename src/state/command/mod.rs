//! Everything that the window can ask for, grouped by the part of the state that carries it out.

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
pub use table::{SelectHow, TableCommand};

/// A request of the user. [`super::State::apply`] carries it out.
#[derive(Clone, Debug)]
pub enum Command {
    /// Who works, and with which server.
    Session(SessionCommand),
    /// The Status page.
    Status(StatusCommand),
    /// The experiments and what is made of them.
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

/// Who works, and with which server.
#[derive(Clone, Debug)]
pub enum SessionCommand {
    /// Prove the token and, if it is good, begin to work with that server.
    SignIn {
        /// The server.
        server: ServerAddress,
        /// The token; `None` means public data only.
        token: Option<SessionToken>,
        /// Whether the token is kept in the system's keychain once it has proven good.
        keeps: bool,
    },
    /// Sign in with the token that the keychain has for this server.
    SignInAsKept(ServerAddress),
    /// Take the token of this server out of the keychain.
    ForgetKept(ServerAddress),
    /// Forget that a server was used, and what the keychain has for it.
    ForgetServer(ServerAddress),
    /// Work with what is on this disk, while the server cannot be reached.
    WorkOffline(ServerAddress),
    /// Stop proving.
    CancelSignIn,
    /// Ask again who the user is, with the previous token.
    Retry,
    /// Go to another server that one is signed in to.
    SwitchTo(ServerAddress),
    /// Show the sign-in page, keeping everything that is loaded.
    SignInAgain,
    /// Go back from there.
    BackToWork,
    /// Forget the token, and all data with it.
    SignOut,
}

/// What the Status page asks for.
#[derive(Clone, Debug)]
pub enum StatusCommand {
    /// Ask for the status again.
    Refresh,
    /// Ask the authenticator's statistics service.
    AskStatistics {
        /// Its address, which is not the server's.
        address: ServerAddress,
        /// The administrators' key.
        key: Secret,
        /// Whether the key is kept in the system's keychain once it has proven good.
        keeps: bool,
    },
    /// Ask the statistics service with the key in the keychain.
    AskStatisticsAsKept(ServerAddress),
    /// Take the key of a statistics service out of the keychain.
    ForgetStatisticsKey(ServerAddress),
    /// Ask why a target or target access string is not seen.
    AskWhy(String),
}

/// What is done with downloads.
#[derive(Clone, Debug)]
pub enum DownloadsCommand {
    /// Begin a download, and remember the choices for the next one.
    Start {
        /// What to do.
        job: Box<Job>,
        /// In words: what is downloaded.
        what: String,
    },
    /// Stop a download for now.
    Pause(JobId),
    /// Stop a download for good.
    Cancel(JobId),
    /// Go on with it, or do it again.
    Retry(JobId),
    /// Let a download that waits have its turn earlier or later.
    Move {
        /// Which.
        id: JobId,
        /// Earlier.
        is_up: bool,
    },
    /// Take what has ended off the list. Files stay.
    ClearFinished,
    /// Find out how much room there is.
    MeasureFolder(PathBuf),
}

/// What concerns the window as a whole, and other programs.
#[derive(Clone, Debug)]
pub enum AppCommand {
    /// Show a page.
    Go(Route),
    /// Open a folder's structures in a program that shows them.
    OpenIn {
        /// The program.
        viewer: Viewer,
        /// The folder.
        place: PathBuf,
    },
    /// Show what a download has left: its folder, or the folder in which its archive lies.
    ShowInFileManager(PathBuf),
    /// Show a folder in the system's file manager.
    OpenFolder(PathBuf),
    /// Open the page that shows the token in the browser.
    OpenTokenPage(ServerAddress),
    /// Open the server's own page in the browser.
    OpenServer(ServerAddress),
    /// Put a report for support into the clipboard.
    CopyReport,
    /// Put the report of a crash into the clipboard.
    CopyCrash,
    /// Forget what a crash has left.
    ForgetCrash,
    /// Put a text into the clipboard.
    Copy {
        /// The text.
        text: String,
        /// What to tell the user.
        told: String,
    },
    /// Tell the user that something has been done.
    Tell(String),
    /// Take a message away.
    DismissNotice(u64),
}
