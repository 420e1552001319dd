//! What leaves the table: for scripts, for spreadsheets.

use super::sheet_of;
use crate::table::*;

#[test]
fn nothing_runs_in_a_spreadsheet_and_the_plain_file_loses_nothing() {
    let sheet = sheet_of(&[
        r#"{"id":1,"code":"=1+1","refinement_rfree":-0.5,"experiment_comments":"a\tb\n\"c\""}"#,
    ]);
    let places = ["code", "refinement_rfree", "experiment_comments"]
        .map(|field| sheet.place(field).unwrap());
    let extract = Extract {
        sheet,
        columns: places.to_vec(),
        rows: vec![0],
    };
    let mut plain = Vec::new();
    export_csv(&mut plain, &extract).unwrap();
    assert_eq!(
        String::from_utf8(plain).unwrap(),
        "code,refinement_rfree,experiment_comments\n=1+1,-0.5,\"a\tb\n\"\"c\"\"\"\n"
    );
    let mut safe = Vec::new();
    assert_eq!(export_csv_for_spreadsheets(&mut safe, &extract).unwrap(), 1);
    assert!(String::from_utf8(safe).unwrap().contains("\n'=1+1,-0.5,"));
    assert_eq!(
        as_text(&extract, false),
        ("'=1+1\t-0.5\ta b \"c\"\n".to_owned(), 1)
    );
    let mut book = std::io::Cursor::new(Vec::new());
    export_xlsx(&mut book, &extract, &[("Server", "here".to_owned())]).unwrap();
    assert!(book.into_inner().starts_with(b"PK"));
}

#[test]
fn what_the_server_sent_is_what_scripts_get() {
    let row = r#"{"id":1,"code":"a","compounds":[],"new_field":"","map_info_source_files":[null],"pdb_code":"5E10",
        "refinement_rfree":0.21659939713061338,"unit_cell_dimensions":[103.09149380987907],"xtalform":"9007199254740993",
        "isig_i_overall":"inf","date_refined":"2024-03-14T12:00:00.123456Z","soakdb_entry":"nan"}"#;
    let sheet = sheet_of(&[row]);
    let (sent, ours): (serde_json::Value, _) =
        (serde_json::from_str(row).unwrap(), sheet.row_json(0));
    for (field, value) in sent.as_object().unwrap() {
        assert_eq!(ours[field], *value, "{field}");
    }
    // What means nothing is empty all the same.
    for field in ["compounds", "new_field", "map_info_source_files", "files"] {
        let place = sheet.place(field).unwrap();
        assert!(
            sheet.is_empty_at(place, 0) && sheet.cell(place, 0).is_empty(),
            "{field}"
        );
    }
    let passes = |condition: &str| {
        Filter::parse(condition, sheet.columns())
            .unwrap()
            .passes(&sheet, 0)
    };
    assert!(passes("date_refined=2024-03-14T12:00:00.123456Z"));
    assert!(passes("date_refined>=2024-03-14T12:00:00.123456Z"));
    assert!(passes("pdb_code>=5A00") && passes("compounds:empty"));
}
