//! Waiting for a server that says when to ask again (`Retry-After`).

use std::{fmt, sync::Arc, time::Duration};

use crate::api::ApiError;

/// A server that asks for no time at all is still not asked again at once.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// Reports why a request is repeated, and after which pause.
type Report = Arc<dyn Fn(&ApiError, Duration) + Send + Sync>;

/// How long a client waits for a server that is busy or down and says when to ask again. One that does not say is not
/// waited for.
#[derive(Clone)]
pub struct Patience {
    /// The longest time that all pauses of one request may take.
    pub total: Duration,
    /// Called before each pause, with the reason and the length of the pause.
    pub report: Report,
}

impl Patience {
    /// Returns the pause after this error, or `None` if the request has failed. `waited` is the sum of the pauses so
    /// far.
    pub(in crate::api) fn pause(
        &self,
        error: &ApiError,
        waited: &mut Duration,
    ) -> Option<Duration> {
        let pause = error.retry_after()?.max(SHORTEST_PAUSE);
        let sum = waited.saturating_add(pause);
        if sum > self.total {
            return None;
        }
        *waited = sum;
        (self.report)(error, pause);
        Some(pause)
    }
}

impl fmt::Debug for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patience")
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn only_a_server_that_says_when_is_waited_for_and_only_up_to_a_limit() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&told);
        let patience = Patience {
            total: Duration::from_secs(30),
            report: Arc::new(move |_, pause| log.lock().unwrap().push(pause.as_secs())),
        };
        let down = |seconds: Option<u64>| ApiError::Down {
            message: None,
            after: seconds.map(Duration::from_secs),
        };
        let mut waited = Duration::ZERO;
        let mut pause = |seconds| patience.pause(&down(seconds), &mut waited);
        assert_eq!(pause(None), None);
        assert_eq!(pause(Some(0)), Some(Duration::from_secs(1)));
        assert_eq!(pause(Some(20)), Some(Duration::from_secs(20)));
        assert_eq!(pause(Some(20)), None, "that would be 41 s in all");
        assert_eq!(pause(Some(u64::MAX)), None);
        assert_eq!(*told.lock().unwrap(), [1, 20]);
    }
}
