//! Measures a frame of the table while it is scrolled, against a plain `egui_table` with the same cells in labels:
//! `cargo bench --bench frame`. 1600 × 1000 points, all columns shown, screen readers served, nothing painted.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench may stop at the first surprise"
)]
#![expect(clippy::print_stdout, reason = "prints what it measured")]

#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../tests/it/harness/mod.rs"]
mod harness;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use egui::{
    Event, FontData, FontDefinitions, FontFamily, Modifiers, MouseWheelUnit, Pos2, TouchPhase, Vec2,
};
use egui_kittest::Harness;
use egui_table::{CellInfo, HeaderCellInfo, HeaderRow, Table, TableDelegate};
use fragalysis_desktop::{demo::DemoOptions, table::Sheet};
use harness::{Desk, Setup};

const FRAMES: usize = 200;
const SIZE: (f32, f32) = (1600.0, 1000.0);

/// Cards of the gallery.
const CARDS: usize = 10_000;

fn main() {
    gallery();
    downloading();
    let rows = std::env::var("BENCH_ROWS").ok();
    let most: usize = rows.and_then(|rows| rows.parse().ok()).unwrap_or(100_000);
    let mut first = None;
    for rows in [1_000, most] {
        let (mut desk, sheet) = open(rows);
        // The page has panes and bars of its own around the table; so the rival is as large as the table.
        let area = Vec2::new(SIZE.0 - 280.0, SIZE.1 - 136.0);
        let mut rival = plain(sheet.clone(), area);
        let pointer = Pos2::new(900.0, 500.0);
        let ours = scroll(pointer, |event| {
            desk.window.event(event);
            desk.window.step();
        });
        let theirs = scroll(Pos2::new(600.0, 400.0), |event| {
            rival.event(event);
            rival.step();
        });
        println!(
            "{rows} rows, {} columns: {:.2} ms a frame, plain egui_table {:.2} ms, ratio {:.2} (limit 0.8)",
            sheet.columns().len(),
            milliseconds(ours),
            milliseconds(theirs),
            milliseconds(ours) / milliseconds(theirs)
        );
        let first = *first.get_or_insert(ours);
        println!(
            "against 1000 rows: {:.2} (limit 1.25)",
            milliseconds(ours) / milliseconds(first)
        );
    }
}

/// Measures a frame of the gallery of hits while it is scrolled, with each size of the cards.
fn gallery() {
    let setup = Setup {
        size: SIZE,
        ..Setup::default()
    };
    let options = DemoOptions {
        rows: Some(CARDS + 500),
        modelled: Some(CARDS),
        ..DemoOptions::default()
    };
    let mut desk = Desk::with_demo(setup, options);
    desk.click("Browse public data without signing in");
    desk.wait_for_table();
    desk.click("Hits");
    desk.wait_until("the hits", |desk| desk.sees("Cards"));
    desk.click("Cards");
    for size in ["S", "M", "L"] {
        desk.click(size);
        let cards = desk.window.state().state().experiments.view.len();
        let time = scroll(Pos2::new(900.0, 500.0), |event| {
            desk.window.event(event);
            desk.window.step();
        });
        println!(
            "{cards} cards of size {size}: {:.2} ms a frame (limit 8)",
            milliseconds(time)
        );
    }
}

/// Measures the load of the window while two downloads are running.
fn downloading() {
    let mut desk = Desk::new(Setup {
        size: SIZE,
        ..Setup::default()
    });
    desk.sign_in_to_target();
    desk.begin_two_slow_downloads();
    let time = Duration::from_secs(20);
    let (frames, busy) = desk.observe(time);
    assert!(desk.reads("Receiving"), "the downloads must last longer");
    println!(
        "two downloads under way: {:.1} repaints a second (limit 4), {:.2} % of a core for logic, ui and tessellation (limit 2)",
        f64::from(frames) / time.as_secs_f64(),
        100.0 * busy.as_secs_f64() / time.as_secs_f64()
    );
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Opens the window with all columns of `rows` rows.
fn open(rows: usize) -> (Desk, Sheet) {
    let mut desk = Desk::new(Setup {
        size: SIZE,
        rows: Some(rows),
        ..Setup::default()
    });
    desk.click("Browse public data without signing in");
    desk.wait_for_table();
    desk.click_beginning("Views of the table");
    desk.click("Everything");
    let sheet = desk.window.state().state().experiments.sheet().clone();
    sheet.prepare();
    (desk, sheet)
}

/// Returns the median time of a frame.
fn scroll(pointer: Pos2, mut frame: impl FnMut(Event)) -> Duration {
    frame(Event::PointerMoved(pointer));
    let mut times: Vec<Duration> = (0..FRAMES)
        .map(|_| {
            let begun = Instant::now();
            frame(Event::MouseWheel {
                unit: MouseWheelUnit::Point,
                delta: Vec2::new(-3.0, -200.0),
                modifiers: Modifiers::NONE,
                phase: TouchPhase::Move,
                source: egui::MouseWheelSource::Unknown,
            });
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[FRAMES / 2]
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let bytes = include_bytes!("../assets/fonts/Inter-Regular.otf");
    fonts
        .font_data
        .insert("inter".to_owned(), Arc::new(FontData::from_static(bytes)));
    for family in [FontFamily::Proportional, FontFamily::Monospace] {
        fonts.families.insert(family, vec!["inter".to_owned()]);
    }
    fonts
}

struct Plain(Sheet);

impl TableDelegate for Plain {
    fn header_cell_ui(&mut self, ui: &mut egui::Ui, info: &HeaderCellInfo) {
        if let Some(column) = self.0.column(info.col_range.start) {
            ui.label(column.heading.as_ref());
        }
    }

    fn cell_ui(&mut self, ui: &mut egui::Ui, info: &CellInfo) {
        let row = usize::try_from(info.row_nr).unwrap();
        ui.label(self.0.text(info.col_nr, row).into_owned());
    }
}

/// The same cells in an `egui_table` of labels.
fn plain(sheet: Sheet, size: Vec2) -> Harness<'static> {
    let mut delegate = Plain(sheet);
    let mut has_fonts = false;
    Harness::builder().with_size(size).build_ui(move |ui| {
        if !std::mem::replace(&mut has_fonts, true) {
            // The program's own; they are there from the next frame on.
            ui.ctx().set_fonts(fonts());
            return;
        }
        ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
        let columns: Vec<egui_table::Column> = delegate
            .0
            .columns()
            .iter()
            .map(|column| egui_table::Column::new(column.width).resizable(true))
            .collect();
        Table::new()
            .num_rows(delegate.0.len() as u64)
            .columns(columns)
            .num_sticky_cols(1)
            .headers([HeaderRow::new(40.0)])
            .show(ui, &mut delegate);
    })
}
