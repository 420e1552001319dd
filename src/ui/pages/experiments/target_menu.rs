//! The context menu of a target.

use egui::{Response, Ui};

use crate::{
    model::TargetKey,
    state::{AppCommand, Command, ExperimentsCommand, TableCommand},
    table::Subject,
    ui::widgets::Button,
};

/// Adds the context menu of a target to its response.
pub(super) fn with_target_menu(response: &Response, key: &TargetKey, commands: &mut Vec<Command>) {
    response.context_menu(|ui| target_entries_ui(ui, key, commands));
}

fn target_entries_ui(ui: &mut Ui, key: &TargetKey, commands: &mut Vec<Command>) {
    ui.set_width(240.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    for (text, subject) in [
        ("Show its experiments", Subject::Experiments),
        ("Show its hits", Subject::Hits),
    ] {
        if ui.add(Button::menu_entry(text)).clicked() {
            let target = TableCommand::ShowTarget(Some(key.clone()));
            commands.push(Command::Table(target));
            commands.push(Command::Table(TableCommand::ShowRows(subject)));
        }
    }
    if ui
        .add(Button::menu_entry("Open in the web viewer"))
        .clicked()
    {
        let open = ExperimentsCommand::OpenWebViewer(key.clone());
        commands.push(Command::Experiments(open));
    }
    for (name, text) in [
        ("Copy the name", key.title.as_str()),
        ("Copy the target access string", key.tas.as_str()),
    ] {
        if ui.add(Button::menu_entry(name)).clicked() {
            commands.push(Command::App(AppCommand::Copy {
                text: text.to_owned(),
                told: format!("Copied {text}."),
            }));
        }
    }
}
