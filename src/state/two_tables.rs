//! The tables of hits and of experiments: one is shown, the other is in the background.

use std::{
    collections::{BTreeMap, BTreeSet},
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
    model::{ExperimentId, RowId, TargetKey},
    table::{ColumnFilter, Condition, OBSERVATIONS, STAR, Sheet, Subject},
};

impl Experiments {
    /// Returns the table of experiments, whichever is shown.
    pub fn experiments_sheet(&self) -> &Sheet {
        match self.subject {
            Subject::Experiments => self.sheet(),
            Subject::Hits => &self.hits.parked.1,
        }
    }

    /// Replaces the rows of one of the tables.
    pub(super) fn set_sheet(&mut self, subject: Subject, sheet: Sheet) {
        let sheet = self.notes.mark(sheet);
        if subject == self.subject {
            self.sheet = sheet;
            self.view.show(&self.sheet);
        } else {
            let (view, parked) = &mut self.hits.parked;
            *parked = sheet;
            view.show(parked);
        }
    }

    /// Shows the stars and notes in both tables as they are now.
    pub(super) fn show_notes(&mut self) {
        self.sheet = self.notes.mark_again(&self.sheet);
        self.view.show(&self.sheet);
        let (view, parked) = &mut self.hits.parked;
        *parked = self.notes.mark_again(parked);
        view.show(parked);
    }

    /// Returns `true` if there are stars, and not only starred experiments are shown already.
    pub fn can_show_starred(&self) -> bool {
        self.notes.has_stars() && self.view.filter(STAR).is_none()
    }

    /// Shows the other table, for the same target, with the matching selection.
    pub(super) fn show_rows(&mut self, subject: Subject) {
        if subject == self.subject {
            return;
        }
        let target = self.view.target().cloned();
        let selected = self.matching_rows(self.view.selected());
        if subject == Subject::Hits && self.hits.table.value().is_none() {
            self.hits.awaited.clone_from(self.view.selected());
        }
        std::mem::swap(&mut self.view, &mut self.hits.parked.0);
        std::mem::swap(&mut self.sheet, &mut self.hits.parked.1);
        self.subject = subject;
        self.search.stop();
        self.view.set_target(&self.sheet, target);
        if self.view.selected() != &selected {
            self.view.select(&self.sheet, selected);
        }
    }

    /// Returns the rows of the other table that belong to rows of this one.
    fn matching_rows(&self, selected: &BTreeSet<RowId>) -> BTreeSet<RowId> {
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

    /// Loads the hits, unless they are loaded already.
    pub(super) fn load_hits_if_needed(&mut self, worker: &Worker, client: Client) {
        if self.hits.table.is_loading() || matches!(self.hits.table, Remote::Ready(_)) {
            return;
        }
        self.read_hits(worker, client);
    }

    /// Loads the hits again, if they have been requested before.
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
            let hits = read_hits(&client, targets, experiments, tell).await?;
            client.still_signed_in().await?;
            let sheet = hits.sheet.clone();
            // Filters need the parsed molecules, and the results of searches.
            let prepared = tokio::task::spawn_blocking(move || prepare(&sheet, &filters));
            if let Err(error) = prepared.await {
                tracing::error!(%error, "the hits could not be prepared");
            }
            Ok(hits)
        });
    }

    /// Collects the hits that have arrived.
    pub(super) fn poll_hits(&mut self) {
        if !self.hits.table.poll() {
            return;
        }
        if let Remote::Failed { problem, .. } = &self.hits.table
            && std::mem::take(&mut self.hits.filter_when_known)
        {
            // Otherwise the filter would appear by itself some time later.
            self.warning = Some(format!(
                "Which experiments have a ligand could not be loaded: {}",
                problem.message
            ));
        }
        if let Remote::Ready(hits) = &self.hits.table {
            let sheet = hits.sheet.clone();
            self.set_sheet(Subject::Hits, sheet);
            self.count_hits();
            if std::mem::take(&mut self.hits.filter_when_known) {
                self.show_with_ligand();
            }
            let awaited = std::mem::take(&mut self.hits.awaited);
            if self.subject == Subject::Hits && !awaited.is_empty() {
                let hits = hits_of(&self.sheet, |experiment| awaited.contains(&experiment));
                self.view.select(&self.sheet, hits);
            }
        }
    }

    /// Counts the hits of each experiment, if all of them are known.
    pub(super) fn count_hits(&mut self) {
        let Some(hits) = self
            .hits
            .table
            .value()
            .filter(|hits| hits.has_all_observations)
        else {
            return;
        };
        let mut of: BTreeMap<&TargetKey, Vec<ExperimentId>> = BTreeMap::new();
        for target in hits.sheet.target_list() {
            of.insert(&target.key, Vec::new());
        }
        for (hit, experiment) in pairs(&hits.sheet) {
            let row = hits.sheet.row_of(hit);
            if let Some(found) = row
                .and_then(|row| hits.sheet.target(row))
                .and_then(|target| of.get_mut(target))
            {
                found.push(ExperimentId(experiment.0));
            }
        }
        let counted = self.experiments_sheet().with_observations(of);
        self.set_sheet(Subject::Experiments, counted);
    }

    /// Shows only experiments in which a ligand was seen, as soon as it is known which these are.
    pub(super) fn show_with_ligand(&mut self) {
        if self.subject != Subject::Experiments {
            return;
        }
        match self.hits.table.value() {
            None => {
                self.hits.filter_when_known = true;
                return;
            }
            // Their number is not shown then, and a filter on it would hide every row.
            Some(hits) if !hits.has_all_observations => {
                let sentence = "Which experiments have a ligand is not known: the server did not send all observations.";
                self.warning = Some(sentence.to_owned());
                return;
            }
            Some(_) => {}
        }
        let filter = ColumnFilter {
            field: OBSERVATIONS.to_owned(),
            condition: Condition::Range {
                from: Some(1.0),
                to: None,
            },
        };
        self.change_view(|view, sheet| view.set_filter(sheet, OBSERVATIONS, Some(filter)));
    }

    /// Returns `true` while it is being determined which experiments have a ligand.
    pub fn waits_for_ligands(&self) -> bool {
        self.hits.filter_when_known && self.hits.table.is_loading()
    }

    /// Returns how many rows of the shown table a target has; `None` before the table has been loaded, and if those of
    /// the target could not be read.
    pub fn count_of(&self, target: &TargetKey) -> Option<usize> {
        let (counts, shortfalls) = match self.subject {
            Subject::Experiments => {
                let table = self.table.value()?;
                (&table.counts, &table.shortfalls)
            }
            Subject::Hits => {
                let hits = self.hits.table.value()?;
                (&hits.counts, &hits.shortfalls)
            }
        };
        let is_known = !shortfalls.is_unread(target);
        is_known.then(|| counts.get(target).copied().unwrap_or(0))
    }
}

/// Returns every hit with its experiment; virtual ones have none.
fn pairs(hits: &Sheet) -> impl Iterator<Item = (RowId, RowId)> {
    let experiment = hits.place("experiment_id");
    (0..hits.len()).filter_map(move |row| {
        let own = hits.number(experiment?, row);
        own.is_finite().then(|| (hits.id(row), whole(own)))
    })
}

/// Returns the hits of some experiments.
fn hits_of(hits: &Sheet, is_wanted: impl Fn(RowId) -> bool) -> BTreeSet<RowId> {
    pairs(hits)
        .filter(|(_, experiment)| is_wanted(*experiment))
        .map(|(hit, _)| hit)
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "only whole numbers below 2⁵³ are stored as numbers"
)]
fn whole(number: f64) -> RowId {
    RowId(number as i64)
}
