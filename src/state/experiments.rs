//! The targets and their experiments, and what of them is shown.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
};

use super::{
    Remote, Worker,
    hits::HitsState,
    reading::{Arriving, Table, Telling, read},
};
use crate::{
    api::Client,
    model::{ExperimentId, Observation, Problem, Target, TargetKey, plural},
    store::{KeptTable, KeptTables, Settings},
    table::{ColumnFilter, Sheet, Subject, TableView},
};

impl Table {
    /// What is missing of what the server had promised, as a sentence.
    pub fn shortfall(&self) -> Option<String> {
        match self.unreadable {
            _ if self.is_complete => None,
            0 => Some("The server did not send all rows that it had promised.".to_owned()),
            count => Some(format!(
                "{} from the server could not be read and {} missing here.",
                plural(count, "row", "rows"),
                if count == 1 { "is" } else { "are" },
            )),
        }
    }
}

/// Whose table it is, and where it is kept.
#[derive(Clone)]
pub(super) struct Keeping {
    pub(super) tables: KeptTables,
    pub(super) server: String,
    /// `None` for public data.
    pub(super) user: Option<String>,
}

/// The observations of a target.
pub struct Observations {
    /// All of them.
    pub rows: Vec<Observation>,
    /// Whether the server sent all it had promised.
    pub is_complete: bool,
}

/// The experiments page's data.
#[derive(Default)]
pub struct Experiments {
    /// All that was read.
    pub table: Remote<Table>,
    /// Which of the two tables is shown.
    pub subject: Subject,
    /// What of it is shown.
    pub view: TableView,
    /// The hits.
    pub hits: HitsState,
    /// Observations of the targets that someone asked about.
    pub observations: BTreeMap<TargetKey, Remote<Observations>>,
    /// The rows that are shown: the last answer's, or what has come so far of the first one.
    pub(super) sheet: Sheet,
    /// A condition whose answer is being worked out.
    pub(super) search: Remote<ColumnFilter>,
    arriving: Arriving,
    /// Whether a first list has come.
    pub(super) has_begun: bool,
    /// The table of an earlier run, while it is read from the disk.
    kept: Remote<Option<Table>>,
    keeping: Option<Keeping>,
    warning: Option<String>,
    problems_of_details: Vec<Problem>,
}

impl Experiments {
    /// Nothing yet, to be shown as the table was shown last.
    pub(super) fn shown_as(settings: &Settings) -> Self {
        let mut experiments = Self::default();
        let layouts = [
            (&mut experiments.view, &settings.view),
            (&mut experiments.hits.parked.0, &settings.hits_view),
        ];
        for (view, layout) in layouts {
            if let Some(layout) = layout {
                view.begin_with(layout.clone().mended());
            }
        }
        experiments
    }

    /// How many experiments of the present answer have come so far.
    pub fn received(&self) -> usize {
        self.arriving.received.load(Ordering::Relaxed)
    }

    /// The rows that are there.
    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// Why the rows may not be all that there are; `None` where they are.
    pub fn why_incomplete(&self) -> Option<String> {
        match self.table.value() {
            None => Some("Not all rows had come yet.".to_owned()),
            Some(table) => {
                let caution = table.caution.as_ref().map(|caution| format!("{caution}."));
                table.shortfall().or(caution)
            }
        }
    }

    /// Whether the rows are those of an answer that is still on its way.
    pub fn is_partial(&self) -> bool {
        self.table.value().is_none()
    }

    /// The targets that were read.
    pub fn targets(&self) -> &[Target] {
        self.table.value().map_or(&[], |table| &table.targets)
    }

    /// The observations of a target, if someone asked.
    pub fn observations_of(&self, target: &TargetKey) -> Option<&Remote<Observations>> {
        self.observations.get(target)
    }

    pub(super) fn refresh(
        &mut self,
        worker: &Worker,
        client: Client,
        clock: fn() -> jiff::Zoned,
        keeping: Option<Keeping>,
    ) {
        if let Some(keeping) = keeping.clone().filter(|_| self.table.value().is_none()) {
            self.look_for_kept(worker, keeping);
        }
        self.keeping = keeping;
        self.arriving = Arriving::default();
        self.arriving.note_before(self.private_targets());
        let view = match self.subject {
            Subject::Experiments => &self.view,
            Subject::Hits => &self.hits.parked.0,
        };
        let sorted_by = view.sort().iter().map(|key| key.field.clone());
        let mut telling = Telling {
            arriving: self.arriving.clone(),
            // With a table on screen no one wants to see a shorter one.
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
        // What hangs on the targets is asked for again, too; what is known stays until then.
        for target in self.observations.keys().cloned().collect::<Vec<_>>() {
            self.ask_observations(worker, again.clone(), &target);
        }
    }

    /// What an earlier run has kept for this very user is shown until the server has answered.
    fn look_for_kept(&mut self, worker: &Worker, keeping: Keeping) {
        self.kept.start(worker, async move {
            let found = tokio::task::spawn_blocking(move || {
                let user = keeping.user.as_deref();
                let kept = keeping.tables.read(&keeping.server, user)?;
                Some(Table {
                    counts: kept.sheet.counts(),
                    targets: kept.targets,
                    sheet: kept.sheet,
                    is_complete: true,
                    unreadable: 0,
                    caution: None,
                    at: kept.at,
                    is_kept: true,
                    lookups: Arc::new(kept.lookups),
                })
            });
            Ok(found.await.unwrap_or_default())
        });
    }

    /// Keeps the table that has just come for the next start.
    fn keep(&self, worker: &Worker) {
        let (Some(keeping), Remote::Ready(table)) = (self.keeping.clone(), &self.table) else {
            return;
        };
        // With the authenticator in trouble, less may be shown than there is.
        if !table.is_complete || table.caution.is_some() {
            return;
        }
        let kept = KeptTable {
            targets: table.targets.clone(),
            lookups: table.lookups.as_ref().clone(),
            sheet: table.sheet.clone(),
            at: table.at.clone(),
        };
        worker.runtime.spawn_blocking(move || {
            let user = keeping.user.as_deref();
            if let Err(error) = keeping.tables.write(&keeping.server, user, &kept) {
                // It is only a convenience; the data are on the server.
                tracing::warn!(%error, "the table could not be kept for the next start");
            }
        });
    }

    pub(super) fn need_observations(
        &mut self,
        worker: &Worker,
        client: Client,
        target: &TargetKey,
    ) {
        let known = self.observations.get(target);
        if known.is_none_or(|load| !load.is_loading() && !matches!(load, Remote::Ready(_))) {
            self.ask_observations(worker, client, target);
        }
    }

    fn ask_observations(&mut self, worker: &Worker, client: Client, target: &TargetKey) {
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

    /// True when the answer of the lists has just come.
    pub(super) fn poll(&mut self, worker: &Worker) -> bool {
        let before = if self.table.is_loading() {
            self.private_targets()
        } else {
            Vec::new()
        };
        let mut has_counts = false;
        self.poll_hits();
        self.poll_search();
        if self.kept.poll()
            && let Some(Some(kept)) = self.kept.take_value()
            && self.table.value().is_none()
        {
            let sheet = kept.sheet.clone();
            prepare_on(worker, &sheet);
            self.table.give_old(kept);
            self.arriving.note_before(self.private_targets());
            self.set_sheet(Subject::Experiments, sheet);
        }
        let has_come = self.table.poll();
        if has_come {
            self.keep(worker);
            // A failure keeps the old table, and takes away what had come of a first one.
            let read = self.table.value().map(|table| table.sheet.clone());
            self.set_sheet(Subject::Experiments, read.unwrap_or_default());
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
        if self.hits.table.value().is_some_and(|hits| hits.is_complete) {
            // Those of all targets are known.
            self.count_hits();
            return;
        }
        let read = self.observations.iter().filter_map(|(key, load)| {
            // From a list that is not complete no one can count.
            let rows = &load.value().filter(|found| found.is_complete)?.rows;
            let of: Vec<ExperimentId> = rows.iter().filter_map(|row| row.experiment).collect();
            Some((key, of))
        });
        let joined = self.experiments_sheet().with_observations(read);
        self.set_sheet(Subject::Experiments, joined);
    }

    /// A sentence about what the last answer no longer showed.
    pub(super) fn take_warning(&mut self) -> Option<String> {
        self.warning.take()
    }

    /// The targets that not everybody sees.
    fn private_targets(&self) -> Vec<TargetKey> {
        let is_private = |target: &&Target| target.open == Some(false);
        let targets = self.targets().iter().filter(is_private);
        targets.map(|target| target.key.clone()).collect()
    }

    /// Runs a change of the view over the rows that are there.
    pub(super) fn change_view(&mut self, change: impl FnOnce(&mut TableView, &Sheet)) {
        change(&mut self.view, &self.sheet);
    }

    /// Why observations could not be read, as far as no one has been told yet.
    pub(super) fn take_problems_of_details(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.problems_of_details)
    }
}

/// What an answer left out that was there before: a membership that ended, or one that was forgotten.
fn no_longer_shown(before: &[TargetKey], now: &[TargetKey]) -> Option<String> {
    let gone: Vec<String> = before
        .iter()
        .filter(|key| !now.contains(key))
        .map(ToString::to_string)
        .collect();
    let (are, list) = (if gone.len() == 1 { "is" } else { "are" }, gone.join(", "));
    (!gone.is_empty()).then(|| {
        format!(
            "{list} {are} no longer shown to you by the server. If that is a surprise, the Status page says why."
        )
    })
}

/// Sorting and finding must not wait for what they need; anyone who comes first waits for this.
fn prepare_on(worker: &Worker, sheet: &Sheet) {
    let sheet = sheet.clone();
    worker.runtime.spawn_blocking(move || sheet.prepare());
}
