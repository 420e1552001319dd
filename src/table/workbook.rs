//! Tables as workbooks: numbers as numbers, dates as dates, structures as text or as drawings.

use std::{
    collections::{HashMap, hash_map::Entry},
    io,
};

use rust_xlsxwriter::{Format, Image, ObjectMovement, Workbook, Worksheet, XlsxError};

use super::{CellValue, ColumnKind, ExportError, Extract, STRUCTURE};
use crate::{chemistry::Structure, picture};

/// How structures are written into a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Structures {
    /// As SMILES, where a column with them is shown.
    AsText,
    /// Drawn, in a column of their own.
    Drawn,
}

/// Size of a cell with a drawing, in the units of the drawing; a unit is a pixel of the spreadsheet.
const DRAWING: [u16; 2] = [220, 120];
/// Pixels of a drawing for each of its units: sharp in print.
const SCALE: f32 = 3.0;
/// Width of a character in a spreadsheet, in points of the table's columns.
const POINTS_PER_CHARACTER: f64 = 6.5;
/// Maximum length of a cell in a workbook, as spreadsheets count it: in UTF-16 units.
const CELL_LIMIT: usize = 32_767;
/// 1 March 1900: spreadsheets assume a 29 February 1900, so that earlier days are shown one day late.
const FIRST_DAY: f64 = 61.0;
/// The first day of the year 10000, which no spreadsheet shows.
const LAST_DAY: f64 = 2_958_466.0;

/// Returns the longest beginning of a text that fits into a cell, without splitting a character.
fn truncated_for_cell(text: &str) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > CELL_LIMIT
    });
    text.get(..end.map_or(text.len(), |(at, _)| at))
        .unwrap_or_default()
}

/// Writes a number, a duration or a time into a cell; leaves it empty if there is no value.
fn write_value(
    page: &mut Worksheet,
    (line, at): (u32, u16),
    cell: CellValue<'_>,
    kind: ColumnKind,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match (cell, kind) {
        (CellValue::Empty, _) => {}
        (CellValue::Text(text), _) => {
            page.write_string(line, at, text)?;
        }
        // Spreadsheets store durations in days.
        (CellValue::Number(seconds), ColumnKind::Duration) => {
            page.write_number_with_format(line, at, seconds / 86_400.0, &formats.hours)?;
        }
        (CellValue::Number(number), _) => {
            page.write_number(line, at, number)?;
        }
        (CellValue::Moment(moment), _) => {
            // Days since the day that spreadsheets count from.
            let days = moment.as_second() as f64 / 86_400.0 + 25_569.0;
            if (FIRST_DAY..LAST_DAY).contains(&days) {
                page.write_number_with_format(line, at, days, &formats.date)?;
            } else {
                page.write_string(line, at, moment.to_string())?;
            }
        }
    }
    Ok(())
}

/// The formats of cells.
struct Formats {
    bold: Format,
    date: Format,
    hours: Format,
}

/// Writes all rows and columns as a workbook, with a second sheet that says where they came from. Drawing structures
/// takes about three milliseconds, and 25 KB of the file, for each that is different.
///
/// # Errors
/// [`ExportError`] if the workbook cannot be made or written.
pub fn export_xlsx(
    writer: impl io::Write + io::Seek + Send,
    extract: &Extract,
    origin: &[(&str, String)],
    structures: Structures,
) -> Result<(), ExportError> {
    let mut workbook = Workbook::new();
    let formats = Formats {
        bold: Format::new().set_bold(),
        date: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
        hours: Format::new().set_num_format("[h]:mm:ss"),
    };
    let page = workbook.add_worksheet();
    page.set_name(extract.sheet.subject().title())?;
    page.set_freeze_panes(1, 1)?;
    let is_drawn = structures == Structures::Drawn;
    // The drawing stands behind the code, and the text of its column is not needed then.
    let columns = extract.columns();
    let columns = columns.filter(|(_, column)| !is_drawn || column.field != STRUCTURE);
    let places = (0_u16..).filter(|at| !is_drawn || *at != 1);
    let (mut cut, mut last) = (0, 0);
    for (at, (place, column)) in places.zip(columns) {
        page.write_with_format(0, at, column.title(), &formats.bold)?;
        page.set_column_width(at, f64::from(column.width) / POINTS_PER_CHARACTER)?;
        cut += write_column(page, extract, (at, place, column.kind), &formats)?;
        last = last.max(at);
    }
    if is_drawn {
        page.write_with_format(0, 1, "Structure", &formats.bold)?;
        draw_structures(page, extract)?;
        last = last.max(1);
    }
    let bottom = u32::try_from(extract.rows.len()).unwrap_or(u32::MAX);
    page.autofilter(0, 0, bottom.max(1), last)?;
    write_origin(&mut workbook, origin, cut, &formats.bold)?;
    workbook.save_to_writer(writer)?;
    Ok(())
}

/// Writes the cells of a column, and returns how many were too long.
fn write_column(
    page: &mut Worksheet,
    extract: &Extract,
    (at, place, kind): (u16, usize, ColumnKind),
    formats: &Formats,
) -> Result<usize, XlsxError> {
    if let ColumnKind::Number(decimals) = kind {
        // The cell keeps all digits; the ones that the table shows are shown.
        let shown = format!("0.{}", "0".repeat(decimals.max(1)));
        page.set_column_format(at, &Format::new().set_num_format(shown))?;
    }
    let mut cut = 0;
    for (line, row) in (1_u32..).zip(extract.rows()) {
        match extract.sheet.cell(place, row) {
            // Written as text, so that it is not evaluated, and with the spaces around it.
            CellValue::Text(text) => {
                let raw = extract.sheet.raw(place, row);
                let text = raw.filter(|raw| raw.trim() == text).unwrap_or(&text);
                let start = truncated_for_cell(text);
                page.write_string(line, at, start)?;
                cut += usize::from(start.len() < text.len());
            }
            other => write_value(page, (line, at), other, kind, formats)?,
        }
    }
    Ok(cut)
}

/// Draws the structure of each row into the second column; a row without one, or with one that cannot be laid out,
/// has its SMILES there.
fn draw_structures(page: &mut Worksheet, extract: &Extract) -> Result<(), XlsxError> {
    let [width, height] = DRAWING;
    page.set_column_width_pixels(1, u32::from(width))?;
    // The same compound is drawn once, however many rows have it.
    let mut drawn: HashMap<String, Option<Image>> = HashMap::new();
    for (line, row) in (1_u32..).zip(extract.rows()) {
        let Some(smiles) = extract.sheet.smiles(row) else {
            continue;
        };
        let image = match drawn.entry(smiles.into_owned()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let image = image_of(entry.key());
                entry.insert(image)
            }
        };
        if let Some(image) = image {
            page.set_row_height_pixels(line, u32::from(height))?;
            page.insert_image_fit_to_cell(line, 1, image, true)?;
        } else {
            let smiles = extract.sheet.smiles(row).unwrap_or_default();
            page.write_string(line, 1, truncated_for_cell(&smiles))?;
        }
    }
    Ok(())
}

fn image_of(smiles: &str) -> Option<Image> {
    let drawing = Structure::read(smiles).ok()?.drawing()?;
    let svg = drawing.svg_in(smiles, &[], DRAWING.map(f32::from));
    let image = Image::new_from_buffer(&picture::png(&svg, SCALE)?).ok()?;
    // Anchored to its cell, so that sorting and filtering move it too.
    let image = image.set_object_movement(ObjectMovement::MoveAndSizeWithCells);
    Some(image.set_alt_text(smiles.chars().take(255).collect::<String>()))
}

/// Writes the sheet that says where the rows came from.
fn write_origin(
    workbook: &mut Workbook,
    origin: &[(&str, String)],
    cut: usize,
    bold: &Format,
) -> Result<(), XlsxError> {
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
        about.write_with_format(line, 0, name, bold)?;
        about.write_string(line, 1, value)?;
    }
    Ok(())
}
