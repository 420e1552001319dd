//! What the last upload of some targets contained, and the data as they were before: for users and tests that return
//! after a month.

use std::collections::BTreeSet;

use super::{
    records::{Experiment, Observation},
    world::World,
};

/// The targets that have had a second upload.
pub(super) const TWICE_UPLOADED: [i64; 2] = [1, 3];
/// How many days ago it was made.
pub(super) const UPLOADED_DAYS_AGO: u32 = 14;
/// Targets with fewer observations have no history.
const LEAST: usize = 8;
/// Indices of the observations that were remodelled.
const CHANGED: [usize; 2] = [1, 4];
/// Crystals whose observations were added by the last upload.
const NEW_CRYSTALS: usize = 2;
/// Servers give remodelled observations another id.
const REMODELLED_ID_OFFSET: i64 = 1_000_000;

impl World {
    /// Marks the data that the last uploads added.
    pub(super) fn add_last_uploads(&mut self) {
        for target in TWICE_UPLOADED {
            let of_target = |row: &&mut Observation| row.target == target;
            let mut rows: Vec<&mut Observation> =
                self.observations.iter_mut().filter(of_target).collect();
            if rows.len() < LEAST {
                continue;
            }
            let crystals: Vec<i64> = rows.iter().map(|row| row.experiment).collect();
            let first_new = {
                let distinct: BTreeSet<i64> = crystals.iter().copied().collect();
                distinct.iter().rev().nth(NEW_CRYSTALS - 1).copied()
            };
            let changed: Vec<i64> = CHANGED
                .iter()
                .filter_map(|place| crystals.get(*place).copied())
                .collect();
            for row in &mut rows {
                if changed.contains(&row.experiment) {
                    row.set_version(2);
                } else if first_new.is_some_and(|first| row.experiment >= first) {
                    row.upload = 2;
                }
            }
            for row in self
                .experiments
                .iter_mut()
                .filter(|row| row.target == target)
            {
                if changed.contains(&row.id) {
                    (row.version, row.upload) = (2, 2);
                } else if row.is_modelled && first_new.is_some_and(|first| row.id >= first) {
                    row.upload = 2;
                }
            }
        }
    }

    /// Returns `true` if a target has a second upload.
    pub(super) fn has_second_upload(&self, target: i64) -> bool {
        let mut rows = self.observations.iter();
        rows.any(|row| row.target == target && row.upload > 1)
    }

    /// Returns the data as they were before the last uploads.
    pub(super) fn restore_earlier(&mut self) {
        for target in TWICE_UPLOADED {
            if self.has_second_upload(target) {
                self.undo_upload(target);
            }
        }
    }

    fn undo_upload(&mut self, target: i64) {
        let is_new = |row: &Observation| row.target == target && row.upload > 1 && row.version == 1;
        self.observations.retain(|row| !is_new(row));
        let of_target = |row: &&mut Observation| row.target == target;
        for row in self.observations.iter_mut().filter(of_target) {
            if row.version > 1 {
                row.set_version(1);
            }
        }
        for row in self
            .experiments
            .iter_mut()
            .filter(|row| row.target == target)
        {
            if row.upload > 1 && row.version == 1 {
                row.forget_model();
            }
            (row.version, row.upload) = (1, 1);
        }
        // Seen at first, and then no longer: the last upload has no such observation.
        let first = self.observations.iter().find(|row| row.target == target);
        let second = first.map(|row| Observation {
            id: 2 * REMODELLED_ID_OFFSET + target,
            experiment: row.experiment,
            target,
            code: format!("{}z", row.code.trim_end_matches('a')),
            longcode: row.longcode.replace("_A_", "_Z_"),
            compound: row.compound,
            upload: 1,
            version: 1,
        });
        self.observations.extend(second);
    }
}

impl World {
    /// Gives the compound of one of the first target's observations a code with a comma in it.
    pub(super) fn put_comma_in_code(&mut self, place: usize) {
        let mut rows = self.observations.iter().filter(|row| row.target == 1);
        let compound = rows.nth(place).map(|row| row.compound);
        let mut compounds = self.compounds.iter_mut();
        if let Some(compound) = compounds.find(|row| Some(row.id) == compound) {
            compound.code.push_str(", racemate");
        }
    }
}

/// Random changes, for tests that want to see many histories.
impl World {
    /// Adds, changes and supersedes some observations of the first target.
    pub(super) fn change(&mut self, rng: &mut fastrand::Rng) {
        const TARGET: i64 = 1;
        let mut gone = Vec::new();
        let mut changed = Vec::new();
        let mut left = self
            .observations
            .iter()
            .filter(|row| row.target == TARGET)
            .count();
        self.observations.retain_mut(|row| {
            if row.target != TARGET {
                return true;
            }
            // The last one stays: a target without any is a different case.
            if left > 1 && rng.f64() < 0.1 {
                left -= 1;
                gone.push(row.experiment);
                return false;
            }
            if rng.f64() < 0.15 {
                row.set_version(row.version + 1);
                changed.push(row.experiment);
            }
            true
        });
        for row in &mut self.experiments {
            // The model of a crystal changes with any of its observations, and so do all of them.
            if changed.contains(&row.id) {
                row.version += 1;
                row.upload += 1;
            }
            let is_seen = |other: &Observation| other.experiment == row.id;
            if gone.contains(&row.id) && !self.observations.iter().any(is_seen) {
                row.forget_model();
            }
        }
        for _ in 0..rng.usize(0..3) {
            self.add_one(rng, TARGET);
        }
        // Nothing in the list of observations shows a compound's code, so it changes together with something that
        // does.
        let is_told = !changed.is_empty() || !gone.is_empty();
        if is_told && rng.f64() < 0.2 {
            self.put_comma_in_code(rng.usize(0..left));
        }
    }

    /// Models a crystal that was not modelled before, or remodels it.
    fn add_one(&mut self, rng: &mut fastrand::Rng, target: i64) {
        let free = self.experiments.iter_mut();
        let mut free: Vec<&mut Experiment> = free
            .filter(|row| row.target == target && !row.is_modelled)
            .collect();
        if free.is_empty() {
            return;
        }
        let place = rng.usize(0..free.len());
        let Some(row) = free.get_mut(place) else {
            return;
        };
        row.is_modelled = true;
        row.version += 1;
        row.upload += 1;
        let prefix = "m";
        let observation = Observation {
            id: 3 * REMODELLED_ID_OFFSET + rng.i64(0..REMODELLED_ID_OFFSET),
            experiment: row.id,
            target,
            code: format!("{prefix}{}a", row.number),
            longcode: format!("{}_A_1101_v{}", row.code, row.version),
            compound: row.compound,
            upload: 2,
            version: row.version,
        };
        self.observations.push(observation);
    }
}

impl Observation {
    fn set_version(&mut self, version: i64) {
        let stem = self.longcode.rsplit_once("_v").map_or("", |(stem, _)| stem);
        self.longcode = format!("{stem}_v{version}");
        self.id += REMODELLED_ID_OFFSET * (version - self.version);
        (self.version, self.upload) = (version, version);
    }
}

impl Experiment {
    /// Resets an experiment to its state before it was modelled.
    fn forget_model(&mut self) {
        self.is_modelled = false;
        (self.rfree, self.confidence, self.pdb_code) = (None, None, None);
        self.status = Some("Analysis pending");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(world: &World, target: i64) -> BTreeSet<String> {
        let rows = world.observations.iter();
        let rows = rows.filter(|row| row.target == target);
        rows.map(|row| format!("{} {}", row.code, row.longcode))
            .collect()
    }

    #[test]
    fn the_last_upload_brings_new_and_changed_observations_and_supersedes_one() {
        for rows in [None, Some(300)] {
            let (now, mut then) = (World::invent(rows, None), World::invent(rows, None));
            then.restore_earlier();
            for target in TWICE_UPLOADED {
                let (now, then) = (codes(&now, target), codes(&then, target));
                let (new, gone) = (now.difference(&then).count(), then.difference(&now).count());
                assert!(new > gone && gone >= 3, "{new} new, {gone} gone");
            }
            assert_eq!(codes(&now, 2), codes(&then, 2));
            let ids: BTreeSet<i64> = then.observations.iter().map(|row| row.id).collect();
            assert_eq!(ids.len(), then.observations.len());
        }
    }
}
