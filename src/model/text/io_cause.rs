//! Why the system could not read or write a file, in words.

use std::{error::Error, io};

/// Returns the cause after a colon if the path itself is the cause; otherwise an empty string.
pub(crate) fn cause(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::InvalidFilename => ": a name in this path is too long or not allowed",
        io::ErrorKind::NotADirectory => ": a part of this path is a file and not a folder",
        io::ErrorKind::IsADirectory => ": it is a folder",
        io::ErrorKind::ReadOnlyFilesystem => ": the disk is read-only",
        io::ErrorKind::PermissionDenied => ": you do not have permission",
        _ if error.raw_os_error() == Some(SYMLINK_LOOP) => ": its symbolic links form a loop",
        _ => "",
    }
}

/// Returns `true` if nothing can be at the path, now or later, as it is written.
pub(crate) fn is_impossible_path(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidFilename | io::ErrorKind::NotADirectory
    ) || error.raw_os_error() == Some(SYMLINK_LOOP)
}

/// `ELOOP`, for which the standard library has no stable name.
const SYMLINK_LOOP: i32 = if cfg!(target_os = "linux") { 40 } else { 62 };

/// Returns the error of the system in a chain of errors.
pub(super) fn io_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a io::Error> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<io::Error>() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

/// Returns `true` if there was no space left.
pub(crate) fn is_disk_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}
