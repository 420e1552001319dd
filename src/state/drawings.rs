//! Molecules laid out on this computer, by their SMILES. Computed in the background, a few at a time.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{Remote, Worker};
use crate::chemistry::{Drawing, Structure};

/// Maximum number of cached drawings; beyond it, all are computed again.
const MAX_CACHED: usize = 20_000;
/// How many are laid out in one batch; the window is updated after each.
const BATCH: usize = 32;

/// The state of a molecule's drawing.
#[derive(Clone, Debug, PartialEq)]
pub enum DrawingState {
    /// It has not been requested.
    NotAsked,
    /// It is being computed.
    OnItsWay,
    /// It is ready.
    Ready(Arc<Drawing>),
    /// The text is not a molecule, or not one that can be laid out well.
    NotPossible,
}

/// The drawings of molecules.
#[derive(Default)]
pub struct Drawings {
    known: HashMap<String, Option<Arc<Drawing>>>,
    asked: HashSet<String>,
    waiting: Vec<String>,
    making: Remote<Vec<(String, Option<Arc<Drawing>>)>>,
}

impl Drawings {
    /// Returns the state of a molecule's drawing.
    pub fn get(&self, smiles: &str) -> DrawingState {
        match self.known.get(smiles) {
            Some(Some(drawing)) => DrawingState::Ready(Arc::clone(drawing)),
            Some(None) => DrawingState::NotPossible,
            None if self.asked.contains(smiles) => DrawingState::OnItsWay,
            None => DrawingState::NotAsked,
        }
    }

    /// Requests a drawing.
    pub(super) fn request(&mut self, worker: &Worker, smiles: String) {
        if self.known.contains_key(&smiles) || !self.asked.insert(smiles.clone()) {
            return;
        }
        self.waiting.push(smiles);
        self.make_more(worker);
    }

    fn make_more(&mut self, worker: &Worker) {
        if self.making.is_loading() || self.waiting.is_empty() {
            return;
        }
        // The latest requests are the ones in view.
        let from = self.waiting.len().saturating_sub(BATCH);
        let batch = self.waiting.split_off(from);
        self.making.start(worker, async move {
            let made = tokio::task::spawn_blocking(move || {
                let made = batch.into_iter().map(|smiles| {
                    let structure = Structure::read(&smiles).ok();
                    let drawing = structure.and_then(|structure| structure.drawing());
                    (smiles, drawing.map(Arc::new))
                });
                made.collect()
            });
            Ok(made.await.unwrap_or_default())
        });
    }

    /// Collects the finished drawings.
    pub(super) fn poll(&mut self, worker: &Worker) {
        if !self.making.poll() {
            return;
        }
        if self.known.len() > MAX_CACHED {
            self.known.clear();
        }
        for (smiles, drawing) in self.making.take_value().unwrap_or_default() {
            self.asked.remove(&smiles);
            self.known.insert(smiles, drawing);
        }
        self.make_more(worker);
    }
}
