//! A structure in a cell: drawn on this computer, as text where that is not possible.

use std::borrow::Cow;

use egui::{Pos2, Rect, Ui, Vec2};

use super::cell::PADDING;
use crate::{
    state::{Command, Drawn, ExperimentsCommand, State},
    ui::{
        theme::{Tokens, Type},
        widgets::{cut, paint_molecule},
    },
};

/// Paints the structure that a SMILES describes; gives back the SMILES, which is shown where the pointer rests.
pub(super) fn paint<'a>(
    ui: &Ui,
    rect: Rect,
    smiles: Cow<'a, str>,
    state: &State,
    commands: &mut Vec<Command>,
) -> Option<Cow<'a, str>> {
    let tokens = Tokens::of(ui);
    match state.drawings.get(&smiles) {
        Drawn::Ready(drawing) => {
            paint_molecule(ui, rect.shrink2(Vec2::new(PADDING, 3.0)), &drawing);
        }
        Drawn::NotPossible => {
            let galley = cut(
                ui,
                &smiles,
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
        Drawn::NotAsked => {
            let command = ExperimentsCommand::Draw(smiles.clone().into_owned());
            commands.push(Command::Experiments(command));
        }
        Drawn::OnItsWay => {}
    }
    Some(smiles)
}
