//! Which parts a download is made of, and what each of them brings.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    DownloadError, Engine, Job, Snapshot,
    engine::snapshot,
    names::{Resolved, resolve},
    parts,
    renew::{self, Reuse, UpdatePlan},
};
use crate::model::{DownloadRequest, FileKind};

/// Counts changes of the plan's form.
const FORMAT: u32 = 1;

/// Which codes belong to which part.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about how the plan was made"
)]
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
    /// Whether what the server holds is still being asked: an order for a whole target does not depend on it.
    #[serde(default)]
    pub(super) awaits_snapshot: bool,
    /// What the server held when the plan was made.
    #[serde(default)]
    pub(super) snapshot: Option<Snapshot>,
    /// What is taken over from a previous folder.
    #[serde(default)]
    pub(super) renewal: Option<UpdatePlan>,
    /// The codes that were meant, where other names were given.
    #[serde(default)]
    pub(super) meant: Option<Vec<String>>,
    /// What was taken for what.
    #[serde(default)]
    pub(super) notes: Vec<String>,
    /// Whether the server knows the structure files only all together, although some of them were asked for: then
    /// all are asked for, and what was not wanted is left out here.
    #[serde(default)]
    pub(super) is_together: bool,
    /// Whether it was made because another plan did not work out: to make that one again would be in vain.
    #[serde(default)]
    pub(super) is_second: bool,
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
    pub(super) fn takes_over(&self) -> bool {
        let renewal = self.renewal.as_ref();
        renewal.is_some_and(|renewal| !renewal.keep.is_empty())
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
    pub(super) fn asked(&self, request: &DownloadRequest) -> DownloadRequest {
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

/// Looks at what the server holds, compares the codes with it, because the server drops unknown ones in
/// silence, and cuts them into parts.
pub(super) async fn plan(engine: &Arc<Engine>, take_over: Reuse) -> Result<Plan, DownloadError> {
    let job = &engine.job;
    if job.link.is_some() || job.file.is_some() {
        return Ok(Plan::new(vec![Vec::new()], Vec::new()));
    }
    let is_together = job.request.files.needs_single_types()
        && engine.client.knows_single_types().await == Some(false);
    if job.request.codes.is_empty() && !job.in_parts && job.renews.is_none() {
        let mut plan = Plan::new(vec![Vec::new()], Vec::new());
        (plan.awaits_snapshot, plan.is_together) = (true, is_together);
        return Ok(plan);
    }
    let snapshot = snapshot(engine).await?;
    let mut plan = match &job.renews {
        Some(folder) => renew::plan(engine, folder, snapshot.as_ref(), take_over).await?,
        None => plan_all(job, snapshot.as_ref())?,
    };
    plan.snapshot = snapshot;
    plan.is_together = is_together;
    plan.is_second = take_over == Reuse::Nothing;
    Ok(plan)
}

/// A plan that brings all of it.
pub(super) fn plan_all(job: &Job, snapshot: Option<&Snapshot>) -> Result<Plan, DownloadError> {
    let wanted = &job.request.codes;
    if wanted.is_empty() && !job.in_parts {
        return Ok(Plan::new(vec![Vec::new()], Vec::new()));
    }
    let is_unchecked = snapshot.is_none() && !wanted.is_empty();
    let resolved = match snapshot {
        Some(snapshot) if wanted.is_empty() => Resolved {
            codes: all_codes(snapshot),
            ..Resolved::default()
        },
        Some(snapshot) => resolve(wanted, &snapshot.observations),
        None => Resolved {
            codes: wanted.clone(),
            ..Resolved::default()
        },
    };
    let (good, unknown) = (resolved.codes, resolved.unknown);
    if good.is_empty() && !unknown.is_empty() {
        return Err(DownloadError::UnknownCodes {
            target: job.request.target.to_string(),
            codes: unknown.join(", "),
        });
    }
    let mut plan = Plan::new(parts::plan(&good, job.in_parts)?, unknown);
    plan.is_unchecked = is_unchecked;
    if !resolved.notes.is_empty() {
        (plan.meant, plan.notes) = (Some(good), resolved.notes);
    }
    Ok(plan)
}

/// Each code once, in the server's order: it may list one more than once.
pub(super) fn all_codes(snapshot: &Snapshot) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let rows = snapshot.observations.iter();
    rows.filter(|row| seen.insert(&row.code))
        .map(|row| row.code.clone())
        .collect()
}
