//! Walks through a folder.

use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use super::error::FileError;

/// Returns everything below a folder, without following links. What cannot be read is an error with its path.
pub(crate) fn walk(folder: &Path) -> impl Iterator<Item = Result<DirEntry, FileError>> + use<> {
    walk_but(folder, |_| false)
}

/// Like [`walk`], but skips entries with one of these names and everything below them.
pub(crate) fn walk_but(
    folder: &Path,
    is_left_out: fn(&str) -> bool,
) -> impl Iterator<Item = Result<DirEntry, FileError>> + use<> {
    let below = WalkDir::new(folder).min_depth(1).sort_by_file_name();
    let below = below.into_iter();
    let is_wanted = move |entry: &DirEntry| !is_left_out(&entry.file_name().to_string_lossy());
    below.filter_entry(is_wanted).map(|entry| {
        entry.map_err(|error| {
            let path = error.path().map(Path::to_owned).unwrap_or_default();
            // A loop of links, which has no system error, cannot occur: links are not followed.
            let source = error.into_io_error();
            let source =
                source.unwrap_or_else(|| std::io::Error::other("a loop of symbolic links"));
            FileError::from_read(&path, source)
        })
    })
}
