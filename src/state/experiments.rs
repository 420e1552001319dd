//! The targets and their experiments, and which of them are shown.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
};

use super::{
    Remote, SelectionMode, Worker,
    hits::HitsState,
    loading::{PartialTable, ProgressReporter, Table, read},
    news::{CacheKey, NewsState},
    notes::NotesState,
    structure_search::StructureSearch,
};
use crate::{
    api::Client,
    model::{ExperimentId, Observation, Problem, RowId, Shortfalls, Target, TargetKey},
    store::{SavedTable, Settings},
    table::{Layout, Sheet, Subject, TableView},
};

/// The observations of a target.
pub struct Observations {
    /// All of them.
    pub rows: Vec<Observation>,
    /// Whether the server sent all the rows that it announced.
    pub is_complete: bool,
}

/// The experiments page's data.
#[derive(Default)]
pub struct Experiments {
    /// Everything that was loaded.
    pub table: Remote<Table>,
    /// Which of the two tables is shown.
    pub subject: Subject,
    /// The view of the table that is shown.
    pub view: TableView,
    /// The hits.
    pub hits: HitsState,
    /// The observations of the targets for which they were requested.
    pub observations: BTreeMap<TargetKey, Remote<Observations>>,
    /// The shown rows: those of the last answer, or the part of the first one that has arrived.
    pub(super) sheet: Sheet,
    /// The running structure search.
    pub(super) search: StructureSearch,
    arriving: PartialTable,
    /// What is new since the last visit.
    pub news: NewsState,
    /// The user's own stars and notes.
    pub notes: NotesState,
    /// Whether the first list has arrived.
    pub(super) has_begun: bool,
    /// The table of an earlier run, while it is read from the disk.
    kept: Remote<Option<Table>>,
    keeping: Option<CacheKey>,
    pub(super) warning: Option<String>,
    problems_of_details: Vec<Problem>,
}

impl Experiments {
    /// Returns an empty table with the layout of the last session.
    pub(super) fn with_layout(settings: &Settings) -> Self {
        let mut experiments = Self::default();
        let layouts = [
            (&mut experiments.view, &settings.view),
            (&mut experiments.hits.parked.0, &settings.hits_view),
        ];
        for (view, layout) in layouts {
            if let Some(layout) = layout {
                view.restore(layout.clone().sanitized());
            }
        }
        experiments
    }

    /// Returns how many experiments of the current answer have arrived so far.
    pub fn received(&self) -> usize {
        self.arriving.received.load(Ordering::Relaxed)
    }

    /// Returns the rows.
    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// Returns why the rows may be incomplete; `None` if they are complete.
    pub fn why_incomplete(&self) -> Option<String> {
        if self.view.is_unfinished() {
            return Some("The structure search had not finished yet.".to_owned());
        }
        let experiments = match self.table.value() {
            None => Some("Not all rows had arrived yet.".to_owned()),
            Some(table) => {
                let caution = table.caution.as_ref().map(|caution| format!("{caution}."));
                table.shortfalls.of(self.view.target()).text().or(caution)
            }
        };
        match (self.subject, self.hits.table.value()) {
            // Hits carry what is known of their experiments, so that both must be there.
            (Subject::Hits, Some(hits)) => hits.shortfall(self.view.target()).or(experiments),
            (Subject::Hits, None) => Some("Not all rows had arrived yet.".to_owned()),
            (Subject::Experiments, _) => experiments,
        }
    }

    /// Returns `true` if the rows belong to an answer that is still arriving.
    pub fn is_partial(&self) -> bool {
        self.table.value().is_none()
    }

    /// Returns the targets that have been loaded.
    pub fn targets(&self) -> &[Target] {
        self.table.value().map_or(&[], |table| &table.targets)
    }

    /// Returns the observations of a target, if they were requested.
    pub fn observations_of(&self, target: &TargetKey) -> Option<&Remote<Observations>> {
        self.observations.get(target)
    }

    pub(super) fn refresh(
        &mut self,
        worker: &Worker,
        client: Client,
        clock: fn() -> jiff::Zoned,
        keeping: Option<CacheKey>,
    ) {
        if let Some(keeping) = keeping.clone().filter(|_| self.table.value().is_none()) {
            self.load_saved(worker, keeping);
        }
        self.keeping = keeping;
        self.arriving = PartialTable::default();
        self.arriving.note_before(self.private_targets());
        let view = match self.subject {
            Subject::Experiments => &self.view,
            Subject::Hits => &self.hits.parked.0,
        };
        let sorted_by = view.sort().iter().map(|key| key.field.clone());
        let mut telling = ProgressReporter {
            arriving: self.arriving.clone(),
            // A table on screen is not replaced by a shorter one.
            next: if self.table.value().is_none() {
                1
            } else {
                usize::MAX
            },
            waker: Arc::clone(&worker.waker),
            sorted_by: sorted_by.collect(),
        };
        let again = client.clone();
        self.table.start(
            worker,
            async move { read(client, &mut telling, clock).await },
        );
        // What depends on the targets is requested again too; the old data stays until then.
        for target in self.observations.keys().cloned().collect::<Vec<_>>() {
            self.load_observations(worker, again.clone(), &target);
        }
    }

    /// Shows the table that an earlier run saved for this user, until the server has answered.
    fn load_saved(&mut self, worker: &Worker, keeping: CacheKey) {
        self.kept.start(worker, async move {
            let found = tokio::task::spawn_blocking(move || {
                let user = keeping.user.as_deref();
                let kept = keeping.tables.read(&keeping.server, user)?;
                Some(Table {
                    counts: kept.sheet.counts(),
                    targets: kept.targets,
                    sheet: kept.sheet,
                    shortfalls: Shortfalls::default(),
                    caution: None,
                    at: kept.at,
                    is_kept: true,
                    lookups: Arc::new(kept.lookups),
                })
            });
            Ok(found.await.unwrap_or_default())
        });
    }

    /// Saves the table that has just arrived for the next start, and finds out what is new in it.
    fn keep(&mut self, worker: &Worker) {
        let (Some(keeping), Remote::Ready(table)) = (self.keeping.clone(), &self.table) else {
            return;
        };
        // If the authenticator has a problem, the table may be incomplete.
        if !table.shortfalls.is_none() || table.caution.is_some() {
            return;
        }
        let kept = SavedTable {
            targets: table.targets.clone(),
            lookups: table.lookups.as_ref().clone(),
            sheet: table.sheet.clone(),
            at: table.at.clone(),
            news: None,
        };
        self.news.request(worker, keeping, kept);
    }

    pub(super) fn request_observations(
        &mut self,
        worker: &Worker,
        client: Client,
        target: &TargetKey,
    ) {
        let known = self.observations.get(target);
        if known.is_none_or(|load| !load.is_loading() && !matches!(load, Remote::Ready(_))) {
            self.load_observations(worker, client, target);
        }
    }

    fn load_observations(&mut self, worker: &Worker, client: Client, target: &TargetKey) {
        let mut targets = self.targets().iter();
        let Some(id) = targets
            .find(|known| known.key == *target)
            .map(|known| known.id)
        else {
            return;
        };
        let load = self.observations.entry(target.clone()).or_default();
        load.start(worker, async move {
            let answer = client
                .observations(id)
                .await
                .map_err(|error| error.problem())?;
            client.still_signed_in().await?;
            Ok(Observations {
                rows: answer.rows,
                is_complete: answer.complete,
            })
        });
    }

    /// Returns `true` if an answer has just arrived.
    pub(super) fn poll(&mut self, worker: &Worker) -> bool {
        let before = if self.table.is_loading() {
            self.private_targets()
        } else {
            Vec::new()
        };
        let mut has_counts = false;
        self.poll_hits();
        self.poll_search(worker);
        if self.news.poll() {
            let sheet = self.experiments_sheet().clone();
            let marked = self.news.mark(&sheet);
            self.set_sheet(Subject::Experiments, marked);
        }
        if self.kept.poll()
            && let Some(Some(kept)) = self.kept.take_value()
            && self.table.value().is_none()
        {
            let sheet = kept.sheet.clone();
            prepare_in_background(worker, &sheet);
            self.table.set_previous(kept);
            self.arriving.note_before(self.private_targets());
            self.set_sheet(Subject::Experiments, sheet);
        }
        let has_come = self.table.poll();
        if has_come {
            self.keep(worker);
            // A failure keeps the old table, and discards a first one that was only partly received.
            let read = self.table.value().map(|table| table.sheet.clone());
            let marked = self.news.mark(&read.unwrap_or_default());
            self.set_sheet(Subject::Experiments, marked);
            has_counts = true;
            if matches!(self.table, Remote::Ready(_)) {
                self.warning = no_longer_shown(&before, &self.private_targets());
            }
        } else if let Some(newest) = self.arriving.take()
            && self.table.value().is_none()
        {
            self.set_sheet(Subject::Experiments, newest);
        }
        for load in self.observations.values_mut() {
            if load.poll() {
                self.problems_of_details.extend(load.problem().cloned());
                has_counts |= matches!(load, Remote::Ready(_));
            }
        }
        let mut loads = self.observations.values();
        let is_any = loads.any(|load| load.value().is_some()) || self.hits.table.value().is_some();
        if has_counts && is_any {
            self.join_observations();
        }
        has_come
    }

    /// Counts the observations of each experiment, as far as they are known.
    fn join_observations(&mut self) {
        if self
            .hits
            .table
            .value()
            .is_some_and(|hits| hits.has_all_observations)
        {
            // Those of all targets are known.
            self.count_hits();
            return;
        }
        let read = self.observations.iter().filter_map(|(key, load)| {
            // An incomplete list cannot be counted.
            let rows = &load.value().filter(|found| found.is_complete)?.rows;
            let of: Vec<ExperimentId> = rows.iter().filter_map(|row| row.experiment).collect();
            Some((key, of))
        });
        let joined = self.experiments_sheet().with_observations(read);
        self.set_sheet(Subject::Experiments, joined);
    }

    /// Takes the warning about what the last answer no longer listed, or about what could not be loaded.
    pub(super) fn take_warning(&mut self) -> Option<String> {
        self.warning.take()
    }

    /// Returns the targets that are not public.
    fn private_targets(&self) -> Vec<TargetKey> {
        let is_private = |target: &&Target| target.open == Some(false);
        let targets = self.targets().iter().filter(is_private);
        targets.map(|target| target.key.clone()).collect()
    }

    /// Shows the columns and the order of a built-in view.
    pub(super) fn use_built_in(&mut self, name: &str) {
        if let Some(layout) = Layout::built_in(&self.sheet, name) {
            self.change_view(|view, sheet| view.set_layout(sheet, layout));
        }
    }

    /// Selects a row: alone, in addition, or everything up to it.
    pub(super) fn select(&mut self, id: RowId, how: SelectionMode) {
        self.change_view(|view, sheet| match how {
            SelectionMode::Only => view.select_only(sheet, id),
            SelectionMode::Toggle => view.toggle(sheet, id),
            SelectionMode::Range => view.select_range(sheet, id),
        });
    }

    /// Applies a change of the view to the current rows.
    pub(super) fn change_view(&mut self, change: impl FnOnce(&mut TableView, &Sheet)) {
        change(&mut self.view, &self.sheet);
    }

    /// Takes the unreported reasons why observations could not be read.
    pub(super) fn take_problems_of_details(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.problems_of_details)
    }
}

/// Returns a warning about targets that are no longer listed: a membership has ended, or the server has
/// lost it.
fn no_longer_shown(before: &[TargetKey], now: &[TargetKey]) -> Option<String> {
    let gone: Vec<String> = before
        .iter()
        .filter(|key| !now.contains(key))
        .map(ToString::to_string)
        .collect();
    let (are, list) = (if gone.len() == 1 { "is" } else { "are" }, gone.join(", "));
    (!gone.is_empty()).then(|| {
        format!(
            "{list} {are} no longer visible to you. If you did not expect this, the Status page says why."
        )
    })
}

/// Builds the index in the background, so that the first sort or search does not have to wait for it.
fn prepare_in_background(worker: &Worker, sheet: &Sheet) {
    let sheet = sheet.clone();
    worker.runtime.spawn_blocking(move || sheet.prepare());
}
