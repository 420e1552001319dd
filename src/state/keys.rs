//! The keychain, asked one thing after the other: what was asked later cannot be overtaken by what was asked
//! before, and what was asked is done even if the window is closed meanwhile.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
};

use super::Worker;
use crate::{
    model::Secret,
    store::{Entry, Keychain, KeychainError},
};

/// Questions that may wait at the same time; no one clicks faster.
const WAITING: usize = 64;

/// A question to the keychain.
#[derive(Debug)]
pub(super) enum Ask {
    Get(Entry),
    Set(Entry, Secret),
    Remove(Entry),
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Answered {
    /// What the entry holds.
    Got(Entry, Result<Option<Secret>, KeychainError>),
    /// The secret is kept, or not.
    Set(Entry, Result<(), KeychainError>),
    /// The entry is gone, or not.
    Removed(Entry, Result<(), KeychainError>),
}

/// The queue of questions.
pub(super) struct Keys {
    asks: SyncSender<Ask>,
    answers: Receiver<Answered>,
    /// What was asked and is not answered yet.
    open: VecDeque<Entry>,
}

impl Keys {
    pub(super) fn new(keychain: Arc<dyn Keychain>, worker: &Worker) -> Self {
        let (asks, asked) = sync_channel(WAITING);
        let (answer, answers) = sync_channel(WAITING);
        let waker = Arc::clone(&worker.waker);
        // Ends when the window lets go of the queue, after the last question: the runtime waits for that.
        worker.runtime.spawn_blocking(move || {
            for ask in asked {
                let answered = match ask {
                    Ask::Get(entry) => {
                        let found = keychain.get(&entry);
                        Answered::Got(entry, found)
                    }
                    Ask::Set(entry, secret) => {
                        let kept = keychain.set(&entry, &secret);
                        Answered::Set(entry, kept)
                    }
                    Ask::Remove(entry) => {
                        let removed = keychain.remove(&entry);
                        Answered::Removed(entry, removed)
                    }
                };
                // Without a window no one wants to know; the next question is done all the same.
                if answer.send(answered).is_ok() {
                    waker();
                }
            }
        });
        Self {
            asks,
            answers,
            open: VecDeque::new(),
        }
    }

    pub(super) fn ask(&mut self, ask: Ask) {
        let entry = match &ask {
            Ask::Get(entry) | Ask::Set(entry, _) | Ask::Remove(entry) => entry.clone(),
        };
        match self.asks.try_send(ask) {
            Ok(()) => self.open.push_back(entry),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                tracing::error!("the keychain has too many questions waiting");
            }
        }
    }

    /// The next answer, if there is one.
    pub(super) fn answer(&mut self) -> Option<Answered> {
        let answered = self.answers.try_recv().ok()?;
        self.open.pop_front();
        Some(answered)
    }

    /// Whether the keychain is being asked for this entry.
    pub(super) fn is_asked_for(&self, entry: &Entry) -> bool {
        self.open.contains(entry)
    }
}
