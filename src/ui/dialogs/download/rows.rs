//! The rows of the dialog: a label, and what belongs to it.

use egui::{Ui, Vec2};

use super::DownloadDialog;
use crate::ui::theme::{Tokens, Type, size};

/// X offset of the second column.
const LABELS: f32 = 80.0;
/// Below this width, the label of a row is above it.
const NARROW: f32 = 560.0;

impl DownloadDialog {
    /// Draws a row with its label on the left, or above it where space is short.
    pub(super) fn labelled_row_ui(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) {
        let tokens = Tokens::of(ui);
        if ui.available_width() < NARROW {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 4.0;
                if !name.is_empty() {
                    ui.label(Type::Strong.text(name, tokens.text));
                }
                ui.horizontal(content);
            });
            return;
        }
        ui.horizontal(|ui| {
            ui.set_min_height(size::CONTROL);
            let (rect, _) =
                ui.allocate_exact_size(Vec2::new(LABELS, size::CONTROL), egui::Sense::hover());
            let at = rect.left_center();
            let align = egui::Align2::LEFT_CENTER;
            ui.painter()
                .text(at, align, name, Type::Strong.font(), tokens.text);
            content(ui);
        });
    }

    /// Begins what belongs to the row above below its choices: at the left where labels are above them.
    pub(super) fn indent_ui(ui: &mut Ui) {
        if ui.available_width() >= NARROW {
            ui.add_space(LABELS + 8.0);
        }
    }
}
