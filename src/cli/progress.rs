//! Progress of a download: a bar on a terminal, or occasional lines otherwise.

use std::{
    io::{IsTerminal as _, Write as _},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    downloads::Stage,
    model::{byte_text, plural, visible},
};

/// Shorter downloads show no progress.
const SHORT: Duration = Duration::from_secs(5);
/// Time between two lines of the same stage.
const PAUSE: Duration = Duration::from_secs(15);

/// Shows the progress of a download on standard error.
pub(super) enum Progress {
    /// For a user at a terminal.
    Bar(ProgressBar),
    /// For a log: a line at each new stage, and periodically in between.
    Lines(Mutex<Lines>),
}

pub(super) struct Lines {
    begun: Instant,
    last: Option<(String, Instant)>,
}

impl Progress {
    pub(super) fn new() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::Lines(Mutex::new(Lines {
                begun: Instant::now(),
                last: None,
            }));
        }
        let bar = ProgressBar::new(1000);
        // The template is a constant; if it were wrong the plain bar would do.
        if let Ok(style) = ProgressStyle::with_template("{prefix:26} [{bar:30}] {msg}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self::Bar(bar)
    }

    pub(super) fn show(&self, stage: &Stage) {
        match self {
            Self::Bar(bar) => {
                bar.set_prefix(stage.words());
                let (done, total) = stage.amount().unwrap_or((0, 1));
                bar.set_length(total);
                bar.set_position(done);
                bar.set_message(visible(&message(stage)).into_owned());
            }
            Self::Lines(lines) => {
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(line) = lines.line(stage, Instant::now()) {
                    // A closed standard error cannot be reported anywhere.
                    writeln!(std::io::stderr(), "{}", visible(&line)).ok();
                }
            }
        }
    }

    pub(super) fn clear(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

impl Lines {
    /// Returns the line that is due at a stage, if one is.
    fn line(&mut self, stage: &Stage, now: Instant) -> Option<String> {
        // Another reason for waiting counts as another stage.
        let what = match stage {
            Stage::WaitingForServer { reason } => format!("{}: {reason}", stage.words()),
            _ => stage.words().to_owned(),
        };
        let is_due = match &self.last {
            _ if now.duration_since(self.begun) < SHORT => false,
            Some((before, at)) => *before != what || now.duration_since(*at) >= PAUSE,
            None => true,
        };
        if !is_due {
            return None;
        }
        let line = match message(stage) {
            text if text.is_empty() || matches!(stage, Stage::WaitingForServer { .. }) => {
                what.clone()
            }
            text => format!("{what}: {text}"),
        };
        self.last = Some((what, now));
        Some(line)
    }
}

/// Returns the text beside the name of a stage.
fn message(stage: &Stage) -> String {
    match stage {
        Stage::Waiting | Stage::Asking | Stage::Ordered | Stage::Reporting => String::new(),
        Stage::WaitingForServer { reason } => reason.clone(),
        Stage::Building { message, .. } => message.clone().unwrap_or_default(),
        Stage::Receiving { received, total } => match total {
            Some(total) => format!("{} of {}", byte_text(*received), byte_text(*total)),
            None => byte_text(*received),
        },
        Stage::Checking { files } => plural(*files, "file", "files"),
        Stage::Unpacking { files, total } => {
            format!("{files} of {}", plural(*total, "file", "files"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_gets_a_line_at_each_new_stage_and_periodically() {
        let begun = Instant::now();
        let mut lines = Lines { begun, last: None };
        let mut at =
            |seconds: u64, stage: &Stage| lines.line(stage, begun + Duration::from_secs(seconds));
        let receiving = Stage::Receiving {
            received: 1_000_000,
            total: Some(2_000_000),
        };
        let waiting = |reason: &str| Stage::WaitingForServer {
            reason: reason.to_owned(),
        };
        assert_eq!(at(1, &Stage::Asking), None);
        assert_eq!(at(6, &receiving).unwrap(), "Receiving: 1.0 MB of 2.0 MB");
        assert_eq!(at(7, &receiving), None);
        assert!(at(30, &receiving).is_some());
        let line = at(31, &waiting("The server is down at the moment")).unwrap();
        assert_eq!(
            line,
            "Waiting for the server: The server is down at the moment"
        );
        assert_eq!(at(32, &waiting("The server is down at the moment")), None);
        assert!(at(33, &waiting("The server is too busy")).is_some());
    }
}
