//! Short messages about what has been done, and longer ones that stay until they are closed.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use super::Undo;

/// How long a short message stays.
const SHORT: Duration = Duration::from_secs(4);

/// How long a message that offers something stays.
const WITH_OFFER: Duration = Duration::from_secs(10);

/// A message.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its unique id.
    pub id: u64,
    /// The sentence.
    pub text: String,
    /// What it offers to undo.
    pub undo: Option<Undo>,
    /// The file that it offers to show in the file manager.
    pub file: Option<PathBuf>,
    /// When it disappears; `None` means that it stays until it is closed.
    until: Option<Instant>,
}

/// The messages on screen, oldest first.
#[derive(Debug, Default)]
pub struct Notices {
    list: Vec<Notice>,
    next: u64,
}

impl Notices {
    /// Shows a short message that disappears by itself.
    pub fn info(&mut self, text: impl Into<String>) {
        self.add(text.into(), Some(SHORT), None);
    }

    /// Shows a message about a file that was saved, and offers to show it.
    pub(super) fn saved(&mut self, text: String, file: PathBuf) {
        // Saved again under the same name, it is news once more.
        self.list.retain(|notice| notice.text != text);
        self.add(text, Some(WITH_OFFER), None);
        if let Some(notice) = self.list.last_mut() {
            notice.file = Some(file);
        }
    }

    /// Shows a message that must not be missed.
    pub fn warn(&mut self, text: impl Into<String>) {
        self.add(text.into(), None, None);
    }

    /// Shows a message that offers to undo what was done.
    pub fn offer_undo(&mut self, text: impl Into<String>, undo: Undo) {
        let text = text.into();
        // Of two identical actions, only the last can be undone.
        self.list.retain(|notice| notice.text != text);
        self.add(text, Some(WITH_OFFER), Some(undo));
    }

    /// Removes a message, and returns what it offers to undo.
    pub(super) fn take_undo(&mut self, id: u64) -> Option<Undo> {
        let place = self.list.iter().position(|notice| notice.id == id)?;
        self.list.remove(place).undo
    }

    /// Removes the offers to set stars again: they are of a server that is no longer shown.
    pub(super) fn forget_removed_stars(&mut self) {
        self.list
            .retain(|notice| !matches!(notice.undo, Some(Undo::RemovedStars(_))));
    }

    /// Removes a message.
    pub fn dismiss(&mut self, id: u64) {
        self.list.retain(|notice| notice.id != id);
    }

    /// Returns the notices.
    pub fn iter(&self) -> impl Iterator<Item = &Notice> {
        self.list.iter()
    }

    /// Removes expired messages. Returns how long the next one still stays.
    pub fn poll(&mut self) -> Option<Duration> {
        let now = Instant::now();
        self.list
            .retain(|notice| notice.until.is_none_or(|until| until > now));
        let next = self.list.iter().filter_map(|notice| notice.until).min()?;
        Some(next.saturating_duration_since(now))
    }

    fn add(&mut self, text: String, stays: Option<Duration>, undo: Option<Undo>) {
        if self.list.iter().any(|notice| notice.text == text) {
            return;
        }
        self.next += 1;
        self.list.push(Notice {
            id: self.next,
            text,
            undo,
            file: None,
            until: stays.map(|time| Instant::now() + time),
        });
    }
}
