//! The user's stars and notes on experiments: shown at once, written a moment later.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use super::{Remote, State, Undo, Worker};
use crate::{
    model::{ErrorKind, Problem, plural},
    store::{DEMO, NotesFolder},
    table::{ExperimentKey, Note, NoteChange, Notes, Sheet},
};

/// How long changes are gathered before they are written: a text changes with every keystroke.
const SAVE_LATER: Duration = Duration::from_millis(500);

/// Changes that are not on the disk yet, the oldest first.
type Unsaved = Vec<(ExperimentKey, NoteChange)>;

/// The notes on the experiments of a server.
#[derive(Default)]
pub struct NotesState {
    /// The notes of the current server.
    notes: Notes,
    server: String,
    reading: Remote<Notes>,
    /// The notes of a server after a change to them.
    writing: Remote<(String, Notes)>,
    /// Unsaved changes, by server.
    unsaved: BTreeMap<String, Unsaved>,
    /// The server whose changes are being written, and their number.
    sent: Option<(String, usize)>,
    /// The servers whose changes are to be written. A file that cannot be written does not hold up the others.
    waiting: BTreeSet<String>,
    due: Option<Instant>,
    /// Whether the rows do not show the newest texts yet.
    is_stale: bool,
    /// Whether the notes being read may be older than those already written.
    reads_older: bool,
    /// Whether they must therefore be read again after the write.
    reads_again: bool,
    /// Why the last read failed: reported once, however often they are read.
    unread: Option<String>,
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

    /// Returns rows with the current stars and notes, and clears the stale flag.
    pub(super) fn mark_again(&mut self, sheet: &Sheet) -> Sheet {
        self.is_stale = false;
        sheet.with_notes(&self.notes)
    }

    /// Returns `true` if at least one experiment is starred.
    pub fn has_stars(&self) -> bool {
        self.notes.has_stars()
    }

    /// Returns the unsaved changes, without the notes on screen.
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
        // Unsaved changes are shown all the same.
        self.take(self.notes.clone());
        self.reads_older = self.writing.is_loading();
        self.reading.start(worker, async move {
            let path = folder.path(&server);
            let read = tokio::task::spawn_blocking(move || folder.read(&server)).await;
            read.map_err(std::io::Error::from)
                .flatten()
                .map_err(|error| {
                    let sentence = format!(
                        "Your stars and notes could not be read ({error}). They are in {}, which is left unchanged.",
                        path.display()
                    );
                    Problem::new(ErrorKind::NotWritable, sentence)
                })
        });
    }

    fn change(&mut self, key: ExperimentKey, change: NoteChange) {
        self.notes.change(&key, change.clone());
        let unsaved = self.unsaved.entry(self.server.clone()).or_default();
        let sent = self.sent.as_ref().filter(|(of, _)| *of == self.server);
        let is_sent = sent.is_some_and(|(_, count)| unsaved.len() <= *count);
        match (unsaved.last_mut().filter(|_| !is_sent), change) {
            // A text that is being typed is one change, not one per keystroke.
            (Some((last, NoteChange::Text { text, .. })), NoteChange::Text { text: newer, .. })
                if *last == key =>
            {
                *text = newer;
            }
            (_, change) => unsaved.push((key, change)),
        }
        self.waiting.insert(self.server.clone());
        self.is_stale = true;
        self.due = Some(Instant::now() + SAVE_LATER);
    }

    /// Writes the changes of one server. Returns `false` if others are still being written.
    fn write(&mut self, worker: &Worker, folder: NotesFolder) -> bool {
        if self.writing.is_loading() {
            return false;
        }
        self.due = None;
        let Some(server) = self.waiting.pop_first() else {
            return true;
        };
        let changes = self.unsaved.get(&server).cloned().unwrap_or_default();
        self.sent = Some((server.clone(), changes.len()));
        // Notes read in the meantime may lack what is being written now.
        self.reads_older |= self.reading.is_loading();
        self.writing.start(worker, async move {
            let written = tokio::task::spawn_blocking(move || {
                let notes = folder.change(&server, &changes)?;
                Ok::<_, std::io::Error>((server, notes))
            });
            let written = written.await.map_err(std::io::Error::from).flatten();
            written.map_err(|error| not_saved(&error))
        });
        true
    }

    /// Shows the notes from the disk, with the unsaved changes applied.
    fn take(&mut self, mut notes: Notes) {
        for (key, change) in self.unsaved.get(&self.server).into_iter().flatten() {
            notes.change(key, change.clone());
        }
        self.is_stale |= self.notes != notes;
        self.notes = notes;
    }

    /// Drops the changes that were written. Returns the notes now on the disk, if they are those on screen.
    fn settle(&mut self) -> Option<Notes> {
        let (server, count) = self.sent.take()?;
        // Changes that could not be written are written with the next one, or on exit.
        let (_, notes) = self.writing.take_value()?;
        if let Some(unsaved) = self.unsaved.get_mut(&server) {
            unsaved.drain(..count.min(unsaved.len()));
            if unsaved.is_empty() {
                self.unsaved.remove(&server);
            }
        }
        (server == self.server).then_some(notes)
    }

    /// Processes finished reads and writes. Returns a sentence for each failure.
    fn poll(&mut self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.reading.poll() {
            let unread = self.reading.problem().map(|own| own.message.clone());
            if unread != self.unread {
                problems.extend(unread.clone());
                self.unread = unread;
            }
            let read = self.reading.take_value();
            self.reads_again = self.reads_older;
            if let Some(notes) = read.filter(|_| !self.reads_older) {
                self.take(notes);
            }
        }
        if self.writing.poll() {
            problems.extend(self.writing.problem().map(|own| own.message.clone()));
            if let Some(notes) = self.settle() {
                self.take(notes);
            }
            if !self.waiting.is_empty() {
                self.due.get_or_insert_with(Instant::now);
            }
        }
        problems
    }
}

impl State {
    fn notes_folder(&self) -> NotesFolder {
        NotesFolder::in_folder(&self.environment.folders.data)
    }

    /// Reads the notes of the current server: another copy of the program may have changed them.
    pub fn read_notes(&mut self) {
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
        let notes = &mut self.experiments.notes;
        let had = |key: &ExperimentKey| notes.of(key).is_some_and(|note| note.is_starred);
        let removed: Vec<ExperimentKey> = keys.iter().filter(|key| had(key)).cloned().collect();
        for key in keys {
            notes.change(key, NoteChange::Star(is_starred));
        }
        self.experiments.show_notes();
        if !is_starred && !removed.is_empty() {
            let stars = plural(removed.len(), "star was", "stars were");
            let told = format!("{stars} removed.");
            self.notices.offer_undo(told, Undo::RemovedStars(removed));
        }
    }

    /// Replaces the text of a note. The rows show it once it is saved: every keystroke would be too often.
    pub(super) fn write_note(&mut self, key: ExperimentKey, before: String, text: String) {
        let change = NoteChange::Text { before, text };
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
        let folder = self.notes_folder();
        let notes = &mut self.experiments.notes;
        let is_begun = is_due && notes.write(&self.environment.worker, folder);
        if self.experiments.notes.is_stale && (is_begun || due.is_none()) {
            self.experiments.show_notes();
        }
        wait.filter(|wait| !wait.is_zero())
    }

    /// Writes the unsaved changes. Blocks on the disk: the window is closing.
    pub fn save_notes(&mut self) {
        let folder = self.notes_folder();
        let notes = &mut self.experiments.notes;
        // A file that cannot be written does not affect the other servers.
        notes.unsaved.retain(|server, changes| {
            let written = folder.change(server, changes);
            if let Err(error) = &written {
                tracing::warn!(%error, "notes could not be saved on exit");
            }
            written.is_err()
        });
        (notes.sent, notes.due) = (None, None);
        notes.waiting.clear();
    }
}

fn not_saved(error: &std::io::Error) -> Problem {
    Problem::new(
        ErrorKind::NotWritable,
        format!(
            "Your stars and notes could not be saved ({error}). They are shown until you close the window, and saved with your next change, if possible."
        ),
    )
}
