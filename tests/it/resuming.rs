//! Resumable downloads: parts, pauses, restarts, killed programs, and transfers that resume in the middle.

use std::{fs, sync::Arc, time::Duration};

use fragalysis_desktop::{
    api::{ArchiveHandle, OrderOutcome},
    dataset::JobId,
    demo::{DemoOptions, Faults, Generation},
    downloads::{Builds, MemoryBuilds, OnExisting, SpeedLimit, Stage, Stop, run},
    model::{ErrorKind, FileKind, Preset},
};
use tokio::sync::watch;

use crate::{
    fixtures::{Bench, assert_same_content, options, request},
    harness::files,
};

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_reported_in_small_steps_under_a_speed_limit() {
    let mut wanted = Preset::Structures.files();
    wanted.set(FileKind::EventFile, true);
    let bench = Bench::new(options(Generation::G2026), request("PHIPA", &[], wanted)).await;
    let mut engine = bench.engine();
    engine.speed = Arc::new(SpeedLimit::new(Some(100_000)));
    let (sender, stages) = std::sync::mpsc::channel();
    engine.on_stage = Arc::new(move |stage| {
        if let Stage::Receiving { received, .. } = stage {
            sender.send(received).ok();
        }
    });
    let done = run(engine).await.unwrap();
    bench.assert_whole(&done);
    let seen: Vec<u64> = stages.iter().collect();
    // More than one piece of the line, or this would show nothing.
    assert!(seen.last().is_some_and(|all| *all > 100_000), "{seen:?}");
    for pair in seen.windows(2) {
        assert!(pair[1] - pair[0] <= 25_000, "{seen:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn transfers_resume_where_possible_and_false_resumptions_are_rejected() {
    for (faults, is_resumed) in [
        (
            Faults {
                archive_ranges: true,
                cut_once: true,
                ..Faults::default()
            },
            true,
        ),
        (
            Faults {
                changed_archive: true,
                cut_once: true,
                ..Faults::default()
            },
            false,
        ),
    ] {
        for generation in [Generation::G2024, Generation::G2026] {
            let options = DemoOptions {
                faults,
                ..options(generation)
            };
            let bench =
                Bench::new(options, request("PHIPA", &[], Preset::Structures.files())).await;
            let result = bench.run().await;
            match result {
                Ok(done) => {
                    assert!(is_resumed);
                    bench.assert_whole(&done);
                }
                Err(error) => {
                    // What it sends now is not an archive; it must never be appended to the earlier data.
                    assert!(!is_resumed, "{error}");
                    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
                    assert_eq!(files(bench.home.path()), Vec::<String>::new());
                }
            }
        }
    }
}

/// The same byte was asked for fifteen times in ten minutes.
#[tokio::test(flavor = "multi_thread")]
async fn a_range_that_always_ends_early_is_given_up_for_the_whole_archive() {
    for generation in Generation::ALL {
        let options = DemoOptions {
            faults: Faults {
                short_range: true,
                cut_once: true,
                ..Faults::default()
            },
            ..options(generation)
        };
        let bench = Bench::new(options, request("PHIPA", &[], Preset::Structures.files())).await;
        let begun = bench.demo.requests();
        let done = bench.run().await.unwrap();
        bench.assert_whole(&done);
        let asked = bench.demo.requests() - begun;
        assert!(asked < 40, "{generation:?}: {asked} requests");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_resumes_even_after_the_program_has_ended() {
    let faults = Faults {
        archive_ranges: true,
        cut_archive: true,
        ..Faults::default()
    };
    let options = DemoOptions {
        faults,
        ..options(Generation::G2026)
    };
    let bench = Bench::new(options, request("PHIPA", &[], Preset::Coot.files())).await;
    let mut engine = bench.engine();
    let (sender, broken) = watch::channel(false);
    engine.on_stage = Arc::new(move |stage| {
        if matches!(stage, Stage::WaitingForServer { .. }) {
            sender.send(true).ok();
        }
    });
    // Dropped like a program that is killed, as soon as the line has broken in the middle.
    let mut broken = broken;
    tokio::select! {
        ended = run(engine) => panic!("{ended:?}"),
        _ = broken.wait_for(|is_broken| *is_broken) => {}
    }
    let hidden = files(&bench.job.parent);
    let stored = hidden
        .iter()
        .find(|path| path.ends_with("archive-0001.part"))
        .expect("a stored part");
    let stored = fs::metadata(bench.job.parent.join(stored)).unwrap().len();
    assert!(stored > 1024, "{stored}");
    bench.demo.set_faults(Faults {
        archive_ranges: true,
        ..Faults::default()
    });
    let done = bench.run().await.unwrap();
    bench.assert_whole(&done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_keeps_whole_parts_and_a_cancel_keeps_nothing() {
    for (how, keeps) in [(Stop::Pause, true), (Stop::Cancel, false)] {
        let options = DemoOptions {
            modelled: Some(70),
            ..options(Generation::G2024)
        };
        let mut bench = Bench::new(options, request("Mpro", &[], Preset::Structures.files())).await;
        bench.job.in_parts = true;
        let (stop, stopped) = watch::channel(None);
        let mut engine = bench.engine();
        engine.stop = stopped;
        let parts = Arc::clone(&bench.parts);
        engine.on_part = Arc::new(move |part| {
            parts.lock().unwrap().push(part);
            if part.number == 2 {
                stop.send(Some(how)).ok();
            }
        });
        let error = run(engine).await.expect_err("it was stopped");
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        let left = files(bench.home.path());
        assert_eq!(!left.is_empty(), keeps, "{} files are left", left.len());
        let is_hidden = left.iter().all(|path| path.contains(".part"));
        assert!(is_hidden, "something stands under a final name");
        let before = bench.demo.ordered().len();
        let done = bench.run().await.unwrap();
        assert_same_content(&bench.demo, &done.place, &bench.job.request);
        let first = bench.demo.ordered()[0].clone();
        let again = bench.demo.ordered()[before..].contains(&first);
        assert_eq!(again, !keeps, "the first part was fetched again");
    }
}

/// Older servers begin a second build when they are asked twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_build_is_reused_after_a_pause_and_not_ordered_twice() {
    for generation in [Generation::G2025, Generation::G2026] {
        let options = DemoOptions {
            build_time: Duration::from_millis(400),
            ..options(generation)
        };
        let bench = Bench::new(options, request("PHIPA", &[], Preset::Structures.files())).await;
        let builds: Arc<MemoryBuilds> = Arc::default();
        let (stop, stopped) = watch::channel(None);
        let mut engine = bench.engine();
        engine.stop = stopped;
        engine.kept_builds = Arc::clone(&builds) as Arc<dyn Builds>;
        engine.on_stage = Arc::new(move |stage| {
            if matches!(stage, Stage::Building { .. }) {
                stop.send(Some(Stop::Pause)).ok();
            }
        });
        run(engine).await.expect_err("it was stopped");
        assert!(builds.get(bench.id).is_some());
        let mut engine = bench.engine();
        engine.kept_builds = Arc::clone(&builds) as Arc<dyn Builds>;
        let done = run(engine).await.unwrap();
        bench.assert_whole(&done);
        assert_eq!(bench.demo.ordered().len(), 1, "it was ordered again");
        assert!(builds.get(bench.id).is_none(), "a used build is still kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_an_earlier_build_is_fetched_and_checked() {
    let mut bench = Bench::new(
        options(Generation::G2024),
        request("PHIPA", &[], Preset::Structures.files()),
    )
    .await;
    let OrderOutcome::Ready(handle) = bench.client().order(&bench.job.request).await.unwrap()
    else {
        panic!("the servers of 2024 answer when it is built");
    };
    bench.job.link = Some(handle);
    let orders = bench.demo.ordered().len();
    let done = bench.run().await.unwrap();
    bench.assert_whole(&done);
    assert_eq!(bench.demo.ordered().len(), orders, "it was built again");
    (bench.job.link, bench.id) = (
        ArchiveHandle::from_pasted("/code/media/downloads/0/x.zip"),
        JobId::random(),
    );
    let error = bench.run().await.expect_err("no such build");
    assert_eq!(error.kind(), ErrorKind::LinkExpired, "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_takes_the_name_and_keeps_what_was_there() {
    let mut bench = Bench::new(
        options(Generation::G2026),
        request("PHIPA", &[], Preset::Structures.files()),
    )
    .await;
    let done = bench.run().await.unwrap();
    fs::write(done.place.join("notes.txt"), "mine").unwrap();
    (bench.job.placing, bench.id) = (OnExisting::Update, JobId::random());
    let again = bench.run().await.unwrap();
    assert_eq!(again.place, done.place);
    bench.assert_whole(&again);
    let before = again.before.unwrap();
    assert_eq!(fs::read(before.join("notes.txt")).unwrap(), b"mine");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unrecorded_finished_download_is_recognised() {
    let bench = Bench::new(
        options(Generation::G2026),
        request("PHIPA", &[], Preset::Structures.files()),
    )
    .await;
    let done = bench.run().await.unwrap();
    let orders = bench.demo.ordered().len();
    // The program was killed between the name of the folder and the note: the same id again.
    let again = bench.run().await.unwrap();
    assert_eq!(again.place, done.place);
    assert_eq!(bench.demo.ordered().len(), orders);
}

#[tokio::test(flavor = "multi_thread")]
async fn repeated_restarts_during_a_build_back_off_and_report_it() {
    fn one_moment() -> jiff::Zoned {
        "2026-11-24T12:00:00Z[UTC]".parse().unwrap()
    }
    let options = DemoOptions {
        build_time: Duration::from_mins(10),
        ..options(Generation::G2025)
    };
    let bench = Bench::new(options, request("PHIPA", &[], Preset::Structures.files())).await;
    let mut waits = Vec::new();
    for times in 1..=3 {
        let (sender, mut stages) = watch::channel(Vec::new());
        let mut engine = bench.engine();
        engine.clock = one_moment;
        engine.on_stage = Arc::new(move |stage| sender.send_modify(|all| all.push(stage)));
        // Dropped like a program that is killed, once the server has taken the order.
        let running = run(engine);
        tokio::pin!(running);
        let is_building =
            |stages: &Vec<Stage>| stages.iter().any(|stage| matches!(stage, Stage::Ordered));
        tokio::select! {
            ended = &mut running => panic!("{ended:?}"),
            seen = stages.wait_for(is_building) => {
                let seen = seen.unwrap();
                waits.push(seen.iter().any(|stage| matches!(
                    stage,
                    Stage::WaitingForServer { reason } if reason.contains("was closed while the server")
                )));
            }
        }
        assert_eq!(bench.demo.ordered().len(), times);
    }
    assert_eq!(waits, [false, false, true]);
}
