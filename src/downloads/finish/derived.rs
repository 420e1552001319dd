//! Files that this program derives from what a server sends: those that older servers do not offer, and one that
//! programs cannot read as it arrives. The server's own files are not changed.

use std::{collections::BTreeSet, fs, path::Path};

use sha2::{Digest as _, Sha256};

use super::merge::{self, join_sdf, join_smiles};
use crate::{
    dataset::{ALIGNED, COMBINED, FileRecord, Tables, kinds_of_aligned},
    disk::write_atomic,
    downloads::DownloadError,
    model::{DownloadRequest, FileKind, FileName},
};

const SMILES: &str = "smiles.smi";

/// Derived files, and notes about them.
#[derive(Debug, Default)]
pub(super) struct DerivedFiles {
    /// Paths within the folder.
    pub(super) paths: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl DerivedFiles {
    /// Makes the derived files of a complete folder.
    pub(super) fn make(
        request: &DownloadRequest,
        folder: &Path,
        files: &mut Vec<FileRecord>,
        tables: &Tables,
    ) -> Result<Self, DownloadError> {
        let mut made = Self::default();
        made.readable_ligands(request, folder, files, tables)?;
        made.smiles(request, folder, files, tables)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(made)
    }

    /// Servers of 2024 write no separators between the molecules of their combined ligand file, so that programs read
    /// only one of them (server-api 9).
    fn readable_ligands(
        &mut self,
        request: &DownloadRequest,
        folder: &Path,
        files: &mut Vec<FileRecord>,
        tables: &Tables,
    ) -> Result<(), DownloadError> {
        let Some(combined) = &tables.combined else {
            return Ok(());
        };
        let found = files
            .iter()
            .find(|file| !file.path.contains('/') && file.path.ends_with(COMBINED));
        let Some(original) = found.filter(|_| combined.molecules > 1 && combined.ends == 0) else {
            return Ok(());
        };
        let path = folder.join(&original.path);
        let bytes = fs::read(&path).map_err(|error| DownloadError::from_read(&path, error))?;
        let text = join_sdf(&[String::from_utf8_lossy(&bytes).into_owned()]);
        let title = FileName::sanitize(&request.target.title);
        let name = format!("{title}_ligands.sdf");
        self.notes.push(format!(
            "{} has no separators between its {} molecules, so most programs read only the first one; {name} is a readable copy",
            original.path, combined.molecules
        ));
        self.write(folder, files, &name, &text)
    }

    /// Before 2026 the list of SMILES was sent only with all structures (server-api 9).
    fn smiles(
        &mut self,
        request: &DownloadRequest,
        folder: &Path,
        files: &mut Vec<FileRecord>,
        tables: &Tables,
    ) -> Result<(), DownloadError> {
        let has_come = files
            .iter()
            .any(|file| file.path == SMILES && file.bytes > 0);
        if !request.files.has(FileKind::SmilesInfo) || has_come {
            return Ok(());
        }
        let Some(entries) = tables.metadata.as_deref().and_then(smiles_of) else {
            return Ok(());
        };
        let text = join_smiles(&entries);
        if text.is_empty() {
            return Ok(());
        }
        let table = if request.files.has(FileKind::MetadataInfo) {
            "metadata.csv"
        } else {
            "metadata.csv, which was downloaded for it"
        };
        self.notes.push(format!(
            "this server sends {SMILES} only with all structures, so it was made from {table}"
        ));
        self.write(folder, files, SMILES, &text)
    }

    fn write(
        &mut self,
        folder: &Path,
        files: &mut Vec<FileRecord>,
        name: &str,
        text: &str,
    ) -> Result<(), DownloadError> {
        write_atomic(&folder.join(name), text.as_bytes())?;
        files.retain(|file| file.path != name);
        files.push(FileRecord {
            path: name.to_owned(),
            bytes: text.len() as u64,
            sha256: hex::encode(Sha256::digest(text.as_bytes())),
        });
        self.paths.push(name.to_owned());
        Ok(())
    }
}

/// Returns the SMILES of all downloaded observations, from the table of observations. `None` if they are not in their
/// column.
fn smiles_of(table: &str) -> Option<Vec<String>> {
    let rows = merge::rows(table)?;
    let (heading, rest) = rows.split_first()?;
    let column = |name: &str| heading.fields.iter().position(|field| field.trim() == name);
    let (smiles, downloaded) = (column("Smiles")?, column("Downloaded")?);
    let mut found = Vec::new();
    for row in rest {
        // In a row broken by an unquoted comma the flag is in another column.
        let is_in = if row.fields.len() == heading.fields.len() {
            row.fields.get(downloaded) == Some("True")
        } else {
            row.fields.iter().any(|field| field == "True")
        };
        let entry = row.fields.get(smiles)?.trim();
        if is_in && !entry.is_empty() && entry != "None" {
            found.push(entry.to_owned());
        }
    }
    Some(found)
}

/// Removes structure files that were not asked for, if the server sends them only as a set.
pub(super) fn leave_out(
    request: &DownloadRequest,
    folder: &Path,
    files: &mut Vec<FileRecord>,
) -> Result<(), DownloadError> {
    let is_unwanted = |file: &FileRecord| {
        let inside = file
            .path
            .strip_prefix(ALIGNED)
            .and_then(|path| path.split_once('/'));
        inside.is_some_and(|(code, name)| {
            let kinds = kinds_of_aligned(code, name);
            !kinds.is_empty() && !kinds.iter().any(|kind| request.files.has(*kind))
        })
    };
    let mut folders = BTreeSet::new();
    for file in files.iter().filter(|file| is_unwanted(file)) {
        let path = folder.join(&file.path);
        crate::disk::remove(&path)?;
        folders.extend(path.parent().map(Path::to_owned));
    }
    files.retain(|file| !is_unwanted(file));
    for empty in folders {
        // A folder that still contains something stays.
        fs::remove_dir(empty).ok();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smiles_are_taken_from_the_table_each_once() {
        let table = "Code,Smiles,Comment,Downloaded\na,C,one, two,True\nb,N,x,False\nc,C,,True\nd,O,,True\n";
        assert_eq!(join_smiles(&smiles_of(table).unwrap()), "C,O,");
        assert_eq!(smiles_of("Code,Downloaded\na,True\n"), None);
    }
}
