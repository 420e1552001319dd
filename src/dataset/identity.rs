//! Checks that the data is what was requested: the target, its access string, the observations.
//!
//! A checksum proves that an archive is complete, not that it is the right one.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    coverage::Coverage,
    member_kind::{ALIGNED, COMBINED, MARKER},
    records::{FileRecord, Tables},
    snapshot::ObservationRecord,
};
use crate::model::{DownloadRequest, FileKind, plural};

/// Number of codes that a sentence names before it only counts the rest.
const NAMED: usize = 3;

/// Returns the discrepancies, each as a sentence without a full stop.
pub(super) fn mismatches(
    request: &DownloadRequest,
    files: &[FileRecord],
    tables: &Tables,
    listed: Option<&[ObservationRecord]>,
    coverage: &Coverage,
) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(order_mismatch(request, tables));
    found.extend(title_mismatch(request, files));
    found.extend(code_mismatch(files, listed, coverage));
    if request.files.has(FileKind::MetadataInfo)
        && let Some(table) = &tables.metadata
    {
        found.extend(table_mismatch(table, listed, coverage));
    }
    if request.files.has(FileKind::SingleSdfFile) {
        found.extend(few_ligands(tables, coverage));
    }
    found.extend(type_mismatches(tables));
    found.extend(dangling(tables));
    found
}

/// Servers of 2026 write the order into the read-me.
fn order_mismatch(request: &DownloadRequest, tables: &Tables) -> Option<String> {
    let order = tables.order.as_ref()?;
    let (title, tas) = (&request.target.title, request.target.tas.as_str());
    let is_same = order.title.trim() == title.trim()
        && order
            .target_access_string
            .trim()
            .eq_ignore_ascii_case(tas.trim());
    (!is_same).then(|| {
        format!(
            "the archive says that it belongs to {} ({})",
            order.title, order.target_access_string
        )
    })
}

/// The name of the combined ligand file contains the target's title.
fn title_mismatch(request: &DownloadRequest, files: &[FileRecord]) -> Option<String> {
    // A title may contain characters that a file name cannot.
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let title = plain(&request.target.title);
    let other = files
        .iter()
        .filter(|file| !file.path.contains('/'))
        .filter_map(|file| file.path.strip_suffix(COMBINED))
        .find(|stem| plain(stem) != title)?;
    Some(format!(
        "the combined ligand file belongs to another target, {other}"
    ))
}

/// Returns observations that arrived although the server does not list them. On their own they may come from a new
/// upload; if others are missing instead, it is another archive.
fn code_mismatch(
    files: &[FileRecord],
    listed: Option<&[ObservationRecord]>,
    coverage: &Coverage,
) -> Option<String> {
    let listed = listed?;
    coverage.gaps().next()?;
    let mut known: BTreeSet<String> = listed.iter().map(|row| row.code.clone()).collect();
    known.extend(
        listed
            .iter()
            .map(|row| crate::dataset::coverage::folder_of_version(&row.code, row.version)),
    );
    let others: BTreeSet<&str> = files
        .iter()
        .filter_map(|file| file.path.strip_prefix(ALIGNED)?.split_once('/'))
        .map(|(code, _)| code)
        .filter(|code| !known.contains(*code))
        .collect();
    (!others.is_empty()).then(|| {
        format!(
            "the archive holds {} that the target does not have ({})",
            plural(others.len(), "observation", "observations"),
            some_of(&others.into_iter().collect::<Vec<_>>())
        )
    })
}

/// Returns `true` if observations arrived that the server does not list, in place of those that it lists.
pub(super) fn is_other_target(
    files: &[FileRecord],
    listed: Option<&[ObservationRecord]>,
    coverage: &Coverage,
) -> bool {
    code_mismatch(files, listed, coverage).is_some()
}

/// Checks that the table of observations is one, names every requested observation, and means the same ones.
fn table_mismatch(
    table: &str,
    listed: Option<&[ObservationRecord]>,
    coverage: &Coverage,
) -> Option<String> {
    let first_fields = |line: &str| -> (String, String) {
        // The two codes come first, and contain no commas; servers of 2024 quote nothing.
        let mut fields = line.splitn(3, ',').map(|field| {
            let field = field.trim().trim_start_matches('\u{feff}');
            field.trim_matches('"').to_owned()
        });
        (
            fields.next().unwrap_or_default(),
            fields.next().unwrap_or_default(),
        )
    };
    let mut lines = table.lines();
    let (first, second) = first_fields(lines.next().unwrap_or_default());
    if first != "Code" {
        return Some("metadata.csv is not a table of observations".to_owned());
    }
    let mut longcodes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in lines {
        let (code, longcode) = first_fields(line);
        longcodes.entry(code).or_default().insert(longcode);
    }
    let wanted: BTreeSet<&str> = coverage.0.iter().map(|row| row.code.as_str()).collect();
    let absent: Vec<&str> = wanted
        .iter()
        .copied()
        .filter(|code| !longcodes.contains_key(*code))
        .collect();
    if !absent.is_empty() {
        return Some(format!(
            "metadata.csv lacks {} ({})",
            plural(absent.len(), "observation", "observations"),
            some_of(&absent)
        ));
    }
    if second != "Long code" {
        return None;
    }
    let other = listed?.iter().find_map(|row| {
        let (longcode, found) = (row.longcode.as_ref()?, longcodes.get(&row.code)?);
        let is_named = found.contains(longcode) || found.iter().all(String::is_empty);
        (wanted.contains(row.code.as_str()) && !is_named).then_some(&row.code)
    })?;
    Some(format!(
        "metadata.csv refers to another model of {other} than the server lists"
    ))
}

/// Checks that the combined ligand file contains one molecule for each observation, unless the server lacks it.
fn few_ligands(tables: &Tables, coverage: &Coverage) -> Option<String> {
    let molecules = tables.combined.as_ref()?.molecules;
    let lacks = |kind| {
        coverage
            .0
            .iter()
            .filter(move |row| row.not_on_server.contains(&kind))
            .count()
    };
    let codes: BTreeSet<&str> = coverage.0.iter().map(|row| row.code.as_str()).collect();
    let lacking = lacks(FileKind::LigandSdf).max(lacks(FileKind::SdfInfo));
    let wanted = codes
        .len()
        .saturating_sub(lacking.max(tables.ligands_lacking()));
    (molecules < wanted)
        .then(|| format!("the combined ligand file contains {molecules} of {wanted} ligands"))
}

/// Returns files whose contents do not match their type.
fn type_mismatches(tables: &Tables) -> Option<String> {
    let paths: Vec<&str> = tables
        .unlike
        .iter()
        .map(String::as_str)
        .filter(|path| !path.ends_with(MARKER))
        .collect();
    (!paths.is_empty()).then(|| {
        format!(
            "{} not of the type that the name indicates ({})",
            if paths.len() == 1 {
                "1 file is".to_owned()
            } else {
                format!("{} files are", paths.len())
            },
            some_of(&paths)
        )
    })
}

/// Returns links without a target.
fn dangling(tables: &Tables) -> Option<String> {
    let paths: Vec<&str> = tables.dangling.iter().map(String::as_str).collect();
    (!paths.is_empty()).then(|| {
        format!(
            "{} to files that are not in the archive ({})",
            plural(paths.len(), "link leads", "links lead"),
            some_of(&paths)
        )
    })
}

/// Returns notes about members of an archive with the same name: both were kept.
pub(super) fn notes_of_members(tables: &Tables) -> Vec<String> {
    let paths: Vec<&str> = tables.doubled.iter().map(String::as_str).collect();
    if paths.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "{} in the archive had the same name as another file with different contents; both were kept ({})",
        plural(paths.len(), "file", "files"),
        some_of(&paths)
    )]
}

/// Codes that the server lists more than once (server-api 9).
pub(super) fn notes_of_codes(coverage: &Coverage) -> Vec<String> {
    let again = coverage.listed_again().into_iter();
    again
        .map(|(code, versions)| {
            let versions: Vec<String> = versions
                .into_iter()
                .flatten()
                .map(|version| version.to_string())
                .collect();
            format!(
                "the server lists {code} more than once, in versions {}",
                versions.join(" and ")
            )
        })
        .collect()
}

/// Returns a few names, and how many more there are.
fn some_of(names: &[&str]) -> String {
    let shown = names
        .iter()
        .take(NAMED)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().checked_sub(NAMED) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}
