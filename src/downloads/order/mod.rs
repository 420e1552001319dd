//! From a request to an archive on the server: order it, and wait as long as that is worthwhile.

pub(super) mod builds;
pub(super) mod notes;

use std::time::Duration;

use tokio::time::{Instant, sleep};

use self::builds::Build;
use super::{
    DownloadError, Engine, Stage,
    retry::{RetryState, pause_for},
    work_dir::WorkDir,
};
use crate::{
    api::{ApiError, ArchiveHandle, OrderOutcome, TaskHandle, TaskState},
    model::DownloadRequest,
};

/// Failed polls in a row before a build is given up.
const MAX_FAILED_POLLS: usize = 10;
/// How often an order is sent again if it is unknown whether it arrived.
const MAX_LOST_ORDERS: usize = 6;
/// Server errors in a row that mean "the build has crashed" (2025).
const MAX_SERVER_ERRORS: usize = 3;

/// The result of waiting for a build.
enum Built {
    Ready(ArchiveHandle),
    /// Sending the request again shows the reason; if it does not, this is the error.
    AskAgain(DownloadError),
    /// The server reports no builds to visitors; asking again too early would start another one.
    ProgressHidden,
}

/// Requests the archive until it is there, or until there is no point in waiting any longer.
pub(super) async fn obtain(
    engine: &Engine,
    work: &WorkDir,
    number: usize,
    request: &DownloadRequest,
) -> Result<ArchiveHandle, DownloadError> {
    let obtained = obtain_unnoted(engine, work, number, request).await;
    // Only a program that ended in between leaves the record behind.
    work.forget_orders(number)?;
    obtained
}

async fn obtain_unnoted(
    engine: &Engine,
    work: &WorkDir,
    number: usize,
    request: &DownloadRequest,
) -> Result<ArchiveHandle, DownloadError> {
    if let Some(link) = &engine.job.link {
        // An earlier build is named by its link; there is nothing to order.
        return Ok(link.clone());
    }
    engine.stage(Stage::Waiting);
    // The semaphore is never closed, so this cannot fail; without a permit it continues alone.
    let _place = engine.builds.acquire().await.ok();
    let (mut asked_again, mut not_told, begun) = (0, 0, Instant::now());
    let mut kept = builds::recall(engine, request).await;
    if kept.is_none() {
        wait_after_earlier_run(engine, work, number).await;
    }
    loop {
        let build = if let Some(build) = kept.take() {
            build
        } else {
            work.note_order(number, (engine.clock)().timestamp())?;
            order(engine, request).await?
        };
        let task = match build {
            Build::Archive(handle) => return Ok(handle),
            Build::Task(task) => task,
        };
        let failure = match wait(engine, &task).await? {
            Built::Ready(handle) => {
                let build = Build::Archive(handle.clone());
                builds::remember(engine, request, &build).await;
                return Ok(handle);
            }
            Built::AskAgain(failure) => failure,
            Built::ProgressHidden => {
                let minutes = begun.elapsed().as_secs() / 60;
                let failure = DownloadError::BuildProgressHidden { minutes };
                let Some(pause) = engine.patience.progress_hidden(not_told) else {
                    return Err(failure);
                };
                not_told += 1;
                engine.stage(Stage::WaitingForServer {
                    reason: "The server reports progress only to signed-in users".to_owned(),
                });
                sleep(pause).await;
                continue;
            }
        };
        asked_again += 1;
        if asked_again > 1 {
            return Err(failure);
        }
    }
}

/// An earlier run may have ordered the archive and ended before it was built, with nothing left that leads to that
/// build. Then it is ordered again, but not too soon: the server may still be building it.
async fn wait_after_earlier_run(engine: &Engine, work: &WorkDir, number: usize) {
    let Some(before) = work.ordered(number) else {
        return;
    };
    let least = engine.patience.ordered_before(before.times);
    let since = (engine.clock)().timestamp().duration_since(before.at);
    // A clock that was set back must not make it wait longer.
    let since = Duration::try_from(since).unwrap_or_default();
    let Some(pause) = least.checked_sub(since).filter(|pause| !pause.is_zero()) else {
        return;
    };
    engine.stage(Stage::WaitingForServer {
        reason: "The program was closed while the server was building. It will ask again in a moment, so that the server does not build twice".to_owned(),
    });
    sleep(pause).await;
}

/// Sends an order, and keeps the build that it returns.
async fn order(engine: &Engine, request: &DownloadRequest) -> Result<Build, DownloadError> {
    let build = match ask(engine, request).await? {
        OrderOutcome::Ready(handle) => Build::Archive(handle),
        OrderOutcome::Building(task) => Build::Task(task),
    };
    builds::remember(engine, request, &build).await;
    Ok(build)
}

/// Sends the order; waits if the answer says that waiting helps.
async fn ask(engine: &Engine, request: &DownloadRequest) -> Result<OrderOutcome, DownloadError> {
    let (mut trouble, mut lost) = (RetryState::default(), 0);
    loop {
        engine.stage(Stage::Asking);
        let error = match engine.client.order(request).await {
            Ok(order) => return Ok(order),
            // Everything was requested, and the server did not find a single code.
            Err(ApiError::UnknownCodes { .. }) if request.codes.is_empty() => {
                return Err(DownloadError::NoObservations {
                    target: request.target.to_string(),
                });
            }
            Err(error) => DownloadError::from(error),
        };
        if error.may_have_arrived() {
            if lost >= MAX_LOST_ORDERS {
                return Err(trouble.final_error(error));
            }
            trouble.record_retry(&error);
            // The server may be building already, and older ones would start a second time.
            pause_for(engine, &error, engine.patience.lost_order(lost)).await;
            lost += 1;
            continue;
        }
        trouble.wait(engine, error).await?;
    }
}

/// Polls of a build that were not answered.
#[derive(Default)]
struct Failures {
    polls: usize,
    server_errors: usize,
    line: RetryState,
    /// The network may be down for a night; that does not count as time spent building.
    away: Duration,
}

impl Failures {
    /// Waits if that helps; otherwise returns the error.
    async fn handle(&mut self, engine: &Engine, error: DownloadError) -> Result<(), DownloadError> {
        if error.is_connection_loss() {
            let lost = Instant::now();
            self.line.wait(engine, error).await?;
            self.away += lost.elapsed();
            return Ok(());
        }
        self.polls += 1;
        self.server_errors = match error {
            DownloadError::Api(ApiError::ServerError { .. }) => self.server_errors + 1,
            _ => 0,
        };
        if self.server_errors >= MAX_SERVER_ERRORS {
            return Err(DownloadError::BuildFailed { message: None });
        }
        if self.polls >= MAX_FAILED_POLLS {
            return Err(error);
        }
        if let Some(after) = error.retry_after() {
            let lost = Instant::now();
            sleep(engine.patience.asked(after)).await;
            self.away += lost.elapsed();
        }
        Ok(())
    }

    fn reset(&mut self) {
        (self.polls, self.server_errors) = (0, 0);
        self.line.has_progressed();
    }
}

/// Polls the progress of the build.
async fn wait(engine: &Engine, task: &TaskHandle) -> Result<Built, DownloadError> {
    let begun = Instant::now();
    let (mut has_run, mut failures) = (false, Failures::default());
    for turn in 0.. {
        if begun.elapsed().saturating_sub(failures.away) > engine.patience.build() {
            break;
        }
        sleep(engine.patience.poll(turn)).await;
        let report = match engine.client.task_status(task).await {
            Ok(report) => report,
            Err(ApiError::SignInNeeded { .. }) if !engine.client.has_token() => {
                return Ok(Built::ProgressHidden);
            }
            Err(
                error @ (ApiError::Ageing
                | ApiError::SessionEnded
                | ApiError::SignInNeeded { .. }
                | ApiError::NoAccess { .. }
                | ApiError::Csrf { .. }),
            ) => {
                return Err(error.into());
            }
            Err(error) => {
                failures.handle(engine, error.into()).await?;
                continue;
            }
        };
        failures.reset();
        match report.state {
            TaskState::Done(Some(handle)) => return Ok(Built::Ready(handle)),
            TaskState::Done(None) | TaskState::Over => {
                return Ok(Built::AskAgain(DownloadError::BuildFailed {
                    message: report.message,
                }));
            }
            TaskState::Failed => return failed(report.message),
            TaskState::Running => has_run = true,
            TaskState::Queued
                if !has_run
                    && begun.elapsed().saturating_sub(failures.away) > engine.patience.queued() =>
            {
                return Ok(Built::AskAgain(DownloadError::BuildNotStarted {
                    minutes: engine.patience.queued().as_secs() / 60,
                }));
            }
            TaskState::Queued => {}
        }
        engine.stage(if has_run {
            Stage::Building {
                message: report.message,
                fraction: report.fraction,
            }
        } else {
            Stage::Ordered
        });
    }
    Err(DownloadError::BuildTooLong {
        minutes: engine.patience.build().as_secs() / 60,
    })
}

/// A build that was lost or never started is worth requesting again; any other failure is final.
fn failed(message: Option<String>) -> Result<Built, DownloadError> {
    let is_lost = message
        .as_deref()
        .is_some_and(|text| text.contains("was lost") || text.contains("never launched"));
    let failure = DownloadError::BuildFailed { message };
    if is_lost {
        Ok(Built::AskAgain(failure))
    } else {
        Err(failure)
    }
}
