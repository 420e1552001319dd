//! The table of experiments through the real window: filters, views, keys, details, single files, plot.

use std::fs;

use egui::{Key, Modifiers};
use fragalysis_desktop::{
    demo::{ALICE, BOB, Faults, Generation},
    model::{DownloadRequest, FileKind, FileSelection, TargetKey, Tas},
};

use crate::desk::{Desk, Setup};

/// Signed in, with the private target in sight.
fn desk(generation: Generation) -> Desk {
    let mut desk = Desk::new(generation.into());
    desk.sign_in(ALICE);
    desk.click("A71EV2A lb32627-66");
    desk
}

/// The shown cells of a field, in order.
fn cells(desk: &Desk, field: &str) -> Vec<String> {
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

/// Until the window wants to be drawn again only when something happens.
fn wait_for_rest(desk: &mut Desk) {
    desk.wait_until("rest", |desk| {
        desk.next_repaint() > std::time::Duration::from_mins(1)
    });
}

#[test]
fn filters_by_type_stand_as_chips_and_can_be_taken_back() {
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

/// One types letter by letter, and what one has typed so far may fit nothing.
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
    assert!(from.max.x < to.min.x, "{from:?} {to:?}");
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
fn ticks_that_a_click_threw_away_come_back() {
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
fn a_search_is_walked_through_and_marks_what_it_found() {
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
fn views_are_chosen_kept_and_there_again_at_the_next_start() {
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
    desk.wait_to_read("draw a box to select");
    assert!(desk.reads("without these values"));
    wait_for_rest(&mut desk);
    desk.click("Close the plot");
    assert!(!desk.reads("draw a box to select"));
}

#[test]
fn rows_copy_with_what_no_spreadsheet_may_calculate_marked() {
    let mut desk = Desk::new(Setup::default());
    desk.click("Browse public data without signing in");
    desk.wait_for_table();
    desk.click("Save table…");
    desk.click("Copy for a spreadsheet");
    desk.wait_to_read("Copied ");
    assert!(desk.copied().unwrap().contains("Mpro-x0010\t"));
}

#[test]
fn the_table_of_before_is_there_at_once_but_only_for_the_same_person() {
    let mut desk = desk(Generation::G2026);
    let folder = desk.home.path().join("data/tables");
    desk.wait_until("the table on the disk", |_| {
        crate::desk::files(&folder)
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
    desk.wait_to_read("The experiments could not be read");
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
fn whoever_sorts_sees_what_comes_first() {
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
