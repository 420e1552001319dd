//! What this computer remembers of the user's work, and forgetting it.

use super::{State, keys::Ask};
use crate::{
    model::ServerAddress,
    store::{Entry, KeptTables},
};

/// How much is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredData {
    /// Servers whose token is in the keychain.
    pub tokens: usize,
    /// Keys of statistics in the keychain.
    pub keys: usize,
    /// Servers that were used.
    pub servers: usize,
    /// Downloads on the page that are over.
    pub downloads: usize,
    /// Folders with data that are known.
    pub folders: usize,
}

impl State {
    /// How much is remembered.
    pub fn traces(&self) -> StoredData {
        let downloads = self.downloads.list.iter();
        StoredData {
            tokens: self.settings.kept.len(),
            keys: self.settings.statistics_keys.len(),
            servers: self.settings.servers.len(),
            downloads: downloads.filter(|download| download.is_over()).count(),
            folders: self.library.shelf.value().map_or(0, Vec::len),
        }
    }

    /// Forgets all of it: tokens and keys in the keychain, servers, kept tables, the lists of what is over and
    /// of folders. What was downloaded stays where it is, and who is signed in stays so until the program is
    /// closed.
    pub(super) fn forget_traces(&mut self) {
        for name in self.settings.kept.clone() {
            if let Ok(server) = ServerAddress::parse(&name) {
                self.keys.ask(Ask::Remove(Entry::Session(server)));
            }
        }
        for name in self.settings.statistics_keys.clone() {
            if let Ok(address) = ServerAddress::parse(&name) {
                self.forget_statistics_key(address);
            }
        }
        self.library.forget_all(&self.environment.worker);
        if let Some(session) = &self.sessions.current {
            self.downloads.clear_finished(session);
        }
        self.settings.servers.clear();
        self.settings.recent.clear();
        self.settings.server = None;
        self.save_settings();
        let tables = KeptTables::in_folder(&self.environment.folders.data);
        self.environment.worker.runtime.spawn_blocking(move || {
            if let Err(error) = tables.forget_all() {
                tracing::warn!(%error, "the kept tables could not be removed");
            }
        });
        self.notices
            .tell("Forgotten. What you have downloaded is where it was.");
    }
}
