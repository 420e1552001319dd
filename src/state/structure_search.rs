//! A structure search in the background.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::{Remote, Worker};
use crate::table::{ColumnFilter, Sheet};

/// The running structure search.
#[derive(Default)]
pub(super) struct StructureSearch {
    pub(super) running: Remote<()>,
    /// The condition that is set as soon as it has its first results.
    pub(super) asked: Option<ColumnFilter>,
    /// Whether a search has results that are not shown yet.
    has_further: Arc<AtomicBool>,
    /// Whether the results of the search are still wanted.
    is_wanted: Arc<AtomicBool>,
}

impl StructureSearch {
    /// Starts the searches that these conditions need.
    pub(super) fn start(&mut self, worker: &Worker, sheet: Sheet, filters: Vec<ColumnFilter>) {
        self.is_wanted = Arc::new(AtomicBool::new(true));
        let is_wanted = Arc::clone(&self.is_wanted);
        let (has_further, waker) = (Arc::clone(&self.has_further), Arc::clone(&worker.waker));
        self.running.start(worker, async move {
            let searched = tokio::task::spawn_blocking(move || {
                for filter in filters {
                    filter.prepare(&sheet, &mut || {
                        has_further.store(true, Ordering::Release);
                        waker();
                        is_wanted.load(Ordering::Relaxed)
                    });
                }
            });
            searched
                .await
                .map_err(|error| super::export::crashed(&error))
        });
    }

    /// Stops the search after its current step. Its results so far are kept.
    pub(super) fn stop(&mut self) {
        self.is_wanted.store(false, Ordering::Relaxed);
        self.running = Remote::NotRequested;
        self.asked = None;
    }

    /// Returns `true` if there are further results, or the search has ended.
    pub(super) fn poll(&mut self) -> bool {
        let has_ended = self.running.poll();
        self.has_further.swap(false, Ordering::Acquire) || has_ended
    }
}
