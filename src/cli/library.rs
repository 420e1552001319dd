//! `library`: the folders on this disk, and what is new on the server.

use std::{path::PathBuf, sync::Arc};

use serde_json::{Value, json};

use super::{
    args::{Cli, LibraryArgs},
    connect::{Connection, TokenSource, connect},
    console::{Console, Exit, Failure},
    download::Records,
    paths::searchable_all,
};
use crate::{
    dataset::Dataset,
    library::{LibraryEntry, Unavailable, UpdateStatus, check_for_updates, list_again, scan},
    model::{byte_text, count_text},
};

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
    let unread = unread_records(noting, console);
    note_not_remembered(noting, &shelf, console);
    let checked = if args.check {
        let connection = connect(cli, token, None, console).await?;
        checked(&connection, &shelf).await?
    } else {
        vec![None; shelf.len()]
    };
    let is_known =
        |checked: &Option<UpdateStatus>| !matches!(checked, Some(UpdateStatus::Unknown { .. }));
    let exit = if checked.iter().all(is_known) && unread == 0 {
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

/// Says which records of folders cannot be read: their folders are not listed. Returns how many there are.
fn unread_records(noting: &Records<'_>, console: &mut Console) -> usize {
    let unread = noting.library.unreadable();
    for path in &unread {
        console.note(&format!(
            "{} cannot be read, so a folder may be missing from this list. List it again with --in.",
            path.display()
        ));
    }
    unread.len()
}

/// Says which listed folders could not be recorded, so that they will not be listed the next time.
fn note_not_remembered(noting: &Records<'_>, shelf: &[LibraryEntry], console: &mut Console) {
    let known: Vec<PathBuf> = noting
        .library
        .all()
        .into_iter()
        .map(|one| one.folder)
        .collect();
    // What cannot be read is not recorded, and its own sentence says why.
    let is_recorded = |one: &&LibraryEntry| one.held.is_err() || known.contains(&one.place);
    for one in shelf.iter().filter(|one| !is_recorded(one)) {
        console.note(&format!(
            "{} could not be added to the list of known folders. Check that {} can be written to.",
            one.place.display(),
            noting.data.display()
        ));
    }
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
