//! Observations: ligands seen bound, the things a download is made of.

use serde::Deserialize;

use super::{CompoundId, ExperimentId, ObservationId, Text};

/// A row of `/api/site_observations/`.
///
/// Only what this program uses is typed; the 2024 servers send the whole MOL text inline in every row,
/// and the file addresses belong to the single-file downloads.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Observation {
    /// The server's number for it.
    pub id: ObservationId,
    /// The short code, such as `A0310a`: what a download is restricted by.
    #[serde(default)]
    pub code: Text,
    /// The long form of the code.
    #[serde(default)]
    pub longcode: Text,
    /// The experiment it was seen in; virtual observations (2026) have none.
    #[serde(default)]
    pub experiment: Option<ExperimentId>,
    /// The compound that was seen.
    #[serde(default)]
    pub cmpd: Option<CompoundId>,
    /// The compound's code.
    #[serde(default)]
    pub compound_code: Text,
    /// Its structure.
    #[serde(default)]
    pub smiles: Text,
}
