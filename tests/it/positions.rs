//! What stays in its place when something beside it appears, and what uses the width of the window.

use egui_kittest::kittest::Queryable as _;
use fragalysis_desktop::demo::ALICE;

use crate::harness::{Desk, Setup};

const WIDE: (f32, f32) = (1920.0, 1080.0);

fn hits(size: (f32, f32)) -> Desk {
    let mut desk = Desk::new(Setup {
        size,
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    if !desk.sees("A71EV2A lb32627-66") {
        // Narrow windows have a menu of targets.
        desk.click("All targets");
    }
    desk.click("A71EV2A lb32627-66");
    desk.click("Hits");
    desk.wait_until("the hits", |desk| desk.sees("Cards"));
    desk
}

/// At 1920×1080 the dialog grew by 54 points, and its choices moved up by half of that under the pointer.
#[test]
fn the_download_dialog_grows_only_downwards() {
    for size in [(800.0, 600.0), (1280.0, 800.0), WIDE] {
        let mut desk = hits(size);
        desk.press(egui::Modifiers::COMMAND, egui::Key::D);
        desk.wait_until("the dialog", |desk| desk.sees("A list of codes"));
        let before = desk.place("A list of codes");
        desk.click("A list of codes");
        desk.wait_until("the field", |desk| desk.sees("List of codes"));
        assert_eq!(desk.place("A list of codes"), before, "{size:?}");
    }
}

/// The sizes of cards came before the search, and moved it by 95 points.
#[test]
fn the_structure_search_stays_when_cards_are_chosen() {
    for size in [(1280.0, 800.0), WIDE] {
        let mut desk = hits(size);
        let before = desk.place("Find structures").left();
        desk.click("Cards");
        desk.wait_until("the sizes", |desk| desk.sees("M"));
        assert!((desk.place("Find structures").left() - before).abs() < 0.5);
        assert!(desk.place("S").left() > desk.place("Find structures").right());
    }
}

/// Two thirds of a wide window were empty.
#[test]
fn groups_are_side_by_side_where_there_is_room() {
    for (size, most) in [((800.0, 600.0), 1), (WIDE, 3)] {
        let mut desk = hits(size);
        desk.click("Groups");
        desk.wait_until("the groups", |desk| desk.reads(": 1 hit, "));
        let groups = desk.window.query_all_by_label_contains(": 1 hit, ");
        let places: Vec<egui::Rect> = groups.map(|node| node.rect()).collect();
        let beside = |top: f32| {
            let tops = places.iter().filter(|rect| (rect.top() - top).abs() < 0.5);
            tops.count()
        };
        let across = places.iter().map(|rect| beside(rect.top())).max();
        assert_eq!(across, Some(most), "{size:?}: {places:?}");
    }
}
