//! All hits of some targets: what the server says of observations, sites, tags, poses and compounds, in one table.

use std::collections::{BTreeMap, HashMap};

use crate::{
    api::{ApiResult, Client},
    model::{Compound, Lookups, MediaFile, Observation, RowId, Sites, Target, TargetKey},
    table::{Hits, Sheet, SheetBuilder, Subject, add_hits},
};

/// The table of hits, and what is missing from it.
#[derive(Clone, Debug, Default)]
pub struct HitsTable {
    /// The hits, one row each.
    pub sheet: Sheet,
    /// How many each target has.
    pub counts: HashMap<TargetKey, usize>,
    /// Whether the server sent all the rows that it announced.
    pub is_complete: bool,
    /// How many rows could not be read; they are not in the table.
    pub unreadable: usize,
    /// Where the ligand of a hit can be fetched, as a molfile or in an SDF.
    pub ligands: HashMap<RowId, MediaFile>,
    /// The kind of every tag in the table, in words: `Series`, `Forum`, `Crystal forms`.
    pub tag_kinds: BTreeMap<String, &'static str>,
    /// Names of the lists that the server does not offer; their columns are empty.
    pub not_offered: Vec<&'static str>,
}

/// What was read of one target.
struct TargetLists {
    observations: Vec<Observation>,
    sites: Sites,
    compounds: Vec<Compound>,
}

/// Reads the hits of all these targets. `experiments` are those of the same targets; `on_target` is called with the
/// number of targets read so far.
///
/// # Errors
/// The first list that cannot be read.
pub async fn read_hits(
    client: &Client,
    targets: Vec<Target>,
    experiments: Sheet,
    mut on_target: impl FnMut(usize),
) -> ApiResult<HitsTable> {
    let (mut read, mut table) = (Vec::new(), HitsTable::default());
    table.is_complete = true;
    for (place, target) in targets.iter().enumerate() {
        // Concurrently: none depends on another. On the heap: eight lists at once are a large future.
        let lists = async {
            tokio::try_join!(
                client.observations(target.id),
                client.sites(target.id),
                client.compounds(Some(target.id)),
            )
        };
        let (observations, sites, compounds) = Box::pin(lists).await?;
        table.is_complete &= observations.complete && !sites.is_incomplete;
        table.unreadable += observations.unreadable;
        if place == 0 {
            table.not_offered.clone_from(&sites.not_offered);
        }
        table.tag_kinds.extend(sites.tag_kinds());
        table
            .ligands
            .extend(observations.rows.iter().filter_map(|row| {
                let link = row.files.ligand_mol.get().or(row.files.ligand_sdf.get())?;
                Some((RowId(row.id.0), MediaFile::of_link(link)?))
            }));
        read.push(TargetLists {
            observations: observations.rows,
            sites,
            compounds: compounds.rows,
        });
        on_target(place + 1);
    }
    let built = tokio::task::spawn_blocking(move || build(targets, &read, &experiments));
    match built.await {
        Ok((sheet, unreadable)) => {
            table.unreadable += unreadable;
            table.counts = sheet.counts();
            table.sheet = sheet;
        }
        Err(error) => {
            tracing::error!(%error, "the table of hits could not be made");
            table.is_complete = false;
        }
    }
    Ok(table)
}

fn build(targets: Vec<Target>, read: &[TargetLists], experiments: &Sheet) -> (Sheet, usize) {
    let mut builder = SheetBuilder::of(Subject::Hits, targets);
    let mut unreadable = 0;
    for (place, of) in read.iter().enumerate() {
        builder.begin_target(place);
        unreadable += add_hits(
            &mut builder,
            &Hits {
                observations: &of.observations,
                sites: &of.sites,
                compounds: &of.compounds,
                experiments,
            },
        );
    }
    (builder.finish(&Lookups::default()), unreadable)
}
