//! What the user can do with the folders on this disk.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use super::{
    super::{Bin, DownloadStatus, Remote, State, Undo},
    not_noted,
};
use crate::{
    dataset::{Dataset, folders_in},
    downloads::{Job, OnExisting},
    library::{FolderRecord, LibraryFolder, UpdateStatus, check_for_updates},
    model::{ErrorKind, ServerAddress},
};

/// Minimum time between two scans when the page is opened, so that not every click causes one.
const RESCAN_AFTER: Duration = Duration::from_secs(20);

/// What the user can do with the folders on this disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LibraryCommand {
    /// Scan the folders again.
    Scan,
    /// Check the server for updates.
    CheckForUpdates,
    /// Add a folder, or all data folders in it.
    Add(PathBuf),
    /// Remove a folder from the list. It stays where it is.
    Forget(PathBuf),
    /// Move a folder to the system's bin.
    ToBin(PathBuf),
    /// Verify every file of a folder.
    Verify(PathBuf),
    /// Stop verifying.
    StopVerifying,
    /// Update a folder.
    Update(PathBuf),
}

impl State {
    pub(in crate::state) fn apply_to_library(&mut self, command: LibraryCommand) {
        let worker = self.environment.worker.clone();
        match command {
            LibraryCommand::Scan => self.scan_library(),
            LibraryCommand::CheckForUpdates => {
                self.library.wants_check = true;
                self.scan_library();
            }
            LibraryCommand::Add(folder) => {
                self.library
                    .change(&worker, move |notes| add(notes, &folder));
            }
            LibraryCommand::Forget(place) => self.library.remove(&worker, place),
            LibraryCommand::ToBin(place) => {
                self.library.checked.remove(&place);
                let bin = Arc::clone(&self.environment.bin);
                self.library
                    .change(&worker, move |notes| move_to_bin(&bin, notes, &place));
            }
            LibraryCommand::Verify(place) => self.library.verify(&worker, place),
            LibraryCommand::StopVerifying => {
                if let Some(verifying) = &self.library.verifying {
                    verifying.cancelled.store(true, Ordering::Relaxed);
                }
            }
            LibraryCommand::Update(place) => self.update_folder(&place),
        }
    }

    /// Scans the folders, or schedules that if a scan or a change is under way.
    fn scan_library(&mut self) {
        if self.library.entries.is_loading() || self.library.changing.is_loading() {
            self.library.wants_look = true;
            return;
        }
        self.library.wants_look = false;
        let mut also = vec![self.environment.folders.downloads.clone()];
        also.extend(self.settings.download_folder.clone());
        also.dedup();
        self.library.look(&self.environment.worker, also);
    }

    /// Adds what has just been downloaded. The check that follows shows that it is up to date.
    pub(in crate::state) fn add_results(&mut self, places: Vec<PathBuf>) {
        for place in &places {
            self.library.checked.remove(place);
            self.library.verified.remove(place);
        }
        if !places.is_empty() {
            self.library.come.extend(places);
            // There is less space now.
            if let Some(room) = self.downloads.destination.value() {
                let folder = room.folder.clone();
                self.downloads.measure(&self.environment, &folder);
            }
            self.apply_to_library(LibraryCommand::CheckForUpdates);
        }
    }

    /// Scans the folders when the page is opened, unless that was done recently.
    pub(in crate::state) fn scan_library_if_stale(&mut self) {
        let looked = self.library.looked;
        if looked.is_none_or(|looked| looked.elapsed() > RESCAN_AFTER) {
            self.scan_library();
        }
    }

    pub(in crate::state) fn poll_library(&mut self) {
        self.check_once_per_session();
        self.poll_changes();
        let has_looked = self.library.entries.poll();
        self.library.begin_change(&self.environment.worker);
        if has_looked && let Some(sentence) = self.library.take_unread_records() {
            self.notices.warn(sentence);
        }
        if has_looked && self.library.wants_look {
            self.scan_library();
        }
        self.begin_check();
        if self.library.checking.poll() {
            match std::mem::take(&mut self.library.checking) {
                Remote::Ready(checked) => {
                    self.library.checked = checked.into_iter().collect();
                    self.library.checked_at = Some((self.environment.clock)());
                }
                // The bar above the page says it already.
                Remote::Failed { problem, .. } if problem.kind.is_session_problem() => {
                    self.learn(Some(problem), (self.environment.clock)());
                }
                Remote::Failed { problem, .. } => {
                    self.notices.warn(format!(
                        "Checking the folders on this disk for updates failed. {problem}"
                    ));
                }
                Remote::NotRequested | Remote::Loading { .. } => {}
            }
        }
        self.poll_verifying();
    }

    fn poll_changes(&mut self) {
        if !self.library.changing.poll() {
            return;
        }
        let removed = self.library.removing.take();
        if let (Remote::Ready(_), Some(place)) = (&self.library.changing, removed) {
            let told = format!(
                "{} was removed from the list. Its files are kept.",
                place.display()
            );
            self.notices.offer_undo(told, Undo::ForgottenFolder(place));
        }
        match &self.library.changing {
            Remote::Ready(Some(sentence)) => self.notices.info(sentence.clone()),
            Remote::Failed { problem, .. } => self.notices.warn(problem.message.clone()),
            Remote::NotRequested | Remote::Loading { .. } | Remote::Ready(None) => {}
        }
        if std::mem::take(&mut self.library.is_forgetting) {
            // A scan at this point would record the same folders again.
            self.library.entries = Remote::NotRequested;
            self.library.looked = None;
            self.library.wants_look = false;
        } else if self.library.changes.is_empty() {
            self.scan_library();
        } else {
            self.library.wants_look = true;
        }
    }

    /// Checks for updates once in every session, without a message.
    fn check_once_per_session(&mut self) {
        let Some(session) = self
            .sessions
            .current
            .as_ref()
            .filter(|session| !session.has_ended())
        else {
            return;
        };
        if self.library.asked_in == Some(session.number) {
            return;
        }
        self.library.asked_in = Some(session.number);
        self.library.checked.clear();
        // A check made in an earlier session says nothing about this one.
        self.library.checking = Remote::NotRequested;
        self.library.wants_check = true;
        self.scan_library();
    }

    /// Checks for updates, once the folders are known.
    fn begin_check(&mut self) {
        let library = &self.library;
        let is_settling = library.entries.is_loading() || library.changing.is_loading();
        if !library.wants_check || is_settling {
            return;
        }
        self.library.wants_check = false;
        let Some(session) = &self.sessions.current else {
            return;
        };
        let is_demo = self.is_demo(&session.server);
        let shelf = self.library.entries.value().map_or(&[][..], Vec::as_slice);
        let asked: Vec<Arc<Dataset>> = shelf
            .iter()
            .filter(|one| !one.is_previous_version && one.is_from(&session.server, is_demo))
            .filter_map(|one| one.dataset().cloned())
            .collect();
        if asked.is_empty() {
            self.library.checked.clear();
            self.library.checking = Remote::NotRequested;
            return;
        }
        let client = session.client.clone();
        self.library
            .checking
            .start(&self.environment.worker, async move {
                let checked = check_for_updates(&client, &asked).await?;
                let places = asked.iter().map(|held| held.place.clone());
                Ok(places.zip(checked).collect())
            });
    }

    /// Returns `true` if a server is the demo server of this window.
    pub fn is_demo(&self, server: &ServerAddress) -> bool {
        let demo = self.environment.demo.as_ref();
        demo.is_some_and(|demo| demo.address == *server)
    }

    fn poll_verifying(&mut self) {
        let Some(mut verifying) = self.library.verifying.take() else {
            return;
        };
        if !verifying.result.poll() {
            self.library.verifying = Some(verifying);
            return;
        }
        match verifying.result {
            Remote::Ready(found) => {
                self.library.verified.insert(verifying.place, found);
            }
            Remote::Failed { problem, .. } if problem.kind != ErrorKind::Cancelled => {
                self.notices.warn(problem.message);
            }
            Remote::Failed { .. } | Remote::NotRequested | Remote::Loading { .. } => {}
        }
    }

    /// Returns `true` if a folder is being updated.
    pub fn is_updating(&self, place: &Path) -> bool {
        let mut downloads = self.downloads.list.iter();
        downloads.any(|download| {
            let is_open =
                download.is_running() || matches!(download.status, DownloadStatus::Paused);
            is_open && download.job.renews.as_deref() == Some(place)
        })
    }

    /// Fetches what is new or changed; everything if the changes are unknown.
    fn update_folder(&mut self, place: &Path) {
        if self.is_updating(place) {
            return;
        }
        let shelf = self.library.entries.value().map_or(&[][..], Vec::as_slice);
        let held = shelf.iter().find(|one| one.place == place);
        let here = self
            .sessions
            .current
            .as_ref()
            .map(|session| &session.server);
        let held =
            held.filter(|one| here.is_some_and(|here| one.is_from(here, self.is_demo(here))));
        let request = held.and_then(|one| one.dataset()?.request.clone());
        let (Some(session), Some(request), Some(parent)) =
            (&self.sessions.current, request, place.parent())
        else {
            self.notices.warn(
                "This folder has no download record. Choose its target on the Experiments page and download it again."
                    .to_owned(),
            );
            return;
        };
        let lacks_files = held
            .and_then(|one| one.dataset()?.report.as_ref())
            .is_some_and(|report| report.can_be_asked_again());
        let what = match self.library.checked(place) {
            Some(UpdateStatus::Newer {
                difference,
                is_rough: false,
                ..
            }) => difference.words(),
            Some(UpdateStatus::UpToDate { .. }) if lacks_files => "what did not arrive".to_owned(),
            Some(UpdateStatus::UpToDate { .. }) => "damaged observations".to_owned(),
            Some(UpdateStatus::Newer { .. } | UpdateStatus::Unknown { .. }) | None => {
                "all observations again".to_owned()
            }
        };
        let job = Job {
            placing: OnExisting::Update,
            renews: Some(place.to_owned()),
            ..Job::new(request, parent.to_owned())
        };
        self.downloads.start(session, job, what);
    }
}

fn add(notes: &LibraryFolder, folder: &Path) -> Result<Option<String>, String> {
    if let Err(error) = std::fs::read_dir(folder) {
        let folder = folder.display();
        return Err(format!("“{folder}” could not be read ({error})."));
    }
    let found = folders_in(folder);
    if found.is_empty() {
        return Err(format!(
            "“{}” contains no data of a fragment screen. Choose a downloaded folder, or the folder that contains such folders.",
            folder.display()
        ));
    }
    for place in &found {
        let held = Dataset::read(place).map_err(|error| format!("{error}."))?;
        let id = held.as_ref().and_then(|held| held.download);
        let name = held.as_ref().map(Dataset::name).unwrap_or_default();
        // A folder that is added is shown, even one that was removed from the list under another path.
        notes
            .remove_other_spellings(place)
            .and_then(|()| notes.save(&FolderRecord::new(place.clone(), id, name)))
            .map_err(|error| not_noted(&error))?;
    }
    Ok((found.len() > 1).then(|| format!("{} folders have been added.", found.len())))
}

fn move_to_bin(bin: &Bin, notes: &LibraryFolder, place: &Path) -> Result<Option<String>, String> {
    bin(place).map_err(|reason| {
        format!(
            "“{}” could not be moved to the bin ({reason}). It is unchanged; remove it with your file manager.",
            place.display()
        )
    })?;
    notes.remove(place).map_err(|error| not_noted(&error))?;
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    Ok(Some(format!("“{name}” was moved to the bin.")))
}
