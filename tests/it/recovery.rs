//! Temporary problems must leave no trace: a lost connection, a server that did not answer, a session that was
//! renewed, a question that is asked twice.

use fragalysis_desktop::{
    demo::{ALICE, Faults, Generation, STATISTICS_KEY},
    state::SessionState,
};

use crate::harness::{Desk, Setup};

const PRIVATE: &str = "A71EV2A lb32627-66";

fn no_connection() -> Faults {
    Faults {
        hangs_up: true,
        ..Faults::default()
    }
}

fn state(desk: &Desk) -> SessionState {
    let state = desk.window.state().state();
    state.session().unwrap().state
}

#[test]
fn a_lost_connection_does_not_sign_out_on_the_status_page() {
    for generation in [Generation::G2025, Generation::G2026] {
        let mut desk = Desk::new(generation.into());
        desk.sign_in(ALICE);
        desk.click("Status");
        desk.wait_until("the list", |desk| desk.sees("lb32627-66"));
        desk.demo.set_faults(no_connection());
        desk.click("Refresh");
        desk.wait_to_read("This is the previous status");
        desk.wait_to_read("Offline. Showing data from");
        assert!(desk.sees("lb32627-66"), "{}", desk.on_screen());
        // What the services were is not what they are.
        assert!(desk.sees("When last checked"), "{}", desk.on_screen());
        assert!(!desk.reads("You are not signed in"), "{}", desk.on_screen());
        desk.click("alice, Demo");
        assert!(desk.sees("Sign out") && !desk.sees("Leave this server"));
        desk.click("alice, Demo");
        desk.demo.set_faults(Faults::default());
        desk.click("Refresh");
        desk.wait_until("the answer", |desk| state(desk) == SessionState::SignedIn);
        assert!(desk.sees("lb32627-66"));
        desk.wait_until("the new states", |desk| !desk.sees("When last checked"));
    }
}

#[test]
fn an_old_problem_of_a_dialog_is_not_repeated() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("PHIPA lb18145-1");
    desk.demo.set_faults(no_connection());
    desk.click("Download PHIPA…");
    desk.wait_until("the failure", |desk| {
        state(desk) == SessionState::Unreachable
    });
    desk.click("Cancel");
    desk.demo.set_faults(Faults::default());
    desk.click("Status");
    desk.click("Refresh");
    desk.wait_until("the answer", |desk| state(desk) == SessionState::SignedIn);
    for _ in 0..5 {
        desk.wait_until("another look", |_| true);
        assert_eq!(state(&desk), SessionState::SignedIn);
    }
}

#[test]
fn a_failed_switch_to_another_server_does_not_affect_the_current_one() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    let (_second, host) = desk.go_to_second_server(Generation::G2026);
    // Meanwhile the session at the first server has ended.
    desk.demo.set_session(ALICE, false);
    desk.click(&format!("Public data, {host}"));
    desk.click("Switch to Demo as alice");
    desk.wait_to_read("Could not switch to");
    assert_eq!(state(&desk), SessionState::Anonymous);
    assert!(!desk.sees("Sign in again"), "{}", desk.on_screen());
    desk.click(&format!("Public data, {host}"));
    assert!(
        !desk.sees("Switch to Demo as alice"),
        "a dead session is offered"
    );
}

#[test]
fn signing_in_again_means_the_server_of_the_session_whatever_was_chosen_before() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("alice, Demo");
    desk.click("Switch account…");
    desk.click("Staging");
    // Going back ends no session.
    desk.click("Back, signed in as alice");
    desk.demo.set_session(ALICE, false);
    desk.click("Refresh");
    desk.click("Sign in again");
    // The demo's tokens are offered only while the demo is chosen.
    desk.wait_until("the demo's tokens", |desk| desk.sees(ALICE));
}

#[test]
fn a_mistyped_token_during_a_retry_is_told_beside_the_field() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.demo.set_ageing(ALICE, true);
    desk.click("Refresh");
    desk.wait_to_read("Your session must be renewed in the browser");
    desk.click("Retry");
    desk.click("Sign in again");
    desk.write("Session token", "abcdefghijklmnopqrstuvwxyz123456");
    desk.click("Sign in");
    desk.wait_to_read("not accepted");
    assert!(desk.sees("Back without signing in"));
    desk.click("Back without signing in");
    desk.wait_to_read("Your session must be renewed in the browser");
    assert!(desk.sees("Retry") && desk.sees(PRIVATE));
}

#[test]
fn waiting_downloads_resume_after_the_session_is_renewed() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    let number = |desk: &Desk| desk.window.state().state().session().unwrap().number();
    let before = number(&desk);
    desk.demo.set_ageing(ALICE, true);
    desk.click("Refresh");
    desk.wait_to_read("Your session must be renewed in the browser");
    desk.demo.set_ageing(ALICE, false);
    // Not the button in the bar, but any good answer.
    desk.click("Refresh");
    desk.wait_until("the bar to go", |desk| !desk.sees("Retry"));
    // Downloads wait for a session with a higher number.
    assert!(number(&desk) > before);
}

#[test]
fn the_statistics_can_be_asked_for_twice() {
    let mut desk = Desk::new(Setup {
        size: (1280.0, 2400.0),
        ..Setup::default()
    });
    desk.open_statistics();
    desk.write("Key of the statistics", STATISTICS_KEY);
    desk.click("Load statistics");
    desk.wait_to_read("alice (you)");
    desk.write("Key of the statistics", "another-key");
    desk.click("Load statistics");
    desk.wait_to_read("The key was not accepted");
    desk.clear("Key of the statistics");
    desk.write("Key of the statistics", STATISTICS_KEY);
    desk.click("Load statistics");
    desk.wait_until("the complaint to go", |desk| {
        !desk.reads("The key was not accepted")
    });
}
