//! What the user can set.

use std::path::PathBuf;

use crate::{
    model::{FileSelection, ProxyChoice, Secret},
    store::Theme,
    table::HitsLook,
};

/// A change of the settings.
#[derive(Clone, Debug)]
pub enum SettingsCommand {
    /// Light or dark.
    SetTheme(Theme),
    /// How large the text is; 1 is the usual size.
    SetTextSize(f32),
    /// Remember the width or height of a pane.
    SetPaneSize {
        /// Its name.
        name: &'static str,
        /// In points.
        size: f32,
    },
    /// How the hits are shown on their page.
    SetHitsLook(HitsLook),
    /// Where downloads go.
    SetDownloadFolder(PathBuf),
    /// How many downloads may run at the same time.
    SetParallel(usize),
    /// How fast downloads may run, in bytes per second.
    SetSpeedLimit(Option<u64>),
    /// The proxy through which servers are reached.
    SetProxy {
        /// Which.
        proxy: ProxyChoice,
        /// The password for it, if a new one was typed.
        password: Option<Secret>,
    },
    /// Trust the certificate authorities in a file as well; `None` trusts only the system's.
    SetAuthorities(Option<PathBuf>),
    /// Save a choice of file types under a name, or delete it.
    SetPreset {
        /// Its name.
        name: String,
        /// The choice; `None` deletes it.
        files: Option<FileSelection>,
    },
    /// Allow or forbid checks for newer releases of this program.
    AllowReleaseCheck(bool),
    /// Forget what this computer remembers of the user's work.
    ForgetStoredData,
}
