//! What is on this disk already: folders that this program has made, and those that the web page or a script has
//! left. They are only looked at here; nothing in them is changed.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{
    difference::Holds,
    job_id::JobId,
    report::{KindCount, Report},
    snapshot::UploadMark,
};
use crate::model::{DownloadRequest, TargetKey};

pub(super) use crate::dataset::local_changes::LocalChanges;

/// Who has made a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreatedBy {
    /// This program.
    Us,
    /// A newer version of it: what it says may not be understood here.
    NewerUs,
    /// The web page, or a script: nothing in it says where it came from.
    Somebody,
}

/// A folder with data.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Where it is.
    pub place: PathBuf,
    /// Who has made it.
    pub maker: CreatedBy,
    /// The download that made it.
    pub download: Option<JobId>,
    /// The download whose folder it has taken the place of.
    pub replaces: Option<JobId>,
    /// Of which server.
    pub server: Option<String>,
    /// Of which target, where that is written down.
    pub target: Option<TargetKey>,
    /// The target's title as the codes in it say it; another target may have the same.
    pub title: Option<String>,
    /// When it was downloaded, by the clock of that computer.
    pub finished: Option<Timestamp>,
    /// Its files, without the file that explains them.
    pub files: usize,
    /// Their length in bytes.
    pub bytes: u64,
    /// How many observations it holds.
    pub observations: usize,
    /// How much there is of each kind.
    pub kinds: Vec<KindCount>,
    /// The last upload that it was made of, where the server says so.
    pub upload: Option<UploadMark>,
    /// What was asked for.
    pub request: Option<DownloadRequest>,
    /// What was asked and what arrived.
    pub report: Option<Report>,
    /// What is not as it was downloaded, by names and lengths.
    pub by_hand: LocalChanges,
    /// What was known of the target when it was downloaded.
    pub(crate) known: Option<Known>,
}

/// What is needed to say what is new on the server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Known {
    /// A look at the server of that time.
    Snapshot(crate::dataset::snapshot::Snapshot, Holds),
    /// Only what stands in the table of observations: long codes by short codes.
    Codes(LongCodes),
}

/// Long codes by short code: more than one where the server lists more than one version.
pub(crate) type LongCodes = std::collections::BTreeMap<String, std::collections::BTreeSet<String>>;

impl Dataset {
    /// The target in words, as far as it is known.
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
