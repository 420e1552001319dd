//! What this program keeps on the disk for itself: written atomically, read tolerantly, never a secret.

mod atomic;
mod builds;
mod crash;
mod journal;
mod keychain;
mod library;
mod paths;
mod settings;
mod shelf;
mod tables;

pub(crate) use atomic::write_private;
pub use atomic::{write_file, write_temporary};
pub use builds::KeptBuilds;
pub use crash::{Crash, forget_crashes, newest_crash, write_crash};
pub use journal::JournalFolder;
pub use keychain::{Entry, Keychain, KeychainError, PatientKeychain, SystemKeychain};
pub use library::{FolderRecord, LibraryFolder};
pub use paths::{Folders, home_folder, make_log_folder};
pub use settings::{LARGEST_TEXT, SMALLEST_TEXT, Settings, SettingsFile, Theme, WindowPlace};
pub use shelf::{LibraryEntry, look};
pub use tables::{KeptTable, KeptTables};
