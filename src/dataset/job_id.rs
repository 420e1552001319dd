//! What tells downloads apart.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Tells downloads apart, also those of earlier runs of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub u64);

impl JobId {
    /// An id that no other download has.
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
