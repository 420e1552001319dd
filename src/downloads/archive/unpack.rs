//! Writes the files of an archive into a hidden folder while their checksums are verified. The folder gets its name
//! only when every file is there.

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use sha2::{Digest as _, Sha256};

use super::{Link, Repeat, Walked};
use crate::{
    dataset::{ERRORS, FileRecord, METADATA, MemberInspector, Tables},
    disk::{SafePath, sync_file},
    downloads::{DownloadError, archive},
    model::byte_text,
};

/// Largest table that is kept in memory for the report: ten times that of any target.
const MAX_TABLE: usize = 16 << 20;

/// Receives the files of one archive.
pub(in crate::downloads) struct Unpacker<'a> {
    /// Where they are written; `None` means that they are only checked.
    folder: Option<&'a Path>,
    records: Vec<FileRecord>,
    tables: Tables,
    made: HashSet<PathBuf>,
    on_file: &'a dyn Fn(usize),
}

impl<'a> Unpacker<'a> {
    pub(in crate::downloads) fn new(folder: Option<&'a Path>, on_file: &'a dyn Fn(usize)) -> Self {
        Self {
            folder,
            records: Vec::new(),
            tables: Tables::default(),
            made: HashSet::new(),
            on_file,
        }
    }

    /// Receives one file. Returns its length.
    pub(in crate::downloads) fn take(
        &mut self,
        name: &SafePath,
        contents: &mut dyn io::Read,
    ) -> Result<u64, DownloadError> {
        let is_table = matches!(name.as_str(), ERRORS | METADATA);
        let (mut table, mut hasher) = (Vec::new(), Sha256::new());
        let mut look = MemberInspector::new(name.as_str());
        let mut file = self.create(name)?;
        let bytes = archive::drain(contents, |piece| {
            hasher.update(piece);
            look.feed(piece);
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
            sync_file(&file).map_err(|source| DownloadError::from_write(&path, source))?;
        }
        let table = is_table.then(|| text_of(table));
        match name.as_str() {
            ERRORS => self.tables.errors = table,
            METADATA => self.tables.metadata = table,
            _ => {}
        }
        self.note(&mut look, name);
        self.records.push(FileRecord {
            path: name.as_str().to_owned(),
            bytes,
            sha256: hex::encode(hasher.finalize()),
        });
        (self.on_file)(self.records.len());
        Ok(bytes)
    }

    /// Records what was found in a member.
    fn note(&mut self, look: &mut MemberInspector<'_>, name: &SafePath) {
        if look.has_type_mismatch() {
            self.tables.unlike.push(name.as_str().to_owned());
        }
        if let Some(combined) = look.combined() {
            self.tables.combined = Some(combined);
        }
        if let Some(order) = look.order() {
            self.tables.order = Some(order);
        }
    }

    /// Replaces every link by a copy of its target: links do not survive copying to other systems. `most` limits the
    /// bytes of all files together.
    pub(in crate::downloads) fn finish(
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
        // A link may lead to another link later in the archive.
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
                    return Err(archive::implausible_size());
                }
                if cancelled.load(Ordering::Relaxed) {
                    return Err(DownloadError::Cancelled);
                }
                let copy = self.repeat(&link, target)?;
                known.insert(copy.path.clone(), copy);
            }
            if later.len() == before {
                // Their targets are not in the archive: only these links are left out.
                let names = later.iter().map(|link| link.path.as_str().to_owned());
                self.tables.dangling.extend(names);
                break;
            }
            open = later;
        }
        self.settle_repeats(walked.repeats)?;
        self.records.sort_by(|a, b| a.path.cmp(&b.path));
        Ok((self.records, self.tables))
    }

    /// Of two members with the same name, the second is dropped if the contents are equal; otherwise both stay, and
    /// are reported.
    fn settle_repeats(&mut self, repeats: Vec<Repeat>) -> Result<(), DownloadError> {
        let mut at: HashMap<String, usize> = HashMap::new();
        for (index, record) in self.records.iter().enumerate() {
            at.insert(record.path.clone(), index);
        }
        let mut gone = HashSet::new();
        for repeat in repeats {
            if !repeat.is_same_name {
                // Equal on some systems only: both stay.
                self.tables
                    .doubled
                    .push(repeat.placed_as.as_str().to_owned());
                continue;
            }
            let (Some(first), Some(second)) = (
                at.get(repeat.name.as_str())
                    .and_then(|at| self.records.get(*at)),
                at.get(repeat.placed_as.as_str())
                    .and_then(|at| self.records.get(*at)),
            ) else {
                // A link without a target.
                continue;
            };
            if first.sha256 != second.sha256 {
                self.tables.doubled.push(second.path.clone());
                continue;
            }
            if let Some(folder) = self.folder {
                let path = folder.join(repeat.placed_as.to_path());
                fs::remove_file(&path)
                    .map_err(|source| DownloadError::from_write(&path, source))?;
            }
            gone.insert(second.path.clone());
        }
        self.records.retain(|record| !gone.contains(&record.path));
        Ok(())
    }

    /// Copies the target of a link to the name of the link.
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

/// Without a copy if it is UTF-8 already: tables can be large.
fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
