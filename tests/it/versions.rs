//! Codes that a server lists in several versions: the files of each are fetched one by one.

use std::{fs, path::Path};

use fragalysis_desktop::{
    api::{Client, ClientOptions},
    dataset::{JobId, MANIFEST, Outcome},
    demo::{ALICE, DemoOptions, DemoServer, Generation},
    downloads::{DownloadError, Engine, Finished, Timeouts, run},
    model::{ErrorKind, Preset, SessionToken},
};

use crate::{
    downloads::{Trial, job, phipa, with},
    fixtures::options,
    harness::files,
    proxy::{AnswerKind, Corruption, Plan, Proxy},
};

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

/// Downloads from a server that lists a code twice. The first `times` answers for single files are spoilt.
async fn with_media(
    generation: Generation,
    (spoil, times): (Corruption, usize),
    home: &Path,
) -> Result<Finished, DownloadError> {
    let options = DemoOptions {
        faults: with(|f| f.listed_twice = true),
        ..options(generation)
    };
    let demo = DemoServer::start(options).await.unwrap();
    let plan = Plan {
        spot: AnswerKind::Media,
        spoil,
        times,
        seed: 1,
    };
    let proxy = Proxy::start(demo.address(), plan).await;
    let token = SessionToken::from_pasted(ALICE).ok();
    let client = Client::new(proxy.address().clone(), token, ClientOptions::default()).unwrap();
    let job = job(phipa(Preset::Structures.files()), home);
    let engine = Engine::new(JobId(1), client, job, Timeouts::shortened(0.0001));
    let done = run(engine).await;
    assert!(proxy.spoilt() > 0, "{generation:?} {spoil:?}");
    done
}

/// W1, W20: a web page in place of a file was saved as a structure and called complete; one broken file cost all.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_version_that_the_server_does_not_have_is_missing_and_costs_no_other() {
    for generation in Generation::ALL {
        for spoil in [
            Corruption::Page,
            Corruption::Json,
            Corruption::Empty,
            Corruption::Status(403),
            Corruption::Status(404),
            Corruption::Status(500),
        ] {
            // A failure of the server is tried once more, so that one more file must fail to lose any.
            let times = if spoil == Corruption::Status(500) {
                2
            } else {
                1
            };
            let what = format!("{generation:?} {spoil:?}");
            let home = tempfile::tempdir().unwrap();
            let done = with_media(generation, (spoil, times), home.path()).await;
            let done = done.unwrap_or_else(|error| panic!("{what}: {error}"));
            let report = done.report;
            assert_eq!(report.outcome, Outcome::Incomplete, "{what}");
            let gaps: Vec<String> = report.coverage.gaps().map(|gap| gap.gap_text()).collect();
            assert_eq!(gaps.len(), 1, "{what}: {gaps:?}");
            assert!(!gaps[0].contains(" and "), "{what}: one kind: {gaps:?}");
            let again = report.coverage.listed_again();
            let code = again.keys().next().expect("one code is listed twice");
            assert!(gaps[0].contains(&**code), "{what}: {gaps:?}");
            for path in files(&done.place) {
                let bytes = fs::read(done.place.join(&path)).unwrap();
                let is_odd = bytes.starts_with(b"<") || bytes.starts_with(b"{") || bytes.is_empty();
                assert!(!is_odd || path == MANIFEST, "{what}: {path}");
            }
        }
    }
}

/// What concerns all files ends the download, and it can go on later: it is not called incomplete.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_or_a_line_that_is_lost_at_a_version_is_no_missing_file() {
    for (spoil, kind) in [
        (Corruption::Away, ErrorKind::Ageing),
        (Corruption::CloseAtOnce, ErrorKind::Unreachable),
        (Corruption::Status(503), ErrorKind::ServerError),
    ] {
        let home = tempfile::tempdir().unwrap();
        let ended = with_media(Generation::G2026, (spoil, usize::MAX), home.path()).await;
        let error = ended.expect_err("all files are missing");
        assert_eq!(error.kind(), kind, "{spoil:?}: {error}");
    }
}
