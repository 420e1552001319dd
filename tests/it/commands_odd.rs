//! Commands in unusual situations: uninformative servers, ended sessions, invalid arguments.

use crate::commands::{TestServer, code, errors, json, run};
use fragalysis_desktop::demo::{ALICE, Faults, Generation};
use serde_json::Value;
use std::process::{Command, Stdio};

#[test]
fn a_session_that_ends_after_verification_fails_every_list() {
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
                let beside = TestServer::new(generation, faults);
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
fn memberships_are_not_reported_for_an_unidentified_user() {
    for generation in [Generation::G2025, Generation::G2026] {
        let faults = Faults {
            broken_token: true,
            keeps_dead_cookie: true,
            ..Faults::default()
        };
        let beside = TestServer::new(generation, faults);
        // This token has not been verified, so a visitor's list is not its owner's list.
        let all = ["status", "--json", "--why", "lb32627-66"];
        let output = beside.run(&all, Some("abcdefghijklmnopqrstuvwxyz123456"));
        let status = json(&output);
        assert_ne!(code(&output), 0, "{status}");
        assert_eq!(status["session"]["state"], "unknown");
        assert_eq!(status["target_access"], serde_json::Value::Null);
        // What applies to every user is still reported.
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
    let beside = TestServer::new(Generation::G2026, Faults::default());
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
    let beside = TestServer::new(Generation::G2026, Faults::default());
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
fn an_unreachable_address_is_reported() {
    let output = run(&["targets", "--server", "http://127.0.0.1:9"], None);
    assert_eq!(code(&output), 1);
    assert!(
        errors(&output).contains("Check the network"),
        "{}",
        errors(&output)
    );
}

/// W15: people were told to look at their certificates; `status --json` named no cause at all.
#[test]
fn https_where_only_http_is_spoken_is_named() {
    let beside = TestServer::new(Generation::G2026, Faults::default());
    let address = beside
        .demo
        .address()
        .as_str()
        .replace("http://", "https://");
    for command in [&["targets"][..], &["status", "--json"]] {
        let output = run(&[command, &["--server", &address]].concat(), None);
        assert_eq!(code(&output), 1, "{command:?}");
        let told = errors(&output);
        assert!(told.contains("write http:// instead of https://"), "{told}");
    }
    let status = run(&["status", "--json", "--server", &address], None);
    let status = json(&status);
    assert_eq!(status["error"]["kind"], "tls", "{status}");
    assert_eq!(status["session"]["state"], "unreachable");
    let well = json(&beside.run(&["status", "--json"], None));
    assert_eq!(well["error"], Value::Null);
    assert!(well["version"].is_string(), "{well}");
}
