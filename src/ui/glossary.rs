//! The terms of fragment screening, explained in a sentence or two each.

use egui::{Align, Align2, Layout, Margin, ScrollArea, Ui, Vec2};

use super::{
    theme::{Icon, Tokens, Type, size},
    widgets::{Button, Field, hairline_ui},
};

/// A term, and what it means. In the order of the work: from the screen to the files.
const TERMS: [(&str, &str); 24] = [
    (
        "Fragment screen",
        "Hundreds of crystals of one protein, each soaked with a different small compound (a fragment) and measured with X-rays, to see which compounds bind, where and how.",
    ),
    (
        "Target",
        "The protein of a screen, such as Mpro. Its data belong to a target access string.",
    ),
    (
        "Target access string (TAS)",
        "The proposal and visit at Diamond under which the data were collected, such as lb18145-1. It decides who may see a target: everyone, or only the members of the proposal.",
    ),
    (
        "Experiment",
        "One crystal that was soaked and measured. In most of them no ligand is found.",
    ),
    (
        "Hit (observation)",
        "One ligand that was seen bound in a crystal. A crystal may have several, and each has a code of its own.",
    ),
    (
        "Ligand confidence",
        "How sure the crystallographer was that the ligand is there, and bound as modelled.",
    ),
    (
        "Event map",
        "An estimate of the electron density of the ligand-bound state alone: PanDDA computes it by subtracting a fraction of the density of the unbound protein. It is the primary evidence for a fragment that is bound at partial occupancy. Look at it before you trust a weak ligand.",
    ),
    (
        "PanDDA",
        "Pan-Dataset Density Analysis: a program that compares the data of many crystals of one protein, to find what is different in a few of them, such as a bound ligand.",
    ),
    (
        "2Fo-Fc map",
        "Electron density from the measurement and the model together. It shows where the atoms are.",
    ),
    (
        "Fo-Fc map",
        "The measurement minus the model: positive where the model lacks something, negative where it has too much.",
    ),
    (
        "Resolution",
        "The finest detail that the data show, in Å. The smaller the number, the sharper the picture.",
    ),
    (
        "R-free and R-work",
        "How far model and measurement differ, as fractions: the smaller, the better. R-free counts only reflections that were excluded from the refinement, so that it cannot be improved by fitting noise.",
    ),
    (
        "CC1/2",
        "The correlation between two random halves of the data. 1 is perfect; in the outer shell it falls as the data become weak.",
    ),
    (
        "Apo",
        "The protein without its ligand: here, the same structure with the ligand removed.",
    ),
    (
        "Site",
        "A place on the protein at which ligands bind. Hits from different crystals at the same place share a site.",
    ),
    (
        "Conformer site",
        "A site in one of the conformations that the protein adopts there. A site may have several.",
    ),
    (
        "Crystal form",
        "Crystals in which the molecules are packed in the same way: same space group, nearly the same unit cell.",
    ),
    (
        "Pose",
        "Hits in which one compound binds in the same way, at the same site. One of them is the main one and represents the others.",
    ),
    (
        "Superseded",
        "A later version of the same observation has replaced it.",
    ),
    (
        "Virtual observation",
        "A pose that was computed and not measured.",
    ),
    (
        "SMILES and SMARTS",
        "Structures written as text. SMILES names one molecule, such as c1ccncc1 for pyridine; SMARTS is a pattern that many molecules match.",
    ),
    (
        "Similarity (Tanimoto)",
        "How much two molecules have in common, from 0 to 1, judged by the environments of their atoms (Morgan fingerprints).",
    ),
    (
        "Scaffold (Bemis–Murcko)",
        "The ring systems of a molecule and the linkers between them, without side chains.",
    ),
    (
        "Session token",
        "A text that stands for your sign-in to the server for some hours. Treat it like a password.",
    ),
];

/// Width of the window, in points.
const WIDTH: f32 = 620.0;
/// Its height, where there is room.
const TALL: f32 = 560.0;

/// Returns the words that are explained.
pub(super) fn terms() -> impl Iterator<Item = &'static str> {
    TERMS.iter().map(|(term, _)| *term)
}

/// What the window remembers.
#[derive(Default)]
pub(super) struct Glossary {
    find: String,
    has_begun: bool,
}

impl Glossary {
    /// Returns the window with only the terms that contain `term`.
    pub(super) fn at(term: &str) -> Self {
        Self {
            find: term.to_owned(),
            has_begun: false,
        }
    }

    /// Draws the window. Returns `false` if it is to be closed.
    pub(super) fn glossary_ui(&mut self, ui: &Ui) -> bool {
        let mut stays = true;
        let room = ui.ctx().content_rect().size() - Vec2::splat(48.0);
        let place = (Align2::CENTER_CENTER, Vec2::ZERO);
        let leaves = super::modal_ui(ui, "glossary", place, Margin::symmetric(24, 16), |ui| {
            ui.set_width((WIDTH - 48.0).min(room.x - 48.0));
            self.header_ui(ui, &mut stays);
            hairline_ui(ui);
            let height = (room.y - 130.0).clamp(120.0, TALL);
            ScrollArea::vertical()
                .max_height(height)
                .min_scrolled_height(height)
                .auto_shrink(false)
                .show(ui, |ui| self.list_ui(ui));
        });
        stays && !leaves
    }

    fn header_ui(&mut self, ui: &mut Ui, stays: &mut bool) {
        let tokens = Tokens::of(ui);
        ui.horizontal(|ui| {
            ui.label(Type::Title.text("Glossary", tokens.text));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let close = Button::quiet_icon(Icon::CROSS, "Close the glossary");
                *stays = !ui.add(close).clicked();
            });
        });
        let width = ui.available_width();
        let field = Field::new("Find a word", &mut self.find)
            .hint("Find a word")
            .icon(Icon::SEARCH)
            .size(width, size::CONTROL)
            .show(ui);
        if !std::mem::replace(&mut self.has_begun, true) {
            field.request_focus();
        }
    }

    fn list_ui(&self, ui: &mut Ui) {
        let tokens = Tokens::of(ui);
        // The scroll bar takes up the last points of the width.
        ui.set_max_width(ui.available_width() - 16.0);
        let needle = self.find.trim().to_lowercase();
        // Terms are matched by name and, only if none matches, by their explanation.
        let is_named = |(term, _): &&(&str, &str)| term.to_lowercase().contains(&needle);
        let mut found: Vec<_> = TERMS.iter().filter(is_named).collect();
        if found.is_empty() {
            let says = |(_, text): &&(&str, &str)| text.to_lowercase().contains(&needle);
            found = TERMS.iter().filter(says).collect();
        }
        if found.is_empty() {
            ui.add_space(12.0);
            let text = "No glossary entry matches.";
            ui.label(Type::Body.text(text, tokens.muted));
        }
        for (term, text) in found {
            ui.add_space(8.0);
            ui.label(Type::Strong.text(*term, tokens.text));
            let text = Type::Body.text(*text, tokens.text);
            ui.add(egui::Label::new(text).wrap());
        }
    }
}
