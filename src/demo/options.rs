//! Options of the demo server.

use std::{fmt, time::Duration};

use super::faults::Faults;
use crate::demo::Generation;

/// Options of the demo server.
#[derive(Clone, Copy, Debug)]
pub struct DemoOptions {
    /// The generation that it imitates.
    pub generation: Generation,
    /// How it misbehaves.
    pub faults: Faults,
    /// The port on this computer; 0 chooses a free one.
    pub port: u16,
    /// How many experiments it generates; `None` means about 1,500.
    pub rows: Option<usize>,
    /// How many of the first target's crystals have a ligand; `None` means about 40.
    pub modelled: Option<usize>,
    /// How many days its clock is behind: later uploads are not there yet.
    pub days_ago: u32,
    /// The seed of random changes to the first target: some each time that days pass.
    pub changes: Option<u64>,
    /// More targets: how many, and how many observations each.
    pub more_targets: Option<(usize, usize)>,
    /// Whether the last upload put a comma into a compound's code: servers of 2024 quote nothing.
    pub comma_in_code: bool,
    /// How long building an archive takes.
    pub build_time: Duration,
    /// Secrets given by the caller, for a test that searches for them everywhere.
    pub secrets: Option<DemoSecrets>,
    /// Sent in place of every archive, for benchmarks that need larger ones than the demo generates.
    pub stand_in: Option<StandIn>,
}

/// An archive given by the caller.
#[derive(Clone, Copy)]
pub struct StandIn {
    /// All of it.
    pub bytes: &'static [u8],
    /// How fast it is sent, in bytes per second; `None` means as fast as possible.
    pub rate: Option<u64>,
}

impl fmt::Debug for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes at {:?}", self.bytes.len(), self.rate)
    }
}

/// Secrets that replace the server's default ones.
#[derive(Clone, Copy, Debug)]
pub struct DemoSecrets {
    /// The session token of the member.
    pub token: &'static str,
    /// The CSRF token.
    pub csrf: &'static str,
    /// The key of the statistics.
    pub key: &'static str,
    /// The id of every build, which is also in the archive's handle. A UUID.
    pub build: &'static str,
}

impl Default for DemoOptions {
    fn default() -> Self {
        Self {
            generation: Generation::G2026,
            faults: Faults::default(),
            port: 0,
            rows: None,
            modelled: None,
            days_ago: 0,
            changes: None,
            more_targets: None,
            comma_in_code: false,
            build_time: Duration::from_millis(1500),
            secrets: None,
            stand_in: None,
        }
    }
}
