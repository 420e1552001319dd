//! Downloads that survive the end of the window and the user's second thoughts.

use std::{fs, time::Duration};

use fragalysis_desktop::demo::{ALICE, Faults, Generation};

use serde_json::json;

use crate::harness::{Desk, Setup, files};

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
fn a_download_is_paused_resumed_and_cancelled_by_its_buttons() {
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
    desk.wait_to_read("Complete parts are kept. If the server cannot resume");
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
fn the_system_announces_ended_downloads_while_the_window_has_no_focus() {
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
fn queued_downloads_can_be_reordered_and_the_title_shows_progress() {
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
