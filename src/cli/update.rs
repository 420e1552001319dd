//! `update`: fetches what the server has and a folder has not.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use super::{
    args::{Cli, UpdateArgs},
    connect::{Connection, TokenSource, connect_with_retries},
    console::{Console, Exit, Failure},
    download::{Records, fetch},
    outcome::print_update,
    paths::{absolute_all, why_unsearchable},
};
use crate::{
    dataset::{Dataset, LocalChanges, Report, verify_dataset},
    disk::{is_same_folder, resolved_path},
    downloads::{DownloadError, Finished, Job, OnExisting},
    library::{LibraryEntry, UpdateStatus, check_for_updates, list_again, scan},
    model::{ErrorKind, Problem, TargetKey, plural},
};

/// The next step if a folder is not the right one.
const FIND: &str = "The command “library” lists the known folders.";

/// Updates the folder of a target.
pub(super) async fn run(
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
    let connection = match connect_with_retries(cli, token, console).await {
        Ok(connection) => connection,
        Err(Failure::Problem(problem)) => {
            return print_update(console, &Err(problem), args.json);
        }
        Err(failure) => return Err(failure),
    };
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
    let changes = changes_since(held, checked.first()).await?;
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
    if is_wanted(one, (&changes, report), checked.first(), console)? {
        fetch(connection, job, noting, console).await
    } else {
        Ok(unchanged(one, report))
    }
}

/// Returns what has changed in a folder since the download. Where nothing else is to be fetched, every byte is read: the
/// folder is about to be called checked.
async fn changes_since(
    held: &Arc<Dataset>,
    checked: Option<&UpdateStatus>,
) -> Result<LocalChanges, Problem> {
    let changes = &held.local_changes;
    if !matches!(checked, Some(UpdateStatus::UpToDate { .. })) || !changes.is_empty() {
        return Ok(changes.clone());
    }
    let place = held.place.clone();
    let verifying = tokio::task::spawn_blocking(move || {
        verify_dataset(&place, &AtomicBool::new(false), &|_, _| {})
    });
    let crashed = |_| Problem::new(ErrorKind::Crashed, "Internal error while verifying");
    let found = verifying.await.map_err(crashed)?;
    let found = found.map_err(|error| DownloadError::from(error).problem())?;
    Ok(found.unwrap_or_default())
}

/// Says what the server has that the folder does not. Returns `true` if there is anything to fetch.
fn is_wanted(
    one: &LibraryEntry,
    (changes, report): (&LocalChanges, &Report),
    checked: Option<&UpdateStatus>,
    console: &mut Console,
) -> Result<bool, Problem> {
    match checked {
        Some(UpdateStatus::UpToDate { .. }) if changes.is_empty() => {
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
            changes.words()
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
