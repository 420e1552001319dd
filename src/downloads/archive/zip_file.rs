//! Reads a zip, whose central directory is at its end.

use std::{
    cell::Cell,
    collections::{HashMap, HashSet},
    fs::File,
    io::{self, BufReader, Read, Seek as _, SeekFrom},
    path::Path,
    sync::atomic::AtomicBool,
};

use zip::read::ZipFile;

use super::{
    DownloadError, MAX_MEMBERS, OnFile, Walk, Walked, central_directory, from_read,
    other_compression,
};
use crate::{
    disk::{SafePath, too_many},
    model::byte_text,
};

/// Returns where a member is to be written; `None` for folders.
///
/// A name that is not UTF-8 is in an older code page, which the crate knows; it is noted in `decoded`.
fn path_of<R: Read>(
    member: &ZipFile<'_, R>,
    name: Vec<u8>,
    decoded: &mut HashMap<Vec<u8>, String>,
) -> Result<Option<SafePath>, DownloadError> {
    let name = match String::from_utf8(name) {
        Ok(name) => name,
        Err(not_utf8) => {
            let name = member.name().map_err(from_zip)?.into_owned();
            decoded.insert(not_utf8.into_bytes(), name.clone());
            name
        }
    };
    let path = SafePath::parse(name.as_bytes())?.filter(|_| !member.is_dir());
    match path {
        Some(path) if member.is_symlink() => Err(DownloadError::Unsafe {
            what: format!("a link (“{}”)", path.as_str()),
        }),
        path => Ok(path),
    }
}

/// Reads the zip at `path`. Every file is read to its end, so that its checksum is verified.
pub(crate) fn walk_zip(
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
    let entries = central_directory::entries(&mut names, zip.central_directory_start())?;
    if entries.len() > zip.len() && !zip.has_duplicate_names() {
        return Err(DownloadError::Corrupt {
            what: "The archive is damaged: its list of files is longer than it says".to_owned(),
        });
    }
    if zip.len() > MAX_MEMBERS {
        return Err(too_many().into());
    }
    let mut read = HashSet::new();
    let mut decoded = HashMap::new();
    for index in 0..zip.len() {
        let mut member = zip.by_index(index).map_err(from_zip)?;
        read.insert(member.header_start());
        let name = name_in_front(&mut names, member.header_start()).map_err(from_read)?;
        if name != member.name_raw() {
            return Err(DownloadError::Corrupt {
                what: "The archive is damaged: a file has two names".to_owned(),
            });
        }
        if let Some(path) = path_of(&member, name, &mut decoded)? {
            walk.file(&path, &mut member, on_file)?;
        }
    }
    // Of several members with the same name, the crate knows only the last.
    for entry in entries.iter().filter(|entry| !read.contains(&entry.header)) {
        let name = decoded.get(&entry.name).map(String::as_bytes);
        let Some(path) = SafePath::parse(name.unwrap_or(&entry.name))? else {
            continue;
        };
        // A folder may be listed any number of times.
        if entry.name.ends_with(b"/") {
            continue;
        }
        let mut contents = entry.open(&mut names).map_err(from_read)?;
        walk.file(&path, &mut contents, on_file)?;
    }
    Ok(walk.walked)
}

/// Returns the name in the local header of a file in a zip. Names have no checksum, but each is stored twice, here
/// and in the central directory; a flipped bit in one of them shows only by comparison.
fn name_in_front(zip: &mut File, header: u64) -> io::Result<Vec<u8>> {
    // The local header: 26 bytes of other fields, then the lengths of the name and of the extra field.
    let mut head = [0; 30];
    zip.seek(SeekFrom::Start(header))?;
    zip.read_exact(&mut head)?;
    let mut name = vec![0; usize::from(u16::from_le_bytes([head[26], head[27]]))];
    zip.read_exact(&mut name)?;
    Ok(name)
}

/// Maximum expansion of Deflate: a directory that states more is wrong.
const MOST_EXPANSION: u64 = 1032;

/// Returns how many files a zip lists, and their total length. Only a hint: nothing is verified by it.
///
/// # Errors
/// If the archive cannot be read, or claims to contain more than it can.
pub(crate) fn zip_totals(path: &Path) -> Result<(usize, u64), DownloadError> {
    let file = File::open(path).map_err(|source| DownloadError::from_write(path, source))?;
    let length = file
        .metadata()
        .map_err(|source| DownloadError::from_write(path, source))?
        .len();
    let mut zip = zip::ZipArchive::new(BufReader::new(file)).map_err(from_zip)?;
    // Before free space is mentioned: no disk is large enough for endless names.
    if zip.len() > MAX_MEMBERS {
        return Err(too_many().into());
    }
    let bytes = (0..zip.len()).try_fold(0_u64, |bytes, index| {
        let member = zip.by_index_raw(index).map_err(from_zip)?;
        Ok::<_, DownloadError>(bytes.saturating_add(member.size()))
    })?;
    if bytes > length.saturating_mul(MOST_EXPANSION) {
        // Not "the disk is full": the stated size is false.
        return Err(DownloadError::Corrupt {
            what: format!(
                "The archive of {} claims to contain {} of files, which is impossible",
                byte_text(length),
                byte_text(bytes)
            ),
        });
    }
    Ok((zip.len(), bytes))
}

fn from_zip(error: zip::result::ZipError) -> DownloadError {
    match error {
        zip::result::ZipError::Io(error) => from_read(error),
        zip::result::ZipError::UnsupportedArchive(what) => DownloadError::Unsupported {
            what: what.to_owned(),
        },
        zip::result::ZipError::CompressionMethodNotSupported(_) => other_compression(),
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

    /// The length of the file is overwritten in the central directory, from which the required space is computed.
    #[test]
    fn an_impossible_size_is_not_reported_as_a_full_disk() {
        use std::io::Write as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zip");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        zip.start_file("a", zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(b"ligand").unwrap();
        zip.finish().unwrap();
        assert_eq!(zip_totals(&path).unwrap(), (1, 6));
        let mut bytes = std::fs::read(&path).unwrap();
        let entry = bytes.windows(4).position(|four| four == b"PK\x01\x02");
        let length = entry.unwrap() + 24;
        bytes[length..length + 4].copy_from_slice(&0xFFFF_0000_u32.to_le_bytes());
        std::fs::write(&path, &bytes).unwrap();
        let error = zip_totals(&path).unwrap_err();
        assert!(
            error.to_string().contains("claims to contain 4.3 GB"),
            "{error}"
        );
    }
}
