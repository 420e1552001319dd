//! Commands with unusual arguments: non-Unicode names, dangling links, invisible characters.
// Other systems refuse such names, or have no `timeout`.
#![cfg(target_os = "linux")]

use std::{fs, os::unix::ffi::OsStrExt as _, path::Path};

use fragalysis_desktop::demo::{DemoOptions, DemoServer};

use crate::scripting::shell;

/// Runs a line of a shell in a folder. Returns the exit code, and what was printed.
pub(crate) fn line(home: &Path, line: &str) -> (Option<i32>, String, String) {
    let output = shell(home, line);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

const PHIPA: &str = "--demo --target PHIPA --tas lb18145-1";

/// With the demo in the same process nothing is recorded, and a name that is no Unicode was no trouble.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_whose_name_is_no_unicode_takes_a_download_from_a_server() {
    let demo = DemoServer::start(DemoOptions::default()).await.unwrap();
    let address = demo.address().as_str().to_owned();
    let home = tempfile::tempdir().unwrap();
    let place = home.path().to_owned();
    let download = format!(
        "$PROGRAM download --server {address} --target PHIPA --tas lb18145-1 --files metadata_info --to $'o\\xff'"
    );
    let (code, out, errors) = tokio::task::spawn_blocking(move || line(&place, &download))
        .await
        .unwrap();
    assert_eq!(code, Some(0), "{out} {errors}");
    let odd = home.path().join(std::ffi::OsStr::from_bytes(b"o\xff"));
    assert!(odd.join("PHIPA_lb18145-1/metadata.csv").is_file());
    let (_, known, _) = line(home.path(), "$PROGRAM library");
    assert!(known.contains("PHIPA"), "{known}");
}

#[test]
fn a_table_is_appended_to_the_output_of_a_script() {
    let home = tempfile::tempdir().unwrap();
    let table = format!("$PROGRAM experiments {PHIPA} --columns code --csv");
    for output in ["/dev/stdout", "/dev/fd/1", "-"] {
        let both = format!("{{ echo first; {table} {output}; echo last; }} > out");
        let (code, _, errors) = line(home.path(), &both);
        assert_eq!(code, Some(0), "{errors}");
        let text = fs::read_to_string(home.path().join("out")).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 83, "{output}: {text}");
        assert_eq!((lines[0], lines[82]), ("first", "last"), "{output}");
    }
    // A link that leads to a file that is not there yet stays a link.
    let (code, _, errors) = line(
        home.path(),
        &format!("ln -s new.csv link.csv && {table} link.csv"),
    );
    assert_eq!(code, Some(0), "{errors}");
    assert!(home.path().join("link.csv").is_symlink());
    let text = fs::read_to_string(home.path().join("new.csv")).unwrap();
    assert_eq!(text.lines().count(), 81, "{text}");
    // Links in a circle have no such file; they were replaced by the table.
    let (code, _, errors) = line(home.path(), &format!("ln -s b a && ln -s a b && {table} a"));
    assert_eq!(code, Some(1), "{errors}");
    assert!(
        errors.contains("its symbolic links form a loop"),
        "{errors}"
    );
    assert!(home.path().join("a").is_symlink() && home.path().join("b").is_symlink());
}

#[test]
fn what_cannot_be_written_or_searched_is_named_with_its_cause() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("file"), "").unwrap();
    let table = format!("$PROGRAM experiments {PHIPA} --csv");
    for (command, code, cause) in [
        (
            format!("{table} ."),
            1,
            " is a folder. Give the name of a file in it",
        ),
        (format!("{table} none/x.csv"), 1, "there is no folder "),
        (
            format!("{table} file/x.csv"),
            1,
            "a part of this path is a file and not a folder. Choose another place",
        ),
        (
            format!("{table} {}.csv", "x".repeat(300)),
            1,
            "a name in this path is too long or not allowed. Choose another place",
        ),
        (
            format!("$PROGRAM download {PHIPA} --to {}", "x".repeat(300)),
            1,
            "a name in this path is too long or not allowed. Choose another folder",
        ),
        (
            "$PROGRAM library --in none".to_owned(),
            2,
            "there is no such folder",
        ),
        (
            "$PROGRAM library --in file".to_owned(),
            2,
            "it is not a folder",
        ),
        (
            "$PROGRAM queue --in none".to_owned(),
            2,
            "there is no such folder",
        ),
        (
            "$PROGRAM resume --in none".to_owned(),
            2,
            "there is no such folder",
        ),
        (
            "$PROGRAM update --demo PHIPA --folder none".to_owned(),
            1,
            "there is no such folder",
        ),
    ] {
        let (ended, out, errors) = line(home.path(), &command);
        assert!(errors.contains(cause), "{command}: {out} {errors}");
        assert_eq!(ended, Some(code), "{command}: {errors}");
        assert!(!errors.contains("To resume it"), "{command}: {errors}");
    }
}

#[test]
fn invisible_characters_in_an_argument_change_nothing() {
    let home = tempfile::tempdir().unwrap();
    let odd = "$PROGRAM experiments --demo --target ' PHIPA\u{200b} ' --tas 'lb18145-1\u{fe0f}' --where 'refinement_resolution\u{200b}<=2\u{2060}' --columns 'code\u{061c}' --sort '-\u{200b}code' --csv -";
    let plain = "$PROGRAM experiments --demo --target PHIPA --tas lb18145-1 --where 'refinement_resolution<=2' --columns code --sort -code --csv -";
    let (code, text, errors) = line(home.path(), odd);
    assert_eq!(code, Some(0), "{errors}");
    let (_, meant, _) = line(home.path(), plain);
    assert!(meant.lines().count() > 2, "{meant}");
    assert_eq!(text, meant);
}

#[test]
fn a_saved_table_is_a_list_of_codes_and_unknown_tags_are_reported() {
    let home = tempfile::tempdir().unwrap();
    let (code, _, errors) = line(
        home.path(),
        &format!("$PROGRAM hits {PHIPA} --csv hits.csv"),
    );
    assert_eq!(code, Some(0), "{errors}");
    let download = format!(
        "$PROGRAM download {PHIPA} --files bound_file --to out --json --codes-file hits.csv"
    );
    let (code, out, errors) = line(home.path(), &download);
    assert_eq!(code, Some(0), "{out} {errors}");
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["unknown_codes"], serde_json::json!([]));
    let (_, _, errors) = line(
        home.path(),
        &format!("$PROGRAM hits {PHIPA} --tag nosuch --site none"),
    );
    for part in ["the tag “nosuch”", "the site “none”"] {
        assert!(errors.contains(part), "{errors}");
    }
}

/// Reading a pipe that has no writer never ends.
#[test]
fn pipes_among_the_programs_own_records_are_not_waited_for() {
    let home = tempfile::tempdir().unwrap();
    let pipes = "mkdir -p own/data/queue own/data/library own/data/notes && mkfifo own/data/queue/1.json own/data/library/1.json own/data/notes/demo.json";
    assert_eq!(line(home.path(), pipes).0, Some(0));
    let table = format!("experiments {PHIPA} --columns code");
    for command in ["queue", "library", &table] {
        let (code, out, errors) = line(
            home.path(),
            &format!("timeout 60 $PROGRAM {command} --data-dir own"),
        );
        assert_eq!(code, Some(0), "{command}: {out} {errors}");
    }
}

#[test]
fn a_library_with_a_folder_whose_name_is_no_unicode_is_listed() {
    let home = tempfile::tempdir().unwrap();
    let download = format!(
        "$PROGRAM download {PHIPA} --files metadata_info --to lib && mv lib/PHIPA_lb18145-1 lib/$'q\\xff' && $PROGRAM library --in lib --json"
    );
    let (code, out, errors) = line(home.path(), &download);
    assert_eq!(code, Some(0), "{errors}");
    let start = out.find("[\n").unwrap();
    let list: serde_json::Value = serde_json::from_str(&out[start..]).unwrap();
    assert_eq!(list[0]["target"], "PHIPA", "{out}");
}

#[test]
fn each_result_has_a_place_of_its_own_and_observations_are_counted() {
    let home = tempfile::tempdir().unwrap();
    for outputs in ["--csv a --xlsx a", "--csv - --json"] {
        let (code, _, errors) = line(
            home.path(),
            &format!("$PROGRAM experiments {PHIPA} {outputs}"),
        );
        assert_eq!(code, Some(2), "{outputs}: {errors}");
    }
    let counted = format!(
        "$PROGRAM experiments {PHIPA} --columns code,observations --where 'observations>=1' --json"
    );
    let (code, out, errors) = line(home.path(), &counted);
    assert_eq!(code, Some(0), "{errors}");
    let rows: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    let counts = rows.iter().map(|row| row["observations"].as_u64().unwrap());
    let (_, codes, _) = line(home.path(), &format!("$PROGRAM hits {PHIPA} --codes-only"));
    assert_eq!(counts.sum::<u64>(), codes.lines().count() as u64, "{out}");
}

/// W3: a pipe that a table was to go into was replaced by a file.
#[test]
fn workbooks_and_ligands_go_into_pipes_which_stay_pipes() {
    let home = tempfile::tempdir().unwrap();
    for (command, start) in [
        (format!("experiments {PHIPA} --xlsx pipe"), "PK"),
        (format!("hits {PHIPA} --sdf pipe"), "p0"),
    ] {
        let both = format!(
            "rm -f pipe; mkfifo pipe; cat pipe > out & $PROGRAM {command} && wait && test -p pipe && head -c 2 out"
        );
        let (code, out, errors) = line(home.path(), &both);
        assert_eq!((code, &*out), (Some(0), start), "{command}: {errors}");
    }
}

/// W9: with a token that was refused, the status still says which version the server has.
#[test]
fn a_refused_token_leaves_the_version_known() {
    let home = tempfile::tempdir().unwrap();
    for generation in ["2024", "2026"] {
        let command = format!(
            "FRAGALYSIS_TOKEN=abcdefghijklmnopqrstuvwxyz123456 $PROGRAM status --demo {generation}"
        );
        let (code, out, errors) = line(home.path(), &command);
        assert_eq!(code, Some(5), "{out} {errors}");
        let version = out.lines().find(|line| line.starts_with("Version"));
        assert!(
            version.is_some_and(|line| line.contains(generation)),
            "{out}"
        );
    }
}

/// Of several outputs, all but the first were dropped without a word.
#[test]
fn every_output_that_is_named_is_written() {
    let home = tempfile::tempdir().unwrap();
    let has = |name: &str| home.path().join(name).is_file();
    let (code, out, errors) = line(
        home.path(),
        &format!("$PROGRAM experiments {PHIPA} --csv - --xlsx table.xlsx"),
    );
    assert_eq!(code, Some(0), "{errors}");
    assert!(has("table.xlsx") && out.lines().count() == 81, "{out}");
    let (code, out, errors) = line(
        home.path(),
        &format!(
            "$PROGRAM hits {PHIPA} --codes-only --csv hits.csv --xlsx hits.xlsx --sdf hits.sdf"
        ),
    );
    assert_eq!(code, Some(0), "{errors}");
    assert!(has("hits.csv") && has("hits.xlsx") && has("hits.sdf"));
    assert!(!out.is_empty() && !out.contains(','), "{out}");
    for both in [
        "--codes-only --csv -",
        "--codes-only --json",
        "--json --csv -",
    ] {
        let (code, out, errors) = line(home.path(), &format!("$PROGRAM hits {PHIPA} {both}"));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{both}: {errors}");
    }
    let (code, _, errors) = line(
        home.path(),
        &format!("$PROGRAM experiments {PHIPA} --where code=PHIPA-x0022 --csv one.csv"),
    );
    assert_eq!(code, Some(0), "{errors}");
    assert!(errors.contains("Saved 1 row to "), "{errors}");
}

/// Both folders were called up to date, and `update` asked which of them was meant.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_a_download_has_moved_aside_is_a_previous_version() {
    let demo = DemoServer::start(DemoOptions::default()).await.unwrap();
    let address = demo.address().as_str().to_owned();
    let home = tempfile::tempdir().unwrap();
    let place = home.path().to_owned();
    let script = format!(
        "get() {{ $PROGRAM download --server {address} --target PHIPA --tas lb18145-1 --files metadata_info --to data \"$@\"; }}; \
         get && get --update && $PROGRAM library --json"
    );
    let (code, out, errors) = tokio::task::spawn_blocking(move || line(&place, &script))
        .await
        .unwrap();
    assert_eq!(code, Some(0), "{errors}");
    let listed: Vec<serde_json::Value> =
        serde_json::from_str(&out[out.find("\n[").unwrap()..]).unwrap();
    let mut earlier: Vec<(bool, bool)> = listed
        .iter()
        .map(|one| {
            let is_aside = one["folder"].as_str().unwrap().contains("(before ");
            (is_aside, one["earlier"].as_bool().unwrap())
        })
        .collect();
    earlier.sort_unstable();
    assert_eq!(earlier, [(false, false), (true, true)], "{out}");
}

/// A variable of a script that is not set was taken for a title, and "no such target" sent people to their administrator.
#[test]
fn an_empty_value_is_refused_at_once() {
    let home = tempfile::tempdir().unwrap();
    for command in [
        "download --demo --target PHIPA --tas ''",
        "experiments --demo --target ''",
        "hits --demo --smarts ' '",
        "experiments --demo --where ''",
        "experiments --demo --columns code,",
    ] {
        let (code, out, errors) = line(home.path(), &format!("$PROGRAM {command}"));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{command}: {errors}");
        assert!(errors.contains("it is empty"), "{command}: {errors}");
    }
}

/// `--csv -` ended well when `head` had seen enough, `--sdf /dev/stdout` did not.
#[test]
fn a_reader_that_has_seen_enough_is_no_failure_for_any_table() {
    let home = tempfile::tempdir().unwrap();
    for output in ["--csv -", "--csv /dev/stdout", "--sdf /dev/stdout"] {
        let (_, _, errors) = line(
            home.path(),
            &format!(
                "{{ until [ -e closed ]; do sleep 0.01; done; $PROGRAM hits {PHIPA} {output}; echo $? > code; }} | {{ exec 0<&-; touch closed; }}"
            ),
        );
        let code = fs::read_to_string(home.path().join("code")).unwrap();
        assert_eq!(code, "0\n", "{output}: {errors}");
        fs::remove_file(home.path().join("closed")).unwrap();
    }
}
