//! Updates that must not conclude too much: changed folders, unknown states, records that mislead.

use crate::fixtures::{Bench, request};
use crate::updates::{Month, kinds, month_ago};
use fragalysis_desktop::{
    dataset::{CreatedBy, JobId, MANIFEST},
    demo::Generation,
    downloads::{DownloadError, Stage, run},
    library::UpdateStatus,
    model::{FileKind, FileSelection},
};
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_was_changed_by_hand_is_left_alone() {
    let files = kinds(&[
        FileKind::AllAlignedStructures,
        FileKind::MetadataInfo,
        FileKind::MtzInfo,
    ]);
    let mut month = Month::ago(Generation::G2026, &[], files).await;
    month.bench.demo.advance_days();
    let untouched = &month.held().request.unwrap();
    let all = crate::harness::files(&month.folder);
    let of = |ending: &str| {
        all.iter()
            .filter(|path| path.ends_with(ending))
            .nth(8)
            .unwrap()
            .clone()
    };
    let (edited, removed) = (of("_apo.pdb"), of(".mtz"));
    fs::write(month.folder.join("notes.txt"), "mine").unwrap();
    // As long as before, so that only its checksum tells.
    let mut bytes = fs::read(month.folder.join(&edited)).unwrap();
    bytes[0] ^= 1;
    fs::write(month.folder.join(&edited), &bytes).unwrap();
    fs::remove_file(month.folder.join(&removed)).unwrap();
    let held = month.held();
    assert_eq!(held.local_changes.words(), "1 file missing, 1 of your own");
    let done = month.renew().await.unwrap();
    assert!(done.place != month.folder && done.before.is_none());
    month.assert_as_fresh(&done.place, untouched);
    let renewed = done.report.renewed.unwrap();
    assert!(
        renewed.was_changed_by_hand && renewed.repaired.len() >= 2,
        "{}",
        renewed.words()
    );
    assert_eq!(fs::read(month.folder.join("notes.txt")).unwrap(), b"mine");
    assert_eq!(fs::read(month.folder.join(&edited)).unwrap(), bytes);
}

/// P: a Mac leaves files of its own beside each file on a network folder, which are not the user's.
#[tokio::test(flavor = "multi_thread")]
async fn companions_that_a_mac_leaves_are_no_change_by_hand() {
    let files = kinds(&[FileKind::AllAlignedStructures, FileKind::MetadataInfo]);
    let mut month = Month::ago(Generation::G2026, &[], files).await;
    month.bench.demo.advance_days();
    for path in ["._metadata.csv", ".DS_Store", "aligned_files/._m0055a"] {
        fs::write(month.folder.join(path), b"\0\x05\x16\x07").unwrap();
    }
    let held = month.held();
    assert!(
        held.local_changes.is_empty(),
        "{}",
        held.local_changes.words()
    );
    let done = month.renew().await.unwrap();
    assert_eq!(done.place, month.folder);
    assert!(done.before.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_conclusions_are_drawn_from_missing_records() {
    let files = kinds(&[FileKind::MetadataInfo, FileKind::AllAlignedStructures]);
    let month = Month::ago(Generation::G2025, &[], files).await;
    let manifest = month.folder.join("fragalysis-download.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let mut form: serde_json::Value = serde_json::from_str(&text).unwrap();
    // Of a program that did not write down what the server held.
    form.as_object_mut().unwrap().remove("snapshot");
    form["format"] = 2.into();
    fs::write(&manifest, form.to_string()).unwrap();
    let why = |checked: UpdateStatus| match checked {
        UpdateStatus::Unknown { why, .. } => why,
        other => panic!("{other:?}"),
    };
    assert!(why(month.checked().await).contains("no record of their state"));
    month.bench.demo.advance_days();
    match month.checked().await {
        UpdateStatus::Newer {
            difference,
            is_rough,
            ..
        } => {
            assert!(is_rough && !difference.changed.is_empty() && difference.superseded.len() == 1);
        }
        other => panic!("{other:?}"),
    }
    // Of someone who has only unpacked an archive.
    fs::remove_file(&manifest).unwrap();
    let held = month.held();
    assert_eq!(
        (held.created_by, held.name().as_str()),
        (CreatedBy::Other, "Mpro")
    );
    assert!(month.difference().await.new.len() >= 2);
    // Of a program that is newer than this one.
    form["format"] = 99.into();
    form["files"] = serde_json::json!([]);
    form["request"] = serde_json::json!({"target": {"title": "Mpro"}});
    fs::remove_file(month.folder.join("metadata.csv")).unwrap();
    fs::write(&manifest, form.to_string()).unwrap();
    assert!(why(month.checked().await).contains("newer version"));
}

/// Every file of a folder.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let paths = crate::harness::files(folder).into_iter();
    paths
        .map(|path| (path.clone(), fs::read(folder.join(&path)).unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_of_which_nothing_is_left_does_not_become_the_whole_target() {
    let bench = Bench::new(
        month_ago(Generation::G2026),
        request("Mpro", &[], FileSelection::default()),
    )
    .await;
    let mut codes = bench.demo.world().codes("Mpro", "lb18145-1");
    codes.retain(|code| code.ends_with('z'));
    let files = kinds(&[FileKind::AllAlignedStructures]);
    let mut month = Month::ago(Generation::G2026, &codes, files).await;
    let before = tree(&month.folder);
    month.bench.demo.advance_days();
    assert_eq!(month.difference().await.words(), "1 superseded");
    let error = month.renew().await.unwrap_err();
    assert!(
        matches!(error, DownloadError::UnknownCodes { .. }),
        "{error}"
    );
    assert!(tree(&month.folder) == before);
}

/// Takes out of a record what the server held: as an earlier version of the program wrote it.
fn make_older(folder: &Path) {
    let manifest = folder.join(MANIFEST);
    let text = fs::read_to_string(&manifest).unwrap();
    let mut form: serde_json::Value = serde_json::from_str(&text).unwrap();
    form.as_object_mut().unwrap().remove("snapshot");
    form["format"] = 2.into();
    fs::write(&manifest, form.to_string()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_comparison_everything_is_fetched_and_user_files_stay() {
    for is_changed in [false, true] {
        let files = kinds(&[FileKind::AllAlignedStructures, FileKind::MetadataInfo]);
        let mut month = Month::ago(Generation::G2025, &[], files).await;
        // A folder keeps its own name, and takes no one else's.
        let named = month.folder.with_file_name("my Mpro");
        fs::rename(&month.folder, &named).unwrap();
        fs::create_dir(&month.folder).unwrap();
        month.folder = named;
        make_older(&month.folder);
        if is_changed {
            fs::write(month.folder.join("notes.txt"), "mine").unwrap();
        }
        let before = tree(&month.folder);
        month.bench.demo.advance_days();
        let done = month.renew().await.unwrap();
        month.assert_as_fresh(&done.place, &month.bench.job.request);
        assert_eq!(done.report.renewed.unwrap().kept, 0);
        let kept = if is_changed {
            assert!(done.place.ends_with("my Mpro (2)"), "{:?}", done.place);
            month.folder.clone()
        } else {
            assert_eq!(done.place, month.folder);
            done.before.unwrap()
        };
        assert!(tree(&kept) == before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delayed_update_does_not_replace_a_newer_one() {
    let files = kinds(&[FileKind::AllAlignedStructures, FileKind::MetadataInfo]);
    let mut month = Month::ago(Generation::G2026, &[], files).await;
    let old = tree(&month.folder);
    month.bench.demo.advance_days();
    let first = month.renew().await.unwrap();
    // The previous folder has its own name again, and an update of it was interrupted …
    let newer = tree(&first.place);
    let aside = month.folder.with_file_name("newer");
    fs::rename(&first.place, &aside).unwrap();
    fs::rename(first.before.unwrap(), &month.folder).unwrap();
    assert!(tree(&month.folder) == old);
    month.bench.id = JobId::random();
    let mut engine = month.bench.engine();
    let (planned, is_planned) = tokio::sync::watch::channel(false);
    engine.on_stage = Arc::new(move |stage| {
        // From here on there is a plan.
        if matches!(
            stage,
            Stage::Ordered | Stage::Building { .. } | Stage::Receiving { .. }
        ) {
            planned.send_replace(true);
        }
    });
    let mut is_planned = is_planned;
    tokio::select! {
        _ = run(engine) => panic!("it was done before it could be stopped"),
        _ = is_planned.wait_for(|is_planned| *is_planned) => {}
    }
    // … and the newer one in its place.
    fs::rename(&month.folder, month.folder.with_file_name("old")).unwrap();
    fs::rename(&aside, &month.folder).unwrap();
    let error = run(month.bench.engine()).await.unwrap_err();
    assert!(
        matches!(error, DownloadError::FolderChanged { .. }),
        "{error}"
    );
    assert!(tree(&month.folder) == newer);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_leads_elsewhere_is_not_followed() {
    let files = kinds(&[FileKind::MetadataInfo]);
    let month = Month::ago(Generation::G2026, &[], files).await;
    let manifest = month.folder.join(MANIFEST);
    let text = fs::read_to_string(&manifest).unwrap();
    for path in [
        "../outside",
        "/etc/passwd",
        "a/../../b",
        r"\\\\host\\share\\x",
    ] {
        let changed = text.replacen("\"path\": \"", &format!("\"path\": \"{path}"), 1);
        assert_ne!(changed, text);
        fs::write(&manifest, changed).unwrap();
        // What is left is what the table of observations says.
        assert_eq!(month.held().created_by, CreatedBy::Other, "{path}");
    }
}
