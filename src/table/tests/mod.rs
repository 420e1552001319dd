//! The table as a whole: rows in, cells out.

mod leaving;
mod picture;
mod reference;
mod searching;
mod views;

use super::*;
use crate::model::{
    CompoundNames, ExperimentId, Lookups, RowSink as _, Target, TargetId, TargetKey, Tas,
};

pub(in crate::table) fn target(title: &str, tas: &str) -> Target {
    Target {
        id: TargetId(1),
        key: TargetKey {
            title: title.to_owned(),
            tas: Tas::new(tas),
        },
        display_name: title.to_owned(),
        open: Some(true),
    }
}

/// A table of these rows, all of one target.
pub(crate) fn sheet_of(rows: &[&str]) -> Sheet {
    let mut builder = SheetBuilder::new(vec![target("Mpro", "lb1-1")]);
    builder.begin_target(0);
    for row in rows {
        builder.take(row.as_bytes()).unwrap();
    }
    builder.finish(&Lookups::default())
}

fn text(sheet: &Sheet, field: &str, row: usize) -> String {
    sheet.text(sheet.place(field).unwrap(), row).into_owned()
}

/// A row with a value of each kind.
const ROW: &str = r#"{"id":1,"code":"Mpro-x0310","refinement_rfree":0.19874,"soaking_time":"1 02:13:45",
    "ligand_correlation_coefficient":"0.9","data_collection_date":"2024-03-14T12:00:00Z",
    "experiment_comments":"None","pdb_info":"http://x/media/a.pdb","cif_info":"http://x/media/None",
    "map_info":[null],"map_info_source_files":["/dls/a.ccp4",null],"compounds":[5,7],
    "unit_cell_dimensions":[112.64,52.9,44.61,90,103,90],"type":0,"status":2,
    "beam_energy_kev":12.7,"flag":"new"}"#;

#[test]
fn cells_are_formatted_for_readers() {
    let sheet = sheet_of(&[ROW]);
    for (field, shown) in [
        ("code", "Mpro-x0310"),
        ("target", "Mpro"),
        ("tas", "lb1-1"),
        ("open", "Everybody"),
        ("refinement_rfree", "0.199"),
        ("soaking_time", "26 h 14 min"),
        ("ligand_correlation_coefficient", "0.90"),
        ("data_collection_date", "14 Mar 2024"),
        ("experiment_comments", ""),
        ("files", "PDB map"),
        ("map_info", "1"),
        ("map_info_source_files", "/dls/a.ccp4"),
        ("compounds", "5, 7"),
        (
            "unit_cell_dimensions",
            "112.6  52.9  44.6  90.0  103.0  90.0",
        ),
        ("type", "model building"),
        ("status", "superseded"),
        ("beam_energy_kev", "12.7"),
        ("flag", "new"),
        ("observations", ""),
    ] {
        assert_eq!(text(&sheet, field, 0), shown, "{field}");
    }
}

#[test]
fn rows_as_json_are_what_the_server_sent() {
    let sheet = sheet_of(&[ROW]);
    let last = sheet.columns().iter().rev().take(2);
    let last: Vec<&str> = last.map(|column| column.heading.as_ref()).collect();
    assert_eq!(
        last,
        ["flag", "beam energy kev"],
        "new fields stand at the end"
    );
    let json = sheet.row_json(0);
    assert_eq!(json["refinement_rfree"], 0.19874);
    assert_eq!(json["compounds"], serde_json::json!([5, 7]));
    assert_eq!(json["map_info"], serde_json::json!([null]));
    assert_eq!(
        (&json["type"], &json["beam_energy_kev"]),
        (&0.into(), &12.7.into())
    );
    assert_eq!(json["data_collection_date"], "2024-03-14T12:00:00Z");
    // Empty on screen; a script gets what the server sent (W12).
    assert_eq!(
        (&json["cif_info"], &json["experiment_comments"]),
        (&"http://x/media/None".into(), &"None".into())
    );
    assert_eq!(
        (&json["flag"], &json["target"]),
        (&"new".into(), &"Mpro".into())
    );
}

/// The fields of the documentation, and those that the servers have besides.
#[test]
fn every_documented_field_has_a_column() {
    let experiment: crate::model::Experiment = serde_json::from_str(r#"{"id":1}"#).unwrap();
    let fields = serde_json::to_value(&experiment).unwrap();
    let sheet = sheet_of(&[]);
    for field in fields.as_object().unwrap().keys() {
        assert!(sheet.place(field).is_some(), "{field}");
    }
    let sheet = sheet_of(&[r#"{"id":1,"model_last_updated":3}"#]);
    assert_eq!(text(&sheet, "model_last_updated_by", 0), "3");
    assert_eq!(sheet.columns().len(), sheet_of(&[]).columns().len());
}

#[test]
fn unexpected_values_stay_readable_and_affect_no_other_row() {
    let long = "x".repeat(10_000);
    let rows = [
        r#"{"id":1,"refinement_rfree":"about 0.2","code":7,"space_group":["C121"]}"#.to_owned(),
        r#"{"id":"2","refinement_rfree":"0.25","code":"None","id_of_beam":{"a":[1]}}"#.to_owned(),
        format!(r#"{{"id":3,"experiment_comments":"{long}\n\t=1+1","refinement_rfree":[1]}}"#),
        r#"{"id":4,"refinement_rfree":true,"unit_cell_dimensions":"none","compounds":null}"#
            .to_owned(),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let sheet = sheet_of(&rows);
    let place = sheet.place("refinement_rfree").unwrap();
    let shown: Vec<String> = (0..4)
        .map(|row| text(&sheet, "refinement_rfree", row))
        .collect();
    assert_eq!(shown, ["about 0.2", "0.250", "[1]", "true"]);
    let odd: Vec<bool> = (0..4).map(|row| sheet.is_unexpected(place, row)).collect();
    assert_eq!(odd, [true, false, true, true]);
    assert_eq!(
        (text(&sheet, "code", 0), text(&sheet, "code", 1)),
        ("7".to_owned(), String::new())
    );
    assert_eq!(text(&sheet, "space_group", 0), r#"["C121"]"#);
    assert_eq!(text(&sheet, "id_of_beam", 1), r#"{"a":[1]}"#);
    assert_eq!(text(&sheet, "experiment_comments", 2).len(), 10_006);
    assert_eq!(sheet.row_json(0)["refinement_rfree"], "about 0.2");
    // Numbers come before words, and words before empty cells.
    let order = sort_rows(
        &sheet,
        &[SortKey {
            field: "refinement_rfree".to_owned(),
            direction: Direction::Ascending,
        }],
        vec![0, 1, 2, 3],
    );
    assert_eq!(order, [1, 2, 0, 3]);
}

/// Beyond 2⁵³ not every whole number is exact as a floating-point number; servers count up to 2⁶³.
#[test]
fn a_row_with_a_huge_number_is_a_row_like_any_other() {
    let sheet = sheet_of(&[
        r#"{"id":9007199254740993,"code":"a"}"#,
        r#"{"id":"9223372036854775807","code":"b"}"#,
        r#"{"id":9007199254740992,"code":"c"}"#,
    ]);
    let ids: Vec<i64> = (0..3).map(|row| sheet.id(row).0).collect();
    assert_eq!(ids, [(1 << 53) + 1, i64::MAX, 1 << 53]);
    assert_eq!(text(&sheet, "id", 0), "9007199254740993");
}

#[test]
fn unreadable_rows_are_dropped_and_duplicates_count_once() {
    let mut builder = SheetBuilder::new(vec![target("A", "lb1-1"), target("A", "lb2-1")]);
    builder.begin_target(0);
    builder.start_attempt();
    assert!(
        builder
            .take(br#"{"id":1,"code":"a","refinement_rfree":0.1,"#)
            .is_err()
    );
    assert!(
        builder
            .take(br#"{"code":"a row without a number"}"#)
            .is_err()
    );
    builder.take(br#"{"id":1,"code":"b"}"#).unwrap();
    builder.take(br#"{"id":1,"code":"c"}"#).unwrap();
    builder.take(br#"{"id":2,"code":"d","code":"e"}"#).unwrap();
    assert_eq!((builder.distinct(), builder.rows()), (2, 2));
    // The same number under another target is another row.
    builder.begin_target(1);
    builder.take(br#"{"id":1,"code":"f"}"#).unwrap();
    let so_far = builder.snapshot(&Lookups::default());
    builder.take(br#"{"id":5,"code":"g"}"#).unwrap();
    let sheet = builder.finish(&Lookups::default());
    let codes: Vec<String> = (0..4).map(|row| sheet.code(row).into_owned()).collect();
    // Of a repeated key the last value counts, as for browsers, Python and every other reader of this program.
    assert_eq!(codes, ["b", "e", "f", "g"]);
    assert_eq!(
        (so_far.len(), text(&so_far, "refinement_rfree", 0)),
        (3, String::new())
    );
    assert_eq!(sheet.target(2).unwrap().tas.as_str(), "lb2-1");
    assert_eq!(sheet.counts().values().copied().max(), Some(2));
}

#[test]
fn incomplete_answers_are_merged_and_a_complete_one_replaces_them() {
    let mut builder = SheetBuilder::new(vec![target("A", "lb1-1")]);
    builder.begin_target(0);
    builder.start_attempt();
    for id in [1, 2, 3] {
        builder
            .take(format!(r#"{{"id":{id},"code":"x{id}"}}"#).as_bytes())
            .unwrap();
    }
    builder.start_attempt();
    for id in [3, 4] {
        builder
            .take(format!(r#"{{"id":{id},"code":"x{id}"}}"#).as_bytes())
            .unwrap();
    }
    assert_eq!((builder.distinct(), builder.rows()), (2, 4));
    builder.commit_attempt();
    builder.take(br#"{"id":5,"code":"x5"}"#).unwrap();
    let sheet = builder.finish(&Lookups::default());
    let codes: Vec<String> = (0..sheet.len())
        .map(|row| sheet.code(row).into_owned())
        .collect();
    assert_eq!(codes, ["x3", "x4", "x5"]);
}

#[test]
fn observations_and_compounds_are_joined() {
    let mut builder = SheetBuilder::new(vec![target("A", "lb1-1"), target("B", "lb1-1")]);
    builder.begin_target(0);
    builder
        .take(br#"{"id":1,"code":"a","compounds":[5,6],"experiment_upload":9}"#)
        .unwrap();
    builder.begin_target(1);
    builder
        .take(br#"{"id":2,"code":"b","compounds":[],"experiment_upload":10}"#)
        .unwrap();
    let mut lookups = Lookups::default();
    lookups.upload_versions.insert(9, 3);
    let names = |name: &str| CompoundNames {
        name: Some(name.into()),
        smiles: Some("CCO".into()),
    };
    lookups.compounds.insert(5, names("Z5"));
    lookups.compounds.insert(6, names("Z6"));
    let sheet = builder.finish(&lookups);
    assert_eq!(text(&sheet, "compound", 0), "Z5, Z6");
    assert_eq!(text(&sheet, "compound_smiles", 0), "CCO, CCO");
    assert_eq!(text(&sheet, "compound", 1), "");
    let version = |row| text(&sheet, "upload_version", row);
    assert_eq!((version(0), version(1)), ("3".to_owned(), String::new()));
    let key = target("A", "lb1-1").key;
    let sheet = sheet.with_observations([(&key, vec![ExperimentId(1), ExperimentId(1)])]);
    assert_eq!(
        (
            text(&sheet, "observations", 0),
            text(&sheet, "observations", 1)
        ),
        ("2".to_owned(), String::new())
    );
}

#[test]
fn a_server_field_named_like_a_joined_column_gets_a_column_of_its_own() {
    let mut builder = SheetBuilder::new(vec![target("A", "lb1-1")]);
    builder.begin_target(0);
    let row = br#"{"id":1,"code":"a","target":77,"files":"many"}"#;
    builder.take(row).unwrap();
    let sheet = builder.finish(&Lookups::default());
    assert_eq!(text(&sheet, "target", 0), "A");
    assert_eq!(text(&sheet, "target (server)", 0), "77");
    assert_eq!(text(&sheet, "files (server)", 0), "many");
}

#[test]
fn a_row_that_cannot_be_read_leaves_no_column() {
    let mut builder = SheetBuilder::new(vec![target("A", "lb1-1")]);
    builder.begin_target(0);
    builder.take(br#"{"id":1,"code":"a"}"#).unwrap();
    builder
        .take(br#"{"id":2,"invented":5,"code":"b""#)
        .unwrap_err();
    builder.take(br#"{"id":3,"code":"c","later":1}"#).unwrap();
    let sheet = builder.finish(&Lookups::default());
    assert_eq!(sheet.place("invented"), None);
    assert_eq!(text(&sheet, "later", 1), "1");
    assert_eq!(sheet.len(), 2);
}

#[test]
fn of_a_repeated_key_the_last_value_counts_unless_it_is_null() {
    let sheet = sheet_of(&[
        r#"{"id":1,"code":"a","refinement_rfree":0.1,"code":"b","unit_cell_dimensions":[1,2,3,90,90,90],"unit_cell_dimensions":[9,2,3,90,90,90]}"#,
        r#"{"id":2,"code":"a","refinement_rfree":0.1,"code":null,"refinement_rfree":"0.2"}"#,
    ]);
    assert_eq!(
        (text(&sheet, "code", 0), text(&sheet, "code", 1)),
        ("b".into(), "a".into())
    );
    let rfree = sheet.place("refinement_rfree").unwrap();
    assert_eq!((sheet.number(rfree, 0), sheet.number(rfree, 1)), (0.1, 0.2));
    assert!(!text(&sheet, "unit_cell_dimensions", 0).contains('1'));
}

#[test]
fn an_invalid_or_too_large_pattern_is_reported_and_hides_nothing() {
    let sheet = sheet_of(&[r#"{"id":1,"code":"a"}"#]);
    for wrong in ["(", "[z-a]", "((a{1000}){1000}){1000}"] {
        assert!(pattern(wrong).is_err(), "{wrong}");
        let condition = Condition::Text {
            how: Compare::Pattern,
            text: wrong.to_owned(),
        };
        let filter = ColumnFilter {
            field: "code".to_owned(),
            condition,
        };
        assert!(
            filter
                .words(&sheet)
                .contains("not a valid regular expression"),
            "{}",
            filter.words(&sheet)
        );
        let mut view = TableView::default();
        view.set_filter(&sheet, "code", Some(filter));
        assert_eq!(view.len(), 1);
    }
}

#[test]
fn column_statistics_are_correct() {
    let sheet = sheet_of(&[
        r#"{"id":1,"high_resolution":1.0,"space_group":"C121"}"#,
        r#"{"id":2,"high_resolution":2.0,"space_group":"P1"}"#,
        r#"{"id":3,"high_resolution":null,"space_group":"C121"}"#,
        r#"{"id":4,"high_resolution":4.0}"#,
    ]);
    let place = sheet.place("high_resolution").unwrap();
    let all = summary(&sheet, place, 0..4).unwrap();
    assert_eq!(
        (all.count, all.median, all.min, all.max),
        (3, 2.0, 1.0, 4.0)
    );
    assert!((all.mean - 7.0 / 3.0).abs() < 1e-12);
    let spread = histogram(&sheet, place, 0..4, 3).unwrap();
    assert_eq!(spread.counts, [1, 1, 1]);
    let groups = value_counts(&sheet, sheet.place("space_group").unwrap(), 0..4, 9).unwrap();
    assert_eq!(
        groups,
        [
            ("C121".to_owned(), 2),
            ("P1".to_owned(), 1),
            (String::new(), 1)
        ]
    );
    assert_eq!(summary(&sheet, place, 2..3), None);
}
