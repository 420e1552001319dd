//! What is chosen in the download dialog: pasted lists and presets.

use fragalysis_desktop::{
    demo::ALICE,
    model::{FileKind, Preset},
};

use crate::{
    desk::{Desk, Setup},
    workbench::request,
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
    desk.wait_to_read("Not among the codes of PHIPA: nonsense");
    desk.wait_to_read("2 codes will be asked for");
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
    desk.write("Name of the preset", "My maps");
    desk.click("Keep as a preset");
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
    desk.click("Forget the preset My maps");
    desk.wait_until("no preset", |desk| !desk.sees("My maps"));
}
