//! Help when something is wrong: the report for support, and the crash report.

use super::{Copied, Remote, State};
use crate::{
    model::{ErrorKind, LogLevel, Problem, plural},
    store::{Crash, forget_crashes, newest_crash},
};

/// Number of log lines in a report.
const LINES: usize = 30;

impl State {
    /// Returns a report for support, as text. It contains no secrets: no token, no name, no code.
    pub fn report(&self) -> String {
        let session = self.sessions.current.as_ref();
        let server =
            session.map_or_else(|| "none".to_owned(), |session| session.server.host_text());
        let state = session.map_or("not signed in", |session| session.state.name());
        let table = self.experiments.sheet();
        let mut lines = vec![
            self.environment.about.clone(),
            format!("Renderer: {}", self.environment.renderer),
            format!("Server: {server}"),
            format!("Session: {state}"),
            format!(
                "Experiments: {} rows, {} columns",
                table.len(),
                table.columns().len()
            ),
            format!(
                "Downloads: {} running, {} in total",
                self.downloads.running(),
                self.downloads.list.len()
            ),
            format!("Text size: {:.0} %", self.settings.text_size * 100.0),
            format!(
                "Written: {}",
                (self.environment.clock)().strftime("%Y-%m-%d %H:%M %Z")
            ),
        ];
        let log = self.environment.log.lines(LogLevel::Warning);
        lines.push(match log.len() {
            0 => "There are no warnings or errors so far.".to_owned(),
            count if count > LINES => {
                format!("The latest {LINES} of {count} warnings and errors:")
            }
            count => format!(
                "{}:",
                plural(count, "warning or error", "warnings and errors")
            ),
        });
        let newest = log.iter().skip(log.len().saturating_sub(LINES));
        lines.extend(newest.map(ToString::to_string));
        lines.join("\n")
    }

    pub(super) fn copy_report(&mut self) {
        self.taken.ready = Some(Copied::Text(self.report()));
        self.notices
            .info("The report has been copied. Paste it into an e-mail; it contains no secrets.");
    }

    /// Returns the crash report that has not been dealt with yet.
    pub fn crash(&self) -> Option<&Crash> {
        self.desktop.crash.value().and_then(Option::as_ref)
    }

    pub(super) fn look_for_crash(&mut self) {
        let data = self.environment.folders.data.clone();
        self.desktop
            .crash
            .start(&self.environment.worker, async move {
                let found = tokio::task::spawn_blocking(move || newest_crash(&data));
                // A crash report that cannot be read is ignored.
                Ok(found.await.unwrap_or_default())
            });
    }

    pub(super) fn copy_crash(&mut self) {
        if let Some(crash) = self.crash() {
            self.taken.ready = Some(Copied::Text(crash.text.clone()));
            self.notices.info("The crash report has been copied.");
        }
    }

    pub(super) fn forget_crash(&mut self) {
        self.desktop.crash = Remote::NotRequested;
        let data = self.environment.folders.data.clone();
        self.desktop
            .crash
            .start(&self.environment.worker, async move {
                let forgotten = tokio::task::spawn_blocking(move || forget_crashes(&data));
                match forgotten.await {
                    Ok(Ok(())) => Ok(None),
                    Ok(Err(error)) => Err(Problem::new(
                        ErrorKind::NotWritable,
                        format!("The crash report could not be removed ({error})"),
                    )),
                    Err(error) => Err(super::export::crashed(&error)),
                }
            });
    }

    pub(super) fn poll_crash(&mut self) {
        if self.desktop.crash.poll()
            && let Some(problem) = self.desktop.crash.problem()
        {
            self.notices.warn(problem.to_string());
        }
    }
}
