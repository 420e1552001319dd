//! Where the files of an observation and of a crystal are.

use std::collections::BTreeSet;

use super::{difference::Holds, record::Record};

/// Returns what a folder contains, as far as its record says so.
pub(crate) fn holds(record: &Record) -> Option<Holds> {
    let request = record.request.as_ref()?;
    let snapshot = record.snapshot.as_ref()?;
    let report = &record.report;
    let lost = report.lost.as_ref().map_or(&[][..], |lost| &lost.codes);
    let is_held = |code: &String| {
        let is_asked = request.codes.is_empty() || request.codes.contains(code);
        is_asked && !lost.contains(code) && !report.unknown_codes.contains(code)
    };
    // Observations that the server listed and did not send are not included, if the folders show it.
    let folders: BTreeSet<&str> = record
        .files
        .iter()
        .filter_map(|file| match place_of(&file.path)? {
            (FilePart::Aligned, code) => Some(code),
            (FilePart::Crystal, _) => None,
        })
        .collect();
    let has_come = |code: &str| folders.is_empty() || folders.contains(code);
    let rows = snapshot.marks().into_iter();
    Some(
        rows.map(|(code, mark)| (code.to_owned(), mark))
            .filter(|(code, _)| is_held(code) && has_come(code))
            .map(|(code, mark)| (code, Some(mark)))
            .collect(),
    )
}

/// Returns the file that contains the SMILES of one observation.
pub(crate) fn ligand_smiles(code: &str) -> String {
    format!("aligned_files/{code}/{code}_ligand.smi")
}

/// Returns `true` if every one of these observations has a file with its SMILES.
pub(crate) fn has_all_ligands(record: &Record, codes: &[String]) -> bool {
    let paths: BTreeSet<&str> = record.files.iter().map(|file| file.path.as_str()).collect();
    codes
        .iter()
        .all(|code| paths.contains(ligand_smiles(code).as_str()))
}

/// Files of an observation or of a crystal are in a folder of its name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FilePart {
    Aligned,
    Crystal,
}

pub(crate) fn place_of(path: &str) -> Option<(FilePart, &str)> {
    let (place, rest) = [
        (FilePart::Aligned, "aligned_files/"),
        (FilePart::Crystal, "crystallographic_files/"),
    ]
    .into_iter()
    .find_map(|(place, start)| Some((place, path.strip_prefix(start)?)))?;
    Some((place, rest.split_once('/')?.0))
}

/// Returns `true` if a folder belongs to a crystal: servers of 2024 name it by what follows `-x` (server-api 2.3).
pub(crate) fn is_of(folder: &str, crystal: &str) -> bool {
    folder == crystal
        || crystal
            .rsplit_once("-x")
            .is_some_and(|(_, number)| folder == number)
}
