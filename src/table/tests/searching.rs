//! Searches in many molecules, which are done in steps.

use super::target;
use crate::{
    model::{Lookups, RowSink as _},
    table::*,
};

/// Every third molecule has an aromatic ring; two thirds of them are different.
fn molecules(count: usize) -> Sheet {
    let mut builder = SheetBuilder::of(Subject::Hits, vec![target("A", "lb1-1")]);
    builder.begin_target(0);
    for id in 0..count {
        let chain = "C".repeat(id % 7 + 1);
        let ring = if id % 3 == 0 { "c1ccccc1" } else { "C1CCCCC1" };
        let own = id / 21 + 1;
        let row = format!(r#"{{"id":{id},"code":"x{id}","smiles":"{chain}{ring}.[{own}CH4]"}}"#);
        builder.take(row.as_bytes()).unwrap();
    }
    builder.finish(&Lookups::default())
}

fn with(condition: Condition) -> ColumnFilter {
    ColumnFilter {
        field: STRUCTURE.to_owned(),
        condition,
    }
}

fn part(text: &str) -> ColumnFilter {
    with(Condition::Text {
        how: Compare::Part,
        text: text.to_owned(),
    })
}

fn similar(least: f64) -> ColumnFilter {
    with(Condition::Similar {
        smiles: "CCc1ccccc1".to_owned(),
        least,
    })
}

#[test]
fn what_the_first_step_finds_is_shown_and_the_rest_follows() {
    const COUNT: usize = 20_000;
    for filter in [part("c1ccccc1"), similar(0.3)] {
        let sheet = molecules(COUNT);
        let mut view = TableView::default();
        view.show(&sheet);
        // Nothing has been searched: the window does not wait for it, and says that it is not finished.
        view.set_filter(&sheet, STRUCTURE, Some(filter.clone()));
        assert_eq!((view.len(), view.is_unfinished()), (0, true));
        // The user changes the search after the first step.
        let mut steps = 0;
        filter.prepare(&sheet, &mut || {
            steps += 1;
            false
        });
        view.show_further(&sheet);
        let first = view.len();
        assert_eq!((steps, view.is_unfinished()), (1, true));
        assert!(first > 0, "{filter:?}");
        let mut seen = Vec::new();
        filter.prepare(&sheet, &mut || {
            view.show_further(&sheet);
            seen.push(view.len());
            true
        });
        // It resumes where it left off.
        assert!(seen.first() > Some(&first));
        assert!(seen.is_sorted() && seen.len() > 1, "{seen:?}");
        assert_eq!(
            (view.len(), view.is_unfinished()),
            (seen[seen.len() - 1], false)
        );
        // The same as in tables that are searched at once.
        let alone = |row: usize| {
            let mut builder = SheetBuilder::of(Subject::Hits, vec![target("A", "lb1-1")]);
            builder.begin_target(0);
            let place = sheet.place("smiles").unwrap();
            let one = format!(
                r#"{{"id":1,"code":"x","smiles":"{}"}}"#,
                sheet.text(place, row)
            );
            builder.take(one.as_bytes()).unwrap();
            let one = builder.finish(&Lookups::default());
            !matching(
                &one,
                &target("A", "lb1-1").key,
                std::slice::from_ref(&filter),
            )
            .is_empty()
        };
        let shown: std::collections::BTreeSet<usize> = view.shown().collect();
        for row in (0..COUNT).step_by(197) {
            assert_eq!(shown.contains(&row), alone(row), "{row}");
        }
    }
}

#[test]
fn few_molecules_are_searched_at_once_and_invalid_queries_are_finished() {
    let sheet = molecules(300);
    let mut view = TableView::default();
    view.show(&sheet);
    view.set_filter(&sheet, STRUCTURE, Some(part("c1ccccc1")));
    assert_eq!((view.len(), view.is_unfinished()), (100, false));
    let many = molecules(3_000);
    let no_query = [
        part("c1ccc("),
        with(Condition::Similar {
            smiles: "not a molecule".to_owned(),
            least: 0.5,
        }),
    ];
    for filter in no_query {
        let mut view = TableView::default();
        view.show(&many);
        view.set_filter(&many, STRUCTURE, Some(filter.clone()));
        assert_eq!((view.len(), view.is_unfinished()), (3_000, false));
        filter.prepare(&many, &mut || true);
        view.show_further(&many);
        assert_eq!((view.len(), view.is_unfinished()), (3_000, false));
    }
}
