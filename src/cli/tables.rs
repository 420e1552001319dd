//! Output of tables: as CSV, as a workbook, and as lines.

use std::path::Path;

use super::{
    connect::Connection,
    console::{Console, Failure},
};
use crate::{
    disk::write_file,
    model::plural,
    table::{ExportError, Extract, Structures, export_csv, export_xlsx},
};

/// Saves a table as CSV, or prints it where the path is `-`.
pub(super) fn save_csv(
    console: &mut Console,
    path: &Path,
    extract: &Extract,
) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    export_csv(&mut bytes, extract).map_err(|error| error.problem(path))?;
    console.save_csv(path, &bytes, extract.rows.len())
}

/// Saves a table as a workbook: the whole file or none. Anything other than a regular file is written to directly.
pub(super) fn save_xlsx(
    console: &mut Console,
    connection: &Connection,
    path: &Path,
    extract: &Extract,
    draws_structures: bool,
) -> Result<(), Failure> {
    let count = extract.rows.len();
    let structures = if draws_structures {
        Structures::Drawn
    } else {
        Structures::AsText
    };
    let origin = [
        ("Server", connection.client.server().to_string()),
        (
            "Saved",
            jiff::Zoned::now().strftime("%Y-%m-%d %H:%M %Z").to_string(),
        ),
        ("Rows", count.to_string()),
    ];
    write_file(path, |file| export_xlsx(file, extract, &origin, structures))
        .map_err(|error: ExportError| Failure::from(error.problem(path)))?;
    let rows = plural(count, "row", "rows");
    console.note(&format!("Saved {rows} to {}.", path.display()));
    Ok(())
}

/// Prints a table in aligned columns, with its headings.
pub(super) fn print(console: &mut Console, extract: &Extract) -> Result<(), Failure> {
    let sheet = &extract.sheet;
    let columns = extract.columns.iter();
    let headings = columns.filter_map(|place| sheet.column(*place));
    let mut lines = vec![
        headings
            .map(|column| column.heading.to_string())
            .collect::<Vec<_>>(),
    ];
    lines.extend(extract.rows.iter().map(|row| {
        let cells = extract.columns.iter();
        cells
            .map(|place| sheet.text(*place, *row as usize).into_owned())
            .collect()
    }));
    Ok(console.table(&lines)?)
}
