//! The plot: what its marks mean, zooming, and the picture of it in the clipboard.

use std::collections::BTreeSet;

use egui::{Event, Key, Modifiers, MouseWheelUnit, Pos2, TouchPhase, Vec2};
use fragalysis_desktop::demo::ALICE;

use crate::{
    export::{drag, drag_along, plotted},
    harness::{Desk, Setup},
    table::selected,
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
fn the_legend_is_above_the_plot_and_covers_no_point() {
    let mut desk = plot();
    desk.click("Colour: No colour");
    // Found by typing: there are dozens.
    assert!(desk.sees("No colour, chosen"));
    desk.write("Find a column to plot", "confid");
    assert!(!desk.sees("No colour, chosen"), "it is searched as well");
    desk.press(Modifiers::NONE, Key::Enter);
    desk.wait_to_read("High confidence · ");
    let text = desk.on_screen();
    let entries: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("Label “")?.strip_suffix('”'))
        .filter(|text| text.starts_with("High confidence · ") || text.starts_with("No ligand"))
        .collect();
    let plot = desk.place(NAME);
    for entry in &entries {
        assert!(desk.place(entry).bottom() <= plot.top(), "{entry}");
    }
    assert!(!entries.is_empty(), "{text}");
    // Numbers are coloured by their size.
    desk.click("Colour: Ligand confidence");
    desk.scroll_to("Resolution (Å)");
    desk.click("Resolution (Å)");
    desk.wait_to_read(" – ");
    // What is selected is named as well.
    drag(
        &mut desk,
        plot.min + Vec2::splat(40.0),
        plot.max - Vec2::splat(40.0),
    );
    desk.wait_until("their count", |desk| !desk.reads("selected · 0"));
}

#[test]
fn the_legend_wraps_in_a_small_window_and_the_plot_stays_in_its_pane() {
    let mut desk = Desk::new(Setup {
        size: (800.0, 600.0),
        ..Setup::default()
    });
    desk.sign_in_to_target();
    desk.click("Show a plot");
    desk.click("Colour: No colour");
    desk.write("Find a column to plot", "Ligand correlation");
    desk.press(Modifiers::NONE, Key::Enter);
    desk.wait_to_read(" – ");
    let entries: Vec<String> = desk.on_screen().lines().map(str::to_owned).collect();
    let entries = entries.iter().filter_map(|line| {
        let text = line.strip_prefix("Label “")?.strip_suffix('”')?;
        text.contains(" · ").then_some(text)
    });
    let mut count = 0;
    for entry in entries {
        assert!(desk.place(entry).right() <= 800.0, "{entry}");
        count += 1;
    }
    assert!(count >= 6, "{}", desk.on_screen());
    let plot = desk.place("Plot of R-free against Resolution (Å)");
    assert!(plot.right() <= 800.0, "{plot}");
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
    desk.wait_to_read("Copied the plot as a picture.");
    let picture = desk.copied_picture().unwrap();
    assert_eq!(picture.size, [1920, 1280]);
    let coloured = picture.pixels.iter().filter(|pixel| {
        let [red, _, blue, _] = pixel.to_array();
        red.abs_diff(blue) > 60
    });
    assert!(coloured.count() > 4_000);
}

#[test]
fn a_lasso_selects_what_it_surrounds_and_with_shift_it_adds_to_the_selection() {
    let mut desk = plot();
    desk.click("Lasso");
    let plot = desk.place(NAME).shrink(2.0);
    // Two triangles that share their longest side.
    let [first, second] = [plot.left_bottom(), plot.right_top()]
        .map(|corner| [plot.left_top(), corner, plot.right_bottom()]);
    drag_along(&mut desk, &first);
    desk.wait_until("a selection", |desk| selected(desk) > 0);
    let below = selected(&desk);
    assert!(below < plotted(&desk), "{below}");
    desk.window.event(Event::ModifiersChanged(Modifiers::SHIFT));
    drag_along(&mut desk, &second);
    desk.window.event(Event::ModifiersChanged(Modifiers::NONE));
    desk.wait_until("both", |desk| selected(desk) == plotted(desk));
    // Without Shift, the selection is replaced.
    drag_along(&mut desk, &second);
    let all = plotted(&desk);
    desk.wait_until("the others", |desk| selected(desk) == all - below);
}

/// The resolutions of the selected rows, by row.
fn selected_resolutions(desk: &Desk) -> Vec<(usize, f64)> {
    let experiments = &desk.window.state().state().experiments;
    let (sheet, view) = (experiments.sheet(), &experiments.view);
    let place = sheet.place("refinement_resolution").unwrap();
    let rows = view.shown().filter(|row| view.is_selected(sheet.id(*row)));
    rows.map(|row| (row, sheet.number(place, row))).collect()
}

#[test]
fn a_bar_is_clicked_and_a_range_is_dragged_to_select_in_a_histogram() {
    let mut desk = plot();
    desk.click("Y axis: R-free");
    desk.click("Count");
    desk.wait_to_read("drag or click a bar to select");
    let plot = desk.place("Histogram of Resolution (Å)");
    // From edge to edge: all that have a number.
    drag(
        &mut desk,
        plot.left_center() + Vec2::X,
        plot.right_center() - Vec2::X,
    );
    desk.wait_to_read("selected · drag");
    let all = selected_resolutions(&desk);
    assert!(all.len() > 20 && all.iter().all(|(_, number)| number.is_finite()));
    let numbers = || all.iter().map(|(_, number)| *number);
    let span = numbers().fold(0.0, f64::max) - numbers().fold(f64::INFINITY, f64::min);
    let mut found = BTreeSet::new();
    for step in 1..64_u8 {
        let x = plot.left() + plot.width() * f32::from(step) / 64.0;
        drag_along(&mut desk, &[Pos2::new(x, plot.center().y)]);
        let bar = selected_resolutions(&desk);
        // Beside the bars a click changes nothing.
        if bar.len() < all.len() {
            let numbers = || bar.iter().map(|(_, number)| *number);
            let width = numbers().fold(f64::NEG_INFINITY, f64::max)
                - numbers().fold(f64::INFINITY, f64::min);
            assert!(width <= span / 16.0 + 1e-9, "{bar:?}");
            found.extend(bar.iter().map(|(row, _)| *row));
        }
    }
    assert_eq!(found.len(), all.len());
}
