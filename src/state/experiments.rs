//! The targets and their experiments, and what of them is shown.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{Load, Worker};
use crate::{
    api::{Client, SessionState},
    model::{CompoundId, ErrorKind, Observation, Problem, Target, TargetKey},
    table::{Row, TableView},
};

/// Every so many rows the window shows the new count.
const TELL_EVERY: usize = 500;

/// Everything that one may see, read at one time.
pub struct Table {
    /// The targets, by title and target access string.
    pub targets: Vec<Target>,
    /// All their experiments.
    pub rows: Vec<Row>,
    /// How many experiments each target has.
    pub counts: HashMap<TargetKey, usize>,
    /// Whether the server sent all it had promised.
    pub is_complete: bool,
    /// When the last answer came.
    pub at: jiff::Zoned,
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
    pub table: Load<Table>,
    /// What of it is shown.
    pub view: TableView,
    /// Observations of the targets that somebody asked about.
    pub observations: BTreeMap<TargetKey, Load<Observations>>,
    received: Arc<AtomicUsize>,
}

impl Experiments {
    /// How many experiments of the present answer have come so far.
    pub fn received(&self) -> usize {
        self.received.load(Ordering::Relaxed)
    }

    /// The rows that were read.
    pub fn rows(&self) -> &[Row] {
        self.table.value().map_or(&[], |table| &table.rows)
    }

    /// The targets that were read.
    pub fn targets(&self) -> &[Target] {
        self.table.value().map_or(&[], |table| &table.targets)
    }

    /// The observations of a target, if somebody asked.
    pub fn observations_of(&self, target: &TargetKey) -> Option<&Load<Observations>> {
        self.observations.get(target)
    }

    pub(super) fn refresh(&mut self, worker: &Worker, client: Client, clock: fn() -> jiff::Zoned) {
        self.received = Arc::default();
        let (received, waker) = (Arc::clone(&self.received), Arc::clone(&worker.waker));
        let on_progress = move |count: usize| {
            let before = received.swap(count, Ordering::Relaxed);
            if before / TELL_EVERY != count / TELL_EVERY {
                waker();
            }
        };
        self.table.start(
            worker,
            async move { read(client, on_progress, clock).await },
        );
        // What hangs on the targets is asked for again when it is needed.
        self.observations.clear();
    }

    pub(super) fn need_observations(
        &mut self,
        worker: &Worker,
        client: Client,
        target: &TargetKey,
    ) {
        let Some(id) = self
            .targets()
            .iter()
            .find(|known| known.key == *target)
            .map(|known| known.id)
        else {
            return;
        };
        let load = self.observations.entry(target.clone()).or_default();
        if load.is_loading() || matches!(load, Load::Ready(_)) {
            return;
        }
        load.start(worker, async move {
            let answer = client
                .observations(id)
                .await
                .map_err(|error| error.problem())?;
            still_signed_in(&client).await?;
            Ok(Observations {
                rows: answer.rows,
                is_complete: answer.complete,
            })
        });
    }

    pub(super) fn poll(&mut self) {
        if self.table.poll() {
            let rows = self.table.value().map_or(&[][..], |table| &table.rows);
            self.view.show(rows);
        }
        for load in self.observations.values_mut() {
            load.poll();
        }
    }

    /// Runs a change of the view over the rows that are there.
    pub(super) fn change_view(&mut self, change: impl FnOnce(&mut TableView, &[Row])) {
        let rows = self.table.value().map_or(&[][..], |table| &table.rows);
        change(&mut self.view, rows);
    }

    /// Why one of the lists could not be read.
    pub(super) fn problems(&self) -> impl Iterator<Item = &Problem> {
        let of_lists = self.observations.values().filter_map(Load::problem);
        self.table.problem().into_iter().chain(of_lists)
    }
}

async fn read(
    client: Client,
    on_progress: impl FnMut(usize),
    clock: fn() -> jiff::Zoned,
) -> Result<Table, Problem> {
    let targets = client.targets().await.map_err(|error| error.problem())?;
    let ids: Vec<_> = targets.rows.iter().map(|target| target.id).collect();
    let experiments = client
        .experiments_of(&ids, on_progress)
        .await
        .map_err(|error| error.problem())?;
    let compounds = names(&client).await;
    still_signed_in(&client).await?;
    // A server that sends an experiment under two targets would not harm: the place says which.
    let mut counts = HashMap::new();
    let rows: Vec<Row> = experiments
        .rows
        .into_iter()
        .filter_map(|(place, experiment)| {
            let key = targets.rows.get(place)?.key.clone();
            *counts.entry(key.clone()).or_default() += 1;
            Some(Row::new(experiment, key, &compounds))
        })
        .collect();
    Ok(Table {
        is_complete: targets.complete && experiments.complete && experiments.unreadable == 0,
        targets: targets.rows,
        rows,
        counts,
        at: clock(),
    })
}

/// Names of compounds. Only words in one column: a server without them still has a table.
async fn names(client: &Client) -> HashMap<CompoundId, String> {
    match client.compounds(None).await {
        Ok(answer) => answer
            .rows
            .iter()
            .filter_map(|compound| Some((compound.id, compound.name()?.to_owned())))
            .collect(),
        Err(error) => {
            tracing::warn!(%error, "the names of the compounds could not be read");
            HashMap::new()
        }
    }
}

/// An answer counts as the user's own only if a check begun after it still says so: a session that died
/// on the way gives fewer rows without a word.
async fn still_signed_in(client: &Client) -> Result<(), Problem> {
    if !client.has_token() {
        return Ok(());
    }
    let check = client.check_session(true).await;
    match (check.state, check.problem) {
        (SessionState::SignedIn, _) => Ok(()),
        (_, Some(problem)) => Err(problem),
        (_, None) => Err(Problem {
            kind: ErrorKind::Expired,
            message: "The server no longer says who you are".to_owned(),
        }),
    }
}
