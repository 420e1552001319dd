//! Which files: presets, and a tick box for every kind that the server offers.

use egui::{Frame, Margin, Stroke, Ui};

use super::DownloadDialog;
use crate::{
    model::{FileGroup, FileKind, FileSelection, Preset},
    state::{Command, SettingsCommand, State},
    ui::{
        input::entered,
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, Segment, Tick, Ticked, segments_ui},
    },
};

/// Below this width of the dialog the groups are in one column.
const TWO_COLUMNS: f32 = 640.0;
/// Name of the choice that the dialog begins with.
const USUAL: &str = "Structures and metadata";
/// Width that all presets need in one line.
const PRESETS_WIDTH: f32 = 620.0;
/// Width of the field for the name of a preset.
const PRESET_NAME_WIDTH: f32 = 300.0;
const LEFT: [FileGroup; 2] = [FileGroup::Aligned, FileGroup::Ligands];
const RIGHT: [FileGroup; 3] = [
    FileGroup::Maps,
    FileGroup::Crystallographic,
    FileGroup::Extras,
];

impl DownloadDialog {
    pub(super) fn presets_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        // `None` is the choice that the dialog begins with.
        let presets = [None].into_iter().chain(Preset::ALL.map(Some));
        let files_of =
            |preset: Option<Preset>| preset.map_or_else(FileSelection::usual, Preset::files);
        let chosen = presets
            .clone()
            .find(|preset| files_of(*preset) == self.files);
        let label = |preset: Option<Preset>| preset.map_or(USUAL, Preset::label);
        let choices: Vec<_> = presets
            .map(|preset| Segment::new(preset, label(preset)))
            .collect();
        let mut files = None;
        let own = &state.settings.presets;
        let mut is_known = chosen.is_some() || own.values().any(|known| *known == self.files);
        Self::labelled_row_ui(ui, "Preset", |ui| {
            let mut line_ui = |ui: &mut Ui, line: &[Segment<'_, Option<Preset>>]| {
                if let Some(preset) = segments_ui(ui, chosen, line, None) {
                    files = Some(files_of(preset));
                }
            };
            if ui.available_width() > PRESETS_WIDTH {
                line_ui(ui, &choices);
            } else {
                ui.vertical(|ui| {
                    for line in choices.chunks(choices.len().div_ceil(2)) {
                        line_ui(ui, line);
                    }
                });
            }
            if !is_known && own.is_empty() && ui.available_width() > PRESET_NAME_WIDTH {
                self.save_preset_ui(ui, commands);
                is_known = true;
            }
        });
        if !own.is_empty() || !is_known {
            Self::labelled_row_ui(ui, "", |ui| {
                for (name, kept) in own {
                    let is_chosen = *kept == self.files;
                    if ui.add(Tick::new(name, is_chosen)).clicked() {
                        files = Some(kept.clone());
                    }
                    let drop = format!("Delete the preset {name}");
                    if ui.add(Button::quiet_icon(Icon::CROSS, &drop)).clicked() {
                        commands.push(Command::Settings(SettingsCommand::SetPreset {
                            name: name.clone(),
                            files: None,
                        }));
                    }
                }
                if !is_known {
                    self.save_preset_ui(ui, commands);
                }
            });
        }
        if let Some(files) = files {
            self.files = files;
        }
    }

    /// Draws the link to a field that saves the current choice as a preset, or the field.
    fn save_preset_ui(&mut self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let Some(text) = &mut self.preset_name else {
            if ui.add(Button::quiet("Save as preset…")).clicked() {
                self.preset_name = Some(String::new());
                self.wants_preset_name = true;
            }
            return;
        };
        let field = Field::new("Name of the preset", text)
            .hint("Preset name")
            .size(140.0, size::CONTROL)
            .limit(40)
            .show(ui);
        if std::mem::take(&mut self.wants_preset_name) {
            field.request_focus();
        }
        let name = text.trim().to_owned();
        let refusal = if name.is_empty() {
            Some("Enter a name first")
        } else if self.files.is_empty() {
            Some("Tick at least one file type")
        } else {
            None
        };
        let is_entered = entered(ui, &field) && refusal.is_none();
        let save = ui.add(Button::plain("Save preset").disabled_because(refusal));
        if save.clicked() || is_entered {
            self.preset_name = None;
            commands.push(Command::Settings(SettingsCommand::SetPreset {
                name,
                files: Some(self.files.clone()),
            }));
        }
    }

    pub(super) fn file_groups_ui(&mut self, ui: &mut Ui) {
        let tokens = Tokens::of(ui);
        let edge = Stroke::new(1.0, tokens.line);
        Frame::new()
            .stroke(edge)
            .corner_radius(size::RADIUS_LARGE)
            .inner_margin(Margin::symmetric(16, 12))
            .show(ui, |ui| {
                let width = ui.available_width();
                ui.set_width(width);
                ui.spacing_mut().item_spacing.y = 0.0;
                if width < TWO_COLUMNS {
                    for group in LEFT.into_iter().chain(RIGHT) {
                        self.file_group_ui(ui, group);
                    }
                    return;
                }
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = 32.0;
                    let half = (width - 32.0) / 2.0;
                    let column = |ui: &mut Ui, groups: &[FileGroup], this: &mut Self| {
                        ui.vertical(|ui| {
                            ui.set_width(half);
                            for group in groups {
                                this.file_group_ui(ui, *group);
                            }
                        });
                    };
                    column(ui, &LEFT, self);
                    column(ui, &RIGHT, self);
                });
            });
    }

    fn file_group_ui(&mut self, ui: &mut Ui, group: FileGroup) {
        // "All aligned structures" is the heading of the group, not one of its members.
        let is_member = |kind: &FileKind| *kind != FileKind::AllAlignedStructures;
        let members: Vec<FileKind> = group.kinds().into_iter().filter(is_member).collect();
        let on = members.iter().filter(|kind| self.files.has(**kind)).count();
        let ticked = match on {
            0 => Ticked::No,
            _ if on == members.len() => Ticked::Yes,
            _ => Ticked::Some,
        };
        let note = format!("{on} of {}", members.len());
        if ui
            .add(
                Tick::new(group.heading(), ticked)
                    .heading()
                    .note(&note, false),
            )
            .clicked()
        {
            self.files.set_group(group, ticked != Ticked::Yes);
        }
        let is_folded = group == FileGroup::Extras && !self.shows_extras;
        ui.indent(group.heading(), |ui| {
            if is_folded {
                let text = format!("Show {} choices", members.len());
                if ui
                    .add(Button::quiet(&text).with_icon(Icon::CHEVRON_RIGHT))
                    .clicked()
                {
                    self.shows_extras = true;
                }
                return;
            }
            for kind in members {
                let is_on = self.files.has(kind);
                let tick = Tick::new(kind.label(), is_on).note(kind.note(), kind.is_very_large());
                let tip = format!("Name on the server: {}", kind.parameter());
                if ui.add(tick).on_hover_text(tip).clicked() {
                    self.files.set(kind, !is_on);
                }
            }
        });
        ui.add_space(8.0);
    }

    /// Draws the options that leave permanent files on the server; these need a confirmation.
    pub(super) fn advanced_ui(&mut self, ui: &mut Ui) {
        let tokens = Tokens::of(ui);
        let icon = if self.shows_advanced {
            Icon::CHEVRON_DOWN
        } else {
            Icon::CHEVRON_RIGHT
        };
        if ui.add(Button::quiet("Advanced").with_icon(icon)).clicked() {
            self.shows_advanced = !self.shows_advanced;
            self.reveals_advanced = self.shows_advanced;
        }
        if !self.shows_advanced {
            return;
        }
        if std::mem::take(&mut self.reveals_advanced) {
            // The section opens downwards, out of sight.
            ui.scroll_to_cursor(Some(egui::Align::TOP));
        }
        let tick = Tick::new(
            "Create a permanent link on the server",
            self.static_link || self.wants_static_link,
        );
        if ui.add(tick).clicked() {
            let was_on = self.static_link || self.wants_static_link;
            self.static_link = false;
            self.wants_static_link = !was_on;
        }
        if self.wants_static_link && !self.static_link {
            let warning = "This creates a file that stays on the server permanently. Anyone with the link can download it.";
            ui.horizontal_wrapped(|ui| {
                ui.label(Type::Small.text(warning, tokens.warn));
                if ui.add(Button::danger("Create a permanent link")).clicked() {
                    self.static_link = true;
                }
            });
        }
        let parts = Tick::new(
            "In parts (safer on an unreliable connection)",
            self.in_parts,
        )
        .note("completed parts are not downloaded again", false);
        if ui.add(parts).clicked() {
            self.in_parts = !self.in_parts;
        }
        let width = ui.available_width().min(560.0);
        Field::new("Link to an earlier download", &mut self.link)
            .hint("Link to an earlier download, instead of a new one")
            .size(width, size::CONTROL)
            .limit(2000)
            .masked(true)
            .show(ui);
        let keep = ui.add(Tick::new(
            "Keep the archive as well",
            self.keep_archive || !self.unpack,
        ));
        if keep.clicked() && self.unpack {
            self.keep_archive = !self.keep_archive;
        }
    }
}
