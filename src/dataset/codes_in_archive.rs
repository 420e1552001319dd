//! Which observations an archive contains, as far as its folders and its table of observations show.

use std::collections::BTreeSet;

use super::records::FileRecord;

/// Returns the requested codes for which nothing arrived: the server silently drops unknown ones. `None` if
/// the archive does not show it.
pub(super) fn absent_codes(
    asked: &[&String],
    all: &[FileRecord],
    downloaded: Option<&BTreeSet<String>>,
) -> Option<Vec<String>> {
    // Markers count here: the server knows a code even if it lacks a file for it.
    let folders: BTreeSet<&str> = all
        .iter()
        .filter_map(|file| file.path.strip_prefix("aligned_files/")?.split('/').next())
        .collect();
    if folders.is_empty() && downloaded.is_none() {
        return None;
    }
    let is_there =
        |code: &str| folders.contains(code) || downloaded.is_some_and(|codes| codes.contains(code));
    let absent = asked.iter().filter(|code| !is_there(code));
    Some(absent.map(|code| (*code).clone()).collect())
}

/// Returns the codes whose `Downloaded` is true in `metadata.csv`. Old servers quote nothing, so a row may have more
/// columns than headings; the first columns are still right.
pub(super) fn downloaded_codes(table: &str) -> BTreeSet<String> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(table.as_bytes());
    let column = |name: &str, headings: &csv::StringRecord| {
        headings.iter().position(|heading| heading.trim() == name)
    };
    let Ok(headings) = reader.headers().cloned() else {
        return BTreeSet::new();
    };
    let (Some(code), Some(downloaded)) =
        (column("Code", &headings), column("Downloaded", &headings))
    else {
        return BTreeSet::new();
    };
    reader
        .records()
        .filter_map(Result::ok)
        // In a row broken by an unquoted comma the column is not where it should be: all of them are searched.
        .filter(|row| {
            let is_true = |value: &str| value.eq_ignore_ascii_case("true");
            if row.len() == headings.len() {
                row.get(downloaded).is_some_and(is_true)
            } else {
                row.iter().any(is_true)
            }
        })
        .filter_map(|row| row.get(code).map(str::to_owned))
        .collect()
}
