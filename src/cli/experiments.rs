//! `experiments`: the table, printed or saved.

use std::path::PathBuf;

use serde_json::json;

use super::{
    args::{Cli, ExperimentsArgs},
    connect::{Connection, TokenSource, connect},
    console::{Console, Exit, Failure},
    download::Records,
    paths::{output, output_file},
    tables,
};
use crate::{
    api::Client,
    disk::is_same_destination,
    hits::read_experiments,
    model::{ErrorKind, Problem, Shortfall, Shortfalls, Target, Tas},
    store::{DEMO, NotesFolder},
    table::{
        Direction, Extract, Filter, Layout, NEWS, NOTE, OBSERVATIONS, STAR, Sheet, SheetBuilder,
        SortKey, server_name, sort_rows,
    },
};

pub(super) async fn run(
    cli: &Cli,
    args: &ExperimentsArgs,
    token: TokenSource,
    noting: &Records<'_>,
    console: &mut Console,
) -> Result<Exit, Failure> {
    check_outputs(&[&args.csv, &args.xlsx], args.json.then_some("--json"))?;
    let connection = connect(cli, token, args.rows, console).await?;
    let (targets, mut shortfall) = chosen_targets(
        &connection.client,
        args.target.as_deref(),
        args.tas.as_deref(),
    )
    .await?;
    let mut sheet = load(&connection, &targets, &mut shortfall).await?;
    if needs_observations(args) {
        let client = &connection.client;
        sheet = with_observations(&sheet, client, &targets, &mut shortfall).await?;
    }
    connection.client.still_signed_in().await?;
    let (sheet, has_notes) = with_notes(&sheet, &connection, noting, console);
    let texts = args
        .columns
        .iter()
        .chain(&args.conditions)
        .chain(&args.sort);
    let lacks_notes = !has_notes && uses_notes(texts);
    console.notes(shortfall.sentences());
    let filters = parse_filters(args, &sheet)?;
    let keys = sort_keys(&args.sort, &sheet)?;
    let columns = parse_columns(args, &sheet)?;
    let passes = |row: &u32| {
        let row = *row as usize;
        filters.iter().all(|filter| filter.passes(&sheet, row))
    };
    let rows = (0..u32::try_from(sheet.len()).unwrap_or(u32::MAX))
        .filter(passes)
        .collect();
    let extract = Extract {
        rows: sort_rows(&sheet, &keys, rows),
        columns,
        sheet,
    };
    write(&connection, args, console, extract)?;
    Ok(exit_with(&shortfall, lacks_notes))
}

/// Returns the exit code of a list: incomplete if anything is missing from it.
pub(super) fn exit_with(shortfall: &Shortfall, lacks_more: bool) -> Exit {
    if shortfall.is_none() && !lacks_more {
        Exit::Complete
    } else {
        Exit::Incomplete
    }
}

/// Returns `true` if a column, a condition or a key for sorting is about the user's stars or notes.
pub(super) fn uses_notes<'a>(texts: impl Iterator<Item = &'a String>) -> bool {
    texts
        .map(|text| server_name(text.trim_start_matches('-')))
        .any(|name| name.starts_with(STAR) || name.starts_with(NOTE))
}

/// Returns the targets that the arguments name, or all; and what is missing from the list of targets.
pub(super) async fn chosen_targets(
    client: &Client,
    title: Option<&str>,
    tas: Option<&str>,
) -> Result<(Vec<Target>, Shortfall), Failure> {
    let answer = client.targets().await?;
    let mut shortfall = Shortfall::default();
    shortfall.add_read(answer.complete, answer.unreadable);
    let mut targets = answer.rows;
    targets.retain(|target| {
        title.is_none_or(|title| target.key.title == title)
            && tas.is_none_or(|tas| target.key.tas == Tas::typed(tas))
    });
    if targets.is_empty() && (title.is_some() || tas.is_some()) {
        // A session that has just expired does not show private targets either.
        client.still_signed_in().await?;
        return Err(no_such_target(&shortfall).into());
    }
    Ok((targets, shortfall))
}

/// Returns why a target was not found. One that is missing from an incomplete list may exist.
fn no_such_target(shortfall: &Shortfall) -> Problem {
    match shortfall.text() {
        None => {
            let message = "No such target is visible to you on this server";
            Problem::new(ErrorKind::NotFound, message)
        }
        Some(text) => {
            let message = format!(
                "The target is not in the server’s list, but that is incomplete. {}",
                text.trim_end_matches('.')
            );
            Problem::new(ErrorKind::NotFound, message).with_next_step("Try again later.")
        }
    }
}

/// Checks that no two results go to the same file or stream.
///
/// `printed` is the option that prints something else to standard output, if any is given.
pub(super) fn check_outputs(
    files: &[&Option<PathBuf>],
    printed: Option<&str>,
) -> Result<(), Failure> {
    let files = files.iter().filter_map(|file| file.as_ref());
    let files: Vec<PathBuf> = files.map(|file| output(file)).collect::<Result<_, _>>()?;
    let is_same = |(at, file): (usize, &PathBuf)| {
        let mut others = files.iter().skip(at + 1);
        others.any(|it| it == file || is_same_destination(it, file))
    };
    if files.iter().enumerate().any(is_same) {
        let sentence = "Two results cannot go to the same file. Give each a name of its own.";
        return Err(Failure::Usage(sentence.to_owned()));
    }
    if let Some(option) = printed
        && files.iter().any(|file| file.as_os_str() == "-")
    {
        return Err(Failure::Usage(format!(
            "“-” and {option} both use standard output. Choose one of them."
        )));
    }
    Ok(())
}

/// Returns `true` if the number of observations is printed or decides what is: it takes one more list per target.
fn needs_observations(args: &ExperimentsArgs) -> bool {
    let texts = args
        .columns
        .iter()
        .chain(&args.conditions)
        .chain(&args.sort);
    args.columns.is_empty()
        || texts.into_iter().any(|text| {
            let name = server_name(text.trim_start_matches('-'));
            name.starts_with(OBSERVATIONS)
        })
}

/// Returns the rows with the number of observations of each, where those of its target could be counted.
async fn with_observations(
    sheet: &Sheet,
    client: &Client,
    targets: &[Target],
    shortfall: &mut Shortfall,
) -> Result<Sheet, Failure> {
    let mut known = Vec::new();
    for target in targets {
        let list = match client.observations(target.id).await {
            Ok(list) => list,
            Err(error) => {
                let name = format!("observations of {}", target.key);
                shortfall.add_unread(name, error.problem())?;
                continue;
            }
        };
        shortfall.add_read(list.complete, list.unreadable);
        // An incomplete list cannot be counted.
        if list.complete {
            let of = list.rows.iter().filter_map(|row| row.experiment);
            known.push((&target.key, of.collect()));
        }
    }
    Ok(sheet.with_observations(known))
}

async fn load(
    connection: &Connection,
    targets: &[Target],
    shortfall: &mut Shortfall,
) -> Result<Sheet, Failure> {
    let client = &connection.client;
    let builder = load_experiments(client, targets, shortfall).await?;
    let (lookups, missing) = client.lookups().await?;
    shortfall.add(missing);
    Ok(builder.finish(&lookups))
}

/// Reads the experiments of some targets. Fails only if those of none can be read.
pub(super) async fn load_experiments(
    client: &Client,
    targets: &[Target],
    shortfall: &mut Shortfall,
) -> Result<SheetBuilder, Failure> {
    let mut builder = SheetBuilder::new(targets.to_vec());
    let mut shortfalls = Shortfalls::default();
    read_experiments(client, targets, &mut builder, &mut shortfalls, |_| {}).await?;
    shortfall.add(shortfalls.of(None));
    Ok(builder)
}

/// Returns the rows with the user's stars and notes, as the window shows them, and whether these could be read.
pub(super) fn with_notes(
    sheet: &Sheet,
    connection: &Connection,
    noting: &Records<'_>,
    console: &mut Console,
) -> (Sheet, bool) {
    let folder = NotesFolder::in_folder(noting.data);
    let server = connection.client.server().to_string();
    let server = if connection.is_demo() { DEMO } else { &server };
    match folder.read(server) {
        Ok(notes) => (sheet.with_notes(&notes), true),
        Err(error) => {
            let path = folder.path(server);
            console.note(&format!(
                "Your stars and notes could not be read ({error}): {}.",
                path.display()
            ));
            (sheet.clone(), false)
        }
    }
}

fn parse_filters(args: &ExperimentsArgs, sheet: &Sheet) -> Result<Vec<Filter>, Failure> {
    args.conditions
        .iter()
        .map(|text| {
            Filter::parse(text, sheet.columns())
                .map_err(|error| Failure::Usage(format!("{error}.")))
        })
        .collect()
}

/// Parses fields as `--sort` accepts them; a leading minus reverses one.
pub(super) fn sort_keys(fields: &[String], sheet: &Sheet) -> Result<Vec<SortKey>, Failure> {
    fields
        .iter()
        .map(|text| {
            let (field, direction) = match text.strip_prefix('-') {
                Some(field) => (field, Direction::Descending),
                None => (text.as_str(), Direction::Ascending),
            };
            let field = server_name(field);
            place_of(sheet, field)?;
            Ok(SortKey {
                field: field.to_owned(),
                direction,
            })
        })
        .collect()
}

/// Returns the requested columns; all if none were requested.
fn parse_columns(args: &ExperimentsArgs, sheet: &Sheet) -> Result<Vec<usize>, Failure> {
    if args.columns.is_empty() {
        // A command does not know when the user last looked, so nothing is new here; and the user's notes are
        // exported only when they are named.
        let unasked = [NEWS, STAR, NOTE].map(|field| sheet.place(field));
        let has_values = |place: &usize| !unasked.contains(&Some(*place));
        return Ok((0..sheet.columns().len()).filter(has_values).collect());
    }
    let names = args.columns.iter().map(|name| server_name(name));
    names.map(|name| place_of(sheet, name)).collect()
}

/// Returns the index of a column by the server's name of its field.
pub(super) fn place_of(sheet: &Sheet, field: &str) -> Result<usize, Failure> {
    sheet
        .place(field)
        .ok_or_else(|| Failure::Usage(format!("Unknown field “{field}”.")))
}

fn write(
    connection: &Connection,
    args: &ExperimentsArgs,
    console: &mut Console,
    mut extract: Extract,
) -> Result<(), Failure> {
    if let Some(path) = &args.csv {
        tables::save_csv(console, &output(path)?, &extract)?;
    }
    if let Some(path) = &args.xlsx {
        let (path, is_drawn) = (output_file(path)?, args.structures);
        tables::save_xlsx(console, connection, &path, &extract, is_drawn)?;
    }
    let sheet = &extract.sheet;
    if args.json {
        let list: Vec<_> = extract
            .rows
            .iter()
            .map(|row| object(args, &extract, *row as usize))
            .collect();
        console.json(&json!(list))?;
    } else if args.csv.is_none() && args.xlsx.is_none() {
        if args.columns.is_empty() {
            let layout = Layout::built_in(sheet, "Overview").unwrap_or_default();
            let shown = layout.columns.iter();
            extract.columns = shown
                .filter_map(|column| sheet.place(&column.field))
                .collect();
        }
        tables::print(console, &extract)?;
    }
    Ok(())
}

/// Returns a row as JSON: the requested fields under the server's names.
fn object(args: &ExperimentsArgs, extract: &Extract, row: usize) -> serde_json::Value {
    let sheet = &extract.sheet;
    if args.columns.is_empty() {
        return sheet.row_json(row);
    }
    let fields = extract.columns.iter().filter_map(|place| {
        let column = sheet.column(*place)?;
        Some((column.field.to_string(), sheet.json(*place, row)))
    });
    serde_json::Value::Object(fields.collect())
}
