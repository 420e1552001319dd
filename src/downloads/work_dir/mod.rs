//! The hidden folder in which a download grows: its complete parts survive a restart of the program, and nothing in
//! it ever has a final name.
//!
//! ```text
//! .Mpro_lb18145-1-<id>.part/
//!     plan.json            which codes belong to which part
//!     download.json        the download itself, for when it is not in the journal any more
//!     lock                 locked while a worker is active
//!     over                 in place of the plan: all of it may be removed
//!     part-0001/           the files of a complete part
//!     part-0001.json       their checksums; written when all of them are on the disk
//!     part-0002.new/       files of the part that is arriving
//!     archive-0002.part    its archive, if keeping it can be useful
//!     archive-0002.json    its ETag, length and codes
//!     archive-0002.certain how much of it would survive a power cut, where it has no checksums of its own
//!     order-0002.json      how often and when it was ordered, as long as it has not been built
//!     lost-0003.json       why a part could not be obtained
//!     whole.new/           all parts together
//! ```

mod owner;
pub(super) mod records;
#[cfg(test)]
mod tests;
pub(super) mod verify;
use std::{
    fs::{self, File},
    path::PathBuf,
};

use super::{
    DownloadError, Job,
    format::Format,
    plan::{parts, types::Plan},
};
use crate::{
    dataset::{JobId, Snapshot},
    disk::{
        FileError, exists, hide, make_private, read_json, remove, rename, sync_tree, write_json,
    },
    downloads::work_dir::records::{PartRecord, Sidecar},
    model::{Problem, is_impossible_path},
};

pub(in crate::downloads) use owner::Found;

/// The file that says which parts there are.
const PLAN: &str = "plan.json";
/// Takes the place of the plan when the folder is to be removed.
const OVER: &str = "over";

/// The hidden folder of one download.
#[derive(Debug)]
pub(in crate::downloads) struct WorkDir {
    folder: PathBuf,
    plan: Plan,
    /// Tells other copies of the program that a worker is active.
    lock: Option<File>,
}

impl WorkDir {
    /// Returns the hidden folder of a download.
    pub(in crate::downloads) fn folder_of(job: &Job, id: JobId) -> PathBuf {
        let name = job.name();
        job.parent.join(format!(".{name}-{id}.part"))
    }

    /// Opens what an earlier run has left, if it can be resumed. Removes what cannot.
    pub(in crate::downloads) fn reopen(
        job: &Job,
        id: JobId,
    ) -> Result<Option<Self>, DownloadError> {
        let folder = Self::folder_of(job, id);
        if !exists(&folder)? {
            return Ok(None);
        }
        let plan = read_json::<Plan>(&folder.join(PLAN))?.filter(Plan::is_readable);
        let Some(plan) = plan else {
            remove(&folder)?;
            return Ok(None);
        };
        Ok(Some(Self {
            folder,
            plan,
            lock: None,
        }))
    }

    /// Starts with an empty folder.
    pub(in crate::downloads) fn create(
        job: &Job,
        id: JobId,
        plan: Plan,
    ) -> Result<Self, DownloadError> {
        let folder = Self::folder_of(job, id);
        remove(&folder)?;
        make_private(&folder).map_err(|source| DownloadError::from_write(&folder, source))?;
        hide(&folder);
        let work = Self {
            folder,
            plan,
            lock: None,
        };
        work.save_plan()?;
        Ok(work)
    }

    pub(in crate::downloads) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns the record of a part, if it is complete.
    pub(in crate::downloads) fn record(
        &self,
        job: &Job,
        number: usize,
    ) -> Result<Option<PartRecord>, DownloadError> {
        let Some(record) = read_json::<PartRecord>(&self.path(number, "part", ".json"))? else {
            return Ok(None);
        };
        let has_tree = !job.unpacks() || exists(&self.tree(number))?;
        let has_archive = !job.keeps_archive()
            || exists(&self.kept_archive(number, record.format))?
            // On a file system without hard links they have already been moved to their final paths; the checksum
            // shows which of them this one is.
            || !self.plan.placed.is_empty();
        Ok((has_tree && has_archive).then_some(record))
    }

    /// Returns the complete parts, each with its number.
    pub(in crate::downloads) fn finished(
        &self,
        job: &Job,
    ) -> Result<Vec<(usize, PartRecord)>, DownloadError> {
        let mut finished = Vec::new();
        for number in 0..self.plan.parts.len() {
            let record = self.record(job, number)?;
            finished.extend(record.map(|record| (number, record)));
        }
        Ok(finished)
    }

    /// Discards a part that does not match its record; it is fetched again.
    pub(in crate::downloads) fn forget_part(
        &self,
        number: usize,
        format: Format,
    ) -> Result<(), DownloadError> {
        remove(&self.path(number, "part", ".json"))?;
        remove(&self.tree(number))?;
        Ok(remove(&self.kept_archive(number, format))?)
    }

    /// Records that a part is unavailable, and why; the others may still arrive.
    pub(in crate::downloads) fn mark_unavailable(
        &self,
        number: usize,
        problem: &Problem,
    ) -> Result<(), DownloadError> {
        self.forget_archive(number)?;
        remove(&self.path(number, "part", ".new"))?;
        Ok(write_json(&self.path(number, "lost", ".json"), problem)?)
    }

    /// Returns why a part could not be fetched.
    pub(in crate::downloads) fn unavailable(
        &self,
        number: usize,
    ) -> Result<Option<Problem>, DownloadError> {
        Ok(read_json(&self.path(number, "lost", ".json"))?)
    }

    /// Returns the codes of the parts that could not be fetched.
    pub(in crate::downloads) fn unavailable_codes(&self) -> Result<Vec<&String>, DownloadError> {
        let mut codes = Vec::new();
        for (number, part) in self.plan.parts.iter().enumerate() {
            if self.unavailable(number)?.is_some() {
                codes.extend(part);
            }
        }
        Ok(codes)
    }

    /// Records files that were added to a complete part.
    pub(in crate::downloads) fn replace_record(
        &self,
        number: usize,
        record: &PartRecord,
    ) -> Result<(), DownloadError> {
        sync_tree(&self.folder)?;
        Ok(write_json(&self.path(number, "part", ".json"), record)?)
    }

    /// Gives parts that could not be fetched another chance.
    pub(in crate::downloads) fn retry_unavailable(&self) -> Result<(), DownloadError> {
        Ok((0..self.plan.parts.len())
            .try_for_each(|number| remove(&self.path(number, "lost", ".json")))?)
    }

    /// Returns the folder of a complete part.
    pub(in crate::downloads) fn tree(&self, number: usize) -> PathBuf {
        self.path(number, "part", "")
    }

    /// Returns the archive of a complete part.
    pub(in crate::downloads) fn kept_archive(&self, number: usize, format: Format) -> PathBuf {
        self.path(number, "archive", format.ending())
    }

    /// Creates an empty folder for the files of the arriving part.
    pub(in crate::downloads) fn new_tree(&self, number: usize) -> Result<PathBuf, DownloadError> {
        let folder = self.path(number, "part", ".new");
        remove(&folder)?;
        fs::create_dir(&folder).map_err(|source| DownloadError::from_write(&folder, source))?;
        Ok(folder)
    }

    /// Returns the path of the archive of the arriving part.
    pub(in crate::downloads) fn archive(&self, number: usize) -> PathBuf {
        self.path(number, "archive", ".part")
    }

    /// Returns what an earlier run recorded about a partly received archive.
    pub(in crate::downloads) fn sidecar(&self, number: usize) -> Option<Sidecar> {
        // What cannot be read cannot be resumed; the part is fetched from its beginning.
        let sidecar: Sidecar = read_json(&self.path(number, "archive", ".json")).ok()??;
        self.plan
            .parts
            .get(number)
            .is_some_and(|codes| *codes == sidecar.codes)
            .then_some(sidecar)
    }

    pub(in crate::downloads) fn write_sidecar(
        &self,
        number: usize,
        sidecar: &Sidecar,
    ) -> Result<(), DownloadError> {
        Ok(write_json(&self.path(number, "archive", ".json"), sidecar)?)
    }

    /// Returns the file that records how much of a single file would survive a power cut.
    pub(in crate::downloads) fn synced_marker(&self, number: usize) -> PathBuf {
        self.path(number, "archive", ".certain")
    }

    /// Returns how much is stored that can be resumed. An archive has checksums for all of it; of a single file only
    /// synced data counts, because a damaged end could not be detected.
    pub(in crate::downloads) fn stored(&self, job: &Job, number: usize) -> Option<u64> {
        let length = fs::metadata(self.archive(number)).ok()?.len();
        if job.file.is_none() {
            return Some(length);
        }
        let certain = fs::read_to_string(self.synced_marker(number)).ok()?;
        Some(length.min(certain.trim().parse().ok()?))
    }

    /// Discards what was received of the archive of a part.
    pub(in crate::downloads) fn forget_archive(&self, number: usize) -> Result<(), DownloadError> {
        remove(&self.synced_marker(number))?;
        remove(&self.archive(number))?;
        Ok(remove(&self.path(number, "archive", ".json"))?)
    }

    /// Records that a part is complete. Nothing of it is fetched again.
    pub(in crate::downloads) fn finish_part(
        &self,
        number: usize,
        record: &PartRecord,
        keeps_archive: bool,
    ) -> Result<(), DownloadError> {
        let new = self.path(number, "part", ".new");
        if new.is_dir() {
            let tree = self.tree(number);
            remove(&tree)?;
            rename(&new, &tree)?;
        }
        if keeps_archive {
            rename(
                &self.archive(number),
                &self.kept_archive(number, record.format),
            )?;
        }
        self.forget_archive(number)?;
        sync_tree(&self.folder)?;
        Ok(write_json(&self.path(number, "part", ".json"), record)?)
    }

    /// Divides a part that cannot be transferred. Returns `false` if it cannot be divided, or if a later part is
    /// complete: the parts after it are renumbered.
    pub(in crate::downloads) fn divide(
        &mut self,
        job: &Job,
        number: usize,
        into: usize,
    ) -> Result<bool, DownloadError> {
        let Some(codes) = self.plan.parts.get(number).filter(|codes| codes.len() > 1) else {
            return Ok(false);
        };
        if self.finished(job)?.iter().any(|(whole, _)| *whole > number) {
            return Ok(false);
        }
        let size = codes.len().div_ceil(into.max(2)).max(1);
        let mut smaller = Vec::new();
        for codes in codes.chunks(size) {
            // Even a quarter may be more than the server accepts at once.
            smaller.extend(parts::plan(codes, false)?);
        }
        if self.plan.is_only_combined(number) {
            self.plan.only_combined += smaller.len().saturating_sub(1);
        }
        self.plan.parts.splice(number..=number, smaller);
        self.forget_archive(number)?;
        self.save_plan()?;
        Ok(true)
    }

    /// Lists all observations of a part that so far only meant "all".
    pub(in crate::downloads) fn name_codes(
        &mut self,
        number: usize,
        codes: Vec<String>,
    ) -> Result<(), DownloadError> {
        if let Some(part) = self.plan.parts.get_mut(number) {
            *part = codes;
        }
        self.save_plan()
    }

    /// Records what the server holds, if the plan was made without knowing it.
    pub(in crate::downloads) fn note_snapshot(
        &mut self,
        snapshot: Option<Snapshot>,
    ) -> Result<(), DownloadError> {
        (self.plan.snapshot, self.plan.awaits_snapshot) = (snapshot, false);
        self.save_plan()
    }

    /// Records where archives have been moved.
    pub(in crate::downloads) fn note_places(
        &mut self,
        paths: &[PathBuf],
    ) -> Result<(), DownloadError> {
        self.plan.placed = paths.to_vec();
        self.save_plan()
    }

    /// Creates an empty folder for all parts together.
    pub(in crate::downloads) fn assembled(&self) -> Result<PathBuf, DownloadError> {
        let folder = self.folder.join("whole.new");
        remove(&folder)?;
        fs::create_dir(&folder).map_err(|source| DownloadError::from_write(&folder, source))?;
        Ok(folder)
    }

    /// Removes incomplete data: a partial tree, and an archive that cannot be resumed.
    pub(in crate::downloads) fn clean_up(job: &Job, id: JobId) -> Result<(), DownloadError> {
        let Some(work) = Self::reopen(job, id)? else {
            return Ok(());
        };
        let has_whole = !work.finished(job)?.is_empty();
        let numbers = 0..work.plan.parts.len();
        let can_resume = numbers.clone().any(|number| work.sidecar(number).is_some());
        if !has_whole && !can_resume && !work.plan.is_second {
            return Ok(remove(&work.folder)?);
        }
        for number in numbers {
            remove(&work.path(number, "part", ".new"))?;
        }
        Ok(remove(&work.folder.join("whole.new"))?)
    }

    /// Removes the folder. If that fails, a later run finds that it was to be removed.
    pub(in crate::downloads) fn remove(job: &Job, id: JobId) -> Result<(), DownloadError> {
        Self::remove_folder(&Self::folder_of(job, id))
    }

    fn save_plan(&self) -> Result<(), DownloadError> {
        Ok(write_json(&self.folder.join(PLAN), &self.plan)?)
    }

    pub(in crate::downloads) fn path(&self, number: usize, kind: &str, ending: &str) -> PathBuf {
        self.folder
            .join(format!("{kind}-{:04}{ending}", number + 1))
    }
}

/// Returns `true` if anything is left in the hidden folder of a download.
pub(crate) fn has_leftovers(job: &Job, id: JobId) -> bool {
    match exists(&WorkDir::folder_of(job, id)) {
        Ok(is_there) => is_there,
        // What cannot be examined may well be there, unless nothing can be at such a path.
        Err(FileError::Read { source, .. }) => !is_impossible_path(&source),
        Err(_) => true,
    }
}
