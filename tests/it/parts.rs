//! Downloads in parts: merged into one folder, divided on a poor connection, with missing or changed parts.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use fragalysis_desktop::{
    dataset::Outcome,
    demo::{DemoOptions, Faults, Generation},
    downloads::{Stage, Stop, run},
    model::{ErrorKind, FileKind, FileSelection, Preset},
};
use tokio::sync::watch;

use crate::{
    fixtures::{Bench, assert_same_content, options, request},
    harness::files,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_codes_beyond_what_the_server_takes_comes_in_parts_and_as_one_folder() {
    for generation in [Generation::G2024, Generation::G2026] {
        let options = DemoOptions {
            rows: Some(2400),
            modelled: Some(760),
            ..options(generation)
        };
        let kinds = [
            FileKind::MetadataInfo,
            FileKind::SingleSdfFile,
            FileKind::TransMatrixInfo,
        ];
        let kinds: FileSelection = kinds.into_iter().collect();
        let mut bench = Bench::new(options, request("Mpro", &[], kinds)).await;
        let codes = bench.demo.world().codes("Mpro", "lb18145-1");
        bench.job.request.codes = codes.clone();
        assert!(bench.job.request.proteins().len() > 5000, "{}", codes.len());
        let done = bench.run().await.unwrap();
        assert_eq!(
            done.report.outcome,
            Outcome::Complete,
            "{generation:?}: {}",
            done.report.summary()
        );
        assert_same_content(&bench.demo, &done.place, &bench.job.request);
        let parts = bench.parts.lock().unwrap().clone();
        assert_eq!(parts.len(), 2, "{parts:?}");
        let ordered = bench.demo.ordered();
        assert!(ordered.iter().all(|codes| codes.join(",").len() <= 5000));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_on_request_give_the_same_folder_as_one_archive_in_every_generation() {
    for generation in Generation::ALL {
        let options = DemoOptions {
            modelled: Some(70),
            ..options(generation)
        };
        let mut kinds = Preset::Structures.files();
        for kind in [
            FileKind::MetadataInfo,
            FileKind::SingleSdfFile,
            FileKind::PdbInfo,
            FileKind::YamlFiles,
            FileKind::Readme,
            FileKind::ExtraFiles,
        ] {
            kinds.set(kind, true);
        }
        let mut bench = Bench::new(options, request("Mpro", &[], kinds)).await;
        bench.job.in_parts = true;
        let done = bench.run().await.unwrap();
        assert_eq!(
            done.report.outcome,
            Outcome::Complete,
            "{}",
            done.report.summary()
        );
        assert!(bench.parts.lock().unwrap().len() > 1);
        assert_same_content(&bench.demo, &done.place, &bench.job.request);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_repeatedly_gets_smaller_parts() {
    // Every archive breaks off for ever, unless it is of a single observation: then there is nothing to divide.
    let faults = Faults {
        cut_archive: true,
        ..Faults::default()
    };
    let options = DemoOptions {
        faults,
        ..options(Generation::G2026)
    };
    let kinds = Preset::Structures.files();
    let bench = Bench::new(options, request("PHIPA", &[], kinds)).await;
    let error = bench.run().await.expect_err("a line that never holds");
    assert_eq!(error.kind(), ErrorKind::Truncated, "{error}");
    let sizes: Vec<usize> = bench.demo.ordered().iter().map(Vec::len).collect();
    assert!(
        sizes.first() > sizes.last() && sizes.last() == Some(&1),
        "{sizes:?}"
    );
    // The connection works again: the rest arrives, in the parts that were made.
    bench.demo.set_faults(Faults::default());
    let done = bench.run().await.unwrap();
    bench.assert_whole(&done);
}

/// Runs with codes of one target in parts of 40, where one observation's archive is damaged at the server.
#[tokio::test(flavor = "multi_thread")]
async fn an_observation_damaged_on_the_server_does_not_affect_the_others() {
    for generation in Generation::ALL {
        let options = DemoOptions {
            modelled: Some(50),
            faults: Faults {
                bad_observation: true,
                ..Faults::default()
            },
            ..options(generation)
        };
        let mut bench = Bench::new(options, request("Mpro", &[], Preset::Structures.files())).await;
        bench.job.in_parts = true;
        let all = bench.demo.world().codes("Mpro", "lb18145-1");
        let done = bench.run().await.unwrap();
        let report = &done.report;
        assert_eq!(report.outcome, Outcome::Incomplete);
        let lost = report.lost.as_ref().unwrap();
        assert_eq!(lost.codes, all[..1], "{}", report.summary());
        assert!(
            report
                .summary()
                .contains("1 observation could not be downloaded")
        );
        let others = request("Mpro", &all[1..], Preset::Structures.files());
        assert_same_content(&bench.demo, &done.place, &others);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_every_archive_is_damaged_nothing_gets_a_name() {
    let options = DemoOptions {
        modelled: Some(50),
        faults: Faults {
            flipped_bit: true,
            ..Faults::default()
        },
        ..options(Generation::G2026)
    };
    let mut bench = Bench::new(options, request("Mpro", &[], Preset::Structures.files())).await;
    bench.job.in_parts = true;
    let error = bench.run().await.expect_err("nothing was whole");
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(files(bench.home.path()).is_empty());
}

/// Runs until part 2 begins, and stops there.
async fn first_part_only(bench: &Bench) -> PathBuf {
    let (stop, stopped) = watch::channel(None);
    let mut engine = bench.engine();
    engine.stop = stopped;
    engine.on_part = Arc::new(move |part| {
        if part.number == 2 {
            stop.send(Some(Stop::Pause)).ok();
        }
    });
    run(engine).await.expect_err("it was stopped");
    let hidden = fs::read_dir(&bench.job.parent).unwrap();
    let mut hidden = hidden.map(|entry| entry.unwrap().path());
    hidden.find(|path| path.is_dir()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_was_changed_on_the_disk_is_noticed_and_fetched_again() {
    type Change = fn(&Path);
    let changes: [(&str, Change); 4] = [
        ("nothing", |_| {}),
        ("one byte", |file| {
            let mut bytes = fs::read(file).unwrap();
            bytes[0] ^= 1;
            fs::write(file, bytes).unwrap();
        }),
        ("a shorter file", |file| fs::write(file, "").unwrap()),
        ("a file that is gone", |file| fs::remove_file(file).unwrap()),
    ];
    for (what, change) in changes {
        let options = DemoOptions {
            modelled: Some(50),
            ..options(Generation::G2026)
        };
        let mut bench = Bench::new(options, request("Mpro", &[], Preset::Structures.files())).await;
        bench.job.in_parts = true;
        let hidden = first_part_only(&bench).await;
        let tree = hidden.join("part-0001");
        let file = files(&tree).into_iter().find(|path| path.contains(".pdb"));
        change(&tree.join(file.unwrap()));
        let before = bench.demo.ordered().len();
        let first = bench.demo.ordered()[0].clone();
        let done = bench.run().await.unwrap();
        assert_eq!(done.report.outcome, Outcome::Complete);
        assert_same_content(&bench.demo, &done.place, &bench.job.request);
        let again = bench.demo.ordered()[before..].contains(&first);
        assert_eq!(again, what != "nothing", "{what}");
    }
}

/// Whatever the moment, a stop leaves a whole result or none, and says which.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_in_the_last_step_leaves_all_or_nothing() {
    for (turn, in_parts) in (0..12).map(|turn| (turn, turn % 2 == 0)) {
        let options = DemoOptions {
            modelled: Some(50),
            ..options(Generation::G2026)
        };
        let mut bench = Bench::new(options, request("Mpro", &[], Preset::Structures.files())).await;
        bench.job.in_parts = in_parts;
        let (stop, stopped) = watch::channel(None);
        let mut engine = bench.engine();
        engine.stop = stopped;
        let runtime = tokio::runtime::Handle::current();
        engine.on_stage = Arc::new(move |stage| {
            if stage == Stage::Reporting {
                let stop = stop.clone();
                runtime.spawn(async move {
                    // Each turn a little later within the step.
                    tokio::time::sleep(Duration::from_millis(turn * 4)).await;
                    stop.send(Some(Stop::Cancel)).ok();
                });
            }
        });
        let result = run(engine).await;
        let left = files(&bench.job.parent);
        match result {
            Ok(done) => {
                assert_same_content(&bench.demo, &done.place, &bench.job.request);
                let is_hidden = |path: &String| path.contains(".part/");
                assert!(!left.iter().any(is_hidden), "turn {turn}: {left:?}");
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Cancelled, "turn {turn}");
                assert!(left.is_empty(), "turn {turn}: {left:?}");
            }
        }
    }
}
