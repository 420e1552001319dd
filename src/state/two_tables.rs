//! The table of hits beside that of experiments: one of them is shown, the other one waits.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
};

use super::{
    Remote, Worker,
    experiments::Experiments,
    filtering::{prepare, slow_filters},
};
use crate::{
    api::Client,
    hits::read_hits,
    model::{RowId, TargetKey},
    table::{Sheet, Subject},
};

impl Experiments {
    /// The table of experiments, whichever is shown.
    pub fn experiments_sheet(&self) -> &Sheet {
        match self.subject {
            Subject::Experiments => self.sheet(),
            Subject::Hits => &self.hits.parked.1,
        }
    }

    /// Puts other rows into one of the tables.
    pub(super) fn set_sheet(&mut self, subject: Subject, sheet: Sheet) {
        if subject == self.subject {
            self.sheet = sheet;
            self.view.show(&self.sheet);
        } else {
            let (view, parked) = &mut self.hits.parked;
            *parked = sheet;
            view.show(parked);
        }
    }

    /// Shows the other table, of the same target, with what is selected in the first one.
    pub(super) fn show_rows(&mut self, subject: Subject) {
        if subject == self.subject {
            return;
        }
        let target = self.view.target().cloned();
        let selected = self.belonging(self.view.selected());
        if subject == Subject::Hits && self.hits.table.value().is_none() {
            self.hits.awaited.clone_from(self.view.selected());
        }
        std::mem::swap(&mut self.view, &mut self.hits.parked.0);
        std::mem::swap(&mut self.sheet, &mut self.hits.parked.1);
        self.subject = subject;
        self.search = Remote::NotRequested;
        self.view.set_target(&self.sheet, target);
        if self.view.selected() != &selected {
            self.view.select(&self.sheet, selected);
        }
    }

    /// The rows of the other table that belong to rows of this one.
    fn belonging(&self, selected: &BTreeSet<RowId>) -> BTreeSet<RowId> {
        let hits = match self.subject {
            Subject::Experiments => &self.hits.parked.1,
            Subject::Hits => &self.sheet,
        };
        match self.subject {
            Subject::Experiments => hits_of(hits, |experiment| selected.contains(&experiment)),
            Subject::Hits => pairs(hits)
                .filter(|(hit, _)| selected.contains(hit))
                .map(|(_, experiment)| experiment)
                .collect(),
        }
    }

    /// Reads the hits, if no one has yet.
    pub(super) fn need_hits(&mut self, worker: &Worker, client: Client) {
        if self.hits.table.is_loading() || matches!(self.hits.table, Remote::Ready(_)) {
            return;
        }
        self.read_hits(worker, client);
    }

    /// Reads the hits again, if they have been wanted before.
    pub(super) fn refresh_hits(&mut self, worker: &Worker, client: Client) {
        if !matches!(self.hits.table, Remote::NotRequested) {
            self.read_hits(worker, client);
        }
    }

    fn read_hits(&mut self, worker: &Worker, client: Client) {
        let Some(table) = self.table.value() else {
            return;
        };
        let (targets, experiments) = (table.targets.clone(), table.sheet.clone());
        let (read, waker) = (Arc::clone(&self.hits.read), Arc::clone(&worker.waker));
        read.store(0, Ordering::Relaxed);
        let filters = slow_filters(match self.subject {
            Subject::Experiments => &self.hits.parked.0,
            Subject::Hits => &self.view,
        });
        self.hits.table.start(worker, async move {
            let tell = |count| {
                read.store(count, Ordering::Relaxed);
                waker();
            };
            let hits = read_hits(&client, targets, experiments, tell).await;
            let hits = hits.map_err(|error| error.problem())?;
            client.still_signed_in().await?;
            let sheet = hits.sheet.clone();
            // Filters must find the molecules read, and what is searched for found.
            let prepared = tokio::task::spawn_blocking(move || prepare(&sheet, &filters));
            if let Err(error) = prepared.await {
                tracing::error!(%error, "the hits could not be prepared");
            }
            Ok(hits)
        });
    }

    /// Takes in what has come.
    pub(super) fn poll_hits(&mut self) {
        if self.hits.table.poll()
            && let Remote::Ready(hits) = &self.hits.table
        {
            let sheet = hits.sheet.clone();
            self.set_sheet(Subject::Hits, sheet);
            let awaited = std::mem::take(&mut self.hits.awaited);
            if self.subject == Subject::Hits && !awaited.is_empty() {
                let hits = hits_of(&self.sheet, |experiment| awaited.contains(&experiment));
                self.view.select(&self.sheet, hits);
            }
        }
    }

    /// How many rows of the shown table a target has.
    pub fn count_of(&self, target: &TargetKey) -> Option<usize> {
        let counts = match self.subject {
            Subject::Experiments => &self.table.value()?.counts,
            Subject::Hits => &self.hits.table.value()?.counts,
        };
        counts.get(target).copied()
    }
}

/// Every hit with its experiment; virtual ones have none.
fn pairs(hits: &Sheet) -> impl Iterator<Item = (RowId, RowId)> {
    let experiment = hits.place("experiment_id");
    (0..hits.len()).filter_map(move |row| {
        let own = hits.number(experiment?, row);
        own.is_finite().then(|| (hits.id(row), whole(own)))
    })
}

/// The hits of some experiments.
fn hits_of(hits: &Sheet, is_wanted: impl Fn(RowId) -> bool) -> BTreeSet<RowId> {
    pairs(hits)
        .filter(|(_, experiment)| is_wanted(*experiment))
        .map(|(hit, _)| hit)
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "whole numbers below 2⁵³ only are stored as numbers"
)]
fn whole(number: f64) -> RowId {
    RowId(number as i64)
}
