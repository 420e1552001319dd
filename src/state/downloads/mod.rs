//! The downloads: what is under way, what is queued, what has ended. All of it survives a restart of the program.

mod commands;
mod destination;
mod download;
mod journal;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::sync::mpsc;

use self::journal::JournalWriter;
use crate::{
    api::{Client, ClientOptions, Network},
    dataset::JobId,
    downloads::{Event, Finished, Runner, SpeedLimit, Stage},
    model::{ErrorKind, Problem, ServerAddress},
    state::{Environment, Remote, Session},
    store::{BuildStore, Settings},
};

pub use self::{
    destination::DestinationInfo,
    download::{Download, DownloadStatus},
};

/// Capacity of the event channel. Progress beyond that is outdated anyway.
const CHANNEL: usize = 256;

/// All downloads, in the order of the queue.
pub struct Downloads {
    /// In the order of the queue.
    pub list: Vec<Download>,
    /// Those that were cleared last.
    cleared: Vec<Download>,
    /// The free space of the folder that was last measured.
    pub destination: Remote<DestinationInfo>,
    /// How many downloads may run at the same time.
    parallel: usize,
    speed: Arc<SpeedLimit>,
    queue: Runner,
    events: mpsc::Receiver<Event>,
    notes: JournalWriter,
    options: ClientOptions,
    clock: fn() -> jiff::Zoned,
}

/// What a poll has found.
#[derive(Default)]
pub(in crate::state) struct PollResult {
    /// Problems that concern the session of this number.
    pub(in crate::state) problems: Vec<(u64, Problem)>,
    /// Downloads that have ended: description and result.
    pub(in crate::state) done: Vec<String>,
    /// The paths of their results, and of the folders that these replaced.
    pub(in crate::state) places: Vec<PathBuf>,
    /// Sentences about the downloads of earlier runs that were found.
    pub(in crate::state) found: Vec<String>,
    /// Why downloads cannot be saved in the journal.
    pub(in crate::state) not_noted: Option<String>,
}

impl Downloads {
    pub(in crate::state) fn new(
        environment: &Environment,
        settings: &Settings,
        kept_builds: Arc<BuildStore>,
    ) -> Self {
        let worker = &environment.worker;
        let (sender, events) = mpsc::channel(CHANNEL);
        let speed = Arc::new(SpeedLimit::new(settings.speed_limit));
        let mut queue = Runner::new(
            worker.runtime.clone(),
            sender,
            Arc::clone(&worker.waker),
            environment.timeouts,
            Arc::clone(&speed),
            kept_builds,
        );
        queue.clock = environment.clock;
        Self {
            list: Vec::new(),
            cleared: Vec::new(),
            destination: Remote::NotRequested,
            parallel: settings.parallel,
            speed,
            queue,
            events,
            notes: JournalWriter::new(environment, settings.download_folder.clone()),
            options: environment.client.clone(),
            clock: environment.clock,
        }
    }

    /// Returns how many are under way or queued.
    pub fn running(&self) -> usize {
        self.list
            .iter()
            .filter(|download| download.is_running())
            .count()
    }

    /// Returns the progress of the longest-running download, for the window title.
    pub fn headline(&self) -> Option<String> {
        let download = self
            .list
            .iter()
            .find(|download| download.is_running() && !download.is_waiting())?;
        let DownloadStatus::Running(stage) = &download.status else {
            return None;
        };
        let percent = stage
            .amount()
            .map(|(done, total)| format!(" {} %", done.saturating_mul(100) / total));
        Some(format!("{}{}", stage.words(), percent.unwrap_or_default()))
    }

    /// Returns those of this user: downloads of other users are not shown.
    pub fn of<'a>(&'a self, session: &'a Session) -> impl DoubleEndedIterator<Item = &'a Download> {
        self.list
            .iter()
            .filter(|download| download.user.is_none() || download.belongs_to(session))
    }

    pub(in crate::state) fn set_parallel(&mut self, parallel: usize) {
        self.parallel = parallel.max(1);
    }

    /// Applies new network settings to those that have not started.
    pub(in crate::state) fn use_network(&mut self, network: &Network) {
        self.options.network = network.clone();
        for download in &mut self.list {
            let client = download.client.as_ref();
            match client.map(|client| client.with_network(network.clone())) {
                Some(Ok(client)) => download.client = Some(client),
                Some(Err(error)) => tracing::warn!(%error, "a download keeps its network settings"),
                None => {}
            }
        }
    }

    pub(in crate::state) fn set_speed_limit(&self, limit: Option<u64>) {
        self.speed.set(limit);
    }

    /// Processes events, and starts queued downloads.
    pub(in crate::state) fn poll(&mut self) -> PollResult {
        self.destination.poll();
        let mut news = PollResult {
            found: self.restore(),
            ..PollResult::default()
        };
        while let Ok(event) = self.events.try_recv() {
            match event {
                Event::Stage(id, stage) => {
                    if let Some(download) = self.find(id).filter(|d| d.is_running()) {
                        download.advance(stage);
                    }
                }
                Event::Part(id, part) => {
                    if let Some(download) = self.find(id) {
                        download.part = (part.of > 1).then_some(part);
                    }
                }
                Event::Ended(id, result) => self.end(id, result, &mut news),
                Event::NotNoted(reason) => news.not_noted = Some(reason),
            }
        }
        self.start_queued();
        news
    }

    /// Restores the downloads of an earlier run, and returns what there is to report about them.
    fn restore(&mut self) -> Vec<String> {
        let (records, sentences) = self.notes.take_restored();
        for (record, server) in records {
            if self.list.iter().any(|download| download.id == record.id) {
                continue;
            }
            let client = match record.user {
                None => public_client(&server, &self.options),
                Some(_) => None,
            };
            let mut download = Download::from_record(record, server, client);
            if matches!(&download.status, DownloadStatus::Failed(problem) if problem.kind == ErrorKind::Cancelled)
            {
                // The program ended while the files were being removed.
                download.handle = Some(self.queue.discard(download.id, download.job.clone()));
            }
            self.list.push(download);
            self.list.sort_by_key(|download| download.rank);
        }
        sentences
    }

    /// Starts queued downloads while there are free slots.
    fn start_queued(&mut self) {
        let busy = |list: &[Download]| list.iter().filter(|d| d.handle.is_some()).count();
        while busy(&self.list) < self.parallel {
            let next = self.list.iter_mut().find(|download| download.is_waiting());
            let Some(download) = next else { return };
            let Some(client) = download.client.clone() else {
                return;
            };
            let (id, job) = (download.id, download.job.clone());
            let record = self.notes.record(download);
            let handle = self.queue.start(id, job, record, client);
            download.handle = Some(handle);
            download.status = DownloadStatus::Running(Stage::Asking);
        }
    }

    fn end(&mut self, id: JobId, result: Result<Finished, Problem>, news: &mut PollResult) {
        let at = (self.clock)();
        let Some(place) = self.list.iter().position(|download| download.id == id) else {
            return;
        };
        let Some(download) = self.list.get_mut(place) else {
            return;
        };
        download.handle = None;
        let was_stopping = std::mem::take(&mut download.is_stopping);
        let is_cancelled = download.has_ended();
        match result {
            // Resumed before it had stopped: it is queued like any other.
            Err(_) if was_stopping && download.is_running() => {
                download.status = DownloadStatus::Running(Stage::Waiting);
            }
            // Cancelled while it was pausing: its files are to be removed after all.
            Err(_) if was_stopping && is_cancelled => {
                download.handle = Some(self.queue.discard(id, download.job.clone()));
                return;
            }
            // Cancelled: the incomplete files are gone, or are known not to be.
            Err(problem) if is_cancelled => {
                let is_all_gone = problem.kind == ErrorKind::Cancelled;
                download.status = DownloadStatus::stopped(if is_all_gone {
                    "Cancelled. No incomplete files were kept".to_owned()
                } else {
                    format!("Cancelled. {}", problem.message)
                });
            }
            // Paused in the meantime.
            Err(_) if !download.is_running() => return,
            Ok(done) => {
                tracing::info!(report = %done.report.summary(), "a download is done");
                news.done.push(format!(
                    "{}: {}",
                    download.job.request.target,
                    done.report.summary()
                ));
                news.places.push(done.place.clone());
                news.places.extend(done.before.clone());
                let moved = done.before.clone().map(|to| (done.place.clone(), to));
                download.status = DownloadStatus::of(done, at);
                if let Some((from, to)) = moved {
                    self.follow_moved(id, &from, &to);
                }
            }
            Err(problem) => {
                tracing::warn!(kind = ?problem.kind, "a download has failed");
                news.done.push(format!(
                    "{}: not downloaded. {}",
                    download.job.request.target, problem.message
                ));
                news.problems.push((download.session, problem.clone()));
                download.status = DownloadStatus::Failed(problem);
            }
        }
        self.note(place);
    }

    fn change(
        &mut self,
        id: JobId,
        may: impl Fn(&Download) -> bool,
        change: impl FnOnce(&mut Download),
    ) {
        let place = self.list.iter().position(|download| download.id == id);
        let Some(place) = place else { return };
        let Some(download) = self.list.get_mut(place).filter(|download| may(download)) else {
            return;
        };
        change(download);
        self.note(place);
    }

    /// Saves the status of a download in the journal.
    /// Lets earlier downloads point to where an update has put the folder that they had filled.
    fn follow_moved(&mut self, updated: JobId, from: &Path, to: &Path) {
        for place in 0..self.list.len() {
            let Some(download) = self.list.get_mut(place).filter(|one| one.id != updated) else {
                continue;
            };
            if let DownloadStatus::Done { place: folder, .. } = &mut download.status
                && folder == from
            {
                to.clone_into(folder);
                self.note(place);
            }
        }
    }

    fn note(&mut self, place: usize) {
        if let Some(download) = self.list.get(place) {
            self.notes.note(&self.queue, download);
        }
    }

    fn find(&mut self, id: JobId) -> Option<&mut Download> {
        self.list.iter_mut().find(|download| download.id == id)
    }
}

fn public_client(server: &ServerAddress, options: &ClientOptions) -> Option<Client> {
    match Client::new(server.clone(), None, options.clone()) {
        Ok(client) => Some(client),
        Err(error) => {
            tracing::error!(%error, "no client can be created");
            None
        }
    }
}
