//! Writes the files of an archive into a hidden folder while their checksums are proven. The folder gets its
//! name only when every file is there.

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    DownloadError,
    archive::{self, Link, Walked},
    place,
    safe_path::SafePath,
};
use crate::model::byte_text;

pub(super) const ERRORS: &str = "errors.csv";
pub(super) const METADATA: &str = "metadata.csv";
/// Largest table that is kept in memory for the report: ten times that of any target.
const MAX_TABLE: usize = 16 << 20;

/// The two tables of an archive that say what is in it, where they are there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tables {
    /// What the server lacks.
    pub(super) errors: Option<String>,
    /// All observations of the target.
    pub(super) metadata: Option<String>,
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

/// Takes the files of one archive.
pub(super) struct Unpacker<'a> {
    /// Where they are written; nothing means that they are only checked.
    folder: Option<&'a Path>,
    records: Vec<FileRecord>,
    tables: Tables,
    made: HashSet<PathBuf>,
    on_file: &'a dyn Fn(usize),
}

impl<'a> Unpacker<'a> {
    pub(super) fn new(folder: Option<&'a Path>, on_file: &'a dyn Fn(usize)) -> Self {
        Self {
            folder,
            records: Vec::new(),
            tables: Tables::default(),
            made: HashSet::new(),
            on_file,
        }
    }

    /// Takes one file. Gives back its length.
    pub(super) fn take(
        &mut self,
        name: &SafePath,
        contents: &mut dyn io::Read,
    ) -> Result<u64, DownloadError> {
        let is_table = matches!(name.as_str(), ERRORS | METADATA);
        let (mut table, mut hasher) = (Vec::new(), Sha256::new());
        let mut file = self.create(name)?;
        let bytes = archive::drain(contents, |piece| {
            hasher.update(piece);
            if is_table {
                if table.len() + piece.len() > MAX_TABLE {
                    return Err(too_large(name));
                }
                table.extend_from_slice(piece);
            }
            match &mut file {
                Some((file, path)) => file
                    .write_all(piece)
                    .map_err(|source| DownloadError::from_write(path, source)),
                None => Ok(()),
            }
        })?;
        if let Some((file, path)) = file {
            sync_now(&file).map_err(|source| DownloadError::from_write(&path, source))?;
        }
        let table = is_table.then(|| text_of(table));
        match name.as_str() {
            ERRORS => self.tables.errors = table,
            METADATA => self.tables.metadata = table,
            _ => {}
        }
        self.records.push(FileRecord {
            path: name.as_str().to_owned(),
            bytes,
            sha256: hex(&hasher.finalize()),
        });
        (self.on_file)(self.records.len());
        Ok(bytes)
    }

    /// Makes a file of its own of every link: links do not survive copying to other systems. `most` bounds
    /// the bytes of all files together.
    pub(super) fn finish(
        mut self,
        walked: Walked,
        most: u64,
        cancelled: &AtomicBool,
    ) -> Result<(Vec<FileRecord>, Tables), DownloadError> {
        let records = self.records.iter();
        let mut known: HashMap<String, FileRecord> = records
            .map(|record| (record.path.clone(), record.clone()))
            .collect();
        let (mut open, mut bytes) = (walked.links, walked.bytes);
        // A link may lead to a link that comes later.
        while !open.is_empty() {
            let before = open.len();
            let mut later = Vec::new();
            for link in open {
                let Some(target) = known.get(link.target.as_str()) else {
                    later.push(link);
                    continue;
                };
                bytes = bytes.saturating_add(target.bytes);
                if bytes > most {
                    return Err(archive::too_much());
                }
                if cancelled.load(Ordering::Relaxed) {
                    return Err(DownloadError::Cancelled);
                }
                let copy = self.repeat(&link, target)?;
                known.insert(copy.path.clone(), copy);
            }
            if let Some(first) = later.first()
                && later.len() == before
            {
                return Err(dangling(first));
            }
            open = later;
        }
        self.records.sort_by(|a, b| a.path.cmp(&b.path));
        Ok((self.records, self.tables))
    }

    /// The file that a link leads to, once more under the name of the link.
    fn repeat(&mut self, link: &Link, target: &FileRecord) -> Result<FileRecord, DownloadError> {
        if let Some(folder) = self.folder {
            let source = folder.join(link.target.to_path());
            let refused = |error| DownloadError::from_read(&source, error);
            let mut source = fs::File::open(&source).map_err(refused)?;
            self.take(&link.path, &mut source)?;
        } else {
            self.records.push(FileRecord {
                path: link.path.as_str().to_owned(),
                ..target.clone()
            });
        }
        self.records.last().cloned().ok_or(DownloadError::Crashed)
    }

    fn create(&mut self, name: &SafePath) -> Result<Option<(fs::File, PathBuf)>, DownloadError> {
        let Some(folder) = self.folder else {
            return Ok(None);
        };
        let path = folder.join(name.to_path());
        let refused = |source| DownloadError::from_write(&path, source);
        if let Some(parent) = path.parent()
            && !self.made.contains(parent)
        {
            fs::create_dir_all(parent).map_err(refused)?;
            self.made.insert(parent.to_owned());
        }
        let file = fs::File::create_new(&path).map_err(refused)?;
        Ok(Some((file, path)))
    }
}

fn too_large(table: &SafePath) -> DownloadError {
    DownloadError::Unsafe {
        what: format!(
            "a table of more than {} (“{}”)",
            byte_text(MAX_TABLE as u64),
            table.as_str()
        ),
    }
}

fn dangling(link: &Link) -> DownloadError {
    DownloadError::Corrupt {
        what: format!(
            "The archive is damaged: “{}” points to a file that is not in it",
            link.path.as_str()
        ),
    }
}

/// Without a copy where it is text already: tables can be large.
fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Makes one file survive a power cut, where the whole folder cannot be done at once later.
pub(super) fn sync_now(file: &fs::File) -> io::Result<()> {
    if cfg!(target_os = "linux") {
        let _ = file;
        return Ok(());
    }
    file.sync_all()
}

/// Makes everything below a folder survive a power cut.
pub(super) fn sync_tree(folder: &Path) -> Result<(), DownloadError> {
    let refused = |source| DownloadError::from_write(folder, source);
    #[cfg(target_os = "linux")]
    {
        let file = fs::File::open(folder).map_err(refused)?;
        rustix::fs::syncfs(&file).map_err(|error| refused(error.into()))
    }
    #[cfg(not(target_os = "linux"))]
    {
        // The files were made safe one by one; what is left are their names.
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(&next).map_err(refused)? {
                let entry = entry.map_err(refused)?;
                if entry.file_type().map_err(refused)?.is_dir() {
                    folders.push(entry.path());
                }
            }
            place::sync_folder(&next);
        }
        Ok(())
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
    halves
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}

/// Writes a small file so that it is either whole or not there, in place of an earlier one.
pub(super) fn write_whole(path: &Path, contents: &[u8]) -> Result<(), DownloadError> {
    let refused = |source| DownloadError::from_write(path, source);
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut part = tempfile::Builder::new()
        .prefix(".")
        .suffix(".part")
        .tempfile_in(folder)
        .map_err(refused)?;
    part.write_all(contents).map_err(refused)?;
    part.as_file().sync_all().map_err(refused)?;
    part.persist(path)
        .map_err(|error| DownloadError::from_write(path, error.error))?;
    place::sync_folder(folder);
    Ok(())
}
