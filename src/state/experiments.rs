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
    api::Client,
    model::{CompoundId, ErrorKind, Observation, Ping, Problem, Target, TargetKey},
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
    /// Why private targets may be missing although the session is good.
    pub caution: Option<String>,
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
    warning: Option<String>,
    problems_of_details: Vec<Problem>,
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
        let before = self.private_targets();
        self.table.start(worker, async move {
            read(client, on_progress, clock, &before).await
        });
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
            client.still_signed_in().await?;
            Ok(Observations {
                rows: answer.rows,
                is_complete: answer.complete,
            })
        });
    }

    /// True when the answer of the lists has just come.
    pub(super) fn poll(&mut self) -> bool {
        let before = if self.table.is_loading() {
            self.private_targets()
        } else {
            Vec::new()
        };
        let has_come = self.table.poll();
        if has_come {
            let rows = self.table.value().map_or(&[][..], |table| &table.rows);
            self.view.show(rows);
            if matches!(self.table, Load::Ready(_)) {
                self.warning = no_longer_shown(&before, &self.private_targets());
            }
        }
        for load in self.observations.values_mut() {
            if load.poll() {
                self.problems_of_details.extend(load.problem().cloned());
            }
        }
        has_come
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
    pub(super) fn change_view(&mut self, change: impl FnOnce(&mut TableView, &[Row])) {
        let rows = self.table.value().map_or(&[][..], |table| &table.rows);
        change(&mut self.view, rows);
    }

    /// Why observations could not be read, as far as nobody has been told yet.
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

/// Why private targets may be missing: the authenticator does not reach its database, and then nobody is a
/// member of anything (server-api 1.4).
async fn authenticator_trouble(client: &Client) -> Option<String> {
    let is_in_trouble = if let Ok(info) = client.user().await {
        info.ping.is_some_and(|ping| ping != Ping::Ok)
    } else {
        // Older servers do not speak of the ping; some show their services.
        let services = client.services().await.ok()?;
        services.iter().any(|service| {
            service.id == "ispyb" && matches!(service.state.or_empty(), "ERROR" | "DEGRADED")
        })
    };
    is_in_trouble.then(|| {
        "The authenticator is not OK, so the server may leave out targets that you may see"
            .to_owned()
    })
}

async fn read(
    client: Client,
    on_progress: impl FnMut(usize),
    clock: fn() -> jiff::Zoned,
    before: &[TargetKey],
) -> Result<Table, Problem> {
    let targets = client.targets().await.map_err(|error| error.problem())?;
    let ids: Vec<_> = targets.rows.iter().map(|target| target.id).collect();
    let experiments = client
        .experiments_of(&ids, on_progress)
        .await
        .map_err(|error| error.problem())?;
    let compounds = names(&client).await;
    let caution = if client.has_token() {
        authenticator_trouble(&client).await
    } else {
        None
    };
    client.still_signed_in().await?;
    let shows = |key: &TargetKey| targets.rows.iter().any(|target| target.key == *key);
    if let Some(caution) = &caution
        && !before.iter().all(shows)
    {
        // Fewer targets than before, and a reason that has nothing to do with the user.
        return Err(Problem {
            kind: ErrorKind::Busy,
            message: caution.clone(),
        });
    }
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
        caution,
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
