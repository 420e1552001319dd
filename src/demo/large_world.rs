//! More targets than anyone would invent by hand, for benchmarks.

use super::{
    records::{Observation, Target},
    world::World,
};

impl World {
    /// Adds public targets `T001`, `T002` …, each with this many observations. They all belong to one crystal: only
    /// their number matters. Their compounds are those of all other targets, in turns.
    pub(super) fn add_targets(&mut self, count: usize, observations: usize) {
        let Some(pattern) = self.targets.first().cloned() else {
            return;
        };
        let first_experiment = self.observations.first().map_or(1, |row| row.experiment);
        let compounds: Vec<i64> = self.compounds.iter().map(|compound| compound.id).collect();
        for number in 1..=count {
            let id = i64::try_from(self.targets.len()).unwrap_or_default() + 1;
            self.targets.push(Target {
                id,
                title: format!("T{number:03}"),
                ..pattern.clone()
            });
            for place in 1..=observations {
                let row_number = self.observations.len();
                let row = i64::try_from(row_number).unwrap_or_default() + 1;
                self.observations.push(Observation {
                    id: 10_000_000 + row,
                    experiment: first_experiment,
                    target: id,
                    code: format!("t{number:03}{place:05}a"),
                    longcode: format!("T{number:03}-x{place:05}_A_1101_v1"),
                    compound: compounds
                        .get(row_number % compounds.len().max(1))
                        .copied()
                        .unwrap_or(1),
                    upload: 1,
                    version: 1,
                });
            }
        }
    }
}
