//! The plan of a download: which codes belong to which part, and what is reused of an earlier folder.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    dataset::{Difference, JobId, Snapshot},
    downloads::plan::parts,
    model::{DownloadRequest, FileKind},
};

/// The version of the plan's format.
const FORMAT: u32 = 1;

/// Which codes belong to which part.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about how the plan was made"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::downloads) struct Plan {
    format: u32,
    /// Codes that were requested and that the server does not know.
    pub(in crate::downloads) unknown: Vec<String>,
    /// Whether the server could not say which codes it knows.
    #[serde(default)]
    pub(in crate::downloads) is_unchecked: bool,
    /// The codes of each part; an empty part means all observations.
    pub(in crate::downloads) parts: Vec<Vec<String>>,
    /// Paths of the archives that have been kept so far.
    pub(in crate::downloads) placed: Vec<PathBuf>,
    /// How many parts at the end fetch only the combined ligand file.
    #[serde(default)]
    pub(in crate::downloads) only_combined: usize,
    /// Whether the snapshot is still being requested: an order for a whole target does not depend on it.
    #[serde(default)]
    pub(in crate::downloads) awaits_snapshot: bool,
    /// What the server had when the plan was made.
    #[serde(default)]
    pub(in crate::downloads) snapshot: Option<Snapshot>,
    /// What is reused from a previous folder.
    #[serde(default)]
    pub(in crate::downloads) renewal: Option<UpdatePlan>,
    /// The codes that were meant, if other names were given.
    #[serde(default)]
    pub(super) meant: Option<Vec<String>>,
    /// How names were resolved.
    #[serde(default)]
    pub(in crate::downloads) notes: Vec<String>,
    /// Whether the server sends structure files only as a set although some of them were requested: then all are
    /// requested, and the others are removed here.
    #[serde(default)]
    pub(in crate::downloads) is_together: bool,
    /// Whether the metadata table is fetched although it was not chosen: the list of SMILES is made from it.
    #[serde(default)]
    pub(in crate::downloads) needs_table: bool,
    /// Whether it was made because another plan failed: making that one again would be pointless.
    #[serde(default)]
    pub(in crate::downloads) is_second: bool,
}

impl Plan {
    /// Returns `true` if it has this format, and is not empty.
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
            needs_table: false,
            is_second: false,
        }
    }

    /// Returns `true` if something is reused from a previous folder.
    pub(in crate::downloads) fn reuses_files(&self) -> bool {
        let renewal = self.renewal.as_ref();
        renewal.is_some_and(|renewal| !renewal.keep.is_empty())
    }

    /// Returns `true` if a part fetches only the combined ligand file.
    pub(in crate::downloads) fn is_only_combined(&self, number: usize) -> bool {
        number + self.only_combined >= self.parts.len()
    }

    /// Returns the request for a part. `is_first` says that no other part is there yet.
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
        if self.needs_table {
            part.files.set(FileKind::MetadataInfo, true);
        }
        if self.is_only_combined(number) {
            part.files = [FileKind::SingleSdfFile].into_iter().collect();
        } else if self.only_combined > 0 {
            part.files.set(FileKind::SingleSdfFile, false);
        }
        part
    }

    /// Returns the request that all parts together fulfil. What is no longer on the server is not requested.
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
    /// Codes whose files are reused; empty if everything is fetched.
    pub(in crate::downloads) keep: Vec<String>,
    /// Crystals whose files are reused.
    pub(in crate::downloads) keep_crystals: Vec<String>,
    /// Crystals for which something is fetched.
    pub(in crate::downloads) fetched_crystals: Vec<String>,
    /// What is different on the server.
    pub(in crate::downloads) difference: Difference,
    /// Codes whose files were not as they had been downloaded.
    pub(in crate::downloads) damaged: Vec<String>,
    /// Whether the folder has local changes. Then it is left unchanged, and the result goes beside it.
    pub(in crate::downloads) is_changed_by_hand: bool,
    /// The download that created the folder.
    pub(in crate::downloads) replaces: Option<JobId>,
}

/// What an update may reuse from the previous folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::downloads) enum Reuse {
    /// Whatever is the same on the server.
    WhatIsSame,
    /// Nothing: everything is fetched.
    Nothing,
}
