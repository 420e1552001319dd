//! Records of files and of the tables among them.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::member_look::{CombinedSdf, OrderedFor};

/// The two tables of an archive that say what is in it, if they exist.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tables {
    /// Missing files.
    pub(crate) errors: Option<String>,
    /// All observations of the target.
    pub(crate) metadata: Option<String>,
    /// The contents of the combined ligand file.
    #[serde(default)]
    pub(crate) combined: Option<CombinedSdf>,
    /// The order for which the archive was built, if it says so.
    #[serde(default)]
    pub(crate) order: Option<OrderedFor>,
    /// Files whose contents do not match their type.
    #[serde(default)]
    pub(crate) unlike: Vec<String>,
    /// Links without a target.
    #[serde(default)]
    pub(crate) dangling: Vec<String>,
    /// Files that were renamed because their name was taken by one with other contents.
    #[serde(default)]
    pub(crate) doubled: Vec<String>,
}

impl Tables {
    /// Returns how many ligands the server says it lacks.
    pub(super) fn ligands_lacking(&self) -> usize {
        let lines = self.errors.as_deref().map(super::errors_csv::lines);
        let lines = lines.unwrap_or_default().into_iter();
        let is_ligand = |parameter: &str| parameter.starts_with("sdf") || parameter == "ligand_mol";
        let codes: HashSet<&str> = lines
            .filter(|line| is_ligand(line.parameter))
            .map(|line| line.code)
            .collect();
        codes.len()
    }
}

/// One file on the disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Path within the folder, with slashes.
    pub path: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}
