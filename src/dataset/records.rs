//! What is recorded of files and of the tables among them.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::member_look::{CombinedSdf, OrderedFor};

/// The two tables of an archive that say what is in it, where they are there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tables {
    /// What the server lacks.
    pub(crate) errors: Option<String>,
    /// All observations of the target.
    pub(crate) metadata: Option<String>,
    /// What is in the file with all ligands.
    #[serde(default)]
    pub(crate) combined: Option<CombinedSdf>,
    /// Which order the archive was built for, where it says so.
    #[serde(default)]
    pub(crate) order: Option<OrderedFor>,
    /// Files whose contents are of another type than their names say.
    #[serde(default)]
    pub(crate) unlike: Vec<String>,
    /// Links that lead to nothing.
    #[serde(default)]
    pub(crate) dangling: Vec<String>,
    /// Files that got another name because theirs was taken by one with other contents.
    #[serde(default)]
    pub(crate) doubled: Vec<String>,
}

impl Tables {
    /// How many ligands the server says that it lacks.
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
