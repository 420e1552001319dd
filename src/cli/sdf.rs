//! `hits --sdf`: the ligands of the chosen hits in one file, with the columns of the table as fields.

use std::{io::Write as _, path::Path};

use futures_util::{StreamExt as _, stream};

use super::console::{Console, Failure};
use crate::{
    api::{ApiError, ApiResult, Client},
    disk::write_file,
    hits::HitsTable,
    model::{MediaFile, Problem, plural},
    table::Extract,
};

/// Number of files that are fetched at once.
const AT_ONCE: usize = 6;
/// A ligand is no larger than this, in bytes.
const LARGEST: usize = 4 << 20;
/// The end of the coordinates and bonds in a molfile.
const END: &str = "M  END";
/// Number of names that a sentence lists.
const LISTED: usize = 8;

/// Fetches the molfile of each hit and writes all of them, in the order of the table. Coordinates are the server's,
/// byte for byte. Hits without one are named.
pub(super) async fn save_sdf(
    console: &mut Console,
    client: &Client,
    path: &Path,
    extract: &Extract,
    hits: &HitsTable,
) -> Result<(), Failure> {
    let sheet = &extract.sheet;
    let rows: Vec<usize> = extract.rows.iter().map(|row| *row as usize).collect();
    let fetched: Vec<ApiResult<Option<String>>> = stream::iter(rows.iter().copied())
        .map(|row| {
            let file = hits.ligands.get(&sheet.id(row));
            async move {
                match file {
                    Some(file) => molfile(client, file).await,
                    None => Ok(None),
                }
            }
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let (mut text, mut missing, mut count) = (String::new(), Vec::new(), 0);
    for (row, molfile) in rows.into_iter().zip(fetched) {
        match molfile {
            Ok(Some(molfile)) => {
                text.push_str(&record(&molfile, extract, row));
                count += 1;
            }
            Ok(None) | Err(ApiError::NotFound { .. } | ApiError::NotOffered) => {
                missing.push(sheet.code(row).into_owned());
            }
            Err(error) => return Err(error.into()),
        }
    }
    write_file(path, |file| file.write_all(text.as_bytes()))
        .map_err(|error: std::io::Error| Problem::not_saved(path, &error))?;
    let ligands = plural(count, "ligand", "ligands");
    console.note(&format!("Saved {ligands} to {}.", path.display()));
    if !missing.is_empty() {
        let named: Vec<&str> = missing.iter().take(LISTED).map(String::as_str).collect();
        let more = missing.len() - named.len();
        let rest = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        console.note(&format!(
            "The server has no structure of {}: {}{rest}.",
            plural(missing.len(), "hit", "hits"),
            named.join(", ")
        ));
    }
    Ok(())
}

/// Returns the first molfile in a file; `None` if it contains none.
async fn molfile(client: &Client, file: &MediaFile) -> ApiResult<Option<String>> {
    let mut arriving = client.media(file, None).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = arriving.chunk().await? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LARGEST {
            return Ok(None);
        }
    }
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    let end = text.find(END).map(|at| at + END.len());
    Ok(end.and_then(|end| text.get(..end)).map(str::to_owned))
}

/// Returns an SDF record: the molfile under the hit's code, and every non-empty cell as a field.
fn record(molfile: &str, extract: &Extract, row: usize) -> String {
    let sheet = &extract.sheet;
    // The first line is a title; programs show it as the name of the molecule.
    let rest = molfile.split_once('\n').map_or("", |(_, rest)| rest);
    let mut text = format!("{}\n{rest}\n", one_line(&sheet.code(row)));
    for place in &extract.columns {
        let value = one_line(&sheet.text(*place, row));
        if let Some(column) = sheet.column(*place).filter(|_| !value.is_empty()) {
            text.push_str(&format!("> <{}>\n{value}\n\n", column.field));
        }
    }
    text.push_str("$$$$\n");
    text
}

/// Returns a value that can neither end a record nor begin a field.
fn one_line(text: &str) -> String {
    text.split(['\n', '\r'])
        .filter(|line| *line != "$$$$")
        .collect::<Vec<_>>()
        .join(" ")
        .trim()
        .to_owned()
}
