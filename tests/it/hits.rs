//! Hits on the command line: sites, tags, poses and parts of molecules, in every generation.

use fragalysis_desktop::demo::{ALICE, Faults, Generation};
use serde_json::Value;

use crate::{
    commands::{TestServer, code, errors, json},
    harness::files,
};

/// The rows of `hits` with these further arguments.
fn hits(beside: &TestServer, arguments: &[&str]) -> Vec<Value> {
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
        let beside = TestServer::new(generation, Faults::default());
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
        // Servers of 2024 do not report resolutions.
        assert_eq!(resolutions.is_empty(), generation == Generation::G2024);
        assert!(resolutions.is_sorted());
    }
}

#[test]
fn hits_are_filtered_by_any_tag_or_by_all_tags() {
    let beside = TestServer::new(Generation::G2026, Faults::default());
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
fn similarity_numbers_and_conditions_filter_too() {
    let beside = TestServer::new(Generation::G2026, Faults::default());
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
fn invalid_queries_are_reported_and_missing_sites_are_mentioned_once() {
    let beside = TestServer::new(Generation::G2026, Faults::default());
    for (arguments, meant) in [
        (["--smarts", "c1cc[nH"], "position"),
        (["--smiles", "C(C)(C)(C)(C)C"], "not a valid SMILES"),
        (["--like", "CCO:7"], "from 0 to 1"),
        (["--where", "colour=red"], "Unknown field"),
    ] {
        let output = beside.run(&[&["hits"], &arguments[..]].concat(), None);
        assert_eq!(code(&output), 2, "{}", errors(&output));
        assert!(errors(&output).contains(meant), "{}", errors(&output));
    }
    let without = TestServer::new(
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
        let beside = TestServer::new(generation, Faults::default());
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
        // With a token: a server of 2025 lets visitors wait two minutes for a build.
        let output = beside.run(&download, Some(ALICE));
        assert_eq!(code(&output), 0, "{}", errors(&output));
        let folder = home.path().join("Mpro_lb18145-1");
        let ligand = files(&folder)
            .into_iter()
            .find(|path| path.ends_with("_ligand.mol") || path.ends_with("_ligand.sdf"))
            .unwrap();
        let ligand = std::fs::read_to_string(folder.join(ligand)).unwrap();
        let atoms = |text: &str| -> Vec<String> {
            text.lines().skip(3).take(6).map(str::to_owned).collect()
        };
        assert_eq!(atoms(records[0]), atoms(&ligand));
    }
}

#[test]
fn hits_go_into_tables_and_into_a_download() {
    let beside = TestServer::new(Generation::G2026, Faults::default());
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
        "--structures",
    ];
    let output = beside.run(&arguments, None);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let table = std::fs::read_to_string(&csv).unwrap();
    assert!(
        table.lines().count() > 3 && table.starts_with("code,"),
        "{table}"
    );
    let book = std::fs::read(&xlsx).unwrap();
    assert!(book.windows(9).any(|name| name == b"xl/media/"));
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
