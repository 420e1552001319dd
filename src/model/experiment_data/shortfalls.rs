//! What is missing from a table, target by target.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Shortfall, TargetKey};

/// What is missing from a table that was put together from lists of several targets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shortfalls {
    /// What is missing from the lists that are not those of one target.
    pub general: Shortfall,
    of_targets: BTreeMap<TargetKey, Shortfall>,
    unread: BTreeSet<TargetKey>,
}

impl Shortfalls {
    /// Creates a table from which only this is missing so far.
    pub fn new(general: Shortfall) -> Self {
        Self {
            general,
            ..Self::default()
        }
    }

    /// Adds what is missing from the lists of one target.
    pub fn add_of_target(&mut self, target: &TargetKey, shortfall: Shortfall) {
        if !shortfall.is_none() {
            let known = self.of_targets.entry(target.clone()).or_default();
            known.add(shortfall);
        }
    }

    /// Records that no row of a target could be read, so that it is not known how many it has.
    pub fn add_unread_target(&mut self, target: &TargetKey) {
        self.unread.insert(target.clone());
    }

    /// Returns `true` if no row of a target could be read.
    pub fn is_unread(&self, target: &TargetKey) -> bool {
        self.unread.contains(target)
    }

    /// Returns `true` if nothing is missing.
    pub fn is_none(&self) -> bool {
        self.general.is_none() && self.of_targets.is_empty()
    }

    /// Returns what is missing from the rows of a target, or from those of all if `None` is given.
    pub fn of(&self, target: Option<&TargetKey>) -> Shortfall {
        let mut all = self.general.clone();
        for (key, shortfall) in &self.of_targets {
            if target.is_none_or(|target| target == key) {
                all.add(shortfall.clone());
            }
        }
        all
    }
}
