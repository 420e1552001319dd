//! The main state of every page in both themes, compared with a small approved screenshot.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test -- pictures` makes the pictures again.

use egui_kittest::kittest::Queryable as _;
use fragalysis_desktop::{
    state::DrawingState,
    table::{STRUCTURE, Subject},
};
use image::{RgbaImage, imageops};

use crate::harness::{Desk, Setup, likeness::assert_like};

/// Ports, folders and versions are other ones in every run.
const MAY_DIFFER: f64 = 0.012;

/// Half as wide and high: small enough to keep, and large enough to see what has moved.
fn halved(picture: &RgbaImage) -> RgbaImage {
    let (width, height) = picture.dimensions();
    imageops::resize(
        picture,
        width / 2,
        height / 2,
        imageops::FilterType::Triangle,
    )
}

fn compare(desk: &mut Desk, page: &str, is_dark: bool) {
    // Nothing is pointed at.
    desk.window.event(egui::Event::PointerGone);
    for _ in 0..4 {
        desk.window.step();
    }
    let theme = if is_dark { "dark" } else { "light" };
    assert_like(
        &halved(&desk.picture()),
        &format!("{page}-{theme}"),
        MAY_DIFFER,
    );
}

/// Whether the structures of the first rows have been laid out.
fn hits_are_drawn(desk: &Desk) -> bool {
    let state = desk.window.state().state();
    let sheet = state.experiments.sheet();
    let Some(place) = sheet.place(STRUCTURE) else {
        return false;
    };
    let mut first = state.experiments.view.shown().take(6);
    state.experiments.hits.table.value().is_some()
        && first.all(|row| {
            matches!(
                state.drawings.get(&sheet.text(place, row)),
                DrawingState::Ready(_)
            )
        })
}

/// The page has the name of this choice, too.
fn show_experiments(desk: &mut Desk) {
    let role = egui::accesskit::Role::RadioButton;
    desk.window
        .get_by_role_and_label(role, "Experiments")
        .click();
    desk.wait_until("the experiments", |desk| {
        let state = desk.window.state().state();
        state.experiments.subject == Subject::Experiments
    });
}

#[test]
fn every_page_looks_as_it_did() {
    let mut desk = Desk::new(Setup::default());
    compare(&mut desk, "sign-in", false);
    desk.sign_in_to_target();
    // What has a model comes first by itself.
    compare(&mut desk, "experiments", false);
    desk.click("Hits");
    desk.wait_until("drawn structures", hits_are_drawn);
    compare(&mut desk, "hits", false);
    show_experiments(&mut desk);
    desk.click("Download A71EV2A…");
    desk.wait_to_read("Free space:");
    compare(&mut desk, "download", false);
    desk.click_beginning("Download all ");
    desk.wait_to_read("Up to date");
    compare(&mut desk, "downloads", false);
    desk.click("Status");
    desk.wait_to_read("Your target access strings");
    compare(&mut desk, "status", false);
    desk.click("Settings");
    compare(&mut desk, "settings", false);
    // Of the dark theme two pages with much on them: all of them are made of the same components.
    desk.click("Dark");
    desk.click("Experiments");
    compare(&mut desk, "experiments", true);
    desk.click("Hits");
    compare(&mut desk, "hits", true);
    desk.click("Status");
    compare(&mut desk, "status", true);
}
