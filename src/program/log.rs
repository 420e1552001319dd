//! The log: to the terminal, to daily files, and to the buffer that the window shows. Of this program only: what
//! libraries log may contain addresses with secrets.

use std::{fmt, path::Path};

use crate::{
    model::{LogBook, LogLevel, LogLine},
    store::make_log_folder,
};
use tracing::{Event, Level, Subscriber, field::Visit};
use tracing_appender::{non_blocking::WorkerGuard, rolling};
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, Targets},
    layer::{Context, SubscriberExt as _},
    util::SubscriberInitExt as _,
};

/// The name of this program's own part of the log.
const OWN: &str = "fragalysis_desktop";
/// Number of days for which log files are kept.
const DAYS: usize = 7;

/// Keeps the log running; dropping it flushes pending lines.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// What the window shows.
    pub(super) book: LogBook,
    _writer: Option<WorkerGuard>,
}

/// Starts the log. `level` is that of the terminal; `folder` is where the files go, for a program with a window.
pub(super) fn start_log(level: Option<&str>, folder: Option<&Path>) -> Log {
    let level = level.and_then(|level| level.parse::<LevelFilter>().ok());
    let own = |level| Targets::new().with_target(OWN, level);
    let terminal = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_filter(own(level.unwrap_or(LevelFilter::ERROR)));
    let book = LogBook::default();
    // A folder that cannot be written to must not stop the program; the window shows the log all the same.
    let files = folder.and_then(|folder| {
        // Where it is missing, the library says so on the terminal.
        make_log_folder(folder).ok()?;
        rolling::Builder::new()
            .rotation(rolling::Rotation::DAILY)
            .filename_prefix("fragalysis-desktop")
            .filename_suffix("log")
            .max_log_files(DAYS)
            .build(folder)
            .ok()
    });
    let (writer, guard) = files.map(tracing_appender::non_blocking).unzip();
    let files = writer.map(|writer| {
        tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(writer)
            .with_filter(own(LevelFilter::INFO))
    });
    let keeper = folder
        .is_some()
        .then(|| LogBookLayer(book.clone()).with_filter(own(LevelFilter::INFO)));
    // Fails only if a log has been installed before, and none has.
    tracing_subscriber::registry()
        .with(terminal)
        .with(files)
        .with(keeper)
        .try_init()
        .ok();
    Log {
        book,
        _writer: guard,
    }
}

/// Writes log events into the buffer.
struct LogBookLayer(LogBook);

impl<S: Subscriber> Layer<S> for LogBookLayer {
    fn on_event(&self, event: &Event<'_>, _ctx: Context<'_, S>) {
        let mut words = EventText::default();
        event.record(&mut words);
        let level = *event.metadata().level();
        self.0.push(LogLine {
            at: jiff::Zoned::now(),
            level: if level == Level::ERROR {
                LogLevel::Error
            } else if level == Level::WARN {
                LogLevel::Warning
            } else {
                LogLevel::Information
            },
            text: format!("{}{}", words.message, words.fields),
        });
    }
}

/// The text of an event: its message, then its fields.
#[derive(Default)]
struct EventText {
    message: String,
    fields: String,
}

impl Visit for EventText {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        } else {
            self.fields
                .push_str(&format!("; {}: {value:?}", field.name()));
        }
    }
}
