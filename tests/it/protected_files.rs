//! Files and records that stand in the way of a command: what is protected stays, and what cannot be read is named.
// As the commands that it uses.
#![cfg(target_os = "linux")]

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use fragalysis_desktop::demo::{Faults, Generation};

use crate::{
    commands::{TestServer, code, errors, json},
    scripting_odd::line,
};

const PHIPA: &str = "--demo --target PHIPA --tas lb18145-1";

#[test]
fn a_write_protected_file_is_not_replaced() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("final.csv");
    fs::write(&file, "mine").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    let (code, _, errors) = line(
        home.path(),
        &format!("$PROGRAM experiments {PHIPA} --csv final.csv"),
    );
    assert_eq!(code, Some(1), "{errors}");
    assert!(
        errors.contains("Cannot write to") && errors.contains("final.csv"),
        "{errors}"
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn two_results_cannot_go_to_one_file_through_a_link() {
    let home = tempfile::tempdir().unwrap();
    let both = format!(
        "ln -s table.xlsx link.csv && $PROGRAM experiments {PHIPA} --csv link.csv --xlsx table.xlsx"
    );
    let (code, _, errors) = line(home.path(), &both);
    assert_eq!(code, Some(2), "{errors}");
    assert!(
        errors.contains("Two results cannot go to the same file"),
        "{errors}"
    );
    assert!(!home.path().join("table.xlsx").exists());
}

#[test]
fn standard_input_is_the_token_or_the_codes() {
    let home = tempfile::tempdir().unwrap();
    let both = format!("echo x | $PROGRAM download {PHIPA} --token-stdin --codes-file - --to data");
    let (code, _, errors) = line(home.path(), &both);
    assert_eq!(code, Some(2), "{errors}");
    assert!(errors.contains("both read standard input"), "{errors}");
}

#[test]
fn an_update_without_news_has_read_every_byte_that_it_calls_checked() {
    let server = TestServer::new(Generation::G2026, Faults::default());
    let home = tempfile::tempdir().unwrap();
    let to = home.path().to_str().unwrap();
    let output = server.run(
        &[
            "download",
            "--target",
            "PHIPA",
            "--tas",
            "lb18145-1",
            "--to",
            to,
            "--json",
        ],
        None,
    );
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let folder = json(&output)["folder"].as_str().unwrap().to_owned();
    let update = ["update", "PHIPA", "--folder", &folder];
    let output = server.run(&update, None);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    assert!(
        errors(&output).contains("is up to date"),
        "{}",
        errors(&output)
    );
    // The same length, so that nothing but its bytes shows that the file is another one.
    let table = Path::new(&folder).join("metadata.csv");
    let mut bytes = fs::read(&table).unwrap();
    let last = bytes.len() - 3;
    bytes[last] ^= 1;
    fs::write(&table, &bytes).unwrap();
    let output = server.run(&update, None);
    let said = errors(&output);
    assert!(!said.contains("is up to date"), "{said}");
    assert!(
        said.contains("the folder has changed since the download: 1 file changed"),
        "{said}"
    );
    assert_eq!(
        fs::read(&table).unwrap(),
        bytes,
        "the user's file was replaced"
    );
}

#[test]
fn a_record_of_a_folder_that_cannot_be_read_is_named() {
    let home = tempfile::tempdir().unwrap();
    let records = home.path().join("remembered/data/library");
    fs::create_dir_all(&records).unwrap();
    fs::write(records.join("0123456789abcdef.json"), "{").unwrap();
    let (code, _, errors) = line(home.path(), "$PROGRAM library --data-dir remembered");
    assert_eq!(code, Some(3), "{errors}");
    assert!(
        errors.contains("0123456789abcdef.json cannot be read"),
        "{errors}"
    );
}
