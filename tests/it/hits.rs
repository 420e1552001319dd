//! Hits, on the command line and in the window: sites, tags, poses and parts of molecules, in every generation.

use egui_kittest::kittest::Queryable as _;
use fragalysis_desktop::{
    demo::{ALICE, Faults, Generation},
    table::{STRUCTURE, Subject},
};
use serde_json::Value;

use crate::{
    commands::{Beside, code, errors, json},
    desk::{Desk, Setup, files},
};

/// The rows of `hits` with these further arguments.
fn hits(beside: &Beside, arguments: &[&str]) -> Vec<Value> {
    let all = [
        &["hits", "--target", "Mpro", "--tas", "lb18145-1", "--json"],
        arguments,
    ]
    .concat();
    let output = beside.run(&all, None);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    json(&output).as_array().unwrap().clone()
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

#[test]
fn the_active_site_s_best_pyridines_are_found_in_every_generation() {
    for generation in Generation::ALL {
        let beside = Beside::new(generation, Faults::default());
        let all = hits(&beside, &[]);
        assert!(all.len() > 30, "{}", all.len());
        for row in &all {
            assert!(text(row, "site").contains(" - "), "{row}");
            assert!(!text(row, "pose").is_empty() && !text(row, "experiment").is_empty());
            assert!(row["heavy_atoms"].as_u64().unwrap() > 3, "{row}");
        }
        let residues = all
            .iter()
            .find(|row| text(row, "site") == "1 - active site");
        let residues = residues.unwrap()["site_residues"].to_string();
        assert!(residues.contains("A/145/CYS"), "{residues}");

        let chosen = hits(
            &beside,
            &[
                "--site",
                "1",
                "--poses",
                "--smarts",
                "c1ccncc1",
                "--sort",
                "refinement_resolution",
            ],
        );
        let is_meant = |row: &Value| {
            text(row, "site") == "1 - active site" && text(row, "pose_role") == "Main"
        };
        assert!(!chosen.is_empty() && chosen.iter().all(is_meant));
        // By its name as well, and the part as a drawn molecule.
        let by_name = hits(
            &beside,
            &["--site", "Active Site", "--poses", "--smiles", "n1ccccc1"],
        );
        assert_eq!(by_name.len(), chosen.len());
        let resolutions: Vec<f64> = chosen
            .iter()
            .filter_map(|row| row["refinement_resolution"].as_f64())
            .collect();
        // Servers of 2024 do not say how good a crystal is.
        assert_eq!(resolutions.is_empty(), generation == Generation::G2024);
        assert!(resolutions.is_sorted());
    }
}

#[test]
fn tags_are_taken_one_of_them_or_all_of_them() {
    let beside = Beside::new(Generation::G2026, Faults::default());
    let any = hits(&beside, &["--tag", "reviewed", "--tag", "hinge binders"]);
    let all = hits(
        &beside,
        &[
            "--tag",
            "reviewed",
            "--tag",
            "worth a follow-up",
            "--all-tags",
        ],
    );
    let has = |row: &Value, tag: &str| row["tags"].as_array().unwrap().iter().any(|own| own == tag);
    assert!(any.iter().any(|row| !has(row, "reviewed")));
    assert!(!all.is_empty() && all.len() < any.len());
    assert!(
        all.iter()
            .all(|row| has(row, "reviewed") && has(row, "worth a follow-up"))
    );
    // Sites and what the server hides are no tags.
    let tags = any[0]["tags"].to_string();
    assert!(!tags.contains("site") && !tags.contains("/1101"), "{tags}");
}

#[test]
fn likeness_numbers_and_conditions_choose_too() {
    let beside = Beside::new(Generation::G2026, Faults::default());
    let smiles = text(&hits(&beside, &[])[0], "smiles").to_owned();
    let like = hits(&beside, &["--like", &format!("{smiles}:0.99")]);
    assert!(
        !like.is_empty()
            && like
                .iter()
                .all(|row| text(row, "smiles").len() == smiles.len())
    );
    let small = hits(&beside, &["--where", "heavy_atoms<=8", "--sort", "-clogp"]);
    assert!(
        small
            .iter()
            .all(|row| row["heavy_atoms"].as_u64().unwrap() <= 8)
    );
    let clogp: Vec<f64> = small
        .iter()
        .filter_map(|row| row["clogp"].as_f64())
        .collect();
    assert!(clogp.is_sorted_by(|a, b| a >= b), "{clogp:?}");
}

#[test]
fn what_is_no_query_is_named_and_a_server_without_sites_says_so_once() {
    let beside = Beside::new(Generation::G2026, Faults::default());
    for (arguments, meant) in [
        (["--smarts", "c1cc[nH"], "position"),
        (["--smiles", "C(C)(C)(C)(C)C"], "not a valid SMILES"),
        (["--like", "CCO:7"], "from 0 to 1"),
        (["--where", "colour=red"], "There is no field"),
    ] {
        let output = beside.run(&[&["hits"], &arguments[..]].concat(), None);
        assert_eq!(code(&output), 2, "{}", errors(&output));
        assert!(errors(&output).contains(meant), "{}", errors(&output));
    }
    let without = Beside::new(
        Generation::G2025,
        Faults {
            no_sites: true,
            ..Faults::default()
        },
    );
    let output = without.run(&["hits", "--json"], None);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let told = errors(&output);
    assert_eq!(
        told.matches("This server has no lists of").count(),
        1,
        "{told}"
    );
    assert!(json(&output)[0]["site"].is_null());
}

#[test]
fn ligands_are_saved_as_one_file_with_the_server_s_coordinates() {
    for generation in Generation::ALL {
        let beside = Beside::new(generation, Faults::default());
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("hits.sdf");
        let arguments = [
            "hits",
            "--target",
            "Mpro",
            "--tas",
            "lb18145-1",
            "--site",
            "1",
            "--sdf",
            path.to_str().unwrap(),
        ];
        let output = beside.run(&arguments, None);
        assert_eq!(code(&output), 0, "{}", errors(&output));
        let rows = hits(&beside, &["--site", "1"]);
        let text = std::fs::read_to_string(&path).unwrap();
        let records: Vec<&str> = text.split_terminator("$$$$\n").collect();
        assert_eq!(records.len(), rows.len());
        for (record, row) in records.iter().zip(&rows) {
            let code = row["code"].as_str().unwrap();
            assert!(record.starts_with(&format!("{code}\n")), "{record}");
            assert!(record.contains("M  END\n> <code>\n"), "{record}");
            assert!(record.contains("> <site>\n1 - active site\n\n"), "{record}");
        }
        // Byte for byte what the server gives.
        let download = [
            "download",
            "--target",
            "Mpro",
            "--tas",
            "lb18145-1",
            "--codes",
            rows[0]["code"].as_str().unwrap(),
            "--files",
            "all_aligned_structures",
            "--to",
            home.path().to_str().unwrap(),
        ];
        let output = beside.run(&download, None);
        assert_eq!(code(&output), 0, "{}", errors(&output));
        let folder = home.path().join("Mpro_lb18145-1");
        let ligand = files(&folder)
            .into_iter()
            .find(|path| path.ends_with("_ligand.mol") || path.ends_with("_ligand.sdf"))
            .unwrap();
        let ligand = std::fs::read_to_string(folder.join(ligand)).unwrap();
        let atoms = |text: &str| {
            text.lines()
                .skip(3)
                .take(6)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(atoms(records[0]), atoms(&ligand));
    }
}

#[test]
fn hits_go_into_tables_and_into_a_download() {
    let beside = Beside::new(Generation::G2026, Faults::default());
    let home = tempfile::tempdir().unwrap();
    let (csv, xlsx) = (home.path().join("hits.csv"), home.path().join("hits.xlsx"));
    let arguments = [
        "hits",
        "--target",
        "Mpro",
        "--tas",
        "lb18145-1",
        "--site",
        "2",
        "--csv",
        csv.to_str().unwrap(),
        "--xlsx",
        xlsx.to_str().unwrap(),
    ];
    let output = beside.run(&arguments, None);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let table = std::fs::read_to_string(&csv).unwrap();
    assert!(
        table.lines().count() > 3 && table.starts_with("code,"),
        "{table}"
    );
    assert!(std::fs::metadata(&xlsx).unwrap().len() > 4000);
    let codes = beside.run(
        &[
            "hits",
            "--target",
            "Mpro",
            "--tas",
            "lb18145-1",
            "--site",
            "2",
            "--codes-only",
        ],
        None,
    );
    let codes = String::from_utf8(codes.stdout).unwrap();
    let list = codes.lines().collect::<Vec<_>>().join(",");
    let download = [
        "download",
        "--target",
        "Mpro",
        "--tas",
        "lb18145-1",
        "--codes",
        &list,
        "--to",
        home.path().to_str().unwrap(),
        "--json",
    ];
    let output = beside.run(&download, None);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    assert_eq!(json(&output)["outcome"], "complete");
}

/// The rows that the table of the window shows.
fn shown(desk: &Desk) -> usize {
    desk.window.state().state().experiments.view.len()
}

fn selected(desk: &Desk) -> usize {
    desk.window
        .state()
        .state()
        .experiments
        .view
        .selected()
        .len()
}

#[test]
fn hits_are_a_second_table_and_the_selection_goes_with_the_user() {
    for generation in Generation::ALL {
        let mut desk = Desk::new(Setup::from(generation));
        desk.sign_in(ALICE);
        desk.click("Mpro lb18145-1");
        let experiments = shown(&desk);
        desk.click("Hits");
        desk.wait_until("the hits", |desk| {
            let shown = shown(desk);
            shown > 30 && shown < experiments
        });
        assert!(desk.reads("1 - active site") || desk.reads("2 - dimer interface"));
        // Everything that the other table can: finding, for one.
        let all = shown(&desk);
        desk.write("Find in the table", "dimer interface");
        desk.wait_until("those of one site", |desk| shown(desk) < all);
        desk.click("Select all shown");
        let hits = selected(&desk);
        assert!(hits > 3);
        // The page has this name too.
        let name = (egui::accesskit::Role::RadioButton, "Experiments");
        desk.window.get_by_role_and_label(name.0, name.1).click();
        desk.wait_until("the other table", |desk| {
            let state = desk.window.state().state();
            state.experiments.subject == Subject::Experiments
        });
        let state = desk.window.state().state();
        assert_eq!(state.experiments.subject, Subject::Experiments);
        let crystals = selected(&desk);
        assert!(crystals > 0 && crystals <= hits, "{crystals} of {hits}");
        desk.click("Hits");
        assert!(selected(&desk) >= hits);
    }
}

#[test]
fn hits_with_a_part_go_into_a_download_of_just_these() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("Mpro lb18145-1");
    desk.click("Hits");
    desk.wait_until("the hits", |desk| desk.reads("Site"));
    let all = shown(&desk);
    desk.click("Filter Structure");
    desk.write("Part of the molecule", "c1ccncc1");
    desk.wait_until("fewer", |desk| shown(desk) < all);
    let found = shown(&desk);
    assert!(found > 0);
    assert!(desk.reads("With c1ccncc1"));
    // In each of them the six atoms of the ring are marked.
    let state = desk.window.state().state();
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    let (filter, place) = (
        view.filter(STRUCTURE).unwrap(),
        sheet.place(STRUCTURE).unwrap(),
    );
    for row in view.shown() {
        let atoms = sheet.filtered_part(place, row, filter).unwrap();
        assert_eq!(atoms.len(), 6);
    }
    desk.write("Part of the molecule", "[");
    desk.wait_to_read("is not a valid SMARTS");
    // What cannot be read yet is still being written: the condition stays.
    assert_eq!(shown(&desk), found);
    desk.click(&format!("Download {found} shown…"));
    desk.click(&format!("Download {found} observations"));
    desk.wait_to_read("Complete");
    let codes: std::collections::BTreeSet<String> = files(&desk.home.path().join("downloads"))
        .iter()
        .filter_map(|path| path.split_once("aligned_files/"))
        .filter_map(|(_, path)| Some(path.split_once('/')?.0.to_owned()))
        .collect();
    assert_eq!(codes.len(), found, "{codes:?}");
}

#[test]
fn a_server_without_sites_says_so_above_the_hits() {
    let mut desk = Desk::new(Setup {
        faults: Faults {
            no_sites: true,
            ..Faults::default()
        },
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.click("Hits");
    desk.wait_to_read("This server has no lists of");
    assert!(shown(&desk) > 100 && !desk.sees("Filter Site"));
}

#[test]
fn tags_are_chosen_one_by_one_any_or_all_of_them() {
    let mut desk = Desk::new(Setup {
        size: (1600.0, 900.0),
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.click("Hits");
    desk.wait_until("the hits", |desk| shown(desk) > 100);
    let all = shown(&desk);
    desk.click("Filter Tags");
    // Each tag by itself with its count, not the ways in which they come together.
    desk.click_beginning("reviewed");
    desk.wait_until("the reviewed ones", |desk| shown(desk) < all);
    let reviewed = shown(&desk);
    desk.click_beginning("covalent");
    desk.wait_until("more", |desk| shown(desk) > reviewed);
    desk.click("All of them");
    desk.wait_until("fewer", |desk| shown(desk) < reviewed);
    assert!(desk.reads("Tags: all of 2 values"));
}
