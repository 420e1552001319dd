//! The user's own stars and notes on experiments: kept on this computer, shown and exported with the table.

use egui::{Key, Modifiers};
use fragalysis_desktop::demo::{ALICE, Generation};
use fragalysis_desktop::store::{DEMO, NotesFolder};
use std::{fs, time::Duration};

use crate::harness::{Desk, Setup};
use crate::table::{cells, selected};

/// Signed in, at the whole table.
fn desk(generation: Generation) -> Desk {
    let mut desk = Desk::new(Setup::from(generation));
    desk.sign_in(ALICE);
    desk.click("A71EV2A lb32627-66");
    desk
}

/// The code of the row at this place.
fn code(desk: &Desk, place: usize) -> String {
    cells(desk, "code").swap_remove(place)
}

fn notes_file(desk: &Desk) -> std::path::PathBuf {
    NotesFolder::in_folder(&desk.home.path().join("data")).path(DEMO)
}

#[test]
fn stars_and_notes_are_there_again_at_the_next_start_in_every_generation() {
    for generation in Generation::ALL {
        let mut desk = desk(generation);
        let (first, second) = (code(&desk, 0), code(&desk, 1));
        assert!(!desk.sees("Only starred experiments"));
        desk.click(&first);
        desk.press(Modifiers::NONE, Key::S);
        desk.wait_until("a star", |desk| desk.sees(&format!("{first}, starred")));
        // A note is written by its menu, and the window is closed at once.
        let cell = desk.place(&second).center();
        desk.click_secondary(cell);
        desk.click("Write a note");
        let field = format!("Your note on {second}");
        desk.write_further(&field, "weak density,\nask Anna");
        desk.ask_to_close();
        let mut desk = desk.restart_as_demo();
        desk.sign_in(ALICE);
        desk.wait_until("the star of the last time", |desk| {
            desk.sees("Only starred experiments")
        });
        desk.click("A71EV2A lb32627-66");
        let stars = |desk: &Desk| {
            let stars = cells(desk, "star").into_iter().zip(cells(desk, "code"));
            let starred = stars.filter(|(star, _)| star == "Starred");
            starred.map(|(_, code)| code).collect::<Vec<_>>()
        };
        assert_eq!(stars(&desk), [first.as_str()]);
        let notes = cells(&desk, "note").into_iter().zip(cells(&desk, "code"));
        let notes: Vec<_> = notes.filter(|(note, _)| !note.is_empty()).collect();
        assert_eq!(notes, [("weak density,\nask Anna".to_owned(), second)]);
        desk.click("Only starred experiments");
        assert_eq!(cells(&desk, "code"), [first.as_str()]);
        // Its hits show the star of their crystal.
        desk.click("Hits");
        desk.wait_until("the hits", |desk| desk.sees("Cards"));
        let experiments = cells(&desk, "experiment").into_iter();
        for (experiment, star) in experiments.zip(cells(&desk, "star")) {
            assert_eq!(star == "Starred", experiment == first, "{experiment}");
        }
    }
}

#[test]
fn stars_and_notes_are_saved_with_the_table_unless_they_are_not_wanted() {
    let mut desk = desk(Generation::G2026);
    desk.click("Save table…");
    assert!(!desk.sees("Include your stars and notes"));
    desk.press(Modifiers::NONE, Key::Escape);
    let first = code(&desk, 0);
    desk.click(&first);
    desk.press(Modifiers::NONE, Key::S);
    // The selection is the row itself.
    for (is_wanted, ending) in [(true, ",Starred"), (false, "")] {
        desk.click("Save table…");
        if !is_wanted {
            desk.click("Include your stars and notes");
        }
        desk.click("Copy for a spreadsheet");
        desk.wait_to_read("Copied 1 row.");
        let copied = desk.copied().unwrap().replace('\t', ",");
        let row = copied.lines().nth(1).unwrap();
        assert_eq!(row.ends_with(",Starred"), is_wanted, "{copied}");
        assert!(row.ends_with(ending) && row.starts_with(&first), "{copied}");
    }
}

#[test]
fn the_selected_experiments_are_starred_together_and_lose_their_stars_together() {
    let mut desk = desk(Generation::G2026);
    let codes = cells(&desk, "code");
    desk.click(&codes[0]);
    desk.press(Modifiers::SHIFT, Key::ArrowDown);
    desk.press(Modifiers::SHIFT, Key::ArrowDown);
    assert_eq!(selected(&desk), 3);
    let cell = desk.place(&codes[1]).center();
    desk.click_secondary(cell);
    desk.click("Star 3 experiments");
    let starred = |desk: &Desk| {
        cells(desk, "star")
            .iter()
            .filter(|star| !star.is_empty())
            .count()
    };
    assert_eq!(starred(&desk), 3);
    desk.click_secondary(cell);
    desk.click("Remove 3 stars");
    assert_eq!(starred(&desk), 0);
    desk.wait_to_read("3 stars were removed.");
    desk.click("Undo");
    assert_eq!(starred(&desk), 3);
    // A row that the filter has hidden takes no further key.
    desk.click("Only starred experiments");
    desk.click(&format!("{}, starred", codes[0]));
    desk.press(Modifiers::NONE, Key::S);
    assert_eq!(starred(&desk), 2);
    desk.press(Modifiers::NONE, Key::S);
    assert_eq!(starred(&desk), 2);
    desk.click("Clear filters and search");
    desk.click_secondary(cell);
    desk.click("Remove the star");
    desk.click(&format!("{}, starred", codes[2]));
    desk.press(Modifiers::NONE, Key::S);
    assert_eq!(starred(&desk), 0);
    assert!(!desk.sees("Only starred experiments"));
    desk.wait_until("the disk", |desk| {
        fs::read_to_string(notes_file(desk)).is_ok_and(|text| !text.contains("true"))
    });
}

#[test]
fn what_was_noted_just_before_signing_out_is_not_lost() {
    let mut desk = desk(Generation::G2026);
    let first = code(&desk, 0);
    desk.click(&first);
    desk.press(Modifiers::NONE, Key::S);
    desk.click("alice, Demo");
    desk.click("Sign out");
    desk.wait_until("the note on the disk", |desk| {
        fs::read_to_string(notes_file(desk)).is_ok_and(|text| text.contains(&first))
    });
    desk.sign_in(ALICE);
    desk.click("A71EV2A lb32627-66");
    desk.wait_until("its star", |desk| desk.sees(&format!("{first}, starred")));
}

#[test]
fn undo_in_a_note_never_brings_the_text_of_another_one() {
    let mut desk = desk(Generation::G2026);
    let (first, second) = (code(&desk, 0), code(&desk, 1));
    let write = |desk: &mut Desk, code: &str, text: &str| {
        let cell = desk.place(code).center();
        desk.click_secondary(cell);
        desk.click("Write a note");
        desk.write_further(&format!("Your note on {code}"), text);
    };
    write(&mut desk, &first, "of the first");
    write(&mut desk, &second, "b");
    for _ in 0..3 {
        desk.press(Modifiers::COMMAND, Key::Z);
    }
    desk.wait_until("both settled", |desk| {
        fs::read_to_string(notes_file(desk)).is_ok_and(|text| text.contains("of the first"))
    });
    let place = |desk: &Desk, code: &str| {
        cells(desk, "code")
            .iter()
            .position(|own| own == code)
            .unwrap()
    };
    let of = |desk: &Desk, code: &str| cells(desk, "note").swap_remove(place(desk, code));
    assert_eq!(of(&desk, &first), "of the first");
    assert_ne!(of(&desk, &second), "of the first");
}

#[test]
fn a_note_that_cannot_be_saved_is_shown_and_saved_with_the_next_change() {
    let mut desk = desk(Generation::G2026);
    let folder = desk.home.path().join("data/notes");
    fs::create_dir_all(folder.parent().unwrap()).unwrap();
    fs::remove_dir_all(&folder).ok();
    fs::write(&folder, "a file in the way").unwrap();
    let (first, second) = (code(&desk, 0), code(&desk, 1));
    desk.click(&first);
    desk.press(Modifiers::NONE, Key::S);
    desk.wait_to_read("Your stars and notes could not be saved");
    assert!(desk.sees(&format!("{first}, starred")));
    fs::remove_file(&folder).unwrap();
    desk.click(&second);
    desk.press(Modifiers::NONE, Key::S);
    desk.wait_until("both on the disk", |desk| {
        let text = fs::read_to_string(notes_file(desk)).unwrap_or_default();
        text.contains(&first) && text.contains(&second)
    });
}

#[test]
fn a_damaged_file_of_notes_is_named_and_left_as_it_is() {
    let desk = desk(Generation::G2026);
    let path = notes_file(&desk);
    let mut desk = desk.restart_as_demo_after(|_| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, r#"{"experiments": [{"title": "A71"#).unwrap();
    });
    desk.sign_in(ALICE);
    desk.wait_to_read("Your stars and notes could not be read");
    desk.click("A71EV2A lb32627-66");
    let first = code(&desk, 0);
    desk.click(&first);
    desk.press(Modifiers::NONE, Key::S);
    desk.wait_to_read("Your stars and notes could not be saved");
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text, r#"{"experiments": [{"title": "A71"#);
}

#[test]
fn a_window_that_regains_focus_shows_the_notes_of_another_window() {
    let mut desk = desk(Generation::G2026);
    let (first, second) = (code(&desk, 0), code(&desk, 1));
    desk.click(&first);
    desk.press(Modifiers::NONE, Key::S);
    desk.wait_until("the star on the disk", |desk| {
        fs::read_to_string(notes_file(desk)).is_ok_and(|text| text.contains(&first))
    });
    let path = notes_file(&desk);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace(&first, &second)).unwrap();
    desk.window.event(egui::Event::WindowFocused(true));
    desk.wait_until("the other's star", |desk| {
        desk.sees(&format!("{second}, starred"))
    });
    assert!(!desk.sees(&format!("{first}, starred")));
    // What is wrong with the file is said once, not with every look.
    fs::write(&path, "{").unwrap();
    desk.window.event(egui::Event::WindowFocused(true));
    desk.wait_to_read("Your stars and notes could not be read");
    desk.click("Close this message");
    desk.window.event(egui::Event::WindowFocused(true));
    desk.steps();
    desk.observe(Duration::from_millis(500));
    assert!(!desk.reads("Your stars and notes could not be read"));
}
