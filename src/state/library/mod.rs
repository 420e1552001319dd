//! The folders on this disk: scanned, compared with the server, verified, updated.

mod commands;

pub use commands::LibraryCommand;

use std::{
    collections::{BTreeMap, VecDeque},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Instant,
};

use super::{Remote, Waker, Worker};
use crate::{
    dataset::{LocalChanges, verify_dataset},
    downloads::DownloadError,
    library::{FolderRecord, LibraryEntry, LibraryFolder, UpdateStatus, list_again, scan},
    model::{ErrorKind, Problem, plural},
};

/// Number of files between two progress reports of a verification.
const FILES_PER_REPORT: usize = 50;

/// The data folders on this disk, and what is known about them.
pub struct Library {
    /// The folders.
    pub entries: Remote<Vec<LibraryEntry>>,
    /// What the server has that the folders lack.
    checked: BTreeMap<PathBuf, UpdateStatus>,
    checking: Remote<Vec<(PathBuf, UpdateStatus)>>,
    /// When the server last answered a check.
    pub checked_at: Option<jiff::Zoned>,
    /// Local changes, for folders that were fully verified.
    verified: BTreeMap<PathBuf, Option<LocalChanges>>,
    verifying: Option<Verifying>,
    changing: Remote<Option<String>>,
    /// The queued changes.
    changes: VecDeque<Change>,
    /// Whether the change under way forgets everything.
    is_forgetting: bool,
    /// The folder that the change under way removes from the list.
    removing: Option<PathBuf>,
    notes: LibraryFolder,
    looked: Option<Instant>,
    /// Folders that have been added since the last scan.
    come: Vec<PathBuf>,
    /// Whether to scan once more.
    wants_look: bool,
    /// Whether to check for updates once the folders are known.
    wants_check: bool,
    /// The session in which the automatic check was made.
    asked_in: Option<u64>,
    /// How many records of folders the last scan could not read, and how many were reported.
    unread: Arc<AtomicUsize>,
    reported_unread: usize,
}

/// What a change has to report, or why it failed.
type Changed = Result<Option<String>, String>;

/// A change to the list of folders, or to a folder itself.
struct Change {
    run: Box<dyn FnOnce(&LibraryFolder) -> Changed + Send>,
    forgets_all: bool,
    /// The folder that it removes from the list.
    removes: Option<PathBuf>,
}

/// A folder that is being verified.
struct Verifying {
    place: PathBuf,
    result: Remote<Option<LocalChanges>>,
    done: Arc<AtomicUsize>,
    total: Arc<AtomicUsize>,
    cancelled: Arc<AtomicBool>,
}

impl Library {
    pub(in crate::state) fn new(data: &Path) -> Self {
        Self {
            entries: Remote::NotRequested,
            checked: BTreeMap::new(),
            checking: Remote::NotRequested,
            checked_at: None,
            verified: BTreeMap::new(),
            verifying: None,
            changing: Remote::NotRequested,
            changes: VecDeque::new(),
            is_forgetting: false,
            removing: None,
            notes: LibraryFolder::in_folder(data),
            looked: None,
            come: Vec::new(),
            wants_look: false,
            wants_check: false,
            asked_in: None,
            unread: Arc::default(),
            reported_unread: 0,
        }
    }

    /// Returns the update status of a folder; `None` if it has not been checked.
    pub fn checked(&self, place: &Path) -> Option<&UpdateStatus> {
        self.checked.get(place)
    }

    /// Returns `true` while the server is being checked.
    pub fn is_checking(&self) -> bool {
        self.wants_check || self.checking.is_loading()
    }

    /// Returns the result of a verification; `None` if the folder was not verified. The inner `None` means that the
    /// folder has no record of its files.
    pub fn verified(&self, place: &Path) -> Option<Option<&LocalChanges>> {
        self.verified.get(place).map(Option::as_ref)
    }

    /// Returns how many files of a folder have been verified, and how many there are, while it is being verified.
    pub fn verifying(&self, place: &Path) -> Option<(usize, usize)> {
        let verifying = self.verifying.as_ref().filter(|one| one.place == place)?;
        let now = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        Some((now(&verifying.done), now(&verifying.total)))
    }

    /// Returns `true` if any folder is being verified.
    pub fn is_verifying(&self) -> bool {
        self.verifying.is_some()
    }

    /// Returns the number of folders for which the server has newer data.
    pub fn newer(&self) -> usize {
        let checked = self.checked.values();
        checked
            .filter(|checked| checked.difference().is_some())
            .count()
    }

    /// Scans the known folders, and the download folders.
    fn look(&mut self, worker: &Worker, mut also: Vec<PathBuf>) {
        let come = std::mem::take(&mut self.come);
        self.looked = Some(Instant::now());
        let notes = self.notes.clone();
        let unread = Arc::clone(&self.unread);
        self.entries.start(worker, async move {
            let looked = tokio::task::spawn_blocking(move || {
                unread.store(notes.unreadable().len(), Ordering::Relaxed);
                // What has just been downloaded is listed, whatever was removed at its place before.
                list_again(&notes, &come);
                also.extend(come);
                scan(&notes, &also)
            });
            looked.await.map_err(|error| crashed(&error))
        });
    }

    /// Returns a sentence about records of folders that cannot be read, once.
    fn take_unread_records(&mut self) -> Option<String> {
        let count = self.unread.load(Ordering::Relaxed);
        let is_new = count > self.reported_unread;
        self.reported_unread = count;
        is_new.then(|| {
            format!(
                "{} of a known folder cannot be read, so a folder may be missing under “On this disk”. Add it again there.",
                plural(count, "record", "records")
            )
        })
    }

    /// Makes a change, and then scans again.
    fn change(
        &mut self,
        worker: &Worker,
        change: impl FnOnce(&LibraryFolder) -> Changed + Send + 'static,
    ) {
        self.changes.push_back(Change {
            run: Box::new(change),
            forgets_all: false,
            removes: None,
        });
        self.begin_change(worker);
    }

    /// Removes a folder from the list, to which it can be restored.
    fn remove(&mut self, worker: &Worker, place: PathBuf) {
        self.checked.remove(&place);
        let shelf = self.entries.value().map_or(&[][..], Vec::as_slice);
        let entry = shelf.iter().find(|entry| entry.place == place);
        // By its download: another one that comes to this place later was never removed.
        let id = entry.and_then(|entry| entry.dataset()?.download);
        let mut known = FolderRecord::new(place.clone(), id, String::new());
        known.is_forgotten = true;
        self.changes.push_back(Change {
            run: Box::new(move |notes| match notes.save(&known) {
                Ok(()) => Ok(None),
                Err(error) => Err(not_noted(&error)),
            }),
            forgets_all: false,
            removes: Some(place),
        });
        self.begin_change(worker);
    }

    /// Starts the next change, unless one is under way. Nothing is changed during a scan: what it finds would
    /// overwrite the change.
    fn begin_change(&mut self, worker: &Worker) {
        if self.changing.is_loading() || self.entries.is_loading() {
            return;
        }
        let Some(change) = self.changes.pop_front() else {
            return;
        };
        self.is_forgetting = change.forgets_all;
        self.removing.clone_from(&change.removes);
        let notes = self.notes.clone();
        self.changing.start(worker, async move {
            let changed = tokio::task::spawn_blocking(move || (change.run)(&notes)).await;
            changed
                .map_err(|error| crashed(&error))?
                .map_err(|message| Problem::new(ErrorKind::NotWritable, message))
        });
    }

    fn verify(&mut self, worker: &Worker, place: PathBuf) {
        if self.verifying.is_some() {
            return;
        }
        let mut verifying = Verifying {
            place: place.clone(),
            result: Remote::NotRequested,
            done: Arc::default(),
            total: Arc::default(),
            cancelled: Arc::default(),
        };
        let told = (Arc::clone(&verifying.done), Arc::clone(&verifying.total));
        let (cancelled, waker) = (Arc::clone(&verifying.cancelled), Arc::clone(&worker.waker));
        verifying.result.start(worker, async move {
            let read = tokio::task::spawn_blocking(move || {
                verify_dataset(&place, &cancelled, &|done, total| {
                    tell(&told, &waker, done, total);
                })
            });
            let read = read.await.map_err(|error| crashed(&error))?;
            read.map_err(|error| DownloadError::from(error).problem())
        });
        self.verified.remove(&verifying.place);
        self.verifying = Some(verifying);
    }

    /// Forgets all folders. They stay where they are.
    pub(in crate::state) fn forget_all(&mut self, worker: &Worker) {
        (self.checked, self.verified) = (BTreeMap::new(), BTreeMap::new());
        self.changes.push_back(Change {
            run: Box::new(|notes| match notes.forget_all() {
                Ok(()) => Ok(None),
                Err(error) => Err(format!(
                    "The list of folders could not be removed from this computer ({error})."
                )),
            }),
            forgets_all: true,
            removes: None,
        });
        self.begin_change(worker);
    }
}

fn not_noted(error: &std::io::Error) -> String {
    format!(
        "This could not be saved on this computer ({error}). Check that its disk has free space."
    )
}

fn tell(
    (seen, all): &(Arc<AtomicUsize>, Arc<AtomicUsize>),
    waker: &Waker,
    done: usize,
    total: usize,
) {
    seen.store(done, Ordering::Relaxed);
    all.store(total, Ordering::Relaxed);
    if done.is_multiple_of(FILES_PER_REPORT) {
        waker();
    }
}

fn crashed(error: &tokio::task::JoinError) -> Problem {
    tracing::error!(%error, "the scan of the folders ended unexpectedly");
    Problem::new(
        ErrorKind::Crashed,
        "Internal error while scanning the folders",
    )
}
