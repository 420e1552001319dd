//! Builds on the server that downloads can come back to: in memory, and in the keychain of users who use it.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{Entry, Keychain};
use crate::{
    dataset::JobId,
    downloads::{Builds, MemoryBuilds},
    model::Secret,
};

/// Keeps builds in memory and, if the user keeps secrets in the keychain anyway, there too: a keychain may ask for a
/// password, and a download must not be the reason for that.
pub struct BuildStore {
    memory: MemoryBuilds,
    keychain: Arc<dyn Keychain>,
    uses_keychain: AtomicBool,
}

impl BuildStore {
    /// Starts without the keychain.
    pub fn new(keychain: Arc<dyn Keychain>) -> Self {
        Self {
            memory: MemoryBuilds::default(),
            keychain,
            uses_keychain: AtomicBool::new(false),
        }
    }

    /// Sets whether the keychain is used: it is if the user keeps secrets there.
    pub fn use_keychain(&self, uses: bool) {
        self.uses_keychain.store(uses, Ordering::Relaxed);
    }

    fn keychain(&self) -> Option<&dyn Keychain> {
        let uses = self.uses_keychain.load(Ordering::Relaxed);
        uses.then_some(&*self.keychain)
    }
}

impl fmt::Debug for BuildStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BuildStore")
    }
}

impl Builds for BuildStore {
    fn get(&self, id: JobId) -> Option<Secret> {
        if let Some(kept) = self.memory.get(id) {
            return Some(kept);
        }
        let kept = self.keychain()?.get(&Entry::Build(id));
        kept.unwrap_or_else(|error| {
            tracing::info!(%error, "a build could not be read from the keychain");
            None
        })
    }

    fn set(&self, id: JobId, build: Secret) {
        if let Some(Err(error)) = self
            .keychain()
            .map(|keychain| keychain.set(&Entry::Build(id), &build))
        {
            // After a restart the server is asked again.
            tracing::info!(%error, "a build is kept in memory only");
        }
        self.memory.set(id, build);
    }

    fn forget(&self, id: JobId) {
        self.memory.forget(id);
        if let Some(Err(error)) = self
            .keychain()
            .map(|keychain| keychain.remove(&Entry::Build(id)))
        {
            tracing::info!(%error, "a build could not be forgotten");
        }
    }
}
