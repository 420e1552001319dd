//! Which files: ready-made choices, and a tick box for every kind that the server knows.

use egui::{Frame, Margin, Stroke, Ui};

use super::DownloadDialog;
use crate::{
    model::{FileGroup, FileKind, Preset},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Segment, Tick, Ticked, segments},
    },
};

/// Below this width of the dialog the groups stand in one column.
const TWO_COLUMNS: f32 = 640.0;
const LEFT: [FileGroup; 2] = [FileGroup::Aligned, FileGroup::Ligands];
const RIGHT: [FileGroup; 3] = [
    FileGroup::Maps,
    FileGroup::Crystallographic,
    FileGroup::Extras,
];

impl DownloadDialog {
    pub(super) fn presets(&mut self, ui: &mut Ui) {
        let chosen = Preset::ALL
            .into_iter()
            .find(|preset| preset.files() == self.files);
        let choices = Preset::ALL.map(|preset| Segment::new(preset, preset.label()));
        let mut files = None;
        Self::line(ui, "Preset", |ui| {
            if let Some(preset) = segments(ui, chosen, &choices, None) {
                files = Some(preset.files());
            }
        });
        if let Some(files) = files {
            self.files = files;
        }
    }

    pub(super) fn file_groups(&mut self, ui: &mut Ui) {
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
                        self.group(ui, group);
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
                                this.group(ui, *group);
                            }
                        });
                    };
                    column(ui, &LEFT, self);
                    column(ui, &RIGHT, self);
                });
            });
    }

    fn group(&mut self, ui: &mut Ui, group: FileGroup) {
        // The whole of the aligned structures is the group's own head, not one of its members.
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
                let tip = format!("The server's name for it: {}", kind.parameter());
                if ui.add(tick).on_hover_text(tip).clicked() {
                    self.files.set(kind, !is_on);
                }
            }
        });
        ui.add_space(8.0);
    }

    /// What leaves lasting traces on the server is asked for twice.
    pub(super) fn advanced(&mut self, ui: &mut Ui) {
        let tokens = Tokens::of(ui);
        let icon = if self.shows_advanced {
            Icon::CHEVRON_DOWN
        } else {
            Icon::CHEVRON_RIGHT
        };
        if ui.add(Button::quiet("Advanced").with_icon(icon)).clicked() {
            self.shows_advanced = !self.shows_advanced;
        }
        if !self.shows_advanced {
            return;
        }
        let tick = Tick::new(
            "Make a lasting link on the server",
            self.static_link || self.wants_static_link,
        );
        if ui.add(tick).clicked() {
            let was_on = self.static_link || self.wants_static_link;
            self.static_link = false;
            self.wants_static_link = !was_on;
        }
        if self.wants_static_link && !self.static_link {
            let warning = "This makes a file on the server that stays there for good. Everybody with the link can fetch it.";
            ui.horizontal_wrapped(|ui| {
                ui.label(Type::Small.text(warning, tokens.warn));
                if ui.add(Button::danger("Yes, make it lasting")).clicked() {
                    self.static_link = true;
                }
            });
        }
        let keep = ui.add(Tick::new(
            "Keep the archive as well",
            self.keep_archive || !self.unpack,
        ));
        if keep.clicked() && self.unpack {
            self.keep_archive = !self.keep_archive;
        }
    }
}
