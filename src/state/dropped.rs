//! A file or folder that was dropped onto the window: a list of codes, a view, or a folder with data.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{LibraryCommand, Remote, Route, State};
use crate::{
    disk::plain_path,
    model::{ErrorKind, Problem, decoded},
    store::ViewFile,
};

/// Upper bound on the size of a list of codes, in bytes.
const LARGEST: u64 = 5 << 20;

/// What was dropped.
pub(super) enum Dropped {
    /// A folder, perhaps with data.
    Folder(PathBuf),
    /// A view of the table.
    View(PathBuf),
    /// The text of a file.
    Codes(String),
}

/// The text of the newest dropped list of codes, with a number that distinguishes it from earlier ones.
#[derive(Default)]
pub struct DroppedCodes {
    pub(super) reading: Remote<Dropped>,
    number: u64,
    text: String,
}

impl DroppedCodes {
    /// Returns the newest list with its number; the number is 0 before the first one.
    pub fn newest(&self) -> (u64, &str) {
        (self.number, &self.text)
    }
}

impl State {
    /// Looks at what was dropped, in the background: it may be on a slow disk.
    pub(super) fn take_dropped(&mut self, path: PathBuf) {
        let worker = &self.environment.worker;
        self.dropped.reading.start(worker, async move {
            let read = tokio::task::spawn_blocking(move || read(&path));
            read.await.map_err(|error| super::export::crashed(&error))?
        });
    }

    /// Adds a dropped folder to the library; keeps a dropped list for the download dialog; shows a view.
    pub(super) fn poll_dropped(&mut self) {
        self.poll_view_file();
        if !self.dropped.reading.poll() {
            return;
        }
        if let Some(problem) = self.dropped.reading.problem() {
            self.notices.warn(problem.to_string());
        }
        match self.dropped.reading.take_value() {
            Some(Dropped::Folder(folder)) => {
                self.route = Route::Downloads;
                self.apply_to_library(LibraryCommand::Add(folder));
            }
            Some(Dropped::View(path)) => self.open_view_file(path),
            Some(Dropped::Codes(text)) => {
                self.dropped.number += 1;
                self.dropped.text = text;
            }
            None => {}
        }
    }
}

fn read(path: &Path) -> Result<Dropped, Problem> {
    let shown = plain_path(path).display().to_string();
    let unread = |error: io::Error| {
        Problem::new(
            ErrorKind::NotWritable,
            format!("“{shown}” could not be read ({error})"),
        )
        .with_next_step("Check that you have permission to read it.")
    };
    let about = fs::metadata(path).map_err(unread)?;
    if about.is_dir() {
        return Ok(Dropped::Folder(path.to_owned()));
    }
    let refused = || {
        Problem::new(
            ErrorKind::InvalidRequest,
            format!("“{shown}” is not a list of codes"),
        )
        .with_next_step("Drop a text file with codes, a view, or a folder with downloaded data.")
    };
    if !about.is_file() || about.len() > LARGEST {
        return Err(refused());
    }
    let bytes = fs::read(path).map_err(unread)?;
    let text = decoded(&bytes).filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(refused)?;
    Ok(if ViewFile::is_one(&text) {
        Dropped::View(path.to_owned())
    } else {
        Dropped::Codes(text)
    })
}
