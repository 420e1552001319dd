//! A structure in a cell: drawn on this computer, as text where that is not possible.

use std::borrow::Cow;

use egui::{Pos2, Rect, Response, Sense, Ui, Vec2};

use super::{
    cell::PADDING,
    drawing::{marked, smiles_of},
};
use crate::{
    state::{Command, DrawingState, ExperimentsCommand, State},
    ui::{
        theme::{Tokens, Type},
        widgets::{cut, paint_molecule},
    },
};

/// Size of a structure in a tooltip.
const TIP: Vec2 = Vec2::new(180.0, 120.0);

/// Shows the tooltip of a cell: words, and below them the structure of a row, if the cell names a compound.
pub(super) fn cell_tip(
    response: Response,
    words: Option<Cow<'_, str>>,
    row: Option<usize>,
    state: &State,
    commands: &mut Vec<Command>,
) {
    match (words, row) {
        (None, None) => {}
        (Some(words), None) => {
            response.on_hover_text(words);
        }
        (words, Some(row)) => {
            if words.is_none() && smiles_of(state.experiments.sheet(), row).is_none() {
                return;
            }
            let words = words.unwrap_or_default();
            response.on_hover_ui(|ui| tip_ui(ui, &words, row, state, commands));
        }
    }
}

/// Draws the structure of a row in a tooltip, below its text.
pub(super) fn tip_ui(
    ui: &mut Ui,
    text: &str,
    row: usize,
    state: &State,
    commands: &mut Vec<Command>,
) {
    if !text.is_empty() {
        ui.label(text);
    }
    if let Some(smiles) = smiles_of(state.experiments.sheet(), row) {
        let (rect, _) = ui.allocate_exact_size(TIP, Sense::hover());
        paint(ui, rect, (row, &smiles), state, commands);
    }
}

/// Paints the structure that a SMILES describes.
pub(super) fn paint(
    ui: &Ui,
    rect: Rect,
    (row, smiles): (usize, &str),
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    match state.drawings.get(smiles) {
        DrawingState::Ready(drawing) => {
            let marked = marked(state.experiments.sheet(), row, state);
            let marked = marked.as_deref().unwrap_or_default();
            paint_molecule(ui, rect.shrink2(Vec2::new(PADDING, 3.0)), &drawing, marked);
        }
        DrawingState::NotPossible => {
            let galley = cut(
                ui,
                smiles,
                Type::Small,
                tokens.muted,
                rect.width() - 2.0 * PADDING,
            );
            let at = Pos2::new(
                rect.left() + PADDING,
                rect.center().y - galley.size().y / 2.0,
            );
            ui.painter().galley(at, galley, tokens.muted);
        }
        DrawingState::NotAsked => {
            let command = ExperimentsCommand::Draw(smiles.to_owned());
            commands.push(Command::Experiments(command));
        }
        DrawingState::OnItsWay => {}
    }
}
