//! The store of builds on the server to which a download can return.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{dataset::JobId, model::Secret};

/// Where builds are kept: in memory, or where secrets may be stored. All functions may block on the user.
pub trait Builds: Send + Sync {
    /// Returns the build of a download.
    fn get(&self, id: JobId) -> Option<Secret>;
    /// Keeps a build, replacing an earlier one.
    fn set(&self, id: JobId, build: Secret);
    /// Forgets the build of a download.
    fn forget(&self, id: JobId);
}

/// Builds that are kept in memory only.
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
