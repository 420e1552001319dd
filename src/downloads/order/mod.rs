//! From a request to an archive on the server: ask, and wait as long as it is worth waiting.

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
    api::{ApiError, ArchiveHandle, Order, TaskHandle, TaskState},
    model::DownloadRequest,
};

/// Failed questions in a row until a build is given up.
const MAX_FAILED_POLLS: usize = 10;
/// Times that an order is sent of which no one knows whether it arrived.
const MAX_LOST_ORDERS: usize = 6;
/// Failures of the server in a row that mean "the build has crashed" (2025).
const MAX_SERVER_ERRORS: usize = 3;

/// What became of waiting for a build.
enum Built {
    Ready(ArchiveHandle),
    /// The same request again tells; if it does not, this is what went wrong.
    AskAgain(DownloadError),
    /// The server does not tell visitors about builds; asking again too early would start another one.
    NotTold,
}

/// Asks for the archive until it is there, or until nothing more is to be hoped for.
pub(super) async fn obtain(
    engine: &Engine,
    work: &WorkDir,
    number: usize,
    request: &DownloadRequest,
) -> Result<ArchiveHandle, DownloadError> {
    let obtained = obtain_unnoted(engine, work, number, request).await;
    // Only a program that ended on the way leaves the note behind.
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
        // An earlier build is named by its link; there is nothing to order, and nothing to order again.
        return Ok(link.clone());
    }
    engine.stage(Stage::Waiting);
    // The semaphore is never closed, so a failure cannot happen; without a place it continues alone.
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
            Built::NotTold => {
                let minutes = begun.elapsed().as_secs() / 60;
                let failure = DownloadError::BuildNotTold { minutes };
                let Some(pause) = engine.patience.not_told(not_told) else {
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

/// An earlier run may have ordered the archive and ended before it was built, and nothing that was kept leads
/// to that build. Then it is ordered again, but not too soon: the server may still be at work on it.
async fn wait_after_earlier_run(engine: &Engine, work: &WorkDir, number: usize) {
    let Some(before) = work.ordered(number) else {
        return;
    };
    let least = engine.patience.ordered_before(before.times);
    let since = (engine.clock)().timestamp().duration_since(before.at);
    // A clock that was set back shall not make it wait longer.
    let since = Duration::try_from(since).unwrap_or_default();
    let Some(pause) = least.checked_sub(since).filter(|pause| !pause.is_zero()) else {
        return;
    };
    engine.stage(Stage::WaitingForServer {
        reason: "This program ended while the server was building. It asks again in a moment, so that the server need not build twice at the same time".to_owned(),
    });
    sleep(pause).await;
}

/// Orders, and keeps what was ordered.
async fn order(engine: &Engine, request: &DownloadRequest) -> Result<Build, DownloadError> {
    let build = match ask(engine, request).await? {
        Order::Ready(handle) => Build::Archive(handle),
        Order::Building(task) => Build::Task(task),
    };
    builds::remember(engine, request, &build).await;
    Ok(build)
}

/// Sends the order; waits where the answer says that waiting helps.
async fn ask(engine: &Engine, request: &DownloadRequest) -> Result<Order, DownloadError> {
    let (mut trouble, mut lost) = (RetryState::default(), 0);
    loop {
        engine.stage(Stage::Asking);
        let error = match engine.client.order(request).await {
            Ok(order) => return Ok(order),
            // Asked for all there is, the server has not found one code.
            Err(ApiError::UnknownCodes { .. }) if request.codes.is_empty() => {
                return Err(DownloadError::NoObservations {
                    target: request.target.to_string(),
                });
            }
            Err(error) => DownloadError::from(error),
        };
        if error.may_have_arrived() {
            if lost >= MAX_LOST_ORDERS {
                return Err(trouble.gives_up(error));
            }
            trouble.waits_for(&error);
            // The server may be building already, and older ones would begin a second time.
            pause_for(engine, &error, engine.patience.lost_order(lost)).await;
            lost += 1;
            continue;
        }
        trouble.wait(engine, error).await?;
    }
}

/// Questions about a build that were not answered.
#[derive(Default)]
struct Failures {
    polls: usize,
    server_errors: usize,
    line: RetryState,
    /// The line may be away for a night; that is no time that the server has built.
    away: Duration,
}

impl Failures {
    /// Waits where that helps; gives the failure back where it does not.
    async fn judge(&mut self, engine: &Engine, error: DownloadError) -> Result<(), DownloadError> {
        if error.is_of_the_line() {
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

    fn have_ended(&mut self) {
        (self.polls, self.server_errors) = (0, 0);
        self.line.has_progressed();
    }
}

/// Asks now and then how far the build is.
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
                return Ok(Built::NotTold);
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
                failures.judge(engine, error.into()).await?;
                continue;
            }
        };
        failures.have_ended();
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
                return Ok(Built::AskAgain(DownloadError::BuildNotBegun {
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

/// A lost or never started build is worth asking for again; any other failure is final.
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
