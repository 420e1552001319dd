//! Menus of filters, the chips that open them, and filters that a click on a group sets.

use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use fragalysis_desktop::{demo::ALICE, table::Condition};

use crate::{
    focus::{at_target, press_return, type_blindly, value},
    harness::{Desk, Setup},
    hits_shapes::tick,
};

#[test]
fn an_open_filter_takes_what_is_typed_in_place_of_its_old_value() {
    let mut desk = at_target();
    let low = |desk: &Desk| {
        let state = desk.window.state().state();
        let filter = state.experiments.view.filter("refinement_resolution");
        match filter.map(|filter| &filter.condition) {
            Some(Condition::Range { from, .. }) => *from,
            _ => None,
        }
    };
    desk.click("Filter Resolution");
    type_blindly(&mut desk, "1.3");
    assert_eq!(low(&desk), Some(1.3));
    press_return(&mut desk);
    desk.click("Filter Resolution");
    type_blindly(&mut desk, "1.5");
    assert_eq!(low(&desk), Some(1.5), "{}", desk.on_screen());
    // What could not be read is gone when the filter is opened again.
    type_blindly(&mut desk, "abc");
    desk.press(Modifiers::NONE, Key::Escape);
    desk.click("Filter Resolution");
    assert_eq!(value(&desk, "From").as_deref(), Some("1.50"));
    desk.press(Modifiers::NONE, Key::Escape);
    // A short list of values begins with its first one, by keys too.
    desk.click("Filter Ligand confidence");
    desk.press(Modifiers::NONE, Key::Space);
    let state = desk.window.state().state();
    assert_eq!(
        state.experiments.view.filters().len(),
        2,
        "{}",
        desk.on_screen()
    );
}

#[test]
fn a_click_on_a_chip_opens_its_filter_which_stays_open_while_it_is_changed() {
    let mut desk = at_target();
    desk.click("Filter Resolution");
    type_blindly(&mut desk, "1.5");
    press_return(&mut desk);
    desk.click_beginning("Edit: ");
    type_blindly(&mut desk, "1.4");
    desk.wait_until("the new limit", |desk| {
        desk.sees("Remove: Resolution at least 1.40 Å")
    });
    // An empty field is no filter for a moment, and the menu is still there.
    desk.press(Modifiers::COMMAND, Key::A);
    desk.press(Modifiers::NONE, Key::Backspace);
    desk.steps();
    type_blindly(&mut desk, "1.6");
    desk.wait_until("the next limit", |desk| {
        desk.sees("Remove: Resolution at least 1.60 Å")
    });
    // Another way to compare keeps what was typed.
    press_return(&mut desk);
    desk.click("Filter Code");
    type_blindly(&mut desk, "x0");
    desk.click("Pattern");
    type_blindly(&mut desk, "1");
    assert_eq!(value(&desk, "Text of the filter").as_deref(), Some("x01"));
}

#[test]
fn a_click_on_a_group_or_a_pair_has_a_way_back() {
    let mut desk = Desk::new(Setup {
        size: (1600.0, 900.0),
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.click("Hits");
    desk.wait_until("the hits", |desk| desk.sees("Cards"));
    let filters = |desk: &Desk| desk.window.state().state().experiments.view.filters().len();
    for (layout, row, back) in [
        ("Groups", " hits, ", "Back to the groups"),
        ("Compare", " · ", "Back to the comparison"),
    ] {
        desk.click(layout);
        desk.steps();
        let node = desk
            .window
            .query_all_by_label_contains(row)
            .find(|node| node.accesskit_node().role() == egui::accesskit::Role::Button);
        node.unwrap_or_else(|| panic!("{}", desk.on_screen()))
            .click();
        desk.steps();
        assert!(filters(&desk) > 0, "{}", desk.on_screen());
        // One step back undoes all that the click has filtered.
        desk.click("Undo the last change (Ctrl+Z)");
        assert_eq!(filters(&desk), 0);
        desk.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
        desk.click(back);
        assert_eq!(filters(&desk), 0);
        assert!(!desk.sees(back), "{}", desk.on_screen());
    }
    desk.click("Groups");
    // The user's own filter on the same column comes back with the groups.
    desk.click("Group by compound");
    desk.click("Site");
    let own = ["1 - active site", "2 - dimer interface"].map(str::to_owned);
    for site in &own {
        tick(&mut desk, site);
    }
    let condition = |desk: &Desk| {
        let view = &desk.window.state().state().experiments.view;
        view.filter("site").map(|filter| filter.condition.clone())
    };
    let both = Some(Condition::OneOf(own.into()));
    assert_eq!(condition(&desk), both);
    desk.click_beginning("1 - active site: ");
    assert_ne!(condition(&desk), both);
    desk.click("Back to the groups");
    assert_eq!(condition(&desk), both);
}

/// A list of codes from a spreadsheet was searched for as one long text, and nothing was found.
#[test]
fn a_list_that_is_pasted_into_a_filter_chooses_its_values() {
    let condition = |desk: &Desk| {
        let view = &desk.window.state().state().experiments.view;
        view.filter("code").map(|filter| filter.condition.clone())
    };
    let codes = ["A71EV2A-x0145", "A71EV2A-x0285"].map(str::to_owned);
    // With few values a list of them, with many only a text.
    // Two targets have the same title and codes.
    for (target, shown) in [
        ("A71EV2A lb32627-66", "2 of 300"),
        ("All targets", "4 of 1,500"),
    ] {
        let mut desk = Desk::new(Setup::default());
        desk.sign_in(ALICE);
        desk.click(target);
        desk.click("Filter Code");
        desk.steps();
        let pasted = "Code\r\na71ev2a-x0285\r\n\"A71EV2A-x0145\"\r\nMpro-x9999\r\n".to_owned();
        desk.window.event(egui::Event::Paste(pasted));
        desk.steps();
        assert_eq!(
            condition(&desk),
            Some(Condition::OneOf(codes.clone().into())),
            "{target}"
        );
        assert!(
            desk.reads("Not in this column: Code, Mpro-x9999"),
            "{}",
            desk.on_screen()
        );
        desk.wait_to_read(shown);
        // It is no longer about what is typed next.
        type_blindly(&mut desk, "x");
        assert!(!desk.reads("Not in this column"), "{}", desk.on_screen());
    }
}
