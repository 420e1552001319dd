//! Folders without a record of their origin: unpacked by hand from the web page's archive, or by a script. What can
//! be known about them is in their table of observations.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use super::{
    folder::{Basis, CreatedBy, Dataset, LongCodes},
    local_changes::LocalChanges,
    names::METADATA,
    record::Record,
};
use crate::disk::{FileError, walk};

/// Larger than the table of any target.
const LARGEST: u64 = 64 << 20;

const ALIGNED: &str = "aligned_files";

/// What the table of observations says.
pub(super) struct Codes {
    /// Long codes by short codes, of those that are in the folder.
    pub(super) downloaded: LongCodes,
    /// The target's title, with which the codes of the crystals begin.
    title: Option<String>,
}

pub(super) fn is_data_folder(folder: &Path) -> bool {
    folder.join(ALIGNED).is_dir()
        || (folder.join(METADATA).is_file() && matches!(codes(folder), Ok(Some(_))))
}

/// Reads the table of observations of a folder; `None` if there is none, or if it is another table.
pub(super) fn codes(folder: &Path) -> Result<Option<Codes>, FileError> {
    Ok(table_in(folder)?.and_then(|bytes| read_table(&bytes)))
}

/// Reads the file of the table; `None` if there is none, or if it is not a regular file or far too long: reading from
/// a pipe would block for ever.
pub(super) fn table_in(folder: &Path) -> Result<Option<Vec<u8>>, FileError> {
    let path = folder.join(METADATA);
    if fs::metadata(&path).is_ok_and(|data| data.len() > LARGEST || !data.is_file()) {
        return Ok(None);
    }
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FileError::from_read(&path, error)),
    }
}

fn read_table(bytes: &[u8]) -> Option<Codes> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let headings = reader.byte_headers().ok()?.clone();
    let column = |name: &[u8]| headings.iter().position(|heading| heading == name);
    let (code, downloaded) = (column(b"Code")?, column(b"Downloaded")?);
    let (longcode, crystal) = (column(b"Long code"), column(b"Experiment code"));
    let mut codes = Codes {
        downloaded: BTreeMap::new(),
        title: None,
    };
    for row in reader.byte_records().filter_map(Result::ok) {
        let text = |place: Option<usize>| {
            let field = place.and_then(|place| row.get(place)).unwrap_or_default();
            String::from_utf8_lossy(field).into_owned()
        };
        // In a row broken by an unquoted comma the flag is in another column.
        let is_true = |field: &[u8]| field.eq_ignore_ascii_case(b"true");
        let is_in = if row.len() == headings.len() {
            row.get(downloaded).is_some_and(is_true)
        } else {
            row.iter().any(is_true)
        };
        if codes.title.is_none() {
            let crystal = text(crystal);
            codes.title = crystal.rsplit_once("-x").map(|(title, _)| title.to_owned());
        }
        if is_in {
            let longcodes = codes.downloaded.entry(text(Some(code))).or_default();
            longcodes.extend(Some(text(longcode)).filter(|long| !long.is_empty()));
        }
    }
    Some(codes)
}

/// Counts the folders of observations among the files of a record.
pub(crate) fn count(record: &Record) -> usize {
    let files = record.files.iter();
    let folders: BTreeSet<&str> = files
        .filter_map(|file| file.path.strip_prefix("aligned_files/")?.split('/').next())
        .collect();
    folders.len()
}

pub(super) fn read(place: &Path) -> Result<Option<Dataset>, FileError> {
    let codes = codes(place)?;
    let is_aligned = place.join(ALIGNED).is_dir();
    if codes.is_none() && !is_aligned {
        return Ok(None);
    }
    let (files, bytes, observations) = measure(place)?;
    let (downloaded, title) = match codes {
        Some(codes) => (codes.downloaded, codes.title),
        None => (BTreeMap::new(), None),
    };
    Ok(Some(Dataset {
        place: place.to_owned(),
        created_by: CreatedBy::Other,
        download: None,
        replaces: None,
        server: None,
        target: None,
        title,
        finished: None,
        files,
        bytes,
        observations: observations.max(downloaded.len()),
        kinds: Vec::new(),
        upload: None,
        request: None,
        report: None,
        local_changes: LocalChanges::default(),
        known: (!downloaded.is_empty()).then_some(Basis::Codes(downloaded)),
    }))
}

/// Returns the number of files, their bytes, and the number of folders of observations.
fn measure(place: &Path) -> Result<(usize, u64, usize), FileError> {
    let (mut files, mut bytes, mut observations) = (0, 0, 0);
    let aligned = place.join(ALIGNED);
    for entry in walk(place) {
        let entry = entry?;
        if entry.file_type().is_dir() {
            observations += usize::from(entry.path().parent() == Some(&*aligned));
        } else if entry.file_type().is_file() {
            let length = entry.path().symlink_metadata();
            files += 1;
            bytes += length
                .map_err(|error| FileError::from_read(entry.path(), error))?
                .len();
        }
    }
    Ok((files, bytes, observations))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_folder_is_described_from_its_table() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path();
        assert_eq!(Dataset::read(place).unwrap(), None);
        fs::write(place.join(METADATA), "Name,Age\nx,1\n").unwrap();
        assert!(!is_data_folder(place) && Dataset::read(place).unwrap().is_none());
        fs::create_dir_all(place.join("aligned_files/A1a")).unwrap();
        fs::write(place.join("aligned_files/A1a/A1a.pdb"), "ATOM").unwrap();
        let table = "Code,Long code,Experiment code,Comment,Downloaded\nA1a,E_V-x0001_A_1_v1,E_V-x0001,one, two,True\nA2a,E_V-x0002_A_1_v1,E_V-x0002,,False\n";
        fs::write(place.join(METADATA), table).unwrap();
        let held = Dataset::read(place).unwrap().unwrap();
        assert_eq!(held.name(), "E_V");
        assert_eq!(
            (held.created_by, held.observations, held.files),
            (CreatedBy::Other, 1, 2)
        );
        assert!(matches!(&held.known, Some(Basis::Codes(codes)) if codes.len() == 1));
        assert_eq!(crate::dataset::folders_in(place), [place]);
    }
}
