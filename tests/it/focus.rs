//! What Return leaves behind: a field that still takes what is typed, a sentence that can be read, and buttons where
//! they were.

use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use fragalysis_desktop::demo::ALICE;

use crate::{
    harness::{Desk, Setup},
    hits_shapes::hits_of,
};

const QUESTION: &str = "A target or a target access string";

/// Types without clicking anything before.
pub(crate) fn type_blindly(desk: &mut Desk, text: &str) {
    desk.window.event(Event::Text(text.to_owned()));
    desk.steps();
}

pub(crate) fn press_return(desk: &mut Desk) {
    desk.press(Modifiers::NONE, Key::Enter);
}

/// What stands in the field with this name.
pub(crate) fn value(desk: &Desk, field: &str) -> Option<String> {
    // The label before the field has the same name.
    let control = desk.window.query_all_by_label(field).last();
    control.and_then(|control| control.accesskit_node().value())
}

pub(crate) fn at_target() -> Desk {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("Mpro lb18145-1");
    desk.wait_for_table();
    desk
}

#[test]
fn a_list_of_columns_takes_the_first_match_and_keeps_the_focus_without_one() {
    const FIELD: &str = "Find a column to filter";
    let mut desk = at_target();
    desk.click("Add a filter");
    desk.write(FIELD, "zz");
    press_return(&mut desk);
    desk.wait_to_read("No column has this name.");
    type_blindly(&mut desk, "y");
    assert_eq!(value(&desk, FIELD).as_deref(), Some("zzy"));
    desk.clear(FIELD);
    desk.write(FIELD, "r-work");
    press_return(&mut desk);
    // Its filter is open.
    desk.wait_until("its filter", |desk| desk.sees("From"));
    desk.press(Modifiers::NONE, Key::Escape);
    // The next time it is empty, and the arrow leads into the list.
    desk.click("Add a filter");
    assert_eq!(value(&desk, FIELD).as_deref(), Some(""));
    desk.press(Modifiers::NONE, Key::ArrowDown);
    press_return(&mut desk);
    desk.wait_until("the first column", |desk| !desk.sees(FIELD));
}

#[test]
fn names_that_begin_with_what_is_typed_come_first() {
    let mut desk = at_target();
    desk.click("Show a plot");
    desk.click_beginning("Colour: No colour");
    desk.write("Find a column to plot", "r");
    press_return(&mut desk);
    desk.wait_to_read("Colour: R");
}

#[test]
fn columns_take_the_width_of_the_window_and_give_it_back() {
    let mut desk = at_target();
    let left = |desk: &Desk| {
        let headings = desk.window.query_all_by_label_contains("PDB code");
        let places = headings.map(|heading| heading.rect().left());
        places.fold(0.0, f32::max)
    };
    let before = left(&desk);
    for (width, is_wider) in [(1920.0, true), (1280.0, false)] {
        desk.window.set_size(egui::vec2(width, 800.0));
        for _ in 0..4 {
            desk.steps();
        }
        let now = left(&desk);
        assert_eq!(now > before + 40.0, is_wider, "{before} {now}");
        assert!(is_wider || (now - before).abs() < 1.0, "{before} {now}");
    }
}

#[test]
fn a_number_that_cannot_be_read_stays_with_its_sentence() {
    let mut desk = at_target();
    desk.click("Filter Resolution");
    desk.write("From", "abc");
    press_return(&mut desk);
    desk.wait_to_read("Enter a number.");
    type_blindly(&mut desk, "d");
    assert_eq!(value(&desk, "From").as_deref(), Some("abcd"));
    desk.clear("From");
    desk.write("From", "1.5");
    press_return(&mut desk);
    desk.wait_until("the filter to close", |desk| !desk.sees("From"));
}

#[test]
fn one_question_follows_the_other_without_the_mouse() {
    let mut desk = at_target();
    desk.click("Status");
    desk.wait_to_read("Authenticator");
    let field = "A target or a target access string";
    desk.write(field, "lb18145-1");
    press_return(&mut desk);
    desk.wait_to_read("You can see lb18145-1");
    type_blindly(&mut desk, "nt12345-1");
    press_return(&mut desk);
    desk.wait_to_read("This server has no access string nt12345-1");
}

#[test]
fn a_chip_is_where_its_suggestion_was() {
    let mut desk = at_target();
    desk.press(Modifiers::NONE, Key::S);
    let suggestion = "Only experiments with a ligand";
    desk.wait_until("the suggestion", |desk| desk.sees(suggestion));
    let before = desk.place(suggestion);
    desk.click(suggestion);
    let chip = "Remove: With a ligand";
    desk.wait_until("the chip", |desk| {
        desk.window.query_by_label(chip).is_some()
    });
    // The button that removes it is at the end of the chip: no other suggestion is where the pointer still is.
    let after = desk.place(chip);
    assert!(after.right() >= before.right(), "{before} {after}");
    assert!(after.top() < before.bottom(), "in the same line");
}

#[test]
fn text_grows_in_an_open_dialog_too() {
    let mut desk = at_target();
    desk.click("Download Mpro…");
    desk.wait_to_read("Download from Mpro");
    desk.press(Modifiers::COMMAND, Key::Plus);
    let size = |desk: &Desk| desk.window.state().state().settings.text_size;
    desk.wait_until("larger text", |desk| size(desk) > 1.0);
    assert!(desk.reads("Download from Mpro"));
    // Other keys belong to the dialog.
    desk.press(Modifiers::COMMAND, Key::I);
    assert!(!desk.sees("Close the details"));
}

#[test]
fn no_command_is_offered_for_a_choice_that_is_still_open() {
    let mut desk = at_target();
    desk.click("Download Mpro…");
    desk.click("Command line");
    desk.wait_to_read("--target Mpro");
    desk.scroll_to("By site or tag");
    desk.click("By site or tag");
    desk.wait_until("the reason", |desk| !desk.reads("--target Mpro"));
    assert!(!desk.sees("Copy the command"));
}

#[test]
fn a_search_says_how_many_of_the_targets_it_finds() {
    let mut desk = at_target();
    desk.wait_to_read("6 targets");
    desk.write("Find a target", "phi");
    desk.wait_to_read("1 of 6 targets");
    desk.write("Find a target", "zzz");
    desk.wait_to_read("0 of 6 targets");
}

#[test]
fn the_list_of_targets_can_be_limited_to_ones_own_and_to_the_public_ones() {
    let mut desk = at_target();
    for (kind, count, is_private) in [("Mine", 3, true), ("Open", 5, false), ("All", 6, true)] {
        desk.click(kind);
        if count < 6 {
            desk.wait_to_read(&format!("{count} of 6 targets"));
        } else {
            desk.wait_until("all", |desk| desk.sees("6 targets"));
        }
        assert_eq!(desk.sees("A71EV2A lb32627-66"), is_private, "{kind}");
    }
    desk.click("Why can't I see a target?");
    desk.wait_to_read("Why can't I see …?");
}

#[test]
fn a_second_click_at_the_same_place_closes_the_details_again() {
    let mut desk = at_target();
    let button = "Show the details of an experiment";
    let place = desk.window.get_by_label(button).rect().center();
    desk.click(button);
    desk.wait_until("the details", |desk| desk.sees("Close the details"));
    assert!(
        desk.window
            .get_by_label("Close the details")
            .rect()
            .contains(place)
    );
}

#[test]
fn what_can_be_no_structure_leaves_no_filter_of_its_beginning() {
    let mut desk = hits_of(Setup::default(), "Mpro lb18145-1");
    for kind in ["Contains", "Similar to"] {
        desk.click(kind);
        desk.click("Find structures");
        for letter in "benzene".chars() {
            type_blindly(&mut desk, &letter.to_string());
        }
        desk.wait_to_read("Names of compounds are not known here");
        let view = &desk.window.state().state().experiments.view;
        assert!(view.filters().is_empty(), "{kind}: {:?}", view.filters());
        assert_eq!(value(&desk, "Find structures").as_deref(), Some("benzene"));
        desk.press(Modifiers::COMMAND, Key::A);
        desk.press(Modifiers::NONE, Key::Backspace);
    }
}

#[test]
fn the_buttons_below_the_table_keep_their_places() {
    let mut desk = at_target();
    let place = |desk: &Desk, name: &str| desk.window.get_by_label(name).rect();
    let undo = "Undo the last change (Ctrl+Z)";
    let before = place(&desk, undo);
    let save = place(&desk, "Save table…");
    desk.click("Select all shown");
    let clear = place(&desk, "Clear the selection");
    assert_eq!(place(&desk, undo), before);
    desk.click("Clear the selection");
    desk.click("Restore the selection (Ctrl+Z)");
    assert_eq!(place(&desk, undo), before);
    assert_eq!(place(&desk, "Clear the selection"), clear);
    desk.click("Clear the selection");
    // Where the filters let nothing pass, the whole target is not offered instead.
    desk.write("Find in the table", "zzz");
    desk.wait_to_read("Download 0 shown…");
    assert_eq!(place(&desk, "Save table…"), save);
    desk.press(Modifiers::COMMAND, Key::D);
    assert!(!desk.reads("Download from"), "{}", desk.on_screen());
    desk.wait_to_read("No row is shown: clear the filters");
}

#[test]
fn what_one_types_next_goes_where_one_was_sent() {
    let mut desk = at_target();
    // Enter opens the first target that is found.
    desk.write("Find a target", "mac");
    press_return(&mut desk);
    let target = |desk: &Desk| {
        let view = &desk.window.state().state().experiments.view;
        view.target().map(ToString::to_string)
    };
    assert!(target(&desk).is_some_and(|title| title.starts_with("CHIKV_MacB")));
    // Mine are all of one's own access strings, as the Status page says.
    desk.press(Modifiers::COMMAND, Key::A);
    desk.press(Modifiers::NONE, Key::Backspace);
    desk.click("Mine");
    desk.wait_to_read("3 of 6 targets");
    desk.click("All");
    // A list of codes takes what is pasted.
    desk.press(Modifiers::COMMAND, Key::D);
    desk.click("A list of codes");
    desk.steps();
    desk.window.event(Event::Paste("nonsense".to_owned()));
    desk.steps();
    desk.wait_to_read("nonsense");
    desk.press(Modifiers::NONE, Key::Escape);
    // What one looked for in vain is what one asks about.
    desk.write("Find a target", "zika");
    desk.click("Why can't I see a target?");

    desk.wait_until("the question", |desk| desk.sees(QUESTION));
    assert_eq!(value(&desk, QUESTION).as_deref(), Some("zika"));
    press_return(&mut desk);
    desk.wait_until("the answer", |desk| {
        desk.window.state().state().account.why.is_some()
    });
}

#[test]
fn down_leads_from_the_search_for_a_target_into_its_list() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.write("Find a target", "PHIPA");
    desk.click("Find a target");
    desk.press(Modifiers::NONE, Key::ArrowDown);
    press_return(&mut desk);
    desk.wait_until("the rows of the target", |desk| {
        desk.sees("Experiments, 80 rows, 12 columns")
    });
}
