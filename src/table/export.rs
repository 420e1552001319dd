//! Tables as files: JSON and CSV with the server's values, XLSX with numbers as numbers and dates as dates.

use std::io;

use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::Value;

use super::{Cell, Column, ColumnKind, Row};

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
    /// Whether there was no room.
    pub fn is_disk_full(&self) -> bool {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(self);
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
}

/// One row with the server's own field names, plus `target` and `tas`; null where the server has nothing.
pub fn export_json(row: &Row) -> Value {
    let mut value = serde_json::to_value(&row.experiment).unwrap_or_default();
    if let Value::Object(map) = &mut value {
        let changed_by = row.experiment.model_changed_by().0;
        map.insert("model_last_updated_by".to_owned(), Value::from(changed_by));
        map.insert("target".to_owned(), Value::from(row.target.title.clone()));
        map.insert("tas".to_owned(), Value::from(row.target.tas.as_str()));
    }
    value
}

/// Writes all rows and columns as CSV: field names in the first line, and below them the server's own values.
pub fn export_csv(
    writer: impl io::Write,
    columns: &[Column],
    rows: &[&Row],
) -> Result<(), ExportError> {
    let mut csv = csv::Writer::from_writer(writer);
    csv.write_record(columns.iter().map(|column| column.field.as_ref()))?;
    for row in rows {
        let values = export_json(row);
        csv.write_record(columns.iter().map(|column| {
            match values.get(column.field.as_ref()) {
                Some(Value::Null) => String::new(),
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                // What is joined to the experiment is no field of it.
                None => plain(&column.cell(row)),
            }
        }))?;
    }
    csv.flush()?;
    Ok(())
}

/// The value for machines.
fn plain(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone().into_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Moment(moment) => moment.to_string(),
    }
}

/// Writes all rows and columns as a workbook, with a second sheet that says where they came from.
pub fn export_xlsx(
    writer: impl io::Write + io::Seek + Send,
    columns: &[Column],
    rows: &[&Row],
    origin: &[(&str, String)],
) -> Result<(), ExportError> {
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold();
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let sheet = workbook.add_worksheet().set_name("Experiments")?;
    sheet.set_freeze_panes(1, 1)?;
    for (place, column) in (0_u16..).zip(columns) {
        let unit = column
            .unit
            .map(|unit| format!(" ({unit})"))
            .unwrap_or_default();
        sheet.write_with_format(0, place, format!("{}{unit}", column.heading), &bold)?;
        for (line, row) in (1_u32..).zip(rows) {
            match (column.cell(row), column.kind) {
                (Cell::Empty, _) => {}
                (Cell::Text(text), _) => {
                    sheet.write_string(line, place, text)?;
                }
                // Excel counts durations in days.
                (Cell::Number(seconds), ColumnKind::Duration) => {
                    let hours = Format::new().set_num_format("[h]:mm:ss");
                    sheet.write_number_with_format(line, place, seconds / 86_400.0, &hours)?;
                }
                (Cell::Number(number), _) => {
                    sheet.write_number(line, place, number)?;
                }
                (Cell::Moment(moment), _) => {
                    // Days since the day that spreadsheets count from.
                    let days = moment.as_second() as f64 / 86_400.0 + 25_569.0;
                    sheet.write_number_with_format(line, place, days, &date)?;
                }
            }
        }
    }
    let about = workbook.add_worksheet().set_name("About")?;
    for (line, (name, value)) in (0_u32..).zip(origin) {
        about.write_with_format(line, 0, *name, &bold)?;
        about.write_string(line, 1, value)?;
    }
    workbook.save_to_writer(writer)?;
    Ok(())
}
