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

/// The speed is told only after so long: before that it jumps.
const SPEED_AFTER: Duration = Duration::from_secs(1);
/// The speed is that of about so many seconds: news of a moment do not make it jump.
const SMOOTHING: f64 = 5.0;

/// Where a download stands.
#[expect(
    clippy::large_enum_variant,
    reason = "a handful at a time, and most of them done"
)]
#[derive(Clone, Debug)]
pub enum DownloadStatus {
    /// Under way, or waiting for its turn.
    Running(Stage),
    /// Stopped by the user, to continue later.
    Paused,
    /// Ended well: where the result lies and what arrived.
    Done {
        /// The folder, or the archive where nothing was unpacked.
        place: PathBuf,
        /// Where the folder that was there before is now.
        before: Option<PathBuf>,
        /// What was asked and what arrived.
        report: Report,
        /// When.
        at: jiff::Zoned,
    },
    /// Ended badly, or stopped by the user.
    Failed(Problem),
}

impl DownloadStatus {
    /// Ended well.
    pub(in crate::state) fn of(done: Finished, at: jiff::Zoned) -> Self {
        Self::Done {
            place: done.place,
            before: done.before,
            report: done.report,
            at,
        }
    }

    /// Stopped by the user, for good.
    pub(in crate::state) fn stopped(message: String) -> Self {
        Self::Failed(Problem::new(ErrorKind::Cancelled, message))
    }
}

/// A line of the downloads page.
pub struct Download {
    /// Tells downloads apart.
    pub id: JobId,
    /// What was asked for.
    pub job: Job,
    /// Of which server.
    pub server: ServerAddress,
    /// For which user: `None` for public data.
    pub(in crate::state) user: Option<String>,
    /// In which session it was started.
    pub(in crate::state) session: u64,
    /// The same in words: `all 12 observations`.
    pub what: String,
    /// Where it stands.
    pub standing: DownloadStatus,
    /// Which part is being fetched, where there is more than one.
    pub part: Option<Part>,
    /// Downloads with a smaller rank come first.
    pub(in crate::state) rank: i64,
    pub(in crate::state) client: Option<Client>,
    /// As long as there is one, it is under way or about to stop.
    pub(in crate::state) handle: Option<JobHandle>,
    /// Whether what is under way was told to stop: its end is then no news.
    pub(in crate::state) is_stopping: bool,
    /// Bytes that had arrived when last heard of, and how many there are where that is known.
    pub arrived: Option<(u64, Option<u64>)>,
    speed: Speed,
}

/// How fast it is, smoothed.
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
            // At first the mean so far, later a mean that forgets.
            let age = (now - began).as_secs_f64();
            let weight = (seconds / age.min(SMOOTHING)).clamp(0.0, 1.0);
            self.rate += (present - self.rate) * weight;
        }
        self.last = Some((now, received));
    }

    fn told(&self) -> Option<f64> {
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
            standing: DownloadStatus::Running(Stage::Waiting),
            part: None,
            rank,
            client: Some(session.client.clone()),
            handle: None,
            is_stopping: false,
            arrived: None,
            speed: Speed::default(),
        }
    }

    /// What an earlier run of the program has noted. `client` is there for public data only: for anything
    /// else the user must be proven again first.
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
                    "It waits until {} is signed in to {}",
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
            standing,
            part: None,
            rank: record.rank,
            client,
            handle: None,
            is_stopping: false,
            arrived: None,
            speed: Speed::default(),
        }
    }

    /// How it is noted; `None` for one that is not to be found again.
    pub(in crate::state) fn record(&self, server: String) -> Option<SavedJob> {
        let noted = match &self.standing {
            DownloadStatus::Running(_) => SavedStatus::Open,
            DownloadStatus::Paused => SavedStatus::Paused,
            // As long as something of it may be left on the disk, it is known what to remove.
            DownloadStatus::Failed(problem)
                if problem.kind == ErrorKind::Cancelled && self.handle.is_none() =>
            {
                return None;
            }
            // A session that ended is no failure of the download.
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
        // A link is a secret, so it is not written down, and without it there is nothing to continue with.
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
        self.standing = DownloadStatus::Running(stage);
    }

    /// Bytes per second, once it can be told.
    pub fn speed(&self) -> Option<f64> {
        matches!(
            self.standing,
            DownloadStatus::Running(Stage::Receiving { .. })
        )
        .then(|| self.speed.told())
        .flatten()
    }

    /// Whether it stopped because the session had ended; it continues after signing in.
    pub fn waits_for_sign_in(&self) -> bool {
        matches!(
            &self.standing,
            DownloadStatus::Failed(problem)
                if problem.kind.is_of_the_session()
        )
    }

    /// Whether nothing more will come of it by itself or by a button: it is done, or was stopped by the user.
    pub fn is_over(&self) -> bool {
        match &self.standing {
            DownloadStatus::Done { .. } => true,
            DownloadStatus::Failed(problem) => problem.kind == ErrorKind::Cancelled,
            DownloadStatus::Running(_) | DownloadStatus::Paused => false,
        }
    }

    /// Whether it needs the user: it is neither under way nor over.
    pub fn needs_user(&self) -> bool {
        matches!(self.standing, DownloadStatus::Failed(_)) && !self.is_over()
    }

    /// Whether it is under way or waits for its turn.
    pub fn is_running(&self) -> bool {
        matches!(self.standing, DownloadStatus::Running(_))
    }

    /// Whether it waits for its turn.
    pub fn is_waiting(&self) -> bool {
        matches!(self.standing, DownloadStatus::Running(Stage::Waiting)) && self.handle.is_none()
    }

    /// Whether it was asked for by the person whose session this is.
    pub(in crate::state) fn belongs_to(&self, session: &Session) -> bool {
        self.server == session.server && self.user.as_deref() == session.owner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speed_does_not_jump_and_follows_what_lasts() {
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
            told.extend(speed.told());
        }
        let jumps = told
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).abs() / pair[0]);
        assert!(jumps.fold(0.0, f64::max) < 0.1, "{told:?}");
        let last = told.last().unwrap();
        assert!((last - 4_000_000.0).abs() < 400_000.0, "{last}");
    }
}
