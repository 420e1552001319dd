//! Leaves a readable file when the program crashes.

use std::{backtrace::Backtrace, panic, path::PathBuf, thread};

use crate::{
    model::{LogBook, LogLevel},
    store::write_crash,
};

/// Lines of the log in a report.
const LINES: usize = 50;

/// From now on a crash of this thread, which is the window's, leaves a report in the program's own folder. What the program was told in secret is in
/// none of it: secrets have types that cannot be written.
pub fn report_crashes(data: PathBuf, about: String, book: LogBook) {
    let before = panic::take_hook();
    let window = thread::current().id();
    panic::set_hook(Box::new(move |what| {
        if thread::current().id() != window {
            // Work beside the window has a fault; the program continues and says so itself.
            tracing::error!(%what, "work beside the window has crashed");
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
        // Where even that fails there is nothing left to do.
        write_crash(&data, &at, &text).ok();
        before(what);
    }));
}
