//! The commands of the real program: names, shapes and exit codes that scripts depend on.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

use fragalysis_desktop::{
    demo::{AGEING, ALICE, BOB, DemoOptions, DemoServer, Faults, Generation},
    model::{DownloadRequest, FileKind, Preset, TargetKey, Tas},
};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::desk::{assert_folder_is, files};

/// A demo server beside the program.
struct Beside {
    demo: DemoServer,
    _runtime: Runtime,
}

impl Beside {
    fn new(generation: Generation, faults: Faults) -> Self {
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

    fn run(&self, arguments: &[&str], token: Option<&str>) -> Output {
        let mut all = arguments.to_vec();
        all.extend(["--server", self.demo.address().as_str()]);
        run(&all, token)
    }
}

fn run(arguments: &[&str], token: Option<&str>) -> Output {
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
    // What a command remembers is no business of whoever runs the tests.
    let home = env!("CARGO_TARGET_TMPDIR");
    command.envs(["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"].map(|name| (name, home)));
    if let Some(token) = token {
        command.env("FRAGALYSIS_TOKEN", token);
    }
    command.output().unwrap()
}

fn json(output: &Output) -> Value {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    serde_json::from_str(text)
        .unwrap_or_else(|error| panic!("{error} in {text}\n{}", errors(output)))
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn code(output: &Output) -> i32 {
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
fn the_readme_s_download_gives_whole_files() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("demo-data");
    for generation in ["2024", "2026"] {
        let arguments = [
            "download",
            "--demo",
            generation,
            "--target",
            "Mpro",
            "--tas",
            "lb18145-1",
            "--to",
            folder.to_str().unwrap(),
            "--json",
        ];
        let output = run(&arguments, None);
        assert_eq!(code(&output), 0, "{}", errors(&output));
        let answer = json(&output);
        assert_eq!(
            (&answer["outcome"], &answer["error"]),
            (&Value::from("complete"), &Value::Null)
        );
        let mut kinds = Preset::Structures.files();
        kinds.set(FileKind::MetadataInfo, true);
        let request = DownloadRequest {
            target: TargetKey {
                title: "Mpro".to_owned(),
                tas: Tas::new("lb18145-1"),
            },
            codes: Vec::new(),
            files: kinds,
            static_link: false,
        };
        // The demo invents the same data every time, so one of our own says what was meant.
        let beside = Beside::new(
            Generation::from_name(generation).unwrap(),
            Faults::default(),
        );
        assert_folder_is(
            &beside.demo,
            Path::new(answer["folder"].as_str().unwrap()),
            &request,
        );
    }
}

const PHIPA: &[&str] = &["--target", "PHIPA", "--tas", "lb18145-1"];

/// A fault, what is asked for besides the folder, as whom, and what comes of it.
type Failing = (
    &'static str,
    &'static [&'static str],
    Option<&'static str>,
    &'static str,
    i32,
);

const FAILING: [Failing; 18] = [
    (
        "",
        &["--target", "Nobody", "--tas", "lb18145-1"],
        None,
        "not_found",
        1,
    ),
    (
        "",
        &["--target", "PHIPA", "--tas", "lb99999-1"],
        None,
        "not_found",
        1,
    ),
    (
        "",
        &["--target", "A71EV2A", "--tas", "lb32627-66"],
        None,
        "no_access",
        1,
    ),
    (
        "",
        &["--target", "A71EV2A", "--tas", "lb32627-66"],
        Some(BOB),
        "no_access",
        1,
    ),
    (
        "",
        &[
            "--target",
            "PHIPA",
            "--tas",
            "lb18145-1",
            "--codes",
            "nonsense",
        ],
        None,
        "unknown_codes",
        1,
    ),
    (
        "",
        PHIPA,
        Some("abcdefghijklmnopqrstuvwxyz123456"),
        "refused",
        5,
    ),
    ("", PHIPA, Some(AGEING), "ageing", 1),
    ("flipped-bit", PHIPA, None, "corrupt", 1),
    ("short-archive", PHIPA, None, "truncated", 1),
    ("page-for-archive", PHIPA, None, "corrupt", 1),
    ("parent-folder", PHIPA, None, "unsafe_archive", 1),
    ("absolute-name", PHIPA, None, "unsafe_archive", 1),
    ("link-out", PHIPA, None, "unsafe_archive", 1),
    ("drive-letter", PHIPA, None, "unsafe_archive", 1),
    ("failed-build", PHIPA, None, "build_failed", 1),
    (
        "broken-lists",
        &[
            "--target",
            "PHIPA",
            "--tas",
            "lb18145-1",
            "--codes",
            "p0010a",
        ],
        None,
        "server_error",
        1,
    ),
    ("nothing-here", PHIPA, None, "not_fragalysis", 1),
    ("not-fragalysis", PHIPA, None, "not_fragalysis", 1),
];

#[test]
fn failures_have_their_kind_their_code_and_leave_nothing() {
    for (fault, arguments, token, kind, exit) in FAILING {
        let mut faults = Faults::default();
        assert!(fault.is_empty() || faults.add(fault), "{fault}");
        // The oldest answers without being asked again and again, where the generation does not matter.
        let generation = if matches!(fault, "failed-build" | "short-archive") {
            Generation::G2026
        } else {
            Generation::G2024
        };
        let beside = Beside::new(generation, faults);
        let home = tempfile::tempdir().unwrap();
        let mut all = vec!["download", "--json", "--to", home.path().to_str().unwrap()];
        all.extend(arguments);
        let output = beside.run(&all, token);
        let what = format!("{fault} {arguments:?}: {}", errors(&output));
        assert_eq!(json(&output)["error"]["kind"], kind, "{what}");
        assert_eq!(code(&output), exit, "{what}");
        assert_eq!(json(&output)["outcome"], "failed", "{what}");
        let left = files(home.path());
        assert!(left.is_empty(), "{what} left {left:?}");
        // A sentence with a next step, and no secret server path in it.
        assert!(errors(&output).contains(". "), "{what}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let beside = Beside::new(Generation::G2026, Faults::default());
    let mut all = vec!["download", "--json", "--to", "/proc/fragalysis"];
    all.extend(PHIPA);
    let output = beside.run(&all, None);
    assert_eq!(json(&output)["error"]["kind"], "not_writable");
    assert!(
        errors(&output).contains("/proc/fragalysis"),
        "{}",
        errors(&output)
    );
    let output = beside.run(&["experiments", "--csv", "/proc/x/table.csv"], None);
    assert_eq!(code(&output), 1);
    assert!(
        errors(&output).contains("Cannot write to"),
        "{}",
        errors(&output)
    );
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
        // Whatever this token is, nobody has proven it, and a stranger's list is no list of its owner.
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
fn codes_come_from_a_file_presets_by_name_and_archives_are_kept() {
    for generation in Generation::ALL {
        let beside = Beside::new(generation, Faults::default());
        let home = tempfile::tempdir().unwrap();
        let known = beside.demo.world().codes("PHIPA", "lb18145-1");
        let list = home.path().join("codes.txt");
        // Some editors begin a file with a mark of their own; people separate codes as they like.
        std::fs::write(
            &list,
            format!("\u{feff}{}\r\n{};{}\n", known[0], known[1], known[2]),
        )
        .unwrap();
        let folder = home.path().join("data");
        let mut all = vec![
            "download",
            "--json",
            "--preset",
            "ligands",
            "--keep-archive",
        ];
        all.extend([
            "--codes-file",
            list.to_str().unwrap(),
            "--to",
            folder.to_str().unwrap(),
        ]);
        all.extend(PHIPA);
        // A visitor would wait long for a server of 2025, which does not tell visitors about builds.
        let output = beside.run(&all, Some(ALICE));
        let kinds = Preset::Ligands.files();
        // The list of SMILES alone exists since 2026; before, the report says that it did not come.
        let is_whole = generation == Generation::G2026;
        assert_eq!(
            code(&output),
            if is_whole { 0 } else { 3 },
            "{}",
            errors(&output)
        );
        let request = DownloadRequest {
            target: TargetKey {
                title: "PHIPA".to_owned(),
                tas: Tas::new("lb18145-1"),
            },
            codes: known[..3].to_vec(),
            files: kinds,
            static_link: false,
        };
        let answer = json(&output);
        assert_folder_is(
            &beside.demo,
            Path::new(answer["folder"].as_str().unwrap()),
            &request,
        );
        let archives = files(&folder);
        let ending = if generation == Generation::G2024 {
            ".zip"
        } else {
            ".tar.gz"
        };
        assert!(
            archives
                .iter()
                .any(|path| path.starts_with("PHIPA_lb18145-1_20") && path.ends_with(ending)),
            "{archives:?}"
        );
    }
}

#[test]
fn a_file_that_the_server_lacks_makes_no_code_unknown() {
    let beside = Beside::new(Generation::G2026, Faults::default());
    let home = tempfile::tempdir().unwrap();
    let world = beside.demo.world();
    // A crystal without an event map, and one with.
    let lacking = world.codes_without_event_map("Mpro", "lb18145-1");
    let code_without = lacking.first().expect("the demo has some");
    let known = world.codes("Mpro", "lb18145-1");
    let code_with = known.iter().find(|code| !lacking.contains(code)).unwrap();
    let codes = format!("{code_without},{code_with}");
    let output = beside.run(
        &[
            "download",
            "--json",
            "--target",
            "Mpro",
            "--tas",
            "lb18145-1",
            "--codes",
            &codes,
            "--files",
            "event_file",
            "--to",
            home.path().to_str().unwrap(),
        ],
        None,
    );
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let answer = json(&output);
    assert_eq!(answer["unknown_codes"], serde_json::json!([]));
    assert_eq!(answer["missing"].as_array().unwrap().len(), 1, "{answer}");
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
fn codes_that_do_not_exist_make_it_incomplete() {
    let beside = Beside::new(Generation::G2026, Faults::default());
    let home = tempfile::tempdir().unwrap();
    let known = beside.demo.world().codes("PHIPA", "lb18145-1").remove(0);
    let codes = format!("{known},nonsense");
    let arguments = [
        "download",
        "--target",
        "PHIPA",
        "--tas",
        "lb18145-1",
        "--codes",
        &codes,
        "--to",
        home.path().to_str().unwrap(),
        "--json",
    ];
    let output = beside.run(&arguments, None);
    assert_eq!(code(&output), 3, "{}", errors(&output));
    assert_eq!(
        json(&output)["unknown_codes"],
        serde_json::json!(["nonsense"])
    );
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
