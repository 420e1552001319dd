//! Updates a folder: what has not changed is reused from it, the rest is fetched. The folder itself is only read.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Arc,
};

use super::{
    all::plan_all,
    parts,
    types::{Plan, Reuse, UpdatePlan},
};
use crate::{
    dataset::{
        self, Difference, Holds, METADATA, Record, Snapshot, has_all_ligands, holds,
        layout::{FilePart, is_of, place_of},
    },
    disk,
    downloads::{DownloadError, Engine, Stage, context},
    model::{DownloadRequest, FileKind},
};

/// The files of a folder that differ from its record.
#[derive(Debug, Default)]
struct Damage {
    paths: BTreeSet<String>,
    /// Whether there are files that are not in the record.
    has_others: bool,
    /// Whether the table of observations is malformed: old servers quote nothing.
    has_odd_table: bool,
}

impl Damage {
    fn is_any(&self) -> bool {
        self.has_others || !self.paths.is_empty()
    }
}

/// Decides what is reused and what is fetched: everything if it is unknown what has changed. `now` is `None` if the
/// server gives incomplete lists.
pub(super) async fn plan(
    engine: &Arc<Engine>,
    folder: &Path,
    now: Option<&Snapshot>,
    take_over: Reuse,
) -> Result<Plan, DownloadError> {
    let (own, folder) = (Arc::clone(engine), folder.to_owned());
    let looked = context::blocking(engine, move || {
        let Some(record) = Record::of(&folder)? else {
            return Ok(None);
        };
        let damage = damage(&own, &folder, &record)?;
        Ok(Some((record, damage)))
    })
    .await?;
    let job = &engine.job;
    let decided = match (&looked, now) {
        (Some((record, damage)), Some(now)) => decide(&job.request, record, damage, now),
        _ => None,
    };
    let mut renewal = decided.unwrap_or_else(|| UpdatePlan {
        keep: Vec::new(),
        keep_crystals: Vec::new(),
        fetched_crystals: Vec::new(),
        difference: Difference::default(),
        damaged: Vec::new(),
        // A folder without a record may contain anything.
        is_changed_by_hand: looked.as_ref().is_none_or(|(_, damage)| damage.is_any()),
        replaces: looked.and_then(|(record, _)| record.download),
    });
    if take_over == Reuse::Nothing {
        renewal.keep.clear();
        renewal.keep_crystals.clear();
    }
    if let Some(now) = now {
        return plan_of(&job.request, renewal, now, job.in_parts);
    }
    let mut plan = plan_all(job, None)?;
    plan.renewal = Some(renewal);
    Ok(plan)
}

/// Hashes every file that the record names.
fn damage(engine: &Engine, folder: &Path, record: &Record) -> Result<Damage, DownloadError> {
    let mut damage = Damage::default();
    for (at, file) in record.files.iter().enumerate() {
        engine.stage(Stage::Checking { files: at + 1 });
        let path = folder.join(&file.path);
        if !disk::has_digest(&path, file.bytes, &file.sha256, &engine.cancelled)? {
            damage.paths.insert(file.path.clone());
        }
    }
    damage.has_others = !dataset::others_in(folder, record)?.is_empty();
    damage.has_odd_table = record.files.iter().any(|file| file.path == METADATA)
        && folder.join(METADATA).is_file()
        && !crate::dataset::is_regular(
            &fs::read_to_string(folder.join(METADATA)).unwrap_or_default(),
        );
    Ok(damage)
}

/// Whether the new list of SMILES could not be made: the list has no codes in it, so it is unknown which of its
/// lines are to be removed, unless another file shows it.
fn loses_smiles(
    request: &DownloadRequest,
    record: &Record,
    difference: &Difference,
    keep: &[String],
) -> bool {
    let files = &request.files;
    let is_wanted = files.has(FileKind::AllAlignedStructures) || files.has(FileKind::SmilesInfo);
    let has_gone = !difference.changed.is_empty() || !difference.superseded.is_empty();
    is_wanted && has_gone && !files.has(FileKind::MetadataInfo) && !has_all_ligands(record, keep)
}

/// Whether one of the previous tables, which say what is reused, is odd or was changed.
fn has_unusable_table(damage: &Damage) -> bool {
    damage.has_odd_table || damage.paths.iter().any(|path| place_of(path).is_none())
}

fn decide(
    request: &DownloadRequest,
    record: &Record,
    damage: &Damage,
    now: &Snapshot,
) -> Option<UpdatePlan> {
    let before = record.snapshot.as_ref()?;
    if !before.is_like(now) || record.request.as_ref()?.files != request.files {
        return None;
    }
    let holds = holds(record)?;
    let difference = Difference::between(&holds, &request.codes, now);
    let crystals: BTreeMap<&str, &str> = before
        .observations
        .iter()
        .chain(&now.observations)
        .filter_map(|row| Some((row.code.as_str(), row.crystal.as_deref()?)))
        .collect();
    let mut damaged = damaged_codes(record, &damage.paths, &holds, &crystals)?;
    // What did not arrive the last time is asked for again.
    let gaps = record.report.coverage.gaps().map(|gap| gap.code.clone());
    damaged.extend(gaps.filter(|code| holds.contains_key(code)));
    let is_other: BTreeSet<&String> = difference
        .changed
        .iter()
        .chain(&difference.superseded)
        .chain(&damaged)
        .collect();
    let keep = holds.keys().filter(|code| !is_other.contains(code));
    let mut keep: Vec<String> = keep.cloned().collect();
    let damaged: Vec<String> = damaged
        .into_iter()
        .filter(|code| !difference.superseded.contains(code) && !difference.changed.contains(code))
        .collect();
    let fetched = difference.to_fetch().count() + damaged.len();
    if loses_smiles(request, record, &difference, &keep)
        || has_unusable_table(damage)
        // Most of it is fetched anyway, and one order is simpler for everyone.
        || fetched > keep.len()
    {
        keep.clear();
    }
    let of = |codes: &mut dyn Iterator<Item = &String>| -> Vec<String> {
        let found: BTreeSet<&str> = codes
            .filter_map(|code| crystals.get(code.as_str()).copied())
            .collect();
        found.into_iter().map(str::to_owned).collect()
    };
    let keep_crystals = of(&mut keep.iter());
    let fetched_crystals = of(&mut difference.to_fetch().chain(&damaged));
    Some(UpdatePlan {
        keep_crystals,
        fetched_crystals,
        keep,
        difference,
        damaged,
        is_changed_by_hand: damage.is_any(),
        replaces: record.download,
    })
}

/// Returns the codes whose files are damaged. `None` if a damaged file belongs to no known code.
fn damaged_codes(
    record: &Record,
    damaged: &BTreeSet<String>,
    holds: &Holds,
    crystals: &BTreeMap<&str, &str>,
) -> Option<BTreeSet<String>> {
    let mut codes = BTreeSet::new();
    for file in &record.files {
        let Some((place, folder)) = place_of(&file.path) else {
            // What belongs to the target is fetched again in any case.
            continue;
        };
        let owners: Vec<&String> = match place {
            FilePart::Aligned => holds
                .get_key_value(folder)
                .map(|(code, _)| code)
                .into_iter()
                .collect(),
            FilePart::Crystal => holds
                .keys()
                .filter(|code| {
                    crystals
                        .get(code.as_str())
                        .is_some_and(|it| is_of(folder, it))
                })
                .collect(),
        };
        if owners.is_empty() && place == FilePart::Crystal {
            // It can be neither reused nor left out for a good reason.
            return None;
        }
        if damaged.contains(&file.path) {
            codes.extend(owners.into_iter().cloned());
        }
    }
    Some(codes)
}

fn plan_of(
    request: &DownloadRequest,
    mut renewal: UpdatePlan,
    now: &Snapshot,
    in_parts: bool,
) -> Result<Plan, DownloadError> {
    let known = now.codes();
    let (wanted, unknown): (Vec<String>, Vec<String>) = request
        .codes
        .iter()
        .filter(|code| !renewal.difference.superseded.contains(code))
        .cloned()
        .partition(|code| known.contains(code.as_str()));
    if wanted.is_empty() && !request.codes.is_empty() {
        // No codes at all would mean all of them.
        return Err(DownloadError::UnknownCodes {
            target: request.target.to_string(),
            codes: request.codes.clone(),
        });
    }
    if renewal.keep.is_empty() {
        let parts = if wanted.is_empty() && in_parts {
            let all: Vec<String> = known.into_iter().map(str::to_owned).collect();
            parts::plan(&all, true)?
        } else {
            parts::plan(&wanted, in_parts)?
        };
        let mut plan = Plan::new(parts, unknown);
        plan.renewal = Some(renewal);
        return Ok(plan);
    }
    let mut fetch: Vec<String> = renewal
        .difference
        .to_fetch()
        .chain(&renewal.damaged)
        .cloned()
        .collect();
    if fetch.is_empty() {
        // The tables of the target are sent only together with an observation.
        fetch.extend(renewal.keep.pop());
    }
    let mut parts = parts::plan(&fetch, in_parts)?;
    let mut only_combined = 0;
    if request.files.has(FileKind::SingleSdfFile) {
        // One file for all of them: it cannot be put together from two, so the server makes a new one.
        let all = parts::plan(&wanted, false)?;
        only_combined = all.len();
        parts.extend(all);
    }
    let mut plan = Plan::new(parts, unknown);
    plan.only_combined = only_combined;
    plan.renewal = Some(renewal);
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_a_crystal_is_known_in_both_forms() {
        assert!(is_of("A71EV2A-x0310", "A71EV2A-x0310"));
        assert!(is_of("0310", "A71EV2A-x0310"));
        assert!(!is_of("310", "A71EV2A-x0310"));
        assert!(place_of("aligned_files/A1/A1.pdb").is_some_and(|(_, code)| code == "A1"));
        assert!(place_of("metadata.csv").is_none());
    }
}
