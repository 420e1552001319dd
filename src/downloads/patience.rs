//! How long to wait for what. One place, so that the bounds can be read and tests can shorten them all.

use std::time::Duration;

/// The waits of a download (server-api 6.10). Tests shorten all of them by one factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patience {
    factor: f64,
}

impl Default for Patience {
    fn default() -> Self {
        Self { factor: 1.0 }
    }
}

/// Seconds between questions about a build; the last one repeats.
const POLL: [u64; 5] = [2, 3, 5, 8, 15];
/// Seconds until asking a server again that has too much to do; about half an hour in all.
const BUSY: [u64; 8] = [30, 60, 120, 240, 240, 240, 240, 240];
/// Seconds until asking again after a wait was cut off: the build goes on, and one more too early would
/// start another.
const TOO_SLOW: [u64; 3] = [120, 300, 600];
/// Seconds until asking a 2025 server again that does not tell visitors about their builds.
const NOT_TOLD: [u64; 4] = [120, 240, 480, 900];
/// Seconds until trying a lost connection again.
const UNREACHABLE: [u64; 3] = [2, 10, 30];
/// Seconds until asking again after the server failed.
const FAILED: [u64; 1] = [10];

impl Patience {
    /// All waits shortened by a factor, for tests.
    pub fn shortened(factor: f64) -> Self {
        Self { factor }
    }

    /// Wait before question number `turn` about a build, a little different each time.
    pub(super) fn poll(self, turn: usize) -> Duration {
        let seconds = POLL.get(turn).or(POLL.last()).copied().unwrap_or_default();
        self.seconds(seconds).mul_f64(0.9 + 0.2 * fastrand::f64())
    }

    /// Wait number `turn` for a server that has too much to do; nothing when it is enough.
    pub(super) fn busy(self, turn: usize) -> Option<Duration> {
        BUSY.get(turn)
            .map(|seconds| self.seconds(*seconds).mul_f64(0.8 + 0.4 * fastrand::f64()))
    }

    pub(super) fn too_slow(self, turn: usize) -> Option<Duration> {
        TOO_SLOW.get(turn).map(|seconds| self.seconds(*seconds))
    }

    pub(super) fn not_told(self, turn: usize) -> Option<Duration> {
        NOT_TOLD.get(turn).map(|seconds| self.seconds(*seconds))
    }

    pub(super) fn unreachable(self, turn: usize) -> Option<Duration> {
        UNREACHABLE.get(turn).map(|seconds| self.seconds(*seconds))
    }

    pub(super) fn server_failed(self, turn: usize) -> Option<Duration> {
        FAILED.get(turn).map(|seconds| self.seconds(*seconds))
    }

    /// How long a build may stay queued before it is asked for again.
    pub(super) fn queued(self) -> Duration {
        self.seconds(600)
    }

    /// How long a build may take; the server's own limit is an hour.
    pub(super) fn build(self) -> Duration {
        self.seconds(70 * 60)
    }

    fn seconds(self, seconds: u64) -> Duration {
        Duration::from_secs(seconds).mul_f64(self.factor)
    }
}
