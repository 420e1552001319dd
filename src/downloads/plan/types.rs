//! The plan of a download: which codes belong to which part, and what is reused of an earlier folder.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    dataset::{Difference, JobId, Snapshot},
    downloads::plan::parts,
    model::{DownloadRequest, FileKind},
};

/// Counts changes of the plan's form.
const FORMAT: u32 = 1;

/// Which codes belong to which part.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about how the plan was made"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::downloads) struct Plan {
    format: u32,
    /// Codes that were asked for and that the server does not know.
    pub(in crate::downloads) unknown: Vec<String>,
    /// Whether the server could not say which codes it knows.
    #[serde(default)]
    pub(in crate::downloads) is_unchecked: bool,
    /// The codes of each part; an empty part means all observations.
    pub(in crate::downloads) parts: Vec<Vec<String>>,
    /// Where the archives that are kept have been put so far.
    pub(in crate::downloads) placed: Vec<PathBuf>,
    /// So many parts at the end bring the one file of all ligands, and nothing else.
    #[serde(default)]
    pub(in crate::downloads) only_combined: usize,
    /// Whether what the server holds is still being asked: an order for a whole target does not depend on it.
    #[serde(default)]
    pub(in crate::downloads) awaits_snapshot: bool,
    /// What the server held when the plan was made.
    #[serde(default)]
    pub(in crate::downloads) snapshot: Option<Snapshot>,
    /// What is taken over from a previous folder.
    #[serde(default)]
    pub(in crate::downloads) renewal: Option<UpdatePlan>,
    /// The codes that were meant, where other names were given.
    #[serde(default)]
    pub(super) meant: Option<Vec<String>>,
    /// What was taken for what.
    #[serde(default)]
    pub(in crate::downloads) notes: Vec<String>,
    /// Whether the server knows the structure files only all together, although some of them were asked for: then
    /// all are asked for, and what was not wanted is left out here.
    #[serde(default)]
    pub(in crate::downloads) is_together: bool,
    /// Whether it was made because another plan did not work out: to make that one again would be in vain.
    #[serde(default)]
    pub(in crate::downloads) is_second: bool,
}

impl Plan {
    /// Whether it is of this form, and has anything in it.
    pub(in crate::downloads) fn is_readable(&self) -> bool {
        self.format == FORMAT && !self.parts.is_empty()
    }

    pub(in crate::downloads) fn new(parts: Vec<Vec<String>>, unknown: Vec<String>) -> Self {
        Self {
            format: FORMAT,
            unknown,
            is_unchecked: false,
            parts,
            placed: Vec::new(),
            only_combined: 0,
            awaits_snapshot: false,
            snapshot: None,
            renewal: None,
            meant: None,
            notes: Vec::new(),
            is_together: false,
            is_second: false,
        }
    }

    /// Whether something is taken over from a previous folder.
    pub(in crate::downloads) fn takes_over(&self) -> bool {
        let renewal = self.renewal.as_ref();
        renewal.is_some_and(|renewal| !renewal.keep.is_empty())
    }

    /// Whether a part brings the one file of all ligands, and nothing else.
    pub(in crate::downloads) fn is_only_combined(&self, number: usize) -> bool {
        number + self.only_combined >= self.parts.len()
    }

    /// What to ask for to get a part. `is_first` says that no other part is there yet.
    pub(in crate::downloads) fn request_of(
        &self,
        request: &DownloadRequest,
        number: usize,
        is_first: bool,
    ) -> DownloadRequest {
        let codes = self.parts.get(number).map_or(&[][..], Vec::as_slice);
        let mut part = parts::request_of(request, codes, is_first);
        if self.is_together {
            part.files.set(FileKind::AllAlignedStructures, true);
        }
        if self.is_only_combined(number) {
            part.files = [FileKind::SingleSdfFile].into_iter().collect();
        } else if self.only_combined > 0 {
            part.files.set(FileKind::SingleSdfFile, false);
        }
        part
    }

    /// What all parts together are to bring. What is not on the server any more is not asked for again.
    pub(in crate::downloads) fn asked(&self, request: &DownloadRequest) -> DownloadRequest {
        let mut asked = request.clone();
        if let Some(meant) = &self.meant {
            asked.codes = meant.iter().chain(&self.unknown).cloned().collect();
        }
        if let Some(renewal) = &self.renewal {
            asked
                .codes
                .retain(|code| !renewal.difference.superseded.contains(code));
        }
        asked
    }
}

/// What an update does with the previous folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::downloads) struct UpdatePlan {
    /// Codes whose files are taken over. None where all of it is fetched.
    pub(in crate::downloads) keep: Vec<String>,
    /// Crystals whose files are taken over.
    pub(in crate::downloads) keep_crystals: Vec<String>,
    /// Crystals of which something is fetched.
    pub(in crate::downloads) fetched_crystals: Vec<String>,
    /// What is other on the server.
    pub(in crate::downloads) difference: Difference,
    /// Codes whose files were not as they had been downloaded.
    pub(in crate::downloads) damaged: Vec<String>,
    /// Whether someone has changed the folder by hand. Then it is left alone, and the result stands beside it.
    pub(in crate::downloads) is_changed_by_hand: bool,
    /// The download that made the folder.
    pub(in crate::downloads) replaces: Option<JobId>,
}

/// What an update may take over from the previous folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::downloads) enum Reuse {
    /// Whatever is the same on the server.
    WhatIsSame,
    /// Nothing: all of it is fetched.
    Nothing,
}
