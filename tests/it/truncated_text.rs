//! Text that does not fit is truncated with "…", and hovering over it shows all of it.

use std::collections::BTreeSet;

use egui::{Key, Modifiers, Pos2, Rect, Shape, Vec2};

use crate::harness::{Desk, Setup};

/// Maximum number of truncated texts per page that are hovered over.
const MOST: usize = 24;

/// A text in the picture.
struct Painted {
    text: String,
    rect: Rect,
    /// Ends in "…".
    is_cut: bool,
    /// Ends at the edge of something, and nothing tells that there is more.
    is_clipped: bool,
}

fn painted(desk: &Desk) -> Vec<Painted> {
    let mut found = Vec::new();
    let window = desk.window.ctx.content_rect();
    for clipped in &desk.window.output().shapes {
        let mut shapes = vec![&clipped.shape];
        while let Some(shape) = shapes.pop() {
            match shape {
                Shape::Vec(inner) => shapes.extend(inner),
                // What lies under a dialog cannot be pointed at.
                Shape::Rect(cover) if cover.rect.contains_rect(window) => found.clear(),
                Shape::Text(text) => {
                    let rect = text.visual_bounding_rect();
                    let seen = rect.intersect(clipped.clip_rect);
                    // What is scrolled away is scrolled back, not pointed at.
                    if seen.width() > 24.0 && seen.height() > rect.height() * 0.9 {
                        found.push(Painted {
                            text: text.galley.text().to_owned(),
                            rect: seen,
                            is_cut: text.galley.elided,
                            is_clipped: seen.width() + 2.0 < rect.width(),
                        });
                    }
                }
                _ => {}
            }
        }
    }
    found
}

/// Hovers over every truncated text of a page, and checks that all of it can then be read.
fn assert_tooltips(desk: &mut Desk, page: &str) -> usize {
    let mut told = BTreeSet::new();
    desk.window.event(egui::Event::PointerGone);
    desk.window.step();
    // A table that is wider than its place is scrolled.
    let is_table = ["a target", "details", "everything", "hits"].contains(&page);
    let clipped = painted(desk).into_iter().find(|one| one.is_clipped);
    if let Some(one) = clipped.filter(|_| !is_table) {
        panic!("{page}: “{}” ends at an edge, at {:?}", one.text, one.rect);
    }
    let cut: Vec<(String, Pos2)> = painted(desk)
        .into_iter()
        .filter(|one| one.is_cut && told.insert(one.text.clone()))
        .map(|one| (one.text, one.rect.left_center() + Vec2::new(8.0, 0.0)))
        .take(MOST)
        .collect();
    for (text, at) in &cut {
        let is_whole = |one: &&Painted| !one.is_cut && one.text.contains(text.trim());
        let whole = painted(desk).iter().filter(is_whole).count();
        desk.window.event(egui::Event::PointerMoved(*at));
        for _ in 0..6 {
            desk.window.step();
        }
        let times = painted(desk).iter().filter(is_whole).count();
        assert!(
            times <= whole + 1,
            "{page}: pointing at “{text}” shows it twice"
        );
        assert!(
            times == whole + 1,
            "{page}: “{text}” at {at:?} is cut, and pointing at it shows nothing more; shown are {:?}",
            painted(desk)
                .iter()
                .map(|one| &one.text)
                .collect::<Vec<_>>()
        );
        desk.window.event(egui::Event::PointerGone);
        for _ in 0..3 {
            desk.window.step();
        }
    }
    cut.len()
}

#[test]
fn hovering_over_truncated_text_shows_all_of_it() {
    let mut cut = 0;
    for (size, larger) in [
        ((800.0, 600.0), 0),
        ((1280.0, 800.0), 0),
        ((1280.0, 800.0), 5),
    ] {
        let mut desk = Desk::new(Setup {
            size,
            ..Setup::default()
        });
        for _ in 0..larger {
            desk.press(Modifiers::COMMAND, Key::Plus);
        }
        cut += assert_tooltips(&mut desk, "sign in");
        desk.sign_in_to_target();
        cut += assert_tooltips(&mut desk, "a target");
        desk.click("Code");
        desk.click("A71EV2A-x0015");
        desk.click("Show the details of an experiment");
        desk.wait_to_read("Download Structure with ligand of");
        cut += assert_tooltips(&mut desk, "details");
        desk.click("Download 1 selected…");
        desk.wait_to_read("Free space:");
        cut += assert_tooltips(&mut desk, "the dialog");
        desk.click_beginning("Download 1 obs");
        desk.wait_to_read("Complete");
        cut += assert_tooltips(&mut desk, "downloads");
        desk.click("Show the details of A71EV2A (lb32627-66)");
        cut += assert_tooltips(&mut desk, "a folder");
        desk.click("Experiments");
        desk.click_beginning("Views of the table");
        desk.click("Everything");
        cut += assert_tooltips(&mut desk, "everything");
        desk.click("Hits");
        desk.wait_until("the hits", |desk| desk.sees("Cards"));
        cut += assert_tooltips(&mut desk, "hits");
        for page in ["Status", "Settings"] {
            desk.click(page);
            desk.wait_until("all of the page", |desk| !desk.reads("Being looked up"));
            cut += assert_tooltips(&mut desk, page);
            desk.scroll_down();
            cut += assert_tooltips(&mut desk, page);
        }
    }
    assert!(cut >= 10, "hardly anything was cut: {cut}");
}

#[test]
fn the_largest_text_of_the_smallest_window_leaves_the_dialog_its_edges() {
    let mut desk = Desk::new(Setup {
        size: (800.0, 600.0),
        ..Setup::default()
    });
    desk.sign_in_to_target();
    desk.press(Modifiers::COMMAND, Key::D);
    desk.wait_to_read("Free space:");
    // 800 × 600 at 150 %.
    desk.window.set_size(Vec2::new(534.0, 400.0));
    for _ in 0..4 {
        desk.window.step();
    }
    let inside = desk.window.ctx.content_rect().shrink2(Vec2::new(16.0, 0.0));
    let texts = painted(&desk);
    assert!(texts.iter().any(|one| one.text == "Ligands and metadata"));
    for one in texts {
        let is_inside = inside.x_range().contains(one.rect.left())
            && inside.x_range().contains(one.rect.right());
        assert!(
            is_inside && !one.is_clipped,
            "“{}” {:?}",
            one.text,
            one.rect
        );
    }
}

/// Pairs of texts of which one is painted over the other.
fn overlaps(desk: &Desk) -> Vec<(String, String)> {
    let texts = painted(desk);
    let mut found = Vec::new();
    for (at, one) in texts.iter().enumerate() {
        for other in &texts[at + 1..] {
            // Line spacing is a little tighter than letters are high.
            if one.rect.shrink(3.0).intersects(other.rect.shrink(3.0)) {
                found.push((one.text.clone(), other.text.clone()));
            }
        }
    }
    found
}

/// A screen of 1280 × 800 with text at 200 %: details and plot covered the toolbar.
#[test]
fn details_and_plot_take_the_place_of_the_table_where_there_is_no_room_beside_it() {
    let mut desk = Desk::new(Setup {
        size: (800.0, 600.0),
        ..Setup::default()
    });
    desk.sign_in_to_target();
    desk.window.set_size(Vec2::new(640.0, 400.0));
    desk.wait_until("the table", |desk| desk.sees("Find in the table"));
    assert_eq!(overlaps(&desk), []);
    desk.press(Modifiers::COMMAND, Key::I);
    // There is no table to select a row in, so it begins with the first one.
    desk.wait_to_read("Ligand confidence");
    assert!(!desk.reads("Select a row to see its details"));
    assert!(!desk.sees("Find in the table"));
    assert_eq!(overlaps(&desk), []);
    desk.click("Close the details");
    desk.wait_until("the table", |desk| desk.sees("Find in the table"));
    desk.press(Modifiers::COMMAND, Key::P);
    desk.wait_to_read("X axis");
    assert_eq!(overlaps(&desk), []);
    desk.press(Modifiers::COMMAND, Key::P);
    desk.wait_to_read("A71EV2A-x");
    // With more room, the plot is there once, and the table above it.
    desk.window.set_size(Vec2::new(800.0, 600.0));
    desk.press(Modifiers::COMMAND, Key::P);
    desk.wait_to_read("X axis");
    desk.wait_to_read("A71EV2A-x");
    let plots = painted(&desk);
    let plots = plots
        .iter()
        .filter(|one| one.text.starts_with("drag to select"));
    assert_eq!(plots.count(), 1);
}

/// A small screen with a title bar: the button for public data was below the edge of the window.
#[test]
fn every_button_of_the_sign_in_page_is_in_the_smallest_window() {
    let desk = Desk::new(Setup {
        size: (800.0, 570.0),
        ..Setup::default()
    });
    let window = desk.window.ctx.content_rect();
    for button in ["Paste", "Sign in", "Browse public data without signing in"] {
        let place = desk.place(button);
        assert!(window.contains_rect(place), "{button}: {place:?}");
    }
}

/// With a row selected, a note beside the choices made the dialog wider than windows of 700 points.
#[test]
fn the_dialog_fits_windows_of_every_width() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in_to_target();
    desk.click("Code");
    desk.click("A71EV2A-x0015");
    desk.press(Modifiers::COMMAND, Key::D);
    desk.wait_to_read("Free space:");
    for width in [540.0, 580.0, 620.0, 660.0, 700.0, 740.0, 780.0] {
        desk.window.set_size(Vec2::new(width, 615.0));
        for _ in 0..4 {
            desk.window.step();
        }
        let window = desk.window.ctx.content_rect().x_range();
        for one in painted(&desk) {
            let across = one.rect.x_range();
            let is_inside = window.contains(across.min) && window.contains(across.max);
            assert!(is_inside, "{width}: “{}” at {across:?}", one.text);
        }
    }
}
