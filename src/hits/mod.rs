//! All hits of some targets: what the server says of observations, sites, tags, poses and compounds, in one table.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tokio::sync::mpsc;

use crate::{
    api::{ApiResult, Client},
    model::{
        Compound, MediaFile, Observation, RowId, Sites, Target, TargetId, TargetKey, missing_rows,
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
    /// Whether the server sent all observations and sites that it announced.
    pub is_complete: bool,
    /// Targets of which observations or sites are missing.
    pub incomplete_targets: BTreeSet<TargetId>,
    /// Whether the lists of compounds were read completely; otherwise some cells of their columns are empty.
    pub has_all_compounds: bool,
    /// How many rows could not be read; they are not in the table.
    pub unreadable: usize,
    /// Where the ligand of a hit can be fetched, as a molfile or in an SDF.
    pub ligands: HashMap<RowId, MediaFile>,
    /// The kind of every tag in the table, in words: `Series`, `Forum`, `Crystal forms`.
    pub tag_kinds: BTreeMap<String, &'static str>,
    /// Names of the lists that the server does not offer; their columns are empty.
    pub not_offered: Vec<&'static str>,
}

impl HitsTable {
    /// Returns a sentence about what is missing; `None` if nothing is.
    pub fn shortfall(&self) -> Option<String> {
        let of_compounds = || {
            let sentence = "The server’s list of compounds could not be read completely, so some names and properties of compounds may be missing.";
            (!self.has_all_compounds).then(|| sentence.to_owned())
        };
        missing_rows(self.is_complete, self.unreadable).or_else(of_compounds)
    }
}

/// The lists read for one target.
struct TargetLists {
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
/// The first list that cannot be read.
pub async fn read_hits(
    client: &Client,
    targets: Vec<Target>,
    experiments: Sheet,
    mut on_target: impl FnMut(usize),
) -> ApiResult<HitsTable> {
    let mut table = HitsTable {
        is_complete: true,
        has_all_compounds: true,
        ..HitsTable::default()
    };
    let ids: Vec<TargetId> = targets.iter().map(|target| target.id).collect();
    let (sender, lists) = mpsc::channel(WAITING);
    let built = tokio::task::spawn_blocking(move || build(targets, lists, &experiments));
    for (place, target) in ids.into_iter().enumerate() {
        // On the heap: eight lists at once are a large future.
        let lists = Box::pin(read_target(client, target, &mut table)).await?;
        if place == 0 {
            table.not_offered.clone_from(&lists.sites.not_offered);
        }
        // A builder that has ended is reported below.
        sender.send(lists).await.ok();
        on_target(place + 1);
    }
    drop(sender);
    match built.await {
        Ok((sheet, unreadable)) => {
            table.unreadable += unreadable;
            table.counts = sheet.counts();
            table.sheet = sheet;
        }
        Err(error) => {
            tracing::error!(%error, "the table of hits could not be built");
            table.is_complete = false;
        }
    }
    Ok(table)
}

/// Reads the lists of one target, and adds to the table what does not depend on its rows.
async fn read_target(
    client: &Client,
    target: TargetId,
    table: &mut HitsTable,
) -> ApiResult<TargetLists> {
    // Concurrently: none depends on another.
    let (observations, sites, compounds) = tokio::try_join!(
        client.observations(target),
        client.sites(target),
        client.compounds(Some(target)),
    )?;
    if !observations.complete || sites.is_incomplete {
        table.is_complete = false;
        table.incomplete_targets.insert(target);
    }
    table.has_all_compounds &= compounds.complete;
    table.unreadable += observations.unreadable;
    table.tag_kinds.extend(sites.tag_kinds());
    let ligands = observations.rows.iter().filter_map(|row| {
        let link = row.files.ligand_mol.get().or(row.files.ligand_sdf.get())?;
        Some((RowId(row.id.0), MediaFile::of_link(link)?))
    });
    table.ligands.extend(ligands);
    Ok(TargetLists {
        observations: observations.rows,
        sites,
        compounds: compounds.rows,
    })
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
