//! The main job through the real window, by the names of its controls.

use fragalysis_desktop::api::SessionState;
use fragalysis_desktop::{
    demo::{ALICE, BOB, Faults, Generation},
    model::{DownloadRequest, FileKind, FileSelection, Preset, TargetKey, Tas},
};

use crate::harness::{Desk, Setup, files};

/// An idle window does not repaint for at least this long; only the status page refreshes by itself.
pub(crate) const IDLE: std::time::Duration = std::time::Duration::from_secs(61);

fn target(title: &str, tas: &str) -> TargetKey {
    TargetKey {
        title: title.to_owned(),
        tas: Tas::new(tas),
    }
}

fn usual_files() -> FileSelection {
    let mut files = Preset::Structures.files();
    files.set(FileKind::MetadataInfo, true);
    files
}

/// Five clicks from the first window to checked files, in every generation.
fn from_the_first_window_to_files(generation: Generation) {
    let mut desk = Desk::new(generation.into());
    desk.click(ALICE);
    desk.click("Sign in");
    desk.wait_for_table();
    desk.click("A71EV2A lb32627-66");
    desk.click("Download A71EV2A…");
    desk.click_beginning("Download all ");
    desk.wait_to_read("Complete");
    let request = DownloadRequest {
        target: target("A71EV2A", "lb32627-66"),
        codes: Vec::new(),
        files: usual_files(),
        static_link: false,
    };
    desk.assert_folder_is(&desk.downloads().join("A71EV2A_lb32627-66"), &request);
    assert_nothing_unfinished(&desk);
}

/// No part file and no part folder is left anywhere.
fn assert_nothing_unfinished(desk: &Desk) {
    let left = files(&desk.downloads());
    assert!(left.iter().all(|path| !path.contains(".part")), "{left:?}");
}

#[test]
fn from_the_first_window_to_files_in_2024() {
    from_the_first_window_to_files(Generation::G2024);
}

#[test]
fn from_the_first_window_to_files_in_2025() {
    from_the_first_window_to_files(Generation::G2025);
}

#[test]
fn from_the_first_window_to_files_in_2026() {
    from_the_first_window_to_files(Generation::G2026);
}

#[test]
fn exactly_the_selected_observations_and_ticked_files_arrive() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("A71EV2A lb32627-66");
    desk.write("Find in the table", "High confidence");
    desk.click("Select all shown");
    let chosen: Vec<_> = desk
        .window
        .state()
        .state()
        .experiments
        .view
        .selected()
        .iter()
        .copied()
        .collect();
    assert!(!chosen.is_empty());
    desk.click(&format!("Download {} selected…", chosen.len()));
    desk.wait_until("the observations", |desk| desk.reads("seen bound"));
    desk.click("Ligands and metadata");
    desk.click("Event maps (PanDDA)");
    desk.click("Restraints");
    let codes: Vec<String> = {
        let state = desk.window.state().state();
        let observations = state
            .experiments
            .observations_of(&target("A71EV2A", "lb32627-66"))
            .unwrap();
        let rows = &observations.value().unwrap().rows;
        let wanted = rows.iter().filter(|row| {
            row.experiment
                .is_some_and(|id| chosen.contains(&fragalysis_desktop::model::RowId(id.0)))
        });
        wanted
            .map(|row| row.code.get().unwrap().to_owned())
            .collect()
    };
    let count = codes.len();
    assert!(count > 1, "{count} observations are no test");
    desk.click(&format!("Download {count} observations"));
    desk.wait_to_read("Complete");
    let mut files = Preset::Ligands.files();
    files.set(FileKind::EventFile, true);
    files.set(FileKind::CifInfo, true);
    let request = DownloadRequest {
        target: target("A71EV2A", "lb32627-66"),
        codes,
        files,
        static_link: false,
    };
    desk.assert_folder_is(&desk.downloads().join("A71EV2A_lb32627-66"), &request);
}

#[test]
fn a_token_that_is_not_accepted_changes_nothing_and_says_so() {
    for generation in Generation::ALL {
        let mut desk = Desk::new(generation.into());
        desk.write(
            "Session token",
            "sessionid=abcdefghijklmnopqrstuvwxyz123456",
        );
        desk.click("Sign in");
        desk.wait_to_read("mistyped or expired");
        assert!(desk.window.state().state().session().is_none());
        assert!(desk.sees("Browse public data without signing in"));
        assert!(
            !desk
                .on_screen()
                .contains("abcdefghijklmnopqrstuvwxyz123456"),
            "the token is on screen"
        );
    }
}

#[test]
fn an_invalid_token_is_rejected_without_a_request() {
    let mut desk = Desk::new(Setup::default());
    desk.click("Sign in");
    desk.wait_to_read("token");
    assert!(desk.window.state().state().sign_in.proof.is_not_requested());
}

#[test]
fn public_data_need_no_token_and_private_targets_do_not_show() {
    for generation in Generation::ALL {
        let mut desk = Desk::new(generation.into());
        desk.click("Browse public data without signing in");
        desk.wait_for_table();
        assert!(desk.sees("A71EV2A lb18145-1"));
        assert!(!desk.sees("A71EV2A lb32627-66"));
        assert!(desk.sees("Public data, Demo"));
    }
}

#[test]
fn the_status_page_shows_who_one_is_and_what_one_may_see() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("Status");
    desk.wait_to_read("Your target access strings");
    for cell in ["lb32627-66", "32627", "66"] {
        assert!(desk.sees(cell), "{cell} is missing in {}", desk.on_screen());
    }
    assert!(desk.sees("OK"));
    assert!(desk.reads("It reaches the database"));
}

#[test]
fn an_authenticator_without_its_database_is_no_lost_membership() {
    let faults = Faults {
        authenticator_down: true,
        ..Faults::default()
    };
    let mut desk = Desk::new(faults.into());
    desk.sign_in(BOB);
    desk.click("Status");
    desk.wait_to_read("they are not lost");
}

#[test]
fn an_old_server_that_says_nothing_about_its_authenticator_is_not_blamed() {
    let mut desk = Desk::new(Generation::G2024.into());
    desk.sign_in(ALICE);
    desk.click("Status");
    desk.wait_to_read("This older server does not report");
    assert!(desk.sees("alice"));
}

#[test]
fn columns_sort_by_a_click_and_empty_cells_come_last() {
    let mut desk = Desk::new(Setup::default());
    desk.click("Browse public data without signing in");
    desk.wait_for_table();
    desk.click("Mpro lb18145-1");
    // So it is at the first look: what has a model comes first.
    let shown = |desk: &Desk| -> Vec<Option<f64>> {
        let experiments = &desk.window.state().state().experiments;
        experiments
            .view
            .shown()
            .map(|row| {
                let sheet = experiments.sheet();
                let number = sheet.number(sheet.place("refinement_resolution").unwrap(), row);
                (!number.is_nan()).then_some(number)
            })
            .collect()
    };
    let up: Vec<f64> = shown(&desk).into_iter().map_while(|value| value).collect();
    assert!(up.len() > 10 && up.is_sorted(), "{up:?}");
    assert!(shown(&desk)[up.len()..].iter().all(Option::is_none));
    desk.click("Resolution, sorted ascending");
    let down: Vec<f64> = shown(&desk).into_iter().map_while(|value| value).collect();
    assert!(down.iter().rev().is_sorted() && down.len() == up.len());
    assert!(desk.sees("Resolution, sorted descending"));
}

#[test]
fn failures_of_the_lists_have_a_sentence_and_a_way_on() {
    let cases = [
        (
            Faults {
                not_fragalysis: true,
                ..Faults::default()
            },
            "Check the server's address",
        ),
        (
            Faults {
                broken_lists: true,
                ..Faults::default()
            },
            "The experiments could not be loaded",
        ),
        (
            Faults {
                no_targets: true,
                ..Faults::default()
            },
            "No targets are visible to you",
        ),
    ];
    for (faults, sentence) in cases {
        let mut desk = Desk::new(faults.into());
        desk.click("Browse public data without signing in");
        desk.wait_to_read(sentence);
    }
}

#[test]
fn no_server_at_the_address_is_said_on_the_sign_in_page() {
    let mut desk = Desk::with_server(Setup::default(), Some("http://127.0.0.1:9"));
    desk.click("Browse public data without signing in");
    desk.wait_to_read("Check the network and the server's address");
    assert!(desk.window.state().state().session().is_none());
}

/// A wall at the start would lock people out of their own folders.
#[test]
fn offline_users_can_work_with_their_folders() {
    let mut desk = Desk::with_server(Setup::default(), Some("http://127.0.0.1:9"));
    let folder = desk.downloads().join("Mine");
    std::fs::create_dir_all(&folder).unwrap();
    let record = r#"{"format":3,"download":"2","server":"https://f.example","files":[],
        "request":{"target":{"title":"MyTarget","tas":"lb1-1"},"codes":[],"files":["metadata_info"],"static_link":false}}"#;
    std::fs::write(folder.join("fragalysis-download.json"), record).unwrap();
    desk.click("Browse public data without signing in");
    desk.click("Work offline");
    // The page says what is missing and why, and the rest of the window is there.
    desk.wait_to_read("The experiments cannot be loaded at the moment");
    desk.click("Downloads");
    desk.wait_to_read("MyTarget");
    desk.click("Status");
    desk.wait_to_read("Check the network and the server's address");
    let session = desk.window.state().state().session().unwrap();
    assert!(!session.has_token() && !session.is_signed_in());
    // Nothing that failed is taken for a proof.
    assert_eq!(session.state, SessionState::Unreachable);
    desk.wait_to_read("You are working offline.");
}
