//! Hidden folders of downloads that no note names: it could not be written or read, the program's own folder was
//! removed, or a folder could not be removed when its download was over.

use std::{
    collections::{BTreeSet, HashSet},
    fs,
    path::{Path, PathBuf},
};

use super::{JobId, JobRecord, Journal, Noted, work_dir::WorkDir};
use crate::model::plural;

/// What was found of earlier downloads.
#[derive(Debug, Default)]
pub struct LeftBehind {
    /// Downloads that are noted again, as paused.
    pub adopted: Vec<JobRecord>,
    /// Hidden folders that this version of the program can neither resume nor remove.
    pub unknown: Vec<PathBuf>,
}

impl LeftBehind {
    /// What there is to say about it; `put_aside` are the notes of downloads that could not be read, and `how` is the
    /// sentence that says how to resume a download here.
    pub fn sentences(&self, put_aside: &[PathBuf], how: &str) -> Vec<String> {
        let mut sentences = Vec::new();
        for record in &self.adopted {
            sentences.push(format!(
                "An interrupted download of {} was found in {}. {how}",
                record.job.request.target,
                record.job.parent.display()
            ));
        }
        if let Some(first) = self.unknown.first() {
            sentences.push(format!(
                "{} cannot be resumed. The hidden {} may be deleted: {}{}",
                plural(
                    self.unknown.len(),
                    "interrupted download",
                    "interrupted downloads"
                ),
                if self.unknown.len() == 1 {
                    "folder"
                } else {
                    "folders"
                },
                first.display(),
                if self.unknown.len() == 1 {
                    ""
                } else {
                    " and others beside it"
                },
            ));
        }
        if let Some(first) = put_aside.first() {
            sentences.push(format!(
                "{} cannot be read by this version of the program. {} put aside beside {}",
                plural(put_aside.len(), "note of a download", "notes of downloads"),
                if put_aside.len() == 1 {
                    "It was"
                } else {
                    "They were"
                },
                first.display()
            ));
        }
        sentences
    }
}

/// Looks for such folders in `parents`: what can be resumed is noted as paused, what is over is removed. May wait
/// for the disk.
pub fn adopt(journal: &dyn Journal, parents: impl IntoIterator<Item = PathBuf>) -> LeftBehind {
    let noted = journal.all();
    let known: HashSet<JobId> = noted.iter().map(|(record, _)| record.id).collect();
    let also = noted.into_iter().map(|(record, _)| record.job.parent);
    let parents: BTreeSet<PathBuf> = parents.into_iter().chain(also).collect();
    let mut found = LeftBehind::default();
    for parent in &parents {
        // A folder that is away has nothing to say.
        let entries = fs::read_dir(parent).into_iter().flatten();
        for folder in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            let Some(id) = id_of(&folder).filter(|_| is_own_folder(&folder)) else {
                continue;
            };
            if WorkDir::is_over(&folder) {
                if let Err(error) = fs::remove_dir_all(&folder) {
                    tracing::warn!(%error, "a download is over, and its folder stays");
                }
            } else if !known.contains(&id) {
                take(journal, parent, folder, id, &mut found);
            }
        }
    }
    found
}

/// Notes a download again whose hidden folder says what it is.
fn take(journal: &dyn Journal, parent: &Path, folder: PathBuf, id: JobId, found: &mut LeftBehind) {
    let Some(mut record) = WorkDir::record_in(&folder).filter(|record| record.id == id) else {
        found.unknown.push(folder);
        return;
    };
    if WorkDir::is_in_use(&folder) {
        return;
    }
    // The folder may have been moved since.
    parent.clone_into(&mut record.job.parent);
    record.noted = Noted::Paused;
    match journal.note(&record, 1) {
        Ok(()) => found.adopted.push(record),
        Err(error) => tracing::warn!(%error, "a download that was found is not noted"),
    }
}

/// The download whose hidden folder has this name: `.<name>-<id>.part`.
fn id_of(folder: &Path) -> Option<JobId> {
    let name = folder.file_name()?.to_str()?;
    let (_, id) = name
        .strip_prefix('.')?
        .strip_suffix(".part")?
        .rsplit_once('-')?;
    (id.len() == 13).then(|| JobId::parse(id)).flatten()
}

/// Whether it is a folder of this user. In a folder that is shared someone else may have laid out anything.
fn is_own_folder(folder: &Path) -> bool {
    let Ok(data) = folder.symlink_metadata() else {
        return false;
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if data.uid() != rustix::process::geteuid().as_raw() {
            return false;
        }
    }
    data.is_dir()
}
