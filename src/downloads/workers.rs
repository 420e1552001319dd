//! One writer for each download, even if the run for which it works has been dropped.
//!
//! Dropping a run stops it, but a worker that is using the disk at that point ends a moment later. A new run of the
//! same download waits for that: otherwise both would write into the same folder.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::Semaphore;

use crate::dataset::JobId;

/// The permits of all downloads of this program on which a worker is active.
static PERMITS: Mutex<BTreeMap<JobId, Weak<Semaphore>>> = Mutex::new(BTreeMap::new());

/// Returns the single permit for the worker of a download: its holder knows that no one else writes.
pub(super) fn job_permit(id: JobId) -> Arc<Semaphore> {
    let mut places = PERMITS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(place) = places.get(&id).and_then(Weak::upgrade) {
        return place;
    }
    places.retain(|_, place| place.strong_count() > 0);
    let place = Arc::new(Semaphore::new(1));
    places.insert(id, Arc::downgrade(&place));
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_has_one_permit_while_any_worker_is_active() {
        let (id, other) = (JobId::random(), JobId::random());
        let place = job_permit(id);
        let worker = Arc::clone(&place).try_acquire_owned().unwrap();
        drop(place);
        // The run is gone, its worker is not.
        assert!(job_permit(id).try_acquire().is_err());
        assert!(job_permit(other).try_acquire().is_ok());
        drop(worker);
        assert!(job_permit(id).try_acquire().is_ok());
    }
}
