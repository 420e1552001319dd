//! What a download contains in every generation, and what it leaves alone.

use crate::downloads::Trial;
use crate::harness::{assert_folder_is, files};
use fragalysis_desktop::{
    dataset::{JobId, MANIFEST, Outcome},
    demo::{ALICE, Faults, Generation},
    downloads::run,
    model::{ErrorKind, FileKind, Preset, TargetKey, Tas},
};
use std::{fs, time::Duration};

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_the_server_has_arrives_whole_in_every_generation() {
    for generation in Generation::ALL {
        let mut trial = Trial::new(generation, Faults::default()).await;
        trial.job.request.files = Preset::Everything.files();
        let done = trial.run().await.unwrap();
        assert_eq!(
            done.report.outcome,
            Outcome::Complete,
            "{generation:?}: {}",
            done.report.summary()
        );
        assert_folder_is(&trial.demo, &trial.folder(), &trial.job.request);
        assert_eq!(done.place, trial.folder());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_waits_for_a_2025_server_that_does_not_tell_about_builds() {
    let mut trial = Trial::new(Generation::G2025, Faults::default()).await;
    trial.token = None;
    let done = trial.run().await.unwrap();
    assert_eq!(done.report.outcome, Outcome::Complete);
    assert_folder_is(&trial.demo, &trial.folder(), &trial.job.request);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_codes_are_named_and_never_called_complete() {
    let mut trial = Trial::new(Generation::G2026, Faults::default()).await;
    let known = trial.demo.world().codes("PHIPA", "lb18145-1");
    trial.job.request.codes = vec![known[0].clone(), "nonsense".to_owned()];
    let done = trial.run().await.unwrap();
    assert_eq!(
        (done.report.outcome, done.report.unknown_codes.as_slice()),
        (Outcome::Incomplete, &["nonsense".to_owned()][..])
    );
    trial.job.request.codes = vec!["nonsense".to_owned()];
    trial.id = JobId::random();
    let error = trial.run().await.expect_err("only unknown codes");
    assert_eq!(error.kind(), ErrorKind::UnknownCodes);
}

#[tokio::test(flavor = "multi_thread")]
async fn single_file_types_come_from_old_servers_too() {
    for generation in Generation::ALL {
        let mut trial = Trial::new(generation, Faults::default()).await;
        trial.job.request.files = [FileKind::BoundFile, FileKind::LigandSmiles]
            .into_iter()
            .collect();
        let done = trial.run().await.unwrap();
        let report = &done.report;
        assert_eq!(report.outcome, Outcome::Complete, "{}", report.summary());
        let endings: std::collections::BTreeSet<String> = files(&done.place)
            .into_iter()
            .filter_map(|path| {
                let (code, name) = path.strip_prefix("aligned_files/")?.split_once('/')?;
                Some(name.strip_prefix(code)?.to_owned())
            })
            .collect();
        let asked = [".pdb", "_ligand.smi"].map(str::to_owned);
        assert_eq!(endings, asked.into(), "{generation:?}");
        let is_said = report
            .notes
            .iter()
            .any(|note| note.contains("only as a set"));
        assert_eq!(
            is_said,
            generation != Generation::G2026,
            "{:?}",
            report.notes
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ligands_of_old_servers_can_be_read_and_their_list_of_smiles_is_made_here() {
    let mut trial = Trial::new(Generation::G2024, Faults::default()).await;
    trial.job.request.files = Preset::Ligands.files();
    let done = trial.run().await.unwrap();
    assert_eq!(
        done.report.outcome,
        Outcome::Complete,
        "{}",
        done.report.summary()
    );
    assert_eq!(done.report.made_here, ["PHIPA_ligands.sdf", "smiles.smi"]);
    assert_folder_is(&trial.demo, &done.place, &trial.job.request);
    let read = |name: &str| fs::read_to_string(done.place.join(name)).unwrap();
    let molecules = read("PHIPA_combined.sdf").matches("M  END").count();
    assert!(molecules > 1 && !read("PHIPA_combined.sdf").contains("$$$$"));
    assert_eq!(read("PHIPA_ligands.sdf").matches("$$$$").count(), molecules);
    let smiles: Vec<String> = read("smiles.smi").split(',').map(str::to_owned).collect();
    let distinct: std::collections::BTreeSet<&String> = smiles.iter().collect();
    assert_eq!(distinct.len(), smiles.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_target_is_reported_as_no_access_or_not_found() {
    let mut trial = Trial::new(Generation::G2026, Faults::default()).await;
    trial.token = None;
    trial.job.request.target = TargetKey {
        title: "A71EV2A".to_owned(),
        tas: Tas::new("lb32627-66"),
    };
    let error = trial.run().await.expect_err("a private target");
    assert!(
        matches!(error.kind(), ErrorKind::NoAccess | ErrorKind::NotFound),
        "{error}"
    );
    trial.assert_nothing_is_left("a private target");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_user_had_before_is_never_touched() {
    let trial = Trial::new(Generation::G2026, Faults::default()).await;
    fs::create_dir_all(trial.folder()).unwrap();
    fs::write(trial.folder().join("mine.txt"), "my notes").unwrap();
    let done = trial.run().await.unwrap();
    assert_eq!(done.place, trial.job.parent.join("PHIPA_lb18145-1 (2)"));
    assert_folder_is(&trial.demo, &done.place, &trial.job.request);
    assert_eq!(files(&trial.folder()), ["mine.txt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_archive_is_kept_when_asked_for_and_opens_elsewhere() {
    for (generation, ending) in [(Generation::G2024, "zip"), (Generation::G2026, "tar.gz")] {
        let mut trial = Trial::new(generation, Faults::default()).await;
        trial.job.keep_archive = true;
        trial.run().await.unwrap();
        let archive = trial
            .job
            .parent
            .join(format!("PHIPA_lb18145-1_2026-11-23.{ending}"));
        assert!(fs::metadata(&archive).unwrap().len() > 1000);
        assert_folder_is(&trial.demo, &trial.folder(), &trial.job.request);
        (trial.job.unpack, trial.id) = (false, JobId::random());
        let done = trial.run().await.unwrap();
        assert!(
            done.place
                .to_str()
                .unwrap()
                .ends_with(&format!("(2).{ending}")),
            "{}",
            done.place.display()
        );
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_unwritable_folder_is_reported_before_any_request() {
    let mut trial = Trial::new(Generation::G2026, Faults::default()).await;
    // Root may write anywhere but here.
    trial.job.parent = "/proc/fragalysis".into();
    let error = trial.run().await.expect_err("an unwritable folder");
    assert_eq!(error.kind(), ErrorKind::NotWritable, "{error}");
    assert!(
        !trial
            .stages
            .lock()
            .unwrap()
            .iter()
            .any(|stage| matches!(stage, fragalysis_desktop::downloads::Stage::Building { .. }))
    );
}

#[cfg(target_os = "linux")]
#[expect(clippy::print_stdout, reason = "says when it could not be tried")]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_reported_and_leaves_nothing() {
    // A real small disk, where the machine lets a test make one.
    let home = tempfile::tempdir().unwrap();
    let mount = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=400k", "tmpfs"])
        .arg(home.path())
        .output();
    if !mount.is_ok_and(|output| output.status.success()) {
        println!("not tried: this machine does not let a test mount a small disk");
        return;
    }
    let mut trial = Trial::new(Generation::G2026, Faults::default()).await;
    trial.job.parent = home.path().to_owned();
    let error = trial.run().await.expect_err("a full disk");
    let left = files(home.path());
    let unmounted = std::process::Command::new("umount")
        .arg(home.path())
        .status()
        .unwrap();
    assert!(unmounted.success());
    assert_eq!(error.kind(), ErrorKind::DiskFull, "{error}");
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_folder_explains_itself_without_a_secret() {
    let trial = Trial::new(Generation::G2026, Faults::default()).await;
    trial.run().await.unwrap();
    let text = fs::read_to_string(trial.folder().join(MANIFEST)).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(manifest["request"]["target"]["title"], "PHIPA");
    assert_eq!(manifest["report"]["outcome"], "complete");
    for secret in [ALICE, "csrf", "sessionid"] {
        assert!(!text.contains(secret), "{secret} is in the manifest");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_is_dropped_leaves_nothing() {
    let mut trial = Trial::new(Generation::G2026, Faults::default()).await;
    for milliseconds in [1, 5, 20, 60, 120, 200] {
        let engine = trial.engine();
        let ended = tokio::time::timeout(Duration::from_millis(milliseconds), run(engine)).await;
        if let Ok(done) = ended {
            // Finished before it could be stopped: then it is whole.
            let place = done.unwrap().place;
            assert_folder_is(&trial.demo, &place, &trial.job.request);
            fs::remove_dir_all(place).unwrap();
            trial.id = JobId::random();
        }
    }
    // Work off the asynchronous threads sees the flag at its next file; a new whole run comes after it.
    let done = trial.run().await.unwrap();
    assert_folder_is(&trial.demo, &done.place, &trial.job.request);
    fs::remove_dir_all(&done.place).unwrap();
    let finals: Vec<String> = files(&trial.job.parent)
        .into_iter()
        .filter(|path| !path.starts_with('.'))
        .collect();
    assert!(finals.is_empty(), "{finals:?}");
}

/// Before 2026 the list of SMILES comes only with all structures; the table from which it is made is fetched for it.
#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_smiles_alone_is_complete_in_every_generation() {
    for generation in Generation::ALL {
        let mut trial = Trial::new(generation, Faults::default()).await;
        trial.job.request.files = [FileKind::SmilesInfo].into_iter().collect();
        let done = trial.run().await.unwrap();
        let report = &done.report;
        assert_eq!(report.outcome, Outcome::Complete, "{}", report.summary());
        let lines = fs::read_to_string(done.place.join("smiles.smi")).unwrap();
        // The server's own form: separated by commas.
        assert!(lines.split(',').count() > 2, "{generation:?}: {lines}");
        let is_made = report.notes.iter().any(|note| note.contains("made from"));
        assert_eq!(is_made, generation != Generation::G2026, "{generation:?}");
    }
}

/// A server that ignores a choice it does not know sends other files instead; that is said.
#[tokio::test(flavor = "multi_thread")]
async fn a_kind_of_which_nothing_arrived_is_named() {
    for generation in Generation::ALL {
        let mut trial = Trial::new(generation, Faults::default()).await;
        trial.job.request.files = [FileKind::SoakdbFiles].into_iter().collect();
        let done = trial.run().await.unwrap();
        let is_named = done.report.notes.iter().any(|note| note.contains("SoakDB"));
        assert_eq!(is_named, generation == Generation::G2024, "{generation:?}");
    }
}
