//! Hits in the window: a second table, filters by substructure and tag, and downloads of just these.

use egui_kittest::kittest::Queryable as _;
use fragalysis_desktop::{
    demo::{ALICE, Faults, Generation},
    table::{STRUCTURE, Subject},
};

use crate::harness::{Desk, Setup, files};

/// The rows that the table of the window shows.
fn shown(desk: &Desk) -> usize {
    desk.window.state().state().experiments.view.len()
}

fn selected(desk: &Desk) -> usize {
    desk.window
        .state()
        .state()
        .experiments
        .view
        .selected()
        .len()
}

#[test]
fn hits_are_a_second_table_and_the_selection_carries_over() {
    for generation in Generation::ALL {
        let mut desk = Desk::new(Setup::from(generation));
        desk.sign_in(ALICE);
        desk.click("Mpro lb18145-1");
        let experiments = shown(&desk);
        desk.click("Hits");
        desk.wait_until("the hits", |desk| {
            let shown = shown(desk);
            shown > 30 && shown < experiments
        });
        assert!(desk.reads("1 - active site") || desk.reads("2 - dimer interface"));
        // Everything that the other table can: finding, for one.
        let all = shown(&desk);
        desk.write("Find in the table", "dimer interface");
        desk.wait_until("those of one site", |desk| shown(desk) < all);
        desk.click("Select all shown");
        let hits = selected(&desk);
        assert!(hits > 3);
        // The page has this name too.
        let name = (egui::accesskit::Role::RadioButton, "Experiments");
        desk.window.get_by_role_and_label(name.0, name.1).click();
        desk.wait_until("the other table", |desk| {
            let state = desk.window.state().state();
            state.experiments.subject == Subject::Experiments
        });
        let state = desk.window.state().state();
        assert_eq!(state.experiments.subject, Subject::Experiments);
        let crystals = selected(&desk);
        assert!(crystals > 0 && crystals <= hits, "{crystals} of {hits}");
        desk.click("Hits");
        assert!(selected(&desk) >= hits);
    }
}

#[test]
fn hits_with_a_part_go_into_a_download_of_just_these() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("Mpro lb18145-1");
    desk.click("Hits");
    desk.wait_until("the hits", |desk| desk.reads("Site"));
    let all = shown(&desk);
    desk.click("Filter Structure");
    desk.write("Substructure", "c1ccncc1");
    desk.wait_until("fewer", |desk| shown(desk) < all);
    let found = shown(&desk);
    assert!(found > 0);
    assert!(desk.reads("With c1ccncc1"));
    // In each of them the six atoms of the ring are marked.
    let state = desk.window.state().state();
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    let (filter, place) = (
        view.filter(STRUCTURE).unwrap(),
        sheet.place(STRUCTURE).unwrap(),
    );
    for row in view.shown() {
        let atoms = sheet.filtered_part(place, row, filter).unwrap();
        assert_eq!(atoms.len(), 6);
    }
    desk.write("Substructure", "[");
    desk.wait_to_read("is not a valid SMARTS");
    // What cannot be read yet is still being written: the condition stays.
    assert_eq!(shown(&desk), found);
    desk.click(&format!("Download {found} shown…"));
    desk.click(&format!("Download {found} observations"));
    desk.wait_to_read("Complete");
    let codes: std::collections::BTreeSet<String> = files(&desk.home.path().join("downloads"))
        .iter()
        .filter_map(|path| path.split_once("aligned_files/"))
        .filter_map(|(_, path)| Some(path.split_once('/')?.0.to_owned()))
        .collect();
    assert_eq!(codes.len(), found, "{codes:?}");
}

#[test]
fn a_server_without_sites_says_so_above_the_hits() {
    let mut desk = Desk::new(Setup {
        faults: Faults {
            no_sites: true,
            ..Faults::default()
        },
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.click("Hits");
    desk.wait_to_read("This server has no lists of");
    assert!(shown(&desk) > 100 && !desk.sees("Filter Site"));
}

/// The second chip ran off the window, and its button with it.
#[test]
fn every_chip_can_be_removed_however_little_room_is_left() {
    for size in [(1280.0, 800.0), (800.0, 600.0), (640.0, 400.0)] {
        let mut desk = Desk::new(Setup::default());
        desk.sign_in_to_target();
        desk.click("Hits");
        desk.wait_until("the sites", |desk| desk.sees("1 - active site"));
        desk.click("1 - active site");
        desk.click("hinge binders");
        desk.window.set_size(egui::Vec2::new(size.0, size.1));
        let all = [
            "Remove: Site: 1 - active site",
            "Remove: Tags: hinge binders",
        ];
        desk.wait_until("both chips", |desk| all.iter().all(|one| desk.sees(one)));
        let window = desk.window.ctx.content_rect();
        for one in all {
            let place = desk.place(one);
            assert!(window.contains_rect(place), "{one} in {size:?}: {place:?}");
        }
    }
}
