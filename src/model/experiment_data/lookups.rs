//! Names and versions that other lists give for the ids in the rows of experiments.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::model::{Compound, Upload};

/// Names of compounds and versions of uploads, by their ids on the server.
#[derive(Clone, Debug, Default)]
pub struct Lookups {
    /// Names and structures of compounds.
    pub compounds: HashMap<i64, CompoundNames>,
    /// Which version of a target's data an upload is, counted from 1. Only known from servers that number their
    /// uploads in the list of uploads (server-api 1.9: those of 2026 do not).
    pub upload_versions: HashMap<i64, i64>,
}

/// Name and structure of a compound.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompoundNames {
    /// Its usual code.
    pub name: Option<Box<str>>,
    /// Its structure.
    pub smiles: Option<Box<str>>,
}

impl CompoundNames {
    /// Returns the displayed name and structure of a compound.
    fn of(compound: &Compound) -> Self {
        Self {
            name: compound.name().map(Into::into),
            smiles: compound.smiles.get().map(Into::into),
        }
    }
}

impl Lookups {
    /// Adds the compounds of a server.
    pub fn add_compounds(&mut self, compounds: &[Compound]) {
        let names = compounds
            .iter()
            .map(|compound| (compound.id.0, CompoundNames::of(compound)));
        self.compounds.extend(names);
    }

    /// Adds the uploads of a server.
    pub fn add_uploads(&mut self, uploads: &[Upload]) {
        let versions = uploads
            .iter()
            .filter_map(|upload| Some((upload.id.0?, upload.upload_version.0?)));
        self.upload_versions.extend(versions);
    }
}
