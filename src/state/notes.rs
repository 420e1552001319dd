//! Notes about downloads, so that they survive the end of the program. All writing happens beside the window.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{Download, Load, Surroundings};
use crate::{
    downloads::{Claim, JobId, JobRecord, Journal, Queue},
    model::ServerAddress,
};

/// How the demo's server is noted: its address is another one in every run.
const DEMO: &str = "demo";

type Claims = Arc<Mutex<HashMap<JobId, Claim>>>;

/// The journal as the window uses it.
pub(super) struct Notes {
    journal: Arc<dyn Journal>,
    /// Other copies of the program leave these alone.
    claims: Claims,
    /// What an earlier run has noted.
    restored: Load<Vec<(JobRecord, Claim)>>,
    demo: Option<ServerAddress>,
    /// Counts the notes, so that a later one is never replaced by an earlier one.
    count: u64,
}

impl Notes {
    pub(super) fn new(surroundings: &Surroundings) -> Self {
        let journal = Arc::clone(&surroundings.journal);
        let mut restored = Load::NotAsked;
        let noted = Arc::clone(&journal);
        restored.start(&surroundings.worker, async move {
            // A journal that cannot be read is an empty one; what is in it stays for the next start.
            let taken = tokio::task::spawn_blocking(move || noted.take_over()).await;
            Ok(taken.unwrap_or_default())
        });
        let demo = surroundings.demo.as_ref();
        Self {
            journal,
            claims: Arc::default(),
            restored,
            demo: demo.map(|demo| demo.address.clone()),
            count: 0,
        }
    }

    /// What an earlier run has noted, once it has been read, each with the address of its server.
    pub(super) fn take_restored(&mut self) -> Vec<(JobRecord, ServerAddress)> {
        if !self.restored.poll() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (record, claim) in self.restored.take_value().unwrap_or_default() {
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
        found
    }

    /// Says that this copy of the program has a download.
    pub(super) fn claim(&self, queue: &Queue, id: JobId) {
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
    pub(super) fn note(&mut self, queue: &Queue, download: &Download) {
        self.count += 1;
        let number = self.count;
        let server = if self.demo.as_ref() == Some(&download.server) {
            DEMO.to_owned()
        } else {
            download.server.as_str().to_owned()
        };
        let (journal, id) = (Arc::clone(&self.journal), download.id);
        match download.record(server) {
            Some(record) => queue.aside(move || journal.note(&record, number)),
            None => queue.aside(move || journal.forget(id, number)),
        }
    }

    /// Forgets a download, and lets go of it.
    pub(super) fn forget(&mut self, queue: &Queue, id: JobId) {
        self.count += 1;
        let number = self.count;
        let (journal, claims) = (Arc::clone(&self.journal), Arc::clone(&self.claims));
        queue.aside(move || {
            open(&claims).remove(&id);
            journal.forget(id, number)
        });
    }
}

fn open(claims: &Claims) -> MutexGuard<'_, HashMap<JobId, Claim>> {
    claims.lock().unwrap_or_else(PoisonError::into_inner)
}
