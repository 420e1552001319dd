//! `download`: the main job.

use std::{
    fs,
    io::IsTerminal as _,
    sync::{Arc, atomic::AtomicBool},
};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::{
    args::{Cli, DownloadArgs},
    connect::{TokenSource, connect},
    console::{Console, Exit, Failure, exit_for},
};
use crate::{
    downloads::{Engine, Finished, Job, Outcome, Patience, Stage, run as run_job},
    model::{
        DownloadRequest, ErrorKind, FileKind, FileSelection, Preset, Problem, TargetKey, Tas,
        byte_text, plural,
    },
};

pub(super) async fn run(
    cli: &Cli,
    args: &DownloadArgs,
    token: TokenSource,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let request = request(args)?;
    let result = match connect(cli, token, None).await {
        Ok(connection) => download(&connection.client, request, args).await,
        Err(Failure::Problem(problem)) => Err(problem),
        Err(other) => return Err(other),
    };
    if args.json {
        console.json(&as_json(&result))?;
    }
    match result {
        Ok(done) => {
            if !args.json {
                tell(console, &done)?;
            }
            Ok(match done.report.outcome {
                Outcome::Complete => Exit::Complete,
                Outcome::Incomplete => Exit::Incomplete,
            })
        }
        Err(problem) => {
            console.note(&problem.to_string());
            Ok(exit_for(problem.kind))
        }
    }
}

async fn download(
    client: &crate::api::Client,
    request: DownloadRequest,
    args: &DownloadArgs,
) -> Result<Finished, Problem> {
    let bar = progress_bar();
    let shown = bar.clone();
    let engine = Engine {
        client: client.clone(),
        job: Job {
            request,
            parent: args.to.clone(),
            unpack: true,
            keep_archive: args.keep_archive,
        },
        patience: Patience::default(),
        on_stage: Arc::new(move |stage| show(&shown, &stage)),
        cancelled: Arc::new(AtomicBool::new(false)),
        builds: Arc::new(Semaphore::new(1)),
        clock: jiff::Zoned::now,
    };
    let result = tokio::select! {
        result = run_job(engine) => result.map_err(|error| {
            tracing::debug!(error = &error as &dyn std::error::Error, "a download failed");
            error.problem()
        }),
        // Leaving the other branch drops the work, which leaves nothing incomplete behind.
        _ = tokio::signal::ctrl_c() => Err(Problem { kind: ErrorKind::Cancelled, message: "The download was stopped".to_owned() }),
    };
    bar.finish_and_clear();
    result
}

fn request(args: &DownloadArgs) -> Result<DownloadRequest, Failure> {
    let mut codes: Vec<String> = args
        .codes
        .iter()
        .map(|code| code.trim().to_owned())
        .collect();
    if let Some(path) = &args.codes_file {
        let text = fs::read_to_string(path).map_err(|error| {
            Failure::Usage(format!("{} cannot be read: {error}.", path.display()))
        })?;
        codes = text
            // Some editors begin a file with an invisible mark.
            .trim_start_matches('\u{feff}')
            .split(|c: char| c.is_whitespace() || c == ',' || c == ';')
            .map(str::to_owned)
            .collect();
    }
    codes.retain(|code| !code.is_empty());
    // A list of codes that turns out to be empty must not become "everything".
    if codes.is_empty() && (args.codes_file.is_some() || !args.codes.is_empty()) {
        return Err(Failure::Usage(
            "There are no codes in the list. Leave it out to download all observations.".to_owned(),
        ));
    }
    Ok(DownloadRequest {
        target: TargetKey {
            title: args.target.clone(),
            tas: Tas::new(&args.tas),
        },
        codes,
        files: files(args),
        static_link: false,
    })
}

/// What was chosen; without a choice the structures and the metadata table.
fn files(args: &DownloadArgs) -> FileSelection {
    if let Some(preset) = args.preset {
        return preset.files();
    }
    if !args.files.is_empty() {
        return args.files.iter().copied().collect();
    }
    let mut files = Preset::Structures.files();
    files.set(FileKind::MetadataInfo, true);
    files
}

fn tell(console: &mut Console, done: &Finished) -> Result<(), Failure> {
    let report = &done.report;
    console.line(&format!("{}.", report.summary()))?;
    console.line(&format!(
        "{}, {}, checked, in {}",
        plural(report.files, "file", "files"),
        byte_text(report.bytes),
        done.place.display()
    ))?;
    for path in &report.missing {
        console.note(&format!("not on the server: {path}"));
    }
    for code in &report.unknown_codes {
        console.note(&format!("unknown to the server: {code}"));
    }
    Ok(())
}

fn as_json(result: &Result<Finished, Problem>) -> Value {
    match result {
        Ok(done) => json!({
            "outcome": done.report.outcome,
            "folder": done.place,
            "files": done.report.files,
            "bytes": done.report.bytes,
            "missing": done.report.missing,
            "unknown_codes": done.report.unknown_codes,
            "error": null,
        }),
        Err(problem) => json!({
            "outcome": "failed",
            "folder": null,
            "files": 0,
            "bytes": 0,
            "missing": [],
            "unknown_codes": [],
            "error": { "kind": problem.kind, "message": problem.message },
        }),
    }
}

/// A bar on a terminal, nothing where nobody looks.
fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(1000);
    // The template is a constant; if it were wrong the plain bar would do.
    if let Ok(style) = ProgressStyle::with_template("{prefix:26} [{bar:30}] {msg}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}

fn show(bar: &ProgressBar, stage: &Stage) {
    bar.set_prefix(stage.words());
    let (done, total) = stage.amount().unwrap_or((0, 1));
    bar.set_length(total);
    bar.set_position(done);
    bar.set_message(match stage {
        Stage::Waiting | Stage::Asking => String::new(),
        Stage::WaitingForServer { reason } => reason.clone(),
        Stage::Building { message, .. } => message.clone().unwrap_or_else(|| "queued".to_owned()),
        Stage::Receiving { received, total } => match total {
            Some(total) => format!("{} of {}", byte_text(*received), byte_text(*total)),
            None => byte_text(*received),
        },
        Stage::Checking { files } => plural(*files, "file", "files"),
        Stage::Unpacking { files, total } => {
            format!("{files} of {}", plural(*total, "file", "files"))
        }
    });
}
