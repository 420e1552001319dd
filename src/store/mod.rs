//! What this program keeps on the disk for itself: written atomically, read tolerantly, never a secret.

mod atomic;
mod builds;
mod journal;
mod keychain;
mod paths;
mod settings;
mod tables;

pub use atomic::write_file;
pub use builds::KeptBuilds;
pub use journal::JournalFolder;
pub use keychain::{Entry, Keychain, KeychainError, SystemKeychain};
pub use paths::Folders;
pub use settings::{LARGEST_TEXT, SMALLEST_TEXT, Settings, SettingsFile, Theme};
pub use tables::{KeptTable, KeptTables};
