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

/// How long changes are gathered before they are written: a text changes with every key.
const SAVE_LATER: Duration = Duration::from_millis(500);

/// Changes that are not on the disk yet, the oldest first.
type Unsaved = Vec<(ExperimentKey, NoteChange)>;

/// The notes on the experiments of a server.
#[derive(Default)]
pub struct NotesState {
    /// Those of the present server.
    notes: Notes,
    server: String,
    reading: Remote<Notes>,
    /// The notes of a server after a change of them.
    writing: Remote<(String, Notes)>,
    /// What is not on the disk yet, by server.
    unsaved: BTreeMap<String, Unsaved>,
    /// How many of whose changes are being written.
    sent: Option<(String, usize)>,
    /// The servers whose changes are to be written. One whose file refuses holds up no other.
    waiting: BTreeSet<String>,
    due: Option<Instant>,
    /// Whether the rows do not show the newest texts yet.
    is_stale: bool,
    /// Whether what is being read may be older than what has been written.
    reads_older: bool,
    /// Whether it is therefore to be read once more, after the writing.
    reads_again: bool,
    /// Why they could not be read the last time: said once, however often they are read.
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
        // What is not on the disk yet is shown all the same.
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
        let unsaved = self.unsaved.entry(self.server.clone()).or_default();
        let sent = self.sent.as_ref().filter(|(of, _)| *of == self.server);
        let is_sent = sent.is_some_and(|(_, count)| unsaved.len() <= *count);
        match (unsaved.last_mut().filter(|_| !is_sent), change) {
            // A text that is being typed is one change, not one for each key.
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
        true
    }

    /// Shows what the disk says, and what is not there yet.
    fn take(&mut self, mut notes: Notes) {
        for (key, change) in self.unsaved.get(&self.server).into_iter().flatten() {
            notes.change(key, change.clone());
        }
        self.is_stale |= self.notes != notes;
        self.notes = notes;
    }

    /// Forgets what has been written. Returns the notes as they are on the disk now, if they are those on screen.
    fn settle(&mut self) -> Option<Notes> {
        let (server, count) = self.sent.take()?;
        // What could not be written is written with the next change there, or at the end.
        let (_, notes) = self.writing.take_value()?;
        if let Some(unsaved) = self.unsaved.get_mut(&server) {
            unsaved.drain(..count.min(unsaved.len()));
            if unsaved.is_empty() {
                self.unsaved.remove(&server);
            }
        }
        (server == self.server).then_some(notes)
    }

    /// Takes what has been read and written. Returns what could not be.
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

    /// Reads the notes of the present server: another copy of the program may have changed them.
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

    /// Replaces the text of a note. The rows show it when it is written: with every key would be too often.
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

    /// Writes what is not on the disk yet. Blocks on the disk: the window is closing.
    pub fn keep_notes(&mut self) {
        let folder = self.notes_folder();
        let notes = &mut self.experiments.notes;
        // One server whose file refuses costs no other one.
        notes.unsaved.retain(|server, changes| {
            let written = folder.change(server, changes);
            if let Err(error) = &written {
                tracing::warn!(%error, "notes could not be saved at the end");
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
            "Your stars and notes could not be saved ({error}). They are shown until you close the window, and saved with your next change if that is possible then."
        ),
    )
}
