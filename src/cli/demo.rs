//! `demo`: the demo server alone.

use serde_json::json;

use super::{
    args::{Cli, DemoArgs},
    console::{Console, Exit, Failure},
};
use crate::demo::{
    AGEING, ALICE, BOB, DemoOptions, DemoServer, Faults, Generation, STATISTICS_KEY,
};

pub(super) async fn run(
    cli: &Cli,
    args: &DemoArgs,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let generation = args.generation.or(cli.demo).unwrap_or(Generation::G2026);
    let mut faults = Faults::default();
    for name in &args.faults {
        if !faults.add(name) {
            let names: Vec<&str> = Faults::names().collect();
            return Err(Failure::Usage(format!(
                "Unknown fault “{name}”. Available faults: {}.",
                names.join(", ")
            )));
        }
    }
    let options = DemoOptions {
        generation,
        faults,
        port: args.port,
        rows: args.rows,
        days_ago: cli.days_ago,
        ..DemoOptions::default()
    };
    let server = DemoServer::start(options).await.map_err(Failure::Demo)?;
    if args.json {
        let facts = json!({
            "url": server.address().as_str(),
            "tokens": { "alice": ALICE, "bob": BOB, "ageing": AGEING },
        });
        // One line: programs that read it cannot wait for the end of the output.
        console.line(&facts.to_string())?;
    } else {
        console.line(&format!(
            "A demo server of {} is at {}",
            generation.name(),
            server.address()
        ))?;
        console.line(&format!("Session tokens: {ALICE} (member of a private proposal), {BOB} (member of none), {AGEING} (needs renewal in the browser)"))?;
        console.line(&format!(
            "Statistics of its authenticator: {}, with the key {STATISTICS_KEY}",
            server.statistics_address()
        ))?;
        console.line("It runs until you press Ctrl+C.")?;
    }
    console.flush()?;
    // Without signals it runs until it is killed, which is what was asked for.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    Ok(Exit::Complete)
}
