//! The plot: what its marks mean, zooming, and the picture of it in the clipboard.

use egui::{Event, Modifiers, MouseWheelUnit, TouchPhase, Vec2};
use fragalysis_desktop::demo::ALICE;

use crate::{
    desk::{Desk, Setup},
    taking::drag,
};

/// The plot of a target, in a window with room for it.
fn plot() -> Desk {
    let mut desk = Desk::new(Setup {
        size: (1280.0, 1000.0),
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.click("Mpro lb18145-1");
    desk.click("Show a plot");
    desk.wait_to_read("drag to select");
    desk
}

const NAME: &str = "Plot of R-free against Resolution (Å)";

#[test]
fn the_meaning_of_the_marks_stands_above_the_plot_and_covers_no_point() {
    let mut desk = plot();
    desk.click("Colour");
    desk.click("Ligand confidence");
    desk.wait_to_read("High confidence ");
    let text = desk.on_screen();
    let entries: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("Label “")?.strip_suffix('”'))
        .filter(|text| text.starts_with("High confidence ") || text.starts_with("No ligand"))
        .collect();
    let plot = desk.place(NAME);
    for entry in &entries {
        assert!(desk.place(entry).bottom() <= plot.top(), "{entry}");
    }
    assert!(!entries.is_empty(), "{text}");
    // Numbers are coloured by their size.
    desk.click("Colour");
    desk.scroll_to("Resolution (Å)");
    desk.click("Resolution (Å)");
    desk.wait_to_read(" – ");
    // What is selected is named as well.
    drag(
        &mut desk,
        plot.min + Vec2::splat(40.0),
        plot.max - Vec2::splat(40.0),
    );
    desk.wait_to_read("Selected ");
}

#[test]
fn the_wheel_zooms_into_the_plot_and_a_button_leads_back() {
    let mut desk = plot();
    assert!(!desk.sees("Zoom out of the plot"));
    let at = desk.place(NAME).center();
    desk.window.hover_at(at);
    desk.steps();
    desk.window.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: Vec2::new(0.0, 120.0),
        modifiers: Modifiers::NONE,
        phase: TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
    });
    desk.wait_until("a way back", |desk| desk.sees("Zoom out of the plot"));
    desk.click("Zoom out of the plot");
    desk.wait_until("all of it", |desk| !desk.sees("Zoom out of the plot"));
}

#[test]
fn the_plot_goes_into_the_clipboard_as_a_picture() {
    let mut desk = plot();
    desk.click("Picture of the plot");
    desk.click("Copy picture");
    desk.wait_to_read("The picture of the plot is copied.");
    let picture = desk.copied_picture().unwrap();
    assert_eq!(picture.size, [1920, 1280]);
    let coloured = picture.pixels.iter().filter(|pixel| {
        let [red, _, blue, _] = pixel.to_array();
        red.abs_diff(blue) > 60
    });
    assert!(coloured.count() > 4_000);
}
