//! Prints how a download ended: plain text for users, JSON for programs.

use serde_json::{Value, json};

use super::console::{Console, Exit, Failure, exit_for};
use crate::{
    dataset::{MANIFEST, Outcome},
    downloads::Finished,
    model::{Problem, byte_text, plural},
};

/// Maximum number of names per kind that are printed; the rest are counted.
const LISTED: usize = 20;

/// Prints the result of a download, and returns the exit code.
pub(super) fn print_result(
    console: &mut Console,
    result: &Result<Finished, Problem>,
    as_json: bool,
) -> Result<Exit, Failure> {
    let json = as_json.then(|| as_value(result));
    print_with(console, result, json.as_ref())
}

/// Prints the result of an update, whose JSON also says whether there was anything to do. Returns the exit code.
pub(super) fn print_update(
    console: &mut Console,
    result: &Result<Finished, Problem>,
    as_json: bool,
) -> Result<Exit, Failure> {
    let json = as_json.then(|| {
        let is_changed = result
            .as_ref()
            .is_ok_and(|done| done.report.renewed.is_some());
        let mut value = as_value(result);
        value["changed"] = Value::Bool(is_changed);
        value
    });
    print_with(console, result, json.as_ref())
}

/// Prints the result as this JSON, or in words.
fn print_with(
    console: &mut Console,
    result: &Result<Finished, Problem>,
    json: Option<&Value>,
) -> Result<Exit, Failure> {
    let exit = match result {
        Ok(done) => match done.report.outcome {
            Outcome::Complete => Exit::Complete,
            Outcome::Incomplete => Exit::Incomplete,
        },
        Err(problem) => exit_for(problem.kind),
    };
    if let Some(value) = json
        && let Err(error) = console.json(value)
    {
        report_on_stderr(console, result, &error);
        return Ok(exit);
    }
    match result {
        // The downloaded files are there, whether or not the result can be printed.
        Ok(done) => match print(console, done, json.is_some()) {
            Err(Failure::Output(error)) => report_on_stderr(console, result, &error),
            told => told?,
        },
        Err(problem) => console.note(&problem.to_string()),
    }
    Ok(exit)
}

/// Reports the result on standard error, because standard output cannot be written; it is also in the record beside
/// the data.
fn report_on_stderr(
    console: &mut Console,
    result: &Result<Finished, Problem>,
    error: &std::io::Error,
) {
    console.note(&format!("The result could not be printed: {error}."));
    match result {
        Ok(done) => console.note(&format!(
            "{}. {} in {}",
            done.report.summary(),
            plural(done.report.files, "file", "files"),
            done.place.display()
        )),
        Err(problem) => console.note(&problem.to_string()),
    }
}

/// Prints the result. With JSON on standard output, prints only what the JSON does not contain, on standard error.
fn print(console: &mut Console, done: &Finished, as_json: bool) -> Result<(), Failure> {
    let report = &done.report;
    if as_json {
        if report.outcome == Outcome::Incomplete {
            console.note(&format!("{}.", report.summary()));
        }
        return Ok(());
    }
    console.line(&format!("{}.", report.summary()))?;
    console.line(&format!(
        "{}, {}, checked, in {}",
        plural(report.files, "file", "files"),
        byte_text(report.bytes),
        done.place.display()
    ))?;
    if let Some(renewed) = &report.renewed {
        console.line(&format!("{}.", renewed.words()))?;
        if renewed.was_changed_by_hand {
            console.line("The previous folder had local changes, so it was left unchanged.")?;
        }
    }
    if let Some(before) = &done.before {
        console.line(&format!("Previous version kept as {}", before.display()))?;
    }
    for note in &report.notes {
        console.note(&format!("Note: {note}"));
    }
    let gaps: Vec<String> = report.coverage.gaps().map(|gap| gap.gap_text()).collect();
    list(console, "requested but not received", &gaps);
    list(console, "not on the server", &report.missing);
    list(console, "unknown to the server", &report.unknown_codes);
    if let Some(lost) = &report.lost {
        list(console, "could not be downloaded", &lost.codes);
        console.note(&lost.why.to_string());
    }
    Ok(())
}

/// Prints names on standard error; the record beside the data has the full list.
fn list(console: &mut Console, what: &str, names: &[String]) {
    for name in names.iter().take(LISTED) {
        console.note(&format!("{what}: {name}"));
    }
    if let Some(more) = names.len().checked_sub(LISTED).filter(|more| *more > 0) {
        console.note(&format!("{what}: {more} more, all listed in {MANIFEST}"));
    }
}

fn as_value(result: &Result<Finished, Problem>) -> Value {
    match result {
        Ok(done) => json!({
            "outcome": done.report.outcome,
            // A name that is not Unicode is shown as closely as JSON can.
            "folder": done.place.to_string_lossy(),
            "files": done.report.files,
            "bytes": done.report.bytes,
            "missing": done.report.missing,
            "unknown_codes": done.report.unknown_codes,
            "absent": done.report.coverage.gaps().collect::<Vec<_>>(),
            "not_offered": done.report.not_offered,
            "mismatches": done.report.mismatches,
            "notes": done.report.notes,
            "error": done.report.lost.as_ref().map(|lost| as_error(&lost.why)),
        }),
        Err(problem) => json!({
            "outcome": "failed",
            "folder": null,
            "files": 0,
            "bytes": 0,
            "missing": [],
            "unknown_codes": problem.codes,
            "absent": [],
            "not_offered": [],
            "mismatches": [],
            "notes": [],
            "error": as_error(problem),
        }),
    }
}

/// Returns a problem as the value of `error` in JSON.
pub(super) fn as_error(problem: &Problem) -> Value {
    json!({
        "kind": problem.kind,
        "message": problem.message,
        "next_step": problem.next_step(),
    })
}
