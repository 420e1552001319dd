//! What is known about the destination folder of a download.

use std::{collections::BTreeSet, path::Path};

use crate::{
    disk::free_space,
    state::{Remote, Worker},
};

/// The free space of a folder.
#[derive(Clone, Debug)]
pub struct DestinationInfo {
    /// The folder.
    pub folder: std::path::PathBuf,
    /// Free bytes, where the system says so.
    pub free: Option<u64>,
    /// The names of the folders in it, one of which may be an earlier download.
    pub names: BTreeSet<String>,
}

/// Measures a folder, which may take long.
pub(in crate::state) fn measure(
    room: &mut Remote<DestinationInfo>,
    worker: &Worker,
    folder: &Path,
) {
    let folder = folder.to_owned();
    room.start(worker, async move {
        // A network drive may be slow to answer.
        let looked = folder.clone();
        let found = tokio::task::spawn_blocking(move || {
            let entries = std::fs::read_dir(&looked).into_iter().flatten();
            let names = entries
                .filter_map(Result::ok)
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect();
            (free_space(&looked), names)
        });
        let (free, names) = found.await.unwrap_or_default();
        Ok(DestinationInfo {
            folder,
            free,
            names,
        })
    });
}
