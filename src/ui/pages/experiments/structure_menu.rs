//! Menu entries for a structure: find similar ones, copy it.

use egui::Ui;

use super::structure_search::USUAL;
use crate::{
    state::{AppCommand, Command, ExperimentsCommand, PictureFile, TableCommand},
    table::{Compare, Condition, STRUCTURE, Subject},
    ui::widgets::Button,
};

/// Draws the menu entries for the structure of a row.
pub(super) fn structure_entries_ui(
    ui: &mut Ui,
    smiles: &str,
    subject: Subject,
    commands: &mut Vec<Command>,
) {
    let mut filter = |condition| {
        commands.push(Command::Table(TableCommand::Filter {
            field: STRUCTURE.to_owned(),
            condition: Some(condition),
        }));
    };
    if subject == Subject::Hits {
        if ui
            .add(Button::menu_entry("Find hits with this substructure"))
            .clicked()
        {
            filter(Condition::Text {
                how: Compare::Part,
                text: smiles.to_owned(),
            });
        }
        if ui.add(Button::menu_entry("Find similar hits")).clicked() {
            filter(Condition::Similar {
                smiles: smiles.to_owned(),
                least: USUAL,
            });
        }
    }
    if ui.add(Button::menu_entry("Copy SMILES")).clicked() {
        commands.push(Command::App(AppCommand::Copy {
            text: smiles.to_owned(),
            told: "Copied the SMILES.".to_owned(),
        }));
    }
    if ui.add(Button::menu_entry("Copy molfile")).clicked() {
        let command = ExperimentsCommand::CopyMolfile(smiles.to_owned());
        commands.push(Command::Experiments(command));
    }
    for (name, form) in [
        ("Copy picture", PictureFile::Png),
        ("Copy picture as SVG", PictureFile::Svg),
    ] {
        if ui.add(Button::menu_entry(name)).clicked() {
            commands.push(Command::Experiments(ExperimentsCommand::CopyStructure {
                smiles: smiles.to_owned(),
                form,
            }));
        }
    }
}
