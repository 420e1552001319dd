//! The form for signing in: what it says of which field, where one types next, and what keeps its place.

use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use fragalysis_desktop::demo::{ALICE, Faults};

use crate::harness::{Desk, Setup};

const ADDRESS: &str = "Address of the server";
const BROWSE: &str = "Browse public data without signing in";

fn type_blindly(desk: &mut Desk, text: &str) {
    desk.window.event(Event::Text(text.to_owned()));
    desk.steps();
}

fn press_return(desk: &mut Desk) {
    desk.press(Modifiers::NONE, Key::Enter);
}

/// How many characters are in the field of the token, which shows none of them.
fn token_length(desk: &Desk) -> usize {
    let field = desk.window.query_all_by_label("Session token").last();
    let value = field.and_then(|field| field.accesskit_node().value());
    value.map_or(0, |value| value.chars().count())
}

#[test]
fn a_refused_token_is_replaced_by_what_is_typed_next_and_its_error_goes() {
    let mut desk = Desk::new(Setup::default());
    desk.write("Session token", "0123456789abcdef");
    press_return(&mut desk);
    desk.wait_to_read("This token was not accepted");
    type_blindly(&mut desk, "demo-alice");
    assert_eq!(
        token_length(&desk),
        "demo-alice".len(),
        "{}",
        desk.on_screen()
    );
    assert!(!desk.reads("was not accepted"), "{}", desk.on_screen());
    press_return(&mut desk);
    desk.wait_for_table();
}

#[test]
fn what_is_wrong_with_an_address_is_said_at_the_address_and_not_at_the_token() {
    let mut desk = Desk::new(Setup::default());
    desk.write("Session token", "0123456789abcdef");
    desk.click("Other…");
    desk.click("Sign in");
    // The empty field says so, and takes what is typed.
    type_blindly(&mut desk, "http://fragalysis.example");
    desk.wait_to_read("Plain http works only");
    desk.click("Sign in");
    let said = desk.on_screen().matches("Plain http works only").count();
    let label = |desk: &Desk| desk.window.get_by_label_contains("Plain http").rect().top();
    let address = desk
        .window
        .query_all_by_label(ADDRESS)
        .last()
        .unwrap()
        .rect();
    assert_eq!(said, 1, "{}", desk.on_screen());
    assert!(label(&desk) - address.bottom() < 20.0);
    desk.write(ADDRESS, "s");
    desk.press(Modifiers::COMMAND, Key::A);
    type_blindly(&mut desk, "http://127.0.0.1:9");
    assert!(!desk.reads("Plain http"), "{}", desk.on_screen());
    desk.click("Sign in");
    desk.wait_to_read("could not be reached");
    // The next address has not failed yet.
    desk.click(ADDRESS);
    type_blindly(&mut desk, "9");
    assert!(!desk.reads("could not be reached"), "{}", desk.on_screen());
}

#[test]
fn nothing_changes_places_while_the_server_is_asked() {
    let mut desk = Desk::new(Setup::from(Faults {
        authenticator_slow: true,
        ..Faults::default()
    }));
    let place = |desk: &Desk| desk.window.get_by_label(BROWSE).rect();
    let before = place(&desk);
    desk.click(ALICE);
    desk.click("Sign in");
    desk.wait_until("the wait", |desk| desk.sees("Signing in…"));
    assert_eq!(place(&desk), before);
    let cancel = desk.window.get_by_label("Cancel").rect();
    // A click that comes too late meets no other way to sign in.
    assert!(cancel.bottom() < before.top(), "{cancel:?} {before:?}");
    desk.click("Cancel");
    desk.wait_until("the form", |desk| desk.sees("Sign in"));
    assert_eq!(place(&desk), before);
}

#[test]
fn an_error_moves_neither_the_button_that_was_pressed_nor_a_field() {
    let mut desk = Desk::new(Setup::default());
    let places = |desk: &Desk| {
        let field = desk.window.query_all_by_label("Session token").last();
        let button = desk
            .window
            .get_by_role_and_label(egui::accesskit::Role::Button, "Sign in");
        (field.unwrap().rect(), button.rect())
    };
    desk.write("Session token", "0123456789abcdef");
    let before = places(&desk);
    desk.click("Sign in");
    desk.wait_to_read("This token was not accepted");
    assert_eq!(places(&desk), before);
    desk.click("Other…");
    desk.write(ADDRESS, "http://127.0.0.1:9");
    let before = places(&desk);
    desk.click("Sign in");
    desk.wait_to_read("could not be reached");
    assert_eq!(places(&desk), before);
}
