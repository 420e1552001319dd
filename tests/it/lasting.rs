//! Downloads that last: parts, pauses, restarts, the kill of the program, and lines that go on in the middle.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use fastrand::Rng;
use fragalysis_desktop::{
    api::{ArchiveHandle, Client, ClientOptions, Order},
    demo::{ALICE, DemoOptions, DemoServer, Faults, Generation},
    downloads::{
        DownloadError, Engine, Finished, Job, JobId, MANIFEST, Outcome, Part, Patience, Placing,
        Stage, Stop, run,
    },
    model::{
        DownloadRequest, ErrorKind, FileKind, FileSelection, Preset, SessionToken, TargetKey, Tas,
    },
};
use tempfile::TempDir;
use tokio::{runtime::Runtime, sync::watch};

use crate::{
    desk::{Desk, Setup, assert_folder_is, files},
    downloads::job,
};

fn request(title: &str, codes: &[String], kinds: FileSelection) -> DownloadRequest {
    DownloadRequest {
        target: TargetKey {
            title: title.to_owned(),
            tas: Tas::new("lb18145-1"),
        },
        codes: codes.to_vec(),
        files: kinds,
        static_link: false,
    }
}

struct Bench {
    demo: DemoServer,
    home: TempDir,
    job: Job,
    id: JobId,
    parts: Arc<Mutex<Vec<Part>>>,
}

impl Bench {
    async fn new(options: DemoOptions, request: DownloadRequest) -> Self {
        let home = tempfile::tempdir().unwrap();
        let job = job(request, home.path());
        Self {
            demo: DemoServer::start(options).await.unwrap(),
            home,
            job,
            id: JobId::random(),
            parts: Arc::default(),
        }
    }

    fn client(&self) -> Client {
        let token = SessionToken::from_pasted(ALICE).unwrap();
        let options = ClientOptions::default();
        Client::new(self.demo.address().clone(), Some(token), options).unwrap()
    }

    fn engine(&self) -> Engine {
        let patience = Patience::shortened(0.001);
        let mut engine = Engine::new(self.id, self.client(), self.job.clone(), patience);
        let parts = Arc::clone(&self.parts);
        engine.on_part = Arc::new(move |part| parts.lock().unwrap().push(part));
        engine
    }

    async fn run(&self) -> Result<Finished, DownloadError> {
        run(self.engine()).await
    }

    fn assert_whole(&self, done: &Finished) {
        assert_eq!(
            done.report.outcome,
            Outcome::Complete,
            "{}",
            done.report.summary()
        );
        assert_folder_is(&self.demo, &done.place, &self.job.request);
        let hidden: Vec<String> = files(self.home.path())
            .into_iter()
            .filter(|path| path.contains(".part"))
            .collect();
        assert!(hidden.is_empty(), "{hidden:?}");
    }
}

fn options(generation: Generation) -> DemoOptions {
    DemoOptions {
        generation,
        rows: Some(300),
        build_time: Duration::from_millis(5),
        ..DemoOptions::default()
    }
}

/// Compares a folder that came in parts with what one archive would have held. Tables and joined files are
/// compared by what is in them.
fn assert_same_content(demo: &DemoServer, folder: &Path, request: &DownloadRequest) {
    let meant: BTreeMap<String, Vec<u8>> = demo
        .members(request)
        .into_iter()
        .map(|member| (member.path, member.bytes))
        .collect();
    let found: Vec<String> = files(folder)
        .into_iter()
        .filter(|path| path != MANIFEST)
        .collect();
    let names: Vec<&String> = meant.keys().collect();
    assert_eq!(found.iter().collect::<Vec<_>>(), names);
    for (path, bytes) in &meant {
        let on_disk = fs::read(folder.join(path)).unwrap();
        if path.ends_with("_combined.sdf") {
            // The servers write no ends between the structures; put together they have them.
            // The order is that of the parts.
            let records = |bytes: &[u8], end: &str| {
                let text = String::from_utf8_lossy(bytes).into_owned();
                let mut records: Vec<String> = text
                    .split(end)
                    .map(|record| record.trim().to_owned())
                    .collect();
                records.retain(|record| !record.is_empty());
                records.sort();
                records
            };
            let is_same = records(&on_disk, "M  END\n$$$$\n") == records(bytes, "M  END\n");
            assert!(is_same, "{path} differs");
        } else if path == "smiles.smi" {
            let sorted = |bytes: &[u8]| {
                let text = String::from_utf8_lossy(bytes).into_owned();
                let mut list: Vec<String> = text
                    .split(',')
                    .filter(|one| !one.is_empty())
                    .map(str::to_owned)
                    .collect();
                list.sort();
                list.dedup();
                list
            };
            assert_eq!(sorted(&on_disk), sorted(bytes));
        } else {
            assert!(on_disk == *bytes, "{path} differs");
        }
    }
}

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
async fn a_line_that_breaks_again_and_again_gets_smaller_parts() {
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
    // The line is mended: what is left comes, in the parts that were made.
    bench.demo.set_faults(Faults::default());
    let done = bench.run().await.unwrap();
    bench.assert_whole(&done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_can_goes_on_in_the_middle_and_one_that_lies_is_not_believed() {
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
                    // What it sends now is no archive at all; never is it glued to what came before.
                    assert!(!is_resumed, "{error}");
                    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
                    assert_eq!(files(bench.home.path()), Vec::<String>::new());
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_goes_on_in_the_middle_even_after_the_program_has_ended() {
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

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_an_earlier_build_is_fetched_and_checked() {
    let mut bench = Bench::new(
        options(Generation::G2024),
        request("PHIPA", &[], Preset::Structures.files()),
    )
    .await;
    let Order::Ready(handle) = bench.client().order(&bench.job.request).await.unwrap() else {
        panic!("the servers of 2024 answer when it is built");
    };
    bench.job.link = Some(handle);
    let orders = bench.demo.ordered().len();
    let done = bench.run().await.unwrap();
    bench.assert_whole(&done);
    assert_eq!(bench.demo.ordered().len(), orders, "it was built anew");
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
    (bench.job.placing, bench.id) = (Placing::Update, JobId::random());
    let again = bench.run().await.unwrap();
    assert_eq!(again.place, done.place);
    bench.assert_whole(&again);
    let before = again.before.unwrap();
    assert_eq!(fs::read(before.join("notes.txt")).unwrap(), b"mine");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_finished_without_a_word_is_recognised_and_not_fetched_again() {
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

/// The program on the command line with a home of its own.
fn program(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fragalysis-desktop"));
    command
        .args(arguments)
        .env_remove("FRAGALYSIS_TOKEN")
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("state"))
        .env("XDG_CONFIG_HOME", home.join("state"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The codes of the parts that are whole, by what the hidden folder says.
fn whole_parts(folder: &Path) -> Vec<Vec<String>> {
    let hidden = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let hidden: Vec<PathBuf> = hidden
        .map(|entry| entry.path())
        .filter(|path| path.is_dir() && path.extension().is_some_and(|ending| ending == "part"))
        .collect();
    let Some(work) = hidden.first() else {
        return Vec::new();
    };
    let Ok(plan) = fs::read(work.join("plan.json")) else {
        return Vec::new();
    };
    let plan: serde_json::Value = serde_json::from_slice(&plan).unwrap();
    let parts: Vec<Vec<String>> = serde_json::from_value(plan["parts"].clone()).unwrap();
    let is_whole = |number: &usize| work.join(format!("part-{:04}.json", number + 1)).exists();
    let count = (0..parts.len()).take_while(is_whole).count();
    parts[..count].to_vec()
}

/// Begins a download with the program and kills it at random moments until it is done.
/// Gives how often it was killed.
fn kill_until_done(demo: &DemoServer, rng: &mut Rng) -> usize {
    let server = demo.address().as_str();
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let mut begin = vec!["download", "--server", server, "--target", "Mpro"];
    begin.extend(["--tas", "lb18145-1", "--in-parts", "--json"]);
    begin.extend(["--to", data.to_str().unwrap()]);
    let go_on = ["resume", "--server", server, "--json"];
    let (mut kills, mut whole, mut before) = (0, Vec::new(), demo.ordered().len());
    let mut child = program(home.path(), &begin).spawn().unwrap();
    loop {
        // Longer with every kill, so that it ends on a slow machine as well.
        let longest = 900 + 300 * u64::try_from(kills).unwrap();
        let end = Instant::now() + Duration::from_millis(rng.u64(20..longest));
        while Instant::now() < end && child.try_wait().unwrap().is_none() {
            std::thread::park_timeout(Duration::from_millis(2));
        }
        let has_ended = child.try_wait().unwrap().is_some();
        if !has_ended {
            // The hardest kill there is: nothing of the program runs any more.
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
        }
        let ordered = demo.ordered();
        let twice = ordered[before..].iter().find(|part| whole.contains(*part));
        assert!(twice.is_none(), "a whole part was fetched twice");
        if has_ended {
            break;
        }
        let under_final = files(&data)
            .into_iter()
            .find(|path| path.starts_with("Mpro_"));
        let is_done = data.join("Mpro_lb18145-1").join(MANIFEST).exists();
        assert!(
            is_done || under_final.is_none(),
            "{under_final:?} stands under a final name"
        );
        (whole, before) = (whole_parts(&data), ordered.len());
        child = program(home.path(), &go_on).spawn().unwrap();
    }
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if !data.join("Mpro_lb18145-1").is_dir() {
        // Killed before the download was noted at all: then there is nothing to go on with.
        assert!(text.contains("no interrupted download"), "{text}");
        assert_eq!(files(&data), Vec::<String>::new());
        return kills;
    }
    let mut kinds = Preset::Structures.files();
    kinds.set(FileKind::MetadataInfo, true);
    assert_same_content(
        demo,
        &data.join("Mpro_lb18145-1"),
        &request("Mpro", &[], kinds),
    );
    let hidden: Vec<String> = files(&data)
        .into_iter()
        .filter(|path| path.contains(".part"))
        .collect();
    assert!(hidden.is_empty(), "{hidden:?} {text}");
    kills
}

#[test]
#[expect(clippy::print_stdout, reason = "the seed repeats a failure")]
fn a_program_that_is_killed_goes_on_and_fetches_no_whole_part_twice() {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let rounds = number("KILL_RUNS").unwrap_or(10);
    let seed = number("KILL_SEED").unwrap_or_else(|| Rng::new().u64(..));
    println!("KILL_RUNS={rounds} KILL_SEED={seed}");
    let mut rng = Rng::with_seed(seed);
    let runtime = Runtime::new().unwrap();
    let options = DemoOptions {
        modelled: Some(200),
        build_time: Duration::from_millis(60),
        ..options(Generation::G2024)
    };
    let demo = runtime.block_on(DemoServer::start(options)).unwrap();
    let mut kills = 0;
    while kills < usize::try_from(rounds).unwrap() {
        kills += kill_until_done(&demo, &mut rng);
    }
}

#[test]
fn an_interrupted_download_is_listed_and_gone_on_with() {
    let runtime = Runtime::new().unwrap();
    let options = DemoOptions {
        build_time: Duration::from_mins(10),
        ..options(Generation::G2026)
    };
    let demo = runtime.block_on(DemoServer::start(options)).unwrap();
    let (server, home) = (demo.address().as_str(), tempfile::tempdir().unwrap());
    let data = home.path().join("data");
    let begin = [
        "download",
        "--server",
        server,
        "--target",
        "PHIPA",
        "--tas",
        "lb18145-1",
        "--to",
        data.to_str().unwrap(),
    ];
    let child = program(home.path(), &begin).spawn().unwrap();
    let end = Instant::now() + Duration::from_mins(1);
    while demo.ordered().is_empty() {
        assert!(Instant::now() < end, "nothing was ordered");
        std::thread::park_timeout(Duration::from_millis(2));
    }
    let queue = || {
        let output = program(home.path(), &["queue", "--json"]).output().unwrap();
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    assert_eq!(queue()[0]["state"], "running");
    // A second copy does not touch what the first one has.
    let output = program(home.path(), &["resume", "--server", server])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("no interrupted download"));
    terminate(&child);
    let output = child.wait_with_output();
    let text = String::from_utf8_lossy(&output.unwrap().stderr).into_owned();
    assert!(
        text.contains("The download was stopped") && text.contains("resume"),
        "{text}"
    );
    assert_eq!(
        (queue()[0]["state"].as_str(), queue()[0]["target"].as_str()),
        (Some("paused"), Some("PHIPA"))
    );
    assert_eq!(files(&data), Vec::<String>::new());
    let _demo = demo;
}

/// Ends the program as a system does that shuts down.
#[cfg(unix)]
fn terminate(child: &std::process::Child) {
    let ended = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(ended.success());
}

#[cfg(not(unix))]
fn terminate(_: &std::process::Child) {}

#[test]
fn downloads_survive_closing_the_window_and_go_on_by_themselves() {
    for is_signed_in in [false, true] {
        let mut desk = Desk::new(Setup {
            build_time: Duration::from_millis(1500),
            generation: Generation::G2026,
            ..Setup::default()
        });
        if is_signed_in {
            desk.click(ALICE);
            desk.click("Keep me signed in");
            desk.click("Sign in");
            desk.wait_for_table();
            desk.wait_until("the token in the keychain", |desk| {
                !desk.keychain.entries.lock().unwrap().is_empty()
            });
            desk.click("A71EV2A lb32627-66");
            desk.click("Download A71EV2A…");
        } else {
            desk.click("Browse public data without signing in");
            desk.wait_for_table();
            desk.click("PHIPA lb18145-1");
            desk.click("Download PHIPA…");
        }
        desk.click_beginning("Download all ");
        desk.wait_to_read("Being built by the server");
        let noted = desk.home.path().join("data/queue");
        desk.wait_until("the note", |_| {
            files(&noted).iter().any(|path| path.contains(".json"))
        });
        let text: String = files(&noted)
            .iter()
            .map(|path| fs::read_to_string(noted.join(path)).unwrap())
            .collect();
        assert!(
            !text.contains(ALICE) && !text.contains("/code/media"),
            "{text}"
        );
        let mut desk = desk.restart_as_demo();
        let name = if is_signed_in {
            "A71EV2A_lb32627-66"
        } else {
            "PHIPA_lb18145-1"
        };
        if is_signed_in {
            desk.click(ALICE);
            desk.click("Sign in");
            desk.wait_for_table();
        }
        let folder = desk.downloads().join(name);
        desk.wait_until("the folder", |_| folder.is_dir());
    }
}

#[test]
fn a_download_is_paused_gone_on_with_and_given_up_by_its_buttons() {
    let mut desk = Desk::new(Setup {
        build_time: Duration::from_millis(800),
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.click("PHIPA lb18145-1");
    desk.click("Download PHIPA…");
    desk.click_beginning("Download all ");
    desk.wait_to_read("Being built by the server");
    desk.click("Pause the download of PHIPA");
    desk.wait_to_read("begins anew, unless the server can go on");
    desk.click("Go on with the download of PHIPA");
    desk.wait_to_read("Complete");
    assert!(desk.downloads().join("PHIPA_lb18145-1").is_dir());
}

#[test]
fn those_that_wait_change_places_and_the_title_says_how_far_the_first_is() {
    let mut desk = Desk::new(Setup {
        build_time: Duration::from_mins(5),
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    for target in [
        "PHIPA lb18145-1",
        "NUDT7A lb32633-6",
        "Mpro lb18145-1",
        "CHIKV_MacB lb32633-6",
    ] {
        desk.click("Experiments");
        desk.click(target);
        desk.click(&format!("Download {}…", target.split(' ').next().unwrap()));
        desk.click_beginning("Download all ");
    }
    desk.wait_to_read("Waiting and paused");
    let top = |desk: &Desk, title: &str| desk.place(&format!("Stop the download of {title}")).top();
    assert!(top(&desk, "Mpro") < top(&desk, "CHIKV_MacB"));
    desk.click("Let CHIKV_MacB come earlier");
    desk.wait_until("another order", |desk| {
        top(desk, "Mpro") > top(desk, "CHIKV_MacB")
    });
    desk.wait_until("a title", |desk| {
        desk.titles().contains("Being built by the server")
    });
    desk.click("Stop the download of PHIPA");
    desk.wait_to_read("Stopped by you");
}

#[test]
fn a_pasted_list_of_codes_is_read_and_its_unknown_ones_are_named_before_anything_is_sent() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    let codes = desk.demo.world().codes("PHIPA", "lb18145-1");
    desk.click("PHIPA lb18145-1");
    desk.click("Download PHIPA…");
    desk.wait_to_read("are free there");
    desk.click("A list of codes");
    let pasted = format!(
        "{{\"target_name\": \"PHIPA\", \"proteins\": \"{},{},nonsense\", \"all_aligned_structures\": true}}",
        codes[0], codes[1]
    );
    desk.write("List of codes", &pasted);
    desk.wait_to_read("Not among the codes of PHIPA: nonsense");
    desk.wait_to_read("2 codes will be asked for");
    desk.click("Download 2 observations");
    desk.wait_to_read("Complete");
    let request = request("PHIPA", &codes[..2], Preset::Structures.files());
    desk.assert_folder_is(&desk.downloads().join("PHIPA_lb18145-1"), &request);
}

#[test]
fn own_presets_are_kept_and_the_last_choice_of_a_target_comes_back() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("PHIPA lb18145-1");
    desk.click("Download PHIPA…");
    desk.click("Ligands and metadata");
    desk.click(FileKind::EventFile.label());
    desk.write("Name of the preset", "My maps");
    desk.click("Keep as a preset");
    desk.wait_until("the preset", |desk| desk.sees("My maps"));
    desk.click("Structures only");
    desk.click("My maps");
    desk.click_beginning("Download all ");
    desk.wait_to_read("Complete");
    desk.click("Experiments");
    desk.click("NUDT7A lb32633-6");
    desk.click("Download NUDT7A…");
    desk.click("Everything");
    desk.click("Cancel");
    desk.click("PHIPA lb18145-1");
    desk.click("Download PHIPA…");
    let chosen = desk
        .window
        .state()
        .state()
        .settings
        .files_of
        .get("PHIPA (lb18145-1)")
        .cloned()
        .unwrap();
    assert!(chosen.has(FileKind::EventFile) && !chosen.has(FileKind::BoundFile));
    desk.click("Forget the preset My maps");
    desk.wait_until("no preset", |desk| !desk.sees("My maps"));
}
