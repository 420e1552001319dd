//! Lists of which the server has sent less than it announced: what is made of them says so.

use std::{fs, io::Read as _};

use egui::{Key, Modifiers};
use fragalysis_desktop::demo::{ALICE, Faults, Generation};

use crate::{
    export::saved,
    harness::{Desk, Setup, files},
};

fn odd(faults: Faults, generation: Generation) -> Desk {
    let mut desk = Desk::new(Setup {
        generation,
        faults,
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.click("Mpro lb18145-1");
    desk
}

#[test]
fn a_choice_from_an_incomplete_list_says_that_some_may_be_missing() {
    for generation in Generation::ALL {
        let faults = Faults {
            odd_observation: true,
            ..Faults::default()
        };
        let mut desk = odd(faults, generation);
        desk.click("Select all shown");
        desk.click_beginning("Download ");
        desk.wait_to_read("could not be read completely, so some of those chosen may be missing");
        desk.click("By site or tag");
        desk.wait_until("the sites", |desk| desk.sees("2 - dimer interface"));
        desk.click("2 - dimer interface");
        desk.wait_to_read("could not be read completely, so some of those chosen may be missing");
        // All of them are what the server has, whatever it lists.
        desk.click("All observations");
        desk.wait_until("no caution", |desk| !desk.reads("may be missing"));
        desk.click("Download all observations");
        desk.wait_to_read("Complete");
        assert!(!files(&desk.downloads()).is_empty());
    }
}

#[test]
fn a_saved_table_of_hits_says_what_is_missing_from_the_hits() {
    for (faults, why) in [
        (
            Faults {
                odd_observation: true,
                ..Faults::default()
            },
            "could not be read and",
        ),
        (
            Faults {
                odd_compound: true,
                ..Faults::default()
            },
            "list of compounds could not be read completely",
        ),
    ] {
        let mut desk = odd(faults, Generation::G2026);
        desk.click("Hits");
        desk.wait_until("the hits", |desk| desk.sees("Cards"));
        desk.wait_to_read(why);
        desk.click("Save table…");
        desk.click("Excel workbook (.xlsx)…");
        let path = saved(&mut desk, ".xlsx");
        desk.wait_to_read(" rows to ");
        let mut book = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
        let mut words = String::new();
        let mut part = book.by_name("xl/sharedStrings.xml").unwrap();
        part.read_to_string(&mut words).unwrap();
        assert!(words.contains(why) && !words.contains(">Yes<"), "{words}");
    }
}

#[test]
fn the_download_dialog_closes_when_another_account_or_server_takes_over() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    let (second, host) = desk.go_to_second_server(Generation::G2024);
    // The first server takes its time to answer.
    desk.demo.set_faults(Faults {
        authenticator_slow: true,
        ..Faults::default()
    });
    desk.click_beginning("A71EV2A");
    desk.click(&format!("Public data, {host}"));
    desk.click("Switch to Demo as alice");
    desk.press(Modifiers::COMMAND, Key::D);
    desk.wait_to_read("Download from ");
    desk.wait_until("the first server", |desk| desk.sees("alice, Demo"));
    desk.steps();
    assert!(!desk.reads("Download from "), "{}", desk.on_screen());
    desk.wait_to_read("The download dialog was closed");
    drop(second);
}
