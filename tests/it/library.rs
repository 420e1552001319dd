//! The folders on this disk, as the window shows them.

use std::{fs, path::Path, process::Command};

use egui_kittest::kittest::Queryable as _;
use fragalysis_desktop::{
    demo::{ALICE, ArchiveLie, DemoOptions, Faults, Generation},
    state::DownloadStatus,
};

use crate::harness::{Desk, Setup, assert_folder_is, files};

/// A desk at which Mpro was downloaded a month ago.
fn month_ago(generation: Generation) -> Desk {
    let setup = Setup::from(generation);
    let options = DemoOptions {
        generation,
        days_ago: 30,
        modelled: Some(14),
        rows: Some(300),
        build_time: setup.build_time,
        ..DemoOptions::default()
    };
    let mut desk = Desk::with_demo(setup, options);
    desk.click(ALICE);
    desk.click("Sign in");
    desk.wait_for_table();
    desk.click("Mpro lb18145-1");
    desk.click("Download Mpro…");
    desk.click_beginning("Download all ");
    desk.wait_to_read("Complete");
    desk.wait_to_read("Up to date");
    desk
}

#[test]
fn a_month_old_folder_is_brought_up_to_date_with_one_button() {
    for generation in Generation::ALL {
        let mut desk = month_ago(generation);
        let folder = desk.downloads().join("Mpro_lb18145-1");
        let before = files(&folder);
        desk.demo.advance_days();
        desk.click("Check for updates");
        desk.wait_to_read("Newer data on the server");
        desk.wait_to_read("2 changed, 1 superseded");
        // What is new is listed before anything is fetched.
        desk.click("Show the details of Mpro (lb18145-1)");
        desk.wait_to_read("New on the server: m");
        desk.wait_to_read("Superseded on the server: m");
        desk.click("Update Mpro (lb18145-1)");
        desk.wait_to_read("Updated");
        desk.wait_until("the server to be asked again", |desk| {
            desk.reads("Previous version") && desk.reads("Up to date")
        });
        assert!(!desk.reads("Newer data on the server"));
        let text = fs::read_to_string(folder.join("fragalysis-download.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
        let request = serde_json::from_value(manifest["request"].clone()).unwrap();
        assert_folder_is(&desk.demo, &folder, &request);
        let mut folders = fs::read_dir(desk.downloads()).unwrap();
        let kept = folders.find_map(|entry| {
            let path = entry.unwrap().path();
            path.to_string_lossy().contains("(before ").then_some(path)
        });
        assert_eq!(
            files(&kept.unwrap()),
            before,
            "the previous folder is complete"
        );
        // What was downloaded first is now in the folder that was kept.
        let list = &desk.window.state().state().downloads.list;
        let places = list.iter().filter_map(|one| match &one.status {
            DownloadStatus::Done { place, .. } => place.file_name()?.to_str(),
            _ => None,
        });
        let mut kept: Vec<bool> = places.map(|name| name.contains("(before ")).collect();
        kept.sort_unstable();
        assert_eq!(kept, [false, true]);
        // The next start knows both, and asks by itself.
        let mut desk = desk.restart_as_demo();
        desk.click(ALICE);
        desk.click("Sign in");
        desk.wait_for_table();
        desk.click("Downloads");
        desk.wait_to_read("Up to date");
    }
}

#[test]
fn what_was_changed_by_hand_is_said_and_found() {
    let mut desk = month_ago(Generation::G2026);
    let folder = desk.downloads().join("Mpro_lb18145-1");
    let of = |ending: &str| {
        let all = files(&folder);
        let found = all.iter().find(|path| path.ends_with(ending));
        folder.join(found.unwrap())
    };
    desk.click("More actions for the folder Mpro_lb18145-1");
    desk.click("Verify every file");
    desk.wait_to_read("Every file is as it was downloaded.");
    let edited = of("_apo.pdb");
    let mut bytes = fs::read(&edited).unwrap();
    bytes[5] ^= 1;
    fs::write(&edited, bytes).unwrap();
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    desk.click("More actions for the folder Mpro_lb18145-1");
    desk.click("Verify every file");
    desk.wait_to_read("Changed since the download: 1 file changed, 1 of your own.");
    // What is damaged is fetched again, beside what someone has changed.
    desk.click("Update Mpro (lb18145-1)");
    desk.wait_to_read("1 observation repaired");
    assert!(folder.join("notes.txt").is_file());
    desk.wait_until("a second folder", |desk| {
        desk.downloads().join("Mpro_lb18145-1 (2)").is_dir()
    });
}

#[test]
fn folders_are_added_forgotten_and_moved_to_the_bin_after_asking() {
    let mut desk = month_ago(Generation::G2026);
    let folder = desk.downloads().join("Mpro_lb18145-1");
    // Moved by hand: missed, with its name, until it is found again.
    let moved = desk.home.path().join("elsewhere");
    fs::rename(&folder, &moved).unwrap();
    desk.click("Check for updates");
    desk.wait_to_read("Folder not found");
    assert!(desk.reads("Connect the disk"));
    fs::rename(&moved, &folder).unwrap();
    desk.click("Check for updates");
    desk.wait_to_read("Up to date");
    desk.click("More actions for the folder Mpro_lb18145-1");
    desk.click("Move to the bin…");
    desk.click("Keep it");
    assert!(folder.is_dir());
    desk.click("More actions for the folder Mpro_lb18145-1");
    desk.click("Move to the bin…");
    desk.click("Move to the bin");
    desk.wait_to_read("“Mpro_lb18145-1” was moved to the bin.");
    assert!(!folder.exists() && desk.home.path().join("bin/Mpro_lb18145-1").is_dir());
    desk.wait_to_read("No data folders yet");
}

#[test]
fn no_conclusions_are_drawn_from_an_ended_session() {
    let mut desk = month_ago(Generation::G2026);
    desk.demo.advance_days();
    desk.demo.set_session(ALICE, false);
    desk.click("Check for updates");
    desk.wait_to_read("Your session has ended");
    assert!(!desk.reads("superseded"), "{}", desk.on_screen());
    desk.demo.set_session(ALICE, true);
    desk.click("Retry");
    desk.wait_to_read("Newer data on the server");
    desk.demo.set_faults(Faults {
        no_targets: true,
        ..Faults::default()
    });
    desk.click("Check for updates");
    desk.wait_to_read("is not among the targets that you can see there");
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let target = to.join(&path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(from.join(&path), target).unwrap();
    }
}

#[test]
fn folders_in_unusual_states_are_described() {
    let mut desk = month_ago(Generation::G2026);
    let folder = desk.downloads().join("Mpro_lb18145-1");
    let manifest = |name: &str| desk.downloads().join(name).join("fragalysis-download.json");
    let change = |name: &str, key: &str, value: serde_json::Value| {
        copy(&folder, &desk.downloads().join(name));
        let text = fs::read_to_string(manifest(name)).unwrap();
        let mut form: serde_json::Value = serde_json::from_str(&text).unwrap();
        form[key] = value;
        // A copy is the same download, unless it says otherwise.
        form["download"] = format!("{:032x}", name.len()).into();
        fs::write(manifest(name), form.to_string()).unwrap();
    };
    change("of a newer version", "format", 99.into());
    change("of the future", "finished", "2099-01-01T00:00:00Z".into());
    change("half", "note", "of no meaning".into());
    change("torn record", "note", "of no meaning".into());
    let half = desk.downloads().join("half/aligned_files");
    let gone = fs::read_dir(&half).unwrap().next().unwrap().unwrap().path();
    fs::remove_dir_all(&gone).unwrap();
    let torn = fs::read(manifest("torn record")).unwrap();
    fs::write(manifest("torn record"), &torn[..torn.len() / 2]).unwrap();
    let before = files(&desk.downloads());
    desk.window.set_size(egui::vec2(1280.0, 2600.0));
    desk.click("Check for updates");
    desk.wait_to_read("missing. Updating creates a new folder and keeps this one.");
    desk.wait_to_read("Dated in the future");
    // Of two folders of one target each has a line of its own, also where the record of one is torn.
    desk.wait_until("five folders", |desk| {
        desk.window
            .query_all_by_label_contains("More actions for the folder ")
            .count()
            == 5
    });
    desk.click_beginning("Show the details of Mpro");
    assert_eq!(files(&desk.downloads()), before, "looking changes nothing");
    let text = desk.on_screen();
    for name in [
        "half",
        "of the future",
        "of a newer version",
        "torn record",
        "Mpro_lb18145-1",
    ] {
        assert!(
            text.contains(&format!("More actions for the folder {name}")),
            "{name}: {text}"
        );
    }
}

/// "Up to date" compares with the server; a folder that lacks a file was called so, with a green light.
#[test]
fn an_incomplete_folder_is_not_called_up_to_date() {
    let mut desk = Desk::new(Setup {
        faults: Faults {
            archive_lie: Some(ArchiveLie::LacksFile),
            ..Faults::default()
        },
        ..Setup::default()
    });
    desk.begin_a_public_download();
    desk.click("Downloads");
    desk.wait_to_read("Incomplete, 1 file did not arrive, from 1 of 10 observations");
    desk.wait_until("the folder", |desk| desk.sees("Incomplete"));
    desk.click("Check for updates");
    desk.wait_to_read("checked today at");
    assert!(desk.sees("Incomplete") && !desk.reads("Up to date"));
    // What is missing is one click away.
    desk.click_beginning("Show the details of the download");
    desk.wait_to_read("1 requested but not received:");
    desk.click("Show the details of PHIPA (lb18145-1)");
    desk.wait_to_read("Requested but not received: ");
    assert!(desk.sees("Get what the download of PHIPA lacks"));
    // As long as the server does not send it, nothing is called complete.
    desk.click("Get what PHIPA (lb18145-1) lacks");
    desk.wait_to_read("What did not arrive");
    desk.wait_to_read("nothing more came, and the folder is as it was");
    desk.wait_until("the same again", |desk| {
        desk.sees("Get what PHIPA (lb18145-1) lacks") && desk.sees("Incomplete")
    });
    assert!(!desk.reads("repaired"), "{}", desk.on_screen());
    // A copy of the same would only take space.
    let folders = std::fs::read_dir(desk.downloads()).unwrap();
    let names = folders.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: Vec<String> = names.collect();
    assert_eq!(names, ["PHIPA_lb18145-1"]);
    desk.demo.set_faults(Faults::default());
    // The server keeps an archive for a while, and sends the same again.
    desk.demo.advance_days();
    desk.click("Get what PHIPA (lb18145-1) lacks");
    desk.wait_to_read("Up to date");
    assert!(!desk.sees("Incomplete"), "{}", desk.on_screen());
}

/// A command of the program with a home of its own, given inside of it.
fn command(home: &Path, arguments: &str) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_fragalysis-desktop"))
        .args(arguments.split(' '))
        .args(["--data-dir", "remembered"])
        .current_dir(home)
        .env_remove("FRAGALYSIS_TOKEN")
        .env("HOME", home)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn folders_are_updated_without_a_window_by_paths_as_people_type_them() {
    let home = tempfile::tempdir().unwrap();
    let run = |arguments: &str| command(home.path(), arguments);
    let old = "download --demo --days-ago 30 --target Mpro --tas lb18145-1 --to data";
    assert_eq!(run(old).0, Some(0));
    fs::remove_dir_all(home.path().join("remembered")).unwrap();
    let (code, text) = run("library --in data --demo --check");
    assert!(
        code == Some(0) && text.contains("2 changed, 1 superseded"),
        "{text}"
    );
    let (code, text) = run("update Mpro --demo --folder data/Mpro_lb18145-1 --json");
    assert!(
        code == Some(0) && text.contains("\"changed\": true"),
        "{text}"
    );
    let (code, text) = run("update Mpro --demo");
    assert!(code == Some(0) && text.contains("is up to date"), "{text}");
    // E11: an editor put a byte order mark before the record.
    let record = home
        .path()
        .join("data/Mpro_lb18145-1/fragalysis-download.json");
    let marked = [&b"\xef\xbb\xbf"[..], &fs::read(&record).unwrap()].concat();
    fs::write(&record, marked).unwrap();
    let (code, text) = run("library --in data");
    assert!(code == Some(0) && text.contains("4.3 MB"), "{text}");
    let (code, text) = run("update Mpro --demo --json");
    assert!(
        code == Some(0) && text.contains("\"changed\": false"),
        "{text}"
    );
    // Nothing is fetched in place of what is there because of an answer that may not be the whole truth.
    let mpro = home.path().join("data/Mpro_lb18145-1");
    let manifest = mpro.join("fragalysis-download.json");
    let changed = fs::read_to_string(&manifest).unwrap();
    let (before, uploads) = changed.split_once("\"uploads\":").unwrap();
    let one_more = "\"version\": 1, \"committed\": null }, {\"version\": 0,";
    let uploads = uploads.replacen("\"version\": 1,", one_more, 1);
    let changed = format!("{before}\"uploads\":{uploads}");
    fs::write(&manifest, changed).unwrap();
    let before = files(&home.path().join("data")).len();
    let (code, text) = run("update Mpro --demo");
    assert!(
        code == Some(1) && text.contains("fewer uploads"),
        "{code:?} {text}"
    );
    assert_eq!(files(&home.path().join("data")).len(), before);
}

#[test]
fn a_disk_that_cannot_be_written_to_ends_an_update_with_a_sentence_and_nothing_lost() {
    if !crate::disk::can_watch() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let old = "download --demo --days-ago 30 --target Mpro --tas lb18145-1 --to data";
    assert_eq!(command(home.path(), old).0, Some(0));
    let before = files(&home.path().join("data"));
    let output = Command::new("strace")
        .args(["-f", "-qq", "-o", "calls", "-e", "trace=mkdir,mkdirat"])
        .args(["-e", "inject=mkdir,mkdirat:error=EROFS"])
        .arg(env!("CARGO_BIN_EXE_fragalysis-desktop"))
        .args("update Mpro --demo --folder data/Mpro_lb18145-1".split(' '))
        .current_dir(home.path())
        .env_remove("FRAGALYSIS_TOKEN")
        .envs(["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"].map(|name| (name, home.path())))
        .output()
        .unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(
        output.status.code() != Some(0)
            && said.contains("Cannot write to")
            && !said.contains("panicked"),
        "{:?} {said}",
        output.status
    );
    assert_eq!(files(&home.path().join("data")), before);
    // The disk can be written to again.
    let (code, text) = command(
        home.path(),
        "update Mpro --demo --folder data/Mpro_lb18145-1",
    );
    assert!(code == Some(0) && text.contains("Updated"), "{text}");
}
