//! Combines what is reused from a folder with what was fetched.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use sha2::{Digest as _, Sha256};

use crate::{
    dataset::{
        ERRORS, FilePart, FileRecord, METADATA, Record, SmilesOf, Tables, is_of, join_errors,
        join_smiles, ligand_smiles, mark_downloaded, order_of, place_of,
    },
    disk::{sync_file, write_atomic},
    downloads::{DownloadError, plan::types::UpdatePlan},
};

const SMILES: &str = "smiles.smi";
/// Size of the chunks in which files are copied.
const PIECE: usize = 256 * 1024;

/// What is reused, ready for look-ups.
struct ReusedFiles<'a> {
    codes: BTreeSet<&'a str>,
    crystals: &'a [String],
    fetched: &'a [String],
}

impl<'a> ReusedFiles<'a> {
    fn of(renewal: &'a UpdatePlan) -> Self {
        Self {
            codes: renewal.keep.iter().map(String::as_str).collect(),
            crystals: &renewal.keep_crystals,
            fetched: &renewal.fetched_crystals,
        }
    }

    /// Returns `true` if a file of the old folder belongs in the new one, unless a new one of its name has arrived.
    fn path(&self, path: &str) -> bool {
        match place_of(path) {
            Some((FilePart::Aligned, code)) => self.codes.contains(code),
            Some((FilePart::Crystal, folder)) => self.crystal(folder, path),
            // What belongs to the target was fetched again.
            None => false,
        }
    }

    fn crystal(&self, folder: &str, path: &str) -> bool {
        let of_folder = |crystal: &&String| is_of(folder, crystal);
        let Some(crystal) = self.crystals.iter().find(of_folder) else {
            return false;
        };
        if folder == crystal {
            // All files of a crystal come with any of its observations.
            return !self.fetched.contains(crystal);
        }
        // In this case the files are named after observations (2024).
        let name = path.rsplit('/').next().unwrap_or_default();
        let stem = name.split(['.', '_']).next().unwrap_or_default();
        self.codes.contains(stem)
    }

    /// Returns `true` if a line about something that the server lacks is still valid.
    fn line(&self, code: &str, path: &str) -> bool {
        if place_of(path).is_some() {
            self.path(path)
        } else {
            self.codes.contains(code)
        }
    }
}

/// Adds to the fetched files, in `whole`, what is reused from `folder`. Every byte is verified while it is copied.
pub(crate) fn combine(
    renewal: &UpdatePlan,
    old: &Record,
    folder: &Path,
    whole: &Path,
    (fetched, fetched_tables): (Vec<FileRecord>, Tables),
    cancelled: &AtomicBool,
) -> Result<(Vec<FileRecord>, Tables), DownloadError> {
    let keeps = ReusedFiles::of(renewal);
    let mut files: BTreeMap<String, FileRecord> = fetched
        .into_iter()
        .map(|file| (file.path.clone(), file))
        .collect();
    for file in &old.files {
        if keeps.path(&file.path) && !files.contains_key(&file.path) {
            let (from, to) = (folder.join(&file.path), whole.join(&file.path));
            copy(&from, &to, file, cancelled)?;
            files.insert(file.path.clone(), file.clone());
        }
    }
    let old_tables = OldTables::read(folder, old)?;
    let mut tables = Tables {
        errors: text(whole, ERRORS)?,
        metadata: text(whole, METADATA)?,
        // Reused files were examined when they were fetched.
        ..fetched_tables
    };
    if let Some(metadata) = &mut tables.metadata {
        let marked = mark_downloaded(metadata, &keeps.codes);
        *metadata = marked.ok_or_else(|| other_table(METADATA))?;
        replace(whole, METADATA, metadata, &mut files)?;
    }
    if let Some(smiles) = &old_tables.smiles {
        let new = text(whole, SMILES)?.unwrap_or_default();
        let joined = join_smiles(&SmilesOf {
            old: smiles,
            old_metadata: old_tables.metadata.as_deref(),
            new: &new,
            new_metadata: tables.metadata.as_deref(),
            keep: &keeps.codes,
            ligands: ligands(folder, &keeps.codes),
        });
        let joined = joined.ok_or_else(|| other_table(SMILES))?;
        replace(whole, SMILES, &joined, &mut files)?;
    }
    if let Some(errors) = &old_tables.errors {
        let new = tables.errors.clone().unwrap_or_default();
        let order = tables.metadata.as_deref().map(order_of).unwrap_or_default();
        let joined = join_errors(errors, &new, &order, |code, path| keeps.line(code, path));
        // Servers of 2024 write the list only if there is something in it.
        if joined.lines().count() > 1 || tables.errors.is_some() {
            replace(whole, ERRORS, &joined, &mut files)?;
            tables.errors = Some(joined);
        }
    }
    Ok((files.into_values().collect(), tables))
}

fn other_table(path: &str) -> DownloadError {
    DownloadError::PartsDiffer {
        path: path.to_owned(),
    }
}

/// Returns the SMILES of what is reused, each from its own file. `None` if one of them is missing.
fn ligands(folder: &Path, codes: &BTreeSet<&str>) -> Option<BTreeSet<String>> {
    codes
        .iter()
        .map(|code| {
            let text = fs::read_to_string(folder.join(ligand_smiles(code))).ok()?;
            // A name may follow it.
            text.split_whitespace().next().map(str::to_owned)
        })
        .collect()
}

/// The tables of the old folder, as they were downloaded: one that was edited by hand says nothing.
struct OldTables {
    errors: Option<String>,
    metadata: Option<String>,
    smiles: Option<String>,
}

impl OldTables {
    fn read(folder: &Path, old: &Record) -> Result<Self, DownloadError> {
        let table = |name: &str| -> Result<Option<String>, DownloadError> {
            // Derived files are made again, from the new tables.
            let is_of_server = |file: &&FileRecord| {
                file.path == name && !old.report.made_here.contains(&file.path)
            };
            let Some(record) = old.files.iter().find(is_of_server) else {
                return Ok(None);
            };
            let path = folder.join(name);
            match fs::read(&path) {
                Ok(bytes) if hex::encode(Sha256::digest(&bytes)) == record.sha256 => {
                    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
                }
                _ => Err(DownloadError::FolderChanged { path }),
            }
        };
        Ok(Self {
            errors: table(ERRORS)?,
            metadata: table(METADATA)?,
            smiles: table(SMILES)?,
        })
    }
}

fn text(folder: &Path, name: &str) -> Result<Option<String>, DownloadError> {
    let path = folder.join(name);
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(DownloadError::from_read(&path, error)),
    }
}

/// Rewrites a table. It may be a hard link to a file that is needed again, so that file is left alone.
fn replace(
    whole: &Path,
    name: &str,
    text: &str,
    files: &mut BTreeMap<String, FileRecord>,
) -> Result<(), DownloadError> {
    let path = whole.join(name);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(DownloadError::from_write(&path, error));
        }
        Ok(()) | Err(_) => {}
    }
    write_atomic(&path, text.as_bytes())?;
    let record = FileRecord {
        path: name.to_owned(),
        bytes: text.len() as u64,
        sha256: hex::encode(Sha256::digest(text.as_bytes())),
    };
    files.insert(name.to_owned(), record);
    Ok(())
}

/// Copies a file, verifying it against the record.
fn copy(
    from: &Path,
    to: &Path,
    record: &FileRecord,
    cancelled: &AtomicBool,
) -> Result<(), DownloadError> {
    let changed = || DownloadError::FolderChanged {
        path: from.to_owned(),
    };
    let unread = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => changed(),
        _ => DownloadError::from_read(from, error),
    };
    let unwritten = |error| DownloadError::from_write(to, error);
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(unwritten)?;
    }
    let mut source = File::open(from).map_err(unread)?;
    let mut target = File::create_new(to).map_err(unwritten)?;
    let (mut piece, mut hasher) = (vec![0; PIECE], Sha256::new());
    loop {
        if cancelled.load(Ordering::Relaxed) {
            return Err(DownloadError::Cancelled);
        }
        let count = source.read(&mut piece).map_err(unread)?;
        let bytes = piece.get(..count).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        hasher.update(bytes);
        target.write_all(bytes).map_err(unwritten)?;
    }
    if hex::encode(hasher.finalize()) != record.sha256 {
        return Err(changed());
    }
    sync_file(&target).map_err(unwritten)
}
