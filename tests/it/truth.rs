//! The truth about the session, through the real window: whatever the server says, what is on screen stays,
//! and the bar says what is the matter and what helps.

use std::{sync::atomic::Ordering, time::Duration};

use fragalysis_desktop::{
    demo::{ALICE, BOB, Faults, Generation, STATISTICS_KEY},
    state::Quiet,
};

use crate::{
    desk::{Desk, Setup, files},
    sessions::WRONG,
};

const PRIVATE: &str = "A71EV2A lb32627-66";

fn with(set: impl Fn(&mut Faults)) -> Faults {
    let mut faults = Faults::default();
    set(&mut faults);
    faults
}

#[test]
fn an_ageing_session_is_renewed_in_the_browser_and_retried_here() {
    for generation in Generation::ALL {
        let mut desk = Desk::new(generation.into());
        desk.sign_in(ALICE);
        desk.demo.set_ageing(ALICE, true);
        desk.click("Refresh");
        desk.wait_to_read("Your session must be renewed in the browser");
        desk.wait_to_read("reload the page, come back");
        assert!(desk.sees("Open Fragalysis") && desk.sees(PRIVATE));
        desk.click("Retry");
        desk.wait_until("the answer", |desk| {
            !desk.window.state().state().is_retrying()
        });
        assert!(desk.reads("Your session must be renewed") && desk.sees(PRIVATE));
        // The user reloads the page there, comes back, and presses the button again.
        desk.demo.set_ageing(ALICE, false);
        desk.click("Retry");
        desk.wait_until("the bar to go", |desk| !desk.sees("Retry"));
        assert!(desk.sees(PRIVATE) && !desk.demo.has_ended(ALICE));
    }
}

#[test]
fn an_ageing_token_at_the_door_says_what_to_do_and_then_lets_in() {
    let mut desk = Desk::new(Setup::default());
    desk.demo.set_ageing(ALICE, true);
    desk.click(ALICE);
    desk.click("Sign in");
    desk.wait_to_read("Open Fragalysis in your browser, reload the page");
    desk.demo.set_ageing(ALICE, false);
    desk.click("Sign in");
    desk.wait_for_table();
}

#[test]
fn the_list_of_memberships_stays_when_the_session_ends() {
    for generation in [Generation::G2025, Generation::G2026] {
        for keeps_dead_cookie in [false, true] {
            let faults = with(|f| f.keeps_dead_cookie = keeps_dead_cookie);
            let mut desk = Desk::new(Setup {
                generation,
                faults,
                ..Setup::default()
            });
            desk.sign_in(ALICE);
            desk.click("Status");
            desk.wait_until("the list", |desk| desk.sees("lb32627-66"));
            desk.demo.set_session(ALICE, false);
            for _ in 0..2 {
                // The second answer must be as little believed as the first.
                desk.click("Refresh");
                desk.wait_to_read("Sign in again with a new token");
                desk.wait_to_read("when your session was valid");
                assert!(desk.sees("lb32627-66"), "{}", desk.on_screen());
            }
        }
    }
}

#[test]
fn an_authenticator_that_fails_takes_nothing_off_the_screen() {
    for generation in Generation::ALL {
        let mut desk = Desk::new(generation.into());
        desk.sign_in(ALICE);
        assert!(desk.sees(PRIVATE));
        desk.demo.set_faults(with(|f| f.authenticator_down = true));
        desk.click("Refresh");
        desk.wait_to_read("The authenticator is not OK");
        assert!(desk.sees(PRIVATE), "{}", desk.on_screen());
        desk.demo.set_faults(Faults::default());
        desk.click("Try again");
        desk.wait_until("the warning to go", |desk| {
            !desk.reads("The authenticator is not OK")
        });
        assert!(desk.sees(PRIVATE));
    }
}

#[test]
fn who_signs_in_while_the_authenticator_is_down_is_told_that_something_may_be_missing() {
    for generation in Generation::ALL {
        let mut desk = Desk::new(Setup {
            generation,
            faults: with(|f| f.authenticator_down = true),
            ..Setup::default()
        });
        desk.sign_in(ALICE);
        desk.wait_to_read("may leave out targets that you may see");
        desk.click("Show the status");
        desk.wait_to_read("You and the server");
    }
}

#[test]
fn what_the_server_no_longer_shows_is_named() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    // A membership that has really ended: the server is well, and the target is gone.
    desk.demo.set_membership(false);
    desk.click("Refresh");
    desk.wait_to_read("A71EV2A (lb32627-66) is no longer visible to you");
    assert!(!desk.sees(PRIVATE));
}

#[test]
fn each_ping_is_said_in_words_and_what_it_means() {
    for (faults, word, meaning) in [
        (Faults::default(), "OK", "It reaches the database"),
        (
            with(|f| f.authenticator_down = true),
            "Not OK",
            "Your memberships may be out of date",
        ),
        (
            with(|f| f.authenticator_undefined = true),
            "Not configured",
            "shows open targets only",
        ),
        (
            with(|f| f.documented_user = true),
            "OK",
            "It reaches the database",
        ),
    ] {
        let mut desk = Desk::new(faults.into());
        desk.sign_in(ALICE);
        desk.click("Status");
        desk.wait_to_read(meaning);
        assert!(desk.sees(word), "{}", desk.on_screen());
        assert!(!desk.on_screen().contains("AUTH_SERVICE"));
    }
}

#[test]
fn a_part_of_the_status_that_fails_leaves_the_others() {
    let mut desk = Desk::new(with(|f| f.broken_user = true).into());
    desk.sign_in(ALICE);
    desk.click("Status");
    desk.wait_to_read("The server failed");
    assert!(desk.sees("2026.08.3") && desk.reads("Access control (ISPyB)"));
    assert!(desk.reads("Why can't I see"));
}

#[test]
fn signed_out_the_status_has_everything_but_the_list() {
    let mut desk = Desk::new(Setup::default());
    desk.click("Browse public data without signing in");
    desk.wait_for_table();
    desk.click("Status");
    desk.wait_to_read("It reaches the database");
    desk.wait_to_read("You are not signed in, so the server has no list for you");
    assert!(desk.sees("2026.08.3") && desk.sees("No, public data only"));
}

#[test]
fn the_status_refreshes_itself_and_more_rarely_while_there_is_no_answer() {
    let quiet = Quiet {
        usual: Duration::from_millis(300),
        longest: Duration::from_secs(5),
    };
    let mut desk = Desk::new(Setup {
        quiet,
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.click("Status");
    desk.wait_to_read("It reaches the database");
    desk.demo.set_faults(with(|f| f.authenticator_down = true));
    // No one presses anything.
    desk.wait_to_read("Your memberships may be out of date");
    desk.demo.set_faults(with(|f| f.broken_user = true));
    desk.wait_to_read("The server failed");
    let wait = |desk: &Desk| desk.window.state().state().quiet_wait().unwrap();
    let first = wait(&desk);
    desk.wait_until("a longer wait", |desk| wait(desk) > first);
    assert!(wait(&desk) <= quiet.longest);
    desk.demo.set_faults(Faults::default());
    desk.wait_to_read("It reaches the database");
    assert_eq!(wait(&desk), quiet.usual);
}

#[test]
fn somebody_else_never_sees_for_a_moment_what_was_not_meant_for_him() {
    for generation in Generation::ALL {
        // Names are not given by the server in time: only the tokens tell the two apart.
        let faults = with(|f| f.broken_user = true);
        let mut desk = Desk::new(Setup {
            generation,
            faults,
            ..Setup::default()
        });
        desk.sign_in(ALICE);
        assert!(desk.sees(PRIVATE));
        desk.demo.set_faults(with(|f| f.broken_lists = true));
        desk.click_beginning("alice, ");
        desk.click("Sign in as another user…");
        desk.click(BOB);
        desk.click("Sign in");
        desk.wait_to_read("could not be read");
        assert!(!desk.sees(PRIVATE), "{}", desk.on_screen());
    }
}

#[test]
fn two_servers_keep_their_sessions() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    let (_second, host) = desk.go_to_second_server(Generation::G2024);
    assert!(!desk.sees(PRIVATE));
    desk.click(&format!("Public data, {host}"));
    desk.click("Go to Demo as alice");
    desk.wait_until("the first server", |desk| desk.sees("alice, Demo"));
    desk.wait_until("its private target", |desk| desk.sees(PRIVATE));
    // The other one is listed, and can be forgotten.
    desk.click("alice, Demo");
    desk.click("Sign in as another user…");
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
            "redirects to elsewhere.invalid",
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
    desk.click("Sign in as another user…");
    desk.click(ALICE);
    desk.click("Sign in");
    desk.wait_to_read("Your session has ended");
    assert!(!desk.reads("mistyped"));
}

#[test]
fn a_token_that_cannot_be_taken_out_of_the_keychain_is_not_said_to_be_gone() {
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
fn nobody_goes_on_with_somebody_else_s_download() {
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
    desk.click("Sign in as another user…");
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
    desk.click("Keep the key in this computer's keychain");
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
fn what_has_not_come_yet_is_not_counted() {
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
