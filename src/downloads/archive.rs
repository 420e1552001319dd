//! Reads archives from front to back, proving every byte on the way: names, lengths, checksums.
//!
//! Nothing is believed but the bytes themselves: servers call a tar.gz `application/zip`.

use std::{
    cell::Cell,
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek as _, SeekFrom},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use serde::{Deserialize, Serialize};

use super::{
    DownloadError,
    safe_path::{NameSet, SafePath},
};

/// What an archive is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    Zip,
    TarGz,
}

/// More members than any target has.
const MAX_MEMBERS: usize = 2_000_000;
/// Deflate cannot do better than about 1032 to 1; more can only be a trick with overlapping members.
const MAX_RATIO: u64 = 1100;
/// A tar is made of blocks of this length.
const BLOCK: u64 = 512;
/// Length of the pieces in which contents are handed on.
const PIECE: usize = 256 * 1024;
/// Allowance for small archives.
const RATIO_SLACK: u64 = 1 << 20;

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
    pub(super) bytes: u64,
    pub(super) links: Vec<Link>,
}

/// Called for each file with its name and contents.
pub(super) type OnFile<'a> = dyn FnMut(&SafePath, &mut dyn Read) -> Result<u64, DownloadError> + 'a;

/// Names, counts and limits that hold for both formats.
struct Walk<'a> {
    names: NameSet,
    walked: Walked,
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
    is_too_much: bool,
}

impl Read for Honest<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.contents.read(buffer)?;
        self.unpacked = self.unpacked.saturating_add(count as u64);
        let limit = self.read.get().saturating_mul(MAX_RATIO) + RATIO_SLACK;
        if self.unpacked > limit {
            self.is_too_much = true;
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(count)
    }
}

/// Counts what is read through it.
struct Counted<R> {
    inner: R,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

impl Format {
    /// Tells the format by the first bytes; a web page instead of an archive is the classic failure.
    pub(super) fn sniff(first: &[u8]) -> Result<Self, DownloadError> {
        if first.starts_with(b"PK\x03\x04") || first.starts_with(b"PK\x05\x06") {
            return Ok(Self::Zip);
        }
        if first.starts_with(&[0x1f, 0x8b]) {
            return Ok(Self::TarGz);
        }
        let is_page = first.trim_ascii_start().starts_with(b"<");
        let what = if is_page {
            "A web page came instead of the archive"
        } else {
            "What came is no archive that this program knows"
        };
        Err(DownloadError::Corrupt {
            what: what.to_owned(),
        })
    }

    /// The ending of the archive's name.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Zip => ".zip",
            Self::TarGz => ".tar.gz",
        }
    }
}

/// Goes through the zip at `path`. Every file is read to its end, so that its checksum is proven.
pub(super) fn walk_zip(
    path: &Path,
    cancelled: &AtomicBool,
    on_file: &mut OnFile<'_>,
) -> Result<Walked, DownloadError> {
    let refused = |source| DownloadError::from_write(path, source);
    let file = File::open(path).map_err(refused)?;
    let length = Cell::new(file.metadata().map_err(refused)?.len());
    let mut walk = Walk::new(&length, cancelled);
    let mut names = File::open(path).map_err(refused)?;
    let mut zip = zip::ZipArchive::new(BufReader::new(file)).map_err(from_zip)?;
    for index in 0..zip.len() {
        let mut member = zip.by_index(index).map_err(from_zip)?;
        let name = name_in_front(&mut names, member.header_start()).map_err(from_read)?;
        if name != member.name_raw() {
            return Err(DownloadError::Corrupt {
                what: "The archive is damaged: a file has two names".to_owned(),
            });
        }
        let Some(path) = SafePath::parse(member.name_raw())? else {
            continue;
        };
        if member.is_dir() {
            continue;
        }
        if member.is_symlink() {
            return Err(DownloadError::Unsafe {
                what: format!("a link (“{}”)", path.as_str()),
            });
        }
        walk.file(&path, &mut member, on_file)?;
    }
    Ok(walk.walked)
}

/// The name that stands in front of a file's bytes in a zip. Names have no checksum, but each stands there
/// twice, here and in the list at the end; a flipped bit in one of them shows only by comparing.
fn name_in_front(zip: &mut File, header: u64) -> io::Result<Vec<u8>> {
    // The head of a file: 26 bytes of other things, the lengths of the name and of the extra field.
    let mut head = [0; 30];
    zip.seek(SeekFrom::Start(header))?;
    zip.read_exact(&mut head)?;
    let mut name = vec![0; usize::from(u16::from_le_bytes([head[26], head[27]]))];
    zip.read_exact(&mut name)?;
    Ok(name)
}

/// How many files a zip lists, and their length together. Only a help: nothing is proven by it.
pub(super) fn zip_totals(path: &Path) -> Result<(usize, u64), DownloadError> {
    let file = File::open(path).map_err(|source| DownloadError::from_write(path, source))?;
    let mut zip = zip::ZipArchive::new(BufReader::new(file)).map_err(from_zip)?;
    let bytes = (0..zip.len()).try_fold(0_u64, |bytes, index| {
        let member = zip.by_index_raw(index).map_err(from_zip)?;
        Ok::<_, DownloadError>(bytes.saturating_add(member.size()))
    })?;
    Ok((zip.len(), bytes))
}

/// Goes through a tar.gz as it comes. `read` says how many of its bytes have come so far.
pub(super) fn walk_tar_gz(
    stream: impl BufRead,
    read: &Cell<u64>,
    cancelled: &AtomicBool,
    on_file: &mut OnFile<'_>,
) -> Result<Walked, DownloadError> {
    let mut walk = Walk::new(read, cancelled);
    let unzipped = Counted {
        inner: flate2::bufread::MultiGzDecoder::new(stream),
        bytes: 0,
    };
    let mut tar = tar::Archive::new(unzipped);
    let mut end = 0;
    for member in tar.entries().map_err(from_read)? {
        let mut member = member.map_err(from_read)?;
        end = end_of(&member);
        walk.tar_member(&mut member, on_file)?;
    }
    // The checksum of the whole stands behind the last member.
    let mut rest = tar.into_inner();
    io::copy(&mut rest, &mut io::sink()).map_err(from_read)?;
    // A tar that was cut between two members looks whole but for the two empty blocks at its end.
    if rest.bytes < end.saturating_add(2 * BLOCK) {
        return Err(DownloadError::CutShort);
    }
    Ok(walk.walked)
}

/// Where the next member begins.
fn end_of<R: Read>(member: &tar::Entry<'_, R>) -> u64 {
    let header = member.header();
    let stored = if header.entry_type().is_gnu_sparse() {
        header.entry_size().unwrap_or_default()
    } else {
        member.size()
    };
    let blocks = stored.div_ceil(BLOCK).saturating_mul(BLOCK);
    member.raw_file_position().saturating_add(blocks)
}

impl<'a> Walk<'a> {
    fn new(read: &'a Cell<u64>, cancelled: &'a AtomicBool) -> Self {
        Self {
            names: NameSet::default(),
            walked: Walked::default(),
            read,
            cancelled,
        }
    }

    fn tar_member<R: Read>(
        &mut self,
        member: &mut tar::Entry<'_, R>,
        on_file: &mut OnFile<'_>,
    ) -> Result<(), DownloadError> {
        let Some(path) = SafePath::parse(&member.path_bytes())? else {
            return Ok(());
        };
        let kind = member.header().entry_type();
        if kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() {
            self.file(&path, member, on_file)
        } else if kind.is_symlink() || kind.is_hard_link() {
            let target = member.link_name_bytes().unwrap_or_default();
            let link = link(path, &target, kind.is_symlink())?;
            self.names.add(&link.path)?;
            self.walked.links.push(link);
            Ok(())
        } else if kind.is_dir() {
            Ok(())
        } else {
            Err(DownloadError::Unsafe {
                what: format!("a device or pipe (“{}”)", path.as_str()),
            })
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
        self.names.add(path)?;
        let mut honest = Honest {
            contents,
            unpacked: self.walked.bytes,
            read: self.read,
            is_too_much: false,
        };
        let written = on_file(path, &mut honest);
        if honest.is_too_much || self.walked.files >= MAX_MEMBERS {
            return Err(DownloadError::Unsafe {
                what: "far more data than such an archive can honestly hold".to_owned(),
            });
        }
        self.walked.bytes += written?;
        self.walked.files += 1;
        Ok(())
    }
}

/// A link to another member. A symbolic one is relative to its own folder, a hard one to the root.
fn link(path: SafePath, target: &[u8], is_symbolic: bool) -> Result<Link, DownloadError> {
    let outside = || DownloadError::Unsafe {
        what: format!("a link that leads out of the folder (“{}”)", path.as_str()),
    };
    let target = std::str::from_utf8(target).ok().ok_or_else(outside)?;
    if target.starts_with(['/', '\\']) {
        return Err(outside());
    }
    let folder = path
        .as_str()
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    let start = if is_symbolic { folder } else { "" };
    let mut parts: Vec<&str> = start.split('/').filter(|part| !part.is_empty()).collect();
    for part in target
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
    {
        if part == ".." {
            parts.pop().ok_or_else(outside)?;
        } else {
            parts.push(part);
        }
    }
    let target = SafePath::parse(parts.join("/").as_bytes())?.ok_or_else(outside)?;
    Ok(Link { path, target })
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
    if error.kind() == io::ErrorKind::UnexpectedEof {
        DownloadError::CutShort
    } else {
        DownloadError::Corrupt {
            what: "The archive is damaged: a checksum does not fit".to_owned(),
        }
    }
}

fn from_zip(error: zip::result::ZipError) -> DownloadError {
    match error {
        zip::result::ZipError::Io(error) => from_read(error),
        error => {
            tracing::debug!(%error, "an archive could not be read");
            DownloadError::Corrupt {
                what: "The archive is damaged or cut short: its list of files cannot be read"
                    .to_owned(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_inside_are_resolved_and_links_out_are_refused() {
        let path = || SafePath::parse(b"a/b/c").unwrap().unwrap();
        assert_eq!(link(path(), b"../d", true).unwrap().target.as_str(), "a/d");
        assert_eq!(link(path(), b"x/y", false).unwrap().target.as_str(), "x/y");
        for target in [
            "../../../etc/passwd",
            "/etc/passwd",
            "..\\..\\x",
            "C:\\x",
            "",
        ] {
            assert!(
                link(
                    SafePath::parse(b"l").unwrap().unwrap(),
                    target.as_bytes(),
                    true
                )
                .is_err(),
                "{target}"
            );
        }
    }

    #[test]
    fn only_the_first_bytes_tell_what_it_is() {
        assert_eq!(Format::sniff(b"PK\x03\x04...").unwrap(), Format::Zip);
        assert_eq!(Format::sniff(&[0x1f, 0x8b, 8]).unwrap(), Format::TarGz);
        let page = Format::sniff(b"\n<!doctype html>").unwrap_err();
        assert!(page.to_string().contains("web page"), "{page}");
        assert!(Format::sniff(b"{}").is_err());
        assert!(Format::sniff(b"").is_err());
    }

    /// Names and contents of all files, or why there are none.
    fn files_of(path: &Path) -> Result<Vec<(String, Vec<u8>)>, DownloadError> {
        let mut files = Vec::new();
        walk_zip(path, &AtomicBool::new(false), &mut |name, contents| {
            let mut bytes = Vec::new();
            let length = contents.read_to_end(&mut bytes).map_err(from_read)?;
            files.push((name.as_str().to_owned(), bytes));
            Ok(length as u64)
        })?;
        Ok(files)
    }

    #[test]
    fn no_single_flipped_bit_of_a_zip_changes_a_name_or_a_byte() {
        use std::io::Write as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zip");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        for (name, text) in [
            ("p0011a/p0011a.sdf", "ligand"),
            ("metadata.csv", "a,b"),
            ("c", ""),
        ] {
            zip.start_file(name, zip::write::SimpleFileOptions::default())
                .unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        let whole = std::fs::read(&path).unwrap();
        let meant = files_of(&path).unwrap();
        assert_eq!(meant.len(), 3);
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(&path, &flipped).unwrap();
            if let Ok(files) = files_of(&path) {
                assert_eq!(files, meant, "bit {bit} of byte {}", bit / 8);
            }
        }
    }
}
