//! How fast molecules are read, searched and laid out, against RDKit from Python.
//!
//! `cargo bench --bench chemistry`. Environment: `BENCH_PYTHON` names a Python with `rdkit` (else there is no rival),
//! `BENCH_MOLECULES` how many molecules are searched (100,000; the 300 of the tests, repeated).
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and panics on the first error"
)]

use std::{
    collections::HashMap,
    hint::black_box,
    process::Command,
    time::{Duration, Instant},
};

use fragalysis_desktop::{
    chemistry::{Query, STACK, SearchResult, Structure},
    model::{Lookups, RowSink as _, Target, TargetId, TargetKey, Tas},
    table::{ColumnFilter, Compare, Condition, STRUCTURE, SheetBuilder, Subject, matching},
};
use serde_json::{Value, json};

/// What chemists type: a ring, a group, a chain, and one that matches nearly everything.
const QUERIES: [&str; 4] = ["c1ccncc1", "C(=O)N", "[NX3;H2,H1;!$(NC=O)]", "[#6]"];
/// Repetitions of each measurement; the fastest counts, as for RDKit.
const TIMES: usize = 3;

const RIVAL: &str = r#"
import json, sys, time
from rdkit import Chem, RDLogger
from rdkit.Chem import AllChem, rdDepictor
RDLogger.DisableLog('rdApp.*')
oracle, count, queries = sys.argv[1], int(sys.argv[2]), sys.argv[3].split(" ")
smiles = [row["smiles"] for row in json.load(open(oracle))["molecules"]]
def best(work, times=3):
    least = None
    for _ in range(times):
        start = time.perf_counter(); work(); took = time.perf_counter() - start
        least = took if least is None else min(least, took)
    return least
print("read", best(lambda: [Chem.MolFromSmiles(s) for s in smiles]))
mols = [Chem.MolFromSmiles(s) for s in smiles]
print("lay_out", best(lambda: [rdDepictor.Compute2DCoords(m) for m in mols]))
many = (mols * (count // len(mols) + 1))[:count]
for place, text in enumerate(queries):
    query = Chem.MolFromSmarts(text)
    print(f"query{place}", best(lambda: [m.HasSubstructMatch(query) for m in many]))
"#;

fn best(mut work: impl FnMut()) -> Duration {
    let times = (0..TIMES).map(|_| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    });
    times.min().unwrap()
}

fn rival(count: usize) -> HashMap<String, f64> {
    let python = std::env::var("BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let oracle = concat!(env!("CARGO_MANIFEST_DIR"), "/src/chemistry/oracle.json");
    let output = Command::new(python)
        .args(["-c", RIVAL, oracle, &count.to_string(), &QUERIES.join(" ")])
        .output();
    let Ok(output) = output.inspect(|output| {
        print!("{}", String::from_utf8_lossy(&output.stderr));
    }) else {
        return HashMap::new();
    };
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let pairs = lines.lines().filter_map(|line| line.split_once(' '));
    pairs
        .filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?)))
        .collect()
}

fn tell(name: &str, own: Duration, each: usize, rival: Option<&f64>) {
    let micros = own.as_secs_f64() * 1e6 / each as f64;
    let ratio = rival.map_or("no comparison".to_owned(), |rival| {
        format!("{:.2} of RDKit's time", own.as_secs_f64() / rival)
    });
    println!("{name:<32} {micros:>9.2} µs each   {ratio}");
}

fn run() {
    let count = std::env::var("BENCH_MOLECULES").ok();
    let count: usize = count.map_or(100_000, |count| count.parse().unwrap());
    let oracle: Value = serde_json::from_str(include_str!("../src/chemistry/oracle.json")).unwrap();
    let smiles: Vec<&str> = oracle["molecules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["smiles"].as_str().unwrap())
        .collect();
    let rival = rival(count);
    let read = || -> Vec<Structure> {
        let structures = smiles.iter().map(|smiles| Structure::read(smiles).unwrap());
        structures.collect()
    };
    let took = best(|| drop(black_box(read())));
    tell("read a SMILES", took, smiles.len(), rival.get("read"));
    let structures = read();
    let mut times = Vec::new();
    for structure in &structures {
        times.push(best(|| drop(black_box(structure.drawing()))));
    }
    times.sort_unstable();
    let all: Duration = times.iter().sum();
    tell("lay a molecule out", all, times.len(), rival.get("lay_out"));
    println!("  median {:?} (limit 2 ms)", times[times.len() / 2]);
    let drawn = structures.iter().filter(|one| one.drawing().is_some());
    println!(
        "  {} of {} can be laid out well",
        drawn.count(),
        structures.len()
    );
    let many: Vec<&Structure> = structures.iter().cycle().take(count).collect();
    for (place, text) in QUERIES.iter().enumerate() {
        let query = Query::from_smarts(text).unwrap();
        let mut found = 0;
        let took = best(|| {
            found = 0;
            for structure in &many {
                found += usize::from(matches!(query.find(structure), SearchResult::Yes(_)));
            }
        });
        let rival = rival.get(&format!("query{place}"));
        tell(
            &format!("search {text} ({found} found)"),
            took,
            count,
            rival,
        );
    }
    filter(&smiles, count);
}

/// How long a table of that many different molecules takes to be filtered, as the window does it: until the user sees
/// the first rows, and until all are there. Each molecule gets an atom of its own, so that no result is reused.
fn filter(smiles: &[&str], count: usize) {
    let key = TargetKey {
        title: "Mpro".to_owned(),
        tas: Tas::new("lb1-1"),
    };
    let target = Target {
        id: TargetId(1),
        display_name: key.title.clone(),
        open: Some(true),
        key: key.clone(),
    };
    let mut builder = SheetBuilder::of(Subject::Hits, vec![target]);
    builder.begin_target(0);
    for (number, one) in smiles.iter().cycle().take(count).enumerate() {
        let own = number / smiles.len() + 1;
        let row = json!({"id": number, "code": "a", "smiles": format!("{one}.[{own}CH4]")});
        builder.take(row.to_string().as_bytes()).unwrap();
    }
    let sheet = builder.finish(&Lookups::default());
    let search = |text: &str| {
        let filter = ColumnFilter {
            field: STRUCTURE.to_owned(),
            condition: Condition::Text {
                how: Compare::Part,
                text: text.to_owned(),
            },
        };
        let (begun, mut first) = (Instant::now(), None);
        filter.prepare(&sheet, &mut || {
            first.get_or_insert_with(|| {
                let found = matching(&sheet, &key, std::slice::from_ref(&filter)).len();
                (begun.elapsed(), found)
            });
            true
        });
        let all = matching(&sheet, &key, std::slice::from_ref(&filter)).len();
        (first.unwrap(), (begun.elapsed(), all))
    };
    // As when the hits arrive: before they are shown.
    let begun = Instant::now();
    sheet.prepare();
    let took = begun.elapsed();
    println!("a table of {count} molecules, prepared: {took:.0?}");
    for text in QUERIES {
        let ((soon, some), (took, all)) = search(text);
        println!(
            "  filter {text}: the first {some} rows after {soon:.0?} (limit 100 ms), all {all} after {took:.0?}"
        );
    }
}

fn main() {
    let thread = std::thread::Builder::new().stack_size(STACK);
    thread.spawn(run).unwrap().join().unwrap();
}
