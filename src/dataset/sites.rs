//! At which site of the protein each observation was seen, as the table of observations says it.

use std::{collections::BTreeMap, path::Path};

use super::foreign::table_in;

/// What the table calls a site, the most telling first (server-api 2.3).
const NAMES: [&str; 3] = ["alias", "upload name", "short tag"];

/// Sites by short codes. Empty where the table does not say it, or cannot be read: then there is only nothing to
/// group by.
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
