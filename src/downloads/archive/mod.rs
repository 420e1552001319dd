//! Reads archives from front to back, proving every byte on the way: names, lengths, checksums.
//!
//! Nothing is believed but the bytes themselves: servers call a tar.gz `application/zip`.

mod directory;
mod tar_gz;
#[cfg(test)]
mod tests;
pub(super) mod unpack;
mod zip_file;

use std::{
    cell::Cell,
    io::{self, Read},
    sync::atomic::{AtomicBool, Ordering},
};

use super::DownloadError;
use crate::disk::{NameSet, Place, SafePath, too_many};

pub(super) use self::{
    tar_gz::{walk_tar, walk_tar_gz},
    zip_file::{walk_zip, zip_totals},
};

/// More members than any target has: 8,000 experiments with 25 files each.
const MAX_MEMBERS: usize = 200_000;
/// Structures and maps become three to ten times larger; more is meant to fill the disk.
const MAX_RATIO: u64 = 200;
/// Length of the pieces in which contents are handed on.
const PIECE: usize = 256 * 1024;
/// How a reader says that more comes than an archive can honestly hold; [`from_read`] makes words of it.
const TOO_MUCH: io::ErrorKind = io::ErrorKind::FileTooLarge;
/// Allowance for maps of nothing but one number, which become a thousand times larger. It is so large that it
/// makes no difference how much of an archive has been read ahead.
const RATIO_SLACK: u64 = 1 << 30;

/// A link inside an archive, to another member of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) path: SafePath,
    pub(super) target: SafePath,
}

/// What was seen on the way through.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) files: usize,
    pub(in crate::downloads) bytes: u64,
    pub(super) links: Vec<Link>,
    /// Members whose name was taken, each with the name that it got instead.
    pub(super) repeats: Vec<Repeat>,
}

/// A member whose name was taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Repeat {
    pub(super) name: SafePath,
    pub(super) placed_as: SafePath,
    /// Whether the other one has the very same name; else some systems take the two for one.
    pub(super) is_same_name: bool,
}

/// Called for each file with its name and contents.
pub(super) type OnFile<'a> = dyn FnMut(&SafePath, &mut dyn Read) -> Result<u64, DownloadError> + 'a;

/// Names, counts and limits that hold for both formats.
struct Walk<'a> {
    names: NameSet,
    walked: Walked,
    /// Members so far, with those that become no file.
    members: usize,
    /// Bytes of the archive that have been read: all, for a zip.
    read: &'a Cell<u64>,
    cancelled: &'a AtomicBool,
}

/// A file's contents, read only as far as the archive can honestly hold.
struct Honest<'a> {
    contents: &'a mut dyn Read,
    /// Unpacked bytes of the whole archive so far.
    unpacked: u64,
    read: &'a Cell<u64>,
}

/// The most bytes that an archive of this length can honestly hold.
pub(super) fn most_of(archive: u64) -> u64 {
    archive
        .saturating_mul(MAX_RATIO)
        .saturating_add(RATIO_SLACK)
}

impl Read for Honest<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.contents.read(buffer)?;
        self.unpacked = self.unpacked.saturating_add(count as u64);
        if self.unpacked > most_of(self.read.get()) {
            return Err(io::Error::from(TOO_MUCH));
        }
        Ok(count)
    }
}

impl<'a> Walk<'a> {
    fn new(read: &'a Cell<u64>, cancelled: &'a AtomicBool) -> Self {
        Self {
            names: NameSet::default(),
            walked: Walked::default(),
            members: 0,
            read,
            cancelled,
        }
    }

    fn file(
        &mut self,
        path: &SafePath,
        contents: &mut dyn Read,
        on_file: &mut OnFile<'_>,
    ) -> Result<(), DownloadError> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(DownloadError::Cancelled);
        }
        let path = &self.count(path)?;
        let mut honest = Honest {
            contents,
            unpacked: self.walked.bytes,
            read: self.read,
        };
        self.walked.bytes += on_file(path, &mut honest)?;
        Ok(())
    }

    /// Notes that an archive has one more member, be it only a folder.
    fn member(&mut self) -> Result<(), DownloadError> {
        self.members += 1;
        if self.members > 2 * MAX_MEMBERS {
            return Err(too_many().into());
        }
        Ok(())
    }

    /// Notes a file or link, and finds the place where it goes.
    fn count(&mut self, path: &SafePath) -> Result<SafePath, DownloadError> {
        self.walked.files += 1;
        if self.walked.files > MAX_MEMBERS {
            return Err(too_many().into());
        }
        let (placed_as, is_same_name) = match self.names.place(path)? {
            Place::Own => return Ok(path.clone()),
            Place::Repeat(other) => (other, true),
            Place::Alike(other) => (other, false),
        };
        self.walked.repeats.push(Repeat {
            name: path.clone(),
            placed_as: placed_as.clone(),
            is_same_name,
        });
        Ok(placed_as)
    }
}

/// Reads to the end and hands each piece on. Separates damage to the archive from trouble with the disk.
pub(super) fn drain(
    contents: &mut dyn Read,
    mut on_piece: impl FnMut(&[u8]) -> Result<(), DownloadError>,
) -> Result<u64, DownloadError> {
    let mut buffer = vec![0; PIECE];
    let mut bytes = 0;
    loop {
        let count = match contents.read(&mut buffer) {
            Ok(0) => return Ok(bytes),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(from_read(error)),
        };
        on_piece(buffer.get(..count).unwrap_or_default())?;
        bytes += count as u64;
    }
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn from_read(error: io::Error) -> DownloadError {
    tracing::debug!(%error, "an archive could not be read");
    match error.kind() {
        io::ErrorKind::UnexpectedEof => DownloadError::CutShort,
        TOO_MUCH => too_much(),
        io::ErrorKind::Unsupported => other_compression(),
        _ => DownloadError::Corrupt {
            what: "The archive is damaged: a checksum does not match".to_owned(),
        },
    }
}

/// Says that files are packed in a way that no server of Fragalysis uses.
fn other_compression() -> DownloadError {
    DownloadError::Unsupported {
        what: "its files are packed by a compression that this program does not know".to_owned(),
    }
}

/// Says that an archive holds more than it honestly can.
pub(super) fn too_much() -> DownloadError {
    DownloadError::Unsafe {
        what: "far more data than such an archive can honestly hold".to_owned(),
    }
}
