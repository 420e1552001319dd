//! Everything that the window can ask for.

use std::path::PathBuf;

use super::{LibraryWish, Route, TableWish, Viewer};
use crate::{
    downloads::{Job, JobId},
    model::{
        ExperimentId, FileSelection, ProxyChoice, Secret, ServerAddress, SessionToken, TargetKey,
    },
    store::Theme,
};

/// How a click changes the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectHow {
    /// Only this one.
    Only,
    /// This one as well, or no longer.
    Toggle,
    /// All from the last one to this one.
    Range,
}

/// A wish of the user. [`super::State::apply`] fulfils it.
#[derive(Clone, Debug)]
pub enum Command {
    /// Prove the token and, if it is good, begin to work with that server.
    SignIn {
        /// The server.
        server: ServerAddress,
        /// The token; nothing means public data only.
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
    /// Stop proving.
    CancelSignIn,
    /// Ask again who the user is, with the token of before.
    RetrySession,
    /// Go to another server that one is signed in to.
    SwitchTo(ServerAddress),
    /// Show the sign-in page, keeping everything that is loaded.
    SignInAgain,
    /// Go back from there.
    BackToWork,
    /// Forget the token, and all data with it.
    SignOut,
    /// Show a page.
    Go(Route),
    /// Ask for the experiments again.
    RefreshExperiments,
    /// Ask for the status again.
    RefreshStatus,
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
    /// Show one target, or all.
    ShowTarget(Option<TargetKey>),
    /// Show only rows with this text.
    Search(String),
    /// Sort by the column of this field.
    SortBy {
        /// The server's name of the field.
        field: String,
        /// Whether the columns sorted by before stay.
        is_further: bool,
    },
    /// Show or hide the column of this field.
    ShowColumn {
        /// The server's name of the field.
        field: String,
        /// Whether it is to be shown.
        is_shown: bool,
    },
    /// Change the selection by one row.
    Select(ExperimentId, SelectHow),
    /// Select all shown rows, or none if all are selected.
    SelectAll,
    /// Select nothing.
    ClearSelection,
    /// Anything about the folders on this disk.
    OfLibrary(LibraryWish),
    /// Anything else about the table.
    OfTable(TableWish),
    /// Load the observations of a target, if nobody has yet.
    NeedObservations(TargetKey),
    /// Find out how much room there is.
    MeasureFolder(PathBuf),
    /// Begin a download, and remember the choices for the next one.
    StartDownload {
        /// What to do.
        job: Job,
        /// In words: what is downloaded.
        what: String,
    },
    /// Stop a download for now.
    PauseDownload(JobId),
    /// Stop a download for good.
    CancelDownload(JobId),
    /// Go on with it, or do it again.
    RetryDownload(JobId),
    /// Let a download that waits have its turn earlier or later.
    MoveDownload {
        /// Which.
        id: JobId,
        /// Earlier.
        is_up: bool,
    },
    /// Take what has ended off the list. Files stay.
    ClearFinished,
    /// Open a folder's structures in a program that shows them.
    OpenIn {
        /// The program.
        viewer: Viewer,
        /// The folder.
        place: PathBuf,
    },
    /// Show what a download has left: its folder, or the folder in which its archive lies.
    ShowPlace(PathBuf),
    /// Show a folder in the system's file manager.
    OpenFolder(PathBuf),
    /// Open the page that shows the token in the browser.
    OpenTokenPage(ServerAddress),
    /// Open the server's own page in the browser.
    OpenServer(ServerAddress),
    /// Light or dark.
    SetTheme(Theme),
    /// How large the text is; 1 is the usual size.
    SetTextSize(f32),
    /// Remember how wide or high a pane was made.
    KeepPane {
        /// Its name.
        name: &'static str,
        /// In points.
        size: f32,
    },
    /// Where downloads go.
    SetDownloadFolder(PathBuf),
    /// How many downloads may be under way at the same time.
    SetParallel(usize),
    /// How fast downloads may be, in bytes per second.
    SetSpeedLimit(Option<u64>),
    /// Through which proxy servers are asked.
    SetProxy {
        /// Which.
        proxy: ProxyChoice,
        /// The password for it, where a new one was typed.
        password: Option<Secret>,
    },
    /// Trust the certificate authorities in a file as well, or none besides the system's.
    SetAuthorities(Option<PathBuf>),
    /// Keep a choice of file types under a name, or drop it.
    SetPreset {
        /// Its name.
        name: String,
        /// The choice; nothing drops it.
        files: Option<FileSelection>,
    },
    /// Remember the chosen file types.
    RememberFiles(FileSelection),
    /// Allow looking for newer releases of this program, or forbid it.
    AllowReleases(bool),
    /// Forget what this computer remembers of the user's work.
    ForgetTraces,
    /// Put a report for support into the clipboard.
    CopyReport,
    /// Put the report of a crash into the clipboard.
    CopyCrash,
    /// Forget what a crash has left.
    ForgetCrash,
    /// Tell the user that something has been done.
    Tell(String),
    /// Take a message away.
    DismissNotice(u64),
}
