//! Downloads against a server that misbehaves: never a bad file under a final name, never a false
//! "complete", and every failure with its own kind.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use fragalysis_desktop::{
    api::{Client, ClientOptions},
    dataset::{JobId, MANIFEST, Outcome},
    demo::{ALICE, ArchiveLie, DemoOptions, DemoServer, Faults, Generation, HostileMember},
    downloads::{DownloadError, Engine, Finished, Job, Stage, Timeouts, run},
    model::{
        DownloadRequest, ErrorKind, FileKind, FileSelection, Preset, SessionToken, TargetKey, Tas,
    },
};
use tempfile::TempDir;

use crate::harness::{assert_folder_is, files};

/// A download into the folder `data` of a home, without anything special.
pub(crate) fn job(request: DownloadRequest, home: &Path) -> Job {
    Job::new(request, home.join("data"))
}

/// A server and a folder.
pub(crate) struct Trial {
    pub(crate) demo: DemoServer,
    pub(crate) home: TempDir,
    pub(crate) token: Option<&'static str>,
    pub(crate) job: Job,
    pub(crate) id: JobId,
    pub(crate) stages: Arc<Mutex<Vec<Stage>>>,
}

pub(crate) fn phipa(files: FileSelection) -> DownloadRequest {
    DownloadRequest {
        target: TargetKey {
            title: "PHIPA".to_owned(),
            tas: Tas::new("lb18145-1"),
        },
        codes: Vec::new(),
        files,
        static_link: false,
    }
}

impl Trial {
    pub(crate) async fn new(generation: Generation, faults: Faults) -> Self {
        let options = DemoOptions {
            generation,
            faults,
            build_time: Duration::from_millis(30),
            ..DemoOptions::default()
        };
        let home = tempfile::tempdir().unwrap();
        let job = job(phipa(Preset::Structures.files()), home.path());
        Self {
            demo: DemoServer::start(options).await.unwrap(),
            home,
            token: Some(ALICE),
            job,
            id: JobId::random(),
            stages: Arc::default(),
        }
    }

    pub(crate) fn engine(&self) -> Engine {
        let token = self
            .token
            .map(|token| SessionToken::from_pasted(token).unwrap());
        let stages = Arc::clone(&self.stages);
        let client =
            Client::new(self.demo.address().clone(), token, ClientOptions::default()).unwrap();
        let patience = Timeouts::shortened(0.002);
        let mut engine = Engine::new(self.id, client, self.job.clone(), patience);
        engine.on_stage = Arc::new(move |stage| stages.lock().unwrap().push(stage));
        engine.clock = || "2026-11-23T10:42:00+00:00[UTC]".parse().unwrap();
        engine
    }

    pub(crate) async fn run(&self) -> Result<Finished, DownloadError> {
        run(self.engine()).await
    }

    pub(crate) fn folder(&self) -> std::path::PathBuf {
        self.job.parent.join("PHIPA_lb18145-1")
    }

    /// Asserts that nothing of the failed download is left, under any name.
    pub(crate) fn assert_nothing_is_left(&self, what: &str) {
        let left = files(self.home.path());
        assert!(left.is_empty(), "after {what} there was {left:?}");
    }
}

pub(crate) fn with(set: impl Fn(&mut Faults)) -> Faults {
    let mut faults = Faults::default();
    set(&mut faults);
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_archive_is_never_taken_for_a_good_one() {
    let cases = [
        ("cut", with(|f| f.cut_archive = true), ErrorKind::Truncated),
        (
            "short",
            with(|f| f.short_archive = true),
            ErrorKind::Truncated,
        ),
        (
            "flipped",
            with(|f| f.flipped_bit = true),
            ErrorKind::Corrupt,
        ),
        (
            "page",
            with(|f| f.page_for_archive = true),
            ErrorKind::Corrupt,
        ),
    ];
    for generation in Generation::ALL {
        for (name, faults, kind) in cases {
            let trial = Trial::new(generation, faults).await;
            let error = trial.run().await.expect_err(name);
            let found = error.kind();
            // Where exactly a short zip breaks decides whether it reads as short or as damaged.
            let is_right =
                found == kind || (kind == ErrorKind::Truncated && found == ErrorKind::Corrupt);
            assert!(is_right, "{name} in {generation:?}: {found:?}, {error}");
            trial.assert_nothing_is_left(name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn members_that_lead_elsewhere_are_refused_and_nothing_is_written() {
    let members = [
        HostileMember::ParentFolder,
        HostileMember::Absolute,
        HostileMember::DriveLetter,
        HostileMember::LinkOut,
        HostileMember::ReservedName,
    ];
    for generation in Generation::ALL {
        for member in members {
            let trial = Trial::new(generation, with(|f| f.hostile_member = Some(member))).await;
            let error = trial.run().await.expect_err("hostile");
            assert_eq!(
                error.kind(),
                ErrorKind::UnsafeArchive,
                "{member:?} in {generation:?}: {error}"
            );
            trial.assert_nothing_is_left("a hostile member");
            assert!(!Path::new("/tmp/evil-fragalysis.txt").exists());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_names_that_are_one_on_other_systems_are_both_kept_and_named() {
    for generation in Generation::ALL {
        let member = HostileMember::CaseCollision;
        let trial = Trial::new(generation, with(|f| f.hostile_member = Some(member))).await;
        let done = trial.run().await.unwrap();
        assert_eq!(done.report.outcome, Outcome::Complete);
        let [note] = done.report.notes.as_slice() else {
            panic!("{:?}", done.report.notes);
        };
        assert!(
            note.contains("both were kept") && note.contains("(2)"),
            "{note}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_intact_archive_with_other_contents_is_never_called_complete() {
    let lies = [
        (ArchiveLie::LacksObservation, "did not arrive"),
        (
            ArchiveLie::LacksFile,
            "1 file did not arrive, from 1 of 10 observations",
        ),
        (ArchiveLie::NoBytes, "this server sent nothing for"),
        (
            ArchiveLie::BlankFiles,
            "not of the type that the name indicates",
        ),
        (
            ArchiveLie::GarbageTable,
            "metadata.csv is not a table of observations",
        ),
        (ArchiveLie::OtherTarget, "that the target does not have"),
    ];
    for generation in Generation::ALL {
        for (lie, words) in lies {
            let mut trial = Trial::new(generation, with(|f| f.archive_lie = Some(lie))).await;
            trial.job.request.files.set(FileKind::MetadataInfo, true);
            let done = trial.run().await.unwrap();
            let summary = done.report.summary();
            assert_eq!(
                done.report.outcome,
                Outcome::Incomplete,
                "{lie:?}: {summary}"
            );
            assert!(
                summary.contains(words),
                "{lie:?} in {generation:?}: {summary}"
            );
            // The record beside the data says the same, whole.
            let record = fs::read_to_string(done.place.join(MANIFEST)).unwrap();
            let record: serde_json::Value = serde_json::from_str(&record).unwrap();
            assert_eq!(record["report"]["outcome"], "incomplete");
            let rows = record["report"]["coverage"].as_array().unwrap();
            assert_eq!(
                rows.len(),
                trial.demo.world().codes("PHIPA", "lb18145-1").len()
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn temporary_failures_are_waited_out() {
    let cases = [
        ("busy", with(|f| f.busy_once = true), Generation::G2026),
        (
            "expired link",
            with(|f| f.expired_once = true),
            Generation::G2024,
        ),
        (
            "expired link",
            with(|f| f.expired_once = true),
            Generation::G2025,
        ),
        (
            "expired link",
            with(|f| f.expired_once = true),
            Generation::G2026,
        ),
        (
            "foreign links",
            with(|f| f.foreign_links = true),
            Generation::G2026,
        ),
    ];
    for (name, faults, generation) in cases {
        let trial = Trial::new(generation, faults).await;
        let done = trial
            .run()
            .await
            .unwrap_or_else(|error| panic!("{name} in {generation:?}: {error}"));
        assert_eq!(done.report.outcome, Outcome::Complete, "{name}");
        assert_folder_is(&trial.demo, &trial.folder(), &trial.job.request);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_that_fails_says_why() {
    let trial = Trial::new(Generation::G2026, with(|f| f.failed_build = true)).await;
    let error = trial.run().await.expect_err("a failed build");
    assert_eq!(error.kind(), ErrorKind::BuildFailed, "{error}");
    trial.assert_nothing_is_left("a failed build");
}
