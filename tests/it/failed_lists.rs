//! One list that fails while the others are served: what is there is shown and saved, and what is missing is named.

use std::fs;

use fragalysis_desktop::demo::{ALICE, BrokenList, Faults, Generation};
use serde_json::Value;

use crate::{
    commands::{TestServer, code, errors, json},
    harness::{Desk, Setup, files},
};

fn broken(list: BrokenList) -> Faults {
    Faults {
        broken_list: Some(list),
        ..Faults::default()
    }
}

/// The server's first target in the demo.
fn first_target(server: &TestServer) -> String {
    let whole = server.run(&["targets", "--json"], Some(ALICE));
    let rows = json(&whole);
    // The one whose number of experiments is not known while its lists fail.
    server.demo.set_faults(broken(BrokenList::FirstTarget));
    let output = server.run(&["targets", "--json"], Some(ALICE));
    assert_eq!(code(&output), 3, "{}", errors(&output));
    let now = json(&output);
    let (rows, now) = (rows.as_array().unwrap(), now.as_array().unwrap());
    assert_eq!(rows.len(), now.len());
    let unknown: Vec<&Value> = now
        .iter()
        .filter(|row| row["experiments"].is_null())
        .collect();
    assert_eq!(unknown.len(), 1, "{now:?}");
    let title = unknown[0]["title"].as_str().unwrap();
    let said = errors(&output);
    let name = format!("list of experiments of {title} ");
    assert!(
        said.contains(&name) && said.contains("could not be read: The server failed"),
        "{said}"
    );
    title.to_owned()
}

#[test]
fn the_failure_of_one_target_costs_no_other_target() {
    for generation in Generation::ALL {
        let server = TestServer::new(generation, Faults::default());
        let title = first_target(&server);
        for (command, list) in [
            ("experiments", "experiments of"),
            ("hits", "observations of"),
        ] {
            server.demo.set_faults(Faults::default());
            let whole = json(&server.run(&[command, "--json"], Some(ALICE)));
            server.demo.set_faults(broken(BrokenList::FirstTarget));
            let output = server.run(&[command, "--json"], Some(ALICE));
            assert_eq!(code(&output), 3, "{command}: {}", errors(&output));
            let rest = json(&output);
            let others = whole.as_array().unwrap().iter();
            let others = others.filter(|row| row["target"] != title.as_str()).count();
            assert_eq!(rest.as_array().unwrap().len(), others, "{command}");
            assert!(others > 0);
            let said = errors(&output);
            assert!(
                said.contains(&format!("{list} {title} ")),
                "{command}: {said}"
            );
            // If it is the only target, there is nothing to show.
            let output = server.run(&[command, "--json", "--target", &title], Some(ALICE));
            assert_eq!(code(&output), 1, "{command}: {}", errors(&output));
        }
    }
}

#[test]
fn columns_that_cannot_be_filled_are_named() {
    for generation in Generation::ALL {
        for (command, list, name) in [
            ("experiments", BrokenList::Compounds, "names of compounds"),
            ("hits", BrokenList::Compounds, "compounds of "),
            ("hits", BrokenList::TagKinds, "kinds of tags of "),
        ] {
            let server = TestServer::new(generation, Faults::default());
            let whole = json(&server.run(&[command, "--json"], Some(ALICE)));
            server.demo.set_faults(broken(list));
            let output = server.run(&[command, "--json"], Some(ALICE));
            let said = errors(&output);
            assert_eq!(
                code(&output),
                3,
                "{generation:?} {command} {list:?}: {said}"
            );
            assert!(
                said.contains(name) && said.contains("could not be read"),
                "{said}"
            );
            let rows = json(&output);
            assert_eq!(
                rows.as_array().unwrap().len(),
                whole.as_array().unwrap().len()
            );
        }
    }
}

#[test]
fn the_window_names_the_list_that_failed_and_does_not_save_its_table() {
    let mut desk = Desk::new(Setup {
        faults: broken(BrokenList::Compounds),
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.wait_to_read("list of names of compounds could not be read: The server failed");
    let saved = |desk: &Desk| {
        let files = files(desk.home.path());
        files
            .iter()
            .filter(|path| path.ends_with("experiments.gz"))
            .count()
    };
    assert_eq!(saved(&desk), 0);
    desk.demo.set_faults(Faults::default());
    desk.click("Try again");
    desk.wait_until("no warning", |desk| !desk.reads("could not be read"));
    desk.wait_until("a saved table", |desk| saved(desk) > 0);
}

#[test]
fn a_target_whose_lists_fail_is_named_beside_the_others() {
    let mut desk = Desk::new(Setup {
        faults: broken(BrokenList::FirstTarget),
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.wait_to_read("This list is incomplete. The server’s list of experiments of ");
    assert!(desk.sees("Select all shown"), "{}", desk.on_screen());
    desk.click("Hits");
    desk.wait_to_read("list of observations of ");
    assert!(desk.sees("Cards"), "{}", desk.on_screen());
    // Nothing is missing from the others.
    let failed = desk.on_screen();
    let other = if failed.contains("observations of Mpro (lb18145-1)") {
        "PHIPA lb18145-1"
    } else {
        "Mpro lb18145-1"
    };
    desk.click(other);
    desk.wait_until("no warning", |desk| !desk.reads("This list is incomplete"));
}

#[test]
fn a_ligand_that_cannot_be_read_costs_neither_the_tables_nor_the_other_ligands() {
    let server = TestServer::new(Generation::G2026, Faults::default());
    server.demo.set_faults(Faults {
        cut_ligands: true,
        ..Faults::default()
    });
    let home = tempfile::tempdir().unwrap();
    let (csv, sdf) = (home.path().join("hits.csv"), home.path().join("hits.sdf"));
    let paths = [csv.to_str().unwrap(), sdf.to_str().unwrap()];
    let hits = [
        "hits", "--target", "PHIPA", "--csv", paths[0], "--sdf", paths[1],
    ];
    let output = server.run(&hits, Some(ALICE));
    let said = errors(&output);
    assert_eq!(code(&output), 3, "{said}");
    assert!(said.contains("Could not read the structure of "), "{said}");
    assert!(said.contains("not a whole molfile"), "{said}");
    assert!(!said.contains("The server has no structure"), "{said}");
    let whole = fs::read_to_string(&csv).unwrap();
    assert!(whole.lines().count() > 10, "{whole}");
    assert_eq!(fs::read_to_string(&sdf).unwrap(), "");
    // A web page in the place of a ligand is no ligand either.
    server.demo.set_faults(Faults {
        page_for_archive: true,
        ..Faults::default()
    });
    fs::remove_file(&csv).unwrap();
    let output = server.run(&hits, Some(ALICE));
    assert_eq!(code(&output), 3, "{}", errors(&output));
    assert_eq!(fs::read_to_string(&csv).unwrap(), whole);
}
