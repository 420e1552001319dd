//! Reading the hits of many targets, against the same requests without a table: `cargo bench --bench hits`.
//! `BENCH_TARGETS` and `BENCH_HITS` say how many targets, and how many hits each (50 and 2,000).
#![expect(clippy::unwrap_used, reason = "a bench may stop at the first surprise")]
#![expect(clippy::print_stdout, reason = "prints what it measured")]

use std::time::{Duration, Instant};

use fragalysis_desktop::{
    api::{Client, ClientOptions},
    chemistry::STACK,
    demo::{DemoOptions, DemoServer, Generation},
    hits::read_hits,
    model::Target,
    table::Sheet,
};

/// Repetitions of each measurement; the median counts.
const TURNS: usize = 3;

fn number(name: &str, usual: usize) -> usize {
    let given = std::env::var(name).ok().and_then(|text| text.parse().ok());
    given.unwrap_or(usual)
}

fn main() {
    let (targets, hits) = (number("BENCH_TARGETS", 50), number("BENCH_HITS", 2_000));
    // As the program's own: molecules are parsed by recursive functions.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .unwrap();
    for generation in Generation::ALL {
        let options = DemoOptions {
            generation,
            more_targets: Some((targets, hits)),
            ..DemoOptions::default()
        };
        runtime.block_on(async {
            let demo = DemoServer::start(options).await.unwrap();
            let client =
                Client::new(demo.address().clone(), None, ClientOptions::default()).unwrap();
            let all = client.targets().await.unwrap().rows;
            let mut times = [Vec::new(), Vec::new()];
            let mut rows = 0;
            for _ in 0..TURNS {
                let begun = Instant::now();
                Box::pin(ask(&client, &all)).await;
                times[0].push(begun.elapsed());
                let begun = Instant::now();
                let read = read_hits(&client, all.clone(), Sheet::default(), |_| {}).await;
                times[1].push(begun.elapsed());
                rows = read.unwrap().sheet.len();
            }
            let [alone, ours] = times.map(middle);
            println!(
                "{generation:?}, {rows} hits of {} targets: {ours:.2?}, the requests alone {alone:.2?}, ratio {:.2} (limit 1.3)",
                all.len(),
                ours.as_secs_f64() / alone.as_secs_f64()
            );
        });
    }
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Reads the same lists in the same order, and discards them.
async fn ask(client: &Client, targets: &[Target]) {
    for target in targets {
        let (observations, sites, compounds) = tokio::join!(
            client.observations(target.id),
            client.sites(target.id),
            client.compounds(Some(target.id)),
        );
        observations.unwrap();
        sites.unwrap();
        compounds.unwrap();
    }
}
