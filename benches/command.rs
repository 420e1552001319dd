//! From the command to checked files, against `curl` and `unzip` of the same archive from the same server, as people
//! do it by hand: `cargo bench --bench command`. Servers of 2024 send zips, and build them during the request.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark may panic on the first error"
)]
#![expect(clippy::print_stdout, reason = "prints what it measured")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use fragalysis_desktop::{
    demo::{DemoOptions, DemoServer, Generation},
    model::FileKind,
};
use tokio::runtime::Runtime;

/// Repetitions of each measurement.
const TURNS: usize = 9;

/// A download to be compared.
struct Work {
    target: &'static str,
    /// How many of the target's experiments have a model.
    modelled: usize,
    kinds: Vec<FileKind>,
    /// How much longer than by hand it may take.
    limit: f64,
}

fn main() {
    let works = [
        Work {
            target: "Mpro",
            modelled: 30,
            kinds: vec![FileKind::AllAlignedStructures, FileKind::MetadataInfo],
            limit: 1.2,
        },
        Work {
            target: "Mpro",
            modelled: 135,
            kinds: vec![
                FileKind::AllAlignedStructures,
                FileKind::EventFile,
                FileKind::SigmaaFile,
                FileKind::DiffFile,
                FileKind::MetadataInfo,
            ],
            limit: 1.0,
        },
    ];
    let runtime = Runtime::new().unwrap();
    for work in works {
        let options = DemoOptions {
            generation: Generation::G2024,
            modelled: Some(work.modelled),
            build_time: Duration::ZERO,
            ..DemoOptions::default()
        };
        let demo = runtime.block_on(DemoServer::start(options)).unwrap();
        compare(&work, &demo);
    }
}

fn compare(work: &Work, demo: &DemoServer) {
    let server = demo.address().as_str();
    let mut times = [Vec::new(), Vec::new()];
    let mut bytes = 0;
    for turn in 0..=TURNS {
        for (times, command) in times
            .iter_mut()
            .zip([by_hand(work, server), ours(work, server)])
        {
            let place = tempfile::tempdir_in(folder()).unwrap();
            let took = measure(command, place.path());
            bytes = size(place.path());
            // The first turn finds nothing in any cache.
            if turn > 0 {
                times.push(took);
            }
        }
    }
    let [by_hand, ours] = times.map(median);
    println!(
        "{}, {:.1} MB on the disk: curl and unzip {:.0} ms, ours {:.0} ms, ratio {:.2} (limit {})",
        work.target,
        bytes as f64 / 1e6,
        by_hand * 1e3,
        ours * 1e3,
        ours / by_hand,
        work.limit
    );
}

/// Returns a folder in memory if there is one, so that the disk is not measured.
fn folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    }
}

fn measure(mut command: Command, place: &Path) -> f64 {
    let begun = Instant::now();
    let status = command.current_dir(place).status().unwrap();
    assert!(status.success(), "{command:?}");
    begun.elapsed().as_secs_f64()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Bytes of all files below a folder.
fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| match entry.metadata().unwrap() {
            data if data.is_dir() => size(&entry.path()),
            data => data.len(),
        })
        .sum()
}

/// Orders, fetches and unpacks, without looking at anything.
fn by_hand(work: &Work, server: &str) -> Command {
    let mut order = serde_json::json!({
        "target_name": work.target, "target_access_string": "lb18145-1", "proteins": "", "file_url": "",
    });
    for kind in &work.kinds {
        order[kind.parameter()] = true.into();
    }
    let script = format!(
        "set -e; url={server}/api/download_structures/
        file=$(curl -sS -H 'Content-Type: application/json' -d '{order}' $url | sed 's/.*\"file_url\": *\"\\([^\"]*\\)\".*/\\1/')
        curl -sS -o a.zip --get --data-urlencode \"file_url=$file\" $url; unzip -q a.zip -d out"
    );
    let mut command = Command::new("bash");
    command.args(["-c", &script]);
    command
}

fn ours(work: &Work, server: &str) -> Command {
    let kinds: Vec<&str> = work.kinds.iter().map(|kind| kind.parameter()).collect();
    let mut command = Command::new(env!("CARGO_BIN_EXE_fragalysis-desktop"));
    command
        .args(["download", "--server", server, "--target", work.target])
        .args(["--tas", "lb18145-1", "--to", "out", "--data-dir", "own"])
        .args(["--files", &kinds.join(",")])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}
