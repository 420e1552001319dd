//! How long to wait for what. One place, so that the bounds can be read and tests can shorten them all.

use std::time::Duration;

/// The waits of a download (server-api 6.10).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patience {
    /// Shortens all waits but the two below; for tests.
    pub(super) factor: f64,
    /// Longest wait between two pieces of an archive.
    pub stall: Duration,
    /// How long a lost network is waited for.
    pub network: Duration,
}

impl Default for Patience {
    /// For a command that someone waits for.
    fn default() -> Self {
        Self {
            factor: 1.0,
            stall: Duration::from_mins(1),
            network: Duration::from_mins(10),
        }
    }
}

/// Seconds between questions about a build; the last one repeats.
const POLL: [u64; 5] = [2, 3, 5, 8, 15];
/// Seconds until asking a server again that has too much to do; about half an hour in all.
const BUSY: [u64; 8] = [30, 60, 120, 240, 240, 240, 240, 240];
/// A server that asks for more than this is not waited for.
const LONGEST_ASKED: Duration = Duration::from_mins(30);
/// Seconds until asking again after a wait was cut off: the build continues, and one more too early would
/// start another.
const TOO_SLOW: [u64; 3] = [120, 300, 600];
/// Seconds between two orders of the same archive, where the program ended in between and nothing is left of
/// the first but the note that there was one. The server may still be building for it.
const ORDERED_BEFORE: [u64; 5] = [0, 5, 20, 60, 120];
/// Seconds until asking a 2025 server again that does not tell visitors about their builds.
const NOT_TOLD: [u64; 4] = [120, 240, 480, 900];
/// Seconds until trying a lost connection again; the last one repeats.
const NETWORK: [u64; 5] = [2, 5, 10, 30, 60];
/// Seconds until asking again after the server failed.
const FAILED: [u64; 1] = [10];

impl Patience {
    /// For a window that is left alone over night: a network that comes back in the morning is early enough.
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

    /// Wait before question number `turn` about a build, a little different each time.
    pub(super) fn poll(self, turn: usize) -> Duration {
        self.seconds(at_or_last(&POLL, turn))
            .mul_f64(0.9 + 0.2 * fastrand::f64())
    }

    /// Wait number `turn` for a server that has too much to do; `None` when it is enough. Where the server says how
    /// long to wait, it is not asked earlier, and not at all when that is longer than anyone waits.
    pub(super) fn busy(self, turn: usize, asked: Option<Duration>) -> Option<Duration> {
        let asked = asked.unwrap_or_default();
        if asked > LONGEST_ASKED {
            return None;
        }
        let seconds = BUSY.get(turn)?;
        let pause = self.seconds(*seconds).mul_f64(0.8 + 0.4 * fastrand::f64());
        Some(pause.max(self.asked(asked)))
    }

    /// As long as a server asks to be left alone, but no longer than anyone waits.
    pub(super) fn asked(self, after: Duration) -> Duration {
        after.min(LONGEST_ASKED).mul_f64(self.factor)
    }

    pub(super) fn too_slow(self, turn: usize) -> Option<Duration> {
        TOO_SLOW.get(turn).map(|seconds| self.seconds(*seconds))
    }

    /// Wait number `turn` after an order of which no one knows whether it arrived.
    pub(super) fn lost_order(self, turn: usize) -> Duration {
        self.seconds(at_or_last(&TOO_SLOW, turn))
    }

    /// Least time between order number `times` and the next one, if the program ended in between.
    pub(super) fn ordered_before(self, times: usize) -> Duration {
        self.seconds(at_or_last(&ORDERED_BEFORE, times.saturating_sub(1)))
    }

    pub(super) fn not_told(self, turn: usize) -> Option<Duration> {
        NOT_TOLD.get(turn).map(|seconds| self.seconds(*seconds))
    }

    /// Wait number `turn` for a network that has been away for `away`; `None` when it is enough.
    pub(super) fn network(self, turn: usize, away: Duration) -> Option<Duration> {
        let pause = self.seconds(at_or_last(&NETWORK, turn));
        (away < self.network).then(|| pause.mul_f64(0.8 + 0.4 * fastrand::f64()))
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

fn at_or_last(list: &[u64], turn: usize) -> u64 {
    list.get(turn).or(list.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_says_when_to_come_back_is_not_asked_earlier() {
        let patience = Patience::default();
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
