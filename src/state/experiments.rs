//! The targets and their experiments, and what of them is shown.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{Load, Worker};
use crate::{
    api::Client,
    model::{ErrorKind, ExperimentId, Observation, Ping, Problem, RowSink as _, Target, TargetKey},
    table::{CompoundNames, Compounds, Layout, Sheet, SheetBuilder, TableView},
};

/// Every so many rows the window shows the new count.
const TELL_EVERY: usize = 500;
/// The rows so far are shown anew when they have become so many times as many: to show them costs a copy.
const SHOW_AT: usize = 3;

/// Everything that one may see, read at one time.
pub struct Table {
    /// The targets, by title and target access string.
    pub targets: Vec<Target>,
    /// All their experiments.
    pub sheet: Sheet,
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

/// What has come so far of an answer that is still on its way.
#[derive(Clone, Default)]
struct Arriving {
    received: Arc<AtomicUsize>,
    newest: Arc<Mutex<Option<Sheet>>>,
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
    /// The rows that are shown: the last answer's, or what has come so far of the first one.
    sheet: Sheet,
    arriving: Arriving,
    warning: Option<String>,
    problems_of_details: Vec<Problem>,
}

impl Experiments {
    /// Nothing yet, to be shown as the table was shown last.
    pub(super) fn shown_as(layout: Option<&Layout>) -> Self {
        let mut experiments = Self::default();
        if let Some(layout) = layout {
            experiments.view.begin_with(layout.clone().mended());
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

    /// Whether the rows are those of an answer that is still on its way.
    pub fn is_partial(&self) -> bool {
        self.table.value().is_none()
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
        self.arriving = Arriving::default();
        let before = self.private_targets();
        let mut telling = Telling {
            arriving: self.arriving.clone(),
            // With a table on screen nobody wants to see a shorter one.
            next: if self.table.value().is_none() {
                1
            } else {
                usize::MAX
            },
            waker: Arc::clone(&worker.waker),
        };
        self.table.start(worker, async move {
            read(client, &mut telling, clock, &before).await
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
            // A failure keeps the old table, and takes away what had come of a first one.
            let read = self.table.value().map(|table| table.sheet.clone());
            self.sheet = read.unwrap_or_default();
            self.view.show(&self.sheet);
            if matches!(self.table, Load::Ready(_)) {
                self.warning = no_longer_shown(&before, &self.private_targets());
            }
        } else if let Some(newest) = self.arriving.take() {
            self.sheet = newest;
            self.view.show(&self.sheet);
        }
        let mut has_counts = false;
        for load in self.observations.values_mut() {
            if load.poll() {
                self.problems_of_details.extend(load.problem().cloned());
                has_counts |= matches!(load, Load::Ready(_));
            }
        }
        if has_counts {
            self.join_observations();
        }
        has_come
    }

    /// Counts the observations of each experiment, as far as they are known.
    fn join_observations(&mut self) {
        let read = self.observations.iter().filter_map(|(key, load)| {
            let rows = &load.value()?.rows;
            let of: Vec<ExperimentId> = rows.iter().filter_map(|row| row.experiment).collect();
            Some((key, of))
        });
        self.sheet = self.sheet.with_observations(read);
        self.view.show(&self.sheet);
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

impl Arriving {
    fn take(&self) -> Option<Sheet> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.take()
    }
}

/// Shows the window now and then what has come.
struct Telling {
    arriving: Arriving,
    /// With so many rows the next time.
    next: usize,
    waker: Arc<dyn Fn() + Send + Sync>,
}

impl Telling {
    fn tell(&mut self, builder: &SheetBuilder, compounds: &Compounds) {
        let count = builder.rows();
        let before = self.arriving.received.swap(count, Ordering::Relaxed);
        if count >= self.next {
            let newest = builder.so_far(compounds);
            let mut slot = self
                .arriving
                .newest
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *slot = Some(newest);
            self.next = (count * SHOW_AT).max(TELL_EVERY);
        } else if before / TELL_EVERY == count / TELL_EVERY {
            return;
        }
        (self.waker)();
    }
}

async fn read(
    client: Client,
    telling: &mut Telling,
    clock: fn() -> jiff::Zoned,
    before: &[TargetKey],
) -> Result<Table, Problem> {
    let targets = client.targets().await.map_err(|error| error.problem())?;
    let compounds = compounds(&client).await;
    let mut builder = SheetBuilder::new(targets.rows.clone());
    let mut is_complete = targets.complete;
    for (place, target) in targets.rows.iter().enumerate() {
        builder.begin_target(place);
        let received = client
            .experiments(Some(target.id), &mut builder, |builder, _| {
                telling.tell(builder, &compounds);
            })
            .await
            .map_err(|error| error.problem())?;
        is_complete &= received.complete;
    }
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
    let sheet = builder.finish(&compounds);
    prepare(&sheet);
    Ok(Table {
        is_complete,
        targets: targets.rows,
        counts: sheet.counts(),
        sheet,
        caution,
        at: clock(),
    })
}

/// Sorting and finding must not wait for what they need; whoever comes first waits for this.
fn prepare(sheet: &Sheet) {
    let sheet = sheet.clone();
    tokio::task::spawn_blocking(move || sheet.prepare());
}

/// Names and structures of compounds. Only words in two columns: a server without them still has a table.
async fn compounds(client: &Client) -> Compounds {
    match client.compounds(None).await {
        Ok(answer) => Compounds(
            answer
                .rows
                .iter()
                .map(|compound| (compound.id.0, CompoundNames::of(compound)))
                .collect(),
        ),
        Err(error) => {
            tracing::warn!(%error, "the names of the compounds could not be read");
            Compounds::default()
        }
    }
}
