//! Checks an archive, then writes its files into a hidden folder. The folder gets its name only when
//! every file is there.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
    sync::atomic::AtomicBool,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    DownloadError,
    archive::{self, Format, Link},
    place,
    safe_path::SafePath,
};

/// Largest table that is kept in memory for the report.
const MAX_TABLE: u64 = 200 << 20;

/// What the check found.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// Every file's path and length.
    pub(super) files: Vec<(String, u64)>,
    /// Length of all files together.
    pub(super) bytes: u64,
    pub(super) errors_csv: Option<String>,
    pub(super) metadata_csv: Option<String>,
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

/// Reads the whole archive without writing anything.
pub(super) fn check(
    path: &Path,
    format: Format,
    cancelled: &AtomicBool,
    on_progress: &dyn Fn(usize),
) -> Result<Checked, DownloadError> {
    let mut checked = Checked::default();
    let walked = archive::walk(path, format, cancelled, &mut |name, contents| {
        let is_table = matches!(name.as_str(), "errors.csv" | "metadata.csv");
        let mut table = Vec::new();
        let bytes = archive::drain(contents, |piece| {
            if is_table && (table.len() as u64) < MAX_TABLE {
                table.extend_from_slice(piece);
            }
            Ok(())
        })?;
        let table = is_table.then(|| String::from_utf8_lossy(&table).into_owned());
        match name.as_str() {
            "errors.csv" => checked.errors_csv = table,
            "metadata.csv" => checked.metadata_csv = table,
            _ => {}
        }
        checked.files.push((name.as_str().to_owned(), bytes));
        on_progress(checked.files.len());
        Ok(bytes)
    })?;
    for link in &walked.links {
        let target = checked
            .files
            .iter()
            .find(|(name, _)| *name == link.target.as_str());
        let bytes = target
            .map(|(_, bytes)| *bytes)
            .ok_or_else(|| dangling(link))?;
        checked.files.push((link.path.as_str().to_owned(), bytes));
    }
    checked.bytes = checked.files.iter().map(|(_, bytes)| bytes).sum();
    Ok(checked)
}

/// Writes every file of the archive below `folder` and makes them survive a power cut.
pub(super) fn unpack(
    path: &Path,
    format: Format,
    folder: &Path,
    cancelled: &AtomicBool,
    on_progress: &dyn Fn(usize),
) -> Result<Vec<FileRecord>, DownloadError> {
    let mut records = Vec::new();
    let walked = archive::walk(path, format, cancelled, &mut |name, contents| {
        let record = write_file(folder, name, contents)?;
        let bytes = record.bytes;
        records.push(record);
        on_progress(records.len());
        Ok(bytes)
    })?;
    for link in walked.links {
        // Written as a file of its own: links do not survive copying to other systems.
        let target = folder.join(link.target.to_path());
        let mut source = fs::File::open(target).ok().ok_or_else(|| dangling(&link))?;
        records.push(write_file(folder, &link.path, &mut source)?);
    }
    records.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(records)
}

fn write_file(
    folder: &Path,
    name: &SafePath,
    contents: &mut dyn io::Read,
) -> Result<FileRecord, DownloadError> {
    let path = folder.join(name.to_path());
    let refused = |source| DownloadError::from_write(&path, source);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(refused)?;
    }
    let mut file = fs::File::create_new(&path).map_err(refused)?;
    let mut hasher = Sha256::new();
    let bytes = archive::drain(contents, |piece| {
        hasher.update(piece);
        file.write_all(piece).map_err(refused)
    })?;
    file.sync_all().map_err(refused)?;
    Ok(FileRecord {
        path: name.as_str().to_owned(),
        bytes,
        sha256: hex(&hasher.finalize()),
    })
}

fn dangling(link: &Link) -> DownloadError {
    DownloadError::Corrupt {
        what: format!(
            "The archive is damaged: “{}” points to a file that is not in it",
            link.path.as_str()
        ),
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
    halves
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}

/// Writes a small file so that it is either whole or not there.
pub(super) fn write_whole(path: &Path, contents: &[u8]) -> Result<(), DownloadError> {
    let refused = |source| DownloadError::from_write(path, source);
    let mut file = fs::File::create_new(path).map_err(refused)?;
    file.write_all(contents).map_err(refused)?;
    file.sync_all().map_err(refused)?;
    if let Some(folder) = path.parent() {
        place::sync_folder(folder);
    }
    Ok(())
}
