//! Which parts a download consists of, and what each of them fetches.

pub(super) mod all;
pub(super) mod names;
pub(super) mod parts;
pub(super) mod snapshot;
pub(super) mod types;
pub(super) mod update;

use std::sync::Arc;

use self::{snapshot::snapshot, types::Reuse};
use super::{DownloadError, Engine};
use crate::downloads::plan::{all::plan_all, types::Plan};

/// Reads what the server holds, compares the codes with it, because the server silently drops unknown ones, and
/// divides them into parts.
pub(super) async fn plan(engine: &Arc<Engine>, take_over: Reuse) -> Result<Plan, DownloadError> {
    let job = &engine.job;
    if job.link.is_some() || job.file.is_some() {
        return Ok(Plan::new(vec![Vec::new()], Vec::new()));
    }
    let files = &job.request.files;
    let is_older = (files.needs_single_types() || files.needs_smiles_alone())
        && engine.client.knows_single_types().await == Some(false);
    let is_together = is_older && files.needs_single_types();
    let needs_table = is_older && !is_together && files.needs_smiles_alone() && job.unpacks();
    if job.request.codes.is_empty() && !job.in_parts && job.renews.is_none() {
        let mut plan = Plan::new(vec![Vec::new()], Vec::new());
        plan.awaits_snapshot = true;
        (plan.is_together, plan.needs_table) = (is_together, needs_table);
        return Ok(plan);
    }
    let snapshot = snapshot(engine).await?;
    let mut plan = match &job.renews {
        Some(folder) => update::plan(engine, folder, snapshot.as_ref(), take_over).await?,
        None => plan_all(job, snapshot.as_ref())?,
    };
    plan.snapshot = snapshot;
    (plan.is_together, plan.needs_table) = (is_together, needs_table);
    plan.is_second = take_over == Reuse::Nothing;
    Ok(plan)
}
