//! Compounds soaked into the crystals.

use serde::Deserialize;

use crate::model::{CompoundId, Text};

/// A row of `/api/compounds/`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Compound {
    /// The server's number for it.
    pub id: CompoundId,
    /// Its structure.
    #[serde(default)]
    pub smiles: Text,
    /// The supplier's or the laboratory's code.
    #[serde(default)]
    pub compound_code: Text,
    /// The current identifier.
    #[serde(default)]
    pub current_identifier: Text,
}

impl Compound {
    /// Returns the name to show: the code, or else the current identifier.
    pub fn name(&self) -> Option<&str> {
        self.compound_code
            .get()
            .or_else(|| self.current_identifier.get())
    }
}
