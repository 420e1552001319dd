//! The commands of the real program: names, shapes and exit codes that scripts depend on.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

use fragalysis_desktop::demo::{AGEING, ALICE, DemoOptions, DemoServer, Faults, Generation};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::harness::files;

/// A demo server beside the program.
pub(crate) struct TestServer {
    pub(crate) demo: DemoServer,
    /// What its commands remember.
    data: TempDir,
    _runtime: Runtime,
}

impl TestServer {
    pub(crate) fn new(generation: Generation, faults: Faults) -> Self {
        let runtime = Runtime::new().unwrap();
        let options = DemoOptions {
            generation,
            faults,
            build_time: std::time::Duration::from_millis(20),
            ..DemoOptions::default()
        };
        let demo = runtime.block_on(DemoServer::start(options)).unwrap();
        Self {
            demo,
            data: tempfile::tempdir().unwrap(),
            _runtime: runtime,
        }
    }

    pub(crate) fn run(&self, arguments: &[&str], token: Option<&str>) -> Output {
        let mut all = arguments.to_vec();
        all.extend(["--server", self.demo.address().as_str()]);
        run_with(self.data.path(), &all, token)
    }
}

/// Runs a command that finds nothing that an earlier one has left.
pub(crate) fn run(arguments: &[&str], token: Option<&str>) -> Output {
    run_with(tempfile::tempdir().unwrap().path(), arguments, token)
}

fn run_with(data: &Path, arguments: &[&str], token: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fragalysis-desktop"));
    command.args(arguments).stdin(Stdio::null());
    for variable in [
        "FRAGALYSIS_TOKEN",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "WAYLAND_SOCKET",
    ] {
        command.env_remove(variable);
    }
    command.env("FRAGALYSIS_LOG", "trace");
    // Commands must not touch the data of the user who runs the tests.
    command.arg("--data-dir").arg(data);
    if let Some(token) = token {
        command.env("FRAGALYSIS_TOKEN", token);
    }
    command.output().unwrap()
}

pub(crate) fn json(output: &Output) -> Value {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    serde_json::from_str(text)
        .unwrap_or_else(|error| panic!("{error} in {text}\n{}", errors(output)))
}

pub(crate) fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

#[test]
fn without_a_display_one_sentence_names_the_commands() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let output = run(&["--demo"], None);
    assert_eq!(code(&output), 4);
    let text = errors(&output);
    assert_eq!(text.lines().count(), 1, "{text}");
    for name in ["targets", "experiments", "status", "download", "demo"] {
        assert!(text.contains(name), "{name} is missing in {text}");
    }
}

#[test]
fn targets_are_listed_with_their_access() {
    let beside = TestServer::new(Generation::G2026, Faults::default());
    let output = beside.run(&["targets", "--json"], Some(ALICE));
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let list = json(&output);
    let private = list
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["tas"] == "lb32627-66")
        .unwrap();
    assert_eq!(
        (&private["title"], &private["open"]),
        (&Value::from("A71EV2A"), &Value::from(false))
    );
    assert!(private["experiments"].as_u64().unwrap() > 0 && private["display_name"].is_string());
}

#[test]
fn experiments_are_filtered_sorted_and_saved() {
    let beside = TestServer::new(Generation::G2026, Faults::default());
    let home = tempfile::tempdir().unwrap();
    let csv = home.path().join("table.csv");
    let xlsx = home.path().join("table.xlsx");
    let arguments = [
        "experiments",
        "--target",
        "Mpro",
        "--where",
        "refinement_resolution<=1.5",
        "--sort",
        "-refinement_resolution",
        "--json",
    ];
    let output = beside.run(&arguments, None);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let rows = json(&output);
    let values: Vec<f64> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["refinement_resolution"].as_f64().unwrap())
        .collect();
    assert!(values.len() > 2 && values.iter().all(|value| *value <= 1.5));
    assert!(values.iter().rev().is_sorted(), "{values:?}");
    assert_eq!(
        (&rows[0]["target"], &rows[0]["tas"]),
        (&Value::from("Mpro"), &Value::from("lb18145-1"))
    );
    for (option, path) in [("--csv", &csv), ("--xlsx", &xlsx)] {
        let output = beside.run(
            &[
                "experiments",
                "--target",
                "Mpro",
                option,
                path.to_str().unwrap(),
            ],
            None,
        );
        assert_eq!(code(&output), 0, "{}", errors(&output));
    }
    let mut reader = csv::Reader::from_path(&csv).unwrap();
    assert_eq!(reader.records().count(), 420);
    assert!(std::fs::read(&xlsx).unwrap().starts_with(b"PK"));
}

#[test]
fn a_session_is_named_and_a_bad_one_ends_with_its_code() {
    for generation in Generation::ALL {
        let beside = TestServer::new(generation, Faults::default());
        let wrong = "abcdefghijklmnopqrstuvwxyz123456";
        for (token, state, exit) in [
            (None, "anonymous", 0),
            (Some(ALICE), "signed_in", 0),
            (Some(wrong), "refused", 5),
            (Some(AGEING), "ageing", 1),
        ] {
            let output = beside.run(&["status", "--json"], token);
            let answer = json(&output);
            assert_eq!(
                answer["session"]["state"], state,
                "{generation:?} {token:?}"
            );
            assert_eq!(
                code(&output),
                exit,
                "{generation:?} {token:?}: {}",
                errors(&output)
            );
        }
        let output = beside.run(&["targets"], Some(wrong));
        assert_eq!(code(&output), 5, "public data would have come back");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn no_token_is_ever_printed_not_even_in_the_fullest_log() {
    let beside = TestServer::new(Generation::G2026, Faults::default());
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().to_str().unwrap();
    for arguments in [
        vec!["status", "--json"],
        vec!["targets"],
        vec![
            "download",
            "--target",
            "PHIPA",
            "--tas",
            "lb18145-1",
            "--to",
            folder,
        ],
    ] {
        let output = beside.run(&arguments, Some(ALICE));
        assert_eq!(code(&output), 0, "{}", errors(&output));
        let all = [output.stdout.clone(), output.stderr.clone()].concat();
        let text = String::from_utf8_lossy(&all);
        assert!(text.contains("fragalysis_desktop"), "the log was not on");
        assert!(
            !text.contains(ALICE),
            "the token was printed by {arguments:?}"
        );
    }
    for path in files(home.path()) {
        let bytes = std::fs::read(home.path().join(&path)).unwrap();
        assert!(
            !bytes
                .windows(ALICE.len())
                .any(|window| window == ALICE.as_bytes()),
            "{path}"
        );
    }
}
