//! At which site of the protein each observation was seen, according to the table of observations.

use std::{collections::BTreeMap, path::Path};

use super::foreign::table_in;

/// The table's names for a site, the most descriptive first (server-api 2.3).
const NAMES: [&str; 3] = ["alias", "upload name", "short tag"];

/// Returns sites by short codes. Empty if the table does not name them, or cannot be read: then there is nothing
/// to group by.
pub fn sites_in(folder: &Path) -> BTreeMap<String, String> {
    let Ok(Some(bytes)) = table_in(folder) else {
        return BTreeMap::new();
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(bytes.as_slice());
    let Ok(headings) = reader.headers().cloned() else {
        return BTreeMap::new();
    };
    let Some(code) = headings.iter().position(|heading| heading == "Code") else {
        return BTreeMap::new();
    };
    let columns: Vec<usize> = NAMES
        .iter()
        .filter_map(|name| {
            headings
                .iter()
                .position(|heading| heading.starts_with("CanonSites") && heading.ends_with(name))
        })
        .collect();
    let rows = reader.records().filter_map(Result::ok);
    rows.filter_map(|row| {
        let mut values = columns.iter().filter_map(|column| row.get(*column));
        let site = values.find(|value| !value.trim().is_empty())?;
        Some((row.get(code)?.to_owned(), site.trim().to_owned()))
    })
    .collect()
}
