//! Files and folders, with paths in every error: atomic writes, verified reads, and names from elsewhere that cannot
//! leave their folder.

mod atomic;
mod busy;
mod digest;
mod error;
mod files;
mod folders;
mod free_name;
mod safe_path;
pub(crate) mod stored_path;
mod sync;
mod walk;

pub use atomic::{is_same_destination, write_file, write_temporary};
pub(crate) use atomic::{write_atomic, write_private};
pub(crate) use busy::lock_when_free;
pub(crate) use digest::has_digest;
pub use error::FileError;
pub(crate) use error::is_unavailable;
pub(crate) use files::{exists, read_json, read_own, remove, rename, without_bom, write_json};
pub(crate) use folders::{check_writable, hide, make_private, sync_folder};
pub use folders::{free_space, is_same_folder, plain_path, resolved_path};
pub(crate) use free_name::{move_aside, move_to_free_name, rename_to_free, with_free_name};
pub use safe_path::UnsafeName;
pub(crate) use safe_path::{NameSet, Placement, SafePath, too_many};
pub(crate) use sync::{sync_file, sync_tree};
pub(crate) use walk::{walk, walk_but};
