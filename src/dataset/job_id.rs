//! Ids of downloads.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Identifies a download, also one of an earlier run of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub u64);

impl JobId {
    /// Returns a new id.
    pub fn random() -> Self {
        Self(fastrand::u64(1..=u64::from(u32::MAX) << 20))
    }

    /// Reads what `Display` has written.
    pub fn parse(text: &str) -> Option<Self> {
        u64::from_str_radix(text, 16).ok().map(Self)
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:013x}", self.0)
    }
}
