//! Searches by structure in a table so large that they are worked out beside the window.

use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use fragalysis_desktop::{
    demo::{ALICE, DemoOptions, Faults},
    table::{Condition, STRUCTURE},
};

use crate::{
    harness::{Desk, Setup},
    hits_shapes::{shown, tick},
};

/// The hits of many targets, in a window so wide that no chip goes to the next row as its text grows.
fn many_hits() -> Desk {
    let options = DemoOptions {
        more_targets: Some((30, 100)),
        build_time: std::time::Duration::from_millis(50),
        ..DemoOptions::default()
    };
    let setup = Setup {
        size: (1600.0, 900.0),
        ..Setup::default()
    };
    let mut desk = Desk::with_demo(setup, options);
    desk.sign_in(ALICE);
    desk.click("Hits");
    desk.wait_until("the hits", |desk| desk.sees("Cards"));
    desk
}

fn is_searching(desk: &Desk) -> bool {
    desk.window.state().state().experiments.is_searching()
}

#[test]
fn a_search_among_many_hits_does_not_block_the_window() {
    let mut desk = many_hits();
    let all = shown(&desk);
    assert!(all > 2_000, "{all}");
    desk.write("Find structures", "c1ccncc1");
    desk.wait_until("fewer", |desk| shown(desk) < all);
    desk.wait_until("the end of the search", |desk| !is_searching(desk));
    assert!(shown(&desk) > 0 && shown(&desk) < all);
    // What was asked for last holds, whatever is still being worked out.
    desk.write_further("Find structures", "C");
    desk.click("Clear filters and search");
    assert_eq!(shown(&desk), all);
    for _ in 0..20 {
        desk.steps();
    }
    assert_eq!(shown(&desk), all);
}

#[test]
fn what_is_typed_while_a_search_runs_is_neither_lost_nor_mixed_up() {
    let mut desk = many_hits();
    let all = shown(&desk);
    desk.click("Similar to");
    desk.click("Find structures");
    let wanted = "c1ccncc1C(=O)NCC";
    let mut searches = 0;
    for letter in wanted.chars() {
        let text = egui::Event::Text(letter.to_string());
        desk.window.event(text);
        for _ in 0..3 {
            desk.window.step();
            searches += usize::from(is_searching(&desk));
        }
    }
    assert!(searches > 0, "no search took longer than a frame");
    let field = desk.window.get_by_label("Find structures");
    assert_eq!(field.accesskit_node().value().as_deref(), Some(wanted));
    // Another filter that is set meanwhile comes beside it.
    tick(&mut desk, "1 - active site");
    desk.wait_until("the end of the search", |desk| !is_searching(desk));
    desk.steps();
    let view = &desk.window.state().state().experiments.view;
    let condition = view.filter(STRUCTURE).map(|filter| &filter.condition);
    assert!(
        matches!(condition, Some(Condition::Similar { smiles, .. }) if smiles == wanted),
        "{condition:?}"
    );
    assert_eq!(view.filters().len(), 2);
    assert!(shown(&desk) < all);
}

#[test]
fn undo_takes_back_the_search_that_has_not_been_shown_yet_and_nothing_else() {
    let mut desk = many_hits();
    tick(&mut desk, "1 - active site");
    let at_site = shown(&desk);
    for text in ["CCOC", "CCNCC", "c1ccncc1CC", "CCOCCN", "CCCN"] {
        desk.click("Find structures");
        desk.window.event(egui::Event::Text(text.to_owned()));
        desk.window.step();
        // Shown already, or still awaited: it is the last change.
        desk.click("Undo the last change (Ctrl+Z)");
        desk.wait_until("the end of the search", |desk| !is_searching(desk));
        let view = &desk.window.state().state().experiments.view;
        assert!(view.filter(STRUCTURE).is_none(), "{text}");
        assert_eq!(shown(&desk), at_site, "{text}");
        let field = desk.window.get_by_label("Find structures");
        assert_eq!(field.accesskit_node().value().as_deref(), Some(""));
    }
}

/// The wish for the filter outlived the failure, and came true at some later refresh.
#[test]
fn experiments_with_a_ligand_are_not_filtered_long_after_the_wish() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    let all = shown(&desk);
    desk.demo.set_faults(Faults {
        broken_lists: true,
        ..Faults::default()
    });
    desk.click("Only experiments with a ligand");
    desk.wait_to_read("Which experiments have a ligand could not be loaded:");
    desk.demo.set_faults(Faults::default());
    desk.press(Modifiers::NONE, Key::F5);
    desk.wait_until("the hits", |desk| {
        let experiments = &desk.window.state().state().experiments;
        experiments.hits.table.value().is_some()
    });
    desk.steps();
    assert_eq!(shown(&desk), all);
    desk.click("Only experiments with a ligand");
    desk.wait_until("the filter", |desk| shown(desk) < all);
}
