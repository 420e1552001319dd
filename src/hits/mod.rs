//! All hits of some targets: what the server says of observations, sites, tags, poses and compounds, in one table.

mod experiments;

pub use experiments::read_experiments;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tokio::sync::mpsc;

use crate::{
    api::{ApiError, ApiResult, Client, ListAnswer},
    model::{
        Compound, MediaFile, Observation, Problem, RowId, Shortfall, Shortfalls, Sites, Target,
        TargetId, TargetKey,
    },
    table::{Hits, HitsBuilder, Sheet},
};

/// The table of hits, and what is missing from it.
#[derive(Clone, Debug, Default)]
pub struct HitsTable {
    /// The hits, one row each.
    pub sheet: Sheet,
    /// How many each target has.
    pub counts: HashMap<TargetKey, usize>,
    /// Targets of which observations or sites are missing.
    pub incomplete_targets: BTreeSet<TargetId>,
    /// Whether the server sent all observations that it announced, so that they can be counted.
    pub has_all_observations: bool,
    /// What is missing from the lists of observations and sites.
    pub shortfalls: Shortfalls,
    /// What is missing from the lists of compounds; some cells of their columns are empty.
    pub compounds_shortfalls: Shortfalls,
    /// Where the ligand of a hit can be fetched, as a molfile or in an SDF.
    pub ligands: HashMap<RowId, MediaFile>,
    /// The kind of every tag in the table, in words: `Series`, `Forum`, `Crystal forms`.
    pub tag_kinds: BTreeMap<String, &'static str>,
    /// Names of the lists that the server does not offer; their columns are empty.
    pub not_offered: Vec<&'static str>,
}

impl HitsTable {
    /// Returns a sentence about what is missing from the hits of a target, or of all if `None` is given; `None` if nothing
    /// is.
    pub fn shortfall(&self, target: Option<&TargetKey>) -> Option<String> {
        let missing = self.shortfalls.of(target).text();
        let compounds = self.compounds_shortfalls.of(target);
        let of_compounds = || {
            let sentence = "The server’s list of compounds could not be read completely, so some names and properties of compounds may be missing.";
            (!compounds.is_none()).then(|| sentence.to_owned())
        };
        missing
            .or_else(|| compounds.text().filter(|_| !compounds.unread.is_empty()))
            .or_else(of_compounds)
    }
}

/// The lists read for one target.
struct TargetLists {
    /// Whether the observations could be read.
    is_read: bool,
    observations: Vec<Observation>,
    sites: Sites,
    compounds: Vec<Compound>,
}

/// Maximum number of targets whose lists wait for the builder; more would only use memory.
const WAITING: usize = 2;

/// Reads the hits of all these targets. `experiments` are those of the same targets; `on_target` is called with the
/// number of targets read so far. While one target is read, the rows of the one before are made on another thread.
///
/// # Errors
/// What concerns every list, such as a session that has ended, and if the observations of no target can be read.
pub async fn read_hits(
    client: &Client,
    targets: Vec<Target>,
    experiments: Sheet,
    mut on_target: impl FnMut(usize),
) -> Result<HitsTable, Problem> {
    let mut table = HitsTable {
        has_all_observations: true,
        ..HitsTable::default()
    };
    let asked: Vec<(TargetId, TargetKey)> = targets
        .iter()
        .map(|target| (target.id, target.key.clone()))
        .collect();
    let mut failed = 0;
    let (sender, lists) = mpsc::channel(WAITING);
    let built = tokio::task::spawn_blocking(move || build(targets, lists, &experiments));
    let count = asked.len();
    for (place, (target, key)) in asked.into_iter().enumerate() {
        // On the heap: eight lists at once are a large future.
        let lists = Box::pin(read_target(client, target, &key, &mut table)).await?;
        failed += usize::from(!lists.is_read);
        if place == 0 {
            table.not_offered.clone_from(&lists.sites.not_offered);
        }
        // A builder that has ended is reported below.
        sender.send(lists).await.ok();
        on_target(place + 1);
    }
    drop(sender);
    if failed == count
        && let Some(problem) = table.shortfalls.of(None).problem_of_all(count)
    {
        return Err(problem);
    }
    match built.await {
        Ok((sheet, unreadable)) => {
            table.shortfalls.general.add_read(true, unreadable);
            table.counts = sheet.counts();
            table.sheet = sheet;
        }
        Err(error) => {
            tracing::error!(%error, "the table of hits could not be built");
            table.has_all_observations = false;
            table.shortfalls.general.add_read(false, 0);
        }
    }
    Ok(table)
}

/// Reads the lists of one target, and adds to the table what does not depend on its rows.
async fn read_target(
    client: &Client,
    target: TargetId,
    key: &TargetKey,
    table: &mut HitsTable,
) -> Result<TargetLists, Problem> {
    // Concurrently: none depends on another.
    let (observations, sites, compounds) = tokio::join!(
        client.observations(target),
        client.sites(target),
        client.compounds(Some(target)),
    );
    let is_whole = observations.as_ref().is_ok_and(|list| list.complete);
    let is_read = observations.is_ok();
    table.has_all_observations &= is_whole;
    let name = key.to_string();
    let mut shortfall = Shortfall::default();
    let list = format!("observations of {name}");
    let observations = rows_of(list, observations, &mut shortfall)?;
    // One that could not be read at all has no missing rows as well.
    shortfall.add_read(observations.complete, observations.unreadable);
    let mut sites = sites?;
    if !is_whole || !sites.shortfall.is_none() {
        table.incomplete_targets.insert(target);
    }
    // Without observations, nothing else of the target is missed.
    if is_read {
        shortfall.add_of(&name, &sites.shortfall);
    }
    table.shortfalls.add_of_target(key, shortfall);
    if !is_read {
        table.shortfalls.add_unread_target(key);
    }
    let compounds = match compounds {
        Err(ApiError::NotOffered | ApiError::NotFound { .. }) => {
            sites.not_offered.push("compounds");
            Ok(nothing())
        }
        compounds => compounds,
    };
    let mut missing = Shortfall::default();
    let compounds = rows_of(format!("compounds of {name}"), compounds, &mut missing)?;
    missing.add_read(compounds.complete, compounds.unreadable);
    table.compounds_shortfalls.add_of_target(key, missing);
    table.tag_kinds.extend(sites.tag_kinds());
    let ligands = observations.rows.iter().filter_map(|row| {
        let link = row.files.ligand_mol.get().or(row.files.ligand_sdf.get())?;
        Some((RowId(row.id.0), MediaFile::of_link(link)?))
    });
    table.ligands.extend(ligands);
    Ok(TargetLists {
        is_read,
        observations: observations.rows,
        sites,
        compounds: compounds.rows,
    })
}

/// Returns a list, or an empty one in place of one that cannot be read.
fn rows_of<T>(
    name: String,
    answer: ApiResult<ListAnswer<T>>,
    shortfall: &mut Shortfall,
) -> Result<ListAnswer<T>, Problem> {
    match answer {
        Ok(answer) => Ok(answer),
        Err(error) => {
            shortfall.add_unread(name, error.problem())?;
            Ok(nothing())
        }
    }
}

/// Returns the rows of a list that there is not.
fn nothing<T>() -> ListAnswer<T> {
    ListAnswer {
        rows: Vec::new(),
        complete: true,
        unreadable: 0,
    }
}

/// Makes the rows of the targets in their order, as their lists arrive. Returns how many could not be built.
fn build(
    targets: Vec<Target>,
    mut lists: mpsc::Receiver<TargetLists>,
    experiments: &Sheet,
) -> (Sheet, usize) {
    let mut builder = HitsBuilder::new(targets, experiments);
    let mut place = 0;
    while let Some(of) = lists.blocking_recv() {
        let hits = Hits {
            observations: &of.observations,
            sites: &of.sites,
            compounds: &of.compounds,
        };
        builder.add(place, &hits);
        place += 1;
    }
    builder.finish()
}
