//! The plan that fetches everything.

use std::collections::BTreeSet;

use super::{names::resolve, types::Plan};
use crate::{
    dataset::Snapshot,
    downloads::{error::DownloadError, job::Job, plan::parts},
    model::ResolvedCodes,
};

/// Returns a plan that fetches everything.
pub(super) fn plan_all(job: &Job, snapshot: Option<&Snapshot>) -> Result<Plan, DownloadError> {
    let wanted = &job.request.codes;
    if wanted.is_empty() && !job.in_parts {
        return Ok(Plan::new(vec![Vec::new()], Vec::new()));
    }
    let is_unchecked = snapshot.is_none() && !wanted.is_empty();
    let resolved = match snapshot {
        Some(snapshot) if wanted.is_empty() => ResolvedCodes {
            codes: all_codes(snapshot),
            ..ResolvedCodes::default()
        },
        Some(snapshot) => resolve(wanted, &snapshot.observations),
        None => ResolvedCodes {
            codes: wanted.clone(),
            ..ResolvedCodes::default()
        },
    };
    let (good, unknown) = (resolved.codes, resolved.unknown);
    if good.is_empty() && !unknown.is_empty() {
        return Err(DownloadError::UnknownCodes {
            target: job.request.target.to_string(),
            codes: unknown,
        });
    }
    let mut plan = Plan::new(parts::plan(&good, job.in_parts)?, unknown);
    plan.is_unchecked = is_unchecked;
    if !resolved.notes.is_empty() {
        (plan.meant, plan.notes) = (Some(good), resolved.notes);
    }
    Ok(plan)
}

/// Returns each code once, in the server's order: it may list one more than once.
pub(in crate::downloads) fn all_codes(snapshot: &Snapshot) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let rows = snapshot.observations.iter();
    rows.filter(|row| seen.insert(&row.code))
        .map(|row| row.code.clone())
        .collect()
}
