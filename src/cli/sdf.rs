//! `hits --sdf`: the ligands of the chosen hits in one file, with the columns of the table as fields.

use std::{io::Write as _, path::Path};

use futures_util::{StreamExt as _, stream};

use super::console::{Console, Failure, not_saved};
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

/// The ligand of a hit.
enum Ligand {
    /// The first molfile of its file.
    Molfile(String),
    /// The server names no file, or does not have the one that it names.
    None,
    /// What the server sent is not a molfile, or is not a whole one.
    Damaged,
}

/// Fetches the molfile of each hit and writes all of them, in the order of the table. Coordinates are the server's,
/// byte for byte. Hits without one are named. Returns `false` if the ligand of a hit could not be fetched or read.
pub(super) async fn save_sdf(
    console: &mut Console,
    client: &Client,
    path: &Path,
    extract: &Extract,
    hits: &HitsTable,
) -> Result<bool, Failure> {
    let sheet = &extract.sheet;
    let rows: Vec<usize> = extract.rows.iter().map(|row| *row as usize).collect();
    let fetched: Vec<ApiResult<Ligand>> = stream::iter(rows.iter().copied())
        .map(|row| {
            let file = hits.ligands.get(&sheet.id(row));
            async move {
                match file {
                    Some(file) => molfile(client, file).await,
                    None => Ok(Ligand::None),
                }
            }
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let mut ligands = Ligands::default();
    for (row, ligand) in rows.into_iter().zip(fetched) {
        ligands.add(extract, row, ligand)?;
    }
    write_file(path, |file| file.write_all(ligands.text.as_bytes()))
        .map_err(|error| not_saved(path, error))?;
    let count = plural(ligands.count, "ligand", "ligands");
    console.note(&format!("Saved {count} to {}.", path.display()));
    Ok(ligands.note_missing(console))
}

/// The ligands of the hits as one text, and the hits that have none.
#[derive(Default)]
struct Ligands {
    text: String,
    count: usize,
    /// Codes of hits of which the server has no structure.
    missing: Vec<String>,
    /// Codes of hits of which the server sent something else.
    damaged: Vec<String>,
    /// Codes of hits whose structure could not be fetched, for each cause.
    failed: Vec<(String, Vec<String>)>,
}

impl Ligands {
    /// Adds the ligand of a row, or records why there is none.
    ///
    /// # Errors
    /// What concerns all of them: the session, or the connection to the server.
    fn add(
        &mut self,
        extract: &Extract,
        row: usize,
        ligand: ApiResult<Ligand>,
    ) -> Result<(), Problem> {
        let code = || extract.sheet.code(row).into_owned();
        match ligand {
            Ok(Ligand::Molfile(molfile)) => {
                self.text.push_str(&record(&molfile, extract, row));
                self.count += 1;
            }
            Ok(Ligand::None) | Err(ApiError::NotFound { .. } | ApiError::NotOffered) => {
                self.missing.push(code());
            }
            Ok(Ligand::Damaged) => self.damaged.push(code()),
            Err(error) => {
                let problem = error.problem();
                if problem.kind.is_session_problem() || problem.kind.is_connection_problem() {
                    return Err(problem);
                }
                let mut known = self.failed.iter_mut();
                match known.find(|(why, _)| *why == problem.message) {
                    Some((_, codes)) => codes.push(code()),
                    None => self.failed.push((problem.message, vec![code()])),
                }
            }
        }
        Ok(())
    }

    /// Names the hits that have no ligand in the text. Returns `false` if the server may have one after all.
    fn note_missing(&self, console: &mut Console) -> bool {
        note_hits(console, "The server has no structure of", &self.missing, "");
        let why = " What the server sent for them is not a whole molfile. Try again later.";
        note_hits(
            console,
            "Could not read the structure of",
            &self.damaged,
            why,
        );
        for (why, codes) in &self.failed {
            let why = format!(" {}. Try again later.", why.trim_end_matches('.'));
            note_hits(console, "Could not fetch the structure of", codes, &why);
        }
        self.damaged.is_empty() && self.failed.is_empty()
    }
}

/// Prints a sentence that names some hits, followed by the reason.
fn note_hits(console: &mut Console, sentence: &str, codes: &[String], why: &str) {
    if codes.is_empty() {
        return;
    }
    let named: Vec<&str> = codes.iter().take(LISTED).map(String::as_str).collect();
    let more = codes.len() - named.len();
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    console.note(&format!(
        "{sentence} {}: {}{rest}.{why}",
        plural(codes.len(), "hit", "hits"),
        named.join(", ")
    ));
}

/// Returns the first molfile in a file.
async fn molfile(client: &Client, file: &MediaFile) -> ApiResult<Ligand> {
    let mut arriving = client.media(file, None).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = arriving.chunk().await? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LARGEST {
            return Ok(Ligand::Damaged);
        }
    }
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    let end = text.find(END).map(|at| at + END.len());
    let molfile = end.and_then(|end| text.get(..end));
    Ok(molfile.map_or(Ligand::Damaged, |text| Ligand::Molfile(text.to_owned())))
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
