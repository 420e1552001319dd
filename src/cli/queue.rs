//! `resume` and `queue`: downloads that were interrupted.

use std::{env, path::PathBuf};

use serde_json::json;

use super::{
    args::{Cli, QueueArgs, ResumeArgs},
    connect::{TokenSource, connect_with_retries, named_server},
    console::{Console, Exit, Failure},
    download::{Records, download, to_resume},
    outcome::print_result,
    paths::searchable_all,
};
use crate::{
    dataset::JobId,
    downloads::{SavedJob, SavedStatus, adopt},
    model::ErrorKind,
};

/// Lists the downloads in the journal.
pub(super) fn list(
    args: &QueueArgs,
    noting: &Records<'_>,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let has_more = find_orphans(searchable_all(&args.folders)?, noting, console);
    let noted = noting.journal.all();
    if args.json {
        let rows: Vec<_> = noted
            .iter()
            .map(|(record, is_elsewhere)| {
                json!({
                    "id": record.id.to_string(),
                    "target": record.job.request.target.title,
                    "tas": record.job.request.target.tas.as_str(),
                    "what": record.what,
                    "folder": record.job.parent.to_string_lossy(),
                    "server": record.server,
                    "user": record.user,
                    "state": state(record, *is_elsewhere),
                })
            })
            .collect();
        console.json(&json!(rows))?;
        return Ok(Exit::Complete);
    }
    if noted.is_empty() {
        if is_unread(noting, console) {
            return Ok(Exit::Failed);
        }
        if !has_more {
            console.note("No download was interrupted.");
        }
        return Ok(Exit::Complete);
    }
    let mut lines = vec![
        ["Id", "Target", "TAS", "State", "Server", "Folder"]
            .map(str::to_owned)
            .to_vec(),
    ];
    lines.extend(noted.iter().map(|(record, is_elsewhere)| {
        vec![
            record.id.to_string(),
            record.job.request.target.title.clone(),
            record.job.request.target.tas.to_string(),
            state(record, *is_elsewhere).to_owned(),
            record.server.clone(),
            record.job.parent.display().to_string(),
        ]
    }));
    console.table(&lines)?;
    Ok(Exit::Complete)
}

/// Reports if the records of downloads cannot be read, and returns `true` in that case.
fn is_unread(noting: &Records<'_>, console: &mut Console) -> bool {
    let Some((folder, error)) = noting.journal.why_unread() else {
        return false;
    };
    console.note(&format!(
        "The records of downloads in {} cannot be read ({error}), so it is not known whether any was interrupted.",
        folder.display()
    ));
    true
}

/// Restores interrupted downloads that are no longer in the journal: those in this folder, in `folders`, and
/// beside known folders. Returns `true` if there was anything to report.
fn find_orphans(folders: Vec<PathBuf>, noting: &Records<'_>, console: &mut Console) -> bool {
    let mut parents = noting.library.parents();
    parents.extend(folders);
    // A working folder that was removed contains nothing.
    parents.extend(env::current_dir());
    // The demo of another process no longer exists.
    let found = adopt(noting.journal, parents, &|server| server.contains("://"));
    let sentences = found.sentences(&noting.journal.unreadable_records(), &|record| {
        to_resume(record.id, &record.server)
    });
    for sentence in &sentences {
        console.note(sentence);
    }
    !sentences.is_empty()
}

fn state(record: &SavedJob, is_elsewhere: bool) -> &'static str {
    match &record.noted {
        _ if is_elsewhere => "open elsewhere",
        SavedStatus::Open => "interrupted",
        SavedStatus::Paused => "paused",
        SavedStatus::Failed(problem) if problem.kind == ErrorKind::Cancelled => "stopped",
        SavedStatus::Failed(_) => "failed",
        SavedStatus::Done { .. } => "done",
    }
}

/// Returns the more serious of two exit codes: a token that is not accepted comes first, then failures.
fn more_serious(one: Exit, other: Exit) -> Exit {
    let weight = |exit: Exit| match exit {
        Exit::Complete => 0,
        Exit::Incomplete => 1,
        Exit::NoDisplay | Exit::Usage => 2,
        Exit::Failed => 3,
        Exit::Rejected => 4,
    };
    if weight(other) > weight(one) {
        other
    } else {
        one
    }
}

fn read_id(text: &str) -> Result<JobId, Failure> {
    JobId::parse(text).ok_or_else(|| {
        Failure::Usage(format!(
            "“{text}” is not a download id. The command “queue” lists them."
        ))
    })
}

/// Returns `true` if a download with this status can be resumed.
fn is_open(status: &SavedStatus) -> bool {
    match status {
        SavedStatus::Open | SavedStatus::Paused => true,
        // One that was cancelled only waits for its files to be removed.
        SavedStatus::Failed(problem) => problem.kind != ErrorKind::Cancelled,
        SavedStatus::Done { .. } => false,
    }
}

/// Resumes interrupted downloads, one after the other. The token is sent to the named server, and only downloads of
/// that server are resumed.
pub(super) async fn resume(
    cli: &Cli,
    args: &ResumeArgs,
    token: TokenSource,
    noting: &Records<'_>,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let wanted = args.id.as_deref().map(read_id).transpose()?;
    find_orphans(searchable_all(&args.folders)?, noting, console);
    // With nothing to resume there is no reason to wait for a server.
    if let Some(server) = named_server(cli)? {
        let server = server.as_str();
        let mut saved = noting.journal.all().into_iter();
        if !saved.any(|(record, _)| is_meant(&record, wanted, server)) {
            return Ok(nothing_to_resume(server, wanted, noting, console));
        }
    }
    let connection = connect_with_retries(cli, token, console).await?;
    let client = &connection.client;
    let user = connection
        .session
        .user
        .clone()
        .filter(|_| client.has_token());
    let server = client.server().as_str();
    let mut worst = Exit::Complete;
    let mut is_any = false;
    for (record, claim) in noting.journal.claim_all() {
        if !is_meant(&record, wanted, server) {
            continue;
        }
        if record.user.is_some() && record.user != user {
            console.note(&format!(
                "{} was started by {}; sign in as that user to resume it.",
                record.job.request.target,
                record.user.as_deref().unwrap_or_default()
            ));
            worst = more_serious(worst, Exit::Failed);
            continue;
        }
        is_any = true;
        // The download itself counts as a new start.
        drop(claim);
        let result = download(client, record, noting, true, console).await;
        let is_stopped = matches!(&result, Err(problem) if problem.kind == ErrorKind::Cancelled);
        let exit = print_result(console, &result, args.json)?;
        worst = more_serious(worst, exit);
        if is_stopped {
            break;
        }
    }
    if !is_any && worst == Exit::Complete {
        return Ok(nothing_to_resume(server, wanted, noting, console));
    }
    Ok(worst)
}

/// Returns `true` if `resume` applies to this download.
fn is_meant(record: &SavedJob, wanted: Option<JobId>, server: &str) -> bool {
    let is_wanted = wanted.is_none_or(|id| id == record.id);
    is_wanted && record.server == server && is_open(&record.noted)
}

fn nothing_to_resume(
    server: &str,
    wanted: Option<JobId>,
    noting: &Records<'_>,
    console: &mut Console,
) -> Exit {
    if is_unread(noting, console) {
        return Exit::Failed;
    }
    console.note(&format!(
        "There are no interrupted downloads from {server}."
    ));
    if wanted.is_some() {
        Exit::Failed
    } else {
        Exit::Complete
    }
}
