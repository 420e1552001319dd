//! The invented data: proposals, targets, experiments, observations, compounds. Generated from a seed, so that every
//! run and every test sees the same.

use super::{
    analysis_status::{SUCCESS, invent_confidence, invent_status},
    chemistry::Fragment,
    records::{Compound, Experiment, Observation, Project, Target},
};

/// All data of the demo server.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub(super) projects: Vec<Project>,
    pub(super) targets: Vec<Target>,
    pub(super) experiments: Vec<Experiment>,
    pub(super) observations: Vec<Observation>,
    pub(super) compounds: Vec<Compound>,
}

/// A row of the table of targets: what it is, how many experiments, how many of them modelled.
struct Plan(
    &'static str,
    &'static str,
    &'static str,
    i64,
    &'static str,
    &'static str,
    [f64; 6],
    usize,
    usize,
);

/// The titles and proposals are fixed for scripts and courses.
const PLANS: [Plan; 6] = [
    Plan(
        "Mpro",
        "SARS-CoV-2 main protease",
        "SARS-CoV-2",
        1,
        "m",
        "C121",
        [112.6, 52.9, 44.6, 90.0, 103.0, 90.0],
        420,
        40,
    ),
    Plan(
        "A71EV2A",
        "Enterovirus A71 2A protease",
        "Enterovirus A71",
        1,
        "A",
        "C121",
        [87.7, 57.2, 32.5, 90.0, 94.0, 90.0],
        280,
        24,
    ),
    Plan(
        "A71EV2A",
        "Enterovirus A71 2A protease",
        "Enterovirus A71",
        2,
        "A",
        "C121",
        [87.7, 57.2, 32.5, 90.0, 94.0, 90.0],
        300,
        28,
    ),
    Plan(
        "CHIKV_MacB",
        "Chikungunya virus nsP3 macrodomain",
        "Chikungunya virus",
        3,
        "c",
        "P3121",
        [87.2, 87.2, 86.3, 90.0, 90.0, 120.0],
        260,
        18,
    ),
    Plan(
        "NUDT7A",
        "Peroxisomal coenzyme A diphosphatase",
        "Homo sapiens",
        3,
        "n",
        "P212121",
        [46.1, 57.9, 77.3, 90.0, 90.0, 90.0],
        160,
        12,
    ),
    Plan(
        "PHIPA",
        "Pleckstrin homology domain interacting protein",
        "Homo sapiens",
        1,
        "p",
        "C2221",
        [81.8, 27.3, 55.8, 90.0, 90.0, 90.0],
        80,
        9,
    ),
];

/// One crystal in this many has, if any, a ligand that was also seen in the first target.
const SHARED: usize = 2;
const LIBRARIES: [&str; 4] = ["DSi_Poised", "MiniFrags", "FragLite", "EUbOPEN"];
const FAILURES: [&str; 5] = [
    "Failed - crystal did not survive soak",
    "Failed - low resolution",
    "Failed - centring failed",
    "Failed - processing",
    "Failed - loop broken",
];

impl World {
    /// Generates the data. `rows` is the number of experiments; `None` means about 1,500.
    pub fn invent(rows: Option<usize>, modelled: Option<usize>) -> Self {
        let mut world = Self {
            projects: vec![
                Project {
                    id: 1,
                    tas: "lb18145-1",
                    open: true,
                    members: &[],
                },
                Project {
                    id: 2,
                    tas: "lb32627-66",
                    open: false,
                    members: &["alice"],
                },
                Project {
                    id: 3,
                    tas: "lb32633-6",
                    open: true,
                    members: &["alice"],
                },
            ],
            targets: Vec::new(),
            experiments: Vec::new(),
            observations: Vec::new(),
            compounds: Vec::new(),
        };
        let planned: usize = PLANS.iter().map(|plan| plan.7).sum();
        // A larger number adds to the first target; a smaller one reduces all proportionally.
        let wanted = rows.unwrap_or(planned);
        let shared = wanted.min(planned);
        let (mut given, mut passed) = (0, 0);
        for (index, plan) in PLANS.iter().enumerate() {
            let extra = if index == 0 { wanted - shared } else { 0 };
            // The number given so far is always the right share of the number processed, rounded.
            passed += plan.7;
            let count = (passed * shared + planned / 2) / planned - given;
            given += count;
            let modelled = modelled.filter(|_| index == 0).unwrap_or(plan.8);
            world.add_target(plan, count + extra, modelled);
        }
        world.add_last_uploads();
        world
    }

    fn add_target(&mut self, plan: &Plan, count: usize, modelled: usize) {
        let Plan(title, long_name, organism, project, prefix, space_group, cell, _, _) = *plan;
        let id = i64::try_from(self.targets.len()).unwrap_or_default() + 1;
        self.targets.push(Target {
            id,
            title: title.to_owned(),
            long_name,
            organism,
            project,
            prefix,
            space_group,
            cell,
        });
        let every = (count / modelled.min(count).max(1)).max(1);
        let mut rng = fastrand::Rng::with_seed(0xF2A6 + id.unsigned_abs());
        for place in 0..count {
            let is_modelled = place % every == every / 2 && place / every < modelled;
            self.add_experiment(&mut rng, id, title, prefix, place, is_modelled);
        }
    }

    fn add_experiment(
        &mut self,
        rng: &mut fastrand::Rng,
        target: i64,
        title: &str,
        prefix: &str,
        place: usize,
        is_modelled: bool,
    ) {
        let id = i64::try_from(self.experiments.len()).unwrap_or_default() + 1;
        let number = format!("{:04}", place + 10);
        let code = format!("{title}-x{number}");
        let compound = self.add_compound(rng);
        if is_modelled && place.is_multiple_of(SHARED) {
            self.share_compound(compound, place);
        }
        let is_success = is_modelled || rng.f64() < 0.85;
        let outcome = if is_success {
            SUCCESS
        } else {
            *rng.choice(FAILURES.iter()).unwrap_or(&FAILURES[0])
        };
        let status = invent_status(rng, is_modelled, outcome);
        let resolution = is_success.then(|| rounded(1.1 + rng.f64() * rng.f64() * 2.2, 2));
        let rfree = is_modelled.then(|| rounded(0.17 + rng.f64() * 0.08, 4));
        let confidence = invent_confidence(rng, is_modelled, status);
        let pdb_code = (status == Some("Structure deposited"))
            .then(|| format!("7{}{}{}", rng.uppercase(), rng.digit(10), rng.uppercase()));
        // A few crystals are measured each day.
        let day = i32::try_from(place / 4).unwrap_or_default() + rng.i32(0..3);
        let well = format!("{}{:02}a", rng.char('A'..='H'), rng.u32(1..=12));
        let library = LIBRARIES[rng.usize(0..LIBRARIES.len())];
        let has_event_map = rng.f64() < 0.9;
        if is_modelled {
            self.add_observations(rng, id, target, &code, prefix, &number, compound);
        }
        self.experiments.push(Experiment {
            id,
            target,
            code,
            number,
            is_modelled,
            has_event_map,
            compound,
            day,
            outcome,
            status,
            resolution,
            rfree,
            confidence,
            pdb_code,
            library,
            well,
            upload: 1,
            version: 1,
        });
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of a name, needed nowhere else together"
    )]
    pub(super) fn add_observations(
        &mut self,
        rng: &mut fastrand::Rng,
        experiment: i64,
        target: i64,
        code: &str,
        prefix: &str,
        number: &str,
        compound: i64,
    ) {
        // Occasionally the ligand is seen twice.
        let count = if rng.f64() < 0.15 { 2 } else { 1 };
        for (index, letter) in ('a'..='z').take(count).enumerate() {
            self.observations.push(Observation {
                id: i64::try_from(self.observations.len()).unwrap_or_default() + 1,
                experiment,
                target,
                code: format!("{prefix}{number}{letter}"),
                longcode: format!("{code}_A_{}_v1", 1101 + index),
                compound,
                upload: 1,
                version: 1,
            });
        }
    }

    fn add_compound(&mut self, rng: &mut fastrand::Rng) -> i64 {
        let id = i64::try_from(self.compounds.len()).unwrap_or_default() + 1;
        let fragment = Fragment::invent(rng, [9.0, 9.0, 13.0]);
        self.compounds.push(Compound {
            id,
            code: format!("Z{}", rng.u32(20_000_000..2_000_000_000)),
            fragment,
        });
        id
    }

    /// Makes a compound the same as one that was seen in the first target: the same libraries are soaked everywhere.
    fn share_compound(&mut self, id: i64, place: usize) {
        let mut of_first = self.observations.iter().filter(|row| row.target == 1);
        let count = of_first.clone().count();
        let source = (count > 0)
            .then(|| of_first.nth(place % count))
            .flatten()
            .and_then(|row| self.compound(row.compound).cloned());
        if let (Some(source), Some(own)) = (source, self.compounds.last_mut()) {
            *own = Compound { id, ..source };
        }
    }

    pub(super) fn project(&self, id: i64) -> Option<&Project> {
        self.projects.iter().find(|project| project.id == id)
    }

    pub(super) fn target_by_id(&self, id: i64) -> Option<&Target> {
        self.targets.iter().find(|target| target.id == id)
    }

    /// Ids are indices, counted from one.
    pub(super) fn experiment(&self, id: i64) -> Option<&Experiment> {
        self.experiments
            .get(usize::try_from(id).ok()?.checked_sub(1)?)
    }

    /// Ids are indices, counted from one.
    pub(super) fn compound(&self, id: i64) -> Option<&Compound> {
        self.compounds
            .get(usize::try_from(id).ok()?.checked_sub(1)?)
    }

    /// Returns the codes of observations whose crystals have no event map.
    pub fn codes_without_event_map(&self, title: &str, tas: &str) -> Vec<String> {
        let mut codes = self.codes(title, tas);
        codes.retain(|code| {
            let found = self.observations.iter().find(|row| row.code == *code);
            found
                .and_then(|row| self.experiment(row.experiment))
                .is_some_and(|row| !row.has_event_map)
        });
        codes
    }

    /// Returns the short codes of a target's observations, in order: for tests and courses.
    pub fn codes(&self, title: &str, tas: &str) -> Vec<String> {
        let target = self.targets.iter().find(|target| {
            target.title == title
                && self
                    .project(target.project)
                    .is_some_and(|project| project.tas == tas)
        });
        self.observations
            .iter()
            .filter(|observation| Some(observation.target) == target.map(|target| target.id))
            .map(|observation| observation.code.clone())
            .collect()
    }
}

/// Rounds to this many decimals, as databases store them.
pub(super) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}
