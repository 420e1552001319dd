//! How fast an archive becomes a checked folder, against what people use today: curl, aria2, `curl | tar`
//! and the official Python client. `cargo bench --bench transfer`.
//!
//! All fetch the same archive from the same server of this program, in turns, so that a noisy machine
//! disturbs all alike. `BENCH_MIB` says how large the archive is (unpacked), `BENCH_DIR` where everything is
//! written (by default in memory, so that the disk is not what is measured), `BENCH_PYTHON` a Python with
//! `xchem-fragalysis`; with `BENCH_MEMORY_ONLY`, only this program is measured.
#![expect(clippy::unwrap_used, reason = "a bench may stop at the first surprise")]
#![expect(clippy::print_stdout, reason = "prints what it measured")]

mod archive;

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use archive::invent;
use fragalysis_desktop::{
    api::{Client, ClientOptions, OrderOutcome},
    dataset::JobId,
    demo::{DemoOptions, DemoServer, StandIn},
    downloads::{Engine, Job, Stage, Timeouts, run},
    model::{DownloadRequest, Preset, ServerAddress, TargetKey, Tas},
};
use tokio::runtime::Runtime;

/// Turns of each.
const TURNS: usize = 3;
/// One gigabit per second.
const GIGABIT: u64 = 125_000_000;

fn main() {
    let arguments: Vec<String> = env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    match arguments.first().map(String::as_str) {
        Some("serve") => serve(&arguments[1], arguments[2].parse().ok()),
        Some("ours") => ours(&arguments[1], Path::new(&arguments[2]), true),
        Some("keep") => ours(&arguments[1], Path::new(&arguments[2]), false),
        Some("raw") => raw(&arguments[1], Path::new(&arguments[2])),
        _ => parent(),
    }
}

fn number(name: &str, usual: usize) -> usize {
    let given = env::var(name).ok().and_then(|text| text.parse().ok());
    given.unwrap_or(usual)
}

/// The resources that a child used.
#[derive(Clone, Copy, Default)]
struct Took {
    seconds: f64,
    /// Seconds of the processors, for user and system.
    cpu: f64,
}

fn parent() {
    let folder = env::var_os("BENCH_DIR").map_or_else(
        || {
            let memory = Path::new("/dev/shm");
            if memory.is_dir() {
                memory.to_owned()
            } else {
                env::temp_dir()
            }
        },
        PathBuf::from,
    );
    let work = folder.join(format!("fragalysis-bench-{}", std::process::id()));
    fs::create_dir_all(&work).unwrap();
    let archive = work.join("archive.tar.gz");
    let unpacked = invent(&archive, number("BENCH_MIB", 512));
    let bytes = fs::metadata(&archive).unwrap().len();
    println!(
        "an archive of {:.0} MB, {:.0} MB unpacked; written to {}",
        bytes as f64 / 1e6,
        unpacked as f64 / 1e6,
        folder.display()
    );
    // For an archive of many gigabytes, of which only the memory matters.
    if env::var_os("BENCH_MEMORY_ONLY").is_none() {
        for rate in [None, Some(GIGABIT)] {
            compare(&work, &archive, rate);
        }
    }
    memory(&work, &archive);
    fs::remove_dir_all(&work).unwrap();
}

fn compare(work: &Path, archive: &Path, rate: Option<u64>) {
    let server = Server::start(archive, rate);
    let line = if rate.is_some() {
        "connection of 1 Gbit/s"
    } else {
        "connection without a limit"
    };
    println!("\n{line}");
    let python = env::var("BENCH_PYTHON").ok();
    let mut rows: Vec<(&str, Vec<Took>)> = Vec::new();
    for turn in 0..=TURNS {
        let mut add = |name: &'static str, command: Command| {
            let place = work.join("out");
            fs::create_dir_all(&place).unwrap();
            let took = measure(command, &place);
            fs::remove_dir_all(&place).unwrap();
            if let (Some(took), true) = (took, turn > 0) {
                match rows.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, all)) => all.push(took),
                    None => rows.push((name, vec![took])),
                }
            }
        };
        add("receive: ours", own(&["raw", &server.address]));
        add(
            "receive: curl",
            shell(&format!("curl -sS -o archive '{}'", server.link)),
        );
        add(
            "receive: aria2",
            shell(&format!("aria2c -q -x1 -o archive '{}'", server.link)),
        );
        add(
            "receive: wget2",
            shell(&format!("wget2 -q -O archive '{}'", server.link)),
        );
        add("receive and check: ours", own(&["keep", &server.address]));
        add("unpack: ours, checked", own(&["ours", &server.address]));
        add(
            "unpack: curl | tar",
            shell(&format!("curl -sS '{}' | tar xz", server.link)),
        );
        if let Some(python) = &python {
            let text = format!(
                "from fragalysis.requests.download import download_target as d; d('Mpro', 'lb18145-1', stack='{}', destination='.')",
                server.address
            );
            let mut command = Command::new(python);
            command.args(["-c", &text]);
            add("unpack: official client", command);
        }
    }
    tell(&rows);
}

/// Prints the medians and what is asked of them.
fn tell(rows: &[(&str, Vec<Took>)]) {
    let best = |names: &[&str]| {
        let found = rows.iter().filter(|(name, _)| names.contains(name));
        found
            .map(|(_, all)| median(all).seconds)
            .fold(f64::MAX, f64::min)
    };
    let receive = best(&["receive: curl", "receive: aria2", "receive: wget2"]);
    let (tar, official) = (
        best(&["unpack: curl | tar"]),
        best(&["unpack: official client"]),
    );
    for (name, all) in rows {
        let took = median(all);
        println!(
            "  {name:26} {:6.2} s, processors {:6.2} s",
            took.seconds, took.cpu
        );
    }
    let of = |name: &str| best(&[name]);
    println!(
        "  receiving: {:.2} of the best rival's speed (at least 0.9)",
        receive / of("receive: ours")
    );
    println!(
        "  checked and unpacked: {:.2} of the time of curl | tar (at most 1.1)",
        of("unpack: ours, checked") / tar
    );
    if official < f64::MAX {
        println!(
            "  checked and unpacked: {:.2} of the time of the official client (at most 0.7)",
            of("unpack: ours, checked") / official
        );
    }
}

/// Measures the time from the last byte to the end, and the memory, as the child reports them.
fn memory(work: &Path, archive: &Path) {
    let server = Server::start(archive, None);
    let place = work.join("out");
    fs::create_dir_all(&place).unwrap();
    let output = own(&["ours", &server.address])
        .arg(&place)
        .output()
        .unwrap();
    println!("\n{}", String::from_utf8_lossy(&output.stdout).trim());
}

fn own(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(arguments);
    command
}

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

/// Runs a command in a folder; `None` if it fails or is not there.
fn measure(mut command: Command, place: &Path) -> Option<Took> {
    let is_own = command.get_program() == env::current_exe().unwrap();
    if is_own {
        command.arg(place);
    }
    let before = cpu_of_children();
    let begun = Instant::now();
    let output = command.current_dir(place).output().ok()?;
    let seconds = begun.elapsed().as_secs_f64();
    output.status.success().then(|| Took {
        seconds,
        cpu: cpu_of_children() - before,
    })
}

/// Seconds of processors that ended children took, as Linux counts them; 0 elsewhere.
fn cpu_of_children() -> f64 {
    let Ok(text) = fs::read_to_string("/proc/self/stat") else {
        return 0.0;
    };
    // Behind the name in brackets: the 14th and 15th field, in hundredths of a second.
    let rest = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks = rest.split(' ').skip(13).take(2);
    ticks
        .filter_map(|tick| tick.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

fn median(all: &[Took]) -> Took {
    let mut sorted = all.to_vec();
    sorted.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    sorted[sorted.len() / 2]
}

/// A server in a process of its own.
struct Server {
    child: Child,
    address: String,
    /// Where the archive is, for programs that only fetch.
    link: String,
}

impl Server {
    fn start(archive: &Path, rate: Option<u64>) -> Self {
        let mut child = own(&["serve", archive.to_str().unwrap()])
            .arg(rate.map_or_else(|| "-".to_owned(), |rate| rate.to_string()))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut next = || lines.next().unwrap().unwrap();
        Self {
            address: next(),
            link: next(),
            child,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn request() -> DownloadRequest {
    DownloadRequest {
        target: TargetKey {
            title: "Mpro".to_owned(),
            tas: Tas::new("lb18145-1"),
        },
        codes: Vec::new(),
        files: Preset::Structures.files(),
        static_link: false,
    }
}

fn client(address: &str) -> Client {
    let address = ServerAddress::parse(address).unwrap();
    Client::new(address, None, ClientOptions::default()).unwrap()
}

fn serve(archive: &str, rate: Option<u64>) {
    let bytes: &'static [u8] = fs::read(archive).unwrap().leak();
    Runtime::new().unwrap().block_on(async {
        let options = DemoOptions {
            build_time: Duration::ZERO,
            stand_in: Some(StandIn { bytes, rate }),
            ..DemoOptions::default()
        };
        let server = DemoServer::start(options).await.unwrap();
        let address = server.address().as_str().to_owned();
        println!("{address}");
        handle(&client(&address)).await;
        println!(
            "{address}/api/download_structures/?file_url={}",
            server.handles()[0]
        );
        std::io::stdout().flush().unwrap();
        std::future::pending::<()>().await;
    });
}

/// Orders the archive until it is there.
async fn handle(client: &Client) -> fragalysis_desktop::api::ArchiveHandle {
    loop {
        if let OrderOutcome::Ready(handle) = client.order(&request()).await.unwrap() {
            return handle;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Only receives the bytes and writes them, as curl does.
fn raw(address: &str, folder: &Path) {
    Runtime::new().unwrap().block_on(async {
        let client = client(address);
        let handle = handle(&client).await;
        let mut arriving = client.fetch(&handle, None).await.unwrap();
        let mut file = fs::File::create(folder.join("archive")).unwrap();
        while let Some(piece) = arriving.chunk().await.unwrap() {
            file.write_all(&piece).unwrap();
        }
    });
}

/// The engine of the program, with everything that it checks.
fn ours(address: &str, folder: &Path, unpack: bool) {
    let runtime = Runtime::new().unwrap();
    let job = Job {
        unpack,
        keep_archive: !unpack,
        ..Job::new(request(), folder.to_owned())
    };
    let mut engine = Engine::new(JobId(1), client(address), job, Timeouts::shortened(0.01));
    // When the last byte arrived.
    let last = Arc::new(Mutex::new((Instant::now(), Instant::now())));
    let seen = Arc::clone(&last);
    engine.on_stage = Arc::new(move |stage| {
        if let Stage::Receiving { received, .. } = stage {
            let mut seen = seen.lock().unwrap();
            if received == 0 {
                seen.0 = Instant::now();
            }
            seen.1 = Instant::now();
        }
    });
    let idle = memory_line("VmRSS");
    let done = runtime.block_on(run(engine)).unwrap();
    let (first, last) = *last.lock().unwrap();
    println!(
        "{} files, {}; last byte to done {:.2} s (at most 1 s or 2 % of {:.2} s); memory over idle {:.1} MiB (at most 32)",
        done.report.files,
        done.report.summary(),
        last.elapsed().as_secs_f64(),
        (last - first).as_secs_f64(),
        memory_line("VmHWM").saturating_sub(idle) as f64 / 1024.0
    );
}

/// A line of `/proc/self/status`, in KiB.
fn memory_line(name: &str) -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.trim_start_matches(':').trim().split(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
