//! The downloads of this run: what is under way and what has ended.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use tokio::sync::mpsc;

use super::{Load, Session, Worker};
use crate::{
    downloads::{Event, Job, JobHandle, JobId, Patience, Queue, Report, Stage, free_space},
    model::{ErrorKind, Problem, ServerAddress},
};

/// News that may wait at the same time. Progress beyond that is old news anyway.
const CHANNEL: usize = 256;
/// The speed is told only after so long: before that it jumps.
const SPEED_AFTER_MILLISECONDS: u64 = 1000;

/// Where a download stands.
#[derive(Clone, Debug)]
pub enum Standing {
    /// Under way.
    Running(Stage),
    /// Ended well: where the result lies and what arrived.
    Done {
        /// The folder, or the archive where nothing was unpacked.
        place: PathBuf,
        /// What was asked and what arrived.
        report: Report,
        /// When.
        at: jiff::Zoned,
    },
    /// Ended badly, or stopped by the user.
    Failed(Problem),
}

/// A line of the downloads page.
pub struct Download {
    /// Tells downloads apart.
    pub id: JobId,
    /// What was asked for.
    pub job: Job,
    /// Of which server.
    pub server: ServerAddress,
    /// For which user: nothing for public data.
    user: Option<String>,
    /// In which session it was started.
    session: u64,
    /// The same in words: `all 12 observations`.
    pub what: String,
    /// Where it stands.
    pub standing: Standing,
    handle: Option<JobHandle>,
    receiving_since: Option<(Instant, u64)>,
}

/// How much room there is in a folder.
#[derive(Clone, Debug)]
pub struct Room {
    /// The folder.
    pub folder: PathBuf,
    /// Free bytes, where the system says so.
    pub free: Option<u64>,
}

/// All downloads of this run, newest first.
pub struct Downloads {
    /// Newest first.
    pub list: Vec<Download>,
    /// Room in the folder that was looked at last.
    pub room: Load<Room>,
    queue: Queue,
    events: mpsc::Receiver<Event>,
    clock: fn() -> jiff::Zoned,
    next: u64,
}

impl Download {
    /// Bytes per second since the transfer began, once it can be told.
    pub fn speed(&self) -> Option<u64> {
        let (Standing::Running(Stage::Receiving { received, .. }), Some((since, from))) =
            (&self.standing, self.receiving_since)
        else {
            return None;
        };
        let milliseconds = u64::try_from(since.elapsed().as_millis()).ok()?;
        (milliseconds >= SPEED_AFTER_MILLISECONDS)
            .then(|| received.saturating_sub(from).saturating_mul(1000) / milliseconds)
    }

    /// Whether it stopped because the session had ended; it goes on after signing in.
    pub fn waits_for_sign_in(&self) -> bool {
        matches!(
            &self.standing,
            Standing::Failed(problem)
                if matches!(problem.kind, ErrorKind::Expired | ErrorKind::Refused | ErrorKind::Ageing)
        )
    }

    /// Whether nothing more will come of it by itself or by a button: it is done, or was stopped by the user.
    pub fn is_over(&self) -> bool {
        match &self.standing {
            Standing::Done { .. } => true,
            Standing::Failed(problem) => problem.kind == ErrorKind::Cancelled,
            Standing::Running(_) => false,
        }
    }

    /// Whether it was asked for by the person whose session this is.
    fn belongs_to(&self, session: &Session) -> bool {
        self.server == session.server && self.user.as_deref() == session.owner()
    }

    /// Whether it is under way.
    pub fn is_running(&self) -> bool {
        matches!(self.standing, Standing::Running(_))
    }
}

impl Downloads {
    pub(super) fn new(worker: &Worker, patience: Patience, clock: fn() -> jiff::Zoned) -> Self {
        let (sender, events) = mpsc::channel(CHANNEL);
        let queue = Queue::new(
            worker.runtime.clone(),
            sender,
            Arc::clone(&worker.waker),
            patience,
        );
        Self {
            list: Vec::new(),
            room: Load::NotAsked,
            queue,
            events,
            clock,
            next: 0,
        }
    }

    /// How many are under way.
    pub fn running(&self) -> usize {
        self.list
            .iter()
            .filter(|download| download.is_running())
            .count()
    }

    /// Those that belong to this person: what somebody else fetches is not shown.
    pub fn of<'a>(&'a self, session: &'a Session) -> impl Iterator<Item = &'a Download> {
        self.list
            .iter()
            .filter(|download| download.user.is_none() || download.belongs_to(session))
    }

    pub(super) fn start(&mut self, session: &Session, job: Job, what: String) {
        self.next += 1;
        let id = JobId(self.next);
        let handle = self.queue.start(id, job.clone(), session.client.clone());
        self.list.insert(
            0,
            Download {
                id,
                job,
                server: session.server.clone(),
                user: session.owner().map(str::to_owned),
                session: session.number,
                what,
                standing: Standing::Running(Stage::Waiting),
                handle: Some(handle),
                receiving_since: None,
            },
        );
    }

    /// Stops it; what was not complete is gone.
    pub(super) fn cancel(&mut self, id: JobId) {
        if let Some(download) = self.find(id).filter(|download| download.is_running()) {
            download.handle = None;
            download.standing = Standing::Failed(Problem {
                kind: ErrorKind::Cancelled,
                message: "Stopped by you. Nothing incomplete was kept".to_owned(),
            });
        }
    }

    /// Does the same again. The server it belongs to, where that is another one than the session's.
    pub(super) fn retry(&mut self, session: &Session, id: JobId) -> Result<(), ServerAddress> {
        let is_it = |download: &Download| download.id == id && !download.is_running();
        let Some(at) = self.list.iter().position(is_it) else {
            return Ok(());
        };
        let fits = |old: &Download| old.server == session.server;
        if let Some(old) = self.list.get(at).filter(|old| !fits(old)) {
            return Err(old.server.clone());
        }
        let old = self.list.remove(at);
        self.start(session, old.job, old.what);
        Ok(())
    }

    /// Goes on with what stopped because an earlier session of this person had ended.
    pub(super) fn go_on(&mut self, session: &Session) {
        let waiting: Vec<JobId> = self
            .list
            .iter()
            .filter(|download| {
                download.waits_for_sign_in()
                    && download.session < session.number
                    && download.belongs_to(session)
            })
            .map(|download| download.id)
            .collect();
        for id in waiting {
            // Only those of this server were chosen.
            self.retry(session, id).ok();
        }
    }

    pub(super) fn clear_finished(&mut self) {
        self.list.retain(|download| !download.is_over());
    }

    pub(super) fn measure(&mut self, worker: &Worker, folder: &Path) {
        if self.room.value().is_some_and(|room| room.folder == folder) && !self.room.is_loading() {
            return;
        }
        let folder = folder.to_owned();
        self.room.start(worker, async move {
            // Asking a network disk may take long.
            let looked = folder.clone();
            let free = tokio::task::spawn_blocking(move || free_space(&looked))
                .await
                .ok()
                .flatten();
            Ok(Room { folder, free })
        });
    }

    /// Takes in the news. The problems of downloads that have just failed are given back, each with the number
    /// of its session.
    pub(super) fn poll(&mut self) -> Vec<(u64, Problem)> {
        self.room.poll();
        let mut problems = Vec::new();
        while let Ok(event) = self.events.try_recv() {
            match event {
                Event::Stage(id, stage) => self.advance(id, stage),
                Event::Ended(id, result) => problems.extend(self.end(id, result)),
            }
        }
        problems
    }

    fn advance(&mut self, id: JobId, stage: Stage) {
        let Some(download) = self.find(id).filter(|download| download.is_running()) else {
            return;
        };
        match (&stage, download.receiving_since) {
            (Stage::Receiving { received, .. }, None) => {
                download.receiving_since = Some((Instant::now(), *received));
            }
            (Stage::Receiving { .. }, Some(_)) => {}
            _ => download.receiving_since = None,
        }
        download.standing = Standing::Running(stage);
    }

    fn end(
        &mut self,
        id: JobId,
        result: Result<(PathBuf, Report), Problem>,
    ) -> Option<(u64, Problem)> {
        let at = (self.clock)();
        let download = self.find(id).filter(|download| download.is_running())?;
        download.handle = None;
        let (standing, problem) = match result {
            Ok((place, report)) => (Standing::Done { place, report, at }, None),
            Err(problem) => (Standing::Failed(problem.clone()), Some(problem)),
        };
        download.standing = standing;
        problem.map(|problem| (download.session, problem))
    }

    fn find(&mut self, id: JobId) -> Option<&mut Download> {
        self.list.iter_mut().find(|download| download.id == id)
    }
}
