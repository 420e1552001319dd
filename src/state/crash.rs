//! Writes a readable report when the program crashes.

use std::{backtrace::Backtrace, panic, path::PathBuf, thread};

use crate::{
    model::{LogBook, LogLevel},
    store::write_crash,
};

/// Number of log lines in a report.
const LINES: usize = 50;

/// Installs a panic hook: from now on a crash of this thread, which is the UI thread, writes a report into the
/// program's own folder. Reports contain no secrets: secrets have types that cannot be printed.
pub fn report_crashes(data: PathBuf, about: String, book: LogBook) {
    let before = panic::take_hook();
    let window = thread::current().id();
    panic::set_hook(Box::new(move |what| {
        if thread::current().id() != window {
            // A background task panicked; the program continues, and reports that itself.
            tracing::error!(%what, "a background task has crashed");
            before(what);
            return;
        }
        let at = jiff::Zoned::now();
        let lines = book.lines(LogLevel::Information);
        let newest = lines.iter().skip(lines.len().saturating_sub(LINES));
        let log: Vec<String> = newest.map(ToString::to_string).collect();
        let text = format!(
            "Fragalysis Desktop has crashed.\n\n{about}\nWhen: {at}\nWhat: {what}\n\nThe log before it:\n{}\n\nWhere:\n{}\n",
            log.join("\n"),
            Backtrace::force_capture()
        );
        // If even that fails, nothing can be done.
        write_crash(&data, &at, &text).ok();
        before(what);
    }));
}
