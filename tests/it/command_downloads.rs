//! The command that downloads: what it leaves on the disk, and how it ends.

use std::path::Path;

use fragalysis_desktop::{
    demo::{AGEING, ALICE, BOB, Faults, Generation},
    model::{DownloadRequest, FileKind, Preset, TargetKey, Tas},
};
use serde_json::Value;

use crate::{
    commands::{TestServer, code, errors, json, run},
    harness::{assert_folder_is, files},
};

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
        // The demo generates the same data every time, so a second one provides the expected files.
        let beside = TestServer::new(
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

/// A fault, the arguments besides the folder, the token, and the expected kind of error and exit code.
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
    // At the same time: most of the time they wait, as the program does before it tries again.
    std::thread::scope(|scope| {
        for failing in FAILING {
            scope.spawn(move || assert_fails(&failing));
        }
    });
}

fn assert_fails(&(fault, arguments, token, kind, exit): &Failing) {
    let mut faults = Faults::default();
    assert!(fault.is_empty() || faults.add(fault), "{fault}");
    // The oldest generation needs no polling, where the generation does not matter.
    let generation = if matches!(fault, "failed-build" | "short-archive") {
        Generation::G2026
    } else {
        Generation::G2024
    };
    let beside = TestServer::new(generation, faults);
    let home = tempfile::tempdir().unwrap();
    let mut all = vec!["download", "--json", "--to", home.path().to_str().unwrap()];
    all.extend(arguments);
    let output = beside.run(&all, token);
    let what = format!("{fault} {arguments:?}: {}", errors(&output));
    assert_eq!(json(&output)["error"]["kind"], kind, "{what}");
    assert_eq!(code(&output), exit, "{what}");
    assert_eq!(json(&output)["outcome"], "failed", "{what}");
    let next = json(&output)["error"]["next_step"].to_string();
    match kind {
        "unknown_codes" => {
            let unknown = &json(&output)["unknown_codes"];
            assert_eq!(*unknown, serde_json::json!(["nonsense"]), "{what}");
        }
        // A user who is signed in is not told to sign in.
        "no_access" if token.is_some() => assert!(next.contains("Ask the pri"), "{what}"),
        "no_access" => assert!(next.contains("Sign in"), "{what}"),
        _ => {}
    }
    let left = files(home.path());
    assert!(left.is_empty(), "{what} left {left:?}");
    // A sentence with a next step, and no secret server path in it.
    assert!(errors(&output).contains(". "), "{what}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let beside = TestServer::new(Generation::G2026, Faults::default());
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
fn codes_come_from_a_file_presets_by_name_and_archives_are_kept() {
    for generation in Generation::ALL {
        let beside = TestServer::new(generation, Faults::default());
        let home = tempfile::tempdir().unwrap();
        let known = beside.demo.world().codes("PHIPA", "lb18145-1");
        let list = home.path().join("codes.txt");
        // Some editors write a byte order mark; users separate codes in different ways.
        let text = format!("\u{feff}{}\r\n{};{}\n", known[0], known[1], known[2]);
        std::fs::write(&list, text).unwrap();
        let folder = home.path().join("data");
        let mut all = vec!["download", "--json", "--preset", "ligands"];
        let (list, to) = (list.to_str().unwrap(), folder.to_str().unwrap());
        all.extend(["--keep-archive", "--codes-file", list, "--to", to]);
        all.extend(PHIPA);
        // A visitor would wait long for a server of 2025, which does not tell visitors about builds.
        let output = beside.run(&all, Some(ALICE));
        let kinds = Preset::Ligands.files();
        // The list of SMILES alone exists since 2026; before, it is made here from the metadata table.
        assert_eq!(code(&output), 0, "{}", errors(&output));
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
    let beside = TestServer::new(Generation::G2026, Faults::default());
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
fn codes_that_do_not_exist_make_it_incomplete() {
    let beside = TestServer::new(Generation::G2026, Faults::default());
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

/// It was called "up to date", because the server had nothing newer.
#[test]
fn a_folder_that_lacks_files_is_not_called_up_to_date() {
    let beside = TestServer::new(Generation::G2026, Faults::default());
    let home = tempfile::tempdir().unwrap();
    let to = home.path().to_str().unwrap();
    let mut download = vec!["download", "--to", to];
    download.extend(PHIPA);
    assert_eq!(code(&beside.run(&download, None)), 0);
    let table = home.path().join("PHIPA_lb18145-1/metadata.csv");
    std::fs::remove_file(table).unwrap();
    let list = beside.run(&["library", "--check", "--in", to], None);
    let shown = String::from_utf8_lossy(&list.stdout).into_owned();
    assert!(
        shown.contains("1 file missing") && !shown.contains("up to date"),
        "{shown}{}",
        errors(&list)
    );
    let list = json(&beside.run(&["library", "--check", "--in", to, "--json"], None));
    assert_eq!(list[0]["why"], "1 file missing", "{list}");
}

/// Both commands called it "up to date", because the server had nothing newer.
#[test]
fn an_incomplete_folder_is_called_so_by_every_command() {
    let mut faults = Faults::default();
    assert!(faults.add("lacks-file"));
    let beside = TestServer::new(Generation::G2026, faults);
    let home = tempfile::tempdir().unwrap();
    let to = home.path().to_str().unwrap();
    let mut download = vec!["download", "--to", to];
    download.extend(PHIPA);
    assert_eq!(code(&beside.run(&download, None)), 3);
    let folder = home.path().join("PHIPA_lb18145-1");
    let update = ["update", "PHIPA", "--folder", folder.to_str().unwrap()];
    let update = beside.run(&update, None);
    let said = errors(&update);
    assert_eq!(code(&update), 3, "{said}");
    assert!(
        said.contains("Incomplete, 1 file did not arrive, from 1 of 10 observations"),
        "{said}"
    );
    assert!(!said.contains("up to date"), "{said}");
    // It is asked for again; nothing came, so there is still one folder.
    assert!(said.contains("requested again"), "{said}");
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 1, "{said}");
    let list = beside.run(&["library", "--check", "--in", to], None);
    let table = String::from_utf8_lossy(&list.stdout).into_owned();
    assert!(table.contains("incomplete"), "{table}{}", errors(&list));
    let list = json(&beside.run(&["library", "--check", "--in", to, "--json"], None));
    let (state, why) = (&list[0]["state"], list[0]["why"].to_string());
    assert_eq!(state, "incomplete", "{list}");
    assert!(why.contains("1 file did not arrive"), "{list}");
}
