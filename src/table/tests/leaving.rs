//! Exports of the table: for scripts and for spreadsheets.

use std::io::Read as _;

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
    let safe = String::from_utf8(safe).unwrap();
    assert!(safe.contains("\n'=1+1,-0.5,"));
    assert!(
        safe.starts_with("\u{feff}Code,"),
        "Excel knows the encoding by its mark"
    );
    assert_eq!(
        clipboard_text(&extract, false),
        ("'=1+1\t-0.5\ta b \"c\"\n".to_owned(), 1)
    );
    let mut book = std::io::Cursor::new(Vec::new());
    export_xlsx(
        &mut book,
        &extract,
        &[("Server", "here".to_owned())],
        Structures::AsText,
    )
    .unwrap();
    assert!(book.into_inner().starts_with(b"PK"));
}

#[test]
fn what_the_server_sent_is_what_scripts_get() {
    let row = r#"{"id":1,"code":"a","compounds":[],"new_field":"","map_info_source_files":[null],"pdb_code":"5E10",
        "refinement_rfree":0.21659939713061338,"unit_cell_dimensions":[103.09149380987907],"xtalform":"9007199254740993",
        "isig_i_overall":"inf","date_refined":"2024-03-14T12:00:00.123456Z","soakdb_entry":"nan",
        "space_group":"","experiment_comments":"None","refinement_rwork":"  ","refinement_resolution":"NaN",
        "pdb_info":"target_loader_data/None","refinement_outcome":"None"}"#;
    let sheet = sheet_of(&[row]);
    let (sent, ours): (serde_json::Value, _) =
        (serde_json::from_str(row).unwrap(), sheet.row_json(0));
    for (field, value) in sent.as_object().unwrap() {
        assert_eq!(ours[field], *value, "{field}");
    }
    // Values that mean "no value" are empty all the same.
    let empty = "compounds new_field map_info_source_files files space_group experiment_comments refinement_rwork \
                 refinement_resolution pdb_info";
    for field in empty.split_whitespace() {
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
    let extract = Extract {
        columns: vec![
            sheet.place("pdb_info").unwrap(),
            sheet.place("experiment_comments").unwrap(),
        ],
        rows: vec![0],
        sheet: sheet.clone(),
    };
    let mut exact = Vec::new();
    export_csv(&mut exact, &extract).unwrap();
    assert!(exact.ends_with(b"\ntarget_loader_data/None,None\n"));
    assert_eq!(
        clipboard_text(&extract, false).0,
        "\t\n",
        "copied cells look as on screen"
    );
    // What looks empty is not found.
    let view = |text: &str| {
        let mut view = TableView::default();
        view.show(&sheet);
        view.set_search(&sheet, text.to_owned());
        view.len()
    };
    assert_eq!((view("None"), view("5E10")), (0, 1));
}

/// W12: sorting words alphabetically made a file of numbers look unsorted.
#[test]
fn words_for_numbers_sort_as_the_numbers_do() {
    let sheet = sheet_of(&[
        r#"{"id":1,"status":2}"#,
        r#"{"id":2,"status":1}"#,
        r#"{"id":3,"status":0}"#,
        r#"{"id":4,"status":7}"#,
        r#"{"id":5,"status":3}"#,
    ]);
    let key = SortKey {
        field: "status".to_owned(),
        direction: Direction::Ascending,
    };
    let sorted = sort_rows(&sheet, &[key], vec![0, 1, 2, 3, 4]);
    let numbers: Vec<_> = sorted
        .iter()
        .map(|row| sheet.row_json(*row as usize)["status"].clone())
        .collect();
    assert_eq!(numbers, [0, 1, 2, 3, 7]);
}

/// Read back as any program reads it: filters in the first row, widths, and as many decimals as the table shows.
#[test]
fn a_workbook_can_be_filtered_and_is_formatted_as_the_table() {
    let sheet = sheet_of(&[
        r#"{"id":1,"code":"a","refinement_resolution":1.23456}"#,
        r#"{"id":2,"code":"b","refinement_resolution":2}"#,
    ]);
    let columns = ["code", "refinement_resolution"].map(|field| sheet.place(field).unwrap());
    let extract = Extract {
        columns: columns.to_vec(),
        rows: vec![0, 1],
        sheet,
    };
    let mut book = std::io::Cursor::new(Vec::new());
    export_xlsx(&mut book, &extract, &[], Structures::AsText).unwrap();
    let mut archive = zip::ZipArchive::new(book).unwrap();
    let mut read = |name: &str| {
        let mut text = String::new();
        let mut file = archive.by_name(name).unwrap();
        file.read_to_string(&mut text).unwrap();
        text
    };
    let page = read("xl/worksheets/sheet1.xml");
    assert!(page.contains(r#"<autoFilter ref="A1:B3"/>"#), "{page}");
    assert!(
        page.contains("customWidth") && page.contains("<v>1.23456</v>"),
        "{page}"
    );
    // The cell has the format of its column, by which programs show 1.23.
    let resolution = page.split(r#"<c r="B2""#).nth(1).unwrap();
    assert!(resolution.starts_with(r#" s=""#), "{page}");
    assert!(
        read("xl/styles.xml").contains("0.00") || read("xl/styles.xml").contains(r#"numFmtId="2""#)
    );
}

#[test]
fn a_workbook_keeps_the_blanks_around_a_text() {
    let sheet = sheet_of(&[r#"{"id":1,"experiment_comments":"  two blanks  "}"#]);
    let extract = Extract {
        columns: vec![sheet.place("experiment_comments").unwrap()],
        rows: vec![0],
        sheet,
    };
    let (_, texts) = parts(&extract);
    assert!(
        texts.contains(r#"<t xml:space="preserve">  two blanks  </t>"#),
        "{texts}"
    );
}

/// A structure is drawn once and shown in every row that has it; an invalid one is written as text.
#[test]
fn a_workbook_with_structures_has_a_drawing_in_each_row_or_the_text() {
    let sheet = sheet_of(&[
        r#"{"id":1,"code":"a","modelled_smiles":"c1ccccc1O"}"#,
        r#"{"id":2,"code":"b","modelled_smiles":"CCO"}"#,
        r#"{"id":3,"code":"c","modelled_smiles":"c1ccccc1O"}"#,
        r#"{"id":4,"code":"d","modelled_smiles":"not (a molecule"}"#,
        r#"{"id":5,"code":"e"}"#,
    ]);
    let columns = ["code", "refinement_resolution"].map(|field| sheet.place(field));
    let extract = Extract {
        columns: columns.into_iter().flatten().collect(),
        rows: vec![0, 1, 2, 3, 4],
        sheet,
    };
    let mut book = std::io::Cursor::new(Vec::new());
    export_xlsx(&mut book, &extract, &[], Structures::Drawn).unwrap();
    let mut archive = zip::ZipArchive::new(book).unwrap();
    let names = archive.file_names().filter_map(Result::ok);
    let pictures = names.filter(|name| name.ends_with(".png"));
    assert_eq!(pictures.count(), 2, "drawn once for each compound");
    let mut read = |name: &str| {
        let mut text = String::new();
        let mut file = archive.by_name(name).unwrap();
        file.read_to_string(&mut text).unwrap();
        text
    };
    let drawings = read("xl/drawings/drawing1.xml");
    assert_eq!(drawings.matches("<xdr:pic>").count(), 3, "{drawings}");
    // Behind the codes, from the first row below the heading on; with the cells when they move.
    assert!(
        drawings.contains("<xdr:from><xdr:col>1</xdr:col>"),
        "{drawings}"
    );
    assert!(drawings.contains("CCO"), "the text for screen readers");
    let texts = read("xl/sharedStrings.xml");
    assert!(
        texts.contains("not (a molecule") && texts.contains("<t>Structure</t>"),
        "{texts}"
    );
}

/// The cells of a workbook, and its texts.
fn parts(extract: &Extract) -> (String, String) {
    let mut book = std::io::Cursor::new(Vec::new());
    export_xlsx(&mut book, extract, &[], Structures::AsText).unwrap();
    book.set_position(0);
    let mut book = zip::ZipArchive::new(book).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        let mut file = book.by_name(name).unwrap();
        file.read_to_string(&mut text).unwrap();
        text
    };
    (
        part("xl/worksheets/sheet1.xml"),
        part("xl/sharedStrings.xml"),
    )
}

/// O, E10: spreadsheets have no days before March 1900, and cells of at most 32,767 UTF-16 units.
#[test]
fn days_and_texts_that_a_workbook_cannot_hold_are_there_as_text() {
    let long = "\u{1f9ec}".repeat(20_000);
    let sheet = sheet_of(&[
        r#"{"id":1,"code":"early","data_collection_date":"1900-01-15T00:00:00Z"}"#,
        &format!(r#"{{"id":2,"code":"{long}","data_collection_date":"2023-01-15T00:00:00Z"}}"#),
    ]);
    let places = ["code", "data_collection_date"].map(|field| sheet.place(field).unwrap());
    let extract = Extract {
        sheet,
        columns: places.to_vec(),
        rows: vec![0, 1],
    };
    let (cells, words) = parts(&extract);
    assert!(words.contains("1900"), "{words:.300}");
    assert!(
        !words.contains("2023") && cells.contains("<v>44"),
        "{cells}"
    );
    assert!(words.contains(&"\u{1f9ec}".repeat(16_000)));
    assert!(!words.contains(&long));
}
