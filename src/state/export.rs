//! Exports of the table: workbooks, text, pictures. All of it happens in the background.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use super::{PictureFile, State, TableFile};
use crate::{
    disk::write_file,
    model::{ErrorKind, Problem, plural},
    picture::TextRendering,
    table::{
        Chart, ChartError, ExportError, Extract, Structures, Subject, export_csv_for_spreadsheets,
        export_xlsx, png, svg,
    },
};

impl State {
    pub(super) fn save_table(&mut self, extract: Extract, path: &Path, form: TableFile) {
        let server = self
            .sessions
            .current
            .as_ref()
            .map(|session| session.server.to_string());
        let now = (self.environment.clock)();
        let completeness = self.experiments.why_incomplete();
        let origin = [
            ("Server", server.unwrap_or_default()),
            ("Saved", now.strftime("%Y-%m-%d %H:%M %Z").to_string()),
            ("Rows", extract.rows.len().to_string()),
            (
                "Complete",
                completeness.clone().unwrap_or_else(|| "Yes".to_owned()),
            ),
            (
                match self.experiments.subject {
                    Subject::Experiments => "Read from the server",
                    Subject::Hits => "Experiments read from the server",
                },
                self.experiments
                    .table
                    .value()
                    .map(|table| table.at.strftime("%Y-%m-%d %H:%M %Z").to_string())
                    .unwrap_or_default(),
            ),
        ];
        let (path, rows) = (path.to_owned(), plural(extract.rows.len(), "row", "rows"));
        let worker = &self.environment.worker;
        self.taken.save(worker, path.clone(), async move {
            let work = tokio::task::spawn_blocking(move || {
                let mut marked = 0;
                make_folder(&path);
                let written = write_file(&path, |file| -> Result<(), ExportError> {
                    match form {
                        TableFile::Csv => {
                            let file = std::io::BufWriter::new(file);
                            marked = export_csv_for_spreadsheets(file, &extract)?;
                            Ok(())
                        }
                        TableFile::Xlsx => export_xlsx(file, &extract, &origin, Structures::AsText),
                        TableFile::XlsxWithStructures => {
                            export_xlsx(file, &extract, &origin, Structures::Drawn)
                        }
                    }
                });
                match written {
                    Ok(()) => Ok(format!(
                        "Saved {rows} to {}.{}{}",
                        path.display(),
                        apostrophe_note(marked),
                        completeness.map_or_else(String::new, |why| format!(" {why}"))
                    )),
                    Err(error) => Err(error.problem(&path)),
                }
            });
            work.await.map_err(|error| crashed(&error))?
        });
    }

    pub(super) fn save_picture(&mut self, chart: Chart, path: PathBuf, form: PictureFile) {
        let worker = &self.environment.worker;
        self.taken.save(worker, path.clone(), async move {
            let work = tokio::task::spawn_blocking(move || {
                make_folder(&path);
                let written = write_file(&path, |file| -> Result<(), ChartError> {
                    let bytes = match form {
                        PictureFile::Png => png(&chart)?,
                        PictureFile::Svg => svg(&chart, TextRendering::Words).into_bytes(),
                    };
                    Ok(file.write_all(&bytes)?)
                });
                match written {
                    Ok(()) => Ok(format!("Saved the plot to {}.", path.display())),
                    Err(ChartError::Drawing) => Err(not_drawn()),
                    Err(error) => Err(Problem::not_saved(&path, &error)),
                }
            });
            work.await.map_err(|error| crashed(&error))?
        });
    }
}

/// Creates the folder of a file. If that fails, the error of the write says why.
pub(super) fn make_folder(path: &Path) {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).ok();
    }
}

pub(super) fn not_drawn() -> Problem {
    Problem::new(ErrorKind::Crashed, "The picture could not be drawn")
}

/// Returns a sentence about the cells that look like formulas.
pub(super) fn apostrophe_note(marked: usize) -> String {
    match marked {
        0 => String::new(),
        count => format!(
            " {} looked like a formula and got a leading apostrophe, so that no spreadsheet evaluates it.",
            plural(count, "cell", "cells")
        ),
    }
}

/// Returns the problem for a background task that panicked.
pub(super) fn crashed(error: &tokio::task::JoinError) -> Problem {
    tracing::error!(%error, "work on the table ended unexpectedly");
    Problem::new(ErrorKind::Crashed, "Internal error in Fragalysis Desktop")
}
