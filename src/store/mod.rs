//! What this program keeps on the disk for itself: written atomically, read tolerantly, never a secret.

mod builds;
mod crash;
mod journal;
mod keychain;
mod paths;
mod settings;
mod tables;

pub use builds::KeptBuilds;
pub use crash::{Crash, forget_crashes, newest_crash, write_crash};
pub use journal::JournalFolder;
pub use keychain::{Entry, Keychain, KeychainError, PatientKeychain, SystemKeychain};
pub use paths::{Folders, home_folder, make_log_folder};
pub use settings::{
    LARGEST_TEXT, RecentTargets, SMALLEST_TEXT, Settings, SettingsFile, Theme, WindowPlace,
};
pub use tables::{KeptTable, KeptTables};
