//! Where builds at the server are kept that a download can come back to.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{dataset::JobId, model::Secret};

/// Where builds are kept: in memory, or where secrets may lie. All functions may wait for the user.
pub trait Builds: Send + Sync {
    /// What is kept for a download.
    fn get(&self, id: JobId) -> Option<Secret>;
    /// Keeps it, in place of what was kept before.
    fn set(&self, id: JobId, build: Secret);
    /// Forgets it.
    fn forget(&self, id: JobId);
}

/// Builds that are forgotten with the program.
#[derive(Debug, Default)]
pub struct MemoryBuilds(Mutex<HashMap<JobId, Secret>>);

impl MemoryBuilds {
    fn open(&self) -> MutexGuard<'_, HashMap<JobId, Secret>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Builds for MemoryBuilds {
    fn get(&self, id: JobId) -> Option<Secret> {
        self.open().get(&id).cloned()
    }

    fn set(&self, id: JobId, build: Secret) {
        self.open().insert(id, build);
    }

    fn forget(&self, id: JobId) {
        self.open().remove(&id);
    }
}
