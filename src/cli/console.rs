//! Output of the commands, and their exit codes.

use std::{
    borrow::Cow,
    io::{self, IsTerminal as _, Write},
    path::Path,
};

use serde_json::Value;

use crate::{
    disk::write_file,
    model::{ErrorKind, Problem, Secret, plural, visible, visible_json},
};

/// The exit codes. Fixed for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Success.
    Complete = 0,
    /// Failure.
    Failed = 1,
    /// The arguments are invalid.
    Usage = 2,
    /// Something that was requested could not be downloaded.
    Incomplete = 3,
    /// There is no display for the window.
    NoDisplay = 4,
    /// The token that was given is not accepted.
    Rejected = 5,
}

impl Exit {
    /// Returns the exit code.
    pub fn code(self) -> u8 {
        self as u8
    }
}

/// Why a command ended early.
#[derive(Debug)]
pub(super) enum Failure {
    /// Any other failure.
    Problem(Problem),
    /// This combination of arguments is invalid.
    Usage(String),
    /// The demo server could not be started.
    Demo(io::Error),
    /// The output is closed, or cannot be written.
    Output(io::Error),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<crate::api::ApiError> for Failure {
    fn from(error: crate::api::ApiError) -> Self {
        tracing::debug!(error = &error as &dyn std::error::Error, "a request failed");
        Self::Problem(error.problem())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Replaces a secret in the output.
const CONCEALED: &str = "[token]";

/// Standard output for results, standard error for everything else.
pub struct Console {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    /// Never printed in a line or as JSON, whatever a server puts into its answers. Tables are written as they are.
    secrets: Vec<Secret>,
}

impl Console {
    /// Returns the console of this process.
    pub fn standard() -> Self {
        Self {
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            secrets: Vec::new(),
        }
    }

    /// Replaces a secret in everything that is printed from now on: a server may repeat what it was sent.
    pub(super) fn conceal(&mut self, secret: Secret) {
        self.secrets.push(secret);
    }

    fn without_secrets<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for secret in &self.secrets {
            if text.contains(secret.expose()) {
                text = Cow::Owned(text.replace(secret.expose(), CONCEALED));
            }
        }
        text
    }

    /// Prints a line of the result. Nothing in it can control the terminal.
    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        let text = visible(&self.without_secrets(text)).into_owned();
        writeln!(self.out, "{text}")
    }

    /// Prints the result as JSON.
    pub(super) fn json(&mut self, value: &Value) -> io::Result<()> {
        let json = serde_json::to_string_pretty(value)?;
        let json = visible_json(&self.without_secrets(&json)).into_owned();
        writeln!(self.out, "{json}")?;
        // A full disk or a closed pipe must show now, while it can still be reported.
        self.out.flush()
    }

    /// Flushes what was printed so far.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Saves a table, or prints it if the path is `-`. On a terminal, nothing from the server may control it; a pipe
    /// or a file gets every character unchanged.
    pub(super) fn save_csv(
        &mut self,
        path: &Path,
        bytes: &[u8],
        rows: usize,
    ) -> Result<(), Failure> {
        if path.as_os_str() != "-" {
            let written = write_file(path, |file| file.write_all(bytes));
            written.map_err(|error| not_saved(path, error))?;
            let rows = plural(rows, "row", "rows");
            self.note(&format!("Saved {rows} to {}.", path.display()));
            return Ok(());
        }
        if io::stdout().is_terminal() {
            let text = String::from_utf8_lossy(bytes);
            self.out.write_all(visible(&text).as_bytes())?;
        } else {
            self.out.write_all(bytes)?;
        }
        Ok(self.out.flush()?)
    }

    /// Prints a line for the user on standard error, apart from the result.
    pub fn note(&mut self, text: &str) {
        // Without standard error there is no way to report it.
        let text = visible(&self.without_secrets(text)).into_owned();
        writeln!(self.err, "{text}").ok();
    }

    /// Prints several such lines.
    pub(super) fn notes(&mut self, texts: impl IntoIterator<Item = String>) {
        for text in texts {
            self.note(&text);
        }
    }

    /// Reports the failure and returns the exit code.
    pub(super) fn fail(&mut self, failure: &Failure) -> Exit {
        match failure {
            Failure::Problem(problem) => {
                self.note(&problem.to_string());
                exit_for(problem.kind)
            }
            Failure::Usage(text) => {
                self.note(text);
                Exit::Usage
            }
            Failure::Demo(error) => {
                self.note(&format!(
                    "The demo server could not be started: {error}. Choose another port, or leave it out."
                ));
                Exit::Failed
            }
            // `| head` closes the output early; that is not a failure.
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Complete,
            Failure::Output(error) => {
                self.note(&format!("The output could not be written: {error}."));
                Exit::Failed
            }
        }
    }

    /// Prints texts in aligned columns.
    pub(super) fn table(&mut self, rows: &[Vec<String>]) -> io::Result<()> {
        // A comment of several lines is one row all the same.
        let one_line = |text: &String| text.replace(['\n', '\r', '\t'], " ");
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(one_line).collect())
            .collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let widths: Vec<usize> = (0..columns)
            .map(|place| {
                rows.iter()
                    .filter_map(|row| row.get(place))
                    .map(|text| text.chars().count())
                    .max()
                    .unwrap_or_default()
            })
            .collect();
        for row in &rows {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(text, width)| format!("{text:<width$}"))
                .collect();
            self.line(cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}

/// Returns why a file could not be saved: the end of a pipe such as `/dev/stdout` is no failure, as for standard
/// output itself.
pub(super) fn not_saved(path: &Path, error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        Failure::Output(error)
    } else {
        Problem::not_saved(path, &error).into()
    }
}

/// Returns the exit code for a failure.
pub(super) fn exit_for(kind: ErrorKind) -> Exit {
    if matches!(kind, ErrorKind::Refused | ErrorKind::Expired) {
        Exit::Rejected
    } else {
        Exit::Failed
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;

    /// What was written so far.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            written.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn server_text_cannot_control_the_terminal_or_repeat_the_token() {
        let (out, err) = (Written::default(), Written::default());
        let mut console = Console {
            out: Box::new(out.clone()),
            err: Box::new(err.clone()),
            secrets: Vec::new(),
        };
        console.conceal(Secret::new("demo-alice"));
        console.note("No demo-alice here");
        console
            .json(&serde_json::json!({ "demo-alice": "demo-alice" }))
            .unwrap();
        let odd = "a\u{1b}]0;title\u{7}\u{9b}31m\u{202e}b";
        console.line(odd).unwrap();
        console.note(odd);
        console
            .table(&[vec![odd.to_owned(), odd.to_owned()]])
            .unwrap();
        console.json(&serde_json::json!({ "title": odd })).unwrap();
        let problem = Problem::new(ErrorKind::NotFound, odd);
        console.fail(&Failure::Problem(problem));
        console.fail(&Failure::Usage(odd.to_owned()));
        for written in [out, err] {
            let bytes = written.0.lock().unwrap_or_else(PoisonError::into_inner);
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(text.contains("31m"), "the harmless rest is there: {text:?}");
            assert!(
                text.contains("[token]") && !text.contains("demo-alice"),
                "{text:?}"
            );
            let controls =
                |letter: char| (letter.is_control() && letter != '\n') || letter == '\u{202e}';
            assert!(!text.contains(controls), "{text:?}");
        }
    }
}
