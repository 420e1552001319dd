//! Decides, in one place, how to recover from each kind of failure.

#[cfg(test)]
mod tests;

use std::{
    mem::{Discriminant, discriminant},
    time::{Duration, Instant},
};

use tokio::time::sleep;

use super::{DownloadError, Engine, Stage, Timeouts};
use crate::api::ApiError;

/// How often the link of one part may expire.
const EXPIRED: usize = 3;
/// How often a damaged archive is fetched again.
const DAMAGED: usize = 1;
/// Resumptions in a row without a byte, before the transfer restarts from the beginning.
const STUCK: usize = 2;
/// A transfer that cannot be resumed and breaks this often is fetched in smaller parts.
const BROKEN: usize = 2;

/// A possible remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recovery {
    /// The network is down: retry with back-off.
    Network,
    /// The transfer was interrupted: resume it, or restart it.
    Transfer,
    /// The server is too busy.
    ServerBusy,
    /// The build continues on the server.
    Build,
    /// The server failed: retry once.
    Once,
    /// The request is too large: make several of it.
    Smaller,
    /// The archive no longer exists: request it again.
    Reorder,
    /// The server fails at sending the archive, perhaps because it no longer exists: request it once more.
    ReorderOnce,
    /// The data is damaged: fetch it again.
    FetchAgain,
    /// The data is unsafe, or packed in an unknown way. One flipped bit makes a file a link, or its compression another,
    /// so it is fetched once more before that is believed.
    RefetchOnce,
    /// Only the user can help.
    Nothing,
}

/// Returns what may help against this failure.
pub(super) fn recovery_for(error: &DownloadError) -> Recovery {
    match error {
        DownloadError::Api(error) => recovery_for_request(error),
        DownloadError::Truncated { .. }
        | DownloadError::ConnectionLost { .. }
        | DownloadError::Stalled { .. } => Recovery::Transfer,
        DownloadError::CutShort | DownloadError::Corrupt { .. } => Recovery::FetchAgain,
        DownloadError::Unsafe { .. } | DownloadError::Unsupported { .. } => Recovery::RefetchOnce,
        DownloadError::NotAnArchive { .. } => Recovery::Once,
        DownloadError::GaveUp { .. }
        | DownloadError::AlsoAlone { .. }
        | DownloadError::InUse
        | DownloadError::SessionEnded(_)
        | DownloadError::UnknownCodes { .. }
        | DownloadError::NoObservations { .. }
        | DownloadError::CodeTooLong { .. }
        | DownloadError::BuildFailed { .. }
        | DownloadError::BuildTooLong { .. }
        | DownloadError::BuildNotStarted { .. }
        | DownloadError::BuildProgressHidden { .. }
        | DownloadError::PartsDiffer { .. }
        | DownloadError::DiskFull { .. }
        | DownloadError::NotWritable { .. }
        | DownloadError::NotReadable { .. }
        | DownloadError::Exists { .. }
        | DownloadError::FolderChanged { .. }
        | DownloadError::Cancelled
        | DownloadError::NotRemoved { .. }
        | DownloadError::Crashed => Recovery::Nothing,
    }
}

/// Returns what may help against the failure of a request.
fn recovery_for_request(error: &ApiError) -> Recovery {
    match error {
        ApiError::Unreachable(_) | ApiError::NoAnswer(_) => Recovery::Network,
        ApiError::Interrupted(_) | ApiError::CutShort => Recovery::Transfer,
        ApiError::Busy { .. } | ApiError::Down { .. } => Recovery::ServerBusy,
        ApiError::Timeout(_) | ApiError::TooSlow { .. } => Recovery::Build,
        ApiError::ServerError { .. }
        | ApiError::Unexpected { .. }
        | ApiError::Empty
        | ApiError::BadAnswer(_) => Recovery::Once,
        ApiError::TooLarge { .. } => Recovery::Smaller,
        ApiError::LinkExpired { .. } => Recovery::Reorder,
        ApiError::ArchiveFailed { .. } => Recovery::ReorderOnce,
        ApiError::Tls(_)
        | ApiError::NotEncrypted(_)
        | ApiError::ProxyRefused
        | ApiError::NetworkSignIn
        | ApiError::NoCertificates(_)
        | ApiError::NotFragalysis
        | ApiError::Malformed { .. }
        | ApiError::SignInNeeded { .. }
        | ApiError::Ageing
        | ApiError::SessionEnded
        | ApiError::Redirected { .. }
        | ApiError::Csrf { .. }
        | ApiError::NoAccess { .. }
        | ApiError::NotFound { .. }
        | ApiError::NotOffered
        | ApiError::UnknownCodes { .. }
        | ApiError::InvalidRequest { .. }
        | ApiError::HeadersTooLarge { .. }
        | ApiError::Crashed => Recovery::Nothing,
    }
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Retry the same after a pause.
    Wait(Duration),
    /// Discard what has arrived, and fetch it from the beginning: resuming leads nowhere.
    BeginAgain,
    /// Request the archive from the server again.
    Reorder,
    /// Fetch it in smaller parts, or give up if that is not possible.
    Divide,
    /// It has failed.
    GiveUp,
}

/// How often each kind of failure has happened, and what is left to try.
#[derive(Debug, Default)]
pub(super) struct RetryState {
    network: usize,
    away_since: Option<Instant>,
    busy: usize,
    slow: usize,
    failed: usize,
    expired: usize,
    damaged: usize,
    broken: usize,
    /// Attempts in a row without a single byte.
    stuck: usize,
    has_begun_again: bool,
    /// The failure that is being waited out.
    series: Option<Series>,
}

/// The same failure several times in a row.
#[derive(Debug)]
struct Series {
    of: Kind,
    begun: Instant,
    times: usize,
}

/// The kind of failure, whatever the server's message.
type Kind = (Discriminant<DownloadError>, Option<Discriminant<ApiError>>);

fn kind_of(error: &DownloadError) -> Kind {
    let inner = match error {
        DownloadError::Api(inner) => Some(discriminant(inner)),
        _ => None,
    };
    (discriminant(error), inner)
}

impl RetryState {
    /// Data arrived, so the network is back.
    pub(super) fn has_progressed(&mut self) {
        (self.network, self.away_since, self.stuck) = (0, None, 0);
        self.series = None;
    }

    /// Records a retry after this failure.
    pub(super) fn record_retry(&mut self, error: &DownloadError) {
        let of = kind_of(error);
        match self.series.as_mut().filter(|series| series.of == of) {
            Some(series) => series.times += 1,
            None => {
                self.series = Some(Series {
                    of,
                    begun: Instant::now(),
                    times: 1,
                });
            }
        }
    }

    /// Returns the final error, with what was tried against it.
    pub(super) fn final_error(&mut self, error: DownloadError) -> DownloadError {
        let of = kind_of(&error);
        match self.series.take().filter(|series| series.of == of) {
            Some(series) => DownloadError::GaveUp {
                error: Box::new(error),
                times: series.times,
                time: series.begun.elapsed(),
            },
            None => error,
        }
    }

    /// Decides what to do about a failure. `resumes` says whether the transfer can be resumed.
    pub(super) fn judge(
        &mut self,
        error: &DownloadError,
        patience: Timeouts,
        resumes: bool,
    ) -> Next {
        let wait = |pause: Option<Duration>| pause.map_or(Next::GiveUp, Next::Wait);
        match recovery_for(error) {
            Recovery::Network => wait(self.wait_for_network(patience)),
            Recovery::Transfer if resumes && count(&mut self.stuck) < STUCK => {
                wait(self.wait_for_network(patience))
            }
            Recovery::Transfer if resumes && !self.has_begun_again => {
                (self.has_begun_again, self.stuck) = (true, 0);
                Next::BeginAgain
            }
            Recovery::Transfer if resumes => Next::Divide,
            Recovery::Transfer if count(&mut self.broken) + 1 < BROKEN => {
                wait(self.wait_for_network(patience))
            }
            Recovery::ServerBusy => wait(patience.busy(count(&mut self.busy), error.retry_after())),
            Recovery::Build => wait(patience.too_slow(count(&mut self.slow))),
            Recovery::Once => wait(patience.server_failed(count(&mut self.failed))),
            Recovery::Reorder if count(&mut self.expired) < EXPIRED => Next::Reorder,
            Recovery::ReorderOnce if count(&mut self.expired) == 0 => Next::Reorder,
            Recovery::FetchAgain | Recovery::RefetchOnce if count(&mut self.damaged) < DAMAGED => {
                Next::Wait(Duration::ZERO)
            }
            // A poor connection may manage smaller parts, and one damaged observation on the server must not cost all
            // the others.
            Recovery::Transfer | Recovery::FetchAgain | Recovery::Smaller => Next::Divide,
            Recovery::Reorder
            | Recovery::ReorderOnce
            | Recovery::RefetchOnce
            | Recovery::Nothing => Next::GiveUp,
        }
    }

    /// Waits if that helps against the failure of a request that may be repeated; otherwise returns the error.
    pub(super) async fn wait(
        &mut self,
        engine: &Engine,
        error: DownloadError,
    ) -> Result<(), DownloadError> {
        let Next::Wait(pause) = self.judge(&error, engine.patience, true) else {
            return Err(self.final_error(error));
        };
        self.record_retry(&error);
        pause_for(engine, &error, pause).await;
        Ok(())
    }

    fn wait_for_network(&mut self, patience: Timeouts) -> Option<Duration> {
        let away = self.away_since.get_or_insert_with(Instant::now).elapsed();
        patience.network(count(&mut self.network), away)
    }
}

/// Repeats a request as long as that makes sense.
pub(super) async fn with_retries<T, F>(
    engine: &Engine,
    mut ask: impl FnMut() -> F,
) -> Result<T, DownloadError>
where
    F: Future<Output = Result<T, ApiError>>,
{
    let mut trouble = RetryState::default();
    loop {
        let error = match ask().await {
            Ok(answer) => return Ok(answer),
            Err(error) => DownloadError::from(error),
        };
        trouble.wait(engine, error).await?;
    }
}

/// Reports the reason, and waits.
pub(super) async fn pause_for(engine: &Engine, error: &DownloadError, pause: Duration) {
    engine.stage(Stage::WaitingForServer {
        reason: error.to_string(),
    });
    sleep(pause).await;
}

/// Increments a number and returns the previous one.
fn count(number: &mut usize) -> usize {
    *number += 1;
    *number - 1
}
