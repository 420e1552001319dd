//! Notes of what was ordered: only a program that ended before it was built leaves one behind.

use serde::{Deserialize, Serialize};

use crate::{
    disk::{read_json, remove, write_json},
    downloads::{DownloadError, work_dir::WorkDir},
};

/// Orders of a part's archive that have not led to one yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ordered {
    /// How often.
    pub(super) times: usize,
    /// When it was last.
    pub(super) at: jiff::Timestamp,
}

impl WorkDir {
    /// What an earlier run has ordered of a part, if it did not live to see it built.
    pub(super) fn ordered(&self, number: usize) -> Option<Ordered> {
        read_json(&self.path(number, "order", ".json")).ok()?
    }

    /// Notes that a part's archive is being ordered.
    pub(super) fn note_order(
        &self,
        number: usize,
        at: jiff::Timestamp,
    ) -> Result<(), DownloadError> {
        let times = self.ordered(number).map_or(0, |before| before.times) + 1;
        Ok(write_json(
            &self.path(number, "order", ".json"),
            &Ordered { times, at },
        )?)
    }

    /// Forgets the orders of a part: it has been built, or will not be.
    pub(super) fn forget_orders(&self, number: usize) -> Result<(), DownloadError> {
        Ok(remove(&self.path(number, "order", ".json"))?)
    }
}
