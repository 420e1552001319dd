//! Tables as files: JSON and CSV with the server's values, XLSX with numbers as numbers and dates as dates.

use std::{io, path::Path};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde_json::Value;

use super::{Column, ColumnKind, Sheet, UnitCell};
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
        Problem::not_saved(path, is_disk_full(self))
    }
}

/// Returns `true` if the disk was full, anywhere in the chain of errors.
pub fn is_disk_full(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        if matches!(
            kind,
            Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
        ) {
            return true;
        }
        cause = error.source();
    }
    false
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
    fn rows(&self) -> impl ExactSizeIterator<Item = usize> + '_ {
        self.rows.iter().map(|row| *row as usize)
    }

    fn columns(&self) -> impl Iterator<Item = (usize, &Column)> {
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
        // Several values in words: what a program would write around them helps no one who reads.
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

/// Width of a character in a spreadsheet, in points of the table's columns.
const POINTS_A_LETTER: f64 = 6.5;
/// Maximum length of a cell in a workbook, as spreadsheets count it: in UTF-16 units.
const CELL_LIMIT: usize = 32_767;
/// 1 March 1900: spreadsheets assume a 29 February 1900, so that earlier days are shown one day late.
const FIRST_DAY: f64 = 61.0;
/// The first day of the year 10000, which no spreadsheet shows.
const LAST_DAY: f64 = 2_958_466.0;

/// Returns as much of a text as a cell can hold; no character is cut in the middle.
fn truncated_for_cell(text: &str) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > CELL_LIMIT
    });
    text.get(..end.map_or(text.len(), |(at, _)| at))
        .unwrap_or_default()
}

/// Writes a number, a duration or a time into a cell; nothing for no value.
fn write_value(
    page: &mut Worksheet,
    (line, at): (u32, u16),
    cell: UnitCell<'_>,
    kind: ColumnKind,
    (hours, date): (&Format, &Format),
) -> Result<(), XlsxError> {
    match (cell, kind) {
        (UnitCell::Empty, _) => {}
        (UnitCell::Text(text), _) => {
            page.write_string(line, at, text)?;
        }
        // Spreadsheets store durations in days.
        (UnitCell::Number(seconds), ColumnKind::Duration) => {
            page.write_number_with_format(line, at, seconds / 86_400.0, hours)?;
        }
        (UnitCell::Number(number), _) => {
            page.write_number(line, at, number)?;
        }
        (UnitCell::Moment(moment), _) => {
            // Days since the day that spreadsheets count from.
            let days = moment.as_second() as f64 / 86_400.0 + 25_569.0;
            if (FIRST_DAY..LAST_DAY).contains(&days) {
                page.write_number_with_format(line, at, days, date)?;
            } else {
                page.write_string(line, at, moment.to_string())?;
            }
        }
    }
    Ok(())
}

/// Writes all rows and columns as a workbook, with a second sheet that says where they came from.
pub fn export_xlsx(
    writer: impl io::Write + io::Seek + Send,
    extract: &Extract,
    origin: &[(&str, String)],
) -> Result<(), ExportError> {
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold();
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let hours = Format::new().set_num_format("[h]:mm:ss");
    let page = workbook.add_worksheet().set_name("Experiments")?;
    page.set_freeze_panes(1, 1)?;
    let mut cut = 0_usize;
    for (at, (place, column)) in (0_u16..).zip(extract.columns()) {
        page.write_with_format(0, at, column.title(), &bold)?;
        page.set_column_width(at, f64::from(column.width) / POINTS_A_LETTER)?;
        if let ColumnKind::Number(decimals) = column.kind {
            // The cell keeps all digits; the ones that the table shows are shown.
            let shown = format!("0.{}", "0".repeat(decimals.max(1)));
            page.set_column_format(at, &Format::new().set_num_format(shown))?;
        }
        for (line, row) in (1_u32..).zip(extract.rows()) {
            let cell = extract.sheet.cell(place, row);
            let is_whole = match cell {
                // Written as text, so that it is not evaluated, and with the spaces around it.
                UnitCell::Text(text) => {
                    let raw = extract.sheet.raw(place, row);
                    let text = raw.filter(|raw| raw.trim() == text).unwrap_or(&text);
                    let start = truncated_for_cell(text);
                    page.write_string(line, at, start)?;
                    start.len() == text.len()
                }
                other => {
                    write_value(page, (line, at), other, column.kind, (&hours, &date))?;
                    true
                }
            };
            cut += usize::from(!is_whole);
        }
    }
    let last = u16::try_from(extract.columns().count().saturating_sub(1)).unwrap_or(u16::MAX);
    let bottom = u32::try_from(extract.rows.len()).unwrap_or(u32::MAX);
    page.autofilter(0, 0, bottom.max(1), last)?;
    let about = workbook.add_worksheet().set_name("About")?;
    let shortened = (cut > 0).then(|| {
        let text = format!("{cut} were too long for a cell of a workbook");
        ("Cells cut off", text)
    });
    // The window shows days in the zone of the computer; a file may be read in another one.
    let zone = ("Times", "in UTC".to_owned());
    let lines = origin.iter().map(|(name, value)| (*name, value.clone()));
    let lines = lines.chain([zone]).chain(shortened);
    for (line, (name, value)) in (0_u32..).zip(lines) {
        about.write_with_format(line, 0, name, &bold)?;
        about.write_string(line, 1, value)?;
    }
    workbook.save_to_writer(writer)?;
    Ok(())
}
