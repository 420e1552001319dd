//! Disks that fail: each way in which a folder is made, named or made safe fails in turn, in the real program
//! and in the system itself. `DISK_FAULTS=all` tries all of them, else a few are drawn. Needs `strace`.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use fastrand::Rng;
use fragalysis_desktop::{
    demo::{DemoOptions, DemoServer, Generation},
    model::{FileKind, FileSelection, Preset},
};
use tokio::runtime::Runtime;

use crate::{
    downloads::phipa,
    fixtures,
    harness::{assert_folder_is, files},
};

/// Calls of the system on which a download depends.
const CALLS: [&str; 6] = [
    "rename,renameat,renameat2",
    "linkat",
    "mkdir,mkdirat",
    "fsync,fdatasync",
    "syncfs",
    "unlink,unlinkat",
];
/// Calls of one kind and one thread beyond which nothing is tried.
const MOST: usize = 12;
/// Faults that a usual run tries.
const USUAL: usize = 8;

/// Whether processes can be watched here at all.
pub(crate) fn can_watch() -> bool {
    let mut command = Command::new("strace");
    command.args(["-qq", "-e", "trace=none", "true"]);
    command.stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

struct Trial<'a> {
    demo: &'a DemoServer,
    home: &'a Path,
    in_parts: bool,
}

impl Trial<'_> {
    /// The program with these arguments. `fault` names system calls, and how `strace` makes them fail.
    fn command(&self, fault: Option<(&str, &str)>, arguments: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_fragalysis-desktop");
        let mut command = match fault {
            Some((calls, how)) => {
                let mut command = Command::new("strace");
                let trace = format!("trace={calls}");
                let inject = format!("inject={calls}:{how}");
                let log = self.home.join("calls");
                command.args(["-f", "-qq", "-o"]).arg(log);
                command.args(["-e", &trace, "-e", &inject, program]);
                command
            }
            None => Command::new(program),
        };
        command
            .arg("--data-dir")
            .arg(self.home.join("state"))
            .args(arguments)
            .env_remove("FRAGALYSIS_TOKEN")
            .env("HOME", self.home)
            .stdin(Stdio::null());
        command
    }

    /// Checks that everything with a final name is complete, and that the program said so.
    fn look(&self, data: &Path, output: &std::process::Output, what: &str) {
        let said = String::from_utf8_lossy(&output.stderr);
        let is_done = output.status.code() == Some(0);
        let named = fs::read_dir(data).into_iter().flatten();
        let named: Vec<_> = named
            .map(|entry| entry.unwrap().path())
            .filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.'))
            .collect();
        if is_done {
            assert!(!named.is_empty(), "{what}: {said}");
        }
        for folder in named {
            assert!(is_done, "{what}: {} stands there: {said}", folder.display());
            if !self.in_parts {
                assert_folder_is(self.demo, &folder, &phipa(files_of_choice()));
            }
        }
        assert!(!said.contains("panicked"), "{what}: {said}");
    }
}

/// What the command takes without a choice.
fn files_of_choice() -> FileSelection {
    let mut files = Preset::Structures.files();
    files.set(FileKind::MetadataInfo, true);
    files
}

/// The arguments of a download of a whole target.
fn order<'a>(server: &'a str, to: &'a str) -> Vec<&'a str> {
    let mut arguments = vec!["download", "--server", server, "--to", to];
    arguments.extend(["--target", "PHIPA", "--tas", "lb18145-1"]);
    arguments
}

/// Tries one fault. Returns `false` if there is no such call any more.
fn trial(demo: &DemoServer, calls: &str, when: usize, in_parts: bool) -> bool {
    let home = tempfile::tempdir().unwrap();
    let trial = Trial {
        demo,
        home: home.path(),
        in_parts,
    };
    let data = home.path().join("data");
    let what = format!("{calls} number {when}, in parts: {in_parts}");
    let server = demo.address().as_str();
    let to = data.to_str().unwrap().to_owned();
    let mut begin = order(server, &to);
    begin.push("--json");
    if in_parts {
        begin.push("--in-parts");
    }
    let fault = format!("error=EIO:when={when}");
    let output = trial
        .command(Some((calls, &fault)), &begin)
        .output()
        .unwrap();
    let log = fs::read_to_string(home.path().join("calls")).unwrap();
    trial.look(&data, &output, &what);
    if output.status.code() != Some(0) {
        // The disk works again: recorded downloads resume, and any other can be started again.
        let go_on = ["resume", "--server", server, "--json"];
        trial.command(None, &go_on).output().unwrap();
        if !data.join("PHIPA_lb18145-1").exists() {
            let again = trial.command(None, &begin).output().unwrap();
            trial.look(&data, &again, &what);
        }
        assert!(data.join("PHIPA_lb18145-1").is_dir(), "{what}");
    }
    let left: Vec<String> = files(&data);
    let halves = left.iter().filter(|path| path.contains(".new/")).count();
    assert_eq!(halves, 0, "{what}: {left:?}");
    log.contains("INJECTED")
}

#[test]
#[expect(clippy::print_stdout, reason = "says what was tried")]
fn a_disk_that_fails_leaves_all_or_nothing() {
    if !can_watch() {
        println!("not tried: there is no strace here");
        return;
    }
    let runtime = Runtime::new().unwrap();
    let options = DemoOptions {
        generation: Generation::G2026,
        rows: Some(300),
        build_time: Duration::from_millis(5),
        ..DemoOptions::default()
    };
    let demo = runtime.block_on(DemoServer::start(options)).unwrap();
    let takes_all = std::env::var("DISK_FAULTS").is_ok_and(|text| text == "all");
    let mut tried = 0;
    if takes_all {
        for in_parts in [false, true] {
            for calls in CALLS {
                tried += (1..=MOST)
                    .take_while(|when| trial(&demo, calls, *when, in_parts))
                    .count();
            }
        }
    } else {
        let mut rng = Rng::new();
        for _ in 0..USUAL {
            let calls = CALLS[rng.usize(0..CALLS.len())];
            tried += usize::from(trial(&demo, calls, rng.usize(1..4), rng.bool()));
        }
    }
    println!("{tried} faults of the disk");
}

#[test]
#[expect(clippy::print_stdout, reason = "says what was tried")]
fn a_working_folder_that_cannot_be_removed_is_named_and_changes_nothing_else() {
    if !can_watch() {
        println!("not tried: there is no strace here");
        return;
    }
    let runtime = Runtime::new().unwrap();
    let demo = runtime
        .block_on(DemoServer::start(fixtures::options(Generation::G2026)))
        .unwrap();
    let home = tempfile::tempdir().unwrap();
    let trial = Trial {
        demo: &demo,
        home: home.path(),
        in_parts: false,
    };
    let data = home.path().join("data");
    let to = data.to_str().unwrap();
    let server = demo.address().as_str();
    // As if another program had a folder in it open on Windows. Only whole trees are removed with this call.
    let output = trial
        .command(Some(("unlinkat", "error=EBUSY")), &order(server, to))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    trial.look(&data, &output, "nothing can be removed");
    let hidden = fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "part"));
    let hidden = hidden.expect("nothing could be removed");
    assert!(output.status.success(), "{said}");
    let sentence = format!(
        "The working folder of this download could not be removed. You can delete it: {}",
        hidden.display()
    );
    assert!(said.contains(&sentence), "{said}");
}
