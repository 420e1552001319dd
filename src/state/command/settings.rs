//! What the user can choose.

use std::path::PathBuf;

use crate::{
    model::{FileSelection, ProxyChoice, Secret},
    store::Theme,
    table::HitsLook,
};

/// What the user chooses.
#[derive(Clone, Debug)]
pub enum SettingsCommand {
    /// Light or dark.
    SetTheme(Theme),
    /// How large the text is; 1 is the usual size.
    SetTextSize(f32),
    /// Remember how wide or high a pane was made.
    SetPaneSize {
        /// Its name.
        name: &'static str,
        /// In points.
        size: f32,
    },
    /// How the hits are laid out on their page.
    SetHitsLook(HitsLook),
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
    /// Allow looking for newer releases of this program, or forbid it.
    AllowReleaseCheck(bool),
    /// Forget what this computer remembers of the user's work.
    ForgetStoredData,
}
