//! Short messages about what has been done, and longer ones that stay until they are closed.

use std::time::{Duration, Instant};

/// How long a short message stays.
const SHORT: Duration = Duration::from_secs(4);

/// A message.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its unique id.
    pub id: u64,
    /// The sentence.
    pub text: String,
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
        self.add(text.into(), Some(Instant::now() + SHORT));
    }

    /// Shows a message that must not be missed.
    pub fn warn(&mut self, text: impl Into<String>) {
        self.add(text.into(), None);
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

    fn add(&mut self, text: String, until: Option<Instant>) {
        if self.list.iter().any(|notice| notice.text == text) {
            return;
        }
        self.next += 1;
        self.list.push(Notice {
            id: self.next,
            text,
            until,
        });
    }
}
