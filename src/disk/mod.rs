//! Files and folders, with their paths in every error: what is written is whole or not there, what is read is
//! compared byte by byte, and names from elsewhere lead nowhere else.

mod atomic;
mod busy;
mod digest;
mod error;
mod files;
mod folders;
mod free_name;
mod safe_path;
mod sync;

pub use atomic::{write_file, write_temporary};
pub(crate) use atomic::{write_private, write_whole};
pub(crate) use digest::{hex, is_file};
pub use error::FileError;
pub(crate) use error::is_away;
pub(crate) use files::{is_there, read_json, remove, rename, write_json};
pub use folders::{free_space, is_same_folder, plain_path, real_place};
pub(crate) use folders::{hide, make_private, sync_folder, try_writing};
pub(crate) use free_name::{first_free, move_free, put_aside, rename_to_free};
pub use safe_path::UnsafeName;
pub(crate) use safe_path::{NameSet, Place, SafePath, too_many};
pub(crate) use sync::{sync_now, sync_tree};
