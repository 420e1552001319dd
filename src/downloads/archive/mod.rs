//! Reads archives from front to back, verifying every byte on the way: names, lengths, checksums.
//!
//! Only the bytes themselves are trusted: servers call a tar.gz `application/zip`.

mod central_directory;
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
use crate::disk::{NameSet, Placement, SafePath, too_many};

pub(super) use self::{
    tar_gz::{walk_tar, walk_tar_gz},
    zip_file::{walk_zip, zip_totals},
};

/// More members than any target has: 8,000 experiments with 25 files each.
const MAX_MEMBERS: usize = 200_000;
/// Structures and maps expand three to ten times; more is likely a decompression bomb.
const MAX_RATIO: u64 = 200;
/// Size of the chunks in which contents are passed on.
const CHUNK: usize = 256 * 1024;
/// How a reader reports more data than is plausible for an archive; [`from_read`] turns it into an error.
const LIMIT_EXCEEDED: io::ErrorKind = io::ErrorKind::FileTooLarge;
/// Allowance for constant maps, which expand a thousand times. It is so large that it makes no difference how much of
/// an archive has been read ahead.
const RATIO_SLACK: u64 = 1 << 30;

/// A link inside an archive, to another member of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) path: SafePath,
    pub(super) target: SafePath,
}

/// What was found in an archive.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) files: usize,
    pub(in crate::downloads) bytes: u64,
    pub(super) links: Vec<Link>,
    /// Members whose name was taken, each with the name that it was given instead.
    pub(super) repeats: Vec<Repeat>,
}

/// A member whose name was taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Repeat {
    pub(super) name: SafePath,
    pub(super) placed_as: SafePath,
    /// Whether the other member has exactly the same name; otherwise only some systems treat the two as one.
    pub(super) is_same_name: bool,
}

/// Called for each file with its name and contents.
pub(super) type OnFile<'a> = dyn FnMut(&SafePath, &mut dyn Read) -> Result<u64, DownloadError> + 'a;

/// Names, counts and limits for both formats.
struct Walk<'a> {
    names: NameSet,
    walked: Walked,
    /// Members so far, including those that are not files.
    members: usize,
    /// Bytes of the archive that have been read: all, for a zip.
    read: &'a Cell<u64>,
    cancelled: &'a AtomicBool,
}

/// A file's contents, read only up to what is plausible for the archive.
struct Limited<'a> {
    contents: &'a mut dyn Read,
    /// Unpacked bytes of the whole archive so far.
    unpacked: u64,
    read: &'a Cell<u64>,
}

/// Returns the largest plausible number of bytes in an archive of this length.
pub(super) fn max_unpacked(archive: u64) -> u64 {
    archive
        .saturating_mul(MAX_RATIO)
        .saturating_add(RATIO_SLACK)
}

impl Read for Limited<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.contents.read(buffer)?;
        self.unpacked = self.unpacked.saturating_add(count as u64);
        if self.unpacked > max_unpacked(self.read.get()) {
            return Err(io::Error::from(LIMIT_EXCEEDED));
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
        let mut honest = Limited {
            contents,
            unpacked: self.walked.bytes,
            read: self.read,
        };
        self.walked.bytes += on_file(path, &mut honest)?;
        Ok(())
    }

    /// Counts a member of the archive, even if it is only a folder.
    fn member(&mut self) -> Result<(), DownloadError> {
        self.members += 1;
        if self.members > 2 * MAX_MEMBERS {
            return Err(too_many().into());
        }
        Ok(())
    }

    /// Counts a file or link, and finds a name for it.
    fn count(&mut self, path: &SafePath) -> Result<SafePath, DownloadError> {
        self.walked.files += 1;
        if self.walked.files > MAX_MEMBERS {
            return Err(too_many().into());
        }
        let (placed_as, is_same_name) = match self.names.place(path)? {
            Placement::Own => return Ok(path.clone()),
            Placement::Repeat(other) => (other, true),
            Placement::Renamed(other) => (other, false),
        };
        self.walked.repeats.push(Repeat {
            name: path.clone(),
            placed_as: placed_as.clone(),
            is_same_name,
        });
        Ok(placed_as)
    }
}

/// Reads to the end and passes each chunk on. Distinguishes damage to the archive from errors of the disk.
pub(super) fn drain(
    contents: &mut dyn Read,
    mut on_piece: impl FnMut(&[u8]) -> Result<(), DownloadError>,
) -> Result<u64, DownloadError> {
    let mut buffer = vec![0; CHUNK];
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
        LIMIT_EXCEEDED => implausible_size(),
        io::ErrorKind::Unsupported => other_compression(),
        _ => DownloadError::Corrupt {
            what: "The archive is damaged: a checksum does not match".to_owned(),
        },
    }
}

/// Returns the error for a compression method that no Fragalysis server uses.
fn other_compression() -> DownloadError {
    DownloadError::Unsupported {
        what: "its files use a compression method that this program does not support".to_owned(),
    }
}

/// Returns the error for an archive with an implausible amount of data.
pub(super) fn implausible_size() -> DownloadError {
    DownloadError::Unsafe {
        what: "an implausible amount of data for such an archive".to_owned(),
    }
}
