//! Malicious archives of every kind, generated from a seed and ingested as if a server had sent them.
//! `HOSTILE_RUNS` says how many, `HOSTILE_SEED` repeats a run.

mod invent;

use std::{
    fs::{self, File},
    io::Read as _,
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use fastrand::Rng;
use sha2::{Digest as _, Sha256};

use self::invent::archive;
use super::{
    DownloadError, Engine, Job, Timeouts,
    transfer::ingest::{Ingest, IngestTarget},
    work_dir::records::PartRecord,
};
use crate::{
    api::{Client, ClientOptions},
    dataset::JobId,
    model::{FileName, ServerAddress},
};

/// Archives in an ordinary run; the long run uses a hundred times as many.
const RUNS: u64 = 50;
/// Archives that broke a rule once, unpacked in every run.
const KNOWN: [u64; 1] = [
    // A global header of 59 MB was read into memory.
    1_795_878_023_004_638,
];
/// Maximum memory for unpacking, in bytes.
const MEMORY: u64 = 64 << 20;
/// Tells a process of this test that it is the one that unpacks, and where the archives are.
const CHILD: &str = "HOSTILE_CHILD";

/// Ingests a file as the engine ingests what a server sends.
async fn take(
    engine: &Arc<Engine>,
    spot: IngestTarget,
    mut archive: File,
) -> Result<PartRecord, DownloadError> {
    let place = Arc::clone(&engine.worker).acquire_owned().await.unwrap();
    let mut flow = Ingest::start(engine, spot, place);
    loop {
        let mut piece = vec![0; 16 << 10];
        let length = archive.read(&mut piece).unwrap();
        piece.truncate(length);
        if length == 0 || !flow.take(piece.into()).await {
            return flow.finish().await;
        }
    }
}

/// Lists every file below a folder by its path; panics on links and devices.
fn files(folder: &Path, below: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{below}{}", entry.file_name().to_str().unwrap());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            files(&entry.path(), &format!("{name}/"), found);
        } else {
            assert!(kind.is_file(), "{name} is no file");
            found.push(name);
        }
    }
}

fn is_legal_everywhere(path: &str) -> bool {
    path.split('/').all(|part| {
        !part.is_empty()
            && part.len() <= 255
            && !part.ends_with(['.', ' '])
            && !part.chars().any(FileName::is_refused_char)
            && !FileName::is_reserved(part)
    })
}

fn engine(home: &Path) -> Arc<Engine> {
    let server = ServerAddress::parse("http://127.0.0.1:9").unwrap();
    let client = Client::new(server, None, ClientOptions::default()).unwrap();
    let job = Job::sample(home);
    Arc::new(Engine::new(JobId(1), client, job, Timeouts::default()))
}

/// Unpacks one archive and checks everything around it. Returns whether it was accepted, and how much more
/// memory it used.
async fn trial(archives: &Path, seed: u64) -> (bool, u64) {
    let mut rng = Rng::with_seed(!seed);
    let archive = File::open(archives.join(seed.to_string())).unwrap();
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("canary.txt"), "mine").unwrap();
    let tree = home.path().join("work/part.new");
    fs::create_dir_all(&tree).unwrap();
    let spot = IngestTarget {
        tree: rng.bool().then(|| tree.clone()),
        archive: home.path().join("work/archive.part"),
        stores: rng.bool(),
        stored: 0,
        certain: None,
    };
    let unpacks = spot.tree.is_some();
    let engine = engine(home.path());
    let idle = memory("VmRSS").unwrap_or_default();
    // Resets the peak.
    fs::write("/proc/self/clear_refs", "5").ok();
    let taken = take(&engine, spot, archive).await;
    let more = memory("VmHWM").unwrap_or_default().saturating_sub(idle);
    let mut around = Vec::new();
    files(home.path(), "", &mut around);
    around.retain(|name| !name.starts_with("work/part.new/") && name != "work/archive.part");
    assert_eq!(around, ["canary.txt"], "seed {seed}");
    let canary = fs::read(home.path().join("canary.txt")).unwrap();
    assert_eq!(canary, b"mine", "seed {seed}");
    assert!(!Path::new("/tmp/hostile-evil").exists(), "seed {seed}");
    let Ok(record) = taken else {
        return (false, more);
    };
    for file in &record.files {
        assert!(is_legal_everywhere(&file.path), "seed {seed}: {file:?}");
    }
    if unpacks {
        let mut there = Vec::new();
        files(&tree, "", &mut there);
        there.sort();
        let meant: Vec<&str> = record.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(there, meant, "seed {seed}");
        for file in &record.files {
            let contents = fs::read(tree.join(&file.path)).unwrap();
            let found = hex::encode(Sha256::digest(&contents));
            assert_eq!(found, file.sha256, "seed {seed}: {file:?}");
        }
    }
    (true, more)
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Returns a line of `/proc/self/status` in bytes; `None` on other systems.
fn memory(line: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|text| text.strip_prefix(line))?;
    Some(
        line.trim_start_matches(':')
            .trim()
            .split(' ')
            .next()?
            .parse::<u64>()
            .ok()?
            << 10,
    )
}

#[test]
#[expect(clippy::print_stdout, reason = "the seed repeats a failure")]
fn hostile_archives_stay_in_their_folder_and_memory_limit() {
    let runs = number("HOSTILE_RUNS").unwrap_or(RUNS);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let first = number("HOSTILE_SEED").unwrap_or(now.as_secs() * 1_000_000);
    if let Some(archives) = std::env::var_os(CHILD) {
        return unpack_all(Path::new(&archives), first..first + runs);
    }
    println!("HOSTILE_SEED={first} HOSTILE_RUNS={runs}");
    let archives = tempfile::tempdir().unwrap();
    for seed in KNOWN.into_iter().chain(first..first + runs) {
        let bytes = archive(&mut Rng::with_seed(seed));
        fs::write(archives.path().join(seed.to_string()), bytes).unwrap();
    }
    // A process of its own unpacks: only there the memory can be told apart from that of other tests.
    let name = std::thread::current().name().unwrap().to_owned();
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args([&name, "--exact", "--nocapture"])
        .env(CHILD, archives.path())
        .env("HOSTILE_SEED", first.to_string())
        .env("HOSTILE_RUNS", runs.to_string())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&child.stdout);
    let wrong = String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success(), "{text}\n{wrong}");
    let words = text.lines().find(|line| line.starts_with("hostile:"));
    println!("{}", words.unwrap());
}

#[expect(
    clippy::print_stdout,
    reason = "read by the test that started this process"
)]
fn unpack_all(archives: &Path, seeds: std::ops::Range<u64>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let runs = seeds.end - seeds.start;
    let (mut taken, mut most) = (0, (0, 0));
    for seed in KNOWN.into_iter().chain(seeds) {
        let (is_taken, more) = runtime.block_on(trial(archives, seed));
        taken += u64::from(is_taken);
        most = most.max((more, seed));
    }
    let (more, seed) = most;
    println!(
        "hostile: {taken} of {runs} taken, the rest refused; at most {more} bytes of memory (seed {seed})"
    );
    assert!(runs < 50 || (taken > 0 && taken < runs));
    assert!(more < MEMORY, "seed {seed}: {more} bytes");
}
