//! Rows of hits: each observation with what other lists say about it.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Sheet, SheetBuilder, Subject};
use crate::{
    chemistry::Structure,
    model::{
        Compound, CompoundId, ExperimentId, Integer, Lookups, Observation, ObservationContext,
        ObservationId, RowSink as _, Sites, Target, Text,
    },
};

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
    /// What was computed from each SMILES, as the end of a JSON object: the same compound is often seen many times.
    described: HashMap<String, String>,
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
            let experiment = observation.experiment.and_then(|id| self.rows.get(&id));
            let compound = observation.cmpd.and_then(|id| compounds.get(&id)).copied();
            let row = HitRow {
                experiment: experiment.map(|row| OfExperiment::read(self.experiments, *row)),
                ..HitRow::new(observation, &setting, compound)
            };
            // Serialised directly: a `Value` tree would take several times as long, for hundreds of thousands of rows.
            let mut json = serde_json::to_string(&row).unwrap_or_default();
            if let Some(smiles) = row.smiles {
                let end = match self.described.get(smiles) {
                    Some(end) => end,
                    None => self
                        .described
                        .entry(smiles.to_owned())
                        .or_insert_with_key(|smiles| describe(smiles)),
                };
                json.pop();
                json.push_str(end);
            }
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

/// The row of a hit as it would be sent by a server that joined all of this.
#[derive(Serialize)]
struct HitRow<'a> {
    id: ObservationId,
    code: &'a Text,
    longcode: &'a Text,
    version: Integer,
    experiment_id: Option<ExperimentId>,
    compound_code: Option<&'a str>,
    compound_names: Vec<&'a str>,
    smiles: Option<&'a str>,
    site: &'a Option<String>,
    site_residues: &'a [String],
    conformer_site: &'a Option<String>,
    crystal_form_site: &'a Option<String>,
    pose: &'a Option<String>,
    pose_role: Option<&'static str>,
    tags: &'a [String],
    superseded: &'static str,
    virtual_name: &'a Text,
    files: Vec<&'static str>,
    #[serde(flatten)]
    experiment: Option<OfExperiment>,
}

impl<'a> HitRow<'a> {
    /// Returns the fields of the observation, and the names of its compound; those of the experiment are missing.
    fn new(
        observation: &'a Observation,
        setting: &'a ObservationContext,
        compound: Option<&'a Compound>,
    ) -> Self {
        let role = setting
            .is_main
            .map(|is_main| if is_main { "Main" } else { "Other" });
        let of = |own: &'a Text, others: fn(&'a Compound) -> &'a Text| {
            own.get()
                .or_else(|| compound.and_then(|compound| others(compound).get()))
        };
        Self {
            id: observation.id,
            code: &observation.code,
            longcode: &observation.longcode,
            version: observation.version,
            experiment_id: observation.experiment,
            compound_code: of(&observation.compound_code, |one| &one.compound_code),
            compound_names: compound.map_or_else(Vec::new, |one| other_names(observation, one)),
            smiles: of(&observation.smiles, |one| &one.smiles),
            site: &setting.site,
            site_residues: &setting.residues,
            conformer_site: &setting.conformer_site,
            crystal_form_site: &setting.crystal_form_site,
            pose: &setting.pose,
            pose_role: role,
            tags: &setting.tags,
            superseded: if observation.superseded { "Yes" } else { "No" },
            virtual_name: &observation.virtual_name,
            files: observation.files.all().map(|(words, _)| words).collect(),
            experiment: None,
        }
    }
}

/// Returns the names of a compound that the observation itself does not use.
fn other_names<'a>(observation: &Observation, compound: &'a Compound) -> Vec<&'a str> {
    let shown = observation.compound_code.get();
    let mut names: Vec<&str> = [&compound.compound_code, &compound.current_identifier]
        .into_iter()
        .filter_map(|name| name.get())
        .filter(|name| Some(*name) != shown)
        .collect();
    names.dedup();
    names
}

/// The fields of the experiment that every hit shows, copied from the table of experiments.
#[derive(Serialize)]
struct OfExperiment {
    experiment: String,
    experiment_status: Value,
    pdb_code: Value,
    ligand_confidence: Value,
    refinement_resolution: Value,
    refinement_rfree: Value,
}

impl OfExperiment {
    fn read(experiments: &Sheet, row: usize) -> Self {
        let json = |field: &str| {
            experiments
                .place(field)
                .map_or(Value::Null, |column| experiments.json(column, row))
        };
        Self {
            experiment: experiments.code(row).into_owned(),
            experiment_status: json("experiment_status"),
            pdb_code: json("pdb_code"),
            ligand_confidence: json("ligand_confidence"),
            refinement_resolution: json("refinement_resolution"),
            refinement_rfree: json("refinement_rfree"),
        }
    }
}

/// Returns what is computed from a SMILES as the end of a JSON object that has other fields; no field if it cannot be
/// read.
fn describe(smiles: &str) -> String {
    let Ok(structure) = Structure::read(smiles) else {
        return "}".to_owned();
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
    described.to_string().replacen('{', ",", 1)
}
