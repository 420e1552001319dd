//! `hits`: the observations, one row each: ligands seen bound, by the codes that `download` takes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    args::{Cli, HitsArgs},
    connect::{TokenSource, connect},
    console::{Console, Exit, Failure},
    experiments::chosen_targets,
    paths::output,
};
use crate::{
    api::Client,
    model::{Observation, Target},
};

/// Columns of the plain table and of the CSV.
const COLUMNS: [&str; 8] = [
    "code",
    "longcode",
    "version",
    "experiment",
    "target",
    "tas",
    "compound_code",
    "smiles",
];

/// One row, in the order of [`COLUMNS`].
struct Hit {
    row: Observation,
    experiment: Option<String>,
    target: String,
    tas: String,
}

pub(super) async fn run(
    cli: &Cli,
    args: &HitsArgs,
    token: TokenSource,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let connection = connect(cli, token, None).await?;
    let client = &connection.client;
    let (targets, mut is_complete) =
        chosen_targets(client, args.target.as_deref(), args.tas.as_deref()).await?;
    let mut hits = Vec::new();
    for target in &targets {
        is_complete &= read(client, target, &mut hits).await?;
    }
    client.still_signed_in().await?;
    if !is_complete {
        console.note("The list may be incomplete: the server's answers did not add up.");
    }
    print(args, &hits, console)?;
    Ok(if is_complete {
        Exit::Complete
    } else {
        Exit::Incomplete
    })
}

/// Adds the observations of a target. Says whether the server gave all of them.
async fn read(client: &Client, target: &Target, hits: &mut Vec<Hit>) -> Result<bool, Failure> {
    let (observations, crystals) = tokio::try_join!(
        client.observations(target.id),
        client.crystals(target.id, None)
    )?;
    let codes: BTreeMap<_, _> = crystals
        .rows
        .iter()
        .filter_map(|crystal| Some((crystal.id, crystal.code.get()?)))
        .collect();
    hits.extend(observations.rows.into_iter().map(|row| {
        Hit {
            experiment: row
                .experiment
                .and_then(|id| codes.get(&id))
                .map(|code| (*code).to_owned()),
            target: target.key.title.clone(),
            tas: target.key.tas.to_string(),
            row,
        }
    }));
    Ok(observations.complete && crystals.complete)
}

fn print(args: &HitsArgs, hits: &[Hit], console: &mut Console) -> Result<(), Failure> {
    if args.codes_only {
        for code in hits.iter().filter_map(|hit| hit.row.code.get()) {
            console.line(code)?;
        }
        return Ok(());
    }
    if args.json {
        let rows: Vec<Value> = hits.iter().map(Hit::json).collect();
        return Ok(console.json(&json!(rows))?);
    }
    if let Some(path) = &args.csv {
        let path = &output(path)?;
        let mut csv = csv::Writer::from_writer(Vec::new());
        let written = csv.write_record(COLUMNS).and_then(|()| {
            hits.iter()
                .try_for_each(|hit| csv.write_record(hit.cells()))
        });
        written.map_err(std::io::Error::other)?;
        let bytes = csv
            .into_inner()
            .map_err(|error| std::io::Error::other(error.to_string()))?;
        return console.save_csv(path, &bytes, hits.len());
    }
    let mut lines = vec![COLUMNS.map(str::to_owned).to_vec()];
    lines.extend(hits.iter().map(|hit| hit.cells().to_vec()));
    console.table(&lines)?;
    Ok(())
}

impl Hit {
    fn cells(&self) -> [String; 8] {
        [
            self.row.code.or_empty().to_owned(),
            self.row.longcode.or_empty().to_owned(),
            self.row
                .version
                .0
                .map_or(String::new(), |version| version.to_string()),
            self.experiment.clone().unwrap_or_default(),
            self.target.clone(),
            self.tas.clone(),
            self.row.compound_code.or_empty().to_owned(),
            self.row.smiles.or_empty().to_owned(),
        ]
    }

    fn json(&self) -> Value {
        json!({
            "code": self.row.code.get(),
            "longcode": self.row.longcode.get(),
            "version": self.row.version.0,
            "experiment": self.experiment,
            "target": self.target,
            "tas": self.tas,
            "compound_code": self.row.compound_code.get(),
            "smiles": self.row.smiles.get(),
        })
    }
}
