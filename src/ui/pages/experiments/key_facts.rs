//! The six facts that users look for first in a row.

use egui::{Label, Sense, Ui, Vec2};

use super::cell::{STATUS, status_light};
use crate::{
    table::{Sheet, Subject},
    ui::{
        theme::{Tokens, Type},
        widgets::paint_light,
    },
};

/// Of an experiment, in reading order, two in a line.
const OF_EXPERIMENT: [&str; 6] = [
    "refinement_resolution",
    "refinement_rfree",
    "ligand_confidence",
    "experiment_status",
    "pdb_code",
    "data_collection_date",
];
/// Of a hit.
const OF_HIT: [&str; 6] = [
    "site",
    "refinement_resolution",
    "pose",
    "refinement_rfree",
    "compound_code",
    "ligand_confidence",
];

/// Draws the key facts of a row, each with its name above it.
pub(super) fn key_facts_ui(ui: &mut Ui, sheet: &Sheet, row: usize) {
    let fields = match sheet.subject() {
        Subject::Experiments => OF_EXPERIMENT,
        Subject::Hits => OF_HIT,
    };
    ui.add_space(6.0);
    let half = (ui.available_width() - 8.0) / 2.0;
    for pair in fields.chunks(2) {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            for field in pair {
                ui.allocate_ui(Vec2::new(half, 0.0), |ui| {
                    ui.set_width(half);
                    ui.vertical(|ui| fact_ui(ui, sheet, field, row));
                });
            }
        });
        ui.add_space(2.0);
    }
}

fn fact_ui(ui: &mut Ui, sheet: &Sheet, field: &str, row: usize) {
    let tokens = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    let Some((place, column)) = sheet
        .place(field)
        .and_then(|place| Some((place, sheet.column(place)?)))
    else {
        return;
    };
    let name = Type::Small.text(column.heading.as_ref(), tokens.muted);
    ui.add(Label::new(name).truncate())
        .on_hover_text(column.help.as_ref());
    let text = sheet.text(place, row);
    if text.is_empty() {
        ui.label(Type::Strong.text("–", tokens.faint));
        return;
    }
    let text = match column.unit {
        Some(unit) => format!("{text} {unit}"),
        None => text.into_owned(),
    };
    let value = Label::new(Type::Strong.text(&text, tokens.text));
    if field != STATUS {
        ui.add(value.wrap().selectable(true));
        return;
    }
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, _) = ui.allocate_exact_size(Vec2::new(8.0, Type::Strong.line()), Sense::hover());
        paint_light(ui, rect.center(), status_light(&text));
        ui.add(value.wrap().selectable(true));
    });
}
