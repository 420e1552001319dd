//! Loads the targets and their experiments, and shows what has arrived so far.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{
    api::Client,
    hits::read_experiments,
    model::{ErrorKind, Lookups, Ping, Problem, RowSink as _, Shortfalls, Target, TargetKey},
    table::{Sheet, SheetBuilder},
};

/// Number of rows between two progress updates.
const ROWS_PER_REPORT: usize = 500;
/// Factor by which the rows must grow before they are shown again, because showing them costs a copy.
const SHOW_AT: usize = 3;

/// The part of an answer that has arrived so far.
#[derive(Clone, Default)]
pub(super) struct PartialTable {
    pub(super) received: Arc<AtomicUsize>,
    newest: Arc<Mutex<Option<Sheet>>>,
    /// The private targets that were shown before; they may become known while the answer is arriving.
    before: Arc<Mutex<Vec<TargetKey>>>,
}

/// Returns why private targets may be missing: the authenticator cannot reach its database, and then no user is a
/// member of anything (server-api 1.4).
async fn authenticator_trouble(client: &Client) -> Option<String> {
    let is_in_trouble = if let Ok(info) = client.user().await {
        info.ping.is_some_and(|ping| ping != Ping::Ok)
    } else {
        // Older servers do not report the ping; some report their services.
        let services = client.services().await.ok()?;
        services.iter().any(|service| {
            service.id == "ispyb" && matches!(service.state.or_empty(), "ERROR" | "DEGRADED")
        })
    };
    is_in_trouble.then(|| {
        "The authenticator is not OK, so the server may leave out targets that you have access to"
            .to_owned()
    })
}

impl PartialTable {
    /// Records which private targets were shown before.
    pub(super) fn note_before(&self, targets: Vec<TargetKey>) {
        *self.before.lock().unwrap_or_else(PoisonError::into_inner) = targets;
    }

    fn shown_before(&self) -> Vec<TargetKey> {
        let before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        before.clone()
    }

    /// Takes the newest rows, if there are new ones.
    pub(super) fn take(&self) -> Option<Sheet> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.take()
    }
}

/// Periodically shows the user what has arrived.
pub(super) struct ProgressReporter {
    pub(super) arriving: PartialTable,
    /// The number of rows at which to report next.
    pub(super) next: usize,
    pub(super) waker: Arc<dyn Fn() + Send + Sync>,
    /// The fields by which the window will sort the rows.
    pub(super) sorted_by: Vec<String>,
}

impl ProgressReporter {
    fn tell(&mut self, builder: &SheetBuilder, lookups: &Lookups) {
        let count = builder.rows();
        let before = self.arriving.received.swap(count, Ordering::Relaxed);
        if count >= self.next {
            let newest = builder.snapshot(lookups);
            newest.prepare_sorting(&self.sorted_by);
            let mut slot = self
                .arriving
                .newest
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *slot = Some(newest);
            self.next = (count * SHOW_AT).max(ROWS_PER_REPORT);
        } else if before / ROWS_PER_REPORT == count / ROWS_PER_REPORT {
            return;
        }
        (self.waker)();
    }
}

/// Prepares the table for the current sort order and, in the background, for searching.
async fn prepare(sheet: Sheet, sorted_by: Vec<String>) {
    let sorting = tokio::task::spawn_blocking(move || {
        sheet.prepare_sorting(&sorted_by);
        sheet
    });
    if let Ok(sheet) = sorting.await {
        // The search index may take longer; an earlier search waits for it.
        tokio::task::spawn_blocking(move || sheet.prepare());
    }
}

/// Loads everything that the user may see.
pub(super) async fn read(
    client: Client,
    telling: &mut ProgressReporter,
    clock: fn() -> jiff::Zoned,
) -> Result<Table, Problem> {
    let targets = client.targets().await.map_err(|error| error.problem())?;
    let (lookups, general) = client.lookups().await?;
    let mut shortfalls = Shortfalls::new(general);
    let mut builder = SheetBuilder::new(targets.rows.clone());
    shortfalls
        .general
        .add_read(targets.complete, targets.unreadable);
    read_experiments(
        &client,
        &targets.rows,
        &mut builder,
        &mut shortfalls,
        |builder| {
            telling.tell(builder, &lookups);
        },
    )
    .await?;
    let caution = if client.has_token() {
        authenticator_trouble(&client).await
    } else {
        None
    };
    client.still_signed_in().await?;
    let before = telling.arriving.shown_before();
    let shows = |key: &TargetKey| targets.rows.iter().any(|target| target.key == *key);
    if let Some(caution) = &caution
        && !before.iter().all(shows)
    {
        // Fewer targets than before, for a reason that has nothing to do with the user.
        return Err(Problem::new(ErrorKind::Busy, caution.clone()));
    }
    let sheet = builder.finish(&lookups);
    tracing::info!(
        rows = sheet.len(),
        is_complete = shortfalls.is_none(),
        "the experiments have been read"
    );
    prepare(sheet.clone(), std::mem::take(&mut telling.sorted_by)).await;
    Ok(Table {
        shortfalls,
        targets: targets.rows,
        counts: sheet.counts(),
        sheet,
        caution,
        at: clock(),
        is_kept: false,
        lookups: Arc::new(lookups),
    })
}

/// Everything that the user may see, loaded at one time.
pub struct Table {
    /// The targets, by title and target access string.
    pub targets: Vec<Target>,
    /// All their experiments.
    pub sheet: Sheet,
    /// How many experiments each target has.
    pub counts: HashMap<TargetKey, usize>,
    /// What is missing from it.
    pub shortfalls: Shortfalls,
    /// Why private targets may be missing although the session is valid.
    pub caution: Option<String>,
    /// When the last answer arrived.
    pub at: jiff::Zoned,
    /// Whether it was saved on this computer by an earlier run.
    pub is_kept: bool,
    pub(super) lookups: Arc<Lookups>,
}
