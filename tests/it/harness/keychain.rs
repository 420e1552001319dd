//! A keychain in memory.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use fragalysis_desktop::{
    model::Secret,
    store::{Entry, Keychain, KeychainError},
};

/// A keychain in memory; may be missing.
#[derive(Default)]
pub(crate) struct TestKeychain {
    pub(crate) entries: Mutex<BTreeMap<String, String>>,
    pub(crate) is_missing: AtomicBool,
}

impl TestKeychain {
    fn open(&self) -> Result<MutexGuard<'_, BTreeMap<String, String>>, KeychainError> {
        if self.is_missing.load(Ordering::Relaxed) {
            return Err(KeychainError::Missing);
        }
        Ok(self.entries.lock().unwrap())
    }
}

impl Keychain for TestKeychain {
    fn get(&self, entry: &Entry) -> Result<Option<Secret>, KeychainError> {
        Ok(self.open()?.get(&entry.name()).map(Secret::new))
    }

    fn set(&self, entry: &Entry, secret: &Secret) -> Result<(), KeychainError> {
        self.open()?
            .insert(entry.name(), secret.expose().to_owned());
        Ok(())
    }

    fn remove(&self, entry: &Entry) -> Result<(), KeychainError> {
        self.open()?.remove(&entry.name());
        Ok(())
    }
}
