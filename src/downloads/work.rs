//! The hidden folder in which a download grows: what is whole in it survives the end of the program, and
//! nothing in it ever stands under a final name.
//!
//! ```text
//! .Mpro_lb18145-1-<id>.part/
//!     plan.json            which codes belong to which part
//!     part-0001/           the files of a part that is whole
//!     part-0001.json       their checksums; written when all of them are on the disk
//!     part-0002.new/       files of the part that is arriving
//!     archive-0002.part    its archive, where keeping it can be of use
//!     archive-0002.json    what that is a part of
//!     whole.new/           all parts together
//! ```

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    DownloadError, FileRecord, Job, JobId,
    archive::Format,
    place,
    unpack::{Tables, sync_tree, write_whole},
};

/// Counts changes of the folder's form.
const FORMAT: u32 = 1;

/// Which codes belong to which part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Plan {
    format: u32,
    /// Codes that were asked for and that the server does not know.
    pub(super) unknown: Vec<String>,
    /// The codes of each part; an empty part means all observations.
    pub(super) parts: Vec<Vec<String>>,
    /// Where the archives that are kept have been put so far.
    pub(super) placed: Vec<PathBuf>,
}

/// A part that is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PartRecord {
    pub(super) format: Format,
    /// Length of its archive.
    pub(super) bytes: u64,
    /// Checksum of its archive.
    pub(super) sha256: String,
    pub(super) files: Vec<FileRecord>,
    pub(super) tables: Tables,
}

/// What a stored archive is a part of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sidecar {
    /// The server's mark of the archive.
    pub(super) etag: String,
    /// Its whole length, where the server says it.
    pub(super) length: Option<u64>,
    /// The codes that were asked for.
    pub(super) codes: Vec<String>,
}

/// The hidden folder of one download.
#[derive(Debug)]
pub(super) struct Work {
    folder: PathBuf,
    plan: Plan,
}

impl Plan {
    pub(super) fn new(parts: Vec<Vec<String>>, unknown: Vec<String>) -> Self {
        Self {
            format: FORMAT,
            unknown,
            parts,
            placed: Vec::new(),
        }
    }
}

impl Work {
    /// Where the folder of a download is.
    pub(super) fn folder_of(job: &Job, id: JobId) -> PathBuf {
        let name = place::folder_name(&job.request.target);
        job.parent.join(format!(".{name}-{id}.part"))
    }

    /// What an earlier run has left, if it can be gone on with. What cannot is removed.
    pub(super) fn reopen(job: &Job, id: JobId) -> Result<Option<Self>, DownloadError> {
        let folder = Self::folder_of(job, id);
        if !folder.exists() {
            return Ok(None);
        }
        let plan = read_json::<Plan>(&folder.join("plan.json"))
            .filter(|plan| plan.format == FORMAT && !plan.parts.is_empty());
        let Some(plan) = plan else {
            remove(&folder)?;
            return Ok(None);
        };
        Ok(Some(Self { folder, plan }))
    }

    /// Begins anew.
    pub(super) fn create(job: &Job, id: JobId, plan: Plan) -> Result<Self, DownloadError> {
        let folder = Self::folder_of(job, id);
        remove(&folder)?;
        make_private(&folder).map_err(|source| DownloadError::from_write(&folder, source))?;
        let work = Self { folder, plan };
        work.save_plan()?;
        Ok(work)
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The parts that are whole. They come one after the other, so these are the first ones.
    pub(super) fn finished(&self, job: &Job) -> Vec<PartRecord> {
        let whole = |number: usize| {
            let record = read_json::<PartRecord>(&self.path(number, "part", ".json"))?;
            let has_tree = !job.unpack || self.tree(number).is_dir();
            let has_archive =
                !job.keeps_archive() || self.kept_archive(number, record.format).is_file();
            (has_tree && has_archive).then_some(record)
        };
        (0..self.plan.parts.len()).map_while(whole).collect()
    }

    /// The files of a part that is whole.
    pub(super) fn tree(&self, number: usize) -> PathBuf {
        self.path(number, "part", "")
    }

    /// The archive of a part that is whole.
    pub(super) fn kept_archive(&self, number: usize, format: Format) -> PathBuf {
        self.path(number, "archive", format.ending())
    }

    /// Where the files of the part that is arriving go. Empty.
    pub(super) fn new_tree(&self, number: usize) -> Result<PathBuf, DownloadError> {
        let folder = self.path(number, "part", ".new");
        remove(&folder)?;
        fs::create_dir(&folder).map_err(|source| DownloadError::from_write(&folder, source))?;
        Ok(folder)
    }

    /// Where the archive of the part that is arriving goes.
    pub(super) fn archive(&self, number: usize) -> PathBuf {
        self.path(number, "archive", ".part")
    }

    /// What an earlier run has received of a part's archive, and what that is a part of.
    pub(super) fn sidecar(&self, number: usize) -> Option<Sidecar> {
        let sidecar: Sidecar = read_json(&self.path(number, "archive", ".json"))?;
        self.plan
            .parts
            .get(number)
            .is_some_and(|codes| *codes == sidecar.codes)
            .then_some(sidecar)
    }

    pub(super) fn write_sidecar(
        &self,
        number: usize,
        sidecar: &Sidecar,
    ) -> Result<(), DownloadError> {
        write_json(&self.path(number, "archive", ".json"), sidecar)
    }

    /// Forgets what was received of a part's archive.
    pub(super) fn forget_archive(&self, number: usize) -> Result<(), DownloadError> {
        remove(&self.archive(number))?;
        remove(&self.path(number, "archive", ".json"))
    }

    /// Notes that a part is whole. Nothing of it is fetched again.
    pub(super) fn finish_part(
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
        write_json(&self.path(number, "part", ".json"), record)
    }

    /// Makes smaller parts of one that does not come through. False where it cannot be smaller.
    pub(super) fn divide(&mut self, number: usize, into: usize) -> Result<bool, DownloadError> {
        let Some(codes) = self.plan.parts.get(number).filter(|codes| codes.len() > 1) else {
            return Ok(false);
        };
        let size = codes.len().div_ceil(into.max(2)).max(1);
        let smaller: Vec<Vec<String>> = codes.chunks(size).map(<[String]>::to_vec).collect();
        self.plan.parts.splice(number..=number, smaller);
        self.forget_archive(number)?;
        self.save_plan()?;
        Ok(true)
    }

    /// Names all observations of a part that so far only meant "all".
    pub(super) fn name_codes(
        &mut self,
        number: usize,
        codes: Vec<String>,
    ) -> Result<(), DownloadError> {
        if let Some(part) = self.plan.parts.get_mut(number) {
            *part = codes;
        }
        self.save_plan()
    }

    /// Notes where archives have been put.
    pub(super) fn note_places(&mut self, paths: &[PathBuf]) -> Result<(), DownloadError> {
        self.plan.placed = paths.to_vec();
        self.save_plan()
    }

    /// An empty folder for all parts together.
    pub(super) fn whole(&self) -> Result<PathBuf, DownloadError> {
        let folder = self.folder.join("whole.new");
        remove(&folder)?;
        fs::create_dir(&folder).map_err(|source| DownloadError::from_write(&folder, source))?;
        Ok(folder)
    }

    /// Removes what is not whole: half a tree, and an archive that cannot be gone on with.
    pub(super) fn tidy(job: &Job, id: JobId) -> Result<(), DownloadError> {
        let Some(work) = Self::reopen(job, id)? else {
            return Ok(());
        };
        let finished = work.finished(job).len();
        let can_resume = work.sidecar(finished).is_some();
        if finished == 0 && !can_resume {
            return remove(&work.folder);
        }
        remove(&work.path(finished, "part", ".new"))?;
        remove(&work.folder.join("whole.new"))
    }

    /// Removes all of it.
    pub(super) fn remove(job: &Job, id: JobId) -> Result<(), DownloadError> {
        remove(&Self::folder_of(job, id))
    }

    fn save_plan(&self) -> Result<(), DownloadError> {
        write_json(&self.folder.join("plan.json"), &self.plan)
    }

    fn path(&self, number: usize, kind: &str, ending: &str) -> PathBuf {
        self.folder
            .join(format!("{kind}-{:04}{ending}", number + 1))
    }
}

/// A folder that only its owner can look into: what somebody downloads may be nobody else's business.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Removes a file or a folder; what is not there is no failure.
fn remove(path: &Path) -> Result<(), DownloadError> {
    let removed = match path.symlink_metadata() {
        Ok(data) if data.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(DownloadError::from_write(path, error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), DownloadError> {
    fs::rename(from, to).map_err(|source| DownloadError::from_write(to, source))
}

/// Read tolerantly: what is not there, or not whole, is nothing.
fn read_json<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), DownloadError> {
    let json = serde_json::to_vec_pretty(value)
        .ok()
        .ok_or(DownloadError::Crashed)?;
    write_whole(path, &json)
}
