//! Structure searches: by substructure, or by similarity.

use std::collections::BTreeSet;

use egui::{Align, Label, Layout, Response, Slider, Ui};

use crate::{
    chemistry::{Query, Structure},
    table::{Compare, Condition},
    ui::{
        input::select_all,
        theme::{Icon, Tokens, Type, size},
        widgets::{Field, Segment, segments_ui},
    },
};

/// A change: the outer `None` means no change, the inner `None` means that no condition is left.
pub(super) type Edit = Option<Option<Condition>>;

/// The default minimum similarity.
pub(super) const USUAL: f64 = 0.5;

/// Widths in the line above the hits, in points: the choice of the kind of search, the slider with its number, and the
/// field.
const KINDS: f32 = 164.0;
const SLIDER: f32 = 180.0;
const LEAST_FIELD: f32 = 150.0;
const MOST_FIELD: f32 = 300.0;

/// The draft of a search.
pub(super) struct StructureDraft {
    text: String,
    is_similarity: bool,
    least: f64,
    /// The condition as it was last seen or set.
    seen: Option<Condition>,
}

impl Default for StructureDraft {
    fn default() -> Self {
        Self {
            text: String::new(),
            is_similarity: false,
            least: USUAL,
            seen: None,
        }
    }
}

/// Returns `true` if a SMILES or SMARTS may become valid by what is typed next: a bracket or a ring is open, or a bond
/// leads to nothing yet.
fn is_unfinished(text: &str) -> bool {
    let (mut branches, mut atoms) = (0_usize, 0_usize);
    let mut rings = BTreeSet::new();
    for letter in text.chars() {
        match letter {
            '[' => atoms += 1,
            ']' => atoms = atoms.saturating_sub(1),
            '(' if atoms == 0 => branches += 1,
            ')' if atoms == 0 => branches = branches.saturating_sub(1),
            // What the number of a large ring opens and closes is not counted.
            '%' => return true,
            digit if digit.is_ascii_digit() && atoms == 0 => {
                // The same digit opens a ring and closes it.
                rings = &rings ^ &BTreeSet::from([digit]);
            }
            _ => {}
        }
    }
    atoms > 0
        || branches > 0
        || !rings.is_empty()
        || text.ends_with([
            '-', '=', '#', ':', '~', '/', '\\', '%', '.', '!', ',', ';', '&', '$', '@',
        ])
}

impl StructureDraft {
    /// Picks up changes made elsewhere: a removed chip, an undone change.
    pub(super) fn follow(&mut self, present: Option<&Condition>) {
        if self.seen.as_ref() == present {
            return;
        }
        self.seen = present.cloned();
        match present {
            Some(Condition::Text {
                how: Compare::Part,
                text,
            }) => {
                self.is_similarity = false;
                self.text.clone_from(text);
            }
            Some(Condition::Similar { smiles, least }) => {
                self.is_similarity = true;
                self.text.clone_from(smiles);
                self.least = *least;
            }
            _ => self.text.clear(),
        }
    }

    /// Returns what is wrong with the text, and where.
    fn error(&self) -> Option<String> {
        let text = self.text.trim();
        if text.is_empty() {
            return None;
        }
        let error = if self.is_similarity {
            Structure::read(text).err().map(|error| error.to_string())
        } else {
            Query::parse(text).err().map(|error| error.to_string())
        };
        let is_name = text.len() > 2 && text.chars().all(char::is_alphabetic);
        let hint = if is_name {
            " Names of compounds are not known here: enter the structure as a SMILES."
        } else {
            ""
        };
        error.map(|error| format!("{error}.{hint}"))
    }

    /// Draws the choice between substructure and similarity.
    fn kind_ui(&mut self, ui: &mut Ui, edit: &mut Edit) {
        let choices = [
            Segment::new(false, "Contains"),
            Segment::new(true, "Similar to"),
        ];
        if let Some(is_similarity) = segments_ui(ui, Some(self.is_similarity), &choices, None) {
            self.is_similarity = is_similarity;
            self.set(edit);
        }
    }

    fn field_ui(
        &mut self,
        ui: &mut Ui,
        (name, width): (&str, f32),
        is_searching: bool,
        edit: &mut Edit,
    ) -> Response {
        let hint = if self.is_similarity {
            "SMILES, such as c1ccncc1C"
        } else {
            "SMILES or SMARTS, such as c1ccncc1"
        };
        let is_wrong = self.error().is_some();
        let field = Field::new(name, &mut self.text)
            .hint(hint)
            .icon(Icon::SEARCH)
            .invalid(is_wrong)
            .limit(500)
            .note(is_searching.then_some("Searching…"))
            .size(width, size::CONTROL)
            .show(ui);
        if field.changed() {
            self.set(edit);
        }
        field
    }

    fn slider_ui(&mut self, ui: &mut Ui, edit: &mut Edit) {
        ui.spacing_mut().slider_width = 96.0;
        let slider = Slider::new(&mut self.least, 0.1..=1.0)
            .fixed_decimals(2)
            .step_by(0.01);
        let slider = ui.add(slider);
        let name = "Minimum similarity";
        ui.ctx()
            .accesskit_node_builder(slider.id, |node| node.set_label(name));
        if slider.changed() {
            self.set(edit);
        }
        slider.on_hover_text("Minimum similarity: Tanimoto over Morgan fingerprints of radius 2");
    }

    /// Sets the condition that the draft describes. What is only unfinished changes nothing; what cannot become valid
    /// removes the condition that its beginning has set.
    fn set(&mut self, edit: &mut Edit) {
        let text = self.text.trim().to_owned();
        let condition = if text.is_empty() {
            None
        } else if self.error().is_some() {
            if is_unfinished(&text) {
                return;
            }
            None
        } else if self.is_similarity {
            Some(Condition::Similar {
                smiles: text,
                least: self.least,
            })
        } else {
            Some(Condition::Text {
                how: Compare::Part,
                text,
            })
        };
        if self.seen != condition {
            self.seen.clone_from(&condition);
            *edit = Some(condition);
        }
    }

    /// Draws the search in the filter of a column. `is_new` if the editor has just been opened.
    pub(super) fn editor_ui(&mut self, ui: &mut Ui, is_new: bool, edit: &mut Edit) {
        let tokens = Tokens::of(ui);
        self.kind_ui(ui, edit);
        let width = ui.available_width() - 20.0;
        let field = self.field_ui(ui, ("Substructure", width), false, edit);
        if is_new {
            field.request_focus();
            select_all(ui, &field, &self.text);
        }
        if self.is_similarity {
            ui.horizontal(|ui| {
                ui.label(Type::Body.text("At least", tokens.muted));
                self.slider_ui(ui, edit);
            });
        }
        let (about, colour) = if let Some(error) = self.error() {
            (error, tokens.err)
        } else {
            let about = if self.is_similarity {
                "Shows hits whose compound is similar to this one. The search runs on this computer."
            } else {
                "Shows hits whose compound contains this substructure. The search runs on this computer."
            };
            (about.to_owned(), tokens.muted)
        };
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            ui.add(Label::new(Type::Small.text(about, colour)).wrap());
        });
    }

    /// Draws the search in one line, for the bar above the hits.
    pub(super) fn line_ui(&mut self, ui: &mut Ui, is_searching: bool, edit: &mut Edit) {
        let slider = if self.is_similarity { SLIDER } else { 0.0 };
        // Together in one line: the next one, if this one has too little room left.
        if ui.available_size_before_wrap().x < KINDS + LEAST_FIELD + slider {
            ui.end_row();
        }
        self.kind_ui(ui, edit);
        let room = ui.available_size_before_wrap().x - slider;
        let width = room.clamp(LEAST_FIELD, MOST_FIELD);
        let field = self.field_ui(ui, ("Find structures", width), is_searching, edit);
        if self.is_similarity {
            self.slider_ui(ui, edit);
        }
        // Below the field only while typing: the table must not jump with every letter.
        if let Some(error) = self.error().filter(|_| field.has_focus()) {
            field.show_tooltip_text(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_unfinished;

    #[test]
    fn a_text_that_may_become_a_structure_is_told_from_one_that_cannot() {
        for text in [
            "c1ccnc",
            "C(=O",
            "[N",
            "CC=",
            "C1CC(N2CC",
            "c1ccc([",
            "[$([CH3])",
            "C%11CC",
        ] {
            assert!(is_unfinished(text), "{text}");
        }
        for text in ["benzene", "c1ccncc1x", "CC)", "C(C)Q", "[N]q"] {
            assert!(!is_unfinished(text), "{text}");
        }
    }
}
