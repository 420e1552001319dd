//! Selections in the download dialog: pasted lists and presets.

use fragalysis_desktop::{
    demo::ALICE,
    model::{FileKind, Preset, byte_text},
};

use crate::{
    fixtures::request,
    harness::{Desk, Setup},
};

#[test]
fn a_pasted_list_of_codes_is_read_and_its_unknown_ones_are_named_before_anything_is_sent() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    let codes = desk.demo.world().codes("PHIPA", "lb18145-1");
    desk.click("PHIPA lb18145-1");
    desk.click("Download PHIPA…");
    desk.wait_to_read("Free space:");
    desk.click("A list of codes");
    let pasted = format!(
        "{{\"target_name\": \"PHIPA\", \"proteins\": \"{},{},nonsense\", \"all_aligned_structures\": true}}",
        codes[0], codes[1]
    );
    desk.write("List of codes", &pasted);
    desk.wait_to_read("Not in PHIPA: nonsense");
    desk.wait_to_read("2 observations will be downloaded");
    desk.click("Download 2 observations");
    desk.wait_to_read("Complete");
    let request = request("PHIPA", &codes[..2], Preset::Structures.files());
    desk.assert_folder_is(&desk.downloads().join("PHIPA_lb18145-1"), &request);
}

#[test]
fn own_presets_are_kept_and_the_last_choice_of_a_target_comes_back() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("PHIPA lb18145-1");
    desk.click("Download PHIPA…");
    desk.click("Ligands and metadata");
    desk.click(FileKind::EventFile.label());
    desk.click("Save as preset…");
    desk.write("Name of the preset", "My maps");
    desk.click("Save preset");
    desk.wait_until("the preset", |desk| desk.sees("My maps"));
    desk.click("Structures only");
    desk.click("My maps");
    desk.click_beginning("Download all ");
    desk.wait_to_read("Complete");
    desk.click("Experiments");
    desk.click("NUDT7A lb32633-6");
    desk.click("Download NUDT7A…");
    desk.click("Everything");
    desk.click("Cancel");
    desk.click("PHIPA lb18145-1");
    desk.click("Download PHIPA…");
    let chosen = desk
        .window
        .state()
        .state()
        .settings
        .files_of
        .get("PHIPA (lb18145-1)")
        .cloned()
        .unwrap();
    assert!(chosen.has(FileKind::EventFile) && !chosen.has(FileKind::BoundFile));
    desk.click("Delete the preset My maps");
    desk.wait_until("no preset", |desk| !desk.sees("My maps"));
}

/// Every name by which the table calls an experiment is accepted, and a typing error gets a suggestion.
#[test]
fn names_that_the_table_shows_are_accepted_as_codes() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("PHIPA lb18145-1");
    desk.click("Download PHIPA…");
    desk.wait_to_read("Free space:");
    let codes = desk.demo.world().codes("PHIPA", "lb18145-1");
    desk.click("A list of codes");
    // p0010a was seen in the crystal PHIPA-x0010.
    let number = &codes[0][1..codes[0].len() - 1];
    let crystal = format!("PHIPA-x{number}");
    let slip = format!("{}x", codes[1]);
    desk.write("List of codes", &format!("{crystal}, {slip}"));
    desk.wait_to_read(&format!("{crystal} was read as {}", codes[0]));
    desk.wait_to_read(&format!(
        "Not in PHIPA: {slip} (did you mean {}?)",
        codes[1]
    ));
    desk.wait_to_read("1 observation will be downloaded");
    desk.click("Download 1 observation");
    desk.wait_to_read("Complete");
    let request = request("PHIPA", &codes[..1], {
        let mut files = Preset::Structures.files();
        files.set(FileKind::MetadataInfo, true);
        files
    });
    desk.assert_folder_is(&desk.downloads().join("PHIPA_lb18145-1"), &request);
}

/// Enter begins the download; the Enter that has opened the dialog does not.
#[test]
fn enter_activates_the_main_button_of_the_dialog() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("PHIPA lb18145-1");
    desk.press(egui::Modifiers::COMMAND, egui::Key::D);
    desk.wait_to_read("Free space:");
    let begun = |desk: &Desk| desk.window.state().state().downloads.list.len();
    assert_eq!(begun(&desk), 0);
    // In a field it belongs to the field.
    desk.click("Folder for the download");
    desk.press(egui::Modifiers::NONE, egui::Key::Enter);
    assert_eq!(begun(&desk), 0);
    desk.press(egui::Modifiers::NONE, egui::Key::Enter);
    desk.wait_until("a download", |desk| begun(desk) == 1);
}

#[test]
fn with_an_active_filter_the_shown_rows_are_offered_first() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("PHIPA lb18145-1");
    desk.click("Filter Resolution");
    desk.write("To", "1.8");
    desk.press(egui::Modifiers::NONE, egui::Key::Escape);
    let shown = desk.window.state().state().experiments.view.len();
    desk.click(&format!("Download {shown} shown…"));
    desk.wait_to_read("Free space:");
    desk.wait_to_read("seen bound");
    let screen = desk.on_screen();
    let begins = |line: &&str| line.contains("“Download ") && line.contains("observations”");
    let button = screen.lines().find(begins).unwrap();
    let name = button.split(['“', '”']).nth(1).unwrap();
    desk.click(name);
    desk.wait_to_read("Complete");
    let done = &desk.window.state().state().downloads.list[0];
    let codes = done.job.request.codes.len();
    assert!(codes > 0 && codes < desk.demo.world().codes("PHIPA", "lb18145-1").len());
}

/// Before any download, no size is given; afterwards it is estimated from earlier downloads, and called an estimate.
#[test]
fn the_size_is_estimated_by_what_was_downloaded_before() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("PHIPA lb18145-1");
    desk.click("Download PHIPA…");
    desk.wait_to_read("Free space:");
    assert!(!desk.reads("Probably"));
    desk.click_beginning("Download all ");
    desk.wait_to_read("Complete");
    desk.wait_to_read("Up to date");
    let library = &desk.window.state().state().library;
    let dataset = library.entries.value().unwrap()[0].dataset().unwrap();
    // Of all that arrived, as the page says: 953.1 KB.
    assert_eq!(byte_text(dataset.bytes), "953.1 KB");
    let bytes = "950 KB";
    desk.click("Experiments");
    desk.click("Download PHIPA…");
    let same = "judging by earlier downloads of this target.";
    desk.wait_to_read(&format!("Probably about {bytes}, {same}"));
    // Of maps nothing is known yet.
    desk.click(FileKind::EventFile.label());
    desk.wait_to_read(&format!("Probably more than about {bytes}, {same}"));
    desk.click("Cancel");
    desk.click("NUDT7A lb32633-6");
    desk.click("Download NUDT7A…");
    desk.wait_to_read("judging by earlier downloads of other targets.");
}
