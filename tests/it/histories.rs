//! Histories of a folder that is brought up to date again and again, while the server changes, people edit and the
//! program ends.

use std::{fs, path::Path, time::Duration};

use fastrand::Rng;
use fragalysis_desktop::{
    dataset::{Dataset, JobId, MANIFEST},
    demo::{DemoOptions, Generation},
    downloads::{Finished, Job, OnExisting, run},
    library::{UpdateStatus, check_for_updates},
};
use futures_util::StreamExt as _;

use crate::{
    cautious_updates::tree,
    fixtures::{Bench, assert_same_content, request},
    updates::choices,
};

/// Histories of a folder, each different from all before. `.ci/long` tries thousands.
const HISTORIES: u64 = 16;
/// Histories that are tried at the same time.
const AT_ONCE: usize = 4;

/// Changes a folder as people do: edits, removes, adds.
fn edit(folder: &Path, rng: &mut Rng) {
    let paths = crate::harness::files(folder);
    let paths: Vec<&String> = paths.iter().filter(|path| *path != MANIFEST).collect();
    for _ in 0..rng.usize(1..4) {
        let path = folder.join(rng.choice(paths.iter()).unwrap());
        match rng.u8(0..3) {
            // Another edit may have removed it.
            0 => fs::remove_file(&path).unwrap_or(()),
            1 => fs::write(&path, "edited by hand").unwrap(),
            _ => fs::write(folder.join(format!("notes {}.txt", rng.u8(..))), "mine").unwrap(),
        }
    }
}

/// Runs an update, which the end of the program may interrupt, and once more until it is done.
async fn update_with_interruptions(bench: &mut Bench, folder: &Path, rng: &mut Rng) -> Finished {
    let request = Dataset::read(folder).unwrap().unwrap().request.unwrap();
    bench.id = JobId::random();
    bench.job = Job {
        placing: OnExisting::Update,
        renews: Some(folder.to_owned()),
        in_parts: rng.bool(),
        ..Job::new(request, folder.parent().unwrap().to_owned())
    };
    if rng.bool() {
        let moment = Duration::from_millis(rng.u64(1..150));
        if let Ok(ended) = tokio::time::timeout(moment, run(bench.engine())).await {
            return ended.unwrap();
        }
    }
    run(bench.engine()).await.unwrap()
}

async fn history(seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let generation = *rng.choice(Generation::ALL.iter()).unwrap();
    let options = DemoOptions {
        changes: Some(seed),
        modelled: Some(9),
        rows: Some(60),
        build_time: Duration::from_millis(1),
        generation,
        ..DemoOptions::default()
    };
    let files = rng.choice(choices()).unwrap();
    let mut bench = Bench::new(options, request("Mpro", &[], files.clone())).await;
    let what = format!("seed {seed}, {generation:?}, {}", files.summary());
    let mut folder = bench.run().await.unwrap().place;
    for _ in 0..4 {
        let is_edited = rng.f64() < 0.3;
        if is_edited {
            edit(&folder, &mut rng);
        }
        bench.demo.advance_days();
        let held = Dataset::read(&folder).unwrap().unwrap();
        let checked = check_for_updates(&bench.client(), &[held.into()])
            .await
            .unwrap();
        let before = tree(&folder);
        let has_more = checked[0].difference().is_some();
        let is_current = matches!(checked[0], UpdateStatus::UpToDate { .. });
        assert!(has_more || is_current, "{what}: {checked:?}");
        if !has_more && !is_edited {
            assert_same_content(&bench.demo, &folder, &bench.job.request);
            continue;
        }
        let done = update_with_interruptions(&mut bench, &folder, &mut rng).await;
        assert_same_content(&bench.demo, &done.place, &bench.job.request);
        // Nothing that was there is lost, no matter who put it there.
        let kept = done.before.unwrap_or(folder);
        if kept != done.place {
            assert!(
                tree(&kept) == before,
                "{what}: the previous folder has changed"
            );
        }
        folder = done.place;
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the seed repeats a failure")]
fn an_updated_folder_always_equals_a_fresh_one_and_nothing_is_lost() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let first: u64 = number("HISTORY_SEED").unwrap_or_else(|| fastrand::u64(..1 << 50));
    let runs = number("HISTORY_RUNS").unwrap_or(HISTORIES);
    println!("HISTORY_SEED={first} HISTORY_RUNS={runs}");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let all = futures_util::stream::iter((first..first + runs).map(history));
    runtime.block_on(all.buffer_unordered(AT_ONCE).collect::<Vec<()>>());
}
