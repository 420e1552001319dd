//! One writer for each download, also when the run that it works for has been let go of.
//!
//! Anyone who drops a run stops it, but a worker that is at the disk just then ends a moment later. A new run of the
//! same download waits for that: else both would write in the same folder.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::Semaphore;

use crate::dataset::JobId;

/// The places of all downloads of this program that someone still works on.
static PLACES: Mutex<BTreeMap<JobId, Weak<Semaphore>>> = Mutex::new(BTreeMap::new());

/// The one place for a worker of a download: anyone who has it knows that no one else writes.
pub(super) fn place_of(id: JobId) -> Arc<Semaphore> {
    let mut places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
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
    fn a_download_has_one_place_as_long_as_anybody_works_on_it() {
        let (id, other) = (JobId::random(), JobId::random());
        let place = place_of(id);
        let worker = Arc::clone(&place).try_acquire_owned().unwrap();
        drop(place);
        // The run is gone, its worker is not.
        assert!(place_of(id).try_acquire().is_err());
        assert!(place_of(other).try_acquire().is_ok());
        drop(worker);
        assert!(place_of(id).try_acquire().is_ok());
    }
}
