//! One download as the window shows it.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use crate::{
    api::Client,
    dataset::{JobId, Report},
    downloads::{Finished, Job, JobHandle, Part, SavedJob, SavedStatus, Stage},
    model::{ErrorKind, Problem, ServerAddress},
    state::Session,
};

/// The speed is shown only after this time: before, it fluctuates.
const SPEED_AFTER: Duration = Duration::from_secs(1);
/// The speed is smoothed over about this many seconds, so that it does not fluctuate.
const SMOOTHING: f64 = 5.0;

/// The status of a download.
#[expect(
    clippy::large_enum_variant,
    reason = "there are only a few at a time, and most of them are done"
)]
#[derive(Clone, Debug)]
pub enum DownloadStatus {
    /// Under way, or queued.
    Running(Stage),
    /// Stopped by the user, to continue later.
    Paused,
    /// Finished: where the result is and what arrived.
    Done {
        /// The folder, or the archive if it was not unpacked.
        place: PathBuf,
        /// Where the previous folder is now.
        before: Option<PathBuf>,
        /// What was requested and what arrived.
        report: Report,
        /// When.
        at: jiff::Zoned,
    },
    /// Failed, or cancelled by the user.
    Failed(Problem),
}

impl DownloadStatus {
    /// Returns the status of a finished download.
    pub(in crate::state) fn of(done: Finished, at: jiff::Zoned) -> Self {
        Self::Done {
            place: done.place,
            before: done.before,
            report: done.report,
            at,
        }
    }

    /// Returns the status of a cancelled download.
    pub(in crate::state) fn stopped(message: String) -> Self {
        Self::Failed(Problem::new(ErrorKind::Cancelled, message))
    }
}

/// A row of the downloads page.
pub struct Download {
    /// Its unique id.
    pub id: JobId,
    /// The request.
    pub job: Job,
    /// The server it comes from.
    pub server: ServerAddress,
    /// For which user: `None` for public data.
    pub(in crate::state) user: Option<String>,
    /// In which session it was started.
    pub(in crate::state) session: u64,
    /// What is downloaded, in words: `all 12 observations`.
    pub what: String,
    /// Its status.
    pub status: DownloadStatus,
    /// The part that is being fetched, if there are several.
    pub part: Option<Part>,
    /// Downloads with a smaller rank come first.
    pub(in crate::state) rank: i64,
    pub(in crate::state) client: Option<Client>,
    /// `Some` while it is under way or about to stop.
    pub(in crate::state) handle: Option<JobHandle>,
    /// Whether it was asked to stop: its end is then not reported.
    pub(in crate::state) is_stopping: bool,
    /// Bytes that had arrived at the last report, and the total if it is known.
    pub arrived: Option<(u64, Option<u64>)>,
    speed: Speed,
}

/// The smoothed speed of a download.
#[derive(Clone, Copy, Debug, Default)]
struct Speed {
    began: Option<Instant>,
    last: Option<(Instant, u64)>,
    /// Bytes per second.
    rate: f64,
}

impl Speed {
    fn learn(&mut self, now: Instant, received: u64) {
        let began = *self.began.get_or_insert(now);
        if let Some((before, bytes)) = self.last {
            let seconds = (now - before).as_secs_f64();
            if seconds <= 0.0 || received < bytes {
                self.last = Some((now, received));
                return;
            }
            let present = (received - bytes) as f64 / seconds;
            // At first the mean so far, later an exponential moving average.
            let age = (now - began).as_secs_f64();
            let weight = (seconds / age.min(SMOOTHING)).clamp(0.0, 1.0);
            self.rate += (present - self.rate) * weight;
        }
        self.last = Some((now, received));
    }

    fn value(&self) -> Option<f64> {
        let age = self.last?.0 - self.began?;
        (age >= SPEED_AFTER).then_some(self.rate)
    }
}

impl Download {
    pub(in crate::state) fn new(session: &Session, job: Job, what: String, rank: i64) -> Self {
        Self {
            id: JobId::random(),
            job,
            server: session.server.clone(),
            user: session.owner().map(str::to_owned),
            session: session.number,
            what,
            status: DownloadStatus::Running(Stage::Waiting),
            part: None,
            rank,
            client: Some(session.client.clone()),
            handle: None,
            is_stopping: false,
            arrived: None,
            speed: Speed::default(),
        }
    }

    /// Restores a download of an earlier run. `client` is `Some` for public data only: for anything else the user must
    /// be verified again first.
    pub(in crate::state) fn from_record(
        record: SavedJob,
        server: ServerAddress,
        client: Option<Client>,
    ) -> Self {
        let standing = match record.noted {
            SavedStatus::Open if client.is_some() => DownloadStatus::Running(Stage::Waiting),
            SavedStatus::Open => DownloadStatus::Failed(Problem::new(
                ErrorKind::Expired,
                format!(
                    "Waits until {} signs in to {}",
                    record.user.as_deref().unwrap_or("another user"),
                    server.host_text()
                ),
            )),
            SavedStatus::Paused => DownloadStatus::Paused,
            SavedStatus::Failed(problem) => DownloadStatus::Failed(problem),
            SavedStatus::Done { place, report, at } => DownloadStatus::Done {
                place,
                before: None,
                report,
                at,
            },
        };
        Self {
            id: record.id,
            job: record.job,
            server,
            user: record.user,
            session: 0,
            what: record.what,
            status: standing,
            part: None,
            rank: record.rank,
            client,
            handle: None,
            is_stopping: false,
            arrived: None,
            speed: Speed::default(),
        }
    }

    /// Returns its record in the journal; `None` if it cannot be restored.
    pub(in crate::state) fn record(&self, server: String) -> Option<SavedJob> {
        let noted = match &self.status {
            DownloadStatus::Running(_) => SavedStatus::Open,
            DownloadStatus::Paused => SavedStatus::Paused,
            // As long as some of its files may be left on the disk, the record says what to remove.
            DownloadStatus::Failed(problem)
                if problem.kind == ErrorKind::Cancelled && self.handle.is_none() =>
            {
                return None;
            }
            // A session that has ended is not a failure of the download.
            DownloadStatus::Failed(_) if self.waits_for_sign_in() => SavedStatus::Open,
            DownloadStatus::Failed(problem) => SavedStatus::Failed(problem.clone()),
            DownloadStatus::Done {
                place, report, at, ..
            } => SavedStatus::Done {
                place: place.clone(),
                report: report.clone(),
                at: at.clone(),
            },
        };
        // A link is a secret, so it is not saved, and without it the download cannot be resumed.
        self.job.link.is_none().then(|| SavedJob {
            id: self.id,
            rank: self.rank,
            job: self.job.clone(),
            server,
            user: self.user.clone(),
            what: self.what.clone(),
            noted,
        })
    }

    pub(in crate::state) fn advance(&mut self, stage: Stage) {
        if let Stage::Receiving { received, total } = &stage {
            self.speed.learn(Instant::now(), *received);
            self.arrived = Some((*received, *total));
        } else {
            self.speed = Speed::default();
        }
        self.status = DownloadStatus::Running(stage);
    }

    /// Returns bytes per second, once they are known.
    pub fn speed(&self) -> Option<f64> {
        matches!(
            self.status,
            DownloadStatus::Running(Stage::Receiving { .. })
        )
        .then(|| self.speed.value())
        .flatten()
    }

    /// Returns `true` if it stopped because the session had ended; it resumes after signing in.
    pub fn waits_for_sign_in(&self) -> bool {
        matches!(
            &self.status,
            DownloadStatus::Failed(problem)
                if problem.kind.is_session_problem()
        )
    }

    /// Returns `true` if it is done or was cancelled.
    pub fn has_ended(&self) -> bool {
        match &self.status {
            DownloadStatus::Done { .. } => true,
            DownloadStatus::Failed(problem) => problem.kind == ErrorKind::Cancelled,
            DownloadStatus::Running(_) | DownloadStatus::Paused => false,
        }
    }

    /// Returns `true` if it needs the user's attention: it is neither running nor ended.
    pub fn needs_user(&self) -> bool {
        matches!(self.status, DownloadStatus::Failed(_)) && !self.has_ended()
    }

    /// Returns `true` if it is under way or queued.
    pub fn is_running(&self) -> bool {
        matches!(self.status, DownloadStatus::Running(_))
    }

    /// Returns `true` if it is queued.
    pub fn is_waiting(&self) -> bool {
        matches!(self.status, DownloadStatus::Running(Stage::Waiting)) && self.handle.is_none()
    }

    /// Returns `true` if it belongs to the user of this session.
    pub(in crate::state) fn belongs_to(&self, session: &Session) -> bool {
        self.server == session.server && self.user.as_deref() == session.owner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speed_is_smooth_and_follows_lasting_changes() {
        let mut speed = Speed::default();
        let start = Instant::now();
        let mut received = 0;
        let mut told = Vec::new();
        for tick in 0_u32..120 {
            // Ten megabytes a second, with a hole and a burst; then half of it.
            let mega = match tick {
                40 => 0,
                41 => 10,
                60.. => 2,
                _ => 5,
            };
            received += mega * 500_000;
            speed.learn(start + Duration::from_millis(250) * tick, received);
            told.extend(speed.value());
        }
        let jumps = told
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).abs() / pair[0]);
        assert!(jumps.fold(0.0, f64::max) < 0.1, "{told:?}");
        let last = told.last().unwrap();
        assert!((last - 4_000_000.0).abs() < 400_000.0, "{last}");
    }
}
