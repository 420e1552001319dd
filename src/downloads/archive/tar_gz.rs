//! Reads a tar.gz as it arrives.

use std::{
    borrow::Cow,
    cell::Cell,
    io::{self, BufRead, BufReader, Read},
    sync::atomic::AtomicBool,
};

use flate2::bufread::GzDecoder;

use super::{DownloadError, LIMIT_EXCEEDED, Link, OnFile, Walk, Walked, from_read};
use crate::disk::SafePath;

/// A tar consists of blocks of this length.
const BLOCK: u64 = 512;
/// Bytes that may be between the contents of two files, and after the last one. Long names are there, and the tar
/// reader keeps them in memory.
const BETWEEN: u64 = 1 << 20;

/// Padding that may follow the last file: tapes were filled up to a whole block, however large those are.
const PADDING: u64 = 64 << 20;

/// The magic bytes of gzip.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// The magic bytes of zip.
const ZIP: &[u8] = b"PK\x03\x04";
/// How many times an archive may be compressed: a proxy adds a second layer, and a second proxy a third one.
const MAX_LAYERS: usize = 3;

/// Unpacks one gzip member after the other. Zeros after the last one are padding, as `gzip` itself treats them; any
/// other bytes are damage.
struct Gunzip<R> {
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Gunzip<R> {
    fn new(stream: R) -> Self {
        Self {
            member: Some(GzDecoder::new(stream)),
        }
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(member) = &mut self.member else {
                return Ok(0);
            };
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let Some(ended) = self.member.take() else {
                return Ok(0);
            };
            let mut rest = ended.into_inner();
            if has_more(&mut rest)? {
                self.member = Some(GzDecoder::new(rest));
            }
        }
    }
}

/// Skips padding. Returns `true` if anything follows it.
fn has_more(stream: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let bytes = stream.fill_buf()?;
        if bytes.is_empty() {
            return Ok(false);
        }
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        if zeros < bytes.len() {
            stream.consume(zeros);
            return Ok(true);
        }
        stream.consume(zeros);
    }
}

/// Counts the bytes read, and stops at a limit.
struct Counted<'a, R> {
    inner: R,
    bytes: u64,
    /// The number of bytes at which it stops.
    limit: &'a Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bytes > self.limit.get() {
            return Err(io::Error::from(LIMIT_EXCEEDED));
        }
        let count = self.inner.read(buffer)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

/// Reads a tar.gz as it arrives. `read` returns how many of its bytes have arrived so far.
pub(crate) fn walk_tar_gz(
    stream: impl BufRead,
    read: &Cell<u64>,
    cancelled: &AtomicBool,
    on_file: &mut OnFile<'_>,
) -> Result<Walked, DownloadError> {
    let mut inner: Box<dyn BufRead + '_> = Box::new(BufReader::new(Gunzip::new(stream)));
    for _ in 1..MAX_LAYERS {
        if !inner.fill_buf().map_err(from_read)?.starts_with(GZIP) {
            break;
        }
        inner = Box::new(BufReader::new(Gunzip::new(inner)));
    }
    let first = inner.fill_buf().map_err(from_read)?;
    let what = match first {
        first if first.starts_with(GZIP) => "it is compressed several times over",
        first if first.starts_with(ZIP) => "it is a zip inside a gzip",
        _ => return walk_tar(inner, read, cancelled, on_file),
    };
    Err(DownloadError::Unsupported {
        what: what.to_owned(),
    })
}

/// Reads a tar as it arrives. `read` returns how many bytes of the archive have arrived so far.
pub(crate) fn walk_tar(
    inner: impl Read,
    read: &Cell<u64>,
    cancelled: &AtomicBool,
    on_file: &mut OnFile<'_>,
) -> Result<Walked, DownloadError> {
    let mut walk = Walk::new(read, cancelled);
    let limit = Cell::new(BETWEEN);
    let unzipped = Counted {
        inner,
        bytes: 0,
        limit: &limit,
    };
    let mut tar = tar::Archive::new(unzipped);
    let mut end = 0;
    for member in tar.entries().map_err(from_read)? {
        let mut member = member.map_err(from_read)?;
        end = end_of(&member);
        limit.set(u64::MAX);
        walk.tar_member(&mut member, on_file)?;
        limit.set(end.saturating_add(BETWEEN));
    }
    // The checksum of the whole archive comes after the last member.
    let mut rest = tar.into_inner();
    limit.set(end.saturating_add(PADDING));
    io::copy(&mut rest, &mut io::sink()).map_err(from_read)?;
    // A tar that was truncated between two members looks complete except for the empty blocks at its end. There should
    // be two; some programs write only one.
    if rest.bytes < end.saturating_add(BLOCK) {
        return Err(DownloadError::CutShort);
    }
    Ok(walk.walked)
}

/// Returns where the next member begins.
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

impl Walk<'_> {
    fn tar_member<R: Read>(
        &mut self,
        member: &mut tar::Entry<'_, R>,
        on_file: &mut OnFile<'_>,
    ) -> Result<(), DownloadError> {
        self.member()?;
        let raw = member.path_bytes();
        let name = text_of(&raw);
        let Some(path) = SafePath::parse(name.as_bytes())? else {
            return Ok(());
        };
        drop(raw);
        let kind = member.header().entry_type();
        if kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() {
            // Only here: the extensions of a global header are its contents, which may be of any length.
            if let Some(name) = sparse_name(member, &path)? {
                return Err(DownloadError::Unsupported {
                    what: format!("“{name}” is packed as a sparse file"),
                });
            }
            self.file(&path, member, on_file)
        } else if kind.is_symlink() || kind.is_hard_link() {
            let target = member.link_name_bytes().unwrap_or_default();
            let link = link(path, &target, kind.is_symlink())?;
            let path = self.count(&link.path)?;
            self.walked.links.push(Link { path, ..link });
            Ok(())
        } else if kind.is_dir() || kind.is_pax_global_extensions() {
            Ok(())
        } else {
            Err(DownloadError::Unsafe {
                what: format!("a device or pipe (“{}”)", path.as_str()),
            })
        }
    }
}

/// Names are UTF-8; older programs wrote them in a single-byte encoding.
fn text_of(raw: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(raw) {
        Ok(text) => Cow::Borrowed(text),
        Err(_not_utf8) => raw.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// Returns the name of a file with holes. Newer programs describe them in extended headers, and put a map of the holes
/// before the contents: the data there is not the file. The tar crate knows only the older form.
fn sparse_name<R: Read>(
    member: &mut tar::Entry<'_, R>,
    path: &SafePath,
) -> Result<Option<String>, DownloadError> {
    let Some(extensions) = member.pax_extensions().map_err(from_read)? else {
        return Ok(None);
    };
    let mut found = None;
    for extension in extensions.filter_map(Result::ok) {
        match extension.key_bytes() {
            // The member itself is named after the program that wrote it.
            b"GNU.sparse.name" => {
                let name = text_of(extension.value_bytes());
                found = SafePath::parse(name.as_bytes())?.map(|name| name.as_str().to_owned());
            }
            key if key.starts_with(b"GNU.sparse.") => {
                found = found.or_else(|| Some(path.as_str().to_owned()));
            }
            _ => {}
        }
    }
    Ok(found)
}

/// Returns a link to another member. A symbolic link is relative to its own folder, a hard link to the root.
fn link(path: SafePath, target: &[u8], is_symbolic: bool) -> Result<Link, DownloadError> {
    let outside = || DownloadError::Unsafe {
        what: format!("a link that leads out of the folder (“{}”)", path.as_str()),
    };
    let target = &*text_of(target);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_inside_are_resolved_and_links_out_are_refused() {
        let path = || SafePath::parse(b"a/b/c").unwrap().unwrap();
        assert_eq!(link(path(), b"../d", true).unwrap().target.as_str(), "a/d");
        assert_eq!(link(path(), b"x/y", false).unwrap().target.as_str(), "x/y");
        // In the single-byte encoding of older programs, as names are.
        let latin = link(path(), b"\xe9", true).unwrap();
        assert_eq!(latin.target.as_str(), "a/b/é");
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
}
