//! Files and folders that are dragged onto the window.

use egui::{Align2, LayerId, Order};

use super::theme::{Tokens, Type};
use crate::state::{AppCommand, Command};

/// Handles what was dropped, and shows what can be dropped while something hovers over the window.
pub(super) fn drop_ui(ui: &egui::Ui, commands: &mut Vec<Command>) {
    let (hovers, dropped) = ui.input(|input| {
        let paths = input.raw.dropped_files.iter();
        let paths: Vec<_> = paths.map(|file| file.path().to_owned()).collect();
        (!input.raw.hovered_files.is_empty(), paths)
    });
    let several = dropped.len() > 1;
    if let Some(path) = dropped.into_iter().next() {
        commands.push(Command::App(AppCommand::TakeDropped(path)));
    }
    if several {
        let text = "Only the first of the dropped files is used.".to_owned();
        commands.push(Command::App(AppCommand::Notify(text)));
    }
    if hovers {
        let tokens = Tokens::of(ui);
        let layer = LayerId::new(Order::Foreground, egui::Id::unique("drop"));
        let painter = ui.ctx().layer_painter(layer);
        let screen = ui.ctx().content_rect();
        painter.rect_filled(screen, 0.0, tokens.scrim);
        let words = "Drop a list of codes, a view, or a folder with downloaded data";
        let galley = painter.layout_no_wrap(words.to_owned(), Type::Title.font(), tokens.text);
        let place = Align2::CENTER_CENTER.anchor_size(screen.center(), galley.size());
        painter.rect_filled(place.expand(20.0), 8.0, tokens.surface);
        painter.galley(place.min, galley, tokens.text);
    }
}
