//! Data folders on this disk, newer data on the server, and updates of the folders.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use fragalysis_desktop::{
    dataset::{Dataset, Difference, JobId, Outcome},
    demo::{DemoOptions, Faults, Generation},
    downloads::{DownloadError, Finished, Job, OnExisting, Stage, Stop, run},
    library::{UpdateStatus, check_for_updates},
    model::{DownloadRequest, FileKind, FileSelection, Preset},
};
use tokio::sync::watch;

use crate::fixtures::{Bench, assert_same_content, options, request};

/// A month-old folder, and a server that has received new data since.
pub(crate) struct Month {
    pub(crate) bench: Bench,
    pub(crate) folder: PathBuf,
    /// How the first download ended: older servers do not offer everything.
    pub(crate) outcome: Outcome,
}

impl Month {
    pub(crate) async fn ago(
        generation: Generation,
        codes: &[String],
        files: FileSelection,
    ) -> Self {
        Self::with(month_ago(generation), codes, files).await
    }

    pub(crate) async fn with(options: DemoOptions, codes: &[String], files: FileSelection) -> Self {
        let bench = Bench::new(options, request("Mpro", codes, files)).await;
        let done = bench.run().await.unwrap();
        Self {
            bench,
            folder: done.place,
            outcome: done.report.outcome,
        }
    }

    pub(crate) fn held(&self) -> Dataset {
        Dataset::read(&self.folder).unwrap().unwrap()
    }

    pub(crate) async fn checked(&self) -> UpdateStatus {
        let mut checked = check_for_updates(&self.bench.client(), &[self.held().into()])
            .await
            .unwrap();
        checked.remove(0)
    }

    pub(crate) async fn difference(&self) -> Difference {
        let checked = self.checked().await;
        let difference = checked.difference();
        difference.unwrap_or_else(|| panic!("{checked:?}")).clone()
    }

    /// Brings the folder up to date.
    pub(crate) async fn renew(&mut self) -> Result<Finished, DownloadError> {
        self.prepare_to_renew();
        run(self.bench.engine()).await
    }

    pub(crate) fn prepare_to_renew(&mut self) {
        let request = self.held().request.unwrap();
        self.bench.id = JobId::random();
        self.bench.job = Job {
            placing: OnExisting::Update,
            renews: Some(self.folder.clone()),
            ..Job::new(request, self.folder.parent().unwrap().to_owned())
        };
    }

    /// What the server means to send today.
    pub(crate) fn assert_as_fresh(&self, folder: &Path, request: &DownloadRequest) {
        assert_same_content(&self.bench.demo, folder, request);
    }
}

/// Few observations: it is their kinds that matter.
pub(crate) fn month_ago(generation: Generation) -> DemoOptions {
    DemoOptions {
        days_ago: 30,
        modelled: Some(14),
        ..options(generation)
    }
}

pub(crate) fn kinds(kinds: &[FileKind]) -> FileSelection {
    kinds.iter().copied().collect()
}

/// Everything that can be asked for in one way or another.
pub(crate) fn choices() -> Vec<FileSelection> {
    use FileKind as K;
    let mut choices: Vec<FileSelection> = Preset::ALL.into_iter().map(Preset::files).collect();
    choices.push(kinds(&[K::AllAlignedStructures]));
    choices.push(kinds(&[K::EventFile]));
    choices.push(kinds(&[K::MtzInfo, K::PdbInfo, K::CifInfo]));
    choices
}

#[tokio::test(flavor = "multi_thread")]
async fn an_updated_folder_is_what_a_fresh_download_would_be() {
    for generation in Generation::ALL {
        for files in choices() {
            let mut month = Month::ago(generation, &[], files.clone()).await;
            assert!(
                matches!(month.checked().await, UpdateStatus::UpToDate { .. }),
                "{generation:?} {files:?}"
            );
            month.bench.demo.advance_days();
            let difference = month.difference().await;
            assert!(
                difference.new.len() >= 2
                    && difference.changed.len() >= 2
                    && difference.superseded.len() == 1,
                "{}",
                difference.words()
            );
            let before = crate::harness::files(&month.folder);
            let done = month.renew().await.unwrap();
            let what = format!("{generation:?} {files:?}");
            assert_eq!(done.place, month.folder, "{what}");
            assert_eq!(
                done.report.outcome,
                month.outcome,
                "{what} {}",
                done.report.summary()
            );
            month.assert_as_fresh(&done.place, &month.held().request.unwrap());
            let renewed = done.report.renewed.unwrap();
            assert_eq!(renewed.difference, difference, "{what}");
            assert!(renewed.kept > 5, "{what}: {}", renewed.words());
            // The previous folder is still there, complete.
            assert_eq!(crate::harness::files(&done.before.unwrap()), before);
            assert!(matches!(
                month.checked().await,
                UpdateStatus::UpToDate { .. }
            ));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_changed_data_are_fetched() {
    for generation in Generation::ALL {
        let mut month = Month::ago(generation, &[], Preset::Coot.files()).await;
        month.bench.demo.advance_days();
        let difference = month.difference().await;
        let before = month.bench.demo.ordered().len();
        month.renew().await.unwrap();
        let ordered: BTreeSet<String> = month.bench.demo.ordered()[before..]
            .concat()
            .into_iter()
            .collect();
        let meant = difference
            .new
            .into_iter()
            .chain(difference.changed)
            .collect();
        assert_eq!(ordered, meant, "{generation:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_cannot_be_merged_causes_a_full_download() {
    for generation in Generation::ALL {
        let options = DemoOptions {
            comma_in_code: true,
            ..month_ago(generation)
        };
        let mut month = Month::with(options, &[], Preset::Coot.files()).await;
        month.bench.demo.advance_days();
        let difference = month.difference().await;
        let before = crate::harness::files(&month.folder);
        let done = month.renew().await.unwrap();
        month.assert_as_fresh(&done.place, &month.held().request.unwrap());
        let renewed = done.report.renewed.unwrap();
        // Only servers of before 2026 do not quote, so only there the comma moves what stands behind it.
        assert_eq!(
            renewed.kept == 0,
            generation != Generation::G2026,
            "{generation:?}"
        );
        assert_eq!(renewed.difference, difference, "{generation:?}");
        assert_eq!(crate::harness::files(&done.before.unwrap()), before);
        // And the next update begins with a table that cannot be read for sure.
        assert!(matches!(
            month.checked().await,
            UpdateStatus::UpToDate { .. }
        ));
        month.renew().await.unwrap();
        month.assert_as_fresh(&done.place, &month.held().request.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_full_download_does_not_retry_the_failed_plan() {
    let options = DemoOptions {
        comma_in_code: true,
        ..month_ago(Generation::G2025)
    };
    let mut month = Month::with(options, &[], Preset::Coot.files()).await;
    month.bench.demo.advance_days();
    let difference = month.difference().await;
    let part_of_it = difference.new.len() + difference.changed.len();
    month.prepare_to_renew();
    let mut engine = month.bench.engine();
    let (sender, stop) = watch::channel(None);
    engine.stop = stop;
    let has_tried = AtomicBool::new(false);
    engine.on_stage = Arc::new(move |stage| match stage {
        Stage::Reporting => has_tried.store(true, Ordering::Relaxed),
        Stage::Ordered | Stage::Building { .. } | Stage::Receiving { .. }
            if has_tried.load(Ordering::Relaxed) =>
        {
            sender.send_replace(Some(Stop::Pause));
        }
        _ => {}
    });
    let paused = run(engine).await.unwrap_err();
    assert!(matches!(paused, DownloadError::Cancelled), "{paused}");
    let before = month.bench.demo.ordered().len();
    let done = run(month.bench.engine()).await.unwrap();
    month.assert_as_fresh(&done.place, &month.held().request.unwrap());
    for order in &month.bench.demo.ordered()[before..] {
        assert_ne!(
            order.len(),
            part_of_it,
            "what was in vain is asked for again"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_original_selection_is_updated() {
    for generation in Generation::ALL {
        let codes = {
            let bench = Bench::new(
                month_ago(generation),
                request("Mpro", &[], FileSelection::default()),
            )
            .await;
            let mut codes = bench.demo.world().codes("Mpro", "lb18145-1");
            let last = codes.pop().unwrap();
            codes.truncate(8);
            codes.push(last);
            codes
        };
        let files = kinds(&[FileKind::AllAlignedStructures, FileKind::MetadataInfo]);
        let mut month = Month::ago(generation, &codes, files).await;
        month.bench.demo.advance_days();
        let difference = month.difference().await;
        assert_eq!((difference.new.len(), difference.superseded.len()), (0, 1));
        assert!(!difference.changed.is_empty() && difference.unselected > 0);
        let done = month.renew().await.unwrap();
        assert_eq!(
            done.report.outcome,
            Outcome::Complete,
            "{}",
            done.report.summary()
        );
        let request = month.held().request.unwrap();
        assert_eq!(
            request.codes.len(),
            codes.len() - 1,
            "superseded ones are not asked for again"
        );
        month.assert_as_fresh(&done.place, &request);
    }
}

/// W2: a code that the server lists in two versions was "3 changed" right after it had been fetched.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_with_two_versions_of_one_code_is_up_to_date_right_after_the_download() {
    for generation in Generation::ALL {
        let options = DemoOptions {
            faults: Faults {
                listed_twice: true,
                ..Faults::default()
            },
            ..month_ago(generation)
        };
        let files = Preset::Structures.files();
        let mut month = Month::with(options, &[], files).await;
        let checked = month.checked().await;
        assert!(
            matches!(checked, UpdateStatus::UpToDate { .. }),
            "{generation:?} {checked:?}"
        );
        month.bench.demo.advance_days();
        month.renew().await.unwrap();
        let checked = month.checked().await;
        assert!(
            matches!(checked, UpdateStatus::UpToDate { .. }),
            "{generation:?} {checked:?}"
        );
    }
}
