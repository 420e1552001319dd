//! Folders with data on this computer: which are known, what is in them, and what is newer on the server.

mod estimate;
mod known_folders;
mod scan;
mod update_check;

pub use estimate::{EstimateBasis, SizeEstimate, estimated_size};
pub use known_folders::{FolderRecord, LibraryFolder};
pub use scan::{LibraryEntry, Unavailable, list_again, scan};
pub use update_check::{UpdateStatus, check_for_updates};
