//! Hidden folders of downloads without a record in the journal: it could not be written or read, the program's own
//! folder was removed, or a folder could not be removed when its download had ended.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use super::{
    Journal, SavedJob, SavedStatus,
    work_dir::{Found, WorkDir},
};
use crate::{dataset::JobId, model::plural};

/// The remnants of earlier downloads.
#[derive(Debug, Default)]
pub struct Orphans {
    /// Downloads that are in the journal again, as paused.
    pub adopted: Vec<SavedJob>,
    /// Hidden folders that this version of the program can neither resume nor remove.
    pub unknown: Vec<PathBuf>,
}

impl Orphans {
    /// Returns what there is to report about it; `put_aside` are the paths of records that could not be read, and
    /// `how` says how a download is resumed here.
    pub fn sentences(
        &self,
        put_aside: &[PathBuf],
        how: &dyn Fn(&SavedJob) -> String,
    ) -> Vec<String> {
        let mut sentences: Vec<String> = self
            .adopted
            .iter()
            .map(|record| {
                let folder = record.job.parent.display();
                let how = how(record);
                format!("An interrupted download was found in {folder}. {how}")
            })
            .collect();
        if let Some(first) = self.unknown.first() {
            let count = self.unknown.len();
            let downloads = plural(count, "interrupted download", "interrupted downloads");
            let folders = if count == 1 { "folder" } else { "folders" };
            sentences.push(format!(
                "{downloads} cannot be resumed. You can delete the hidden {folders}: {}{}",
                first.display(),
                more(count)
            ));
        }
        if let Some(first) = put_aside.first() {
            let count = put_aside.len();
            sentences.push(format!(
                "{} cannot be read by this version of the program. Moved aside: {}{}",
                plural(count, "saved download", "saved downloads"),
                first.display(),
                more(count)
            ));
        }
        sentences
    }
}

/// Returns ` and 2 more`, for use after the first of several.
fn more(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        count => format!(" and {} more", count - 1),
    }
}

/// Looks for such folders in `parents`: what can be resumed is saved as paused, what has ended is removed. Downloads
/// from servers for which `is_wanted` is false are not touched. May block on the disk.
pub fn adopt(
    journal: &dyn Journal,
    parents: impl IntoIterator<Item = PathBuf>,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Orphans {
    let noted = journal.records();
    let mut known: HashSet<JobId> = noted.iter().map(|record| record.id).collect();
    let also = noted.into_iter().map(|record| record.job.parent);
    // A folder that is also reached through a symlink is one folder.
    let real = |path: PathBuf| fs::canonicalize(&path).unwrap_or(path);
    let parents: BTreeMap<PathBuf, PathBuf> = parents
        .into_iter()
        .chain(also)
        .map(|path| (real(path.clone()), path))
        .collect();
    let mut found = Orphans::default();
    for parent in parents.values() {
        // A folder whose disk is not available is left out.
        let entries = fs::read_dir(parent).into_iter().flatten();
        for folder in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            let Some(id) = id_of(&folder).filter(|_| is_own_folder(&folder)) else {
                continue;
            };
            match WorkDir::look(&folder) {
                Found::InUse => {}
                Found::Over => forget(&folder),
                _ if known.contains(&id) => {}
                Found::Nothing => forget(&folder),
                Found::Download(record) if !is_wanted(&record.server) => {}
                Found::Download(record) if record.id == id => {
                    known.insert(id);
                    take(journal, parent, *record, &mut found);
                }
                Found::Download(_) | Found::Unknown => found.unknown.push(folder),
            }
        }
    }
    found
}

fn forget(folder: &Path) {
    if let Err(error) = WorkDir::remove_folder(folder) {
        tracing::warn!(%error, "the folder of an ended download could not be removed");
    }
}

/// Saves a download again whose hidden folder says what it is.
fn take(journal: &dyn Journal, parent: &Path, mut record: SavedJob, found: &mut Orphans) {
    // The folder may have been moved since then.
    parent.clone_into(&mut record.job.parent);
    record.noted = SavedStatus::Paused;
    match journal.note(&record, 1) {
        Ok(()) => found.adopted.push(record),
        Err(error) => tracing::warn!(%error, "a recovered download could not be recorded"),
    }
}

/// Returns the download whose hidden folder has this name: `.<name>-<id>.part`.
fn id_of(folder: &Path) -> Option<JobId> {
    let name = folder.file_name()?.to_str()?;
    let (_, id) = name
        .strip_prefix('.')?
        .strip_suffix(".part")?
        .rsplit_once('-')?;
    (id.len() == 13).then(|| JobId::parse(id)).flatten()
}

/// Returns `true` if it is a folder of this user. In a shared folder another user may have planted anything.
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
