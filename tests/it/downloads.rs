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

use crate::desk::{assert_folder_is, files};

/// A download into the folder `data` of a home, without anything special.
pub(crate) fn job(request: DownloadRequest, home: &Path) -> Job {
    Job::new(request, home.join("data"))
}

/// A server and a folder.
struct Trial {
    demo: DemoServer,
    home: TempDir,
    token: Option<&'static str>,
    job: Job,
    id: JobId,
    stages: Arc<Mutex<Vec<Stage>>>,
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
    async fn new(generation: Generation, faults: Faults) -> Self {
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

    fn engine(&self) -> Engine {
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

    async fn run(&self) -> Result<Finished, DownloadError> {
        run(self.engine()).await
    }

    fn folder(&self) -> std::path::PathBuf {
        self.job.parent.join("PHIPA_lb18145-1")
    }

    /// Nothing of the failed download is left, under no name.
    fn assert_nothing_is_left(&self, what: &str) {
        let left = files(self.home.path());
        assert!(left.is_empty(), "after {what} there was {left:?}");
    }
}

fn with(set: impl Fn(&mut Faults)) -> Faults {
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
async fn an_archive_that_is_whole_and_holds_something_else_is_never_called_complete() {
    let lies = [
        (ArchiveLie::LacksObservation, "did not arrive"),
        (
            ArchiveLie::LacksFile,
            "1 file of 1 observation did not arrive",
        ),
        (ArchiveLie::NoBytes, "this server sent no"),
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
async fn a_code_that_is_listed_twice_comes_in_both_versions() {
    for generation in Generation::ALL {
        let trial = Trial::new(generation, with(|f| f.listed_twice = true)).await;
        let done = trial.run().await.unwrap();
        let report = &done.report;
        assert_eq!(
            report.outcome,
            Outcome::Complete,
            "{generation:?}: {}",
            report.summary()
        );
        let again = report.coverage.listed_again();
        let [(code, versions)] = again.iter().collect::<Vec<_>>()[..] else {
            panic!("{again:?}");
        };
        assert_eq!(versions.len(), 2);
        let listed = format!("the server lists {code} more than once, in versions 1 and 2");
        assert!(report.notes.contains(&listed), "{:?}", report.notes);
        // Each is what the server has of it, and they differ.
        let file = |version: i64| {
            let folder = format!("{code}_v{version}");
            let path = format!("aligned_files/{folder}/{folder}.pdb");
            fs::read(done.place.join(path)).unwrap()
        };
        assert_ne!(file(1), file(2));
        let doubled = report
            .notes
            .iter()
            .any(|note| note.contains("both were kept"));
        assert_eq!(
            doubled,
            generation == Generation::G2024,
            "{:?}",
            report.notes
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_by_itself_is_waited_for() {
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
async fn what_may_not_be_seen_is_no_access_and_what_is_not_there_too() {
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
async fn a_folder_that_cannot_be_written_to_is_said_before_anything_is_asked() {
    let mut trial = Trial::new(Generation::G2026, Faults::default()).await;
    // Root may write anywhere but here.
    trial.job.parent = Path::new("/proc/fragalysis").to_owned();
    let error = trial.run().await.expect_err("an unwritable folder");
    assert_eq!(error.kind(), ErrorKind::NotWritable, "{error}");
    assert!(
        !trial
            .stages
            .lock()
            .unwrap()
            .iter()
            .any(|stage| matches!(stage, Stage::Building { .. }))
    );
}

#[cfg(target_os = "linux")]
#[expect(clippy::print_stdout, reason = "says when it could not be tried")]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_leaves_nothing() {
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
