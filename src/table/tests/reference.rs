//! Compares sorting and filtering with a slow reference implementation. `TABLE_ROWS` sets how many rows.

use std::cmp::Ordering;

use super::{target, text};
use crate::{
    model::{Lookups, RowSink as _},
    table::*,
};

/// Random rows of every type, with empties, NaN, mixed text and numbers, and equal keys.
fn random_rows(rng: &mut fastrand::Rng, count: usize) -> Sheet {
    const WORDS: [&str; 14] = [
        "x2",
        "x10",
        "X2",
        "é",
        "e",
        "None",
        "",
        " ",
        "Mpro-x0310",
        "High confidence",
        "No ligand modelled",
        "zz",
        "x02",
        "10",
    ];
    let mut builder = SheetBuilder::new(vec![target("A", "lb1-1")]);
    builder.begin_target(0);
    for id in 0..count {
        let word = |rng: &mut fastrand::Rng| WORDS[rng.usize(0..WORDS.len())];
        let number = match rng.u8(0..10) {
            0 => "null".to_owned(),
            1 => format!("\"{}\"", word(rng)),
            2 => "-0.0".to_owned(),
            3 => format!("\"{}\"", rng.i32(-5..5)),
            4 => format!("{:e}", rng.f64() * 1e30 - 5e29),
            _ => format!("{}", f64::from(rng.i32(-50..50)) / 8.0),
        };
        let date = match rng.u8(0..4) {
            0 => "null".to_owned(),
            1 => "\"soon\"".to_owned(),
            _ => format!("\"2024-0{}-1{}T12:00:00Z\"", rng.u8(1..9), rng.u8(0..9)),
        };
        let row = format!(
            r#"{{"id":{id},"code":"{}","refinement_rfree":{number},"ligand_confidence":"{}","date_refined":{date},
                "soaking_time":"{}:00:00","space_group":"{}","type":{}}}"#,
            word(rng),
            word(rng),
            rng.u8(0..30),
            word(rng),
            rng.i8(-1..3),
        );
        builder.take(row.as_bytes()).unwrap();
    }
    builder.finish(&Lookups::default())
}

/// Compares two cells with the slow reference implementation.
fn slow_order(sheet: &Sheet, field: &str, a: usize, b: usize, direction: Direction) -> Ordering {
    let place = sheet.place(field).unwrap();
    let column = sheet.column(place).unwrap();
    let class = |row: usize| match sheet.cell(place, row) {
        CellValue::Number(_) | CellValue::Moment(_) => 0,
        CellValue::Text(_) => 1,
        CellValue::Empty => 2,
    };
    let (x, y) = (sheet.text(place, a), sheet.text(place, b));
    // Words that stand for numbers sort as the numbers do.
    let numbered = [
        "model building",
        "hand",
        "new",
        "deprecated",
        "superseded",
        "unchanged",
    ];
    let listed = |text: &str| match (field, column.kind) {
        ("type" | "status", _) => numbered.iter().position(|word| *word == text).unwrap_or(9),
        (_, ColumnKind::Category(words)) => words
            .iter()
            .position(|word| *word == text)
            .unwrap_or(words.len()),
        _ => 0,
    };
    let within = class(a).cmp(&class(b)).then_with(|| match class(a) {
        0 => sheet
            .number(place, a)
            .partial_cmp(&sheet.number(place, b))
            .unwrap(),
        1 => listed(&x)
            .cmp(&listed(&y))
            .then_with(|| natural_cmp(&x, &y)),
        _ => Ordering::Equal,
    });
    match (class(a) == 2, class(b) == 2) {
        (false, false) if direction == Direction::Descending => within.reverse(),
        _ => within,
    }
}

/// One column of every type.
const FIELDS: [&str; 8] = [
    "code",
    "refinement_rfree",
    "ligand_confidence",
    "date_refined",
    "soaking_time",
    "space_group",
    "type",
    "id",
];

/// A case of a filter: column, condition, and what a cell's text and number must be to pass.
type Case = (&'static str, Condition, fn(&str, f64) -> bool);

/// A random table; the seed repeats it.
#[expect(clippy::print_stdout, reason = "the seed repeats a failure")]
fn random_table() -> (Sheet, fastrand::Rng) {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let count = number("TABLE_ROWS").unwrap_or(10_000);
    let seed = number("TABLE_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("TABLE_ROWS={count} TABLE_SEED={seed}");
    let mut rng = fastrand::Rng::with_seed(seed);
    let sheet = random_rows(&mut rng, usize::try_from(count).unwrap());
    (sheet, rng)
}

#[test]
fn sorting_agrees_with_the_slow_way() {
    let (sheet, mut rng) = random_table();
    let rows = u32::try_from(sheet.len()).unwrap();
    for _ in 0..6 {
        let keys: Vec<SortKey> = (0..rng.usize(1..4))
            .map(|_| SortKey {
                field: (*rng.choice(FIELDS.iter()).unwrap()).to_owned(),
                direction: if rng.bool() {
                    Direction::Ascending
                } else {
                    Direction::Descending
                },
            })
            .collect();
        let fast = sort_rows(&sheet, &keys, (0..rows).collect());
        let mut slow: Vec<u32> = (0..rows).collect();
        slow.sort_by(|a, b| {
            keys.iter()
                .map(|key| slow_order(&sheet, &key.field, *a as usize, *b as usize, key.direction))
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        assert!(fast == slow, "{keys:?}");
    }
}

#[test]
fn finding_agrees_with_the_slow_way() {
    let (sheet, _) = random_table();
    for needle in ["x0", "É", "high", "0.", "14", "-", "model b", "zz top"] {
        let mut view = TableView::default();
        view.set_layout(&sheet, Layout::of_fields(&sheet, &FIELDS));
        view.set_search(&sheet, needle.to_owned());
        let fast: std::collections::BTreeSet<usize> = view.shown().collect();
        let slow = (0..sheet.len()).filter(|row| {
            FIELDS
                .iter()
                .any(|field| !matches(&text(&sheet, field, *row), needle).is_empty())
        });
        assert!(fast == slow.collect(), "{needle}");
    }
}

fn range(from: Option<f64>, to: Option<f64>) -> Condition {
    Condition::Range { from, to }
}

#[test]
fn filtering_agrees_with_the_slow_way() {
    let (sheet, _) = random_table();
    let cases: [Case; 8] = [
        (
            "refinement_rfree",
            range(Some(-1.0), Some(2.0)),
            |_, number| (-1.0..=2.0).contains(&number),
        ),
        ("date_refined", range(Some(1.71e9), None), |_, number| {
            number >= 1.71e9
        }),
        (
            "ligand_confidence",
            Condition::OneOf(["High confidence".to_owned(), String::new()].into()),
            |text, _| text.is_empty() || text == "High confidence",
        ),
        (
            "type",
            Condition::OneOf(["hand".to_owned()].into()),
            |text, _| text == "hand",
        ),
        ("space_group", Condition::Empty, |text, _| text.is_empty()),
        ("refinement_rfree", Condition::Present, |text, _| {
            !text.is_empty()
        }),
        (
            "code",
            Condition::Text {
                how: Compare::Is,
                text: "X2".to_owned(),
            },
            |text, _| text.to_lowercase() == "x2",
        ),
        (
            "code",
            Condition::Text {
                how: Compare::Pattern,
                text: "^x0?2$".to_owned(),
            },
            |text, _| matches!(text.to_lowercase().as_str(), "x2" | "x02"),
        ),
    ];
    for (field, condition, passes) in cases {
        let mut view = TableView::default();
        let filter = ColumnFilter {
            field: field.to_owned(),
            condition,
        };
        view.set_filter(&sheet, field, Some(filter.clone()));
        let place = sheet.place(field).unwrap();
        let slow = (0..sheet.len())
            .filter(|row| passes(&text(&sheet, field, *row), sheet.number(place, *row)));
        let slow: Vec<usize> = slow.collect();
        assert!(view.shown().collect::<Vec<_>>() == slow, "{filter:?}");
        view.undo(&sheet);
        assert_eq!(view.len(), sheet.len());
    }
}
