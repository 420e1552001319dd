//! What the system does to a command: folders that cannot be written to, no more threads, a terminal that is closed,
//! an output that accepts nothing, a server that is not running yet.
#![cfg(unix)]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use fragalysis_desktop::demo::{ALICE, DemoOptions, DemoServer, Faults, Generation};
use tokio::runtime::Runtime;

use crate::{crash_safety::program, disk::can_watch, fixtures::options};

const PHIPA: [&str; 5] = ["download", "--target", "PHIPA", "--tas", "lb18145-1"];

fn demo(options: DemoOptions) -> (Runtime, DemoServer) {
    let runtime = Runtime::new().unwrap();
    let demo = runtime.block_on(DemoServer::start(options)).unwrap();
    (runtime, demo)
}

/// The download of a small target into `data` of a home.
fn download(home: &Path, demo: &DemoServer) -> Command {
    let mut command = program(home, &PHIPA);
    command
        .args(["--server", demo.address().as_str(), "--to"])
        .arg(home.join("data"));
    command
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn is_whole(home: &Path) -> bool {
    let record = "data/PHIPA_lb18145-1/fragalysis-download.json";
    fs::read_to_string(home.join(record)).is_ok_and(|text| text.contains("\"complete\""))
}

/// W25: the sentence named no folder, and the list said that no download was interrupted.
#[test]
fn a_folder_for_records_that_cannot_be_written_to_is_named_and_the_download_goes_on() {
    let (_runtime, demo) = demo(options(Generation::G2026));
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_fragalysis-desktop"))
        .args(PHIPA)
        .args(["--server", demo.address().as_str(), "--to"])
        .arg(home.path().join("data"))
        // No one can write there, not even root.
        .env("XDG_DATA_HOME", "/proc/nowhere")
        .env("HOME", home.path())
        .env_remove("FRAGALYSIS_TOKEN")
        .output()
        .unwrap();
    let told = errors(&output);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(is_whole(home.path()), "{told}");
    assert!(
        told.contains("cannot be recorded") && told.contains("/proc/nowhere"),
        "{told}"
    );
}

/// W26: without threads it waited for ever or panicked.
#[test]
#[expect(clippy::print_stdout, reason = "says what was not tried")]
fn a_system_without_threads_is_named_as_the_cause() {
    if !can_watch() {
        println!("not tried: there is no strace here");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    for arguments in [&["queue"][..], &["experiments", "--demo"]] {
        let output = Command::new("strace")
            .args(["-f", "-qq", "-o"])
            .arg(home.path().join("calls"))
            .args(["-e", "trace=clone,clone3"])
            .args(["-e", "inject=clone,clone3:error=EAGAIN"])
            .arg(env!("CARGO_BIN_EXE_fragalysis-desktop"))
            .arg("--data-dir")
            .arg(home.path().join("state"))
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let told = errors(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?} {told}");
        assert!(
            told.contains("The program could not be started") && !told.contains("panicked"),
            "{arguments:?} {told}"
        );
    }
}

fn send(signal: &str, child: &Child) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args([signal, &id]).status().unwrap();
    assert!(sent.success());
}

/// W27: a closed terminal ended the program without a word, and the download was "interrupted".
#[test]
fn a_closed_terminal_pauses_a_download_as_an_interrupt_does() {
    for signal in ["-HUP", "-INT", "-TERM"] {
        let (_runtime, demo) = demo(DemoOptions {
            build_time: Duration::from_mins(10),
            ..options(Generation::G2026)
        });
        let home = tempfile::tempdir().unwrap();
        let child = download(home.path(), &demo).spawn().unwrap();
        let end = Instant::now() + Duration::from_mins(1);
        while demo.ordered().is_empty() {
            assert!(Instant::now() < end, "nothing was ordered");
            std::thread::park_timeout(Duration::from_millis(2));
        }
        send(signal, &child);
        let told = errors(&child.wait_with_output().unwrap());
        assert!(
            told.contains("The download was stopped") && told.contains("resume"),
            "{signal}: {told}"
        );
        let queue = program(home.path(), &["queue", "--json"]).output().unwrap();
        let queue: serde_json::Value = serde_json::from_slice(&queue.stdout).unwrap();
        assert_eq!(queue[0]["state"], "paused", "{signal}");
    }
}

/// W28: a complete download ended with an error if its last line could not be printed.
#[test]
fn a_failing_output_changes_neither_files_nor_exit_code() {
    let (_runtime, demo) = demo(options(Generation::G2026));
    for redirect in [">/dev/full", ">&-", "| true"] {
        for flag in ["", "--json"] {
            let what = format!("{redirect} {flag}");
            let home = tempfile::tempdir().unwrap();
            // The exit code is that of the program, not that of the pipe's other end.
            let line = format!("set -o pipefail; \"$0\" \"$@\" {flag} {redirect}");
            let plain = download(home.path(), &demo);
            let output = Command::new("bash")
                .args(["-c", &line])
                .arg(plain.get_program())
                .args(plain.get_args())
                .env_remove("FRAGALYSIS_TOKEN")
                .env("HOME", home.path())
                .output()
                .unwrap();
            let told = errors(&output);
            assert_eq!(output.status.code(), Some(0), "{what}: {told}");
            assert!(is_whole(home.path()), "{what}: {told}");
            assert!(!told.contains("panicked"), "{what}: {told}");
            if redirect == ">/dev/full" {
                // Where it lies is said where someone may still read it. A closed output is opened as `/dev/null` by
                // the standard library, and nothing ever knows.
                assert!(told.contains("PHIPA_lb18145-1"), "{what}: {told}");
            }
        }
    }
}

/// W6: a first connection that fails ended a download at once; only later ones were tried again.
#[test]
fn a_server_that_is_not_running_yet_is_waited_for() {
    std::thread::scope(|scope| {
        for token in [None, Some(ALICE)] {
            scope.spawn(move || assert_waits(token));
        }
    });
}

fn assert_waits(token: Option<&str>) {
    let (_runtime, demo) = demo(options(Generation::G2026));
    demo.set_faults(Faults {
        hangs_up: true,
        ..Faults::default()
    });
    let home = tempfile::tempdir().unwrap();
    let mut command = download(home.path(), &demo);
    if let Some(token) = token {
        command.env("FRAGALYSIS_TOKEN", token);
    }
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let told = lines.find_map(|line| line.ok().filter(|line| line.contains("Trying again")));
    let told = told.expect("a line that says that it is tried again");
    assert!(told.contains("Trying again for up to "), "{told}");
    demo.set_faults(Faults::default());
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    assert!(child.wait().unwrap().success(), "{token:?} {rest:?}");
    assert!(is_whole(home.path()), "{token:?} {rest:?}");
}
