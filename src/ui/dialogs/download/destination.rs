//! Where the files go.

use egui::Ui;

use super::DownloadDialog;
use crate::{
    state::{Command, DownloadsCommand, State},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Field, Tick},
    },
};

impl DownloadDialog {
    pub(super) fn destination_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let tokens = Tokens::of(ui);
        let is_narrow = ui.available_width() < 640.0;
        Self::labelled_row_ui(ui, "Where", |ui| {
            let beside = if is_narrow { 98.0 } else { 98.0 + 196.0 };
            let width = (ui.available_width() - beside).max(120.0);
            let field = Field::new("Folder for the download", &mut self.folder)
                .hint("Full path of the folder")
                .icon(Icon::FOLDER)
                .size(width, size::CONTROL)
                .show(ui);
            if field.changed() {
                self.picker_note = None;
                commands.push(Command::Downloads(DownloadsCommand::MeasureFolder(
                    self.folder_path(),
                )));
            }
            self.picker
                .choose_button_ui(ui, "Folder for the download", state.download_folder());
            if !is_narrow {
                self.unpack_tick_ui(ui);
            }
        });
        if is_narrow {
            self.unpack_tick_ui(ui);
        }
        if self.unpack && self.folder_exists(state) {
            ui.horizontal(|ui| {
                Self::indent_ui(ui);
                let tick = Tick::new("Replace the existing folder", self.updates)
                    .note("the existing folder is renamed, not deleted", false);
                if ui.add(tick).clicked() {
                    self.updates = !self.updates;
                }
            });
        }
        if let Some(note) = self.picker_note {
            ui.horizontal(|ui| {
                Self::indent_ui(ui);
                ui.label(Type::Small.text(note, tokens.warn));
            });
        }
    }

    fn unpack_tick_ui(&mut self, ui: &mut Ui) {
        if ui
            .add(Tick::new("Unpack after download", self.unpack))
            .clicked()
        {
            self.unpack = !self.unpack;
        }
    }
}
