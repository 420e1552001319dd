//! How fast the table is, against Python's `json`, and `polars` where there is one.
//!
//! `cargo bench --bench table`. Environment: `BENCH_PYTHON` names a Python (with `polars`, else only its `json` is
//! the rival), `BENCH_ROWS` how many rows (100,000), `BENCH_DIR` where the text is put.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and stops at the first surprise"
)]

use std::{
    collections::HashMap,
    fmt::Write as _,
    fs,
    hint::black_box,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use fragalysis_desktop::{
    api::read_list,
    model::{Lookups, Target, TargetId, TargetKey, Tas},
    table::{
        Column, ColumnKind, Direction, Layout, NoteChange, Notes, Sheet, SheetBuilder, SortKey,
        TableView, sort_rows,
    },
};

/// Size of the chunks, as they arrive from a network.
const PIECE: usize = 64 * 1024;
/// How often each thing is done; the fastest counts, as for the rivals.
const TIMES: usize = 5;
/// What is typed, and what the columns are sorted by.
const NEEDLES: [&str; 3] = ["x0310", "conf", "zzzz"];
const NUMBER: &str = "refinement_rfree";
const TEXT: &str = "pdb_info_source_file";

const RIVAL: &str = r#"
import json, sys, time
path, number, text, needles = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4].split(",")
def best(work, times=3):
    least = None
    for _ in range(times):
        start = time.perf_counter(); result = work(); took = time.perf_counter() - start
        least = took if least is None else min(least, took)
    return least, result
data = open(path, "rb").read()
took, parsed = best(lambda: json.loads(data))
print("json", took)
try:
    import polars as pl
except ImportError:
    sys.exit()
print("polars_version", pl.__version__)
rows = parsed["results"]
frame = pl.DataFrame([{k: (json.dumps(v) if isinstance(v, list) else v) for k, v in row.items()} for row in rows], infer_schema_length=None)
for name, frame in (("", frame), ("10x_", pl.concat([frame] * 10, rechunk=True))):
    texts = [c for c in frame.columns if frame.schema[c] == pl.String]
    print(name + "sort_number", best(lambda: frame.select(pl.col(number).arg_sort(nulls_last=True)), 5)[0])
    print(name + "sort_text", best(lambda: frame.select(pl.col(text).arg_sort(nulls_last=True)), 5)[0])
    for needle in needles:
        work = lambda: frame.select(pl.any_horizontal([pl.col(c).str.contains(needle, literal=True) for c in texts]).fill_null(False).arg_true())
        print(name + "find_" + needle, best(work, 5)[0])
    print(name + "text_columns", len(texts))
"#;

fn main() {
    let rows = std::env::var("BENCH_ROWS").ok();
    let rows: usize = rows.and_then(|rows| rows.parse().ok()).unwrap_or(100_000);
    let text = invent(rows);
    println!(
        "{rows} rows of {} bytes: {:.1} MB",
        text.len() / rows,
        text.len() as f64 / 1e6
    );
    let rivals = rivals(&text);
    let told = |what: &str, ours: Duration, rival: &str, limit: f64| {
        let milliseconds = ours.as_secs_f64() * 1e3;
        match rivals.get(rival) {
            Some(theirs) => println!(
                "{what}: {milliseconds:.2} ms, rival {:.2} ms, ratio {:.3} (limit {limit})",
                theirs * 1e3,
                ours.as_secs_f64() / theirs
            ),
            None => println!("{what}: {milliseconds:.2} ms, no rival here"),
        }
    };
    let (took, sheet) = best(3, || read(&text, 1));
    told(
        "read into typed columns, against json.loads",
        took,
        "json",
        1.0 / 1.5,
    );
    println!(
        "memory of the columns: {:.1} MB, {:.2} of the text (limit 1.3)",
        sheet.memory() as f64 / 1e6,
        sheet.memory() as f64 / text.len() as f64
    );
    println!(
        "first rows after {:.3} % of the text (limit 2 %)",
        first_rows(&text) as f64 / text.len() as f64 * 100.0
    );
    measure(&sheet, "", &told);
    star(&sheet);
    let sheet = read(&text, 10);
    println!("{} rows:", sheet.len());
    measure(&sheet, "10x_", &told);
}

fn measure(sheet: &Sheet, prefix: &str, told: &dyn Fn(&str, Duration, &str, f64)) {
    let begun = Instant::now();
    sheet.prepare();
    println!(
        "ranks and index of all columns, once: {:.0} ms",
        begun.elapsed().as_secs_f64() * 1e3
    );
    let all: Vec<u32> = (0..u32::try_from(sheet.len()).unwrap()).collect();
    for (what, field, rival, limit) in [
        ("sort by a number", NUMBER, "sort_number", 1.0),
        ("sort by a text", TEXT, "sort_text", 0.5),
    ] {
        let keys = [SortKey {
            field: field.to_owned(),
            direction: Direction::Ascending,
        }];
        let (took, _) = best(TIMES, || sort_rows(sheet, &keys, all.clone()));
        told(what, took, &format!("{prefix}{rival}"), limit);
    }
    let is_text = |column: &&Column| {
        !matches!(
            column.kind,
            ColumnKind::Number(_) | ColumnKind::Whole | ColumnKind::Duration
        )
    };
    let fields: Vec<&str> = sheet
        .columns()
        .iter()
        .filter(is_text)
        .map(|column| column.field.as_ref())
        .collect();
    for needle in NEEDLES {
        let mut layout = Layout::of_fields(sheet, &fields);
        layout.sort.clear();
        let mut view = TableView::default();
        view.set_layout(sheet, layout);
        let (took, ()) = best(TIMES, || view.set_search(sheet, needle.to_owned()));
        let what = format!(
            "find “{needle}” in {} columns of text, {} rows",
            view.columns().len(),
            view.len()
        );
        told(&what, took, &format!("{prefix}find_{needle}"), 1.0);
    }
}

/// How long the window is busy after a star is set: both tables at most this long, so one of them half of it.
fn star(sheet: &Sheet) {
    const FRAME: Duration = Duration::from_micros(16_667);
    let mut layout = Layout::of_fields(sheet, &["code", TEXT, NUMBER]);
    layout.sort = vec![SortKey {
        field: TEXT.to_owned(),
        direction: Direction::Ascending,
    }];
    let mut view = TableView::default();
    view.set_layout(sheet, layout);
    view.set_search(sheet, NEEDLES[0].to_owned());
    let mut notes = Notes::default();
    let mut starred = sheet.clone();
    let mut row = 0;
    let (took, ()) = best(TIMES, || {
        row += 1;
        let key = starred.experiment_key(row).unwrap();
        notes.change(&key, NoteChange::Star(true));
        starred = starred.with_notes(&notes);
        view.show(&starred);
    });
    println!(
        "show a star in a sorted and searched table: {:.1} ms, {:.2} of a frame (limit 0.5)",
        took.as_secs_f64() * 1e3,
        took.as_secs_f64() / FRAME.as_secs_f64()
    );
}

fn best<T>(times: usize, mut work: impl FnMut() -> T) -> (Duration, T) {
    let mut once = || {
        let begun = Instant::now();
        let result = black_box(work());
        (begun.elapsed(), result)
    };
    let mut least = once();
    for _ in 1..times {
        let next = once();
        if next.0 < least.0 {
            least = next;
        }
    }
    least
}

fn builder(targets: usize) -> SheetBuilder {
    let target = |number| Target {
        id: TargetId(i64::try_from(number).unwrap()),
        key: TargetKey {
            title: format!("T{number}"),
            tas: Tas::new("lb1-1"),
        },
        display_name: String::new(),
        open: Some(true),
    };
    SheetBuilder::new((0..targets).map(target).collect())
}

/// Reads the same text for each of the targets.
fn read(text: &str, targets: usize) -> Sheet {
    let mut builder = builder(targets);
    for target in 0..targets {
        builder.begin_target(target);
        let received = read_list(text.as_bytes().chunks(PIECE), &mut builder).unwrap();
        assert!(received.complete);
    }
    builder.finish(&Lookups::default())
}

/// Returns how many bytes must have arrived before rows can be drawn.
fn first_rows(text: &str) -> usize {
    let mut builder = builder(1);
    builder.begin_target(0);
    for (number, piece) in text.as_bytes().chunks(PIECE).enumerate() {
        // A truncated list is reported as an error; its rows are available all the same.
        read_list([piece], &mut builder).ok();
        if builder.snapshot(&Lookups::default()).len() > 10 {
            return (number + 1) * PIECE;
        }
    }
    text.len()
}

fn rivals(text: &str) -> HashMap<String, f64> {
    let folder =
        std::env::var("BENCH_DIR").unwrap_or_else(|_| std::env::temp_dir().display().to_string());
    let path = Path::new(&folder).join("fragalysis-bench-table.json");
    fs::write(&path, text).unwrap();
    let python = std::env::var("BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(python)
        .args([
            "-c",
            RIVAL,
            path.to_str().unwrap(),
            NUMBER,
            TEXT,
            &NEEDLES.join(","),
        ])
        .output();
    fs::remove_file(&path).unwrap();
    let Ok(output) = output else {
        return HashMap::new();
    };
    print!("{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut times = HashMap::new();
    for line in lines.lines() {
        let Some((name, value)) = line.split_once(' ') else {
            continue;
        };
        match value.parse() {
            Ok(value) if !name.ends_with("columns") => {
                times.insert(name.to_owned(), value);
            }
            _ => println!("rival: {line}"),
        }
    }
    times
}

/// A list of experiments as a server of 2026 sends it, all fields filled.
fn invent(rows: usize) -> String {
    let mut rng = fastrand::Rng::with_seed(60);
    let mut text = format!(r#"{{"count":{rows},"next":null,"previous":null,"results":["#);
    for id in 1..=rows {
        if id > 1 {
            text.push(',');
        }
        row(&mut text, &mut rng, id);
    }
    text.push_str("]}");
    text
}

/// The values of the columns that hold one of a few words.
const WORDS: [&[&str]; 5] = [
    &[
        "High confidence",
        "Low confidence",
        "Correct ligand, but weak density",
        "Unexpected ligand",
        "No ligand modelled",
    ],
    &[
        "CompChem ready",
        "Structure deposited",
        "Analysis pending",
        "Refinement in progress",
        "Structure analysed and rejected",
    ],
    &["DSi_Poised", "MiniFrags", "FragLite", "EUbOPEN"],
    &["xia2-3dii", "autoPROC", "xia2-dials"],
    &["C121", "P3121", "P212121", "C2221"],
];

fn row(text: &mut String, rng: &mut fastrand::Rng, id: usize) {
    let code = format!("A71EV2A-x{id:04}");
    let base = format!(
        "https://fragalysis.diamond.ac.uk/media/target_loader_data/A71EV2A_lb32627-66/upload_1/crystallographic_files/{code}/{code}"
    );
    let source = format!(
        "/dls/labxchem/data/lb32627/lb32627-66/processing/analysis/model_building/{code}/refine"
    );
    let mut date = |after: u64| {
        let day = id as u64 / 40 + after + rng.u64(0..4);
        format!(
            "20{:02}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            18 + day / 336,
            1 + day / 28 % 12,
            1 + day % 28,
            rng.u8(7..22),
            rng.u8(0..60),
            rng.u8(0..60)
        )
    };
    let dates = [date(7), date(60), date(40), date(55), date(0)];
    let words = WORDS.map(|words| words[rng.usize(0..words.len())].to_owned());
    let mut number = |scale: f64, decimals: usize| format!("{:.decimals$}", rng.f64() * scale);
    let cell: Vec<String> = (0..6).map(|_| number(120.0, 2)).collect();
    let [confidence, status, library, pipeline, group] = words;
    let [collected, changed, updated, refined, started] = dates;
    let _infallible = write!(
        text,
        r#"{{"id":{id},"code":"{code}","pdb_info":"{base}.pdb","pdb_info_source_file":"{source}.pdb","mtz_info":"{base}.mtz","mtz_info_source_file":"{source}.mtz","cif_info":"{base}.cif","cif_info_source_file":"{source}.cif","map_info":[null],"map_info_source_files":["{source}-event_1_1-BDC_0.23_map.native.ccp4"],"type":0,"pdb_sha256":null,"prefix_tooltip":"Crystallographic fragment screen","code_prefix":"A","cchalf_high_res_shell":{},"cchalf_overall":{},"completeness_high_res_shell":{},"completeness_overall":{},"crystal_mounting_result":"OK: No comment:Mounted_Clear","data_collection_date":"{collected}","data_collection_outcome":"success","date_model_last_updated":"{changed}","date_status_updated":"{updated}","date_refined":"{refined}","dimple_rfree":{},"dimple_rwork":{},"experiment_comments":"Looks good; the ligand of {code} was fitted with partial occupancy","experiment_status":"{status}","experiment_type":"Soak","experiment_start_date":"{started}","final_compound_concentration_mm":{},"high_resolution":{},"isig_i_overall":{},"isig_i_high_res_shell":{},"library":"{library}","library_plate":"{library}-{}","ligand_confidence":"{confidence}","ligand_correlation_coefficient":"{}","modelled_smiles":"CC(=O)N{}c1ccccc1","panddarun":"/dls/labxchem/data/lb32627/lb32627-66/processing/analysis/panddas","pdb_code":"7H{}","processing_pipeline":"{pipeline}","refinement_comment":null,"refinement_rfree":{},"refinement_rwork":{},"soakdb_entry":"{id}_lb32627","soaking_time":"0{}:30:00","source_well":"B{}a","space_group":"{group}","unit_cell_dimensions":[{}],"refinement_resolution":{},"experiment_upload":3,"status":0,"xtalform":1,"refinement_outcome":null,"model_last_updated_by":2,"refined_by":2,"compounds":[{id}]}}"#,
        number(1.0, 3),
        number(1.0, 4),
        number(100.0, 1),
        number(100.0, 1),
        number(0.3, 4),
        number(0.3, 4),
        number(100.0, 1),
        number(3.0, 2),
        number(20.0, 1),
        number(2.0, 2),
        id % 40,
        number(1.0, 2),
        "C".repeat(id % 7),
        id % 1000,
        number(0.35, 5),
        number(0.3, 5),
        id % 9,
        id % 12,
        cell.join(","),
        number(3.0, 2),
    );
}
