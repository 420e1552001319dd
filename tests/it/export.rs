//! Exports of the table, and actions with the pointer: dragged headings, boxes in the plot.

use std::{fs, path::PathBuf};

use egui::{Pos2, Vec2};
use fragalysis_desktop::demo::{ALICE, Generation};

use crate::{
    harness::{Desk, Setup, files},
    table::{fields, selected},
};

fn desk(setup: Setup) -> Desk {
    let mut desk = Desk::new(setup);
    desk.sign_in(ALICE);
    desk.click("A71EV2A lb32627-66");
    desk
}

/// The file that was saved, once the page says so.
pub(crate) fn saved(desk: &mut Desk, ending: &str) -> PathBuf {
    desk.wait_to_read("Saved ");
    assert!(desk.sees("Show in folder"), "{}", desk.on_screen());
    let folder = desk.downloads();
    let find = |folder: &PathBuf| {
        let found = files(folder);
        found.into_iter().find(|name| name.ends_with(ending))
    };
    desk.wait_until("the file", |desk| find(&desk.downloads()).is_some());
    folder.join(find(&folder).unwrap())
}

/// Presses at one place and lets go at another.
pub(crate) fn drag(desk: &mut Desk, from: Pos2, to: Pos2) {
    drag_along(desk, &[from, to]);
}

/// Drags the pointer from each position to the next.
pub(crate) fn drag_along(desk: &mut Desk, way: &[Pos2]) {
    desk.window.hover_at(way[0]);
    desk.window.step();
    desk.window.drag_at(way[0]);
    for pair in way.windows(2) {
        for part in 1_u8..=8 {
            let at = pair[0] + (pair[1] - pair[0]) * f32::from(part) / 8.0;
            desk.window.hover_at(at);
            desk.window.step();
        }
    }
    desk.window.drop_at(way[way.len() - 1]);
    for _ in 0..4 {
        desk.window.step();
    }
}

/// How many experiments have both numbers of the plot.
pub(crate) fn plotted(desk: &Desk) -> usize {
    let experiments = &desk.window.state().state().experiments;
    let sheet = experiments.sheet();
    let places =
        ["refinement_resolution", "refinement_rfree"].map(|field| sheet.place(field).unwrap());
    let has_both = |row: &usize| {
        places
            .iter()
            .all(|place| sheet.number(*place, *row).is_finite())
    };
    let count = experiments.view.shown().filter(has_both).count();
    assert!(count > 20 && count < 300, "{count}");
    count
}

#[test]
fn the_table_is_saved_as_text_and_as_a_workbook() {
    for (button, ending) in [
        ("CSV file (.csv)…", ".csv"),
        ("Excel workbook (.xlsx)…", ".xlsx"),
        ("Excel workbook with drawn structures (.xlsx)…", ".xlsx"),
    ] {
        let mut desk = desk(Setup::default());
        desk.click("Save table…");
        desk.click(button);
        let path = saved(&mut desk, ending);
        desk.wait_to_read("300 rows");
        let bytes = fs::read(path).unwrap();
        if ending == ".csv" {
            let text = String::from_utf8(bytes).unwrap();
            let mut reader =
                csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
            let names: Vec<String> = reader
                .headers()
                .unwrap()
                .iter()
                .map(str::to_owned)
                .collect();
            assert_eq!(names.len(), fields(&desk).len());
            assert_eq!(reader.records().map(Result::unwrap).count(), 300);
        } else {
            let has_drawings = bytes.windows(9).any(|name| name == b"xl/media/");
            assert_eq!(has_drawings, button.contains("structures"), "{button}");
        }
    }
}

#[test]
fn the_plot_is_saved_as_pixels_and_as_lines() {
    for (button, ending) in [
        ("PNG image (.png)…", ".png"),
        ("SVG, editable (.svg)…", ".svg"),
    ] {
        let mut desk = desk(Setup::default());
        desk.click("Show a plot");
        desk.wait_to_read("drag to select");
        desk.click("Picture of the plot");
        desk.click(button);
        let path = saved(&mut desk, ending);
        if ending == ".png" {
            let picture = image::open(path).unwrap().into_rgb8();
            assert_eq!(picture.dimensions(), (2880, 1920));
            let coloured = picture.pixels().filter(|p| p.0[0].abs_diff(p.0[2]) > 60);
            assert!(coloured.count() > 10_000);
        } else {
            let text = fs::read_to_string(path).unwrap();
            assert!(text.contains("A71EV2A (lb32627-66)"), "{text}");
            assert!(text.contains("Resolution (Å)"), "{text}");
            assert_eq!(text.matches("<circle").count(), plotted(&desk));
        }
    }
}

#[test]
fn a_box_in_the_plot_selects_and_a_heading_is_dragged_to_another_place() {
    let mut desk = desk(Setup {
        size: (1280.0, 800.0),
        ..Setup::default()
    });
    let before = fields(&desk);

    let (from, to) = (
        desk.place("Resolution, sorted ascending"),
        desk.place("R-free"),
    );
    drag(
        &mut desk,
        from.center(),
        to.right_center() + Vec2::new(-4.0, 0.0),
    );
    desk.wait_until("another order", |desk| fields(desk) != before);
    let after = fields(&desk);
    let place = |fields: &[String], field: &str| fields.iter().position(|f| f == field).unwrap();
    let order = |fields: &[String]| {
        place(fields, "refinement_resolution") < place(fields, "refinement_rfree")
    };
    assert!(order(&before) && !order(&after), "{after:?}");
    desk.click("Show a plot");
    desk.wait_to_read("drag to select");
    let plot = desk.place("Plot of R-free against Resolution (Å)");
    drag(
        &mut desk,
        plot.min + Vec2::splat(2.0),
        plot.max - Vec2::splat(2.0),
    );
    // The box reaches from edge to edge, so it holds all that have both numbers.
    desk.wait_until("a selection", |desk| selected(desk) > 0);
    assert_eq!(selected(&desk), plotted(&desk));
}

#[test]
fn widths_are_changed_without_a_pointer() {
    let mut desk = desk(Setup::default());
    let width = |desk: &Desk| {
        let view = &desk.window.state().state().experiments.view;
        let column = view
            .columns()
            .iter()
            .find(|c| c.field == "refinement_resolution");
        column.unwrap().width
    };
    desk.click("Filter Resolution");
    desk.click("Column commands");
    desk.click("Wider");
    desk.wait_until("a wider column", |desk| width(desk).is_some());
    let wide = width(&desk).unwrap();
    desk.click("Narrower");
    desk.wait_until("a narrower column", |desk| {
        width(desk).unwrap() < wide - 1.0
    });
    desk.click("Wider");
    desk.click("Wider");
    desk.click("Fit width");
    desk.wait_until("a column that fits", |desk| width(desk).unwrap() < wide);
}

#[test]
fn rows_are_shown_and_can_be_worked_with_while_the_rest_arrives() {
    let mut desk = Desk::new(Setup {
        rows: Some(6_000),
        generation: Generation::G2026,
        ..Setup::default()
    });
    desk.click(ALICE);
    desk.click("Sign in");
    desk.wait_until("some of the rows", |desk| {
        let experiments = &desk.window.state().state().experiments;
        experiments.is_partial() && !experiments.view.is_empty()
    });
    desk.wait_for_table();
    desk.wait_until("all rows", |desk| {
        !desk.window.state().state().experiments.is_partial()
    });
}
