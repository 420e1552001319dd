//! The hidden folder in which a download grows: what is whole in it survives the end of the program, and
//! nothing in it ever stands under a final name.
//!
//! ```text
//! .Mpro_lb18145-1-<id>.part/
//!     plan.json            which codes belong to which part
//!     download.json        the download itself, for when no note names it any more
//!     lock                 locked while someone is at work
//!     over                 in place of the plan: all of it may be removed
//!     part-0001/           the files of a part that is whole
//!     part-0001.json       their checksums; written when all of them are on the disk
//!     part-0002.new/       files of the part that is arriving
//!     archive-0002.part    its archive, where keeping it can be of use
//!     archive-0002.json    what that is a part of
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
    disk::{hide, is_there, make_private, read_json, remove, rename, sync_tree, write_json},
    downloads::work_dir::records::{PartRecord, Sidecar},
    model::Problem,
};

pub(in crate::downloads) use owner::Found;

/// Which parts there are.
const PLAN: &str = "plan.json";
/// Stands in place of the plan when the folder is to go.
const OVER: &str = "over";

/// The hidden folder of one download.
#[derive(Debug)]
pub(in crate::downloads) struct WorkDir {
    folder: PathBuf,
    plan: Plan,
    /// Other copies of the program see by it that someone is at work.
    lock: Option<File>,
}

impl WorkDir {
    /// Where the folder of a download is.
    pub(in crate::downloads) fn folder_of(job: &Job, id: JobId) -> PathBuf {
        let name = job.name();
        job.parent.join(format!(".{name}-{id}.part"))
    }

    /// What an earlier run has left, if it can be continued with. What cannot is removed.
    pub(in crate::downloads) fn reopen(
        job: &Job,
        id: JobId,
    ) -> Result<Option<Self>, DownloadError> {
        let folder = Self::folder_of(job, id);
        if !is_there(&folder)? {
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

    /// Starts over.
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

    /// What is recorded of a part, if it is whole.
    pub(in crate::downloads) fn record(
        &self,
        job: &Job,
        number: usize,
    ) -> Result<Option<PartRecord>, DownloadError> {
        let Some(record) = read_json::<PartRecord>(&self.path(number, "part", ".json"))? else {
            return Ok(None);
        };
        let has_tree = !job.unpacks() || is_there(&self.tree(number))?;
        let has_archive = !job.keeps_archive()
            || is_there(&self.kept_archive(number, record.format))?
            // Where a disk knows no second names they have been moved to their places already; which of
            // them is this one shows by its checksum.
            || !self.plan.placed.is_empty();
        Ok((has_tree && has_archive).then_some(record))
    }

    /// The parts that are whole, each with its number.
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

    /// Forgets a part that is not what its record says; it is fetched again.
    pub(in crate::downloads) fn forget_part(
        &self,
        number: usize,
        format: Format,
    ) -> Result<(), DownloadError> {
        remove(&self.path(number, "part", ".json"))?;
        remove(&self.tree(number))?;
        Ok(remove(&self.kept_archive(number, format))?)
    }

    /// Notes that a part cannot be had, and why; the others may still come.
    pub(in crate::downloads) fn lose(
        &self,
        number: usize,
        problem: &Problem,
    ) -> Result<(), DownloadError> {
        self.forget_archive(number)?;
        remove(&self.path(number, "part", ".new"))?;
        Ok(write_json(&self.path(number, "lost", ".json"), problem)?)
    }

    /// Why a part could not be obtained.
    pub(in crate::downloads) fn lost(
        &self,
        number: usize,
    ) -> Result<Option<Problem>, DownloadError> {
        Ok(read_json(&self.path(number, "lost", ".json"))?)
    }

    /// The codes of the parts that could not be obtained.
    pub(in crate::downloads) fn lost_codes(&self) -> Result<Vec<&String>, DownloadError> {
        let mut codes = Vec::new();
        for (number, part) in self.plan.parts.iter().enumerate() {
            if self.lost(number)?.is_some() {
                codes.extend(part);
            }
        }
        Ok(codes)
    }

    /// Notes files that were added to a part that is whole.
    pub(in crate::downloads) fn replace_record(
        &self,
        number: usize,
        record: &PartRecord,
    ) -> Result<(), DownloadError> {
        sync_tree(&self.folder)?;
        Ok(write_json(&self.path(number, "part", ".json"), record)?)
    }

    /// Gives parts that could not be obtained another chance.
    pub(in crate::downloads) fn forget_losses(&self) -> Result<(), DownloadError> {
        Ok((0..self.plan.parts.len())
            .try_for_each(|number| remove(&self.path(number, "lost", ".json")))?)
    }

    /// The files of a part that is whole.
    pub(in crate::downloads) fn tree(&self, number: usize) -> PathBuf {
        self.path(number, "part", "")
    }

    /// The archive of a part that is whole.
    pub(in crate::downloads) fn kept_archive(&self, number: usize, format: Format) -> PathBuf {
        self.path(number, "archive", format.ending())
    }

    /// Where the files of the part that is arriving go. Empty.
    pub(in crate::downloads) fn new_tree(&self, number: usize) -> Result<PathBuf, DownloadError> {
        let folder = self.path(number, "part", ".new");
        remove(&folder)?;
        fs::create_dir(&folder).map_err(|source| DownloadError::from_write(&folder, source))?;
        Ok(folder)
    }

    /// Where the archive of the part that is arriving goes.
    pub(in crate::downloads) fn archive(&self, number: usize) -> PathBuf {
        self.path(number, "archive", ".part")
    }

    /// What an earlier run has received of a part's archive, and what that is a part of.
    pub(in crate::downloads) fn sidecar(&self, number: usize) -> Option<Sidecar> {
        // What cannot be read cannot be continued with; the part is fetched from its beginning.
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

    /// Where it is noted how much of a single file would survive a power cut.
    pub(in crate::downloads) fn certain(&self, number: usize) -> PathBuf {
        self.path(number, "archive", ".certain")
    }

    /// How much is stored that can be continued with. An archive has checksums for all of it; of a single file
    /// only what is on the disk for certain counts, because no one could tell a damaged end.
    pub(in crate::downloads) fn stored(&self, job: &Job, number: usize) -> Option<u64> {
        let length = fs::metadata(self.archive(number)).ok()?.len();
        if job.file.is_none() {
            return Some(length);
        }
        let certain = fs::read_to_string(self.certain(number)).ok()?;
        Some(length.min(certain.trim().parse().ok()?))
    }

    /// Forgets what was received of a part's archive.
    pub(in crate::downloads) fn forget_archive(&self, number: usize) -> Result<(), DownloadError> {
        remove(&self.certain(number))?;
        remove(&self.archive(number))?;
        Ok(remove(&self.path(number, "archive", ".json"))?)
    }

    /// Notes that a part is whole. Nothing of it is fetched again.
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

    /// Makes smaller parts of one that does not come through. False where it cannot be smaller, or where a
    /// later part is whole: those behind it get new numbers.
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
            // Even a quarter may be more than the server takes at once.
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

    /// Names all observations of a part that so far only meant "all".
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

    /// Notes what the server holds, where the plan was made without knowing it.
    pub(in crate::downloads) fn note_snapshot(
        &mut self,
        snapshot: Option<Snapshot>,
    ) -> Result<(), DownloadError> {
        (self.plan.snapshot, self.plan.awaits_snapshot) = (snapshot, false);
        self.save_plan()
    }

    /// Notes where archives have been put.
    pub(in crate::downloads) fn note_places(
        &mut self,
        paths: &[PathBuf],
    ) -> Result<(), DownloadError> {
        self.plan.placed = paths.to_vec();
        self.save_plan()
    }

    /// An empty folder for all parts together.
    pub(in crate::downloads) fn whole(&self) -> Result<PathBuf, DownloadError> {
        let folder = self.folder.join("whole.new");
        remove(&folder)?;
        fs::create_dir(&folder).map_err(|source| DownloadError::from_write(&folder, source))?;
        Ok(folder)
    }

    /// Removes what is not whole: half a tree, and an archive that cannot be continued with.
    pub(in crate::downloads) fn tidy(job: &Job, id: JobId) -> Result<(), DownloadError> {
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

    /// Removes all of it. Where the disk refuses, a later look finds that it was to go.
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

/// Whether anything of a download is left in its hidden folder.
pub(crate) fn is_left(job: &Job, id: JobId) -> bool {
    // What cannot be looked at may well be there.
    is_there(&WorkDir::folder_of(job, id)).unwrap_or(true)
}
