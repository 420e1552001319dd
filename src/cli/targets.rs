//! `targets`: the targets that the user may see.

use serde_json::{Value, json};

use super::{
    args::{Cli, TargetsArgs},
    connect::{TokenSource, connect},
    console::{Console, Exit, Failure},
    experiments::exit_with,
};
use crate::model::{Shortfall, Target, count_text};

fn as_value(target: &Target, experiments: Option<u64>) -> Value {
    json!({
        "title": target.key.title,
        "display_name": target.display_name,
        "tas": target.key.tas.as_str(),
        "open": target.open,
        "experiments": experiments,
    })
}

pub(super) async fn run(
    cli: &Cli,
    args: &TargetsArgs,
    token: TokenSource,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let connection = connect(cli, token, None, console).await?;
    let targets = connection.client.targets().await?;
    let mut shortfall = Shortfall::default();
    shortfall.add_read(targets.complete, targets.unreadable);
    let mut counts = Vec::new();
    for target in &targets.rows {
        let count = connection.client.experiment_count(target.id).await;
        counts.push(count.or_else(|error| {
            let name = format!("experiments of {}", target.key);
            shortfall.add_unread(name, error.problem()).map(|()| None)
        })?);
    }
    connection.client.still_signed_in().await?;
    console.notes(shortfall.sentences());
    let exit = exit_with(&shortfall, false);
    if args.json {
        let rows = targets.rows.iter().zip(&counts);
        let rows: Vec<Value> = rows
            .map(|(target, count)| as_value(target, *count))
            .collect();
        console.json(&json!(rows))?;
        return Ok(exit);
    }
    let mut lines = vec![
        ["Target", "TAS", "Access", "Experiments"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for (target, count) in targets.rows.iter().zip(&counts) {
        let access = match target.open {
            Some(true) => "open",
            Some(false) => "mine",
            None => "not known",
        };
        let count = count.and_then(|count| usize::try_from(count).ok());
        lines.push(vec![
            target.key.title.clone(),
            target.key.tas.to_string(),
            access.to_owned(),
            count.map(count_text).unwrap_or_default(),
        ]);
    }
    console.table(&lines)?;
    if targets.rows.is_empty() {
        console.note(if connection.client.has_token() {
            "You cannot see any targets on this server. The command “status” says which target access strings you have."
        } else {
            "You cannot see any targets on this server. Sign in to see private ones."
        });
    }
    Ok(exit)
}
