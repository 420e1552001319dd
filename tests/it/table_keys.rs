//! The table by keys, views and details.

use crate::harness::{Desk, Setup};
use crate::table::{cells, desk, fields, selected, wait_for_rest};
use egui::{Key, Modifiers};
use fragalysis_desktop::{
    demo::{ALICE, BOB, Faults, Generation},
    model::{DownloadRequest, FileKind, FileSelection, TargetKey, Tas},
};
use std::fs;

#[test]
fn the_keys_reach_every_cell_and_select_copy_and_open() {
    let mut desk = desk(Generation::G2026);
    desk.click("Code");
    desk.click("A71EV2A-x0010");
    assert!(desk.reads("Experiments, 300 rows"));
    assert_eq!(selected(&desk), 1);
    desk.press(Modifiers::NONE, Key::ArrowDown);
    desk.press(Modifiers::NONE, Key::Space);
    assert_eq!(selected(&desk), 2);
    desk.press(Modifiers::SHIFT, Key::ArrowDown);
    assert_eq!(selected(&desk), 3);
    desk.press(Modifiers::NONE, Key::PageDown);
    desk.press(Modifiers::COMMAND, Key::End);
    desk.press(Modifiers::NONE, Key::Enter);
    desk.wait_until("the last experiment", |desk| desk.sees("Close the details"));
    assert!(desk.sees("Previous row"));
    desk.press(Modifiers::COMMAND, Key::A);
    assert_eq!(selected(&desk), 300);
    desk.press_copy();
    desk.wait_to_read("Copied 300 rows.");
    let text = desk.copied().unwrap();
    let mut lines = text.lines();
    assert!(lines.next().unwrap().starts_with("Code\t"));
    assert_eq!(lines.count(), 300);
    desk.click("Invert the selection");
    assert_eq!(selected(&desk), 0);
}

#[test]
fn search_results_are_stepped_through_and_highlighted() {
    let mut desk = desk(Generation::G2024);
    desk.write("Find in the table", "X001");
    desk.wait_to_read("10 of 300 shown");
    desk.press(Modifiers::NONE, Key::Enter);
    desk.press(Modifiers::NONE, Key::F3);
    desk.click("Show the details of an experiment");
    desk.wait_to_read("Files of the crystal");
    assert!(desk.sees("Next row"));
}

#[test]
fn views_are_selected_saved_and_restored() {
    let mut desk = desk(Generation::G2026);
    desk.click_beginning("Views of the table");
    desk.click("Data quality");
    assert_eq!(
        fields(&desk)[..3],
        ["code", "high_resolution", "completeness_overall"]
    );
    desk.click("Completeness");
    desk.click("Completeness, sorted ascending");
    desk.click("Filter Completeness");
    desk.write("From", "97");
    desk.click("Column commands");
    // Both directions are there, whichever is the present one, and choosing it again changes nothing.
    for (entry, heading) in [
        ("Sort descending", "Completeness, sorted descending"),
        ("Sort descending", "Completeness, sorted descending"),
        ("Sort ascending", "Completeness, sorted ascending"),
        ("Sort descending", "Completeness, sorted descending"),
    ] {
        desk.click(entry);
        desk.wait_until(heading, |desk| desk.sees(heading));
    }
    desk.click("Move left");
    desk.press(Modifiers::NONE, Key::Escape);
    assert_eq!(fields(&desk)[1], "completeness_overall");
    desk.click_beginning("Views of the table");
    desk.write("Name of the view", "good crystals");
    desk.click("Save this view");
    desk.press(Modifiers::NONE, Key::Escape);
    desk.click_beginning("Views of the table");
    desk.click("Everything");
    assert!(fields(&desk).len() > 40);
    desk.click_beginning("Views of the table");
    desk.click("good crystals");
    let (columns, shown) = (fields(&desk), cells(&desk, "code"));
    assert!(shown.len() < 300);
    desk.wait_until("the view on the disk", |desk| {
        let settings = desk.home.path().join("config/settings.json");
        let text = fs::read_to_string(settings).unwrap_or_default();
        let kept: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        // The columns that name the target are kept too, and shown where several targets are.
        kept["view"]["columns"][3]["field"] == "completeness_overall"
            && kept["view"]["columns"].as_array().map(Vec::len) == Some(columns.len() + 2)
    });
    let mut desk = desk.restart_as_demo();
    desk.sign_in(ALICE);
    desk.click("A71EV2A lb32627-66");
    assert_eq!((fields(&desk), cells(&desk, "code")), (columns, shown));
    desk.click("Choose columns");
    desk.write("Find a column", "space");
    desk.click("Space group");
    assert!(
        !fields(&desk).contains(&"space_group".to_owned()),
        "it was there and is hidden"
    );
}

#[test]
fn details_show_all_and_every_file_is_a_button() {
    for generation in Generation::ALL {
        let mut desk = desk(generation);
        desk.click("A71EV2A-x0015");
        desk.click("Show the details of an experiment");
        desk.wait_until("its observations", |desk| {
            desk.reads("Download Structure with ligand of")
        });
        desk.wait_until("the drawing", |desk| desk.reads("Structure "));
        wait_for_rest(&mut desk);
        desk.scroll_to("Download Coordinates of A71EV2A-x0015");
        desk.click("Download Coordinates of A71EV2A-x0015");
        desk.click("Downloads");
        desk.wait_to_read("Complete");
        let saved = desk.downloads().join("A71EV2A-x0015.pdb");
        let request = DownloadRequest {
            target: TargetKey {
                title: "A71EV2A".to_owned(),
                tas: Tas::new("lb32627-66"),
            },
            codes: vec!["A0015a".to_owned()],
            files: {
                let mut files = FileSelection::default();
                files.set(FileKind::PdbInfo, true);
                files
            },
            static_link: false,
        };
        let members = desk.demo.members(&request);
        let meant = members
            .iter()
            .find(|member| member.path.contains(".pdb"))
            .unwrap();
        assert!(fs::read(saved).unwrap() == meant.bytes);
    }
}

#[test]
fn a_plot_says_what_it_shows_and_is_idle_when_nothing_happens() {
    let mut desk = desk(Generation::G2026);
    desk.click("Show a plot");
    desk.wait_to_read("drag to select");
    assert!(desk.reads("without a value"));
    wait_for_rest(&mut desk);
    desk.click("Close the plot");
    assert!(!desk.reads("drag to select"));
}

#[test]
fn rows_are_copied_as_text_for_a_spreadsheet() {
    let mut desk = Desk::new(Setup::default());
    desk.click("Browse public data without signing in");
    desk.wait_for_table();
    desk.click("Save table…");
    desk.click("Copy for a spreadsheet");
    desk.wait_to_read("Copied ");
    assert!(desk.copied().unwrap().contains("Mpro-x0010\t"));
}

#[test]
fn the_saved_table_is_shown_at_once_but_only_to_the_same_user() {
    let mut desk = desk(Generation::G2026);
    let folder = desk.home.path().join("data/tables");
    desk.wait_until("the table on the disk", |_| {
        crate::harness::files(&folder)
            .iter()
            .any(|path| path.contains("of-alice") && path.ends_with("experiments.gz"))
    });
    let mut desk = desk.restart_as_demo();
    // The server is away now, and what was kept is all there is.
    desk.demo.set_faults(Faults {
        broken_lists: true,
        ..Faults::default()
    });
    desk.click(BOB);
    desk.click("Sign in");
    desk.wait_to_read("The experiments could not be loaded");
    assert!(!desk.reads("lb32627-66"), "another person sees it");
    desk.click_beginning("bob");
    desk.click("Sign out");
    desk.click(ALICE);
    desk.click("Sign in");
    desk.wait_to_read("Last loaded");
    desk.click("A71EV2A lb32627-66");
    assert_eq!(cells(&desk, "code").len(), 300);
}

#[test]
fn sorting_scrolls_to_the_first_row() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in_to_target();
    let first = |desk: &Desk| {
        let experiments = &desk.window.state().state().experiments;
        let row = experiments.view.row(0).unwrap();
        experiments.sheet().code(row).into_owned()
    };
    let before = first(&desk);
    assert!(desk.sees(&before));
    desk.scroll_down();
    assert!(!desk.sees(&before), "the table has not been scrolled");
    desk.click("Code");
    desk.wait_until("the first row", |desk| desk.sees(&first(desk)));
    assert_ne!(first(&desk), before);
}

/// W13: four codes read "A71EV2A-x0045…" beside an empty half of the window.
#[test]
fn the_column_of_codes_is_as_wide_as_its_longest_code_and_never_jumps_back() {
    const CODE: &str = "Code";
    let mut desk = Desk::new(Generation::G2026.into());
    desk.sign_in(ALICE);
    desk.click("CHIKV_MacB lb32633-6");
    desk.wait_for_table();
    wait_for_rest(&mut desk);
    // So wide it is where no code needs more; four points at each side belong to the edges.
    let (usual, wide) = (132.0 - 8.0, desk.place(CODE).width());
    assert!(wide > usual, "{wide}");
    desk.click("PHIPA lb18145-1");
    wait_for_rest(&mut desk);
    assert!((desk.place(CODE).width() - wide).abs() < 0.5);
}
