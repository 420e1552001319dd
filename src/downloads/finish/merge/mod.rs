//! Merges the parts of a download into one folder, as if it had arrived in one piece.

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use sha2::{Digest as _, Sha256};

use crate::{
    dataset::{CombinedSdf, ERRORS, FileRecord, METADATA, Tables, join_lines},
    disk::{sync_file, write_atomic},
    downloads::{
        DownloadError,
        work_dir::{WorkDir, records::PartRecord},
    },
};

pub(super) use crate::dataset::rows;
const SMILES: &str = "smiles.smi";
const COMBINED: &str = "_combined.sdf";
/// Ends a record of an SDF.
const END: &str = "$$$$";

/// The part from which a file of the merged folder comes.
struct Source {
    part: usize,
    record: FileRecord,
}

/// Fills `whole` with the files of all parts. The parts stay as they are, so that this can be repeated.
pub(super) fn merge(
    work: &WorkDir,
    parts: &[(usize, PartRecord)],
    whole: &Path,
) -> Result<(Vec<FileRecord>, Tables), DownloadError> {
    let mut sources: BTreeMap<String, Source> = BTreeMap::new();
    let mut joined: BTreeSet<String> = BTreeSet::new();
    for (part, record) in parts {
        let part = *part;
        for file in &record.files {
            let Some(known) = sources.get(&file.path) else {
                let record = file.clone();
                sources.insert(file.path.clone(), Source { part, record });
                continue;
            };
            if known.record.sha256 == file.sha256 {
                continue;
            }
            if is_joined(&file.path) {
                joined.insert(file.path.clone());
            } else if file.path.starts_with("README") {
                // Older servers write the request into it; it explains the part with which it arrived, and stays.
                let path = numbered(&file.path, part);
                let record = FileRecord {
                    path: path.clone(),
                    ..file.clone()
                };
                sources.insert(path, Source { part, record });
            } else {
                return Err(DownloadError::PartsDiffer {
                    path: file.path.clone(),
                });
            }
        }
    }
    let mut records = Vec::new();
    for (path, source) in sources {
        if joined.contains(&path) {
            records.push(join(work, parts, whole, &path)?);
        } else {
            copy(work, &source, whole)?;
            records.push(source.record);
        }
    }
    let mut tables = Tables {
        errors: table(whole, ERRORS)?,
        metadata: table(whole, METADATA)?,
        ..looks_of(parts)
    };
    if let Some(combined) = &mut tables.combined
        && joined.iter().any(|path| path.ends_with(COMBINED))
    {
        // Joining puts a separator after each record.
        combined.ends = combined.molecules;
    }
    Ok((records, tables))
}

/// Reads a table of the merged folder. One that cannot be read must not count as missing.
fn table(whole: &Path, name: &str) -> Result<Option<String>, DownloadError> {
    let path = whole.join(name);
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(DownloadError::from_read(&path, error)),
    }
}

/// Returns the tables of all parts, merged.
pub(super) fn tables_of(parts: &[(usize, PartRecord)]) -> Result<Tables, DownloadError> {
    let collect = |table: fn(&Tables) -> Option<&String>| -> Vec<String> {
        parts
            .iter()
            .filter_map(|(_, part)| table(&part.tables).cloned())
            .collect()
    };
    let errors = collect(|tables| tables.errors.as_ref());
    let metadata = collect(|tables| tables.metadata.as_ref());
    Ok(Tables {
        errors: (!errors.is_empty()).then(|| join_lines(&errors)),
        metadata: match metadata.as_slice() {
            [] => None,
            tables => Some(
                join_metadata(tables).ok_or_else(|| DownloadError::PartsDiffer {
                    path: METADATA.to_owned(),
                })?,
            ),
        },
        ..looks_of(parts)
    })
}

/// Returns what was found in the members of all parts.
fn looks_of(parts: &[(usize, PartRecord)]) -> Tables {
    let tables = || parts.iter().map(|(_, part)| &part.tables);
    let combined: Vec<_> = tables().filter_map(|it| it.combined.as_ref()).collect();
    Tables {
        combined: (!combined.is_empty()).then(|| CombinedSdf {
            molecules: combined.iter().map(|it| it.molecules).sum(),
            ends: combined.iter().map(|it| it.ends).sum(),
        }),
        // Each part is built for its own observations, and all for one target.
        order: tables().find_map(|it| it.order.clone()),
        unlike: tables().flat_map(|it| it.unlike.clone()).collect(),
        dangling: tables().flat_map(|it| it.dangling.clone()).collect(),
        doubled: tables().flat_map(|it| it.doubled.clone()).collect(),
        ..Tables::default()
    }
}

fn is_joined(path: &str) -> bool {
    matches!(path, ERRORS | METADATA | SMILES) || path.ends_with(COMBINED)
}

/// `README.md` of part 2 is `README (part 2).md`.
fn numbered(path: &str, part: usize) -> String {
    match path.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem} (part {}).{ending}", part + 1),
        None => format!("{path} (part {})", part + 1),
    }
}

/// Creates a hard link if the file system supports it, otherwise a copy.
fn copy(work: &WorkDir, source: &Source, whole: &Path) -> Result<(), DownloadError> {
    let to = whole.join(&source.record.path);
    let refused = |error| DownloadError::from_write(&to, error);
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(refused)?;
    }
    let tree = work.tree(source.part);
    let from = tree.join(&source.record.path);
    // The README of a later part has another name in its part than here.
    let from = if from.exists() {
        from
    } else {
        tree.join(unnumbered(&source.record.path))
    };
    if fs::hard_link(&from, &to).is_err() {
        fs::copy(&from, &to).map_err(refused)?;
        // A hard link needs no writing, a copy does.
        sync_file(&fs::File::open(&to).map_err(refused)?).map_err(refused)?;
    }
    Ok(())
}

/// Returns the name before [`numbered`].
fn unnumbered(path: &str) -> String {
    match (path.find(" (part "), path.rsplit_once('.')) {
        (Some(at), Some((_, ending))) => {
            format!("{}.{ending}", path.get(..at).unwrap_or_default())
        }
        (Some(at), None) => path.get(..at).unwrap_or_default().to_owned(),
        (None, _) => path.to_owned(),
    }
}

fn join(
    work: &WorkDir,
    parts: &[(usize, PartRecord)],
    whole: &Path,
    path: &str,
) -> Result<FileRecord, DownloadError> {
    let mut texts = Vec::new();
    for (number, _) in parts {
        let from = work.tree(*number).join(path);
        match fs::read(&from) {
            Ok(bytes) => texts.push(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(DownloadError::from_write(&from, error)),
        }
    }
    let text = match path {
        ERRORS => join_lines(&texts),
        METADATA => join_metadata(&texts).ok_or_else(|| DownloadError::PartsDiffer {
            path: path.to_owned(),
        })?,
        SMILES => join_smiles(&texts),
        _ => join_sdf(&texts),
    };
    write_atomic(&whole.join(path), text.as_bytes())?;
    Ok(FileRecord {
        path: path.to_owned(),
        bytes: text.len() as u64,
        sha256: hex::encode(Sha256::digest(text.as_bytes())),
    })
}

/// Joins the entries of all lists without repeats: the servers' own format is one line with a comma after every
/// entry.
pub(super) fn join_smiles(texts: &[String]) -> String {
    let mut seen = BTreeSet::new();
    let entries = texts.iter().flat_map(|text| text.split([',', '\n']));
    entries
        .map(str::trim)
        .filter(|entry| !entry.is_empty() && seen.insert(*entry))
        .fold(String::new(), |all, entry| all + entry + ",")
}

/// Joins all records with a separator after each. The servers of 2024 write none at all.
pub(super) fn join_sdf(texts: &[String]) -> String {
    let mut all = String::new();
    for text in texts {
        let has_ends = text.lines().any(|line| line.trim_end() == END);
        for line in text.lines() {
            all.push_str(line);
            all.push('\n');
            if !has_ends && line.trim_end() == "M  END" {
                all.push_str(END);
                all.push('\n');
            }
        }
        if has_ends && !all.trim_end().ends_with(END) {
            all.push_str(END);
            all.push('\n');
        }
    }
    all
}

/// Joins tables row by row. Every part lists all observations of the target and flags its own as downloaded: of two
/// rows of one observation the flagged one stays. `None` if the tables do not belong together.
fn join_metadata(texts: &[String]) -> Option<String> {
    join_line_by_line(texts).or_else(|| join_row_by_row(texts))
}

/// Joins tables whose lines are in the same order, as they nearly always are. Servers of 2024 quote nothing, so a
/// field with a line break has split its row, and only lines can be compared.
fn join_line_by_line(texts: &[String]) -> Option<String> {
    let (first, others) = texts.split_first()?;
    let mut joined: Vec<&str> = first.lines().collect();
    for other in others {
        let lines: Vec<&str> = other.lines().collect();
        if lines.len() != joined.len() {
            return None;
        }
        for (known, new) in joined.iter_mut().zip(lines) {
            if locate_downloaded(known.split(','), new.split(','))? == DownloadedRow::Second {
                *known = new;
            }
        }
    }
    let all = joined.into_iter();
    (!first.is_empty()).then(|| all.fold(String::new(), |all, line| all + line + "\n"))
}

fn join_row_by_row(texts: &[String]) -> Option<String> {
    let mut order: Vec<Observation> = Vec::new();
    let mut best: BTreeMap<Observation, (String, csv::StringRecord)> = BTreeMap::new();
    let mut heading: Option<String> = None;
    for text in texts {
        let mut rows = rows(text)?.into_iter();
        let first = rows.next()?;
        let has_longcodes = first.fields.get(1) == Some("Long code");
        match &heading {
            None => heading = Some(first.raw.to_owned()),
            Some(heading) if heading == first.raw => {}
            Some(_) => return None,
        }
        for row in rows {
            // A code may be listed in more than one version; the long code distinguishes them.
            let longcode = row
                .fields
                .get(1)
                .filter(|_| has_longcodes)
                .unwrap_or_default();
            let code = (row.fields.get(0)?.to_owned(), longcode.to_owned());
            let Some((_, known)) = best.get(&code) else {
                order.push(code.clone());
                best.insert(code, (row.raw.to_owned(), row.fields));
                continue;
            };
            match locate_downloaded(known.iter(), row.fields.iter())? {
                DownloadedRow::Second => {
                    best.insert(code, (row.raw.to_owned(), row.fields));
                }
                DownloadedRow::First => {}
            }
        }
    }
    let mut all = heading? + "\n";
    for code in order {
        all.push_str(&best.get(&code)?.0);
        all.push('\n');
    }
    Some(all)
}

/// Short and long code.
type Observation = (String, String);

#[derive(Clone, Copy, PartialEq, Eq)]
enum DownloadedRow {
    First,
    Second,
}

/// Returns which of two rows of one observation is flagged as downloaded; they must be equal apart from that.
fn locate_downloaded<'a>(
    mut first: impl Iterator<Item = &'a str>,
    mut second: impl Iterator<Item = &'a str>,
) -> Option<DownloadedRow> {
    let (mut of_first, mut of_second) = (false, false);
    loop {
        match (first.next(), second.next()) {
            (None, None) => break,
            (Some(a), Some(b)) if a == b => {}
            (Some("True"), Some("False")) => of_first = true,
            (Some("False"), Some("True")) => of_second = true,
            _ => return None,
        }
    }
    match (of_first, of_second) {
        // More than the flag differs.
        (true, true) => None,
        (_, false) => Some(DownloadedRow::First),
        (false, true) => Some(DownloadedRow::Second),
    }
}
