use std::{fs, path::Path};

use super::records::PartRecord;
use crate::dataset::Tables;

use super::*;

fn job(parent: &Path) -> Job {
    Job {
        in_parts: true,
        ..Job::sample(parent)
    }
}

fn record() -> PartRecord {
    PartRecord {
        format: Format::TarGz,
        bytes: 1,
        sha256: String::new(),
        files: Vec::new(),
        tables: Tables::default(),
    }
}

fn parts() -> Vec<Vec<String>> {
    ["a", "b", "c"].map(|code| vec![code.to_owned()]).to_vec()
}

#[test]
fn a_temporarily_unreadable_record_is_an_error_and_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let job = job(home.path());
    let id = JobId(1);
    let work = WorkDir::create(&job, id, Plan::new(parts(), Vec::new())).unwrap();
    let record = record();
    work.new_tree(0).unwrap();
    work.finish_part(0, &record, false).unwrap();
    // A folder where a file should be fails to be read on every system.
    let note = work.path(0, "part", ".json");
    fs::rename(&note, home.path().join("aside")).unwrap();
    fs::create_dir(&note).unwrap();
    assert!(matches!(
        work.record(&job, 0),
        Err(DownloadError::NotReadable { .. })
    ));
    assert!(WorkDir::clean_up(&job, id).is_err());
    fs::remove_dir(&note).unwrap();
    fs::rename(home.path().join("aside"), &note).unwrap();
    assert_eq!(work.finished(&job).unwrap(), [(0, record)]);

    let plan = work.folder.join("plan.json");
    fs::rename(&plan, home.path().join("aside")).unwrap();
    fs::create_dir(&plan).unwrap();
    assert!(WorkDir::reopen(&job, id).is_err() && work.tree(0).is_dir());
}

#[test]
fn parts_before_a_complete_one_are_not_divided() {
    let home = tempfile::tempdir().unwrap();
    let job = job(home.path());
    let two = vec![vec!["a".to_owned(), "b".to_owned()], vec!["c".to_owned()]];
    let mut work = WorkDir::create(&job, JobId(1), Plan::new(two, Vec::new())).unwrap();
    let record = record();
    work.new_tree(1).unwrap();
    work.finish_part(1, &record, false).unwrap();
    assert!(!work.divide(&job, 0, 4).unwrap());
    work.forget_part(1, Format::TarGz).unwrap();
    assert!(work.divide(&job, 0, 4).unwrap());
    assert_eq!(work.plan().parts.concat(), ["a", "b", "c"]);
}

#[test]
fn divided_parts_never_exceed_the_server_limit() {
    let home = tempfile::tempdir().unwrap();
    let job = job(home.path());
    let codes: Vec<String> = (0..5000).map(|number| format!("{number:05}a")).collect();
    let plan = Plan::new(vec![codes.clone()], Vec::new());
    let mut work = WorkDir::create(&job, JobId(1), plan).unwrap();
    assert!(work.divide(&job, 0, 4).unwrap());
    let parts = &work.plan().parts;
    assert!(
        parts
            .iter()
            .all(|part| part.join(",").len() <= crate::model::PROTEINS_LIMIT)
    );
    assert_eq!(parts.concat(), codes);
}
