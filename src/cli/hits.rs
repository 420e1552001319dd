//! `hits`: the observations, one row each: ligands seen bound, with the codes that `download` accepts.

use serde_json::{Value, json};

use super::{
    args::{Cli, HitsArgs},
    connect::{Connection, TokenSource, connect},
    console::{Console, Exit, Failure},
    download::Records,
    experiments::{
        check_outputs, chosen_targets, exit_with, load_experiments, place_of, sort_keys,
        uses_notes, with_notes,
    },
    paths::{output, output_file},
    sdf::save_sdf,
    tables,
};
use crate::{
    chemistry::{Query, SearchResult, Structure},
    hits::{HitsTable, read_hits},
    model::{Lookups, PastedCodes, Shortfall, Target, plural, without_invisible},
    table::{Extract, Filter, NOTE, STAR, Sheet, sort_rows},
};

/// Columns of the plain table.
const SHOWN: [&str; 9] = [
    "code",
    "target",
    "tas",
    "site",
    "pose",
    "compound_code",
    "refinement_resolution",
    "tags",
    "smiles",
];

/// Default minimum similarity at which a molecule counts as similar.
const DEFAULT_SIMILARITY: f64 = 0.5;

pub(super) async fn run(
    cli: &Cli,
    args: &HitsArgs,
    token: TokenSource,
    noting: &Records<'_>,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let wanted = HitFilter::read(args)?;
    check_outputs(&[&args.csv, &args.xlsx, &args.sdf], printed(args))?;
    let connection = connect(cli, token, None, console).await?;
    let (targets, mut shortfall) = chosen_targets(
        &connection.client,
        args.target.as_deref(),
        args.tas.as_deref(),
    )
    .await?;
    let hits = load(&connection, targets, &mut shortfall, console).await?;
    connection.client.still_signed_in().await?;
    let (sheet, has_notes) = with_notes(&hits.sheet, &connection, noting, console);
    let lacks_notes = !has_notes && uses_notes(args.conditions.iter().chain(&args.sort));
    console.notes(shortfall.sentences());
    let filters: Vec<Filter> = args
        .conditions
        .iter()
        .map(|text| Filter::parse(text, sheet.columns()))
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::Usage(format!("{error}.")))?;
    let keys = sort_keys(&args.sort, &sheet)?;
    console.notes(wanted.unknown(&sheet));
    let (rows, undecided) = wanted.rows(&sheet, &filters);
    if undecided > 0 {
        let hits = plural(undecided, "hit", "hits");
        console.note(&format!(
            "Left out {hits}: the substructure search took too long."
        ));
    }
    let extract = Extract {
        rows: sort_rows(&sheet, &keys, rows),
        columns: columns(&sheet),
        sheet,
    };
    // The tables first: one ligand that cannot be fetched is no reason to lose them.
    print(&connection, args, &extract, console)?;
    let Some(path) = &args.sdf else {
        return Ok(exit_with(&shortfall, lacks_notes));
    };
    let client = &connection.client;
    let path = output_file(path)?;
    let has_all = save_sdf(console, client, &path, &extract, &hits).await?;
    Ok(exit_with(&shortfall, lacks_notes || !has_all))
}

/// Returns the option that prints something other than a table.
fn printed(args: &HitsArgs) -> Option<&'static str> {
    match (args.codes_only, args.json) {
        (true, _) => Some("--codes-only"),
        (false, true) => Some("--json"),
        (false, false) => None,
    }
}

/// Returns all columns except the user's own stars and notes; a condition can still name those.
fn columns(sheet: &Sheet) -> Vec<usize> {
    let own = [STAR, NOTE].map(|field| sheet.place(field));
    let columns = (0..sheet.columns().len()).filter(|place| !own.contains(&Some(*place)));
    columns.collect()
}

/// Loads the hits of all targets, and prints what the server does not offer.
async fn load(
    connection: &Connection,
    targets: Vec<Target>,
    shortfall: &mut Shortfall,
    console: &mut Console,
) -> Result<HitsTable, Failure> {
    let client = &connection.client;
    let experiments = load_experiments(client, &targets, shortfall).await?;
    let experiments = experiments.finish(&Lookups::default());
    let hits = read_hits(client, targets, experiments, |_| {}).await?;
    if !hits.not_offered.is_empty() {
        let lists = hits.not_offered.join(", ");
        console.note(&format!(
            "This server has no lists of {lists}; those columns are empty."
        ));
    }
    shortfall.add(hits.shortfalls.of(None));
    shortfall.add(hits.compounds_shortfalls.of(None));
    Ok(hits)
}

/// Filters that are not conditions on a column.
struct HitFilter<'a> {
    args: &'a HitsArgs,
    part: Option<Query>,
    like: Option<(Structure, f64)>,
}

impl<'a> HitFilter<'a> {
    fn read(args: &'a HitsArgs) -> Result<Self, Failure> {
        let usage = |error: String| Failure::Usage(format!("{error}."));
        let part = match (&args.smarts, &args.smiles) {
            (Some(text), _) => {
                Some(Query::from_smarts(text).map_err(|error| usage(error.to_string()))?)
            }
            (None, Some(text)) => {
                Some(Query::from_smiles(text).map_err(|error| usage(error.to_string()))?)
            }
            (None, None) => None,
        };
        let like = match &args.like {
            Some(text) => Some(like(text)?),
            None => None,
        };
        Ok(Self { args, part, like })
    }

    /// Returns the rows that match, and how many could not be decided.
    fn rows(&self, sheet: &Sheet, filters: &[Filter]) -> (Vec<u32>, usize) {
        let smiles = sheet.place("smiles");
        let meant = self
            .like
            .as_ref()
            .and_then(|(structure, _)| structure.fingerprint());
        let mut undecided = 0;
        let mut passes = |row: usize| {
            let is_chosen = self.is_chosen(sheet, row)
                && filters.iter().all(|filter| filter.passes(sheet, row));
            if !is_chosen || (self.part.is_none() && self.like.is_none()) {
                return is_chosen;
            }
            let structure = smiles
                .and_then(|place| sheet.raw(place, row))
                .and_then(|smiles| Structure::read(smiles).ok());
            let Some(structure) = structure else {
                return false;
            };
            let has_part = match self.part.as_ref().map(|part| part.find(&structure)) {
                None | Some(SearchResult::Yes(_)) => true,
                Some(SearchResult::No) => false,
                Some(SearchResult::NotDecided) => {
                    undecided += 1;
                    false
                }
            };
            let is_like = self.like.as_ref().is_none_or(|(_, least)| {
                let own = structure.fingerprint();
                let likeness = meant.as_ref().zip(own.as_ref());
                likeness.is_some_and(|(meant, own)| meant.similarity(own) >= *least)
            });
            has_part && is_like
        };
        let rows = (0..sheet.len())
            .filter(|row| passes(*row))
            .filter_map(|row| u32::try_from(row).ok())
            .collect();
        (rows, undecided)
    }

    /// Returns a sentence for each site and tag that none of the hits has: it may be a typo.
    fn unknown(&self, sheet: &Sheet) -> Vec<String> {
        let is_known = |field: &str, wanted: &str| {
            let Some(place) = sheet.place(field) else {
                return false;
            };
            (0..sheet.len()).any(|row| {
                let text = sheet.text(place, row);
                names(&text, wanted) || text.split(", ").any(|label| names(label, wanted))
            })
        };
        let tags = self.args.tags.iter().map(|tag| ("tags", "the tag", tag));
        let sites = self
            .args
            .sites
            .iter()
            .map(|site| ("site", "the site", site));
        tags.chain(sites)
            .filter(|(field, _, wanted)| !is_known(field, wanted))
            .map(|(_, what, wanted)| format!("No hit here has {what} “{wanted}”."))
            .collect()
    }

    /// Returns `true` if site, tags and pose match.
    fn is_chosen(&self, sheet: &Sheet, row: usize) -> bool {
        let text = |field: &str| {
            let place = sheet.place(field);
            place.map_or(String::new(), |place| sheet.text(place, row).into_owned())
        };
        let is_any = |wanted: &[String], labels: &[&str]| {
            wanted.is_empty()
                || wanted
                    .iter()
                    .any(|wanted| labels.iter().any(|label| names(label, wanted)))
        };
        let tags = text("tags");
        let tags: Vec<&str> = tags.split(", ").collect();
        let has_tags = if self.args.all_tags {
            let wanted = &self.args.tags;
            wanted
                .iter()
                .all(|wanted| tags.iter().any(|label| names(label, wanted)))
        } else {
            is_any(&self.args.tags, &tags)
        };
        has_tags
            && is_any(&self.args.sites, &[&text("site")])
            && (!self.args.poses || text("pose_role") != "Other")
    }
}

/// Returns `true` if `wanted` is this label: all of it, its leading number, or the text after that.
fn names(label: &str, wanted: &str) -> bool {
    // Arguments come without invisible characters, so that labels are compared without them.
    let label = without_invisible(label);
    let label = label.as_str();
    let is = |text: &str| text.trim().eq_ignore_ascii_case(wanted.trim());
    let (number, word) = label.split_once(" - ").unwrap_or((label, label));
    is(label) || is(number) || is(word)
}

/// Parses a SMILES, optionally followed by a colon and the minimum similarity: `c1ccncc1:0.6`.
fn like(text: &str) -> Result<(Structure, f64), Failure> {
    let (smiles, least) = match text.rsplit_once(':') {
        Some((smiles, number)) => match number.trim().parse::<f64>() {
            Ok(least) => (smiles, least),
            // Some SMILES contain a colon.
            Err(_) => (text, DEFAULT_SIMILARITY),
        },
        None => (text, DEFAULT_SIMILARITY),
    };
    if !(0.0..=1.0).contains(&least) {
        let sentence =
            "Give the required similarity as a number from 0 to 1, for example c1ccncc1:0.6.";
        return Err(Failure::Usage(sentence.to_owned()));
    }
    let structure = Structure::read(smiles).map_err(|error| Failure::Usage(format!("{error}.")))?;
    Ok((structure, least))
}

/// Prints the codes in the form that `download --codes-file -` reads. A code that this form would cut in two is named
/// instead.
fn print_codes(extract: &Extract, console: &mut Console) -> Result<(), Failure> {
    let mut odd = Vec::new();
    for row in &extract.rows {
        let code = extract.sheet.code(*row as usize);
        if code.is_empty() {
            continue;
        }
        if PastedCodes::read(&code).codes == [code.as_ref()] {
            console.line(&code)?;
        } else {
            odd.push(code.into_owned());
        }
    }
    if !odd.is_empty() {
        let codes = plural(odd.len(), "code", "codes");
        console.note(&format!(
            "Left out {codes} that would not be read as one in a list of codes: {}.",
            odd.join(" ")
        ));
    }
    Ok(())
}

fn print(
    connection: &Connection,
    args: &HitsArgs,
    extract: &Extract,
    console: &mut Console,
) -> Result<(), Failure> {
    let sheet = &extract.sheet;
    if let Some(path) = &args.csv {
        tables::save_csv(console, &output(path)?, extract)?;
    }
    if let Some(path) = &args.xlsx {
        let (path, is_drawn) = (output_file(path)?, args.structures);
        tables::save_xlsx(console, connection, &path, extract, is_drawn)?;
    }
    if args.codes_only {
        return print_codes(extract, console);
    }
    if args.json {
        let rows = extract.rows.iter();
        let rows: Vec<Value> = rows.map(|row| sheet.row_json(*row as usize)).collect();
        return Ok(console.json(&json!(rows))?);
    }
    if args.csv.is_none() && args.xlsx.is_none() && args.sdf.is_none() {
        let columns = SHOWN.iter().map(|field| place_of(sheet, field));
        let shown = Extract {
            columns: columns.collect::<Result<_, _>>()?,
            sheet: sheet.clone(),
            rows: extract.rows.clone(),
        };
        tables::print(console, &shown)?;
    }
    Ok(())
}
