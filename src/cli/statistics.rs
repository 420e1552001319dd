//! `statistics`: the authenticator's statistics, for users who have its key.

use std::io::Read as _;

use serde_json::Value;

use super::{
    args::StatisticsArgs,
    connect::patience,
    console::{Console, Exit, Failure},
};
use crate::{
    api::{ClientOptions, statistics},
    model::{ErrorKind, Fact, Problem, Secret, Statistics, decoded},
};

/// Upper bound on the size of a key, in bytes.
const LONGEST_KEY: u64 = 64 * 1024;

pub(super) async fn run(args: &StatisticsArgs, console: &mut Console) -> Result<Exit, Failure> {
    if !args.key_stdin {
        return Err(Failure::Usage(
            "Give the key on standard input, with --key-stdin; arguments are visible to all users of this computer."
                .to_owned(),
        ));
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin().take(LONGEST_KEY).read_to_end(&mut bytes);
    let text = read.ok().and_then(|_| decoded(&bytes));
    let key = text.map(|text| Secret::typed(&text));
    let Some(key) = key.filter(|key| !key.expose().is_empty()) else {
        let message = "There was no key on standard input".to_owned();
        return Err(Problem::new(ErrorKind::InvalidRequest, message).into());
    };
    console.conceal(key.clone());
    let options = ClientOptions {
        patience: Some(patience()),
        ..ClientOptions::default()
    };
    let answer = statistics(&args.address, &key, &options).await?;
    if args.json {
        console.json(answer.json().unwrap_or(&Value::Null))?;
    } else {
        print(console, &answer)?;
    }
    Ok(Exit::Complete)
}

fn print(console: &mut Console, answer: &Statistics) -> Result<(), Failure> {
    let mut lines = Vec::new();
    if let Some(auth) = &answer.auth {
        let parts = [
            auth.kind_text().0,
            auth.name.or_empty(),
            auth.version.or_empty(),
        ];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        lines.push(vec!["Authenticator".to_owned(), parts.join(", ")]);
    }
    if let Some(codes) = &answer.codes {
        let text = if codes.is_empty() {
            "any".to_owned()
        } else {
            codes.join(", ")
        };
        lines.push(vec!["Proposal codes".to_owned(), text]);
    }
    let add = |lines: &mut Vec<Vec<String>>, section: &str, facts: &[Fact]| {
        for (name, value) in facts {
            lines.push(vec![format!("{section}: {name}"), value.clone()]);
        }
    };
    add(
        &mut lines,
        "Ping",
        answer.ping.as_deref().unwrap_or_default(),
    );
    add(&mut lines, "Users", &answer.totals);
    add(
        &mut lines,
        "Cache",
        answer.cache.as_deref().unwrap_or_default(),
    );
    console.table(&lines)?;
    let users = answer.users.as_deref().unwrap_or_default();
    if !users.is_empty() {
        console.line("")?;
        let mut lines = vec![
            ["User", "Access strings", "Collected"]
                .map(str::to_owned)
                .to_vec(),
        ];
        lines.extend(users.iter().map(|user| {
            vec![
                user.username.clone(),
                user.tas_count.clone(),
                user.collected.clone(),
            ]
        }));
        console.table(&lines)?;
    }
    Ok(())
}
