//! Compares results with those of RDKit for the same molecules.

use super::*;

/// RDKit's answers for 300 molecules and 50 queries; `.ci/oracle.py` makes them.
const ORACLE: &str = include_str!("oracle.json");

#[derive(serde::Deserialize)]
struct Oracle {
    queries: Vec<(String, bool)>,
    molecules: Vec<Row>,
}

#[derive(serde::Deserialize)]
struct Row {
    smiles: String,
    canonical: String,
    heavy_atoms: usize,
    weight: f64,
    clogp: f64,
    tpsa: f64,
    donors: usize,
    acceptors: usize,
    rotatable_bonds: usize,
    rings: usize,
    charge: i32,
    scaffold: String,
    /// Indices of the queries that it matches.
    matches: Vec<usize>,
    /// Similarity to the first molecule.
    similarity: f64,
}

fn oracle() -> Oracle {
    serde_json::from_str(ORACLE).unwrap()
}

/// Runs on a stack as large as the program gives it.
fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        thread.spawn_scoped(scope, work).unwrap().join().unwrap()
    })
}

#[test]
fn properties_scaffolds_and_similarities_agree_with_rdkit() {
    deep(|| {
        let oracle = oracle();
        let first = Structure::read(&oracle.molecules[0].smiles).unwrap();
        let first = first.fingerprint().unwrap();
        let mut wrong = Vec::new();
        for row in &oracle.molecules {
            let structure = Structure::read(&row.smiles).unwrap();
            let own = structure.properties();
            let mut check = |name: &str, is: f64, meant: f64, within: f64| {
                if (is - meant).abs() > within {
                    wrong.push(format!("{} {name}: {is} for {meant}", row.smiles));
                }
            };
            check(
                "heavy atoms",
                own.heavy_atoms as f64,
                row.heavy_atoms as f64,
                0.0,
            );
            check("weight", own.weight, row.weight, 0.01);
            check("clogp", own.clogp.unwrap(), row.clogp, 0.001);
            check("tpsa", own.tpsa, row.tpsa, 0.01);
            check("donors", own.donors as f64, row.donors as f64, 0.0);
            check("acceptors", own.acceptors as f64, row.acceptors as f64, 0.0);
            check(
                "rotatable",
                own.rotatable_bonds as f64,
                row.rotatable_bonds as f64,
                0.0,
            );
            check("rings", own.rings as f64, row.rings as f64, 0.0);
            check("charge", own.charge.into(), row.charge.into(), 0.0);
            let likeness = structure.fingerprint().unwrap().similarity(&first);
            check("similarity", likeness, row.similarity, 1e-6);
            if structure.canonical().as_deref() != Some(&row.canonical) {
                wrong.push(format!(
                    "{} canonical: {:?}",
                    row.smiles,
                    structure.canonical()
                ));
            }
            if structure.scaffold().unwrap_or_default() != row.scaffold {
                wrong.push(format!(
                    "{} scaffold: {:?} for {}",
                    row.smiles,
                    structure.scaffold(),
                    row.scaffold
                ));
            }
        }
        assert!(
            wrong.is_empty(),
            "{} of {}: {wrong:#?}",
            wrong.len(),
            oracle.molecules.len()
        );
    });
}

#[test]
fn substructure_matches_agree_with_rdkit() {
    deep(|| {
        let oracle = oracle();
        let molecules: Vec<_> = oracle
            .molecules
            .iter()
            .map(|row| (row, Structure::read(&row.smiles).unwrap()))
            .collect();
        let mut wrong = Vec::new();
        for (place, (text, is_smiles)) in oracle.queries.iter().enumerate() {
            let query = if *is_smiles {
                Query::from_smiles(text).unwrap()
            } else {
                Query::from_smarts(text).unwrap()
            };
            for (row, structure) in &molecules {
                let is = query.find(structure);
                let meant = row.matches.contains(&place);
                if matches!(is, SearchResult::Yes(_)) != meant || is == SearchResult::NotDecided {
                    wrong.push(format!("{text} in {}: {is:?} for {meant}", row.smiles));
                }
            }
        }
        assert!(wrong.is_empty(), "{}: {wrong:#?}", wrong.len());
    });
}

#[test]
fn invalid_molecules_are_rejected_with_a_reason() {
    deep(|| {
        let long = "C".repeat(1001);
        let many = "C".repeat(301);
        for text in [
            // An atom bonded to itself, and twice to another one: found by the fuzzer.
            "C11",
            "C12CC12",
            "C11CC2CCC1C2C11CC2CCC1C2",
            "",
            " ",
            "None",
            "C(",
            "c1ccccc",
            "C.",
            "C()",
            "[Xx]",
            &long,
            &many,
            "C(C)(C)(C)(C)C",
        ] {
            assert!(Structure::read(text).is_err(), "{text}");
        }
        for text in [
            "CCO name",
            "CCO |extended|",
            "[Na+].[Cl-]",
            "[13CH4]",
            "C[Fe]",
            "[2H]OC",
        ] {
            assert!(Structure::read(text).is_ok(), "{text}");
        }
        let nested = format!("C{}{}", "(C".repeat(60_000), ")".repeat(60_000));
        assert!(matches!(
            Query::from_smarts(&nested),
            Err(QueryError::TooLarge)
        ));
        assert!(matches!(Query::parse(""), Err(QueryError::Empty)));
        let wrong = Query::from_smarts("c1cc[nH").unwrap_err().to_string();
        assert!(wrong.contains("position"), "{wrong}");
        // One that is a SMILES means the part that it draws.
        let pyridine = Query::parse("c1ccncc1").unwrap();
        let found = pyridine.find(&Structure::read("Cc1ccncc1").unwrap());
        assert_eq!(found, SearchResult::Yes((1..7).collect()));
        assert_eq!(
            pyridine.find(&Structure::read("c1ccccc1").unwrap()),
            SearchResult::No
        );
    });
}

#[test]
fn a_drawing_has_every_atom_once_and_says_what_a_chemist_must_know() {
    deep(|| {
        let drawn = |smiles: &str| Structure::read(smiles).unwrap().drawing().unwrap();
        let alanine = drawn("C[C@H](N)C(=O)[O-]");
        assert_eq!((alanine.atoms.len(), alanine.bonds.len()), (6, 5));
        assert!(alanine.bonds.iter().any(|bond| bond.stereo != Stereo::Flat));
        let labels: Vec<_> = alanine
            .atoms
            .iter()
            .filter_map(|atom| atom.label.as_ref())
            .map(|label| (label.symbol.as_str(), label.hydrogens, label.charge))
            .collect();
        assert_eq!(labels, [("N", 2, 0), ("O", 0, 0), ("O", 0, -1)]);
        // Alternating double bonds, each inside its ring.
        let benzene = drawn("c1ccccc1");
        let double = benzene
            .bonds
            .iter()
            .filter(|bond| matches!(bond.lines, Lines::Two(1 | -1)));
        assert_eq!(double.count(), 3);
        let (low, high) = benzene.extent();
        assert!((high[0] - low[0]) > 1.5 && (high[0] - low[0]) < 2.2);
        // Dative bonds come in the newer form of the file.
        assert_eq!(
            drawn("[13CH3]O").atoms[0].label.as_ref().unwrap().isotope,
            Some(13)
        );
        assert_eq!(drawn("C").atoms[0].label.as_ref().unwrap().hydrogens, 4);
    });
}

#[test]
fn an_svg_of_a_molecule_is_self_contained() {
    // Stereo both ways, a charge, an isotope, hydrogens on every side, one bond of each kind.
    for smiles in [
        "C[C@H](N)C(=O)O",
        "N#Cc1ccc([N+](=O)[O-])cc1",
        "[13CH3]O[C@@H]1CCCC[C@H]1F",
        "FC(Br)=C(Cl)S",
        "O",
    ] {
        let drawing = Structure::read(smiles).unwrap().drawing().unwrap();
        let marked = [0];
        let svg = drawing.svg("<&>", &marked);
        assert!(svg.contains("<title>&lt;&amp;&gt;</title>"), "{svg}");
        assert!(!svg.contains("href") && !svg.contains("<text"), "{svg}");
        let picture = crate::picture::scaled(&svg, 4.0).unwrap();
        let (wide, high) = (picture.size[0], picture.size[1]);
        assert_eq!(picture.rgba.len(), wide * high * 4);
        // Nothing is cut: the outermost pixels are paper.
        let pixel = |x: usize, y: usize| &picture.rgba[(y * wide + x) * 4..][..4];
        let edge = (0..wide)
            .flat_map(|x| [(x, 0), (x, high - 1)])
            .chain((0..high).flat_map(|y| [(0, y), (wide - 1, y)]));
        for (x, y) in edge {
            assert_eq!(
                pixel(x, y),
                [255; 4],
                "{smiles} is cut at {x}, {y} of {wide} × {high}"
            );
        }
        if let Ok(folder) = std::env::var("STRUCTURE_PICTURES") {
            let name = format!("{folder}/{}.png", smiles.replace('/', "_"));
            std::fs::write(name, crate::picture::png(&svg, 6.0).unwrap()).unwrap();
        }
    }
}
