//! The table of experiments through the real window: filters, views, keys, details, single files, plot.

use egui::{Key, Modifiers};
use fragalysis_desktop::demo::{ALICE, DemoOptions, Generation};
use std::collections::BTreeSet;

use crate::harness::{Desk, Setup, files};

/// Signed in, with the private target in sight.
pub(crate) fn desk(generation: Generation) -> Desk {
    let mut desk = Desk::new(generation.into());
    desk.sign_in(ALICE);
    desk.click("A71EV2A lb32627-66");
    desk
}

/// The shown cells of a field, in order.
pub(crate) fn cells(desk: &Desk, field: &str) -> Vec<String> {
    let experiments = &desk.window.state().state().experiments;
    let sheet = experiments.sheet();
    let place = sheet.place(field).unwrap();
    let rows = experiments.view.shown();
    rows.map(|row| sheet.text(place, row).into_owned())
        .collect()
}

pub(crate) fn selected(desk: &Desk) -> usize {
    desk.window
        .state()
        .state()
        .experiments
        .view
        .selected()
        .len()
}

pub(crate) fn fields(desk: &Desk) -> Vec<String> {
    let view = &desk.window.state().state().experiments.view;
    view.columns()
        .iter()
        .map(|column| column.field.clone())
        .collect()
}

/// Waits until the window repaints only in response to events.
pub(crate) fn wait_for_rest(desk: &mut Desk) {
    desk.wait_until("rest", |desk| {
        desk.next_repaint() > std::time::Duration::from_mins(1)
    });
}

#[test]
fn filters_by_type_appear_as_chips_and_can_be_removed() {
    let mut desk = desk(Generation::G2026);
    let all = cells(&desk, "code").len();
    desk.click("Filter Resolution");
    desk.write("From", "1,5");
    desk.write("To", "2");
    desk.wait_to_read("Resolution 1.50 to 2.00 Å");
    let within: Vec<f64> = cells(&desk, "refinement_resolution")
        .iter()
        .map(|text| text.parse().unwrap())
        .collect();
    assert!(!within.is_empty() && within.iter().all(|value| (1.5..=2.0).contains(value)));
    desk.press(Modifiers::NONE, Key::Escape);
    desk.click("Filter Ligand confidence");
    desk.click("Has a value");
    desk.click("Undo the last change (Ctrl+Z)");
    desk.click("Remove: Resolution 1.50 to 2.00 Å");
    assert_eq!(cells(&desk, "code").len(), all);
    desk.click("Filter Resolution");
    desk.write("From", "much");
    desk.wait_to_read("Enter a number.");
    assert_eq!(
        cells(&desk, "code").len(),
        all,
        "what cannot be read hides nothing"
    );
    desk.press(Modifiers::NONE, Key::Escape);
    desk.click("All targets");
    desk.click("Filter Code");
    desk.click("Pattern");
    desk.write("Text of the filter", "x00[12]");
    desk.wait_to_read("Code matches “x00[12]”");
    assert!(
        cells(&desk, "code")
            .iter()
            .all(|code| code.contains("x001") || code.contains("x002"))
    );
    desk.write("Text of the filter", "(");
    desk.wait_to_read("is not a valid regular expression");
    desk.press(Modifiers::NONE, Key::Escape);
    desk.click("Clear filters and search");
    assert_eq!(cells(&desk, "code").len(), 1500);
}

/// Users type letter by letter, and the text so far may match nothing.
#[test]
fn a_filter_that_hides_everything_can_be_written_to_its_end_and_is_forgotten_with_its_chip() {
    let mut desk = desk(Generation::G2026);
    desk.click("Filter Resolution");
    desk.write("To", "0");
    desk.wait_to_read("No experiments match these filters");
    desk.clear("To");
    desk.write("To", "1.8");
    assert!(!cells(&desk, "code").is_empty());
    desk.press(Modifiers::NONE, Key::Escape);
    desk.click("Remove: Resolution at most 1.80 Å");
    desk.click("Filter Resolution");
    desk.write("From", "1.2");
    desk.wait_until("only what was typed now", |desk| {
        desk.sees("Remove: Resolution at least 1.20 Å")
    });
}

/// What is typed counts with its last key, not with the one before.
#[test]
fn a_typed_date_filters_as_soon_as_it_is_one() {
    let mut desk = desk(Generation::G2026);
    desk.click("All targets");
    desk.click("Add a filter");
    desk.write("Find a column to filter", "collected");
    let all = cells(&desk, "code").len();
    desk.click("Collected");
    desk.write("From", "2023-04-0");
    desk.wait_to_read("is not a date");
    assert_eq!(cells(&desk, "code").len(), all);
    desk.write_further("From", "1");
    desk.wait_to_read("since 1 Apr 2023");
    desk.clear("From");
    // As the table itself writes it.
    desk.write("From", "1 Apr 2023");
    desk.write("To", "2023");
    desk.wait_to_read("1 Apr 2023 to 31 Dec 2023");
    let place = |desk: &Desk, text: &str| desk.place(text);
    let (from, to) = (place(&desk, "From"), place(&desk, "To"));
    assert!(!from.intersects(to), "{from:?} {to:?}");
}

#[test]
fn a_range_of_days_is_chosen_from_a_calendar() {
    let mut desk = desk(Generation::G2026);
    desk.click("Filter Collected");
    desk.click("Choose the first day from a calendar");
    // The month of the first day that there is.
    let first = desk.reads("Feb 2023");
    assert!(first, "{}", desk.on_screen());
    desk.click("Next month");
    desk.click("Previous year");
    desk.click("Next year");
    desk.click("14 March 2023");
    desk.wait_to_read("since 14 Mar 2023");
    assert!(!desk.sees("15 March 2023"), "the calendar is closed");
    desk.click("Choose the last day from a calendar");
    desk.click("Close the calendar");
    desk.write("To", "31 Mar 2023");
    desk.click("Choose the last day from a calendar");
    desk.click("20 March 2023");
    let days = cells(&desk, "data_collection_date");
    assert!(days.len() > 5, "{days:?}");
    let is_in = |day: &String| {
        let day: u8 = day.split(' ').next().unwrap().parse().unwrap();
        (14..=20).contains(&day)
    };
    assert!(
        days.iter()
            .all(|day| day.ends_with(" Mar 2023") && is_in(day)),
        "{days:?}"
    );
}

#[test]
fn values_are_counted_among_what_the_other_filters_let_pass() {
    let mut desk = desk(Generation::G2026);
    desk.click("Filter Ligand confidence");
    desk.click("Has a value");
    let with_value = cells(&desk, "code").len();
    desk.press(Modifiers::NONE, Key::Escape);
    desk.click("Add a filter");
    desk.write("Find a column to filter", "library");
    desk.click("Library");
    desk.wait_to_read("MiniFrags");
    desk.click("MiniFrags");
    desk.wait_to_read("Library: MiniFrags");
    let shown = cells(&desk, "code").len();
    assert!(shown < with_value);
    let experiments = &desk.window.state().state().experiments;
    let (view, sheet) = (&experiments.view, experiments.sheet());
    // Its own condition does not count, the other does.
    assert_eq!(
        view.rows_ignoring_filter(sheet, "library").len(),
        with_value
    );
}

#[test]
fn a_selection_cleared_by_a_click_can_be_restored() {
    let mut desk = desk(Generation::G2026);
    desk.click("Select all shown");
    let ticked = selected(&desk);
    assert!(ticked > 2);
    // A click into a row selects it alone.
    let code = cells(&desk, "code")[3].clone();
    desk.click(&code);
    assert_eq!(selected(&desk), 1);
    desk.press(Modifiers::COMMAND, Key::Z);
    assert_eq!(selected(&desk), ticked);
    desk.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(selected(&desk), 1);
    desk.click("Restore the selection (Ctrl+Z)");
    assert_eq!(selected(&desk), ticked);
    // Where letters are typed, the keys belong to the text.
    desk.write("Find in the table", "x0");
    desk.press(Modifiers::COMMAND, Key::Z);
    assert_eq!(selected(&desk), ticked);
}

#[test]
fn values_are_ticked_with_their_counts() {
    let mut desk = desk(Generation::G2025);
    desk.click("Add a filter");
    desk.write("Find a column to filter", "library");
    desk.click("Library");
    desk.click("MiniFrags");
    desk.wait_to_read("Library: MiniFrags");
    assert!(
        cells(&desk, "library")
            .iter()
            .all(|text| text == "MiniFrags")
    );
    desk.click("FragLite");
    desk.wait_to_read("Library: 2 values");
    desk.press(Modifiers::NONE, Key::Escape);
    desk.write("Find in the table", "zzzz");
    desk.wait_to_read("No experiment matches");
    desk.click("Clear all filters");
    assert_eq!(cells(&desk, "code").len(), 300);
}

#[test]
fn what_is_new_since_the_last_visit_is_counted_and_shown_on_request() {
    for generation in Generation::ALL {
        let setup = Setup::from(generation);
        let options = DemoOptions {
            generation,
            days_ago: 30,
            build_time: setup.build_time,
            ..DemoOptions::default()
        };
        let mut desk = Desk::with_demo(setup, options);
        desk.sign_in(ALICE);
        let before: BTreeSet<String> = cells(&desk, "code").into_iter().collect();
        // At the first visit nothing is called new.
        assert!(!desk.reads("since your last visit"));
        desk.demo.advance_days();
        let saved = |desk: &Desk| files(&desk.home.path().join("data/tables")).len();
        desk.wait_until("the saved table", |desk| saved(desk) > 0);
        let mut desk = desk.restart_as_demo();
        desk.sign_in(ALICE);
        desk.wait_to_read("since your last visit, today at");
        let after: BTreeSet<String> = cells(&desk, "code").into_iter().collect();
        let added = after.difference(&before).count();
        desk.click("Show what is new since your last visit");
        let state = desk.window.state().state();
        let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
        let news = sheet.place("news").unwrap();
        let new: Vec<usize> = view
            .shown()
            .filter(|row| sheet.text(news, *row) == "New")
            .collect();
        assert_eq!(new.len(), added, "{generation:?}");
        assert!(new.iter().all(|row| !before.contains(&*sheet.code(*row))));
        assert!(view.shown().all(|row| !sheet.text(news, row).is_empty()));
        assert!(!view.is_empty() && view.len() < sheet.len());
        desk.click("Clear filters and search");
        desk.click("Dismiss what is new since your last visit");
        assert!(!desk.reads("since your last visit"));
    }
}
