//! The program's own files: written atomically, read tolerantly, never a secret.

mod builds;
mod crash;
mod journal;
mod keychain;
mod merge;
mod notes;
mod paths;
mod settings;
mod tables;
mod view_file;

pub use builds::BuildStore;
pub use crash::{Crash, forget_crashes, newest_crash, write_crash};
pub use journal::JournalFolder;
pub use keychain::{Entry, Keychain, KeychainError, KeychainWithTimeout, SystemKeychain};
pub use notes::{DEMO, NotesFolder};
pub use paths::{Folders, home_folder, make_log_folder};
pub use settings::{
    LARGEST_TEXT, RecentTargets, SMALLEST_TEXT, Settings, SettingsFile, Theme, WindowGeometry,
};
pub use tables::{SavedTable, TableStore};
pub use view_file::ViewFile;
