//! Whose session it is, on which server, and what the statistics say.

use crate::session_state::{PRIVATE, with};
use crate::{
    harness::{Desk, Setup, files},
    sessions::WRONG,
};
use fragalysis_desktop::demo::{ALICE, BOB, Faults, Generation, STATISTICS_KEY};
use std::{sync::atomic::Ordering, time::Duration};

#[test]
fn two_servers_keep_their_sessions() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    let (_second, host) = desk.go_to_second_server(Generation::G2024);
    assert!(!desk.sees(PRIVATE));
    desk.click(&format!("Public data, {host}"));
    desk.click("Switch to Demo as alice");
    desk.wait_until("the first server", |desk| desk.sees("alice, Demo"));
    desk.wait_until("its private target", |desk| desk.sees(PRIVATE));
    // The other one is listed, and can be forgotten.
    desk.click("alice, Demo");
    desk.click("Switch account…");
    desk.click("Other…");
    desk.click(&format!("Forget {host}"));
    desk.wait_until("the list without it", |desk| {
        !desk.sees(&format!("Use {host}"))
    });
}

#[test]
fn each_way_to_sign_in_ends_at_the_right_place() {
    let cases: [(Option<&str>, Faults, &str); 5] = [
        (
            Some(WRONG),
            Faults::default(),
            "not accepted: mistyped or expired",
        ),
        (
            Some("{\"error\": \"You need to be logged in to get a token\"}"),
            Faults::default(),
            "Sign in to Fragalysis in your browser first",
        ),
        (
            Some(ALICE),
            with(|f| f.not_fragalysis = true),
            "not like Fragalysis",
        ),
        (
            Some(ALICE),
            with(|f| f.nothing_here = true),
            "not like Fragalysis",
        ),
        (
            None,
            with(|f| f.moved_away = true),
            "redirects to https://elsewhere.invalid",
        ),
    ];
    for (token, faults, sentence) in cases {
        let mut desk = Desk::new(faults.into());
        if let Some(token) = token {
            desk.write("Session token", token);
            desk.click("Sign in");
        } else {
            desk.click("Browse public data without signing in");
        }
        desk.wait_to_read(sentence);
        assert!(
            desk.window.state().state().session().is_none(),
            "{sentence}"
        );
        assert!(desk.reads("Where do I find my token?"));
    }
    let mut desk = Desk::with_server(Setup::default(), Some("http://127.0.0.1:9"));
    desk.write("Session token", WRONG);
    desk.click("Sign in");
    desk.wait_to_read("The server could not be reached");
    assert!(!desk.reads("mistyped"), "the token is not to blame");
}

#[test]
fn a_token_that_was_good_in_this_run_is_called_ended_not_mistyped() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.demo.set_session(ALICE, false);
    desk.click("alice, Demo");
    desk.click("Switch account…");
    desk.click(ALICE);
    desk.click("Sign in");
    desk.wait_to_read("Your session has ended");
    assert!(!desk.reads("mistyped"));
}

#[test]
fn a_failed_removal_from_the_keychain_is_reported() {
    let mut desk = Desk::new(Setup::default());
    desk.click(ALICE);
    desk.click("Keep me signed in");
    desk.click("Sign in");
    desk.wait_for_table();
    desk.wait_until("the token in the keychain", |desk| {
        !desk.window.state().state().settings.kept.is_empty()
    });
    desk.keychain.is_missing.store(true, Ordering::Relaxed);
    desk.click("alice, Demo");
    desk.click("Sign out");
    desk.wait_to_read("could not be removed from the keychain");
    assert!(!desk.window.state().state().settings.kept.is_empty());
    // Once the keychain is back, it can be done.
    desk.keychain.is_missing.store(false, Ordering::Relaxed);
    desk.click("Forget this server");
    desk.click("Yes, forget it");
    desk.wait_until("an empty keychain", |desk| {
        desk.keychain.entries.lock().unwrap().is_empty()
    });
}

#[test]
fn no_user_resumes_another_user_s_download() {
    let mut desk = Desk::new(Setup {
        build_time: Duration::from_millis(400),
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.click("A71EV2A lb32627-66");
    desk.click("Download A71EV2A…");
    desk.wait_to_read("Free space:");
    desk.demo.set_session(ALICE, false);
    desk.click_beginning("Download all ");
    desk.wait_to_read("Resumes when you sign in again");
    desk.click_beginning("alice, ");
    desk.click("Sign in…");
    desk.click(BOB);
    desk.click("Sign in");
    desk.wait_until("the other user", |desk| desk.sees("bob, Demo"));
    desk.click("Downloads");
    assert!(
        !desk.reads("A71EV2A"),
        "what somebody else fetches is shown"
    );
    // Its owner comes back, and it continues.
    desk.demo.set_session(ALICE, true);
    desk.click("bob, Demo");
    desk.click("Switch account…");
    desk.click(ALICE);
    desk.click("Sign in");
    desk.wait_until("its owner", |desk| desk.sees("alice, Demo"));
    desk.click("Downloads");
    desk.wait_to_read("Complete");
    let got = files(&desk.downloads());
    assert!(
        got.iter()
            .any(|path| path.starts_with("A71EV2A_lb32627-66/"))
    );
}

#[test]
fn the_statistics_service_is_understood_however_it_answers() {
    for (fault, sentences) in [
        (
            "statistics-dead-cache",
            ["The cache is down", "because the cache is down"],
        ),
        (
            "statistics-just-started",
            ["not asked yet", "No users are listed at the moment"],
        ),
        (
            "statistics-documented",
            ["alice (you)", "The service does not report it"],
        ),
        (
            "statistics-404",
            ["There is no statistics service", "Check the address"],
        ),
        (
            "statistics-405",
            ["There is no statistics service", "Check the address"],
        ),
        (
            "statistics-500",
            ["The statistics service failed", "Try again"],
        ),
        (
            "statistics-page",
            ["is not the statistics service", "Check the address"],
        ),
        (
            "statistics-garbage",
            ["is not the statistics service", "Check the address"],
        ),
        (
            "statistics-moved",
            ["is not the statistics service", "Check the address"],
        ),
        ("statistics-open", ["alice (you)", "3 of 3 shown"]),
    ] {
        let mut faults = Faults::default();
        assert!(faults.add(fault), "{fault}");
        let mut desk = Desk::new(Setup {
            faults,
            size: (1280.0, 2400.0),
            ..Setup::default()
        });
        desk.open_statistics();
        if fault != "statistics-open" {
            desk.write("Key of the statistics", STATISTICS_KEY);
        }
        desk.click("Load statistics");
        for sentence in sentences {
            desk.wait_to_read(sentence);
        }
    }
}

#[test]
fn the_key_of_the_statistics_is_kept_on_request_and_gone_with_the_session() {
    let mut desk = Desk::new(Setup {
        size: (1280.0, 2400.0),
        ..Setup::default()
    });
    desk.open_statistics();
    desk.click("Save the key in this computer's keychain");
    desk.write("Key of the statistics", "wrong-key");
    desk.click("Load statistics");
    desk.wait_to_read("The key was not accepted");
    assert!(
        desk.keychain.entries.lock().unwrap().is_empty(),
        "a wrong key was kept"
    );
    desk.clear("Key of the statistics");
    desk.write("Key of the statistics", STATISTICS_KEY);
    desk.click("Load statistics");
    desk.wait_to_read("alice (you)");
    desk.wait_until("the key in the keychain", |desk| {
        desk.keychain
            .entries
            .lock()
            .unwrap()
            .values()
            .any(|key| key == STATISTICS_KEY)
    });
    desk.click("Forget the key");
    desk.click("Yes, forget it");
    desk.wait_until("an empty keychain", |desk| {
        desk.keychain.entries.lock().unwrap().is_empty()
    });
    desk.click("alice, Demo");
    desk.click("Sign out");
    desk.sign_in(BOB);
    desk.click("Status");
    assert!(!desk.sees("Load statistics"), "the card is still open");
}

#[test]
fn data_that_are_still_loading_are_not_counted() {
    let mut desk = Desk::new(Setup::from(Faults {
        slow_lists: true,
        ..Faults::default()
    }));
    desk.click(ALICE);
    desk.click("Sign in");
    desk.wait_until("the page", |desk| desk.sees("All commands"));
    desk.wait_to_read("Loading experiments");
    assert!(
        !desk.reads("0 targets") && !desk.reads(" of 0 shown"),
        "{}",
        desk.on_screen()
    );
    desk.demo.set_faults(Faults::default());
    desk.wait_for_table();
    desk.wait_to_read("6 targets");
    assert!(desk.reads("1,500 of 1,500 shown"), "{}", desk.on_screen());
}
