//! Tables as text: CSV with the server's values, or for spreadsheets.

use std::{io, path::Path};

use rust_xlsxwriter::XlsxError;
use serde_json::Value;

use super::{Column, Sheet};
use crate::model::Problem;

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// As CSV.
    #[error("The table could not be written")]
    Csv(#[from] csv::Error),
    /// As a workbook.
    #[error("The workbook could not be written")]
    Xlsx(#[from] XlsxError),
    /// To the disk.
    #[error("The file could not be written")]
    Io(#[from] io::Error),
}

impl ExportError {
    /// Returns the message for the user who wanted the file.
    pub fn problem(&self, path: &Path) -> Problem {
        tracing::debug!(
            error = self as &dyn std::error::Error,
            "a table could not be saved"
        );
        Problem::not_saved(path, self)
    }
}

/// The rows and columns of a table that are exported, in order.
#[derive(Clone, Debug)]
pub struct Extract {
    /// The table.
    pub sheet: Sheet,
    /// Indices of the columns.
    pub columns: Vec<usize>,
    /// Indices of the rows.
    pub rows: Vec<u32>,
}

impl Extract {
    pub(super) fn rows(&self) -> impl ExactSizeIterator<Item = usize> + '_ {
        self.rows.iter().map(|row| *row as usize)
    }

    pub(super) fn columns(&self) -> impl Iterator<Item = (usize, &Column)> {
        let places = self.columns.iter();
        places.filter_map(|place| Some((*place, self.sheet.column(*place)?)))
    }
}

/// Writes all rows and columns as CSV: field names in the first line, and below them the server's own values, without
/// loss.
pub fn export_csv(writer: impl io::Write, extract: &Extract) -> Result<(), ExportError> {
    let mut csv = csv::Writer::from_writer(writer);
    csv.write_record(extract.columns().map(|(_, column)| column.field.as_ref()))?;
    for row in extract.rows() {
        csv.write_record(
            extract
                .columns()
                .map(|(place, _)| plain(&extract.sheet, place, row)),
        )?;
    }
    csv.flush()?;
    Ok(())
}

/// The same for spreadsheets: headings with units, and a text that a spreadsheet would evaluate as a formula gets a
/// leading apostrophe. Returns how many did.
pub fn export_csv_for_spreadsheets(
    mut writer: impl io::Write,
    extract: &Extract,
) -> Result<usize, ExportError> {
    // Without a byte order mark, Excel assumes one of the old encodings, and shows Å as two other characters.
    writer.write_all("\u{feff}".as_bytes())?;
    let mut csv = csv::Writer::from_writer(writer);
    csv.write_record(
        extract
            .columns()
            .map(|(_, column)| column.title().into_owned()),
    )?;
    let mut marked = 0;
    for row in extract.rows() {
        csv.write_record(extract.columns().map(|(place, _)| {
            let text = shown(&extract.sheet, place, row);
            let is_number = !extract.sheet.number(place, row).is_nan();
            if is_number || !is_formula(&text) {
                return text;
            }
            marked += 1;
            format!("'{text}")
        }))?;
    }
    csv.flush()?;
    Ok(marked)
}

/// Returns `true` if a spreadsheet would evaluate the text instead of showing it.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Returns the cells as text that pastes into a spreadsheet: columns separated by tabs, headings in the first line;
/// and how many cells got an apostrophe so that they are not formulas.
pub fn clipboard_text(extract: &Extract, has_headings: bool) -> (String, usize) {
    let (mut text, mut marked) = (String::new(), 0);
    if has_headings {
        let headings: Vec<_> = extract
            .columns()
            .map(|(_, column)| column.title())
            .collect();
        text.push_str(&headings.join("\t"));
        text.push('\n');
    }
    for row in extract.rows() {
        let cells: Vec<String> = extract
            .columns()
            .map(|(place, _)| {
                let cell = shown(&extract.sheet, place, row);
                let is_number = !extract.sheet.number(place, row).is_nan();
                // A cell must stay one cell.
                let cell = cell.replace(['\t', '\r', '\n'], " ");
                if is_number || !is_formula(&cell) {
                    return cell;
                }
                marked += 1;
                format!("'{cell}")
            })
            .collect();
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    (text, marked)
}

/// Returns a cell as users see it: one that looks empty is empty, whatever the server sent for "no value".
fn shown(sheet: &Sheet, place: usize, row: usize) -> String {
    if sheet.is_empty_at(place, row) {
        return String::new();
    }
    match sheet.json(place, row) {
        // Several values as text, without the brackets and quotes of JSON.
        Value::Array(_) | Value::Object(_) => sheet.text(place, row).into_owned(),
        _ => plain(sheet, place, row),
    }
}

/// Returns the server's own value as text; lists and the like as the server writes them.
fn plain(sheet: &Sheet, place: usize, row: usize) -> String {
    match sheet.json(place, row) {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}
