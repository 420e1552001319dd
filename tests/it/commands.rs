//! The commands of the real program: names, shapes and exit codes that scripts depend on.

use std::process::{Command, Output, Stdio};

use fragalysis_desktop::demo::{AGEING, ALICE, DemoOptions, DemoServer, Faults, Generation};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::desk::files;

/// A demo server beside the program.
pub(crate) struct Beside {
    pub(crate) demo: DemoServer,
    _runtime: Runtime,
}

impl Beside {
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
            _runtime: runtime,
        }
    }

    pub(crate) fn run(&self, arguments: &[&str], token: Option<&str>) -> Output {
        let mut all = arguments.to_vec();
        all.extend(["--server", self.demo.address().as_str()]);
        run(&all, token)
    }
}

pub(crate) fn run(arguments: &[&str], token: Option<&str>) -> Output {
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
    // What a command remembers is no business of anyone who runs the tests.
    command.args(["--data-dir", env!("CARGO_TARGET_TMPDIR")]);
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
    let beside = Beside::new(Generation::G2026, Faults::default());
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
    let beside = Beside::new(Generation::G2026, Faults::default());
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
        let beside = Beside::new(generation, Faults::default());
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
    let beside = Beside::new(Generation::G2026, Faults::default());
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

#[test]
fn a_session_that_ends_behind_its_proof_ends_every_list_with_its_code() {
    for generation in Generation::ALL {
        for keeps_dead_cookie in [true, false] {
            for arguments in [
                &["targets"][..],
                &["experiments"],
                &["experiments", "--target", "A71EV2A", "--tas", "lb32627-66"],
                &["status", "--json"],
            ] {
                let faults = Faults {
                    session_ends: true,
                    keeps_dead_cookie,
                    ..Faults::default()
                };
                let beside = Beside::new(generation, faults);
                let output = beside.run(arguments, Some(ALICE));
                let what = format!("{generation:?} {arguments:?}: {}", errors(&output));
                assert_eq!(code(&output), 5, "{what}");
                let text = String::from_utf8_lossy(&output.stdout);
                assert!(!text.contains("Mpro"), "public data were shown: {what}");
            }
        }
    }
}

#[test]
fn a_server_that_does_not_say_who_asks_is_not_quoted_as_if_it_had() {
    for generation in [Generation::G2025, Generation::G2026] {
        let faults = Faults {
            broken_token: true,
            keeps_dead_cookie: true,
            ..Faults::default()
        };
        let beside = Beside::new(generation, faults);
        // Whatever this token is, no one has proven it, and a stranger's list is no list of its owner.
        let all = ["status", "--json", "--why", "lb32627-66"];
        let output = beside.run(&all, Some("abcdefghijklmnopqrstuvwxyz123456"));
        let status = json(&output);
        assert_ne!(code(&output), 0, "{status}");
        assert_eq!(status["session"]["state"], "unknown");
        assert_eq!(status["target_access"], serde_json::Value::Null);
        // What holds for everybody is still said.
        assert_eq!(status["ping"], "OK");
        let why = status["why"].as_str().unwrap();
        assert!(why.contains("did not say who you are"), "{why}");
        assert!(!why.contains("not listed"), "{why}");
    }
}

#[test]
fn the_demo_runs_until_it_is_ended_and_tells_its_address_in_one_line() {
    use std::io::BufRead as _;
    let mut demo = Command::new(env!("CARGO_BIN_EXE_fragalysis-desktop"))
        .args([
            "demo",
            "--json",
            "--rows",
            "100",
            "--fault",
            "busy-once",
            "nan",
            "--generation",
            "2025",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufReader::new(demo.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let facts: Value = serde_json::from_str(&line).unwrap();
    let url = facts["url"].as_str().unwrap();
    assert_eq!(facts["tokens"]["alice"], ALICE);
    let port = url.rsplit(':').next().unwrap();
    let rows = json(&run(
        &["experiments", "--json", "--server", url],
        Some(ALICE),
    ));
    assert_eq!(rows.as_array().unwrap().len(), 100);
    // A port that is taken is said in words.
    let taken = run(&["demo", "--port", port], None);
    assert_eq!(code(&taken), 1);
    assert!(
        errors(&taken).contains("could not be started"),
        "{}",
        errors(&taken)
    );
    demo.kill().unwrap();
    demo.wait().unwrap();
}

#[test]
fn a_token_comes_from_standard_input_too_and_an_empty_one_is_none() {
    use std::io::Write as _;
    let beside = Beside::new(Generation::G2026, Faults::default());
    for (text, exit, user) in [
        ("{\"sessionid\": \"demo-alice\"}\n", 0, "alice"),
        ("  \n", 5, ""),
        ("no token at all", 5, ""),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_fragalysis-desktop"))
            .args([
                "status",
                "--json",
                "--token-stdin",
                "--server",
                beside.demo.address().as_str(),
            ])
            .env_remove("FRAGALYSIS_TOKEN")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(code(&output), exit, "{text}: {}", errors(&output));
        if !user.is_empty() {
            assert_eq!(json(&output)["session"]["user"], user);
        }
    }
}

#[test]
fn why_something_is_not_seen_is_said_with_its_evidence() {
    let beside = Beside::new(Generation::G2026, Faults::default());
    let output = beside.run(&["status", "--why", "Mpro lb32627-66"], Some(ALICE));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(code(&output), 0, "{}", errors(&output));
    for part in [
        "lb32627-66, 1 target",
        "no Mpro in it",
        "There is a Mpro under lb18145-1",
        "Access control (ISPyB): OK",
        "Answer:",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let output = beside.run(&["status", "--json", "--why", "mpro"], None);
    assert!(
        json(&output)["why"]
            .as_str()
            .unwrap()
            .contains("there is Mpro")
    );
    assert_eq!(json(&output)["target_access"], serde_json::json!([]));
}

#[test]
fn the_demo_may_be_named_before_the_command_or_behind_it() {
    for arguments in [
        &["--demo", "targets", "--json"][..],
        &["targets", "--json", "--demo"],
        &["--demo", "2024", "targets", "--json"],
        &["targets", "--json", "--demo", "2025"],
    ] {
        let output = run(arguments, None);
        assert_eq!(code(&output), 0, "{arguments:?}: {}", errors(&output));
        assert!(json(&output).as_array().unwrap().len() >= 4);
    }
    for rows in ["1", "100", "1600"] {
        let output = run(
            &["--demo", "experiments", "--rows", rows, "--json"],
            Some(ALICE),
        );
        assert_eq!(json(&output).as_array().unwrap().len().to_string(), rows);
    }
    let output = run(
        &["--demo", "--rows", "700", "experiments", "--json"],
        Some(ALICE),
    );
    assert_eq!(json(&output).as_array().unwrap().len(), 700);
    let output = run(&["--rows", "700", "experiments"], None);
    assert_eq!(code(&output), 2, "{}", errors(&output));
    let output = run(
        &["--server", "http://127.0.0.1:9", "targets", "--demo"],
        None,
    );
    assert_eq!(code(&output), 2, "{}", errors(&output));
}

#[test]
fn nonsense_on_the_command_line_is_a_usage_error() {
    for arguments in [
        &["download", "--target", "Mpro"][..],
        &["frobnicate"],
        &["targets", "--server", "ftp://example.org"],
        &["targets", "--demo", "1999"],
        &[
            "download",
            "--target",
            "M",
            "--tas",
            "lb1-1",
            "--to",
            "x",
            "--files",
            "everything",
        ],
        &["experiments", "--demo", "--where", "no_such_field=1"],
        &[
            "experiments",
            "--demo",
            "--where",
            "refinement_resolution<=abc",
        ],
        &[
            "experiments",
            "--rows",
            "5",
            "--server",
            "http://127.0.0.1:9",
        ],
    ] {
        let output = run(arguments, None);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", errors(&output));
        assert!(!errors(&output).is_empty());
    }
}

#[test]
fn nobody_at_the_address_is_said_in_words() {
    let output = run(&["targets", "--server", "http://127.0.0.1:9"], None);
    assert_eq!(code(&output), 1);
    assert!(
        errors(&output).contains("Check the network"),
        "{}",
        errors(&output)
    );
}
