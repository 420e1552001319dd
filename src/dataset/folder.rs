//! Data folders on this disk: those that this program has created, and those from the web page or a script. They are
//! only read here; nothing in them is changed.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{
    difference::Holds,
    job_id::JobId,
    report::{KindCount, Report},
    snapshot::UploadRecord,
};
use crate::model::{DownloadRequest, TargetKey};

pub(super) use crate::dataset::local_changes::LocalChanges;

/// Who created a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreatedBy {
    /// This program.
    ThisProgram,
    /// A newer version of it: this version may not understand all of its record.
    NewerVersion,
    /// The web page, or a script: there is no record of its origin.
    Other,
}

/// A data folder.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Where it is.
    pub place: PathBuf,
    /// Who created it.
    pub created_by: CreatedBy,
    /// The download that created it.
    pub download: Option<JobId>,
    /// The download whose folder it replaces.
    pub replaces: Option<JobId>,
    /// The server that it comes from.
    pub server: Option<String>,
    /// The target, if it is recorded.
    pub target: Option<TargetKey>,
    /// The target's title according to its codes; another target may have the same title.
    pub title: Option<String>,
    /// When it was downloaded, by the clock of that computer.
    pub finished: Option<Timestamp>,
    /// Number of files, without the record.
    pub files: usize,
    /// Their length in bytes.
    pub bytes: u64,
    /// How many observations it contains.
    pub observations: usize,
    /// The amount of each kind.
    pub kinds: Vec<KindCount>,
    /// The last upload that it contains, if the server reports it.
    pub upload: Option<UploadRecord>,
    /// What was requested.
    pub request: Option<DownloadRequest>,
    /// What was requested and what arrived.
    pub report: Option<Report>,
    /// Local changes, judged by names and lengths.
    pub local_changes: LocalChanges,
    /// What was known of the target when it was downloaded.
    pub(crate) known: Option<Basis>,
}

/// What is needed to find out what is new on the server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Basis {
    /// A snapshot of the server at that time.
    Snapshot(crate::dataset::snapshot::Snapshot, Holds),
    /// Only the contents of the table of observations: long codes by short codes.
    Codes(LongCodes),
}

/// Long codes by short code: more than one where the server lists more than one version.
pub(crate) type LongCodes = std::collections::BTreeMap<String, std::collections::BTreeSet<String>>;

impl Dataset {
    /// Returns the target in words, as far as it is known.
    pub fn name(&self) -> String {
        match (&self.target, &self.title) {
            (Some(target), _) => target.title.clone(),
            (None, Some(title)) => title.clone(),
            (None, None) => {
                let name = self.place.file_name().unwrap_or_default();
                name.to_string_lossy().into_owned()
            }
        }
    }
}
