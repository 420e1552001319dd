//! How long it takes to find out what is new for many folders, against the requests alone; and how much an update
//! transfers, against a whole download. Prints ratios against named limits in the same run.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for developers"
)]

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use fragalysis_desktop::{
    api::{Client, ClientOptions},
    dataset::{Dataset, JobId, folders_in},
    demo::{DemoOptions, DemoServer},
    downloads::{Engine, Job, OnExisting, Timeouts, run},
    library::{UpdateStatus, check_for_updates},
    model::{DownloadRequest, FileKind, Preset, TargetKey, Tas},
};
use futures_util::StreamExt as _;

/// Maximum requests per target, in addition to those for all of them.
const MOST_REQUESTS: f64 = 3.0;
/// Times of the requests alone.
const MOST_TIME: f64 = 2.0;
/// Part of a whole download that an update after a small change may transfer.
const MOST_BYTES: f64 = 0.02;
/// Requests of ours that are under way at the same time.
const AT_ONCE: usize = 3;

fn number(name: &str, usual: usize) -> usize {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn job(title: &str, kinds: &[FileKind], parent: &Path) -> Job {
    let request = DownloadRequest {
        target: TargetKey {
            title: title.to_owned(),
            tas: Tas::new("lb18145-1"),
        },
        codes: Vec::new(),
        files: kinds.iter().copied().collect(),
        static_link: false,
    };
    Job::new(request, parent.to_owned())
}

fn client(demo: &DemoServer) -> Client {
    Client::new(demo.address().clone(), None, ClientOptions::default()).unwrap()
}

/// Checks the folders of many targets for updates.
async fn looking() {
    let (targets, observations) = (
        number("BENCH_TARGETS", 50),
        number("BENCH_OBSERVATIONS", 10_000),
    );
    let demo = DemoServer::start(DemoOptions {
        more_targets: Some((targets, observations)),
        build_time: Duration::ZERO,
        ..DemoOptions::default()
    });
    let demo = demo.await.unwrap();
    let home = tempfile::tempdir().unwrap();
    for target in 1..=targets {
        let job = job(&format!("T{target:03}"), &[FileKind::Readme], home.path());
        let engine = Engine::new(
            JobId::random(),
            client(&demo),
            job,
            Timeouts::shortened(0.001),
        );
        run(engine).await.unwrap();
    }
    let begun = Instant::now();
    let held: Vec<Arc<Dataset>> = folders_in(home.path())
        .iter()
        .map(|place| Arc::new(Dataset::read(place).unwrap().unwrap()))
        .collect();
    println!(
        "{targets} folders read from the disk in {:.2} s",
        begun.elapsed().as_secs_f64()
    );
    let client = client(&demo);
    for _ in 0..2 {
        let alone = alone(&demo, targets, observations).await;
        let before = demo.requests();
        let begun = Instant::now();
        let checked = check_for_updates(&client, &held).await.unwrap();
        let took = begun.elapsed();
        assert!(
            checked
                .iter()
                .all(|one| matches!(one, UpdateStatus::UpToDate { .. }))
        );
        let requests = (demo.requests() - before) as f64 / targets as f64;
        println!(
            "{targets} targets x {observations} observations: {requests:.2} requests a target (limit {MOST_REQUESTS}), {:.2} s against {:.2} s for the requests alone: {:.2} (limit {MOST_TIME})",
            took.as_secs_f64(),
            alone.as_secs_f64(),
            took.as_secs_f64() / alone.as_secs_f64()
        );
    }
}

/// Requests the same lists and discards them.
async fn alone(demo: &DemoServer, targets: usize, observations: usize) -> Duration {
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let http = reqwest::Client::new();
    let base = demo.address().as_str().trim_end_matches('/').to_owned();
    let begun = Instant::now();
    // The demo's own six come first.
    let questions = (7..7 + targets).map(|target| {
        let url = format!(
            "{base}/api/site_observations/?target={target}&limit={}",
            observations + 1000
        );
        let http = http.clone();
        async move {
            http.get(url)
                .send()
                .await
                .unwrap()
                .bytes()
                .await
                .unwrap()
                .len()
        }
    });
    let all = futures_util::stream::iter(questions).buffer_unordered(AT_ONCE);
    let bytes: Vec<usize> = all.collect().await;
    println!(
        "the requests alone: {} MB",
        bytes.iter().sum::<usize>() / 1_000_000
    );
    begun.elapsed()
}

/// How many bytes of archives a folder was made of.
fn transferred(folder: &Path) -> u64 {
    let text = fs::read_to_string(folder.join("fragalysis-download.json")).unwrap();
    let form: serde_json::Value = serde_json::from_str(&text).unwrap();
    let archives = form["archives"].as_array().unwrap();
    archives
        .iter()
        .map(|one| one["bytes"].as_u64().unwrap())
        .sum()
}

/// Updates folders after four of many observations have changed.
async fn updating() {
    let modelled = number("BENCH_MODELLED", 400);
    for preset in [Preset::Structures, Preset::Coot, Preset::Everything] {
        let demo = DemoServer::start(DemoOptions {
            days_ago: 30,
            rows: Some(3 * modelled + 1080),
            modelled: Some(modelled),
            build_time: Duration::ZERO,
            ..DemoOptions::default()
        });
        let demo = demo.await.unwrap();
        let home = tempfile::tempdir().unwrap();
        let kinds: Vec<FileKind> = preset.files().kinds().collect();
        let job = job("Mpro", &kinds, home.path());
        let engine = |job| {
            Engine::new(
                JobId::random(),
                client(&demo),
                job,
                Timeouts::shortened(0.001),
            )
        };
        let place = run(engine(job.clone())).await.unwrap().place;
        let whole = transferred(&place);
        demo.advance_days();
        let job = Job {
            placing: OnExisting::Update,
            renews: Some(place),
            ..job
        };
        let done = run(engine(job)).await.unwrap();
        let part = transferred(&done.place);
        let renewed = done.report.renewed.unwrap();
        let changed =
            renewed.difference.len() as f64 / (renewed.kept + renewed.difference.len()) as f64;
        println!(
            "{}: {:.2} % changed; {part} of {whole} bytes: {:.2} % (limit {:.0} %)",
            preset.label(),
            changed * 100.0,
            part as f64 / whole as f64 * 100.0,
            MOST_BYTES * 100.0
        );
    }
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        looking().await;
        updating().await;
    });
}
