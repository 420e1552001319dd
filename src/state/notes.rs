//! The user's stars and notes on experiments: shown at once, written a moment later.

use std::time::{Duration, Instant};

use super::{Remote, State, Worker};
use crate::{
    model::{ErrorKind, Problem},
    store::{DEMO, NotesFolder},
    table::{ExperimentKey, Note, NoteChange, Notes, Sheet},
};

/// How long changes are gathered before they are written: a text changes with every key.
const SAVE_LATER: Duration = Duration::from_millis(500);

/// A change that is not on the disk yet.
#[derive(Clone)]
struct Unsaved {
    server: String,
    key: ExperimentKey,
    change: NoteChange,
}

/// The notes on the experiments of a server.
#[derive(Default)]
pub struct NotesState {
    /// Those of the present server.
    notes: Notes,
    server: String,
    reading: Remote<Notes>,
    /// The notes of a server after a change of them.
    writing: Remote<(String, Notes)>,
    /// What is not on the disk yet, the oldest first; the first `sent` are being written.
    unsaved: Vec<Unsaved>,
    sent: usize,
    due: Option<Instant>,
    /// Whether the rows do not show the newest texts yet.
    is_stale: bool,
    /// Whether what is being read may be older than what has been written.
    reads_older: bool,
    /// Whether it is therefore to be read once more, after the writing.
    reads_again: bool,
}

impl NotesState {
    /// Returns the note on an experiment.
    pub fn of(&self, key: &ExperimentKey) -> Option<&Note> {
        self.notes.get(key)
    }

    /// Returns the rows with the user's stars and notes.
    pub(super) fn mark(&self, sheet: Sheet) -> Sheet {
        if self.notes.is_empty() {
            sheet
        } else {
            sheet.with_notes(&self.notes)
        }
    }

    /// Returns rows with the present stars and notes, and counts them as shown.
    pub(super) fn mark_again(&mut self, sheet: &Sheet) -> Sheet {
        self.is_stale = false;
        sheet.with_notes(&self.notes)
    }

    /// Returns `true` if at least one experiment is starred.
    pub fn has_stars(&self) -> bool {
        self.notes.has_stars()
    }

    /// Returns what is not on the disk yet, without the notes that are shown.
    pub(super) fn without_shown(self) -> Self {
        Self {
            notes: Notes::default(),
            server: String::new(),
            reading: Remote::NotRequested,
            is_stale: false,
            ..self
        }
    }

    fn read(&mut self, worker: &Worker, folder: NotesFolder, server: String) {
        if self.server != server {
            self.notes = Notes::default();
            self.is_stale = true;
            self.server.clone_from(&server);
        }
        // What was written earlier and is not there yet is shown until it is.
        self.take(self.notes.clone());
        self.reads_older = self.writing.is_loading();
        self.reading.start(worker, async move {
            let path = folder.path(&server);
            let read = tokio::task::spawn_blocking(move || folder.read(&server)).await;
            read.map_err(std::io::Error::from)
                .flatten()
                .map_err(|error| {
                    let sentence = format!(
                        "Your stars and notes could not be read ({error}). They are in {}, which is left as it is.",
                        path.display()
                    );
                    Problem::new(ErrorKind::NotWritable, sentence)
                })
        });
    }

    fn change(&mut self, key: ExperimentKey, change: NoteChange) {
        self.notes.change(&key, change.clone());
        let waiting = self.unsaved.get_mut(self.sent..).unwrap_or_default();
        let is_text = |change: &NoteChange| matches!(change, NoteChange::Text(_));
        // A text that is being typed is one change, not one for each key.
        match waiting.last_mut() {
            Some(last)
                if last.server == self.server
                    && last.key == key
                    && is_text(&last.change) == is_text(&change) =>
            {
                last.change = change;
            }
            _ => self.unsaved.push(Unsaved {
                server: self.server.clone(),
                key,
                change,
            }),
        }
        self.is_stale = true;
        self.due.get_or_insert_with(|| Instant::now() + SAVE_LATER);
    }

    /// Returns the oldest changes, all of one server.
    fn next(&self) -> Option<(String, Vec<(ExperimentKey, NoteChange)>)> {
        let server = self.unsaved.first()?.server.clone();
        let own = self.unsaved.iter().take_while(|one| one.server == server);
        let changes = own.map(|one| (one.key.clone(), one.change.clone()));
        let changes = changes.collect();
        Some((server, changes))
    }

    fn write(&mut self, worker: &Worker, folder: NotesFolder) {
        if self.writing.is_loading() {
            return;
        }
        self.due = None;
        let Some((server, changes)) = self.next() else {
            return;
        };
        self.sent = changes.len();
        // What is read meanwhile may lack what is written now.
        self.reads_older |= self.reading.is_loading();
        self.writing.start(worker, async move {
            let written = tokio::task::spawn_blocking(move || {
                let notes = folder.change(&server, &changes)?;
                Ok::<_, std::io::Error>((server, notes))
            });
            let written = written.await.map_err(std::io::Error::from).flatten();
            written.map_err(|error| not_saved(&error))
        });
    }

    /// Shows what the disk says, and what is not there yet.
    fn take(&mut self, mut notes: Notes) {
        for own in &self.unsaved {
            if own.server == self.server {
                notes.change(&own.key, own.change.clone());
            }
        }
        self.is_stale |= self.notes != notes;
        self.notes = notes;
    }

    /// Takes what has been read and written. Returns what could not be.
    fn poll(&mut self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.reading.poll() {
            problems.extend(self.reading.problem().map(|own| own.message.clone()));
            let read = self.reading.take_value();
            self.reads_again = self.reads_older;
            if let Some(notes) = read.filter(|_| !self.reads_older) {
                self.take(notes);
            }
        }
        if self.writing.poll() {
            let sent = std::mem::take(&mut self.sent);
            problems.extend(self.writing.problem().map(|own| own.message.clone()));
            // What could not be written is written together with the next change, or at the end.
            if let Some((server, notes)) = self.writing.take_value() {
                self.unsaved.drain(..sent.min(self.unsaved.len()));
                if server == self.server {
                    self.take(notes);
                }
                if !self.unsaved.is_empty() {
                    self.due.get_or_insert_with(Instant::now);
                }
            }
        }
        problems
    }
}

impl State {
    fn notes_folder(&self) -> NotesFolder {
        NotesFolder::in_folder(&self.environment.folders.data)
    }

    /// Reads the notes of the present server: another copy of the program may have changed them.
    pub(super) fn read_notes(&mut self) {
        let Some(session) = &self.sessions.current else {
            return;
        };
        let demo = self.environment.demo.as_ref();
        let server = if demo.is_some_and(|demo| demo.address == session.server) {
            DEMO.to_owned()
        } else {
            session.server.to_string()
        };
        let folder = self.notes_folder();
        let notes = &mut self.experiments.notes;
        notes.read(&self.environment.worker, folder, server);
    }

    /// Stars experiments, or removes their stars.
    pub(super) fn star(&mut self, keys: Vec<ExperimentKey>, is_starred: bool) {
        for key in keys {
            let change = NoteChange::Star(is_starred);
            self.experiments.notes.change(key, change);
        }
        self.experiments.show_notes();
    }

    /// Replaces the text of a note. The rows show it when it is written: with every key would be too often.
    pub(super) fn write_note(&mut self, key: ExperimentKey, text: String) {
        let change = NoteChange::Text(text);
        self.experiments.notes.change(key, change);
    }

    /// Processes what was read and written, and writes what is due. Returns the time until something is due.
    pub(super) fn poll_notes(&mut self) -> Option<Duration> {
        for sentence in self.experiments.notes.poll() {
            self.notices.warn(sentence);
        }
        let notes = &mut self.experiments.notes;
        if notes.reads_again && !notes.writing.is_loading() {
            notes.reads_again = false;
            self.read_notes();
        }
        let due = self.experiments.notes.due;
        let wait = due.map(|due| due.saturating_duration_since(Instant::now()));
        let is_due = wait.is_some_and(|wait| wait.is_zero());
        if is_due {
            let folder = self.notes_folder();
            let notes = &mut self.experiments.notes;
            notes.write(&self.environment.worker, folder);
        }
        if self.experiments.notes.is_stale && (is_due || due.is_none()) {
            self.experiments.show_notes();
        }
        wait.filter(|wait| !wait.is_zero())
    }

    /// Writes what is not on the disk yet. Blocks on the disk: the window is closing.
    pub fn keep_notes(&mut self) {
        let folder = self.notes_folder();
        let notes = &mut self.experiments.notes;
        while let Some((server, changes)) = notes.next() {
            if let Err(error) = folder.change(&server, &changes) {
                tracing::warn!(%error, "notes could not be saved at the end");
                return;
            }
            notes.unsaved.drain(..changes.len());
        }
        (notes.sent, notes.due) = (0, None);
    }
}

fn not_saved(error: &std::io::Error) -> Problem {
    Problem::new(
        ErrorKind::NotWritable,
        format!(
            "Your stars and notes could not be saved ({error}). They are shown until you close the window, and saved with your next change if that is possible then."
        ),
    )
}
