//! What is done with hits: downloads, the clipboard, and the way back to experiments and targets.

use crate::harness::{Desk, Setup};
use crate::hits_shapes::{hits_of, shown, tick};
use egui::{Color32, Key, Modifiers};
use fragalysis_desktop::demo::{ALICE, Generation};
use std::collections::BTreeSet;

#[test]
fn experiments_with_a_ligand_are_one_click_away_in_every_generation() {
    for generation in Generation::ALL {
        let mut desk = Desk::new(Setup::from(generation));
        desk.sign_in(ALICE);
        desk.click("Mpro lb18145-1");
        let all = shown(&desk);
        desk.click("Only experiments with a ligand");
        desk.wait_until("fewer", |desk| shown(desk) < all);
        let experiments = &desk.window.state().state().experiments;
        let (view, sheet) = (&experiments.view, experiments.sheet());
        let counted = sheet.place("observations").unwrap();
        assert!(view.shown().all(|row| sheet.number(counted, row) >= 1.0));
        // As many as the hits say.
        let hits = &experiments.hits.table.value().unwrap().sheet;
        let own = hits.place("experiment").unwrap();
        let target = view.target().cloned();
        let crystals: BTreeSet<String> = (0..hits.len())
            .filter(|row| hits.target(*row) == target.as_ref())
            .map(|row| hits.text(own, row).into_owned())
            .collect();
        assert_eq!(view.len(), crystals.len());
        assert!(!desk.sees("Only experiments with a ligand"));
        desk.click("Clear filters and search");
        assert_eq!(shown(&desk), all);
    }
}

#[test]
fn a_structure_goes_into_the_clipboard_as_a_molfile_and_as_a_picture() {
    let mut desk = hits_of(Setup::default(), "Mpro lb18145-1");
    desk.wait_until("a code", |desk| desk.reads("m0"));
    let code = {
        let experiments = &desk.window.state().state().experiments;
        let row = experiments.view.row(0).unwrap();
        experiments.sheet().code(row).into_owned()
    };
    let cell = desk.place(&code).center();
    desk.click_secondary(cell);
    desk.click("Copy molfile");
    desk.wait_to_read("Copied the molfile.");
    let copied = desk.copied().unwrap();
    assert!(
        copied.contains("V2000") && copied.contains("M  END"),
        "{copied}"
    );
    desk.click_secondary(cell);
    desk.click("Copy picture as SVG");
    desk.wait_to_read("Copied the picture as SVG.");
    let svg = desk.copied().unwrap();
    assert!(
        svg.starts_with("<svg ") && svg.contains("<path d=\"M"),
        "{svg}"
    );
    desk.click_secondary(cell);
    desk.click("Copy picture");
    desk.wait_to_read("Copied the picture.");
    let picture = desk.copied_picture().unwrap();
    let (white, inked) = (Color32::WHITE, picture.pixels.len() / 200);
    assert_eq!(picture.pixels[0], white);
    let not_white = picture.pixels.iter().filter(|pixel| **pixel != white);
    assert!(not_white.count() > inked, "a picture of nothing");
}

#[test]
fn rows_of_several_targets_are_downloaded_target_by_target() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("Hits");
    desk.wait_until("the hits", |desk| desk.sees("Cards"));
    desk.click("Download…");
    desk.wait_to_read("Choose a target to download");
    desk.press(Modifiers::NONE, Key::Escape);
    tick(&mut desk, "2 - dimer interface");
    let at_site = shown(&desk);
    desk.click("Select all shown");
    desk.click(&format!("Download {at_site} selected…"));
    desk.wait_to_read("Selected rows, one download for each target");
    let entry = desk.click_beginning("PHIPA (lb18145-1): ");
    let count = entry.rsplit(' ').next().unwrap().to_owned();
    desk.wait_to_read(&format!("{count} selected"));
    desk.click_beginning(&format!("Download {count} "));
    desk.wait_to_read("Complete");
}

#[test]
fn the_last_target_is_restored_for_users_with_access() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("A71EV2A lb32627-66");
    let target = |desk: &Desk| {
        desk.window
            .state()
            .state()
            .experiments
            .view
            .target()
            .cloned()
    };
    let private = target(&desk).unwrap();
    desk.wait_until("the settings on the disk", |desk| {
        let settings = desk.home.path().join("config/settings.json");
        std::fs::read_to_string(settings)
            .unwrap_or_default()
            .contains("lb32627-66")
    });
    let mut desk = desk.restart_as_demo();
    desk.sign_in(ALICE);
    desk.wait_until("the target", |desk| target(desk) == Some(private.clone()));
    let mut desk = desk.restart_as_demo();
    desk.sign_in(fragalysis_desktop::demo::BOB);
    assert_eq!(target(&desk), None);
    desk.click("All targets");
    let mut desk = desk.restart_as_demo();
    desk.sign_in(ALICE);
    assert_eq!(target(&desk), None);
}

/// Returns the values of a column that the hits of a target have, by what the table says.
fn values_of(desk: &Desk, field: &str, target: &str) -> BTreeSet<String> {
    let experiments = &desk.window.state().state().experiments;
    let (view, sheet) = (&experiments.view, experiments.sheet());
    let column = sheet.place(field).unwrap();
    let place = (0..sheet.target_list().len()).find(|place| sheet.target_label(*place) == target);
    let key = &sheet.target_list()[place.unwrap()].key;
    view.shown()
        .filter(|row| sheet.target(*row) == Some(key))
        .map(|row| sheet.text(column, row).into_owned())
        .filter(|text| !text.is_empty())
        .collect()
}

/// Returns the two targets that are compared, by the names on the buttons that choose them.
fn compared(desk: &Desk) -> [String; 2] {
    ["First target: ", "Second target: "].map(|start| {
        let text = desk.on_screen();
        let mut names = text.split(start).skip(1);
        let name = names.next().unwrap().lines().next().unwrap();
        name.trim_end_matches(['"', '\'', '”']).to_owned()
    })
}

#[test]
fn two_targets_are_compared_side_by_side() {
    for generation in Generation::ALL {
        let mut desk = hits_of(Setup::from(generation), "All targets");
        desk.click("Compare");
        desk.wait_to_read(" in both");
        let [first, second] = compared(&desk);
        let [one, other] = [&first, &second].map(|name| values_of(&desk, "compound_code", name));
        let both: Vec<&String> = one.intersection(&other).collect();
        assert!(!both.is_empty(), "{first} {second}");
        let all = one.union(&other).count();
        assert!(desk.reads(&format!("{} of {all} in both", both.len())));
        // The other way round: each name changes its side, and what is in both stays.
        desk.click(&format!("First target: {first}"));
        desk.click(&second);
        assert_eq!(compared(&desk), [second.clone(), first.clone()]);
        assert!(desk.reads(&format!("{} of {all} in both", both.len())));
        // A row leads to its hits, and to no others.
        let row = desk.click_beginning(&format!("{}: {second}: ", both[0]));
        assert!(row.contains(&format!("; {first}: ")), "{row}");
        let experiments = &desk.window.state().state().experiments;
        let (view, sheet) = (&experiments.view, experiments.sheet());
        let (compound, target) = (
            sheet.place("compound_code").unwrap(),
            sheet.place("target").unwrap(),
        );
        let targets: BTreeSet<String> = view
            .shown()
            .map(|row| {
                assert_eq!(sheet.text(compound, row), both[0].as_str());
                sheet.text(target, row).into_owned()
            })
            .collect();
        assert!((1..=2).contains(&targets.len()), "{targets:?}");
        // With one target there is nothing to compare, and it is said how to get the others.
        desk.click("Clear filters and search");
        desk.click("Mpro lb18145-1");
        desk.click("Compare");
        desk.wait_to_read("Two targets are needed");
        desk.click("Show all targets");
        desk.wait_to_read(" in both");
    }
}

#[test]
fn the_only_selected_hit_is_in_the_details_after_a_change_from_the_experiments() {
    let mut desk = crate::focus::at_target();
    let first = crate::table::cells(&desk, "code").remove(0);
    desk.click(&first);
    desk.click("Hits");
    desk.wait_until("the hits", |desk| desk.sees("Cards"));
    desk.wait_to_read("1 selected");
    desk.press(Modifiers::COMMAND, Key::I);
    desk.wait_to_read("Files");
    assert!(
        !desk.reads("Select a row to see its details"),
        "{}",
        desk.on_screen()
    );
}
