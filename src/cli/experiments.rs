//! `experiments`: the table, printed or saved.

use std::{collections::HashMap, fs::File, io, path::Path};

use serde_json::json;

use super::{
    args::{Cli, ExperimentsArgs},
    connect::{Connection, TokenSource, connect},
    console::{Console, Exit, Failure},
};
use crate::{
    model::{CompoundId, ErrorKind, Problem, Target},
    store::write_file,
    table::{
        Column, Direction, ExportError, Filter, Row, SortKey, all_columns, default_columns,
        export_csv, export_json, export_xlsx, server_name, sorted,
    },
};

pub(super) async fn run(
    cli: &Cli,
    args: &ExperimentsArgs,
    token: TokenSource,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let connection = connect(cli, token, args.rows).await?;
    let (targets, has_all_targets) = chosen_targets(&connection, args).await?;
    let (rows, has_all_rows) = load(&connection, &targets).await?;
    connection.client.still_signed_in().await?;
    let is_complete = has_all_targets && has_all_rows;
    if !is_complete {
        console.note("The list may be incomplete: the server's answers did not add up.");
    }
    let columns = all_columns(&rows);
    let filters = parse_filters(args, &columns)?;
    let keys = parse_sort(args, &columns)?;
    let order = sorted(&rows, &columns, &keys);
    let shown: Vec<&Row> = order
        .iter()
        .filter_map(|place| rows.get(*place as usize))
        .filter(|row| filters.iter().all(|filter| filter.passes(row, &columns)))
        .collect();
    write(&connection, args, console, &columns, &shown)?;
    Ok(if is_complete {
        Exit::Complete
    } else {
        Exit::Incomplete
    })
}

/// The targets that the arguments name; all when they name none. Says also whether the server sent all.
async fn chosen_targets(
    connection: &Connection,
    args: &ExperimentsArgs,
) -> Result<(Vec<Target>, bool), Failure> {
    let answer = connection.client.targets().await?;
    let (mut targets, is_complete) = (answer.rows, answer.complete);
    targets.retain(|target| {
        args.target
            .as_ref()
            .is_none_or(|title| target.key.title == *title)
            && args
                .tas
                .as_ref()
                .is_none_or(|tas| target.key.tas.as_str() == tas)
    });
    if targets.is_empty() && (args.target.is_some() || args.tas.is_some()) {
        // A session that has just died is shown no private target either.
        connection.client.still_signed_in().await?;
        let message = "The server shows you no such target".to_owned();
        return Err(Problem {
            kind: ErrorKind::NotFound,
            message,
        }
        .into());
    }
    Ok((targets, is_complete))
}

async fn load(connection: &Connection, targets: &[Target]) -> Result<(Vec<Row>, bool), Failure> {
    let client = &connection.client;
    let ids: Vec<_> = targets.iter().map(|target| target.id).collect();
    let experiments = client.experiments_of(&ids, |_| {}).await?;
    // Names are an extra: a server without this list still shows its experiments.
    let compounds = client
        .compounds(None)
        .await
        .map(|answer| answer.rows)
        .unwrap_or_default();
    let names: HashMap<CompoundId, String> = compounds
        .iter()
        .filter_map(|compound| Some((compound.id, compound.name()?.to_owned())))
        .collect();
    let rows = experiments
        .rows
        .into_iter()
        .filter_map(|(place, experiment)| {
            let target = targets.get(place)?.key.clone();
            Some(Row::new(experiment, target, &names))
        })
        .collect();
    Ok((rows, experiments.complete))
}

fn parse_filters(args: &ExperimentsArgs, columns: &[Column]) -> Result<Vec<Filter>, Failure> {
    args.conditions
        .iter()
        .map(|text| {
            Filter::parse(text, columns).map_err(|error| Failure::Usage(format!("{error}.")))
        })
        .collect()
}

fn parse_sort(args: &ExperimentsArgs, columns: &[Column]) -> Result<Vec<SortKey>, Failure> {
    args.sort
        .iter()
        .map(|text| {
            let (field, direction) = match text.strip_prefix('-') {
                Some(field) => (field, Direction::Descending),
                None => (text.as_str(), Direction::Ascending),
            };
            let field = server_name(field);
            if columns.iter().any(|column| column.field == field) {
                Ok(SortKey {
                    field: field.to_owned(),
                    direction,
                })
            } else {
                Err(Failure::Usage(format!("There is no field “{field}”.")))
            }
        })
        .collect()
}

fn write(
    connection: &Connection,
    args: &ExperimentsArgs,
    console: &mut Console,
    columns: &[Column],
    rows: &[&Row],
) -> Result<(), Failure> {
    if let Some(path) = &args.csv {
        save(path, |file| {
            export_csv(io::BufWriter::new(file), columns, rows)
        })?;
        console.note(&format!("Saved {} rows to {}.", rows.len(), path.display()));
    }
    if let Some(path) = &args.xlsx {
        let origin = [
            ("Server", connection.client.server().to_string()),
            (
                "Saved",
                jiff::Zoned::now().strftime("%Y-%m-%d %H:%M %Z").to_string(),
            ),
            ("Rows", rows.len().to_string()),
        ];
        save(path, |file| export_xlsx(file, columns, rows, &origin))?;
        console.note(&format!("Saved {} rows to {}.", rows.len(), path.display()));
    }
    if args.json {
        let list: Vec<_> = rows.iter().map(|row| export_json(row)).collect();
        console.json(&json!(list))?;
    } else if args.csv.is_none() && args.xlsx.is_none() {
        let owned: Vec<Row> = rows.iter().map(|row| (*row).clone()).collect();
        let shown = default_columns(&owned);
        let mut lines = vec![
            shown
                .iter()
                .map(|column| column.heading.to_string())
                .collect::<Vec<_>>(),
        ];
        lines.extend(rows.iter().map(|row| {
            shown
                .iter()
                .map(|column| column.text(row).into_owned())
                .collect()
        }));
        console.table(&lines)?;
    }
    Ok(())
}

/// Writes the whole file or none; what stood there before stays until then.
fn save(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<(), ExportError>,
) -> Result<(), Failure> {
    write_file(path, write).map_err(|error| {
        let error: ExportError = error;
        tracing::debug!(
            error = &error as &dyn std::error::Error,
            "a table could not be saved"
        );
        let (kind, message) = if error.is_disk_full() {
            let sentence = format!(
                "There is not enough room on the disk for {}",
                path.display()
            );
            (ErrorKind::DiskFull, sentence)
        } else {
            let sentence = format!("Cannot write to {}", path.display());
            (ErrorKind::NotWritable, sentence)
        };
        Problem { kind, message }.into()
    })
}
