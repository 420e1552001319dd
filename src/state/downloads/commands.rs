//! What the user can do with downloads.

use std::path::Path;

use super::{Download, DownloadStatus, Downloads, destination, public_client};
use crate::{
    dataset::JobId,
    downloads::{Job, Stage, Stop},
    model::ServerAddress,
    state::{Environment, Session},
};

impl Downloads {
    pub(in crate::state) fn start(&mut self, session: &Session, job: Job, what: String) {
        let rank = self.list.last().map_or(0, |last| last.rank + 1);
        let download = Download::new(session, job, what, rank);
        self.notes.claim(&self.queue, download.id);
        self.list.push(download);
        self.note(self.list.len() - 1);
    }

    /// Pauses a download; complete parts are kept.
    pub(in crate::state) fn pause(&mut self, id: JobId) {
        self.change(id, Download::is_running, |download| {
            if let Some(handle) = &download.handle {
                handle.stop(Stop::Pause);
                download.is_stopping = true;
            }
            download.status = DownloadStatus::Paused;
        });
    }

    /// Cancels a download; incomplete data is removed.
    pub(in crate::state) fn cancel(&mut self, id: JobId) {
        let queue = &self.queue;
        let place = self.list.iter().position(|download| download.id == id);
        if let Some(download) = place.and_then(|place| self.list.get_mut(place))
            && !download.has_ended()
        {
            match &download.handle {
                Some(handle) => {
                    handle.stop(Stop::Cancel);
                    download.is_stopping = true;
                }
                None => download.handle = Some(queue.discard(id, download.job.clone())),
            }
            download.status = DownloadStatus::stopped(
                "Cancelling: incomplete files are being removed".to_owned(),
            );
        }
        if let Some(place) = place {
            self.note(place);
        }
    }

    /// Resumes a download or tries it again; complete parts are not fetched again. Returns the server to which it
    /// belongs, if that is not the server of the session.
    pub(in crate::state) fn resume(
        &mut self,
        session: Option<&Session>,
        id: JobId,
    ) -> Result<(), ServerAddress> {
        let Some(download) = self.list.iter().find(|download| download.id == id) else {
            return Ok(());
        };
        let fitting = session.filter(|session| download.belongs_to(session));
        let (client, number) = match (fitting, &download.user) {
            (Some(session), _) => (Some(session.client.clone()), session.number),
            (None, None) => (public_client(&download.server, &self.options), 0),
            (None, Some(_)) => return Err(download.server.clone()),
        };
        self.change(
            id,
            |download| !download.is_running(),
            |download| {
                download.client = client;
                download.session = number;
                download.part = None;
                download.status = DownloadStatus::Running(Stage::Waiting);
            },
        );
        Ok(())
    }

    /// Resumes downloads that stopped because an earlier session of this user had ended.
    pub(in crate::state) fn resume_after_sign_in(&mut self, session: &Session) {
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
            // Only downloads of this server were chosen.
            self.resume(Some(session), id).ok();
        }
    }

    /// Swaps a waiting download with its waiting neighbour.
    pub(in crate::state) fn move_by(&mut self, id: JobId, is_up: bool) {
        let waits = |download: &Download| download.is_waiting();
        let Some(at) = self.list.iter().position(|download| download.id == id) else {
            return;
        };
        let neighbour = if is_up {
            (0..at)
                .rev()
                .find(|place| self.list.get(*place).is_some_and(waits))
        } else {
            (at + 1..self.list.len()).find(|place| self.list.get(*place).is_some_and(waits))
        };
        let Some(other) = neighbour else { return };
        self.list.swap(at, other);
        let ranks: Vec<i64> = (0..).take(self.list.len()).collect();
        for (download, rank) in self.list.iter_mut().zip(ranks) {
            download.rank = rank;
        }
        for place in 0..self.list.len() {
            self.note(place);
        }
    }

    /// Removes ended downloads from the list, and returns their number.
    pub(in crate::state) fn clear_finished(&mut self, session: &Session) -> usize {
        let is_shown =
            |download: &Download| download.user.is_none() || download.belongs_to(session);
        let cleared = self.take_finished(is_shown);
        let count = cleared.len();
        if count > 0 {
            self.cleared = cleared;
        }
        count
    }

    /// Forgets all ended downloads, those of other users too.
    pub(in crate::state) fn forget_finished(&mut self) {
        self.take_finished(|_| true);
        self.cleared.clear();
    }

    /// Takes ended downloads out of the list and the journal.
    fn take_finished(&mut self, is_wanted: impl Fn(&Download) -> bool) -> Vec<Download> {
        let is_taken = |download: &mut Download| {
            download.has_ended() && download.handle.is_none() && is_wanted(download)
        };
        let taken: Vec<Download> = self.list.extract_if(.., is_taken).collect();
        for download in &taken {
            self.notes.forget(&self.queue, download.id);
        }
        taken
    }

    /// Restores the downloads that were cleared last, also in the journal.
    pub(in crate::state) fn restore_cleared(&mut self) {
        let first = self.list.len();
        self.list.append(&mut self.cleared);
        for place in first..self.list.len() {
            if let Some(download) = self.list.get(place) {
                self.notes.claim(&self.queue, download.id);
            }
            self.note(place);
        }
    }

    pub(in crate::state) fn measure(&mut self, environment: &Environment, folder: &Path) {
        destination::measure(&mut self.destination, environment, folder);
    }
}
