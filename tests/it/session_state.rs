//! The state of the session in the real window: regardless of the server's answer, the data on screen stay,
//! and the bar states the problem and the remedy.

use std::time::Duration;

use fragalysis_desktop::{
    demo::{ALICE, BOB, Faults, Generation},
    state::RefreshInterval,
};

use crate::harness::{Desk, Setup};

pub(crate) const PRIVATE: &str = "A71EV2A lb32627-66";

pub(crate) fn with(set: impl Fn(&mut Faults)) -> Faults {
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
fn an_ageing_token_at_sign_in_explains_what_to_do() {
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
        desk.wait_to_read("may leave out targets that you have access to");
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
fn each_ping_state_is_shown_and_explained() {
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
    let quiet = RefreshInterval {
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
fn private_data_are_never_shown_to_the_next_user() {
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
        desk.click("Switch account…");
        desk.click(BOB);
        desk.click("Sign in");
        desk.wait_to_read("could not be loaded");
        assert!(!desk.sees(PRIVATE), "{}", desk.on_screen());
    }
}
