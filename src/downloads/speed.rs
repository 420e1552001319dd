//! A limit on bytes per second that all transfers of the program share.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

/// Bytes that may arrive at once after a pause, as a fraction of a second.
const BURST: f64 = 0.1;

/// Reads per second, unless the limit is very low.
const SHARES: u64 = 4;
/// Least number of bytes per read.
const LEAST: usize = 4096;

/// The limit; may be changed while transfers run.
#[derive(Debug)]
pub struct SpeedLimit {
    /// Bytes per second; 0 means none.
    limit: AtomicU64,
    /// When the next bytes may be read.
    free_at: Mutex<Option<Instant>>,
}

impl SpeedLimit {
    /// Creates a limit in bytes per second; `None` means no limit.
    pub fn new(limit: Option<u64>) -> Self {
        Self {
            limit: AtomicU64::new(limit.unwrap_or(0)),
            free_at: Mutex::new(None),
        }
    }

    /// Changes the limit, from now on.
    pub fn set(&self, limit: Option<u64>) {
        self.limit.store(limit.unwrap_or(0), Ordering::Relaxed);
    }

    /// Returns how many bytes to read at a time, so that progress is visible.
    pub(super) fn share(&self) -> usize {
        match self.limit.load(Ordering::Relaxed) {
            0 => usize::MAX,
            limit => usize::try_from(limit / SHARES).map_or(usize::MAX, |share| share.max(LEAST)),
        }
    }

    /// Waits as long as these bytes should have taken.
    pub(super) async fn take(&self, bytes: usize) {
        if let Some(until) = self.reserve(bytes, Instant::now()) {
            sleep_until(until).await;
        }
    }

    /// Returns when the next bytes may be read after these.
    fn reserve(&self, bytes: usize, now: Instant) -> Option<Instant> {
        let limit = self.limit.load(Ordering::Relaxed);
        if limit == 0 {
            return None;
        }
        let takes = Duration::from_secs_f64(bytes as f64 / limit as f64);
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        let earliest = now
            .checked_sub(Duration::from_secs_f64(BURST))
            .unwrap_or(now);
        let next = free_at.unwrap_or(earliest).max(earliest) + takes;
        *free_at = Some(next);
        (next > now).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_paced_by_the_limit_and_pauses_are_not_accumulated() {
        let limit = SpeedLimit::new(Some(1000));
        let start = Instant::now();
        let mut last = start;
        for _ in 0..50 {
            last = limit.reserve(100, start).unwrap_or(last);
        }
        let took = (last - start).as_secs_f64();
        assert!((took - (5.0 - BURST)).abs() < 1e-6, "{took}");
        // After a long pause only a small burst is free.
        let later = start + Duration::from_secs(100);
        let next = limit.reserve(1000, later).unwrap();
        assert!(((next - later).as_secs_f64() - (1.0 - BURST)).abs() < 1e-6);
        limit.set(Some(100_000));
        assert_eq!(limit.share(), 25_000);
        limit.set(None);
        assert_eq!(limit.reserve(usize::MAX, later), None);
        assert_eq!(limit.share(), usize::MAX);
    }
}
