//! What this computer remembers about the user's work, and forgetting it.

use super::{State, keychain_queue::KeychainRequest};
use crate::{
    model::{ErrorKind, Problem, ServerAddress},
    store::{Entry, TableStore},
};

/// The amount of stored data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredData {
    /// Servers whose token is in the keychain.
    pub tokens: usize,
    /// Statistics keys in the keychain.
    pub keys: usize,
    /// Servers that were used.
    pub servers: usize,
    /// Ended downloads on the page.
    pub downloads: usize,
    /// Known data folders.
    pub folders: usize,
}

impl State {
    /// Returns the amount of stored data.
    pub fn stored_data(&self) -> StoredData {
        let downloads = self.downloads.list.iter();
        StoredData {
            tokens: self.settings.kept.len(),
            keys: self.settings.statistics_keys.len(),
            servers: self.settings.servers.len(),
            downloads: downloads.filter(|download| download.has_ended()).count(),
            folders: self.library.entries.value().map_or(0, Vec::len),
        }
    }

    /// Forgets all of it: tokens and keys in the keychain, servers, saved tables, the lists of ended downloads and of
    /// folders. Downloaded data stays where it is, and a signed-in user stays signed in until the program is closed.
    pub(super) fn forget_stored_data(&mut self) {
        for name in self.settings.kept.clone() {
            if let Ok(server) = ServerAddress::parse(&name) {
                self.keys
                    .ask(KeychainRequest::Remove(Entry::Session(server)));
            }
        }
        for name in self.settings.statistics_keys.clone() {
            if let Ok(address) = ServerAddress::parse(&name) {
                self.forget_statistics_key(address);
            }
        }
        self.library.forget_all(&self.environment.worker);
        self.downloads.forget_finished();
        self.settings.files_of.clear();
        self.settings.servers.clear();
        self.settings.recent.clear();
        self.settings.server = None;
        self.save_settings();
        let tables = TableStore::in_folder(&self.environment.folders.data);
        self.forgetting.start(&self.environment.worker, async move {
            let work = tokio::task::spawn_blocking(move || tables.forget_all());
            let removed = work.await.map_err(std::io::Error::from).flatten();
            removed.map_err(|error| {
                Problem::new(
                    ErrorKind::NotWritable,
                    format!("The saved tables could not be removed from this computer ({error})."),
                )
            })
        });
    }

    /// Reports that the data has been forgotten, or why it could not be.
    pub(super) fn poll_forgetting(&mut self) {
        if !self.forgetting.poll() {
            return;
        }
        match self.forgetting.problem() {
            Some(problem) => self.notices.warn(problem.message.clone()),
            None => self
                .notices
                .info("Forgotten. Downloaded data, your views, and your stars and notes are kept."),
        }
    }
}
