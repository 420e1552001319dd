//! Staying signed in, signing out, and "why can't I see it?", through the real window.

use std::sync::atomic::Ordering;

use egui::{Key, Modifiers};
use fragalysis_desktop::demo::{ALICE, BOB, Faults, Generation, STATISTICS_KEY};

use crate::harness::{Desk, Setup, files};

/// The token is nowhere in the files of the program.
fn assert_token_is_in_no_file(desk: &Desk) {
    for path in files(desk.home.path()) {
        let bytes = std::fs::read(desk.home.path().join(&path)).unwrap();
        let has_token = bytes
            .windows(ALICE.len())
            .any(|window| window == ALICE.as_bytes());
        assert!(!has_token, "the token is in {path}");
    }
}

/// Signs in and asks to stay signed in.
fn keep_signed_in(desk: &mut Desk) {
    desk.click(ALICE);
    desk.click("Keep me signed in");
    desk.click("Sign in");
    desk.wait_for_table();
}

/// A window that signs in to a server by its address, and asks to stay signed in there: a demo of the
/// program's own is not remembered.
fn kept_at_an_address(generation: Generation) -> Desk {
    let mut desk = Desk::with_server(generation.into(), Some("https://fragalysis.invalid"));
    let address = desk.demo.address().as_str().to_owned();
    desk.clear("Address of the server");
    desk.write("Address of the server", &address);
    desk.write("Session token", ALICE);
    desk.click("Keep me signed in");
    desk.click("Sign in");
    desk.wait_for_table();
    desk
}

/// Settings are written beside the window; waits until they say so.
fn wait_for_settings(desk: &mut Desk, part: &str) {
    let path = desk.home.path().join("config/settings.json");
    desk.wait_until("the settings on the disk", |_| {
        std::fs::read_to_string(&path).is_ok_and(|text| text.contains(part))
    });
}

#[test]
fn a_kept_session_is_restored_at_the_next_start_and_no_file_has_the_token() {
    for generation in Generation::ALL {
        let mut desk = kept_at_an_address(generation);
        desk.wait_until("the token in the keychain", |desk| {
            desk.keychain
                .entries
                .lock()
                .unwrap()
                .values()
                .any(|token| token == ALICE)
        });
        wait_for_settings(&mut desk, "kept");
        assert_token_is_in_no_file(&desk);
        let mut desk = desk.restart();
        desk.wait_for_table();
        assert!(desk.sees("A71EV2A lb32627-66"), "{}", desk.on_screen());
    }
}

#[test]
fn signing_out_takes_the_token_out_of_the_keychain_and_the_data_off_the_screen() {
    let mut desk = kept_at_an_address(Generation::G2026);
    desk.wait_until("the token in the keychain", |desk| {
        !desk.keychain.entries.lock().unwrap().is_empty()
    });
    desk.click_beginning("alice, ");
    desk.click("Sign out");
    desk.wait_until("an empty keychain", |desk| {
        desk.keychain.entries.lock().unwrap().is_empty()
    });
    assert!(!desk.reads("A71EV2A"));
    wait_for_settings(&mut desk, "\"kept\": []");
    let mut desk = desk.restart();
    desk.wait_to_read("Where do I find my token?");
    assert!(desk.window.state().state().session().is_none());
}

#[test]
fn a_server_that_is_known_can_be_gone_back_to_and_forgotten() {
    let mut desk = Desk::new(Setup::default());
    keep_signed_in(&mut desk);
    wait_for_settings(&mut desk, "127.0.0.1");
    desk.click("alice, Demo");
    desk.click("Switch account…");
    desk.click("Browse public data without signing in");
    desk.wait_until("public data", |desk| desk.sees("Public data, Demo"));
    desk.wait_for_table();
    assert!(
        !desk.sees("A71EV2A lb32627-66"),
        "private data were left on screen"
    );
    desk.click("Public data, Demo");
    desk.click("Sign in…");
    desk.click("Continue as alice");
    desk.wait_until("the session of before", |desk| desk.sees("alice, Demo"));
    desk.click("alice, Demo");
    desk.click("Switch account…");
    desk.click("Forget this server");
    desk.click("Yes, forget it");
    desk.wait_until("an empty keychain", |desk| {
        desk.keychain.entries.lock().unwrap().is_empty()
    });
    desk.wait_until("no offer any more", |desk| !desk.sees("Continue as alice"));
}

#[test]
fn without_a_keychain_one_is_signed_in_for_this_session_and_told_so() {
    let mut desk = Desk::new(Setup::default());
    desk.keychain.is_missing.store(true, Ordering::Relaxed);
    keep_signed_in(&mut desk);
    desk.wait_to_read("for this session only");
    assert_token_is_in_no_file(&desk);
}

#[test]
fn a_kept_token_that_has_ended_is_called_ended_not_mistyped() {
    let mut desk = kept_at_an_address(Generation::G2026);
    desk.wait_until("the token in the keychain", |desk| {
        !desk.keychain.entries.lock().unwrap().is_empty()
    });
    wait_for_settings(&mut desk, "kept");
    for token in desk.keychain.entries.lock().unwrap().values_mut() {
        *token = "abcdefghijklmnopqrstuvwxyz123456".to_owned();
    }
    let mut desk = desk.restart();
    desk.wait_to_read("Sign in again with a new token");
    assert!(!desk.reads("mistyped"), "{}", desk.on_screen());
    assert!(desk.window.state().state().session().is_none());
}

#[test]
fn why_something_is_not_seen_is_answered_with_its_causes() {
    let cases = [
        (
            ALICE,
            Faults::default(),
            "lb18145-1",
            "You can see lb18145-1",
        ),
        (
            ALICE,
            Faults::default(),
            "lb99999-1",
            "This server has no access string lb99999-1",
        ),
        (
            BOB,
            Faults::default(),
            "lb32627-66",
            "If you were added today, wait 15 minutes",
        ),
        (
            ALICE,
            Faults::default(),
            "nt12345-1",
            "This server has no access string nt12345-1",
        ),
        (ALICE, Faults::default(), "mpro", "there is Mpro"),
        (
            BOB,
            Faults {
                authenticator_down: true,
                ..Faults::default()
            },
            "lb32627-66",
            "may be old",
        ),
    ];
    for (token, faults, subject, part) in cases {
        let mut desk = Desk::new(faults.into());
        desk.sign_in(token);
        desk.click("Status");
        desk.wait_to_read("Why can't I see");
        desk.wait_to_read("Authenticator");
        desk.write("A target or a target access string", subject);
        desk.click("Find out");
        desk.wait_to_read(part);
        assert!(desk.reads("You are signed in"));
        // About what can be seen there is nothing to ask.
        let is_open = !part.starts_with("You can see");
        assert_eq!(desk.sees("Copy this for an administrator"), is_open);
    }
}

#[test]
fn a_target_that_is_meant_in_spite_of_a_typing_error_is_opened_from_the_answer() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("Status");
    desk.wait_to_read("Why can't I see");
    desk.wait_to_read("Authenticator");
    desk.write("A target or a target access string", "Mprp");
    desk.click("Find out");
    desk.click("Show Mpro (lb18145-1)");
    desk.wait_to_read("Download Mpro…");
}

#[test]
fn missing_memberships_of_an_old_server_are_not_taken_as_an_answer() {
    let mut desk = Desk::new(Generation::G2024.into());
    desk.sign_in(ALICE);
    desk.click("Status");
    // It lists no memberships, but shows what only members see.
    desk.wait_to_read("This server does not list your memberships. The private ones");
    assert!(desk.sees("1 private"), "{}", desk.on_screen());
    desk.write("A target or a target access string", "lb99999-1");
    desk.click("Find out");
    desk.wait_to_read("This server has no access string lb99999-1");
    let mut desk = Desk::new(Generation::G2024.into());
    desk.sign_in(BOB);
    desk.click("Status");
    desk.wait_to_read("shows you only public targets");
    desk.write("A target or a target access string", "lb32627-66");
    desk.click("Find out");
    desk.wait_to_read("lb32627-66 exists on this server, but you are not a member");
}

#[test]
fn the_list_of_access_strings_sorts_and_searches() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("Status");
    desk.wait_to_read("Your target access strings");
    assert!(desk.sees("lb32627-66") && desk.sees("lb32633-6"));
    desk.click("Visit");
    assert!(desk.sees("Visit, sorted ascending"));
    let top = |desk: &Desk, text: &str| desk.place(text).top();
    assert!(
        top(&desk, "lb32633-6") < top(&desk, "lb32627-66"),
        "6 comes before 66"
    );
    desk.click("Visit, sorted ascending");
    assert!(top(&desk, "lb32633-6") > top(&desk, "lb32627-66"));
    desk.write("Find an access string", "627");
    assert!(desk.sees("lb32627-66") && !desk.sees("lb32633-6"));
}

#[test]
fn signing_out_needs_confirmation_while_downloads_are_running() {
    let build_time = std::time::Duration::from_mins(10);
    let mut desk = Desk::new(Setup {
        build_time,
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.click("PHIPA lb18145-1");
    desk.click("Download PHIPA…");
    desk.click_beginning("Download all ");
    desk.wait_to_read("Being built by the server");
    desk.click("alice, Demo");
    desk.click("Sign out");
    assert!(desk.window.state().state().session().is_some());
}

#[test]
fn the_statistics_are_shown_to_those_who_hold_the_key() {
    let mut desk = Desk::new(Setup {
        size: (1280.0, 1600.0),
        ..Setup::default()
    });
    desk.open_statistics();
    desk.click("Load statistics");
    desk.wait_to_read("This service needs a key");
    desk.write("Key of the statistics", "wrong-key");
    assert!(!desk.reads("needs a key"), "that was said of another key");
    desk.press(Modifiers::NONE, Key::Enter);
    desk.wait_to_read("The key was not accepted");
    desk.clear("Key of the statistics");
    assert!(!desk.reads("The key was not accepted"));
    desk.write("Key of the statistics", STATISTICS_KEY);
    desk.click("Load statistics");
    desk.wait_to_read("alice (you)");
    assert!(
        desk.sees("lb, sw") && desk.sees("2 hours") && desk.reads("3 of 3 shown"),
        "{}",
        desk.on_screen()
    );
    assert!(
        !desk.on_screen().contains(STATISTICS_KEY),
        "the key is on screen"
    );
    desk.click("Raw response");
    assert!(desk.reads("ping_count: 136/272"));
}

/// The list of users is short for a moment whenever one was collected.
#[test]
fn an_incomplete_list_of_users_is_requested_again() {
    let mut faults = Faults::default();
    assert!(faults.add("statistics-short-once"));
    let mut desk = Desk::new(Setup {
        size: (1280.0, 1600.0),
        faults,
        ..Setup::default()
    });
    desk.open_statistics();
    desk.write("Key of the statistics", STATISTICS_KEY);
    desk.click("Load statistics");
    desk.wait_to_read("alice (you)");
    assert!(!desk.reads("is not listed"));
}

#[test]
fn a_download_that_lost_its_session_resumes_after_signing_in_again() {
    for generation in [Generation::G2025, Generation::G2026] {
        let build_time = std::time::Duration::from_millis(400);
        let mut desk = Desk::new(Setup {
            generation,
            build_time,
            ..Setup::default()
        });
        desk.sign_in(ALICE);
        desk.click("A71EV2A lb32627-66");
        desk.click("Download A71EV2A…");
        desk.wait_to_read("Free space:");
        desk.demo.set_session(ALICE, false);
        desk.click_beginning("Download all ");
        desk.wait_to_read("Resumes when you sign in again");
        desk.wait_to_read("Sign in again with a new token");
        assert_eq!(files(&desk.downloads()), Vec::<String>::new());
        // What was on screen stays.
        desk.click("Experiments");
        assert!(desk.sees("A71EV2A lb32627-66"));
        desk.click("Sign in again");
        // Not before: a session that is good again is noticed by the program itself, and the offer goes.
        desk.demo.set_session(ALICE, true);
        desk.click(ALICE);
        desk.click("Sign in");
        desk.wait_until("the session", |desk| desk.sees("alice, Demo"));
        desk.click("Downloads");
        desk.wait_to_read("Complete");
        assert!(desk.downloads().join("A71EV2A_lb32627-66").is_dir());
    }
}

#[test]
fn a_list_that_shrank_because_the_session_died_never_replaces_private_data() {
    for generation in Generation::ALL {
        let mut desk = Desk::new(generation.into());
        desk.sign_in(ALICE);
        assert!(desk.sees("A71EV2A lb32627-66"));
        desk.demo.set_session(ALICE, false);
        desk.click("Refresh");
        desk.wait_to_read("Sign in again with a new token");
        assert!(desk.sees("A71EV2A lb32627-66"), "{}", desk.on_screen());
        assert!(!desk.reads("mistyped"));
    }
}
