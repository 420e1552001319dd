//! What this program keeps on the disk for itself: written atomically, read tolerantly, never a secret.

mod keychain;
mod paths;
mod settings;

pub use keychain::{Keychain, KeychainError, SystemKeychain};
pub use paths::Folders;
pub use settings::{Settings, SettingsFile, Theme};
