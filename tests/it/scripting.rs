//! Commands among other programs: pipes, lists from any source, names that are not Unicode, shared folders.
#![cfg(unix)]

use std::{
    ffi::{OsStr, OsString},
    fs,
    io::Write as _,
    os::unix::{
        ffi::OsStrExt as _,
        fs::{FileTypeExt as _, PermissionsExt as _},
    },
    path::Path,
    process::{Command, Output, Stdio},
};

use fragalysis_desktop::demo::{DemoOptions, DemoServer, STATISTICS_KEY};

use crate::harness::files;

const PHIPA: [&str; 5] = ["--demo", "--target", "PHIPA", "--tas", "lb18145-1"];

fn run(home: &Path, arguments: &[&OsStr], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_fragalysis-desktop"))
        .args(arguments)
        .current_dir(home)
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env_remove("FRAGALYSIS_TOKEN")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).ok();
    child.wait_with_output().unwrap()
}

fn words(home: &Path, arguments: &[&[&str]], input: &[u8]) -> (Option<i32>, String, String) {
    let arguments: Vec<&OsStr> = arguments.concat().into_iter().map(OsStr::new).collect();
    let output = run(home, &arguments, input);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn tables_go_to_standard_output_and_into_pipes_which_stay_pipes() {
    let home = tempfile::tempdir().unwrap();
    let table = [&["experiments"], &PHIPA[..], &["--columns", "code"]].concat();
    let (code, out, errors) = words(home.path(), &[&table, &["--csv", "-"]], b"");
    assert_eq!(code, Some(0), "{errors}");
    assert_eq!(out.lines().count(), 81, "{out}");
    // All columns, except the one that only the window can fill.
    let (_, all, _) = words(
        home.path(),
        &[&["experiments"], &PHIPA, &["--csv", "-"]],
        b"",
    );
    let headings: Vec<&str> = all.lines().next().unwrap().split(',').collect();
    assert!(headings.len() > 50 && !headings.contains(&"New"), "{all}");
    let pipe = home.path().join("pipe");
    fifo(&pipe);
    let reader = Command::new("cat")
        .arg(&pipe)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (code, _, errors) = words(home.path(), &[&table, &["--csv", "pipe"]], b"");
    assert_eq!(code, Some(0), "{errors}");
    let read = reader.wait_with_output().unwrap().stdout;
    assert_eq!(String::from_utf8_lossy(&read), out);
    assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    let (code, _, errors) = words(home.path(), &[&table, &["--csv", "/dev/full"]], b"");
    assert!(code == Some(1) && !errors.contains("Saved"), "{errors}");
}

#[test]
fn codes_go_from_one_command_into_the_next_by_any_name() {
    let home = tempfile::tempdir().unwrap();
    let (code, codes, errors) = words(home.path(), &[&["hits"], &PHIPA, &["--codes-only"]], b"");
    assert_eq!(code, Some(0), "{errors}");
    let first: Vec<&str> = codes.lines().take(2).collect();
    let download = [
        &["download"],
        &PHIPA[..],
        &["--files", "bound_file", "--json", "--to", "out"],
    ]
    .concat();
    let stdin = [&download[..], &["--codes-file", "-"]].concat();
    let (code, out, errors) = words(home.path(), &[&stdin], first.join("\n").as_bytes());
    assert_eq!(code, Some(0), "{errors}");
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["outcome"], "complete");
    // A list as PowerShell writes it, with names of other kinds in it.
    let (_, json, _) = words(home.path(), &[&["hits"], &PHIPA, &["--json"]], b"");
    let hits: serde_json::Value = serde_json::from_str(&json).unwrap();
    let (crystal, longcode) = (hits[0]["experiment"].as_str(), hits[2]["longcode"].as_str());
    let list = format!("Code\r\n{}\r\n{}\r\n", crystal.unwrap(), longcode.unwrap());
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(list.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    fs::write(home.path().join("list.txt"), wide).unwrap();
    let (code, out, errors) = words(
        home.path(),
        &[&download, &["--codes-file", "list.txt"]],
        b"",
    );
    assert_eq!(code, Some(0), "{errors}");
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    let notes = answer["notes"].to_string();
    assert!(
        notes.contains(&format!("{} was read as", crystal.unwrap())),
        "{notes}"
    );
    assert!(
        notes.contains(&format!("{} was read as", longcode.unwrap())),
        "{notes}"
    );
}

#[test]
fn a_folder_with_a_non_unicode_name_accepts_a_download() {
    let home = tempfile::tempdir().unwrap();
    let odd = OsString::from(OsStr::from_bytes(b"data \xff"));
    let mut arguments: Vec<&OsStr> = ["download"].iter().chain(&PHIPA).map(OsStr::new).collect();
    arguments.extend(["--files", "metadata_info", "--json", "--to"].map(OsStr::new));
    arguments.push(&odd);
    let output = run(home.path(), &arguments, b"");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!errors.contains("panicked"), "{errors}");
    assert_eq!(output.status.code(), Some(0), "{errors}");
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["outcome"], "complete");
    assert!(
        home.path()
            .join(&odd)
            .join("PHIPA_lb18145-1/metadata.csv")
            .is_file()
    );
}

#[test]
fn downloads_follow_the_umask_and_program_data_go_into_the_given_folder() {
    let home = tempfile::tempdir().unwrap();
    let download = [
        &["download"],
        &PHIPA[..],
        &["--files", "metadata_info", "--to", "out"],
    ]
    .concat();
    let (code, _, errors) = words(home.path(), &[&download, &["--data-dir", "own"]], b"");
    assert_eq!(code, Some(0), "{errors}");
    fs::write(home.path().join("usual"), "").unwrap();
    let mode = |path: &str| {
        fs::metadata(home.path().join(path))
            .unwrap()
            .permissions()
            .mode()
    };
    for file in ["fragalysis-download.json", "metadata.csv"] {
        assert_eq!(
            mode(&format!("out/PHIPA_lb18145-1/{file}")),
            mode("usual"),
            "{file}"
        );
    }
    assert!(home.path().join("own/data").is_dir());
    let elsewhere: Vec<String> = files(home.path())
        .into_iter()
        .filter(|path| path.starts_with("data/") || path.starts_with("config/"))
        .collect();
    assert_eq!(elsewhere, [""; 0]);
}

#[test]
fn a_pipe_among_the_data_is_not_waited_for() {
    let home = tempfile::tempdir().unwrap();
    for name in ["metadata.csv", "fragalysis-download.json"] {
        let folder = home.path().join(format!("with {name}"));
        fs::create_dir_all(folder.join("aligned_files/a1")).unwrap();
        fs::write(folder.join("aligned_files/a1/a1.pdb"), "ATOM").unwrap();
        fifo(&folder.join(name));
    }
    let (code, _, errors) = words(home.path(), &[&["library", "--in", "."]], b"");
    assert_eq!(code, Some(0), "{errors}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_statistics_are_printed_with_a_valid_key() {
    let home = tempfile::tempdir().unwrap();
    let demo = DemoServer::start(DemoOptions::default()).await.unwrap();
    let address = demo.statistics_address().as_str().to_owned();
    let (code, out, errors) = tokio::task::spawn_blocking(move || {
        let command = ["statistics", "--address", &address, "--key-stdin", "--json"];
        words(home.path(), &[&command], STATISTICS_KEY.as_bytes())
    })
    .await
    .unwrap();
    assert_eq!(code, Some(0), "{errors}");
    let sections: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(sections["users"]["user_stats"].is_array(), "{out}");
}

/// Runs a line of a shell, in which `$PROGRAM` is the program.
pub(crate) fn shell(home: &Path, line: &str) -> Output {
    Command::new("bash")
        .args(["-c", line])
        .current_dir(home)
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env("PROGRAM", env!("CARGO_BIN_EXE_fragalysis-desktop"))
        .env_remove("FRAGALYSIS_TOKEN")
        .output()
        .unwrap()
}

/// `ulimit -f` silently ends a program that does not handle the signal.
#[test]
fn a_file_size_limit_is_reported_and_nothing_incomplete_gets_a_name() {
    let home = tempfile::tempdir().unwrap();
    let download = "download --demo --target PHIPA --tas lb18145-1 --to . --json";
    // In units of 1,024 bytes.
    let output = shell(
        home.path(),
        &format!("ulimit -f 24; exec \"$PROGRAM\" {download}"),
    );
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{errors}");
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        answer.contains("Cannot write to") || errors.contains("Cannot write to"),
        "{answer}{errors}"
    );
    let record = |names: Vec<String>| names.iter().any(|name| name.ends_with("metadata.csv"));
    assert!(!record(files(home.path())), "nothing incomplete has a name");
}

#[test]
fn a_tilde_that_the_shell_leaves_alone_is_the_home_folder() {
    let home = tempfile::tempdir().unwrap();
    let line = "\"$PROGRAM\" download --demo --target PHIPA --tas lb18145-1 --to='~/fragments'";
    let output = shell(home.path(), line);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(home.path().join("fragments/PHIPA_lb18145-1").is_dir());
    assert!(!home.path().join("~").exists());
}

/// W38: a working folder that was removed was "the output could not be written".
#[test]
fn a_working_folder_that_is_gone_is_named_as_the_cause() {
    let home = tempfile::tempdir().unwrap();
    for command in [
        "download --demo --target PHIPA --tas lb18145-1 --to data",
        "library --in data",
        "experiments --demo --csv table.csv",
    ] {
        let line = format!("mkdir gone; cd gone; rmdir ../gone; \"$PROGRAM\" {command}");
        let output = shell(home.path(), &line);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        let cause = "the folder in which this command was started no longer exists";
        assert!(errors.contains(cause), "{errors}");
    }
    let output = shell(
        home.path(),
        "mkdir gone; cd gone; rmdir ../gone; \"$PROGRAM\" queue",
    );
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

/// The big disk is reached through a link: the link stays, and what it leads to is brought up to date.
#[tokio::test(flavor = "multi_thread")]
async fn a_linked_folder_is_updated_at_its_real_location() {
    let options = DemoOptions {
        days_ago: 30,
        modelled: Some(14),
        build_time: std::time::Duration::from_millis(5),
        ..DemoOptions::default()
    };
    let demo = DemoServer::start(options).await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let path = home.path().to_owned();
    let server = demo.address().as_str().to_owned();
    let run = move |line: String| {
        let home = path.clone();
        async move {
            let ended = tokio::task::spawn_blocking(move || shell(&home, &line)).await;
            let output = ended.unwrap();
            assert_eq!(output.status.code(), Some(0), "{output:?}");
            String::from_utf8_lossy(&output.stdout).into_owned()
        }
    };
    run(format!(
        "\"$PROGRAM\" download --server {server} --target Mpro --tas lb18145-1 --to big"
    ))
    .await;
    demo.advance_days();
    run("mkdir small; ln -s ../big/Mpro_lb18145-1 small/Mpro; ln -s big also".to_owned()).await;
    run(format!(
        "\"$PROGRAM\" update Mpro --server {server} --folder small/Mpro"
    ))
    .await;
    let entries = |folder: &str| {
        let entries = fs::read_dir(home.path().join(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    let big = entries("big");
    assert!(
        big.len() == 2 && big[0] == "Mpro_lb18145-1" && big[1].contains("(before "),
        "{big:?}"
    );
    assert_eq!(entries("small"), ["Mpro"]);
    assert!(home.path().join("small/Mpro").is_symlink());
    let json = run("\"$PROGRAM\" library --in small --in big --in also --json".to_owned()).await;
    let listed: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 2, "{json}");
}

#[test]
fn stars_and_notes_of_the_window_are_columns_and_conditions_of_commands() {
    let home = tempfile::tempdir().unwrap();
    let notes = home.path().join("data/fragalysis-desktop/notes");
    fs::create_dir_all(&notes).unwrap();
    let text = r#"{"experiments":[{"title":"PHIPA","tas":"lb18145-1","code":"PHIPA-x0022","star":true,"note":"best\nof all"}]}"#;
    fs::write(notes.join("demo.json"), text).unwrap();
    let starred = ["--where", "star:present"];
    let (code, out, errors) = words(
        home.path(),
        &[
            &["experiments"],
            &PHIPA,
            &starred,
            &["--columns", "code,note"],
        ],
        b"",
    );
    assert_eq!(code, Some(0), "{errors}");
    let lines: Vec<&str> = out.lines().skip(1).collect();
    assert_eq!(lines, ["PHIPA-x0022  best of all"]);
    let (code, out, errors) = words(
        home.path(),
        &[&["hits"], &PHIPA, &starred, &["--json"]],
        b"",
    );
    assert_eq!(code, Some(0), "{errors}");
    let hits: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    assert!(!hits.is_empty());
    assert!(
        hits.iter().all(|hit| hit["experiment"] == "PHIPA-x0022"),
        "{out}"
    );
    // What cannot be read is said, and the list comes all the same.
    fs::write(notes.join("demo.json"), "half of it").unwrap();
    let (code, out, errors) = words(
        home.path(),
        &[&["experiments"], &PHIPA, &["--columns", "code"]],
        b"",
    );
    assert_eq!((code, out.lines().count()), (Some(0), 81));
    assert!(errors.contains("could not be read"), "{errors}");
}
