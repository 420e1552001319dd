//! Almost valid molecules and queries: no input crashes the program, and none makes it run
//! for ever. `CHEMISTRY_INPUTS` says how many, `CHEMISTRY_SEED` repeats a run.

use std::time::{Duration, Instant};

use super::{Query, STACK, SearchResult, Structure};

/// Inputs in an ordinary run; `.ci/long` takes millions.
const INPUTS: usize = 3_000;
/// Far longer than the search itself allows, on any machine.
const LONGEST: Duration = Duration::from_secs(20);

/// What SMILES and SMARTS are made of, and a few that belong to neither.
const PIECES: &[&str] = &[
    "C",
    "c",
    "N",
    "n",
    "O",
    "o",
    "S",
    "s",
    "P",
    "F",
    "Cl",
    "Br",
    "I",
    "B",
    "*",
    "(",
    ")",
    "[",
    "]",
    "=",
    "#",
    "-",
    ":",
    "/",
    "\\",
    ".",
    "1",
    "2",
    "3",
    "%10",
    "%",
    "@",
    "@@",
    "+",
    "-2",
    "H",
    "H3",
    "[nH]",
    "[N+]",
    "[O-]",
    "[13C]",
    "[Fe]",
    "[C@H]",
    "[C@@]",
    "[#6]",
    "[$(",
    ")]",
    ";",
    "&",
    ",",
    "!",
    "~",
    "R",
    "r6",
    "X3",
    "D2",
    "v4",
    "c1ccccc1",
    "c1ccncc1",
    "C(=O)N",
    "S(=O)(=O)",
    "None",
    " ",
    "\t",
    "\u{200b}",
    "é",
    "\0",
];

/// Real molecules to begin with.
const REAL: &[&str] = &[
    "CC(=O)Nc1ccc(O)cc1",
    "CN1C=NC2=C1C(=O)N(C(=O)N2C)C",
    "C[C@H](N)C(=O)N1CCC[C@@H]1C#N",
    "[Na+].[O-]C(=O)c1ccccc1OC(C)=O",
    "C1CC2CCC1C2",
    "O=C1NC(=O)c2ccccc12",
    "c1ccc2c(c1)[nH]c1ccccc12",
    "F[P-](F)(F)(F)(F)F",
];

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// A text of random pieces, or a real molecule with a few of its letters changed.
fn invent(rng: &mut fastrand::Rng) -> String {
    if rng.bool() {
        let count = rng.usize(0..40);
        return (0..count)
            .map(|_| PIECES[rng.usize(..PIECES.len())])
            .collect();
    }
    let mut text: Vec<char> = REAL[rng.usize(..REAL.len())].chars().collect();
    for _ in 0..rng.usize(0..4) {
        let at = rng.usize(..=text.len());
        match rng.u8(0..4) {
            0 if at < text.len() => {
                text.remove(at);
            }
            1 if at < text.len() => {
                text[at] = PIECES[rng.usize(..PIECES.len())]
                    .chars()
                    .next()
                    .unwrap_or('C');
            }
            2 => {
                let piece = PIECES[rng.usize(..PIECES.len())].chars();
                for letter in piece.rev() {
                    text.insert(at, letter);
                }
            }
            // Repeated: many rings, many atoms.
            _ => text.extend_from_within(..),
        }
    }
    text.into_iter().collect()
}

/// Runs every operation on a molecule.
fn try_out(smiles: &str, smarts: &str, known: &[Structure]) {
    let begun = Instant::now();
    if let Ok(structure) = Structure::read(smiles) {
        structure.properties();
        structure.scaffold();
        if let Some(drawing) = structure.drawing() {
            let (low, high) = drawing.extent();
            let numbers = [low, high].concat();
            assert!(
                numbers.iter().all(|number| number.is_finite()),
                "{smiles:?}"
            );
        }
        if let (Some(own), Some(other)) = (structure.fingerprint(), known[0].fingerprint()) {
            let likeness = own.similarity(&other);
            assert!((0.0..=1.0).contains(&likeness), "{smiles:?}: {likeness}");
        }
        // The canonical SMILES is a valid molecule.
        if let Some(canonical) = structure.canonical() {
            assert!(
                Structure::read(&canonical).is_ok(),
                "{smiles:?} became {canonical:?}"
            );
        }
    }
    if let Ok(query) = Query::parse(smarts) {
        for structure in known {
            if let SearchResult::Yes(atoms) = query.find(structure) {
                assert!(!atoms.is_empty(), "{smarts:?}");
            }
        }
    }
    assert!(
        begun.elapsed() < LONGEST,
        "{smiles:?} or {smarts:?} took without end"
    );
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the way to repeat a run that has failed"
)]
fn no_input_panics_or_hangs() {
    let inputs =
        number("CHEMISTRY_INPUTS").map_or(INPUTS, |count| usize::try_from(count).unwrap_or(INPUTS));
    let seed = number("CHEMISTRY_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("CHEMISTRY_SEED={seed} CHEMISTRY_INPUTS={inputs}");
    let work = move || {
        let known: Vec<Structure> = REAL
            .iter()
            .filter_map(|smiles| Structure::read(smiles).ok())
            .collect();
        assert_eq!(known.len(), REAL.len());
        let mut rng = fastrand::Rng::with_seed(seed);
        for _ in 0..inputs {
            let (smiles, smarts) = (invent(&mut rng), invent(&mut rng));
            try_out(&smiles, &smarts, &known);
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK);
    thread.spawn(work).unwrap().join().unwrap();
}
