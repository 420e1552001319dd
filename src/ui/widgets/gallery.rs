//! A gallery of all widgets, in both themes: compared with pictures that a person has reviewed.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test gallery` updates the pictures.

use egui::{Frame, Margin, Ui, Vec2};
use egui_kittest::Harness;

use super::{
    Button, Field, Light, Segment, Tick, Ticked, badge_ui, banner_with_buttons_ui, card_ui,
    empty_state_ui, fact_ui, light_ui, progress_ui, section_ui, segments_ui, skeleton_lines_ui,
    skeleton_table_ui,
};
use crate::ui::theme::{self, Icon, Tokens, Type};

#[path = "../../../tests/it/harness/cpu_renderer.rs"]
mod cpu_renderer;
#[path = "../../../tests/it/harness/likeness.rs"]
mod likeness;

fn buttons(ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        let why = Some("There is nothing to download");
        ui.add(Button::primary("Download 3 selected…").with_icon(Icon::DOWNLOAD));
        ui.add(Button::primary("Download…").disabled_because(why));
        ui.add(Button::recommended("Update").with_icon(Icon::REFRESH));
        ui.add(Button::plain("Choose…"));
        ui.add(Button::plain("Use this limit").disabled_because(why));
        ui.add(Button::quiet("Save table…"));
        ui.add(Button::danger("Move to the bin"));
        ui.add(Button::icon(Icon::FOLDER, "Open the folder"));
        ui.add(Button::quiet_icon(Icon::CROSS, "Close"));
    });
}

fn fields(ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        let field = |ui: &mut Ui, name: &str, text: &str| {
            let mut text = text.to_owned();
            Field::new(name, &mut text)
                .hint("Find a target")
                .icon(Icon::SEARCH)
                .size(180.0, 28.0)
                .invalid(name == "wrong")
                .masked(name == "masked")
                .show(ui);
        };
        field(ui, "empty", "");
        field(ui, "filled", "A71EV2A, 1.64 Å, µm², Fo-Fc σ");
        field(ui, "masked", "not a secret");
        field(ui, "wrong", "http://fragalysis.example.org");
    });
    let choices = ["Errors", "And warnings", "Everything"].map(|it| Segment::new(it, it));
    segments_ui(ui, Some("And warnings"), &choices, None);
}

fn ticks(ui: &mut Ui) {
    ui.add(Tick::new("Maps, aligned", Ticked::Some).heading());
    ui.add(Tick::new("Event maps (PanDDA)", true).note("primary evidence, large", false));
    ui.add(Tick::new("Real-space maps", false).note("very large", true));
    ui.add_enabled_ui(false, |ui| ui.add(Tick::new("Not available here", false)));
}

fn signs(ui: &mut Ui) {
    for (sign, word) in [
        (Light::Ok, "Up to date"),
        (Light::Warning, "Analysis in progress"),
        (Light::Error, "Not OK"),
        (Light::Active, "Newer data on the server"),
        (Light::Unknown, "Not looked up yet"),
    ] {
        light_ui(ui, sign, word);
    }
    ui.horizontal(|ui| {
        badge_ui(ui, "7", false);
        badge_ui(ui, "12", true);
    });
    progress_ui(ui, Some(0.62), "Receiving");
    progress_ui(ui, None, "Being built by the server");
}

fn types(ui: &mut Ui) {
    let tokens = Tokens::of(ui);
    for (step, text) in [
        (Type::Display, "Sign in"),
        (Type::Title, "Experiments"),
        (Type::Pane, "A71EV2A-x0310"),
        (Type::Heading, "Data quality"),
        (Type::Body, "Resolution 1.64 Å, 2Fo-Fc, α β µ – 4.2 × 10²"),
        (Type::Strong, "Being built by the server"),
        (Type::Small, "31 observations · 3.0 MB · 26 Nov 2026"),
        (Type::Caption, "Downloads"),
        (Type::Code, "fragalysis-desktop download --target Mpro"),
    ] {
        ui.label(step.text(text, tokens.text));
    }
}

fn sheet(ui: &mut Ui) {
    let tokens = Tokens::of(ui);
    Frame::new()
        .fill(tokens.app)
        .inner_margin(Margin::same(16))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(8.0);
            buttons(ui);
            fields(ui);
            ui.spacing_mut().item_spacing.x = 24.0;
            ui.columns(2, |columns| {
                if let [left, right] = columns {
                    ticks(left);
                    types(left);
                    signs(right);
                    skeleton_lines_ui(right, 3, "Being loaded");
                    card_ui(
                        right,
                        Icon::SHIELD,
                        "Authenticator",
                        |_| {},
                        |ui| {
                            fact_ui(ui, "Kind", "ISPyB");
                            fact_ui(ui, "Version", "");
                        },
                    );
                }
            });
            banner_with_buttons_ui(
                ui,
                "Your session has ended. Sign in again with a new token.",
                &["Sign in again", "Retry"],
            );
            section_ui(ui, "On this disk", 3, |_| {});
            ui.allocate_ui(Vec2::new(ui.available_width(), 64.0), |ui| {
                skeleton_table_ui(ui, "Being loaded");
            });
            ui.allocate_ui(Vec2::new(ui.available_width(), 150.0), |ui| {
                empty_state_ui(
                    ui,
                    Icon::SEARCH,
                    "Nothing found",
                    "No shown column has this text.",
                    Some("Clear the search"),
                );
            });
        });
}

#[test]
fn every_component_looks_as_it_did() {
    for (name, theme) in [("light", egui::Theme::Light), ("dark", egui::Theme::Dark)] {
        let mut is_new = true;
        let mut window = Harness::builder()
            .with_size(Vec2::new(800.0, 1000.0))
            .with_pixels_per_point(1.0)
            .renderer(cpu_renderer::CpuRenderer::default())
            .build_ui(move |ui| {
                // Fonts take effect in the next frame.
                if std::mem::take(&mut is_new) {
                    theme::install(ui.ctx());
                    ui.ctx().set_theme(theme);
                } else {
                    sheet(ui);
                }
            });
        window.run_steps(4);
        let picture = window.render().unwrap();
        likeness::assert_like(&picture, &format!("components-{name}"), 0.0);
    }
}
