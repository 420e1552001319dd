//! Downloads that survive the kill of the program, the end of the window, and the user's second thoughts.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use fastrand::Rng;
use fragalysis_desktop::{
    dataset::MANIFEST,
    demo::{ALICE, DemoOptions, DemoServer, Faults, Generation},
    model::{FileKind, Preset},
};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::{
    desk::{Desk, Setup, files},
    workbench::{assert_same_content, options, request},
};

/// The program on the command line with a home of its own.
pub(crate) fn program(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fragalysis-desktop"));
    command
        .arg("--data-dir")
        .arg(home.join("state"))
        .args(arguments)
        .env_remove("FRAGALYSIS_TOKEN")
        .env("HOME", home)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The codes of the parts that are whole, by what the hidden folder says.
pub(crate) fn whole_parts(folder: &Path) -> Vec<Vec<String>> {
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
        // Killed before the download was noted at all: then there is nothing to continue with.
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
    let mut child = program(home.path(), &begin).spawn().unwrap();
    let end = Instant::now() + Duration::from_mins(1);
    while demo.ordered().is_empty() {
        assert!(Instant::now() < end, "nothing was ordered");
        std::thread::park_timeout(Duration::from_millis(2));
    }
    let queue = || {
        let output = program(home.path(), &["queue", "--json"]).output().unwrap();
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    assert_eq!(queue()[0]["state"], "open elsewhere");
    // A second copy does not touch what the first one has.
    let output = program(home.path(), &["resume", "--server", server])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("no interrupted download"));
    terminate(&mut child);
    let output = child.wait_with_output();
    let text = String::from_utf8_lossy(&output.unwrap().stderr).into_owned();
    // One that is killed has no time for words.
    assert!(
        !cfg!(unix) || (text.contains("The download was stopped") && text.contains("resume")),
        "{text}"
    );
    let state = if cfg!(unix) { "paused" } else { "interrupted" };
    assert_eq!(
        (queue()[0]["state"].as_str(), queue()[0]["target"].as_str()),
        (Some(state), Some("PHIPA"))
    );
    assert!(!cfg!(unix) || files(&data).is_empty());
    let _demo = demo;
}

/// Ends the program as a system does that shuts down.
#[cfg(unix)]
fn terminate(child: &mut std::process::Child) {
    let ended = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(ended.success());
}

/// Windows has no such word for programs without a window.
#[cfg(not(unix))]
fn terminate(child: &mut std::process::Child) {
    child.kill().unwrap();
}

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
fn a_build_survives_the_window_in_the_keychain_of_those_who_use_it() {
    for keeps in [true, false] {
        let mut desk = Desk::new(Setup {
            build_time: Duration::from_millis(2500),
            generation: Generation::G2025,
            ..Setup::default()
        });
        desk.click(ALICE);
        if keeps {
            desk.click("Keep me signed in");
        }
        desk.click("Sign in");
        desk.wait_for_table();
        if keeps {
            desk.wait_until("the token in the keychain", |desk| {
                !desk.keychain.entries.lock().unwrap().is_empty()
            });
        }
        desk.click("PHIPA lb18145-1");
        desk.click("Download PHIPA…");
        desk.click_beginning("Download all ");
        desk.wait_to_read("Being built by the server");
        let builds = |desk: &Desk| {
            let entries = desk.keychain.entries.lock().unwrap();
            entries
                .keys()
                .filter(|name| name.starts_with("build of"))
                .count()
        };
        assert_eq!(builds(&desk), usize::from(keeps));
        let mut desk = desk.restart_as_demo();
        desk.click(ALICE);
        desk.click("Sign in");
        desk.wait_for_table();
        let folder = desk.downloads().join("PHIPA_lb18145-1");
        desk.wait_until("the folder", |_| folder.is_dir());
        let orders = desk.demo.ordered().len();
        assert_eq!(orders, if keeps { 1 } else { 2 });
        desk.wait_until("a keychain without builds", |desk| builds(desk) == 0);
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
    desk.wait_to_read("other parts restart, unless the server supports resuming");
    // Second thoughts come faster than a download stops.
    for _ in 0..3 {
        desk.click("Resume the download of PHIPA");
        desk.click("Pause the download of PHIPA");
    }
    desk.click("Resume the download of PHIPA");
    desk.wait_to_read("Complete");
    assert!(desk.downloads().join("PHIPA_lb18145-1").is_dir());
}

#[test]
fn what_ends_while_nobody_looks_is_told_by_the_system() {
    for (faults, sentence) in [
        (Faults::default(), "PHIPA (lb18145-1): Complete"),
        (
            Faults {
                failed_build: true,
                ..Faults::default()
            },
            "PHIPA (lb18145-1): not downloaded. The server could not build the archive",
        ),
    ] {
        let mut desk = Desk::new(Setup {
            faults,
            ..Setup::default()
        });
        desk.sign_in(ALICE);
        desk.click("PHIPA lb18145-1");
        desk.click("Download PHIPA…");
        let told = desk.home.path().join("told");
        desk.click_beginning("Download all ");
        desk.window.input_mut().focused = false;
        desk.wait_until("the notification", |_| told.exists());
        let told = fs::read_to_string(told).unwrap();
        assert!(told.contains(sentence), "{told}");
    }
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
    let top =
        |desk: &Desk, title: &str| desk.place(&format!("Cancel the download of {title}")).top();
    assert!(top(&desk, "Mpro") < top(&desk, "CHIKV_MacB"));
    desk.click("Move CHIKV_MacB up the queue");
    desk.wait_until("another order", |desk| {
        top(desk, "Mpro") > top(desk, "CHIKV_MacB")
    });
    desk.wait_until("a title", |desk| {
        desk.titles().contains("Being built by the server")
    });
    desk.click("Cancel the download of PHIPA");
    desk.click("Cancel download");
    desk.wait_to_read("Cancelled");
}

#[test]
fn what_was_being_removed_when_the_program_ended_is_removed_at_the_next_start() {
    let mut desk = Desk::new(Setup {
        build_time: Duration::from_mins(10),
        ..Setup::default()
    });
    desk.begin_a_public_download();
    let noted = desk.home.path().join("data/queue");
    let note = |desk: &Desk| {
        let names = files(&desk.home.path().join("data/queue"));
        names.into_iter().find(|name| name.contains(".json"))
    };
    desk.wait_until("the note", |desk| note(desk).is_some());
    assert_ne!(files(&desk.downloads()), Vec::<String>::new());
    // As it is noted from the click on “Stop” until everything is gone.
    let path = noted.join(note(&desk).unwrap());
    let text = fs::read_to_string(&path).unwrap();
    let mut record: serde_json::Value = serde_json::from_str(&text).unwrap();
    record["noted"] = json!({"failed": {"kind": "cancelled", "message": "Cancelling"}});
    fs::write(&path, record.to_string()).unwrap();
    let mut desk = desk.restart_as_demo();
    desk.wait_until("nothing left", |desk| {
        files(&desk.downloads()).is_empty() && note(desk).is_none()
    });
}
