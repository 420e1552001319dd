//! Which parts a download is made of, and what each of them brings.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Snapshot, parts, renew::Renewal};
use crate::model::{DownloadRequest, FileKind};

/// Counts changes of the plan's form.
const FORMAT: u32 = 1;

/// Which codes belong to which part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Plan {
    format: u32,
    /// Codes that were asked for and that the server does not know.
    pub(super) unknown: Vec<String>,
    /// Whether the server could not say which codes it knows.
    #[serde(default)]
    pub(super) is_unchecked: bool,
    /// The codes of each part; an empty part means all observations.
    pub(super) parts: Vec<Vec<String>>,
    /// Where the archives that are kept have been put so far.
    pub(super) placed: Vec<PathBuf>,
    /// So many parts at the end bring the one file of all ligands, and nothing else.
    #[serde(default)]
    pub(super) only_combined: usize,
    /// What the server held when the plan was made.
    #[serde(default)]
    pub(super) snapshot: Option<Snapshot>,
    /// What is taken over from a folder of before.
    #[serde(default)]
    pub(super) renewal: Option<Renewal>,
}

impl Plan {
    /// Whether it is of this form, and has anything in it.
    pub(super) fn is_readable(&self) -> bool {
        self.format == FORMAT && !self.parts.is_empty()
    }

    pub(super) fn new(parts: Vec<Vec<String>>, unknown: Vec<String>) -> Self {
        Self {
            format: FORMAT,
            unknown,
            is_unchecked: false,
            parts,
            placed: Vec::new(),
            only_combined: 0,
            snapshot: None,
            renewal: None,
        }
    }

    /// Whether a part brings the one file of all ligands, and nothing else.
    pub(super) fn is_only_combined(&self, number: usize) -> bool {
        number + self.only_combined >= self.parts.len()
    }

    /// What to ask for to get a part. `is_first` says that no other part is there yet.
    pub(super) fn request_of(
        &self,
        request: &DownloadRequest,
        number: usize,
        is_first: bool,
    ) -> DownloadRequest {
        let codes = self.parts.get(number).map_or(&[][..], Vec::as_slice);
        let mut part = parts::request_of(request, codes, is_first);
        if self.is_only_combined(number) {
            part.files = [FileKind::SingleSdfFile].into_iter().collect();
        } else if self.only_combined > 0 {
            part.files.set(FileKind::SingleSdfFile, false);
        }
        part
    }

    /// What all parts together are to bring. What is not on the server any more is not asked for again.
    pub(super) fn asked(&self, request: &DownloadRequest) -> DownloadRequest {
        let mut asked = request.clone();
        if let Some(renewal) = &self.renewal {
            asked
                .codes
                .retain(|code| !renewal.difference.superseded.contains(code));
        }
        asked
    }
}
