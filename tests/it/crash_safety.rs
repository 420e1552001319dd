//! Downloads that survive a killed program, a closed window, and a user who changes their mind.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use fastrand::Rng;
use fragalysis_desktop::{
    dataset::MANIFEST,
    demo::{DemoOptions, DemoServer, Generation},
    model::{FileKind, Preset},
};
use tokio::runtime::Runtime;

use crate::{
    fixtures::{assert_same_content, options, request},
    harness::files,
};

/// The program on the command line with a home of its own.
pub(crate) fn program(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fragalysis-desktop"));
    command
        .arg("--data-dir")
        .arg(home.join("state"))
        .args(arguments)
        .env_remove("FRAGALYSIS_TOKEN")
        .env("HOME", home)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Returns the codes of the complete parts, according to the hidden folder.
pub(crate) fn whole_parts(folder: &Path) -> Vec<Vec<String>> {
    let hidden = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let hidden: Vec<PathBuf> = hidden
        .map(|entry| entry.path())
        .filter(|path| path.is_dir() && path.extension().is_some_and(|ending| ending == "part"))
        .collect();
    let Some(work) = hidden.first() else {
        return Vec::new();
    };
    let Ok(plan) = fs::read(work.join("plan.json")) else {
        return Vec::new();
    };
    let plan: serde_json::Value = serde_json::from_slice(&plan).unwrap();
    let parts: Vec<Vec<String>> = serde_json::from_value(plan["parts"].clone()).unwrap();
    let is_whole = |number: &usize| work.join(format!("part-{:04}.json", number + 1)).exists();
    let count = (0..parts.len()).take_while(is_whole).count();
    parts[..count].to_vec()
}

/// Asserts that nothing has a final name before it is complete.
fn assert_only_whole_has_a_name(data: &Path) {
    let mut files = files(data).into_iter();
    let under_final = files.find(|path| path.starts_with("Mpro_"));
    let is_done = data.join("Mpro_lb18145-1").join(MANIFEST).exists();
    assert!(is_done || under_final.is_none(), "{under_final:?}");
}

/// The download is done, and nothing hidden is left of it.
fn assert_is_whole(demo: &DemoServer, data: &Path, said: &str) {
    let mut kinds = Preset::Structures.files();
    kinds.set(FileKind::MetadataInfo, true);
    let request = request("Mpro", &[], kinds);
    assert_same_content(demo, &data.join("Mpro_lb18145-1"), &request);
    let mut hidden = files(data);
    hidden.retain(|path| path.contains(".part"));
    assert!(hidden.is_empty(), "{hidden:?} {said}");
}

/// Starts a download with the program and kills it at random times until it is done.
/// Returns how often it was killed.
fn kill_until_done(demo: &DemoServer, rng: &mut Rng) -> usize {
    let server = demo.address().as_str();
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let mut begin = vec!["download", "--server", server, "--target", "Mpro"];
    begin.extend(["--tas", "lb18145-1", "--in-parts", "--json"]);
    begin.extend(["--to", data.to_str().unwrap()]);
    let go_on = ["resume", "--server", server, "--json"];
    let (mut kills, mut whole, mut before) = (0, Vec::new(), demo.ordered().len());
    let mut child = program(home.path(), &begin).spawn().unwrap();
    loop {
        // Longer with every kill, so that it ends on a slow machine as well.
        let longest = 900 + 300 * u64::try_from(kills).unwrap();
        let end = Instant::now() + Duration::from_millis(rng.u64(20..longest));
        while Instant::now() < end && child.try_wait().unwrap().is_none() {
            std::thread::park_timeout(Duration::from_millis(2));
        }
        let has_ended = child.try_wait().unwrap().is_some();
        if !has_ended {
            // The hardest kill there is: nothing of the program runs any more.
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
        }
        let ordered = demo.ordered();
        let twice = ordered[before..].iter().find(|part| whole.contains(*part));
        assert!(twice.is_none(), "a whole part was fetched twice");
        if has_ended {
            break;
        }
        assert_only_whole_has_a_name(&data);
        (whole, before) = (whole_parts(&data), ordered.len());
        child = program(home.path(), &go_on).spawn().unwrap();
    }
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if !data.join("Mpro_lb18145-1").is_dir() {
        // Killed before the download was noted at all: then there is nothing to continue with.
        assert!(text.contains("no interrupted download"), "{text}");
        assert_eq!(files(&data), Vec::<String>::new());
        return kills;
    }
    assert_is_whole(demo, &data, &text);
    kills
}

#[test]
#[expect(clippy::print_stdout, reason = "the seed repeats a failure")]
fn a_killed_download_resumes_and_fetches_no_complete_part_twice() {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let rounds = number("KILL_RUNS").unwrap_or(10);
    let seed = number("KILL_SEED").unwrap_or_else(|| Rng::new().u64(..));
    println!("KILL_RUNS={rounds} KILL_SEED={seed}");
    let mut rng = Rng::with_seed(seed);
    let runtime = Runtime::new().unwrap();
    let options = DemoOptions {
        modelled: Some(200),
        build_time: Duration::from_millis(60),
        ..options(Generation::G2024)
    };
    let demo = runtime.block_on(DemoServer::start(options)).unwrap();
    let mut kills = 0;
    while kills < usize::try_from(rounds).unwrap() {
        kills += kill_until_done(&demo, &mut rng);
    }
}

#[test]
fn an_interrupted_download_is_listed_and_resumed() {
    let runtime = Runtime::new().unwrap();
    let options = DemoOptions {
        build_time: Duration::from_mins(10),
        ..options(Generation::G2026)
    };
    let demo = runtime.block_on(DemoServer::start(options)).unwrap();
    let (server, home) = (demo.address().as_str(), tempfile::tempdir().unwrap());
    let data = home.path().join("data");
    let begin = [
        "download",
        "--server",
        server,
        "--target",
        "PHIPA",
        "--tas",
        "lb18145-1",
        "--to",
        data.to_str().unwrap(),
    ];
    let mut child = program(home.path(), &begin).spawn().unwrap();
    let end = Instant::now() + Duration::from_mins(1);
    while demo.ordered().is_empty() {
        assert!(Instant::now() < end, "nothing was ordered");
        std::thread::park_timeout(Duration::from_millis(2));
    }
    let queue = || {
        let output = program(home.path(), &["queue", "--json"]).output().unwrap();
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    assert_eq!(queue()[0]["state"], "open elsewhere");
    // A second copy does not touch what the first one has.
    let output = program(home.path(), &["resume", "--server", server])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("no interrupted download"));
    terminate(&mut child);
    let output = child.wait_with_output();
    let text = String::from_utf8_lossy(&output.unwrap().stderr).into_owned();
    // A killed program cannot print a message.
    assert!(
        !cfg!(unix) || (text.contains("The download was stopped") && text.contains("resume")),
        "{text}"
    );
    let state = if cfg!(unix) { "paused" } else { "interrupted" };
    assert_eq!(
        (queue()[0]["state"].as_str(), queue()[0]["target"].as_str()),
        (Some(state), Some("PHIPA"))
    );
    assert!(!cfg!(unix) || files(&data).is_empty());
    let _demo = demo;
}

/// Ends the program as a system does that shuts down.
#[cfg(unix)]
fn terminate(child: &mut std::process::Child) {
    let ended = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(ended.success());
}

/// Windows has no such signal for programs without a window.
#[cfg(not(unix))]
fn terminate(child: &mut std::process::Child) {
    child.kill().unwrap();
}
