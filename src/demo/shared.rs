//! What all requests to the demo server share: its data, its faults, its sessions.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::{
    builds::Builds,
    faults::Faults,
    lists::Lists,
    options::{DemoSecrets, StandIn},
    sessions::Visitor,
    world::World,
};
use crate::demo::Generation;

/// What all requests share.
#[derive(Debug)]
pub(super) struct Shared {
    /// The data as they were, if the clock was turned back, and as they became.
    pub(crate) earlier: Vec<World>,
    pub(crate) last: World,
    /// The index of the present data.
    pub(crate) day: AtomicUsize,
    pub(super) generation: Generation,
    pub(crate) faults: Mutex<Faults>,
    pub(super) build_time: Duration,
    pub(super) builds: Mutex<Builds>,
    /// Tokens whose sessions have been ended.
    pub(crate) ended: Mutex<BTreeSet<String>>,
    /// Tokens whose sessions must be renewed.
    pub(crate) ageing: Mutex<BTreeSet<String>>,
    /// Whether any user is a member of anything.
    pub(crate) has_members: AtomicBool,
    /// Whether the first CSRF token was refused.
    pub(crate) csrf_told: AtomicBool,
    /// Scheme, host and port as they appear in links.
    pub(crate) origin: String,
    /// The actual scheme, host and port.
    pub(super) own_origin: String,
    /// Where the sign-in service and the statistics are.
    pub(super) neighbour: String,
    pub(super) secrets: Option<DemoSecrets>,
    pub(super) stand_in: Option<StandIn>,
    /// Requests so far.
    pub(crate) requests: AtomicUsize,
    /// Everything that the sign-in service has received.
    pub(super) heard_beside: Mutex<Vec<String>>,
}

impl Shared {
    pub(super) fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the data of the present day.
    pub(super) fn world(&self) -> &World {
        let day = self.day.load(Ordering::Relaxed);
        self.earlier.get(day).unwrap_or(&self.last)
    }

    /// Returns the faults that are on at present.
    pub(super) fn faults(&self) -> Faults {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ended(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ageing(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.ageing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns `true` if this POST is refused for its CSRF token although it is right.
    pub(super) fn refuses_csrf(&self, visitor: Visitor) -> bool {
        let faults = self.faults();
        let is_first = || !self.csrf_told.swap(true, Ordering::Relaxed);
        visitor != Visitor::Anonymous && (faults.csrf_always || (faults.csrf_once && is_first()))
    }

    pub(super) fn lists(&self, visitor: Visitor) -> Lists<'_> {
        Lists {
            world: self.world(),
            generation: self.generation,
            faults: self.faults(),
            has_members: self.has_members.load(Ordering::Relaxed),
            visitor,
            origin: &self.origin,
        }
    }
}
