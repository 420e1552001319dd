//! The newest lines of this program's own log, for the window and for reports.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

/// Maximum number of lines in memory; older ones are in the file only.
const MOST: usize = 2_000;

/// The severity of a line, the most severe first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// An error.
    Error,
    /// Something unexpected happened, and was handled.
    Warning,
    /// An event.
    Information,
}

impl LogLevel {
    /// All levels, the most severe first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Information];

    /// Returns the name of the level on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Error => "Error",
            Self::Warning => "Warning",
            Self::Information => "Information",
        }
    }
}

/// A line of the log. It contains no secrets: those have a type that cannot be printed.
#[derive(Clone, Debug)]
pub struct LogLine {
    /// When.
    pub at: jiff::Zoned,
    /// The severity.
    pub level: LogLevel,
    /// What happened.
    pub text: String,
}

impl std::fmt::Display for LogLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let time = self.at.strftime("%Y-%m-%d %H:%M:%S");
        write!(f, "{time} {}: {}", self.level.label(), self.text)
    }
}

/// The newest lines. Cheap to clone; all clones share the same lines.
#[derive(Clone, Debug, Default)]
pub struct LogBook(Arc<Mutex<VecDeque<LogLine>>>);

impl LogBook {
    /// Writes a line.
    pub fn push(&self, line: LogLine) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == MOST {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// Returns the lines of at least this severity, oldest first.
    pub fn lines(&self, least: LogLevel) -> Vec<LogLine> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let grave = lines.iter().filter(|line| line.level <= least);
        grave.cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_lines_are_kept_and_can_be_filtered_by_level() {
        let book = LogBook::default();
        for number in 0..MOST + 5 {
            book.push(LogLine {
                at: jiff::Zoned::now(),
                level: LogLevel::ALL[number % 3],
                text: number.to_string(),
            });
        }
        let all = book.lines(LogLevel::Information);
        assert_eq!(all.len(), MOST);
        assert_eq!(all[0].text, "5");
        let errors = book.lines(LogLevel::Error);
        assert!(errors.len() < MOST / 2 && errors.iter().all(|line| line.level == LogLevel::Error));
    }
}
