//! Observations: ligands seen bound, the units of a download.

use serde::Deserialize;

use crate::model::{
    CompoundId, ExperimentId, Flag, Integer, Link, MediaFile, ObservationId, Text, or_none,
};

/// A row of `/api/site_observations/`.
///
/// Only what this program uses is typed; the 2024 servers send the whole MOL text inline in every row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Row")]
pub struct Observation {
    /// The server's number for it.
    pub id: ObservationId,
    /// The short code, such as `A0310a`: a download can be limited to such codes.
    pub code: Text,
    /// The long form of the code.
    pub longcode: Text,
    /// How many times it was remodelled.
    pub version: Integer,
    /// The experiment it was seen in; virtual observations (2026) have none.
    pub experiment: Option<ExperimentId>,
    /// The compound that was seen.
    pub cmpd: Option<CompoundId>,
    /// The compound's code.
    pub compound_code: Text,
    /// Its structure.
    pub smiles: Text,
    /// Whether a later version has replaced it.
    pub superseded: bool,
    /// The name of an observation that was computed and not measured (2026).
    pub virtual_name: Text,
    /// Where it was seen.
    pub seen_at: SeenAt,
    /// Its files, each of which can be downloaded on its own.
    pub files: ObservationFiles,
}

/// The server's numbers for where an observation was seen (server-api 1.10); empty where it has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeenAt {
    /// The shape of the site.
    pub canon_site_conf: Integer,
    /// The site within the crystal form.
    pub xtalform_site: Integer,
    /// The pose.
    pub pose: Integer,
}

/// The row as sent: a nested type would be parsed twice, and there are hundreds of thousands of rows.
#[derive(Deserialize)]
struct Row {
    id: ObservationId,
    #[serde(default)]
    code: Text,
    #[serde(default)]
    longcode: Text,
    #[serde(default)]
    version: Integer,
    #[serde(default, deserialize_with = "or_none")]
    experiment: Option<ExperimentId>,
    #[serde(default, deserialize_with = "or_none")]
    cmpd: Option<CompoundId>,
    #[serde(default)]
    compound_code: Text,
    #[serde(default)]
    smiles: Text,
    #[serde(default)]
    superseded: Flag,
    #[serde(default)]
    virtual_name: Text,
    #[serde(default)]
    canon_site_conf: Integer,
    #[serde(default)]
    xtalform_site: Integer,
    #[serde(default)]
    pose: Integer,
    #[serde(default)]
    bound_file: Link,
    #[serde(default)]
    apo_file: Link,
    #[serde(default)]
    apo_solv_file: Link,
    #[serde(default)]
    apo_desolv_file: Link,
    #[serde(default)]
    event_file: Link,
    #[serde(default)]
    sigmaa_file: Link,
    #[serde(default)]
    diff_file: Link,
    #[serde(default)]
    ligand_mol: Link,
    #[serde(default)]
    ligand_sdf: Link,
    #[serde(default)]
    ligand_pdb: Link,
    #[serde(default)]
    ligand_smiles: Link,
}

impl From<Row> for Observation {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            code: row.code,
            longcode: row.longcode,
            version: row.version,
            experiment: row.experiment,
            cmpd: row.cmpd,
            compound_code: row.compound_code,
            smiles: row.smiles,
            superseded: row.superseded.0,
            virtual_name: row.virtual_name,
            seen_at: SeenAt {
                canon_site_conf: row.canon_site_conf,
                xtalform_site: row.xtalform_site,
                pose: row.pose,
            },
            files: ObservationFiles {
                bound_file: row.bound_file,
                apo_file: row.apo_file,
                apo_solv_file: row.apo_solv_file,
                apo_desolv_file: row.apo_desolv_file,
                event_file: row.event_file,
                sigmaa_file: row.sigmaa_file,
                diff_file: row.diff_file,
                ligand_mol: row.ligand_mol,
                ligand_sdf: row.ligand_sdf,
                ligand_pdb: row.ligand_pdb,
                ligand_smiles: row.ligand_smiles,
            },
        }
    }
}

/// Links to the files of an observation (server-api 1.10); empty where the server has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObservationFiles {
    /// The structure with its ligand, aligned.
    pub bound_file: Link,
    /// The same without the ligand.
    pub apo_file: Link,
    /// Only its solvent.
    pub apo_solv_file: Link,
    /// Without ligand and solvent.
    pub apo_desolv_file: Link,
    /// The event map.
    pub event_file: Link,
    /// The 2Fo-Fc map.
    pub sigmaa_file: Link,
    /// The Fo-Fc map.
    pub diff_file: Link,
    /// The ligand as MOL.
    pub ligand_mol: Link,
    /// The ligand as SDF (2026).
    pub ligand_sdf: Link,
    /// The ligand's coordinates.
    pub ligand_pdb: Link,
    /// The ligand's SMILES.
    pub ligand_smiles: Link,
}

impl ObservationFiles {
    /// Returns the files that exist, each with a description.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, MediaFile)> {
        [
            ("Structure with ligand", &self.bound_file),
            ("Event map", &self.event_file),
            ("2Fo-Fc map", &self.sigmaa_file),
            ("Fo-Fc map", &self.diff_file),
            ("Apo structure", &self.apo_file),
            ("Solvent only", &self.apo_solv_file),
            ("Desolvated structure", &self.apo_desolv_file),
            ("Ligand, SDF", &self.ligand_sdf),
            ("Ligand, MOL", &self.ligand_mol),
            ("Ligand, PDB", &self.ligand_pdb),
            ("Ligand, SMILES", &self.ligand_smiles),
        ]
        .into_iter()
        .filter_map(|(words, link)| Some((words, MediaFile::of_link(link.get()?)?)))
    }
}
