//! Crystals: the fields of an experiment that show whether its own files are still the same.

use serde::Deserialize;

use crate::model::{ExperimentId, Link, Text};

/// A row of the list of experiments; only its code and its files are read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Crystal {
    /// The server's number for it.
    pub id: ExperimentId,
    /// The crystal's code, such as `A71EV2A-x0310`.
    #[serde(default)]
    pub code: Text,
    /// Coordinates, not aligned.
    #[serde(default)]
    pub pdb_info: Link,
    /// Reflections.
    #[serde(default)]
    pub mtz_info: Link,
    /// Restraints of the ligand.
    #[serde(default)]
    pub cif_info: Link,
}
