//! What becomes of the folder that was there before: it is moved aside, left alone, or kept because nothing new came.

use std::{collections::BTreeSet, path::PathBuf};

use crate::{
    dataset::{self, JobId, Record, Report, StoredManifest, UpdateSummary},
    downloads::{
        error::DownloadError,
        job::{Job, OnExisting},
        plan::types::{Plan, UpdatePlan},
    },
};

/// Returns what an update has brought.
pub(super) fn summary(renewal: &UpdatePlan, report: &Report) -> UpdateSummary {
    let lacking: BTreeSet<&str> = report
        .coverage
        .gaps()
        .map(|gap| gap.code.as_str())
        .collect();
    // What was asked for again and did not come again is not repaired.
    let repaired = renewal.damaged.iter();
    let repaired = repaired.filter(|code| !lacking.contains(code.as_str()));
    UpdateSummary {
        difference: renewal.difference.clone(),
        kept: renewal.keep.len(),
        repaired: repaired.cloned().collect(),
        was_changed_by_hand: renewal.is_changed_by_hand,
        is_without_gain: false,
    }
}

/// Returns the folder to keep, if the update has brought nothing that it lacks: another copy beside it would only take
/// space. The report then says so.
pub(super) fn folder_to_keep(
    job: &Job,
    plan: &Plan,
    report: &mut Report,
) -> Result<Option<PathBuf>, DownloadError> {
    let (Some(folder), Some(renewal), Some(summary)) =
        (&job.renews, &plan.renewal, &mut report.renewed)
    else {
        return Ok(None);
    };
    let has_gain = !summary.difference.is_empty()
        || !summary.repaired.is_empty()
        || renewal.is_changed_by_hand
        || renewal.damaged.is_empty();
    let old = if has_gain { None } else { Record::of(folder)? };
    let is_same = old.is_some_and(|old| {
        old.download == renewal.replaces
            && old.report.coverage == report.coverage
            && old.report.unknown_codes == report.unknown_codes
            && old.report.lost == report.lost
    });
    summary.is_without_gain = is_same && destination(job, Some(renewal))? == OnExisting::Update;
    Ok(summary.is_without_gain.then(|| folder.clone()))
}

/// Returns the download whose folder is about to be moved aside, if one of this name is. The library then shows that
/// folder as a previous version.
pub(super) fn download_in_the_way(job: &Job) -> Option<JobId> {
    let is_moved = job.placing == OnExisting::Update && job.renews.is_none();
    let folder = is_moved.then(|| job.parent.join(job.name().as_str()))?;
    // A link of this name stays where it is.
    let is_own = folder.symlink_metadata().ok()?.is_dir();
    is_own.then(|| StoredManifest::of(&folder))??.download
}

/// Returns where the result goes. A folder with local changes, also if they were made while this was under way, is
/// left unchanged, and so is one that is not the folder it was.
pub(super) fn destination(
    job: &Job,
    renewal: Option<&UpdatePlan>,
) -> Result<OnExisting, DownloadError> {
    let (Some(renewal), Some(folder)) = (renewal, &job.renews) else {
        return Ok(job.placing);
    };
    let is_as_it_was = match Record::of(folder)? {
        Some(old) if old.download == renewal.replaces => {
            dataset::others_in(folder, &old)?.is_empty()
        }
        _ => false,
    };
    Ok(if is_as_it_was && !renewal.is_changed_by_hand {
        job.placing
    } else {
        OnExisting::Beside
    })
}
