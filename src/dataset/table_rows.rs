//! Lines and rows of the tables of a target. Their bytes stay unchanged: reused rows are copied, not rewritten.

use std::collections::BTreeSet;

/// Joins all lines without repeats, in their order, including the heading.
pub(crate) fn join_lines(texts: &[String]) -> String {
    let mut seen = BTreeSet::new();
    let lines = texts.iter().flat_map(|text| text.lines());
    lines
        .filter(|line| !line.trim().is_empty() && seen.insert(*line))
        .fold(String::new(), |all, line| all + line + "\n")
}

/// A row as it is written, and its fields.
pub(crate) struct Row<'a> {
    pub(crate) raw: &'a str,
    pub(crate) fields: csv::StringRecord,
}

/// Returns the rows of a CSV table, or `None` if it cannot be parsed. Old servers quote nothing, so a row may have
/// more fields than the header.
pub(crate) fn rows(table: &str) -> Option<Vec<Row<'_>>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(table.as_bytes());
    let mut records = Vec::new();
    for record in reader.records() {
        let record = record.ok()?;
        let start = usize::try_from(record.position()?.byte()).ok()?;
        records.push((start, record));
    }
    let ends: Vec<usize> = records
        .iter()
        .skip(1)
        .map(|(start, _)| *start)
        .chain([table.len()])
        .collect();
    records
        .into_iter()
        .zip(ends)
        .map(|((start, fields), end)| {
            let raw = table.get(start..end)?.trim_end_matches(['\r', '\n']);
            Some(Row { raw, fields })
        })
        .collect()
}
