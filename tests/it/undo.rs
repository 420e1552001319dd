//! What was cleared or removed with one click can be undone.

use fragalysis_desktop::demo::ALICE;

use crate::harness::{Desk, Setup};

/// A desk at which a small target was downloaded.
fn downloaded() -> Desk {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("PHIPA lb18145-1");
    desk.click("Download PHIPA…");
    desk.click_beginning("Download all ");
    desk.wait_to_read("Complete");
    desk
}

#[test]
fn a_list_that_was_cleared_comes_back() {
    let mut desk = downloaded();
    let open = "Open the folder of PHIPA";
    assert!(desk.sees(open));
    desk.click("Clear the list");
    desk.wait_to_read("The list of finished downloads was cleared.");
    assert!(!desk.sees(open));
    desk.click("Undo");
    desk.wait_until("the row", |desk| desk.sees(open));
    assert!(!desk.reads("The list of finished downloads was cleared."));
    // Left alone, it stays cleared.
    desk.click("Clear the list");
    desk.click("Close this message");
    assert!(!desk.sees(open) && !desk.sees("Undo"));
}

#[test]
fn a_folder_that_was_removed_from_the_list_comes_back_and_stays() {
    let mut desk = downloaded();
    let more = "More actions for the folder PHIPA_lb18145-1";
    desk.wait_until("the folder", |desk| desk.sees(more));
    desk.click(more);
    desk.click("Remove from list");
    desk.wait_until("no folder", |desk| !desk.sees(more));
    assert!(desk.downloads().join("PHIPA_lb18145-1").is_dir());
    desk.click("Undo");
    desk.wait_until("the folder again", |desk| desk.sees(more));
    let mut desk = desk.restart_as_demo();
    desk.sign_in(ALICE);
    desk.click("Downloads");
    desk.wait_until("the folder at the next start", |desk| desk.sees(more));
}

/// What was removed was another download, and this one was never listed.
#[test]
fn a_download_to_the_place_of_a_removed_folder_is_listed() {
    let mut desk = downloaded();
    let more = "More actions for the folder PHIPA_lb18145-1";
    desk.wait_until("the folder", |desk| desk.sees(more));
    desk.click(more);
    desk.click("Remove from list");
    desk.wait_to_read("was removed from the list");
    let place = desk.downloads().join("PHIPA_lb18145-1");
    std::fs::rename(&place, desk.home.path().join("elsewhere")).unwrap();
    desk.click("Experiments");
    desk.click("Download PHIPA…");
    desk.click_beginning("Download all ");
    desk.wait_until("the new folder", |desk| desk.sees(more));
    assert!(place.is_dir());
}

#[test]
fn a_failed_removal_from_the_list_is_not_reported_as_done() {
    let mut desk = downloaded();
    let more = "More actions for the folder PHIPA_lb18145-1";
    desk.wait_until("the folder", |desk| desk.sees(more));
    // Its record cannot be written any more.
    let records = desk.home.path().join("data/library");
    let aside = desk.home.path().join("aside");
    std::fs::rename(&records, &aside).unwrap();
    std::fs::write(&records, "a file in the way").unwrap();
    desk.click(more);
    desk.click("Remove from list");
    desk.wait_to_read("could not be saved on this computer");
    assert!(!desk.reads("was removed from the list"));
    std::fs::remove_file(&records).unwrap();
    std::fs::rename(&aside, &records).unwrap();
    desk.click(more);
    desk.click("Remove from list");
    desk.wait_to_read("was removed from the list");
}

#[test]
fn a_view_that_was_deleted_comes_back() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click_beginning("Views of the table");
    desk.write("Name of the view", "mine");
    desk.click("Save this view");
    desk.click("Delete the view mine");
    desk.wait_to_read("The view “mine” was deleted.");
    let has_view = |desk: &Desk| {
        let settings = &desk.window.state().state().settings;
        settings.views.contains_key("mine")
    };
    assert!(!has_view(&desk));
    desk.click("Undo");
    assert!(has_view(&desk));
}

#[test]
fn a_target_a_drawing_and_a_folder_have_menus_of_their_own() {
    let mut desk = downloaded();
    let open = "Open the folder PHIPA_lb18145-1";
    desk.wait_until("the folder", |desk| desk.sees(open));
    let row = desk.place(open);
    desk.click_secondary(egui::pos2(160.0, row.center().y));
    desk.click("Copy the path");
    let copied = desk.copied().unwrap();
    assert!(copied.ends_with("PHIPA_lb18145-1"), "{copied}");
    desk.click("Experiments");
    let target = desk.place("Mpro lb18145-1").center();
    desk.click_secondary(target);
    desk.click("Copy the target access string");
    desk.wait_to_read("Copied lb18145-1.");
    desk.click_secondary(target);
    desk.click("Show its hits");
    desk.wait_until("the hits", |desk| desk.sees("Cards"));
    let experiments = &desk.window.state().state().experiments;
    assert_eq!(experiments.view.target().unwrap().title, "Mpro");
    desk.click("Show the details of a hit");
    let drawing = |desk: &Desk| {
        let text = desk.on_screen();
        let mut lines = text.lines();
        let found = lines.find_map(|line| line.strip_prefix("Image “Structure "))?;
        Some(format!("Structure {}", found.trim_end_matches('”')))
    };
    let experiments = &desk.window.state().state().experiments;
    let first = experiments.view.row(0).unwrap();
    let code = experiments.sheet().code(first).into_owned();
    desk.click(&code);
    desk.wait_until("a drawing", |desk| drawing(desk).is_some());
    let name = drawing(&desk).unwrap();
    let at = desk.place(&name).center();
    desk.click_secondary(at);
    desk.click("Copy SMILES");
    let smiles = name.trim_start_matches("Structure ");
    desk.wait_to_read("Copied the SMILES.");
    assert_eq!(desk.copied().as_deref(), Some(smiles));
}

#[test]
fn the_menu_of_a_heading_opens_its_filter() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in_to_target();
    let heading = desk.place("R-free").center();
    desk.click_secondary(heading);
    desk.click("Filter…");
    desk.wait_until("the filter", |desk| desk.sees("From"));
    assert!(!desk.sees("Filter…"), "the menu is closed");
    desk.write("From", "0.2");
    desk.wait_to_read("R-free at least 0.200");
}
