//! What is known about the destination folder of a download.

use std::{collections::BTreeSet, path::Path};

use crate::state::{Environment, Remote};

/// Upper limit for the number after the name of a folder.
const MAX_NUMBER: usize = 10_000;

/// The free space of a folder.
#[derive(Clone, Debug)]
pub struct DestinationInfo {
    /// The folder.
    pub folder: std::path::PathBuf,
    /// Free bytes, where the system says so.
    pub free: Option<u64>,
    /// The names of the folders in it, one of which may be an earlier download.
    pub names: BTreeSet<String>,
    /// The same in lower case: on Windows and macOS, case does not distinguish names.
    small_names: BTreeSet<String>,
}

impl DestinationInfo {
    /// Returns the name that a new folder will get if `name` is taken, ignoring case; `None` if it is free.
    pub fn name_beside(&self, name: &str) -> Option<String> {
        let is_taken = |name: &str| self.small_names.contains(&name.to_lowercase());
        let numbered = |number: usize| format!("{name} ({number})");
        is_taken(name)
            .then(|| (2..MAX_NUMBER).map(numbered).find(|name| !is_taken(name)))
            .flatten()
    }
}

/// Measures a folder, which may take a while.
pub(in crate::state) fn measure(
    room: &mut Remote<DestinationInfo>,
    environment: &Environment,
    folder: &Path,
) {
    let folder = folder.to_owned();
    let free_space = environment.free_space;
    room.start(&environment.worker, async move {
        // A network drive may be slow to answer.
        let looked = folder.clone();
        let found = tokio::task::spawn_blocking(move || {
            let entries = std::fs::read_dir(&looked).into_iter().flatten();
            let names: BTreeSet<String> = entries
                .filter_map(Result::ok)
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect();
            let small = names.iter().map(|name| name.to_lowercase()).collect();
            (free_space(&looked), names, small)
        });
        let (free, names, small_names) = found.await.unwrap_or_default();
        Ok(DestinationInfo {
            folder,
            free,
            names,
            small_names,
        })
    });
}
