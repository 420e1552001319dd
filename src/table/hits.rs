//! Rows of hits: each observation with what other lists say about it.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{Sheet, SheetBuilder, Subject};
use crate::{
    chemistry::Structure,
    model::{
        Compound, CompoundId, ExperimentId, Lookups, Observation, ObservationContext, RowSink as _,
        Sites, Target,
    },
};

/// Fields of the experiment that every hit shows too.
const OF_THE_EXPERIMENT: [&str; 5] = [
    "experiment_status",
    "pdb_code",
    "ligand_confidence",
    "refinement_resolution",
    "refinement_rfree",
];

/// What is known about a target's observations.
pub struct Hits<'a> {
    /// The observations.
    pub observations: &'a [Observation],
    /// Sites, poses and tags.
    pub sites: &'a Sites,
    /// The target's compounds.
    pub compounds: &'a [Compound],
}

/// Makes the table of hits, target by target. Must run on a thread with [`STACK`](crate::chemistry::STACK) bytes of
/// stack.
pub struct HitsBuilder<'a> {
    builder: SheetBuilder,
    experiments: &'a Sheet,
    /// The row of each experiment.
    rows: HashMap<ExperimentId, usize>,
    /// What was computed from each SMILES: the same compound is often seen many times.
    described: HashMap<String, Map<String, Value>>,
    unreadable: usize,
}

impl<'a> HitsBuilder<'a> {
    /// Begins the table of these targets. `experiments` are theirs, and perhaps those of others.
    pub fn new(targets: Vec<Target>, experiments: &'a Sheet) -> Self {
        Self {
            builder: SheetBuilder::of(Subject::Hits, targets),
            experiments,
            rows: (0..experiments.len())
                .map(|row| (ExperimentId(experiments.id(row).0), row))
                .collect(),
            described: HashMap::new(),
            unreadable: 0,
        }
    }

    /// Adds the hits of a target, by its index in the list of targets.
    pub fn add(&mut self, target: usize, hits: &Hits<'_>) {
        self.builder.begin_target(target);
        let compounds: HashMap<CompoundId, &Compound> =
            hits.compounds.iter().map(|one| (one.id, one)).collect();
        let settings = hits.sites.settings(hits.observations);
        self.builder.start_attempt();
        for (observation, setting) in hits.observations.iter().zip(settings) {
            let mut row = row_of(observation, &setting);
            let experiment = observation.experiment.and_then(|id| self.rows.get(&id));
            if let Some(experiment) = experiment {
                add_experiment(&mut row, self.experiments, *experiment);
            }
            if let Some(compound) = observation.cmpd.and_then(|id| compounds.get(&id)) {
                add_compound(&mut row, observation, compound);
            }
            if let Some(smiles) = row.get("smiles").and_then(Value::as_str).map(str::to_owned) {
                let more = self
                    .described
                    .entry(smiles)
                    .or_insert_with_key(|smiles| describe(smiles));
                row.extend(more.clone());
            }
            let json = Value::Object(row).to_string();
            if let Err(error) = self.builder.take(json.as_bytes()) {
                tracing::warn!(%error, "a hit could not be added");
                self.unreadable += 1;
            }
        }
    }

    /// Returns the table, and how many rows could not be made.
    pub fn finish(self) -> (Sheet, usize) {
        (self.builder.finish(&Lookups::default()), self.unreadable)
    }
}

/// Returns the fields of the observation itself.
fn row_of(observation: &Observation, setting: &ObservationContext) -> Map<String, Value> {
    let files: Vec<&str> = observation.files.all().map(|(words, _)| words).collect();
    let role = setting
        .is_main
        .map(|is_main| if is_main { "Main" } else { "Other" });
    let row = json!({
        "id": observation.id,
        "code": observation.code,
        "longcode": observation.longcode,
        "version": observation.version,
        "experiment_id": observation.experiment,
        "compound_code": observation.compound_code,
        "smiles": observation.smiles,
        "site": setting.site,
        "site_residues": setting.residues,
        "conformer_site": setting.conformer_site,
        "crystal_form_site": setting.crystal_form_site,
        "pose": setting.pose,
        "pose_role": role,
        "tags": setting.tags,
        "superseded": if observation.superseded { "Yes" } else { "No" },
        "virtual_name": observation.virtual_name,
        "files": files,
    });
    match row {
        Value::Object(row) => row,
        _ => Map::new(),
    }
}

fn add_experiment(row: &mut Map<String, Value>, experiments: &Sheet, place: usize) {
    row.insert("experiment".to_owned(), experiments.code(place).into());
    for field in OF_THE_EXPERIMENT {
        if let Some(column) = experiments.place(field) {
            row.insert(field.to_owned(), experiments.json(column, place));
        }
    }
}

/// Adds names of the compound that the observation itself does not have.
fn add_compound(row: &mut Map<String, Value>, observation: &Observation, compound: &Compound) {
    if observation.smiles.get().is_none() {
        row.insert("smiles".to_owned(), json!(compound.smiles));
    }
    if observation.compound_code.get().is_none() {
        row.insert("compound_code".to_owned(), json!(compound.compound_code));
    }
    let shown = observation.compound_code.get();
    let mut names: Vec<&str> = [&compound.compound_code, &compound.current_identifier]
        .into_iter()
        .filter_map(|name| name.get())
        .filter(|name| Some(*name) != shown)
        .collect();
    names.dedup();
    row.insert("compound_names".to_owned(), json!(names));
}

/// Returns what is computed from a SMILES; empty if it cannot be read.
fn describe(smiles: &str) -> Map<String, Value> {
    let Ok(structure) = Structure::read(smiles) else {
        return Map::new();
    };
    let own = structure.properties();
    let described = json!({
        "heavy_atoms": own.heavy_atoms,
        "weight": own.weight,
        "clogp": own.clogp,
        "tpsa": own.tpsa,
        "donors": own.donors,
        "acceptors": own.acceptors,
        "rotatable_bonds": own.rotatable_bonds,
        "rings": own.rings,
        "charge": own.charge,
        "scaffold": structure.scaffold(),
    });
    match described {
        Value::Object(described) => described,
        _ => Map::new(),
    }
}
