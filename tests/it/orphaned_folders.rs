//! Hidden folders without a journal record: found, resumed, cleaned up, and never taken from a running copy.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Output},
    time::{Duration, Instant},
};

use fragalysis_desktop::demo::{DemoOptions, DemoServer, Generation};
use tokio::runtime::Runtime;

use crate::{
    commands::{code, errors},
    crash_safety::{program, whole_parts},
    fixtures::options,
    harness::{Desk, Setup, files},
};

/// A demo server that builds so slowly that a download in parts can be watched.
fn demo(runtime: &Runtime) -> DemoServer {
    let options = DemoOptions {
        modelled: Some(200),
        build_time: Duration::from_millis(60),
        ..options(Generation::G2024)
    };
    runtime.block_on(DemoServer::start(options)).unwrap()
}

/// Starts a download in parts into `data`, and returns it once its first part is complete.
fn begin(home: &Path, demo: &DemoServer, data: &Path) -> Child {
    let arguments = ["download", "--target", "Mpro", "--tas", "lb18145-1"];
    let mut command = program(home, &arguments);
    command.args(["--server", demo.address().as_str(), "--in-parts", "--to"]);
    let child = command.arg(data).spawn().unwrap();
    let end = Instant::now() + Duration::from_mins(1);
    while whole_parts(data).is_empty() {
        assert!(Instant::now() < end, "no part came");
        std::thread::park_timeout(Duration::from_millis(2));
    }
    child
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn queue(home: &Path, data: &Path) -> Output {
    let mut command = program(home, &["queue", "--json", "--in"]);
    command.arg(data).output().unwrap()
}

fn listed(output: &Output) -> Vec<serde_json::Value> {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn hidden(data: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(data)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let is_hidden = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "part");
    entries
        .filter(is_hidden)
        .filter(|path| path.is_dir())
        .collect()
}

/// W29, W37: without its note the folder was an orphan that nothing ever named again.
#[test]
fn a_download_without_its_note_is_found_and_resumed_where_it_stood() {
    let runtime = Runtime::new().unwrap();
    let demo = demo(&runtime);
    for damage in ["gone", "unreadable"] {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        kill(begin(home.path(), &demo, &data));
        let (whole, before) = (whole_parts(&data), demo.ordered().len());
        let state = home.path().join("state");
        if damage == "gone" {
            fs::remove_dir_all(&state).unwrap();
        } else {
            let notes = files(&state).into_iter();
            let note = notes.filter(|path| path.contains("queue/") && path.contains(".json"));
            for note in note {
                fs::write(state.join(note), "{\"id\": 7, \"of a newer version\"").unwrap();
            }
        }
        let output = queue(home.path(), &data);
        let told = errors(&output);
        assert!(
            told.contains("An interrupted download was found in"),
            "{told}"
        );
        assert_eq!(
            told.contains("Moved aside"),
            damage == "unreadable",
            "{told}"
        );
        assert_eq!(listed(&output)[0]["state"], "paused");
        // Noted again: nothing has to be named any more.
        let server = demo.address().as_str();
        let output = program(home.path(), &["resume", "--server", server]).output();
        let output = output.unwrap();
        assert_eq!(code(&output), 0, "{}", errors(&output));
        assert!(data.join("Mpro_lb18145-1").is_dir());
        let twice = demo.ordered()[before..]
            .iter()
            .any(|part| whole.contains(part));
        assert!(!twice, "a whole part was fetched twice");
        assert!(hidden(&data).is_empty() && listed(&queue(home.path(), &data)).is_empty());
    }
}

#[test]
fn no_one_takes_a_download_from_another_copy_at_work() {
    let runtime = Runtime::new().unwrap();
    let demo = demo(&runtime);
    let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = home.path().join("data");
    let child = begin(home.path(), &demo, &data);
    let output = queue(other.path(), &data);
    // It may have ended in the meantime; it was never reported as found.
    assert!(listed(&output).is_empty(), "{}", errors(&output));
    kill(child);
}

/// Two computers with one disk and one copied note: the second one must not even tidy up.
#[test]
fn a_second_copy_with_the_same_note_leaves_the_folder_alone() {
    let runtime = Runtime::new().unwrap();
    let options = DemoOptions {
        modelled: Some(200),
        build_time: Duration::from_secs(2),
        ..options(Generation::G2024)
    };
    let demo = runtime.block_on(DemoServer::start(options)).unwrap();
    let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = home.path().join("data");
    let child = begin(home.path(), &demo, &data);
    for note in files(&home.path().join("state")) {
        let (from, to) = (home.path().join("state"), other.path().join("state"));
        fs::create_dir_all(to.join(&note).parent().unwrap()).unwrap();
        fs::copy(from.join(&note), to.join(&note)).unwrap();
    }
    // What tidying up would remove; the first copy makes it anew at its end.
    let growing = hidden(&data)[0].join("whole.new");
    fs::create_dir(&growing).unwrap();
    let server = demo.address().as_str();
    let output = program(other.path(), &["resume", "--server", server]).output();
    let told = errors(&output.unwrap());
    assert!(
        told.contains("Another window or command is already working on this download"),
        "{told}"
    );
    assert!(
        growing.is_dir(),
        "it tidied up under the other copy's hands"
    );
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 0, "{}", errors(&output));
    assert!(data.join("Mpro_lb18145-1").is_dir());
}

#[test]
fn ended_downloads_are_cleaned_up_and_unknown_folders_are_reported() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let folder = |name: &str| {
        let folder = data.join(name);
        fs::create_dir_all(folder.join("part-0001")).unwrap();
        folder
    };
    let over = folder(".Mpro_lb18145-1-0000000000abc.part");
    fs::write(over.join("over"), "{}").unwrap();
    let unknown = folder(".Mpro_lb18145-1-0000000000abd.part");
    fs::write(unknown.join("plan.json"), "{}").unwrap();
    // A record of another download than the name says, and names that are not ours.
    fs::write(unknown.join("download.json"), "{\"id\": 1}").unwrap();
    let others = [folder(".notes.part"), folder("Mpro-0000000000abe.part")];
    let output = queue(home.path(), &data);
    let told = errors(&output);
    assert!(!over.exists() && unknown.exists() && others.iter().all(|path| path.exists()));
    assert!(
        told.contains(
            "1 interrupted download cannot be resumed. You can delete the hidden folder: "
        ) && told.contains("0000000000abd"),
        "{told}"
    );
    assert!(listed(&output).is_empty());
}

/// A disk that fails halfway must not bring back a download that has ended.
#[cfg(unix)]
#[test]
fn what_could_only_be_removed_in_part_is_not_offered_again() {
    use std::os::unix::fs::PermissionsExt as _;

    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let folder = data.join(".Mpro_lb18145-1-0000000000abc.part");
    let part = folder.join("part-0001");
    fs::create_dir_all(&part).unwrap();
    fs::write(part.join("a.pdb"), "ATOM").unwrap();
    fs::write(folder.join("over"), "{}").unwrap();
    // What came of it before `over` was written is no matter any more.
    fs::write(folder.join("download.json"), "{}").unwrap();
    let set_mode = |mode| fs::set_permissions(&part, fs::Permissions::from_mode(mode)).unwrap();
    set_mode(0o500);
    let offers = || {
        let output = queue(home.path(), &data);
        let told = errors(&output);
        !listed(&output).is_empty() || told.contains("interrupted")
    };
    assert!(!offers());
    // The user root may remove everything.
    if part.exists() {
        set_mode(0o700);
        assert!(folder.join("over").exists() && !folder.join("download.json").exists());
    }
    assert!(!offers() && !folder.exists());
}

/// A folder that is also reached through a link is reported once.
#[cfg(unix)]
#[test]
fn a_folder_reached_twice_is_reported_once() {
    let home = tempfile::tempdir().unwrap();
    let (data, link) = (home.path().join("data"), home.path().join("link"));
    let folder = data.join(".Mpro_lb18145-1-0000000000abd.part");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("plan.json"), "{}").unwrap();
    std::os::unix::fs::symlink(&data, &link).unwrap();
    let mut command = program(home.path(), &["queue", "--in"]);
    command.arg(&data).arg("--in").arg(&link);
    let told = errors(&command.output().unwrap());
    assert!(told.contains("1 interrupted download cannot"), "{told}");
}

#[test]
fn the_window_finds_a_download_without_its_note_and_says_so() {
    let mut desk = Desk::new(Setup {
        build_time: Duration::from_mins(10),
        generation: Generation::G2026,
        ..Setup::default()
    });
    desk.begin_a_public_download();
    let downloads = desk.downloads();
    desk.wait_until("what is known of it", |_| {
        files(&downloads)
            .iter()
            .any(|path| path.ends_with("download.json"))
    });
    let notes = desk.home.path().join("data/queue");
    desk.wait_until("the note", |_| {
        files(&notes).iter().any(|path| path.contains(".json"))
    });
    let mut desk = desk.restart_as_demo_after(|home| {
        fs::remove_dir_all(home.join("data/queue")).unwrap();
    });
    desk.click("Browse public data without signing in");
    desk.wait_to_read("You can resume it on the Downloads page");
    desk.click("Downloads");
    desk.wait_to_read("Paused");
}
