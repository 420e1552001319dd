//! `library` and `update`: the folders on this disk, and what is new on the server.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::{Value, json};

use super::{
    args::{Cli, LibraryArgs, UpdateArgs},
    connect::{Connection, TokenSource, connect, connect_with_retries},
    console::{Console, Exit, Failure},
    download::{Records, fetch},
    outcome::print_update,
    paths::{absolute_all, searchable_all, why_unsearchable},
};
use crate::{
    dataset::{Dataset, Report},
    disk::{is_same_folder, resolved_path},
    downloads::{Finished, Job, OnExisting},
    library::{LibraryEntry, Unavailable, UpdateStatus, check_for_updates, list_again, scan},
    model::{ErrorKind, Problem, TargetKey, byte_text, count_text, plural},
};

/// The next step if a folder is not the right one.
const FIND: &str = "The command “library” lists the known folders.";

/// Returns the rows of the printed table, headings first.
fn table_of(shelf: &[LibraryEntry], checked: &[Option<UpdateStatus>]) -> Vec<Vec<String>> {
    let headings = "Target,Observations,Size,Downloaded,State,Folder".split(',');
    let headings = headings.map(str::to_owned).collect();
    let rows = shelf.iter().zip(checked).map(|(one, checked)| {
        let held = one.dataset();
        let day = held.and_then(|held| held.finished);
        vec![
            one.name.clone(),
            held.map_or(String::new(), |held| count_text(held.observations)),
            held.map_or(String::new(), |held| byte_text(held.bytes)),
            day.map_or(String::new(), |at| at.strftime("%Y-%m-%d").to_string()),
            state_words(one, checked.as_ref()),
            one.place.display().to_string(),
        ]
    });
    std::iter::once(headings).chain(rows).collect()
}

/// Lists the known folders and, if requested, what is new.
pub(super) async fn list(
    cli: &Cli,
    args: &LibraryArgs,
    token: TokenSource,
    noting: &Records<'_>,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let folders = searchable_all(&args.folders)?;
    list_again(noting.library, &folders);
    let shelf = scan(noting.library, &folders);
    let checked = if args.check {
        let connection = connect(cli, token, None, console).await?;
        checked(&connection, &shelf).await?
    } else {
        vec![None; shelf.len()]
    };
    let is_known =
        |checked: &Option<UpdateStatus>| !matches!(checked, Some(UpdateStatus::Unknown { .. }));
    let exit = if checked.iter().all(is_known) {
        Exit::Complete
    } else {
        Exit::Incomplete
    };
    if args.json {
        let rows = shelf.iter().zip(&checked);
        let rows: Vec<Value> = rows
            .map(|(one, checked)| as_value(one, checked.as_ref()))
            .collect();
        console.json(&json!(rows))?;
        return Ok(exit);
    }
    if shelf.is_empty() {
        console.note("There are no known data folders. Name one with --in, or download something.");
        return Ok(exit);
    }
    console.table(&table_of(&shelf, &checked))?;
    for (one, checked) in shelf.iter().zip(&checked) {
        match (&one.held, checked) {
            (Err(why), _) => {
                console.note(&format!("{}: {}.", one.place.display(), why.why()));
            }
            (Ok(_), Some(UpdateStatus::Unknown { why, .. })) => {
                console.note(&format!("{}: {why}.", one.name));
            }
            (Ok(_), _) => {}
        }
    }
    Ok(exit)
}

/// Checks the folders that were downloaded from this server.
async fn checked(
    connection: &Connection,
    shelf: &[LibraryEntry],
) -> Result<Vec<Option<UpdateStatus>>, Failure> {
    let (client, is_demo) = (&connection.client, connection.is_demo());
    let is_asked =
        |one: &LibraryEntry| !one.is_previous_version && one.is_from(client.server(), is_demo);
    let asked: Vec<Arc<Dataset>> = shelf
        .iter()
        .filter(|one| is_asked(one))
        .filter_map(|one| one.dataset().cloned())
        .collect();
    let mut answers = check_for_updates(client, &asked).await?.into_iter();
    Ok(shelf
        .iter()
        .map(|one| is_asked(one).then(|| answers.next()).flatten())
        .collect())
}

fn state_words(one: &LibraryEntry, checked: Option<&UpdateStatus>) -> String {
    match (&one.held, checked) {
        (Err(why), _) => why.label().to_lowercase(),
        // What is missing or changed here is more than that the server has nothing newer.
        (Ok(held), Some(UpdateStatus::UpToDate { .. })) => match &held.report {
            _ if !held.local_changes.is_empty() => held.local_changes.words(),
            Some(report) if !report.is_complete() => "incomplete".to_owned(),
            _ => "up to date".to_owned(),
        },
        (Ok(_), Some(UpdateStatus::Newer { difference, .. })) => difference.words(),
        (Ok(_), Some(UpdateStatus::Unknown { .. })) => "not known".to_owned(),
        (Ok(_), None) if one.is_previous_version => "previous version".to_owned(),
        (Ok(held), None) if !held.local_changes.is_empty() => held.local_changes.words(),
        (Ok(_), None) => String::new(),
    }
}

fn as_value(one: &LibraryEntry, checked: Option<&UpdateStatus>) -> Value {
    let held = one.dataset();
    let target = held.and_then(|held| held.target.as_ref());
    let upload = held.and_then(|held| held.upload.as_ref());
    let mut value = json!({
        "folder": one.place.to_string_lossy(),
        "target": target.map(|target| &target.title),
        "tas": target.map(|target| target.tas.as_str()),
        "server": held.and_then(|held| held.server.as_ref()),
        "downloaded": held.and_then(|held| held.finished).map(|at| at.to_string()),
        "upload": upload.and_then(|upload| upload.version),
        "observations": held.map(|held| held.observations),
        "files": held.map(|held| held.files),
        "bytes": held.map(|held| held.bytes),
        "earlier": one.is_previous_version,
        "changed_by_hand": held.map(|held| !held.local_changes.is_empty()),
        "state": null,
        "new": [], "changed": [], "superseded": [],
        "why": one.held.as_ref().err().map(Unavailable::why),
    });
    match checked {
        // What it lacks, the server may not have either; up to date it is not.
        Some(UpdateStatus::UpToDate { .. }) => {
            let report = held.and_then(|held| held.report.as_ref());
            let is_incomplete = report.is_some_and(|report| !report.is_complete());
            value["state"] = json!(if is_incomplete {
                "incomplete"
            } else {
                "up_to_date"
            });
            if let Some(report) = report.filter(|_| is_incomplete) {
                value["why"] = json!(report.summary());
            }
            if let Some(held) = held.filter(|held| !held.local_changes.is_empty()) {
                value["why"] = json!(held.local_changes.words());
            }
        }
        Some(UpdateStatus::Newer { difference, .. }) => {
            value["state"] = json!("newer");
            value["new"] = json!(difference.new);
            value["changed"] = json!(difference.changed);
            value["superseded"] = json!(difference.superseded);
        }
        Some(UpdateStatus::Unknown { why, .. }) => {
            value["state"] = json!("unknown");
            value["why"] = json!(why);
        }
        None => {
            if let Err(why) = &one.held {
                value["state"] = json!(why.name());
            }
        }
    }
    value
}

/// Updates the folder of a target.
pub(super) async fn update(
    cli: &Cli,
    args: &UpdateArgs,
    token: TokenSource,
    noting: &Records<'_>,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let folders = absolute_all(args.folder.as_slice())?;
    list_again(noting.library, &folders);
    let shelf = scan(noting.library, &folders);
    let one = match chosen(&shelf, args, folders.first()) {
        Ok(one) => one,
        Err(problem) => return print_update(console, &Err(problem), args.json),
    };
    let connection = connect_with_retries(cli, token, console).await?;
    let result = update_one(&connection, one, noting, console).await;
    print_update(console, &result, args.json)
}

/// Returns the result of an update that had nothing to do.
fn unchanged(one: &LibraryEntry, report: &Report) -> Finished {
    Finished {
        place: one.place.clone(),
        before: None,
        // The result of the previous update says nothing about this one.
        report: Report {
            renewed: None,
            ..report.clone()
        },
    }
}

async fn update_one(
    connection: &Connection,
    one: &LibraryEntry,
    noting: &Records<'_>,
    console: &mut Console,
) -> Result<Finished, Problem> {
    let client = &connection.client;
    let held = one.held.as_ref();
    let held = held.map_err(|why| not_found(why.why().to_owned(), FIND))?;
    if !one.is_from(client.server(), connection.is_demo()) {
        let own = held.server.as_deref().unwrap_or_default();
        let message = format!("{} was downloaded from {own}", one.place.display());
        return Err(not_found(message, "Name that server with --server."));
    }
    let checked = check_for_updates(client, std::slice::from_ref(held)).await?;
    let place = resolved_path(&one.place);
    let (Some(request), Some(report), Some(parent)) = (&held.request, &held.report, place.parent())
    else {
        let message = format!("{} has no download record", one.place.display());
        return Err(not_found(message, "Download the target again."));
    };
    let job = Job {
        placing: OnExisting::Update,
        renews: Some(place.clone()),
        ..Job::new(request.clone(), parent.to_owned())
    };
    if is_wanted(one, (held, report), checked.first(), console)? {
        fetch(connection, job, noting, console).await
    } else {
        Ok(unchanged(one, report))
    }
}

/// Says what the server has that the folder does not. Returns `true` if there is anything to fetch.
fn is_wanted(
    one: &LibraryEntry,
    (held, report): (&Dataset, &Report),
    checked: Option<&UpdateStatus>,
    console: &mut Console,
) -> Result<bool, Problem> {
    match checked {
        Some(UpdateStatus::UpToDate { .. }) if held.local_changes.is_empty() => {
            // Without gain the folder stays as it is, so it may be asked again each time.
            let is_asked_again = report.can_be_asked_again();
            console.note(&if report.is_complete() {
                format!("{} is up to date.", one.name)
            } else {
                let missing = if is_asked_again {
                    " What did not arrive is requested again."
                } else {
                    ""
                };
                format!(
                    "The server has nothing newer for {}. {}.{missing}",
                    one.name,
                    report.summary()
                )
            });
            return Ok(is_asked_again);
        }
        Some(UpdateStatus::UpToDate { .. }) => console.note(&format!(
            "The server has nothing newer, but the folder has changed since the download: {}.",
            held.local_changes.words()
        )),
        Some(UpdateStatus::Newer {
            difference,
            is_rough: false,
            ..
        }) => {
            console.note(&format!("{}: {}.", one.name, difference.words()));
        }
        Some(
            UpdateStatus::Newer { .. }
            | UpdateStatus::Unknown {
                anew_helps: true, ..
            },
        ) => {
            console.note("It is not known what has changed, so everything is downloaded again.");
        }
        // An answer that may be incomplete must not replace the existing folder.
        Some(UpdateStatus::Unknown { why, .. }) => {
            let message = format!("{}: {why}", one.name);
            return Err(not_found(message, "Try again later."));
        }
        None => return Err(not_found("The folder was not found".to_owned(), FIND)),
    }
    Ok(true)
}

/// Returns the folder that the arguments select.
fn chosen<'a>(
    shelf: &'a [LibraryEntry],
    args: &UpdateArgs,
    folder: Option<&PathBuf>,
) -> Result<&'a LibraryEntry, Problem> {
    let is_meant = |target: &TargetKey| {
        let tas = args.tas.as_deref();
        target.title == args.target && tas.is_none_or(|tas| tas == target.tas.as_str())
    };
    let mut found = shelf.iter().filter(|one| {
        let target = one.dataset().and_then(|held| held.target.as_ref());
        !one.is_previous_version
            && target.is_some_and(is_meant)
            && folder.is_none_or(|folder| is_same_folder(folder, &one.place))
    });
    let first = found.next();
    if first.is_none()
        && let Some(why) = folder.and_then(|folder| wrong_folder_reason(shelf, folder))
    {
        return Err(not_found(why, FIND));
    }
    match (first, found.count()) {
        (Some(one), 0) => Ok(one),
        (Some(_), more) => Err(not_found(
            format!(
                "{} with data of {} are known",
                plural(more + 1, "folder", "folders"),
                args.target
            ),
            "Name one with --folder (the command “library” lists them), or give its target access string with --tas.",
        )),
        (None, _) => Err(not_found(
            format!("No folder with data of {} is known", args.target),
            "Name it with --folder, or download it first.",
        )),
    }
}

/// Returns why the named folder is not the right one, as far as that can be determined.
fn wrong_folder_reason(shelf: &[LibraryEntry], folder: &Path) -> Option<String> {
    let known = shelf.iter().find(|one| is_same_folder(folder, &one.place));
    let Some(one) = known else {
        return why_unsearchable(folder);
    };
    Some(match &one.held {
        Err(why) => format!("{}: {}", folder.display(), why.why()),
        Ok(held) if held.target.is_none() => format!(
            "{} has no download record that can be read, so it is not known what was requested. Download the target again",
            folder.display()
        ),
        Ok(_) => format!("{} contains {}", folder.display(), one.name),
    })
}

fn not_found(message: String, next_step: &'static str) -> Problem {
    Problem::new(ErrorKind::NotFound, message).with_next_step(next_step)
}
