//! The central directory of a zip, entry by entry. The crate that reads zips keeps one entry of each name, and only
//! as many as the archive says there are; servers of 2024 write two members with the same name (server-api 9), and a
//! wrong count would hide the rest.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek as _, SeekFrom, Take},
};

use flate2::{CrcReader, read::DeflateDecoder};

use super::{DownloadError, MAX_MEMBERS, from_read};
use crate::disk::too_many;

/// The signature of an entry.
const ENTRY: &[u8] = b"PK\x01\x02";
/// Length of an entry without its name and the fields after it.
const HEAD: usize = 46;
/// Bit of the flags that says that the contents are encrypted.
const ENCRYPTED: u16 = 1;
/// Says that a number is in the extra field, because it is too large for its own: from 4 GiB on, in some programs
/// from 2 GiB.
const ELSEWHERE: u64 = 0xFFFF_FFFF;
/// The extra field with such numbers (zip64), in eight bytes each.
const ZIP64: u16 = 1;

/// One file, as the central directory lists it.
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    /// The offset of its local header, in front of its contents.
    pub(super) header: u64,
    method: u16,
    crc: u32,
    packed: u64,
    length: u64,
}

/// Reads the central directory, which begins at `start`.
pub(super) fn entries(file: &mut File, start: u64) -> Result<Vec<Entry>, DownloadError> {
    file.seek(SeekFrom::Start(start)).map_err(from_read)?;
    let mut list = BufReader::new(file);
    let mut entries = Vec::new();
    loop {
        let mut head = [0; HEAD];
        let is_entry = list.read_exact(&mut head).is_ok() && head.starts_with(ENTRY);
        if !is_entry {
            return Ok(entries);
        }
        if entries.len() >= MAX_MEMBERS {
            return Err(too_many().into());
        }
        let short = |at: usize| match head.get(at..at + 2) {
            Some(&[low, high]) => u16::from_le_bytes([low, high]),
            _ => 0,
        };
        let long = |at: usize| u32::from(short(at)) | u32::from(short(at + 2)) << 16;
        if short(8) & ENCRYPTED != 0 {
            return Err(DownloadError::Unsupported {
                what: "its files are encrypted".to_owned(),
            });
        }
        let mut name = vec![0; usize::from(short(28))];
        list.read_exact(&mut name).map_err(from_read)?;
        let mut extra = vec![0; usize::from(short(30))];
        list.read_exact(&mut extra).map_err(from_read)?;
        let comment = u64::from(short(32));
        io::copy(&mut (&mut list).take(comment), &mut io::sink()).map_err(from_read)?;
        // In the order of the extra field.
        let mut numbers = [long(24), long(20), long(42)].map(u64::from);
        fill_in(&mut numbers, &extra);
        let [length, packed, header] = numbers;
        entries.push(Entry {
            name,
            header,
            method: short(10),
            crc: long(16),
            packed,
            length,
        });
    }
}

/// Reads numbers that were too large for their own field from the extra field.
fn fill_in(numbers: &mut [u64], mut extra: &[u8]) {
    while let Some((&[id, id_high, length, length_high], rest)) = extra.split_first_chunk() {
        let length = usize::from(u16::from_le_bytes([length, length_high]));
        let (field, behind) = rest.split_at(length.min(rest.len()));
        if u16::from_le_bytes([id, id_high]) == ZIP64 {
            let large = numbers.iter_mut().filter(|number| **number == ELSEWHERE);
            let (stored, _) = field.as_chunks::<8>();
            for (number, bytes) in large.zip(stored) {
                *number = u64::from_le_bytes(*bytes);
            }
        }
        extra = behind;
    }
}

/// The contents of an entry; at their end the checksum is verified.
pub(super) struct Contents<'a> {
    inner: CrcReader<Unpacked<'a>>,
    crc: u32,
    length: u64,
}

enum Unpacked<'a> {
    Stored(Take<&'a mut File>),
    Deflated(DeflateDecoder<Take<&'a mut File>>),
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stored(inner) => inner.read(buffer),
            Self::Deflated(inner) => inner.read(buffer),
        }
    }
}

impl Entry {
    /// Opens the contents.
    pub(super) fn open<'a>(&self, file: &'a mut File) -> io::Result<Contents<'a>> {
        file.seek(SeekFrom::Start(self.header))?;
        let mut head = [0; 30];
        file.read_exact(&mut head)?;
        let skipped = |low, high| i64::from(u16::from_le_bytes([low, high]));
        let behind = skipped(head[26], head[27]) + skipped(head[28], head[29]);
        file.seek(SeekFrom::Current(behind))?;
        let packed = file.take(self.packed);
        let inner = match self.method {
            0 => Unpacked::Stored(packed),
            8 => Unpacked::Deflated(DeflateDecoder::new(packed)),
            _ => return Err(io::Error::from(io::ErrorKind::Unsupported)),
        };
        Ok(Contents {
            inner: CrcReader::new(inner),
            crc: self.crc,
            length: self.length,
        })
    }
}

impl Read for Contents<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if count == 0 && !buffer.is_empty() {
            // It counts only up to 4 GiB, and then wraps around.
            let found = self.inner.crc();
            if found.sum() != self.crc || u64::from(found.amount()) != self.length & ELSEWHERE {
                return Err(io::Error::from(io::ErrorKind::InvalidData));
            }
        }
        Ok(count)
    }
}
