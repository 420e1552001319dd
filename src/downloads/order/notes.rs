//! Records of orders: only a program that ended before the build did leaves one behind.

use serde::{Deserialize, Serialize};

use crate::{
    disk::{read_json, remove, write_json},
    downloads::{DownloadError, work_dir::WorkDir},
};

/// Orders for the archive of a part that have not led to one yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ordered {
    /// How often.
    pub(super) times: usize,
    /// When it was last.
    pub(super) at: jiff::Timestamp,
}

impl WorkDir {
    /// Returns what an earlier run has ordered for a part, if it ended before it was built.
    pub(super) fn ordered(&self, number: usize) -> Option<Ordered> {
        read_json(&self.path(number, "order", ".json")).ok()?
    }

    /// Records that the archive of a part is being ordered.
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

    /// Removes the orders of a part: it has been built, or will not be.
    pub(super) fn forget_orders(&self, number: usize) -> Result<(), DownloadError> {
        Ok(remove(&self.path(number, "order", ".json"))?)
    }
}
