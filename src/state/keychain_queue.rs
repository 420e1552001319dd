//! Requests to the keychain, carried out one after the other: a later request cannot overtake an earlier one, and a
//! request is carried out even if the window is closed meanwhile.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        mpsc::{Receiver, SendError, SyncSender, TrySendError, sync_channel},
    },
};

use super::Worker;
use crate::{
    model::Secret,
    store::{Entry, Keychain, KeychainError},
};

/// Capacity of the queue of requests; no one clicks faster.
const CAPACITY: usize = 64;

/// A request to the keychain.
#[derive(Debug)]
pub(super) enum KeychainRequest {
    Get(Entry),
    Set(Entry, Secret),
    Remove(Entry),
}

/// The response to a request.
#[derive(Debug)]
pub(super) enum KeychainResponse {
    /// The contents of the entry.
    Got(Entry, Result<Option<Secret>, KeychainError>),
    /// Whether the secret was saved.
    Set(Entry, Result<(), KeychainError>),
    /// Whether the entry was removed.
    Removed(Entry, Result<(), KeychainError>),
}

impl KeychainResponse {
    /// Logs a failure that no window can show any more.
    fn log_failure(&self) {
        if let Self::Got(_, Err(error)) | Self::Set(_, Err(error)) | Self::Removed(_, Err(error)) =
            self
        {
            tracing::error!(%error, "the keychain failed after the window was closed");
        }
    }
}

/// The queue of requests.
pub(super) struct KeychainQueue {
    asks: SyncSender<KeychainRequest>,
    answers: Receiver<KeychainResponse>,
    /// Requests that have not been answered yet.
    open: VecDeque<Entry>,
}

impl KeychainQueue {
    pub(super) fn new(keychain: Arc<dyn Keychain>, worker: &Worker) -> Self {
        let (asks, asked) = sync_channel(CAPACITY);
        let (answer, answers) = sync_channel(CAPACITY);
        let waker = Arc::clone(&worker.waker);
        // Ends when the window drops the queue, after the last request: the runtime waits for that.
        worker.runtime.spawn_blocking(move || {
            for ask in asked {
                let answered = match ask {
                    KeychainRequest::Get(entry) => {
                        let found = keychain.get(&entry);
                        KeychainResponse::Got(entry, found)
                    }
                    KeychainRequest::Set(entry, secret) => {
                        let kept = keychain.set(&entry, &secret);
                        KeychainResponse::Set(entry, kept)
                    }
                    KeychainRequest::Remove(entry) => {
                        let removed = keychain.remove(&entry);
                        KeychainResponse::Removed(entry, removed)
                    }
                };
                // Without a window there is no receiver; the next request is carried out all the same.
                match answer.send(answered) {
                    Ok(()) => waker(),
                    Err(SendError(unseen)) => unseen.log_failure(),
                }
            }
        });
        Self {
            asks,
            answers,
            open: VecDeque::new(),
        }
    }

    pub(super) fn ask(&mut self, ask: KeychainRequest) {
        let entry = match &ask {
            KeychainRequest::Get(entry)
            | KeychainRequest::Set(entry, _)
            | KeychainRequest::Remove(entry) => entry.clone(),
        };
        match self.asks.try_send(ask) {
            Ok(()) => self.open.push_back(entry),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                tracing::error!("too many requests to the keychain are waiting");
            }
        }
    }

    /// Returns the next answer of the keychain, or `None` if none has arrived.
    pub(super) fn answer(&mut self) -> Option<KeychainResponse> {
        let answered = self.answers.try_recv().ok()?;
        self.open.pop_front();
        Some(answered)
    }

    /// Returns `true` if a request for this entry is pending.
    pub(super) fn is_pending(&self, entry: &Entry) -> bool {
        self.open.contains(entry)
    }
}
