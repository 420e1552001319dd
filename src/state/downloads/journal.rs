//! Saves downloads in the journal, so that they survive a restart of the program. All writing happens in the
//! background.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use super::Download;
use crate::{
    dataset::JobId,
    downloads::{Claim, Journal, Runner, SavedJob, adopt},
    library::LibraryFolder,
    model::ServerAddress,
    state::{Environment, Remote},
};

/// How the demo server is recorded: its address is different in every run.
const DEMO: &str = "demo";

type Claims = Arc<Mutex<HashMap<JobId, Claim>>>;

/// Downloads that earlier runs have left.
#[derive(Default)]
struct Recovered {
    noted: Vec<(SavedJob, Claim)>,
    /// What there is to report about them.
    sentences: Vec<String>,
}

/// The journal as the window uses it.
pub(in crate::state) struct JournalWriter {
    journal: Arc<dyn Journal>,
    /// The claims of this copy of the program; other copies leave these downloads alone.
    claims: Claims,
    /// The records of an earlier run.
    restored: Remote<Recovered>,
    /// Downloads that were found without a record.
    found: Remote<Recovered>,
    demo: Option<ServerAddress>,
    /// Numbers the records, so that an earlier one never replaces a later one.
    count: u64,
}

impl JournalWriter {
    /// Also looks for downloads without a record: in the download folder, and beside known folders.
    pub(in crate::state) fn new(environment: &Environment, folder: Option<PathBuf>) -> Self {
        let journal = Arc::clone(&environment.journal);
        let demo = environment.demo.as_ref();
        let (mut restored, mut found) = (Remote::NotRequested, Remote::NotRequested);
        let (is_read, read) = oneshot::channel();
        let noted = Arc::clone(&journal);
        restored.start(&environment.worker, async move {
            let told = noted.unreadable_records();
            let earlier = tokio::task::spawn_blocking(move || Recovered {
                noted: noted.claim_all(),
                sentences: Vec::new(),
            });
            // A journal that cannot be read counts as empty; its contents stay for the next start.
            let earlier = earlier.await.unwrap_or_default();
            // Fails only after the window has been closed.
            is_read.send(told).ok();
            Ok(earlier)
        });
        let (noted, has_demo) = (Arc::clone(&journal), demo.is_some());
        let folders = environment.folders.clone();
        let folder = folder.unwrap_or(folders.downloads);
        // Separate from the above: a disk that does not respond must not hold up the journal.
        found.start(&environment.worker, async move {
            let told = read.await.unwrap_or_default();
            let earlier = tokio::task::spawn_blocking(move || {
                let library = LibraryFolder::in_folder(&folders.data);
                let parents = library.parents().into_iter().chain([folder]);
                let found = adopt(&*noted, parents, &|server| {
                    server.contains("://") || (has_demo && server == DEMO)
                });
                // What was moved aside in an earlier run was reported then.
                let mut aside = noted.unreadable_records();
                aside.retain(|path| !told.contains(path));
                Recovered {
                    noted: noted.claim_all(),
                    sentences: found.sentences(&aside, &resume_hint),
                }
            });
            Ok(earlier.await.unwrap_or_default())
        });
        Self {
            journal,
            claims: Arc::default(),
            restored,
            found,
            demo: demo.map(|demo| demo.address.clone()),
            count: 0,
        }
    }

    /// Takes the records of an earlier run once they have been read, each with the address of its server; and what
    /// there is to report about them.
    pub(in crate::state) fn take_restored(
        &mut self,
    ) -> (Vec<(SavedJob, ServerAddress)>, Vec<String>) {
        let (mut noted, mut sentences) = (Vec::new(), Vec::new());
        for load in [&mut self.restored, &mut self.found] {
            if load.poll() {
                let earlier = load.take_value().unwrap_or_default();
                noted.extend(earlier.noted);
                sentences.extend(earlier.sentences);
            }
        }
        let mut found = Vec::new();
        for (record, claim) in noted {
            let server = if record.server == DEMO {
                self.demo.clone()
            } else {
                ServerAddress::parse(&record.server).ok()
            };
            // Without its server it stays in the journal, for a later run that knows the server.
            if let Some(server) = server {
                open(&self.claims).insert(record.id, claim);
                found.push((record, server));
            }
        }
        (found, sentences)
    }

    /// Returns the record of a download; `None` if it cannot be resumed.
    pub(in crate::state) fn record(&self, download: &Download) -> Option<SavedJob> {
        let server = if self.demo.as_ref() == Some(&download.server) {
            DEMO.to_owned()
        } else {
            download.server.as_str().to_owned()
        };
        download.record(server)
    }

    /// Claims a download for this copy of the program.
    pub(in crate::state) fn claim(&self, queue: &Runner, id: JobId) {
        let (journal, claims) = (Arc::clone(&self.journal), Arc::clone(&self.claims));
        queue.spawn_disk_work(move || {
            // It still runs without a claim, but then another instance of the program could take it over.
            if let Some(claim) = journal.claim(id)? {
                open(&claims).insert(id, claim);
            }
            Ok(())
        });
    }

    /// Saves the status of a download.
    pub(in crate::state) fn note(&mut self, queue: &Runner, download: &Download) {
        self.count += 1;
        let number = self.count;
        let (journal, id) = (Arc::clone(&self.journal), download.id);
        match self.record(download) {
            Some(record) => queue.spawn_disk_work(move || journal.note(&record, number)),
            None => queue.spawn_disk_work(move || journal.forget(id, number)),
        }
    }

    /// Removes a download from the journal, and releases its claim.
    pub(in crate::state) fn forget(&mut self, queue: &Runner, id: JobId) {
        self.count += 1;
        let number = self.count;
        let (journal, claims) = (Arc::clone(&self.journal), Arc::clone(&self.claims));
        queue.spawn_disk_work(move || {
            open(&claims).remove(&id);
            journal.forget(id, number)
        });
    }
}

/// Returns how a recovered download is resumed in the window.
fn resume_hint(record: &SavedJob) -> String {
    match &record.user {
        Some(user) => format!("{user} can resume it on the Downloads page after signing in."),
        None => "You can resume it on the Downloads page.".to_owned(),
    }
}

fn open(claims: &Claims) -> MutexGuard<'_, HashMap<JobId, Claim>> {
    claims.lock().unwrap_or_else(PoisonError::into_inner)
}
