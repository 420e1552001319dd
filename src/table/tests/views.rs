//! Which rows and columns of a table are shown, and which rows are selected.

use super::{sheet_of, target};
use crate::{
    model::{Lookups, RowId, RowSink as _},
    table::*,
};

#[test]
fn columns_that_a_server_lacks_are_kept_for_the_next_one() {
    let new = sheet_of(&[r#"{"id":1,"code":"a","brightness":1,"refinement_rfree":0.2}"#]);
    let old = sheet_of(&[r#"{"id":1,"code":"a","refinement_rfree":0.2}"#]);
    let mut view = TableView::default();
    view.set_layout(
        &new,
        Layout::of_fields(&new, &["code", "brightness", "refinement_rfree"]),
    );
    view.show(&old);
    let fields = |view: &TableView| -> Vec<String> {
        view.columns()
            .iter()
            .map(|column| column.field.clone())
            .collect()
    };
    assert_eq!(fields(&view), ["code", "refinement_rfree"]);
    view.move_column("refinement_rfree", 0);
    assert_eq!(fields(&view), ["refinement_rfree", "code"]);
    view.show(&new);
    assert_eq!(fields(&view), ["refinement_rfree", "code", "brightness"]);
}

#[test]
fn a_range_of_rows_can_be_made_smaller_and_the_target_of_a_selection_is_known() {
    let mut builder = SheetBuilder::new(vec![target("A", "lb1-1"), target("B", "lb1-1")]);
    for (place, ids) in [(0, 1..5), (1, 5..7)] {
        builder.begin_target(place);
        for id in ids {
            builder
                .take(format!(r#"{{"id":{id},"code":"x{id}"}}"#).as_bytes())
                .unwrap();
        }
    }
    let sheet = builder.finish(&Lookups::default());
    let mut view = TableView::default();
    view.show(&sheet);
    view.select_only(&sheet, RowId(2));
    view.select_range(&sheet, RowId(5));
    assert_eq!(
        (view.selected().len(), view.chosen().has_several_targets),
        (4, true)
    );
    view.select_range(&sheet, RowId(3));
    assert_eq!(
        view.selected().iter().map(|id| id.0).collect::<Vec<_>>(),
        [2, 3]
    );
    assert_eq!(view.chosen().target, Some(target("A", "lb1-1").key));
    view.set_search(&sheet, "x2".to_owned());
    assert_eq!((view.chosen().shown, view.selected().len()), (1, 2));
}

fn codes(view: &TableView, sheet: &Sheet) -> Vec<String> {
    let codes = view.shown().map(|row| sheet.code(row).into_owned());
    codes.collect()
}

#[test]
fn views_keep_what_they_can() {
    let sheet = sheet_of(&[
        r#"{"id":1,"code":"A-x10","refinement_rfree":0.2}"#,
        r#"{"id":2,"code":"A-x2","refinement_rfree":0.3}"#,
        r#"{"id":3,"code":"B-x3"}"#,
    ]);
    let mut view = TableView::default();
    view.show(&sheet);
    assert_eq!(codes(&view, &sheet), ["A-x2", "A-x10", "B-x3"]);
    let fields = view.columns().iter().map(|column| column.field.as_str());
    assert_eq!(
        fields.collect::<Vec<_>>(),
        ["code", "target", "refinement_rfree"],
        "empty columns are not among the first"
    );
    view.sort_by(&sheet, "refinement_rfree", false);
    view.sort_by(&sheet, "refinement_rfree", false);
    assert_eq!(
        codes(&view, &sheet),
        ["A-x2", "A-x10", "B-x3"],
        "empty ones stay last"
    );
    view.toggle(&sheet, RowId(3));
    view.toggle(&sheet, RowId(2));
    view.show_column(&sheet, "space_group", true);
    view.move_column("space_group", 1);
    view.set_width("code", 99.0);
    let kept = serde_json::to_string(view.layout()).unwrap();
    let layout: Layout = serde_json::from_str(&kept).unwrap();
    assert_eq!(layout.clone().sanitized(), *view.layout());
    assert_eq!(layout.columns[1].field, "space_group");
    let fewer = sheet_of(&[
        r#"{"id":1,"code":"A-x10","refinement_rfree":0.2}"#,
        r#"{"id":3,"code":"B-x3"}"#,
    ]);
    view.show(&fewer);
    assert_eq!(*view.selected(), [RowId(3)].into());
    view.set_search(&fewer, "b-X".to_owned());
    assert_eq!(codes(&view, &fewer), ["B-x3"]);
    view.invert_selection(&fewer);
    assert!(view.selected().is_empty());
    view.undo(&fewer);
    assert_eq!((view.selected().len(), view.len()), (1, 1));
    view.undo(&fewer);
    assert_eq!(view.len(), 2);
    view.toggle_all(&fewer);
    assert_eq!(view.selected().len(), 2);
    view.set_target(&fewer, Some(target("Other", "lb9-9").key));
    assert!(view.is_empty() && view.selected().is_empty());
}

#[test]
fn equal_rows_are_ordered_by_their_codes() {
    let sheet = sheet_of(&[
        r#"{"id":1,"code":"x10","refinement_rfree":0.2}"#,
        r#"{"id":2,"code":"x2"}"#,
        r#"{"id":3,"code":"x9","refinement_rfree":0.2}"#,
        r#"{"id":4,"code":"x1"}"#,
        r#"{"id":5,"code":"x3","refinement_rfree":0.1}"#,
    ]);
    let mut view = TableView::default();
    view.show(&sheet);
    let codes = |view: &TableView| -> Vec<String> {
        view.shown()
            .map(|row| sheet.code(row).into_owned())
            .collect()
    };
    view.sort_by(&sheet, "refinement_rfree", false);
    assert_eq!(codes(&view), ["x3", "x9", "x10", "x1", "x2"]);
    view.sort_by(&sheet, "refinement_rfree", false);
    assert_eq!(codes(&view), ["x9", "x10", "x3", "x1", "x2"]);
}

#[test]
fn sorting_in_the_order_that_is_there_is_no_change_to_undo() {
    let sheet = sheet_of(&[
        r#"{"id":1,"refinement_rfree":0.3}"#,
        r#"{"id":2,"refinement_rfree":0.2}"#,
    ]);
    let mut view = TableView::default();
    view.show(&sheet);
    let first = |view: &TableView| view.row(0);
    view.sort_in(&sheet, "refinement_rfree", Direction::Descending);
    assert_eq!(first(&view), Some(0));
    view.sort_in(&sheet, "refinement_rfree", Direction::Ascending);
    assert_eq!(first(&view), Some(1));
    view.undo(&sheet);
    assert_eq!(first(&view), Some(0));
    view.sort_in(&sheet, "refinement_rfree", Direction::Descending);
    view.redo(&sheet);
    assert_eq!(first(&view), Some(1), "what was undone can still be redone");
}
