//! `download`: downloads the structures and data of a target.

use std::{fs, io::Read as _, path::Path, sync::Arc};

use tokio::{runtime::Handle, sync::mpsc};

use super::{
    args::{Cli, DownloadArgs},
    connect::{Connection, TokenSource, connect_with_retries},
    console::{Console, Exit, Failure},
    outcome::print_result,
    paths::absolute,
    progress::Progress,
};
use crate::{
    api::Client,
    dataset::JobId,
    downloads::{
        Claim, DownloadError, Event, Finished, Job, Journal, MemoryBuilds, OnExisting, Runner,
        SavedJob, SavedStatus, SpeedLimit, Stop, Timeouts, has_leftovers,
    },
    library::{FolderRecord, LibraryFolder},
    model::{
        DownloadRequest, ErrorKind, FileSelection, PastedCodes, Problem, TargetKey, Tas, plural,
    },
};

/// Upper bound on the size of a list of codes, in bytes.
const LONGEST_LIST: u64 = 64 << 20;

/// Capacity of the event channel: progress that does not fit is dropped.
const EVENTS: usize = 64;

/// Where downloads and folders are recorded.
pub struct Records<'a> {
    /// The journal of downloads.
    pub journal: &'a dyn Journal,
    /// The known data folders.
    pub library: &'a LibraryFolder,
    /// The program's own folder, which contains both.
    pub data: &'a Path,
}

pub(super) async fn run(
    cli: &Cli,
    args: &DownloadArgs,
    token: TokenSource,
    noting: &Records<'_>,
    console: &mut Console,
) -> Result<Exit, Failure> {
    check_input(cli, args)?;
    let job = Job {
        keep_archive: args.keep_archive,
        in_parts: args.in_parts,
        placing: if args.update {
            OnExisting::Update
        } else {
            OnExisting::Beside
        },
        // The journal may be read from another working folder.
        ..Job::new(request(args)?, absolute(&args.to)?)
    };
    let mut is_begun = true;
    let result = match connect_with_retries(cli, token, console).await {
        Ok(connection) => fetch(&connection, job, noting, console).await,
        Err(Failure::Problem(problem)) => {
            // Nothing is recorded: with a token, whose download it would be is not known.
            is_begun = !problem.kind.is_transient();
            Err(problem)
        }
        Err(other) => return Err(other),
    };
    let exit = print_result(console, &result, args.json)?;
    if !is_begun {
        console.note("The download has not begun. To begin it, run the same command again.");
    }
    Ok(exit)
}

pub(super) fn to_resume(id: JobId, server: &str) -> String {
    format!("To resume it: fragalysis-desktop resume {id} --server {server}")
}

/// Starts a new download.
pub(super) async fn fetch(
    connection: &Connection,
    job: Job,
    noting: &Records<'_>,
    console: &mut Console,
) -> Result<Finished, Problem> {
    let client = &connection.client;
    let record = SavedJob {
        id: JobId::random(),
        rank: 0,
        what: amount(&job),
        job,
        server: client.server().as_str().to_owned(),
        user: connection
            .session
            .user
            .clone()
            .filter(|_| client.has_token()),
        noted: SavedStatus::Open,
    };
    let files = &record.job.request.files;
    // Only the few choices that not every generation knows are worth a request.
    if files.needs_single_types() || files.needs_smiles_alone() {
        let note = files.generation_note(client.knows_single_types().await);
        console.notes(note.map(str::to_owned));
    }
    // The demo inside this process ends with it; nothing could be resumed.
    let is_noted = !connection.is_demo();
    download(client, record, noting, is_noted, console).await
}

/// Returns what is downloaded, in words.
fn amount(job: &Job) -> String {
    match job.request.codes.len() {
        0 => "all observations".to_owned(),
        count => plural(count, "observation", "observations"),
    }
}

/// Runs a download. If it is interrupted it stays in the journal, so that `resume` can continue it.
pub(super) async fn download(
    client: &Client,
    record: SavedJob,
    noting: &Records<'_>,
    is_noted: bool,
    console: &mut Console,
) -> Result<Finished, Problem> {
    let noted = JournalEntry {
        journal: is_noted.then_some(noting.journal),
        record,
    };
    // Without a record it still runs; it just cannot be resumed.
    let claim = claim(noted.journal, noted.record.id)?;
    if let Err(error) = noted.note(Some(SavedStatus::Open)) {
        console.note(&format!(
            "This download cannot be recorded ({error}), so it cannot be resumed if it is interrupted. Check the folder {}.",
            noting.data.display()
        ));
    }
    let result = run_until_interrupted(client, &noted).await;
    if let Ok(done) = &result {
        record_folder(noting.library, &noted.record, done);
    }
    if noted.record_end(&result) && claim.is_some() {
        console.note(&to_resume(noted.record.id, client.server().as_str()));
    }
    drop(claim);
    result
}

/// Shows the progress, and pauses the download when the user interrupts the program.
async fn run_until_interrupted(
    client: &Client,
    noted: &JournalEntry<'_>,
) -> Result<Finished, Problem> {
    let progress = Progress::new();
    let (events, mut told) = mpsc::channel(EVENTS);
    // There is no event loop here that would have to be woken.
    let waker = Arc::new(|| {});
    let speed = Arc::new(SpeedLimit::new(None));
    let builds = Arc::new(MemoryBuilds::default());
    let patience = Timeouts::default();
    let queue = Runner::new(Handle::current(), events, waker, patience, speed, builds);
    let record = &noted.record;
    let saved = noted.journal.map(|_| record.clone());
    let handle = queue.start(record.id, record.job.clone(), saved, client.clone());
    let mut interrupted = std::pin::pin!(interrupted());
    let mut is_stopping = false;
    let result = loop {
        tokio::select! {
            event = told.recv() => match event {
                Some(Event::Stage(_, stage)) => progress.show(&stage),
                Some(Event::Part(..) | Event::NotNoted(_)) => {}
                Some(Event::Ended(_, result)) => break result,
                None => break Err(DownloadError::Crashed.problem()),
            },
            () = &mut interrupted, if !is_stopping => {
                is_stopping = true;
                handle.stop(Stop::Pause);
            }
        }
    };
    progress.clear();
    result
}

/// A download and its journal; `None` if it cannot be resumed.
struct JournalEntry<'a> {
    journal: Option<&'a dyn Journal>,
    record: SavedJob,
}

impl JournalEntry<'_> {
    /// Records how the download ended. Returns `true` if it can be resumed.
    fn record_end(&self, result: &Result<Finished, Problem>) -> bool {
        let record = &self.record;
        let status = match result {
            Err(problem) if problem.kind == ErrorKind::Cancelled => Some(SavedStatus::Paused),
            // Whatever the reason: complete parts are worth resuming.
            Err(problem)
                if problem.kind.is_temporary() || has_leftovers(&record.job, record.id) =>
            {
                Some(SavedStatus::Failed(problem.clone()))
            }
            Ok(_) | Err(_) => None,
        };
        let can_resume = status.is_some();
        match self.note(status) {
            Ok(()) => can_resume,
            Err(error) => {
                tracing::warn!(%error, "the end of the download could not be recorded");
                false
            }
        }
    }

    fn note(&self, status: Option<SavedStatus>) -> std::io::Result<()> {
        let Some(journal) = self.journal else {
            return Ok(());
        };
        let record = self.record.clone();
        match status {
            Some(noted) => journal.note(&SavedJob { noted, ..record }, 1),
            None => journal.forget(record.id, 1),
        }
    }
}

/// Records the folder, so that it can be updated later.
fn record_folder(library: &LibraryFolder, record: &SavedJob, done: &Finished) {
    let target = record.job.request.target.to_string();
    // A folder that stays as it was keeps the record of its own download.
    let stays = done.report.renewed.as_ref();
    if stays.is_some_and(|renewed| renewed.is_without_gain) {
        return;
    }
    let mut known = vec![FolderRecord::new(
        done.place.clone(),
        Some(record.id),
        target.clone(),
    )];
    // The previous folder has another name now.
    let before = done.before.clone();
    known.extend(before.map(|place| FolderRecord::new(place, None, target)));
    for known in known.iter().filter(|known| known.folder.is_dir()) {
        if let Err(error) = library.save(known) {
            tracing::warn!(%error, "the folder could not be recorded");
        }
    }
}

/// Claims a download; fails if another process has it.
fn claim(journal: Option<&dyn Journal>, id: JobId) -> Result<Option<Claim>, Problem> {
    match journal.map(|journal| journal.claim(id)) {
        Some(Ok(None)) => Err(DownloadError::InUse.problem()),
        Some(Ok(claim)) => Ok(claim),
        Some(Err(error)) => {
            tracing::warn!(%error, "the download could not be claimed");
            Ok(None)
        }
        None => Ok(None),
    }
}

/// Waits until the user interrupts the program.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // Closing a terminal, or losing the connection to a remote computer, sends a hang-up.
        if let (Ok(mut terminated), Ok(mut hung_up)) = (
            signal(SignalKind::terminate()),
            signal(SignalKind::hangup()),
        ) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
                _ = hung_up.recv() => {}
            }
            return;
        }
    }
    // Without signals it runs to the end.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Standard input cannot be the list of codes and the token at once: the first to read it takes all of it.
fn check_input(cli: &Cli, args: &DownloadArgs) -> Result<(), Failure> {
    let is_list = args
        .codes_file
        .as_ref()
        .is_some_and(|path| path.as_os_str() == "-");
    if cli.token_stdin && is_list {
        return Err(Failure::Usage(
            "--token-stdin and “--codes-file -” both read standard input. Put the codes into a file, or the token into the environment variable FRAGALYSIS_TOKEN."
                .to_owned(),
        ));
    }
    Ok(())
}

fn request(args: &DownloadArgs) -> Result<DownloadRequest, Failure> {
    let mut codes: Vec<String> = args
        .codes
        .iter()
        .map(|code| code.trim().to_owned())
        .collect();
    if let Some(path) = &args.codes_file {
        codes = codes_of(path)?;
    }
    codes.retain(|code| !code.is_empty());
    // A list of codes that turns out to be empty must not mean "everything".
    if codes.is_empty() && (args.codes_file.is_some() || !args.codes.is_empty()) {
        return Err(Failure::Usage(
            "The list contains no codes. Leave it out to download all observations.".to_owned(),
        ));
    }
    Ok(DownloadRequest {
        target: TargetKey {
            title: args.target.clone(),
            tas: Tas::typed(&args.tas),
        },
        codes,
        files: files(args),
        static_link: false,
    })
}

/// Reads a list of codes, from standard input if the path is `-`.
fn codes_of(path: &Path) -> Result<Vec<String>, Failure> {
    let unread = |why: String| Failure::Usage(format!("{} cannot be read: {why}.", path.display()));
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().take(LONGEST_LIST).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| file.take(LONGEST_LIST).read_to_end(&mut bytes))
    };
    let length = read.map_err(|error| unread(error.to_string()))?;
    if length as u64 == LONGEST_LIST {
        return Err(unread("it is too long for a list of codes".to_owned()));
    }
    let list = PastedCodes::read_file(&bytes);
    Ok(list
        .ok_or_else(|| unread("it is not a text file".to_owned()))?
        .codes)
}

/// Returns the chosen files; by default the structures and the metadata table.
fn files(args: &DownloadArgs) -> FileSelection {
    if let Some(preset) = args.preset {
        return preset.files();
    }
    if !args.files.is_empty() {
        return args.files.iter().copied().collect();
    }
    FileSelection::usual()
}
