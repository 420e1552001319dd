//! Exporting the table: copying, and saving as a file through the system's own dialog.

use egui::{Align, Layout, Popup, Ui};

use super::keyboard::selection_or_cell;
use crate::{
    state::{Command, ExperimentsCommand, State, TableFile},
    table::{Extract, NOTE, STAR},
    ui::{
        dialogs::{FilePicker, Picked},
        theme::{Icon, Tokens, Type},
        widgets::{Button, Tick, menu_line_ui},
    },
};

/// What the menu remembers.
#[derive(Default)]
pub(super) struct ExportMenu {
    picker: FilePicker,
    takes_all_columns: bool,
    leaves_out_notes: bool,
    /// What is to be saved once the dialog returns.
    waiting: Option<(Extract, TableFile)>,
}

impl ExportMenu {
    /// Polls the dialog.
    pub(super) fn poll(&mut self, state: &State, commands: &mut Vec<Command>) {
        if let Some(picked) = self.picker.poll() {
            let waiting = self.waiting.take();
            match (picked, waiting) {
                (Picked::Path(path), Some((extract, form))) => {
                    commands.push(Command::Experiments(ExperimentsCommand::SaveTable {
                        extract,
                        path,
                        form,
                    }));
                }
                (Picked::Unavailable, Some((extract, form))) => {
                    // Without a dialog: in the download folder, under an unused name.
                    let path =
                        free_name(state, state.experiments.subject.plural(), form.extension());
                    commands.push(Command::Experiments(ExperimentsCommand::SaveTable {
                        extract,
                        path,
                        form,
                    }));
                }
                _ => {}
            }
        }
    }

    /// Draws the button with its menu.
    pub(super) fn export_button_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let is_empty = state.experiments.view.is_empty();
        let reason = is_empty.then_some("There are no rows to save");
        let button = ui.add(Button::quiet("Save table…").disabled_because(reason));
        let menu = Popup::menu(&button);
        let menu = menu.close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
        menu.show(|ui| {
            ui.set_width(290.0);
            // Menus are justified by default, which pulls the words of a line apart.
            let plain = Layout::top_down(Align::Min);
            ui.with_layout(plain, |ui| self.menu_ui(ui, state, commands));
        });
    }

    /// Draws the options for columns other than those that are shown.
    fn columns_ui(&mut self, ui: &mut Ui, state: &State) {
        let tick = Tick::new("Include hidden columns", self.takes_all_columns);
        if ui.add(tick).clicked() {
            self.takes_all_columns = !self.takes_all_columns;
        }
        // With all hidden columns, these are included anyway.
        if !self.takes_all_columns && !hidden_notes(&base(state)).is_empty() {
            let tick = Tick::new("Include your stars and notes", !self.leaves_out_notes);
            if ui.add(tick).clicked() {
                self.leaves_out_notes = !self.leaves_out_notes;
            }
        }
    }

    fn menu_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        ui.spacing_mut().item_spacing.y = 0.0;
        let view = &state.experiments.view;
        let has_selection = !view.selected().is_empty();
        let what = if has_selection {
            "Selected rows, in the order shown"
        } else {
            "Shown rows, in the order shown"
        };
        ui.label(Type::Small.text(what, tokens.muted));
        self.columns_ui(ui, state);
        menu_line_ui(ui);
        let open = self
            .waiting
            .as_ref()
            .map(|_| "The save dialog is already open");
        for (text, form) in [
            ("Excel workbook (.xlsx)…", TableFile::Xlsx),
            (
                "Excel workbook with drawn structures (.xlsx)…",
                TableFile::XlsxWithStructures,
            ),
            ("CSV file (.csv)…", TableFile::Csv),
        ] {
            if ui
                .add(
                    Button::menu_entry(text)
                        .with_icon(Icon::TABLE)
                        .disabled_because(open),
                )
                .clicked()
            {
                let extract = self.extract(state);
                self.waiting = Some((extract, form));
                let title = "Save the table";
                let path = free_name(state, state.experiments.subject.plural(), form.extension());
                let kind = (form.words(), form.extension());
                self.picker.open_to_save(ui.ctx(), title, &path, kind);
                Popup::close_all(ui.ctx());
            }
        }
        menu_line_ui(ui);
        if ui
            .add(Button::menu_entry("Copy for a spreadsheet").with_icon(Icon::COPY))
            .clicked()
        {
            commands.push(Command::Experiments(ExperimentsCommand::CopyRows {
                extract: self.extract(state),
                has_headings: true,
            }));
            Popup::close_all(ui.ctx());
        }
    }

    /// Returns the selected rows, or else all shown rows, with the columns that the user wants.
    fn extract(&self, state: &State) -> Extract {
        let mut extract = base(state);
        if self.takes_all_columns {
            let shown = extract.columns.clone();
            let others = (0..extract.sheet.columns().len()).filter(|place| !shown.contains(place));
            extract.columns.extend(others);
        } else if !self.leaves_out_notes {
            extract.columns.extend(hidden_notes(&extract));
        }
        extract
    }
}

/// Returns the selected rows, or else all shown rows, with the shown columns.
fn base(state: &State) -> Extract {
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    selection_or_cell(state, None).unwrap_or_else(|| Extract {
        sheet: sheet.clone(),
        columns: view
            .columns()
            .iter()
            .filter_map(|column| sheet.place(&column.field))
            .collect(),
        rows: view
            .shown()
            .filter_map(|row| u32::try_from(row).ok())
            .collect(),
    })
}

/// Returns the columns of the user's stars and notes, if they are not among those of a table and have values in it.
fn hidden_notes(extract: &Extract) -> Vec<usize> {
    let sheet = &extract.sheet;
    let places = [STAR, NOTE]
        .into_iter()
        .filter_map(|field| sheet.place(field));
    let is_useful = |place: &usize| {
        let mut rows = extract.rows.iter();
        !extract.columns.contains(place)
            && rows.any(|row| !sheet.is_empty_at(*place, *row as usize))
    };
    places.filter(is_useful).collect()
}

/// Returns a name for a file about the table; the time makes it unique.
pub(super) fn free_name(state: &State, what: &str, ending: &str) -> std::path::PathBuf {
    let target = state.experiments.view.target();
    let of = target.map_or_else(
        || "Fragalysis".to_owned(),
        |target| crate::dataset::folder_name(target).to_string(),
    );
    let time = (state.environment.clock)().strftime("%Y-%m-%d %H%M%S");
    state
        .download_folder()
        .join(format!("{of} {what} {time}.{ending}"))
}
