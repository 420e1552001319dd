//! Notes about downloads, so that they survive the end of the program. All writing happens beside the window.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use super::Download;
use crate::{
    dataset::JobId,
    downloads::{Claim, Journal, Queue, SavedJob, adopt},
    library::LibraryFolder,
    model::ServerAddress,
    state::{Environment, Remote},
};

/// How the demo's server is noted: its address is another one in every run.
const DEMO: &str = "demo";

type Claims = Arc<Mutex<HashMap<JobId, Claim>>>;

/// What earlier runs have left.
#[derive(Default)]
struct Earlier {
    noted: Vec<(SavedJob, Claim)>,
    /// What there is to say about it.
    sentences: Vec<String>,
}

/// The journal as the window uses it.
pub(in crate::state) struct Notes {
    journal: Arc<dyn Journal>,
    /// Other copies of the program leave these alone.
    claims: Claims,
    /// What an earlier run has noted.
    restored: Remote<Earlier>,
    /// What was found without a note.
    found: Remote<Earlier>,
    demo: Option<ServerAddress>,
    /// Counts the notes, so that a later one is never replaced by an earlier one.
    count: u64,
}

impl Notes {
    /// Also looks for downloads without a note: in the folder for downloads, and beside folders that are known.
    pub(in crate::state) fn new(environment: &Environment, folder: Option<PathBuf>) -> Self {
        let journal = Arc::clone(&environment.journal);
        let demo = environment.demo.as_ref();
        let (mut restored, mut found) = (Remote::NotRequested, Remote::NotRequested);
        let (is_read, read) = oneshot::channel();
        let noted = Arc::clone(&journal);
        restored.start(&environment.worker, async move {
            let told = noted.put_aside();
            let earlier = tokio::task::spawn_blocking(move || Earlier {
                noted: noted.take_over(),
                sentences: Vec::new(),
            });
            // A journal that cannot be read is an empty one; what is in it stays for the next start.
            let earlier = earlier.await.unwrap_or_default();
            // Fails only when the window is gone.
            is_read.send(told).ok();
            Ok(earlier)
        });
        let (noted, has_demo) = (Arc::clone(&journal), demo.is_some());
        let folders = environment.folders.clone();
        let folder = folder.unwrap_or(folders.downloads);
        // Apart from the above: a disk that does not answer must not keep back what is noted.
        found.start(&environment.worker, async move {
            let told = read.await.unwrap_or_default();
            let earlier = tokio::task::spawn_blocking(move || {
                let library = LibraryFolder::in_folder(&folders.data);
                let parents = library.parents().into_iter().chain([folder]);
                let found = adopt(&*noted, parents, &|server| {
                    server.contains("://") || (has_demo && server == DEMO)
                });
                // What was put aside in an earlier run was told then.
                let mut aside = noted.put_aside();
                aside.retain(|path| !told.contains(path));
                Earlier {
                    noted: noted.take_over(),
                    sentences: found.sentences(&aside, &how_to_resume),
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

    /// What an earlier run has noted, once it has been read, each with the address of its server; and what there
    /// is to say about it.
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
            // Without its server it stays noted, for a run of the program that has it.
            if let Some(server) = server {
                open(&self.claims).insert(record.id, claim);
                found.push((record, server));
            }
        }
        (found, sentences)
    }

    /// A download as it is noted; `None` where it cannot be resumed.
    pub(in crate::state) fn record(&self, download: &Download) -> Option<SavedJob> {
        let server = if self.demo.as_ref() == Some(&download.server) {
            DEMO.to_owned()
        } else {
            download.server.as_str().to_owned()
        };
        download.record(server)
    }

    /// Says that this copy of the program has a download.
    pub(in crate::state) fn claim(&self, queue: &Queue, id: JobId) {
        let (journal, claims) = (Arc::clone(&self.journal), Arc::clone(&self.claims));
        queue.aside(move || {
            // Without a claim it still runs; only another copy could take it over meanwhile.
            if let Some(claim) = journal.claim(id)? {
                open(&claims).insert(id, claim);
            }
            Ok(())
        });
    }

    /// Notes how a download stands.
    pub(in crate::state) fn note(&mut self, queue: &Queue, download: &Download) {
        self.count += 1;
        let number = self.count;
        let (journal, id) = (Arc::clone(&self.journal), download.id);
        match self.record(download) {
            Some(record) => queue.aside(move || journal.note(&record, number)),
            None => queue.aside(move || journal.forget(id, number)),
        }
    }

    /// Forgets a download, and lets go of it.
    pub(in crate::state) fn forget(&mut self, queue: &Queue, id: JobId) {
        self.count += 1;
        let number = self.count;
        let (journal, claims) = (Arc::clone(&self.journal), Arc::clone(&self.claims));
        queue.aside(move || {
            open(&claims).remove(&id);
            journal.forget(id, number)
        });
    }
}

/// How a download that was found is resumed in the window.
fn how_to_resume(record: &SavedJob) -> String {
    match &record.user {
        Some(user) => format!("{user} can resume it on the Downloads page after signing in."),
        None => "You can resume it on the Downloads page.".to_owned(),
    }
}

fn open(claims: &Claims) -> MutexGuard<'_, HashMap<JobId, Claim>> {
    claims.lock().unwrap_or_else(PoisonError::into_inner)
}
