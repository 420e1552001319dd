//! All timeouts of a download. In one place, so that the limits can be read and tests can shorten them all.

use std::time::Duration;

/// The timeouts of a download (server-api 6.10).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timeouts {
    /// Shortens all waits except the two below; for tests.
    pub(super) factor: f64,
    /// Longest wait between two chunks of an archive.
    pub stall: Duration,
    /// How long to wait for a lost network.
    pub network: Duration,
}

impl Default for Timeouts {
    /// For a command that a user waits for.
    fn default() -> Self {
        Self {
            factor: 1.0,
            stall: Duration::from_mins(1),
            network: Duration::from_mins(10),
        }
    }
}

/// Seconds between polls of a build; the last one repeats.
const POLL: [u64; 5] = [2, 3, 5, 8, 15];
/// Back-off for a busy server, in seconds; about half an hour in total.
const BUSY: [u64; 8] = [30, 60, 120, 240, 240, 240, 240, 240];
/// Longest wait that a server may ask for. A busy one that asks for more is given up; polling waits only this long.
const LONGEST_ASKED: Duration = Duration::from_mins(30);
/// Seconds until asking again after a gateway timeout: the build continues, and asking too early would start another.
const TOO_SLOW: [u64; 3] = [120, 300, 600];
/// Seconds between two orders of the same archive, if the program ended in between and only the record is left of the
/// first. The server may still be building for it.
const ORDERED_BEFORE: [u64; 5] = [0, 5, 20, 60, 120];
/// Seconds until asking a 2025 server again, which reports no builds to visitors.
const PROGRESS_HIDDEN: [u64; 4] = [120, 240, 480, 900];
/// Seconds until retrying a lost connection; the last one repeats.
const NETWORK: [u64; 5] = [2, 5, 10, 30, 60];
/// Seconds until asking again after a server error.
const FAILED: [u64; 1] = [10];

impl Timeouts {
    /// For a window that is left alone overnight: a network that returns in the morning is early enough.
    pub fn unattended() -> Self {
        Self {
            network: Duration::from_hours(24),
            ..Self::default()
        }
    }

    /// All waits shortened by a factor, for tests.
    pub fn shortened(factor: f64) -> Self {
        Self {
            factor,
            stall: Duration::from_secs(3),
            network: Duration::from_millis(600),
        }
    }

    /// Returns the wait before poll number `turn` of a build, slightly different each time.
    pub(super) fn poll(self, turn: usize) -> Duration {
        self.seconds(at_or_last(&POLL, turn))
            .mul_f64(0.9 + 0.2 * fastrand::f64())
    }

    /// Returns wait number `turn` for a busy server; `None` to give up. A server that says how long to wait is not
    /// asked earlier, and not at all if that is too long.
    pub(super) fn busy(self, turn: usize, asked: Option<Duration>) -> Option<Duration> {
        let asked = asked.unwrap_or_default();
        if asked > LONGEST_ASKED {
            return None;
        }
        let seconds = BUSY.get(turn)?;
        let pause = self.seconds(*seconds).mul_f64(0.8 + 0.4 * fastrand::f64());
        Some(pause.max(self.asked(asked)))
    }

    /// Returns how long the server asks clients to wait, up to a limit.
    pub(super) fn asked(self, after: Duration) -> Duration {
        after.min(LONGEST_ASKED).mul_f64(self.factor)
    }

    pub(super) fn too_slow(self, turn: usize) -> Option<Duration> {
        TOO_SLOW.get(turn).map(|seconds| self.seconds(*seconds))
    }

    /// Returns wait number `turn` after an order of which it is unknown whether it arrived.
    pub(super) fn lost_order(self, turn: usize) -> Duration {
        self.seconds(at_or_last(&TOO_SLOW, turn))
    }

    /// Returns the least time between order number `times` and the next one, if the program ended in between.
    pub(super) fn ordered_before(self, times: usize) -> Duration {
        self.seconds(at_or_last(&ORDERED_BEFORE, times.saturating_sub(1)))
    }

    pub(super) fn progress_hidden(self, turn: usize) -> Option<Duration> {
        PROGRESS_HIDDEN
            .get(turn)
            .map(|seconds| self.seconds(*seconds))
    }

    /// Returns wait number `turn` for a network that has been away for `away`; `None` to give up.
    pub(super) fn network(self, turn: usize, away: Duration) -> Option<Duration> {
        let pause = self.seconds(at_or_last(&NETWORK, turn));
        (away < self.network).then(|| pause.mul_f64(0.8 + 0.4 * fastrand::f64()))
    }

    pub(super) fn server_failed(self, turn: usize) -> Option<Duration> {
        FAILED.get(turn).map(|seconds| self.seconds(*seconds))
    }

    /// Returns how long a build may stay queued before it is requested again.
    pub(super) fn queued(self) -> Duration {
        self.seconds(600)
    }

    /// Returns how long a build may take; the server's own limit is an hour.
    pub(super) fn build(self) -> Duration {
        self.seconds(70 * 60)
    }

    fn seconds(self, seconds: u64) -> Duration {
        Duration::from_secs(seconds).mul_f64(self.factor)
    }
}

fn at_or_last(list: &[u64], turn: usize) -> u64 {
    list.get(turn).or(list.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_says_when_to_come_back_is_not_asked_earlier() {
        let patience = Timeouts::default();
        let (ten, hour) = (Duration::from_mins(10), Duration::from_hours(1));
        assert!(patience.busy(0, None).is_some_and(|pause| pause < ten));
        assert!(
            patience
                .busy(0, Some(ten))
                .is_some_and(|pause| pause >= ten)
        );
        assert_eq!(patience.busy(0, Some(hour)), None);
        assert_eq!(patience.busy(BUSY.len(), None), None);
        assert_eq!(patience.asked(hour), LONGEST_ASKED);
    }
}
