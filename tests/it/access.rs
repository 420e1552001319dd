//! Accessibility: every control has a name, and the Tab key reaches it.

use std::collections::BTreeSet;

use egui::{Key, Modifiers, Role};
use egui_kittest::{Node, kittest::NodeT as _};
use fragalysis_desktop::demo::ALICE;

use crate::harness::{Desk, Setup};

/// Returns `true` if elements of this role are controls.
fn is_control(role: Role) -> bool {
    matches!(
        role,
        Role::Button
            | Role::CheckBox
            | Role::ColumnHeader
            | Role::ComboBox
            | Role::Link
            | Role::ListBoxOption
            | Role::MenuItem
            | Role::RadioButton
            | Role::Slider
            | Role::Tab
            | Role::TextInput
    )
}

/// All controls on screen: what each is, and its name.
fn controls(desk: &Desk) -> Vec<(Role, String, bool)> {
    let mut found = Vec::new();
    let mut nodes: Vec<Node<'_>> = vec![desk.window.root()];
    while let Some(node) = nodes.pop() {
        let inner = node.accesskit_node();
        if is_control(inner.role()) {
            let name = inner.label().unwrap_or_default();
            found.push((inner.role(), name, inner.is_disabled()));
        }
        nodes.extend(node.children());
    }
    found
}

fn assert_named(desk: &Desk, page: &str) {
    let all = controls(desk);
    assert!(all.len() > 3, "{page} has only {all:?}");
    let unnamed: Vec<_> = all
        .iter()
        .filter(|(_, name, _)| name.trim().is_empty())
        .collect();
    assert!(
        unnamed.is_empty(),
        "{page}: {unnamed:?} in\n{}",
        desk.on_screen()
    );
}

/// Presses Tab through one full cycle, and checks that every control had the focus.
fn assert_reached(desk: &mut Desk, page: &str) {
    let focused = |desk: &Desk| {
        let mut nodes: Vec<Node<'_>> = vec![desk.window.root()];
        while let Some(node) = nodes.pop() {
            if node.accesskit_node().is_focused() {
                return node.accesskit_node().label();
            }
            nodes.extend(node.children());
        }
        None
    };
    let mut reached = BTreeSet::new();
    for _ in 0..120 {
        desk.press(Modifiers::NONE, Key::Tab);
        reached.extend(focused(desk));
    }
    let missed: Vec<_> = controls(desk)
        .into_iter()
        .filter(|(_, name, is_disabled)| !is_disabled && !reached.contains(name))
        .collect();
    assert!(missed.is_empty(), "{page}: Tab does not reach {missed:?}");
}

fn tall() -> Desk {
    Desk::new(Setup {
        size: (1280.0, 1800.0),
        ..Setup::default()
    })
}

#[test]
fn every_control_of_every_page_has_a_name() {
    let mut desk = tall();
    assert_named(&desk, "sign in");
    desk.sign_in(ALICE);
    desk.click("A71EV2A lb32627-66");
    desk.click("A71EV2A-x0015");
    desk.click("Show the details of an experiment");
    desk.click("Show a plot");
    desk.wait_until("its observations", |desk| {
        desk.reads("Download Structure with ligand of")
    });
    assert_named(&desk, "experiments");
    desk.click("Filter Resolution");
    assert_named(&desk, "a filter");
    desk.press(Modifiers::NONE, Key::Escape);
    for (button, page) in [
        ("Choose columns", "columns"),
        ("Views of the table: Overview", "views"),
        ("Save table…", "saving"),
    ] {
        desk.click(button);
        assert_named(&desk, page);
        desk.press(Modifiers::NONE, Key::Escape);
    }
    desk.click_beginning("Download 1 selected");
    desk.wait_to_read("Free space:");
    desk.click("Advanced");
    desk.click("Command line");
    assert_named(&desk, "the dialog");
    desk.click_beginning("Download 1 obs");
    desk.wait_to_read("Complete");
    assert_named(&desk, "downloads");
    for page in ["Status", "Settings"] {
        desk.click(page);
        assert_named(&desk, page);
    }
    desk.click("Custom");
    assert_named(&desk, "the proxy");
    desk.press(Modifiers::COMMAND, Key::K);
    assert_named(&desk, "the palette");
}

#[test]
fn the_tab_key_reaches_every_control() {
    let mut desk = tall();
    assert_reached(&mut desk, "sign in");
    desk.sign_in(ALICE);
    for page in ["Status", "Settings", "Downloads"] {
        desk.click(page);
        assert_reached(&mut desk, page);
    }
}

/// The texts that a screen reader says as soon as they change, and whether they interrupt it.
fn announced(desk: &Desk) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let mut nodes: Vec<Node<'_>> = vec![desk.window.root()];
    while let Some(node) = nodes.pop() {
        let inner = node.accesskit_node();
        if inner.live() != egui::accesskit::Live::Off {
            let text = inner.label().or_else(|| inner.value()).unwrap_or_default();
            found.push((text, inner.live() == egui::accesskit::Live::Assertive));
        }
        nodes.extend(node.children());
    }
    found
}

#[test]
fn changes_are_announced_to_screen_readers() {
    let mut desk = Desk::new(Setup {
        build_time: std::time::Duration::from_mins(2),
        ..Setup::default()
    });
    desk.sign_in_to_target();
    desk.click("Download A71EV2A…");
    desk.click_beginning("Download all ");
    let says = |desk: &Desk, words: &str, is_urgent: bool| {
        let all = announced(desk);
        all.iter()
            .any(|(text, urgent)| text.contains(words) && *urgent == is_urgent)
    };
    desk.wait_until("the stage to be said", |desk| {
        says(desk, "Being built", false)
    });
    desk.demo.set_session(ALICE, false);
    desk.click("Experiments");
    desk.click("Refresh");
    desk.wait_until("the end of the session to be said", |desk| {
        says(desk, "session has ended", true)
    });
    desk.click("Settings");
    desk.click("Copy a report for support");
    desk.wait_until("the message to be said", |desk| {
        says(desk, "The report has been copied.", false)
    });
}
