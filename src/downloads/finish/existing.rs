//! What an earlier run has already finished.

use std::{fs, path::PathBuf};

use crate::{
    dataset::{JobId, StoredManifest},
    downloads::{context::Finished, job::Job},
};

/// Returns what an earlier run of this download has finished without being able to report it.
pub(in crate::downloads) fn find_finished(job: &Job, id: JobId) -> Option<Finished> {
    let name = job.name();
    let entries = fs::read_dir(&job.parent).ok()?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .starts_with(name.as_str())
        })
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths.into_iter().find_map(|place| {
        let written = StoredManifest::of(&place)?;
        (written.download == Some(id)).then_some(Finished {
            place,
            before: None,
            report: written.report,
        })
    })
}
