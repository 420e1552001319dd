//! A list of columns in a menu, narrowed as the user types.

use egui::{ScrollArea, Ui};

use crate::{
    table::Column,
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field},
    },
};

/// Width of the list, in points.
pub(super) const WIDTH: f32 = 300.0;

/// Draws a field, and below it the columns whose name contains what was typed into it. `is_new` if the menu has just been
/// opened: then the field takes the focus. Returns the column that was clicked.
pub(super) fn column_list_ui<'a>(
    ui: &mut Ui,
    (name, find): (&str, &mut String),
    is_new: bool,
    columns: impl Iterator<Item = (&'a Column, bool)>,
) -> Option<&'a Column> {
    ui.set_width(WIDTH);
    let field = Field::new(name, find)
        .hint("Find a column")
        .icon(Icon::SEARCH)
        .size(WIDTH - 20.0, size::CONTROL)
        .show(ui);
    if is_new {
        field.request_focus();
    }
    let needle = find.trim().to_lowercase();
    let mut clicked = None;
    ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        ui.set_width(WIDTH - 12.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut found = 0;
        for (column, is_chosen) in columns {
            let words = format!("{} {}", column.heading, column.field).to_lowercase();
            if !words.contains(&needle) {
                continue;
            }
            found += 1;
            let title = column.title();
            let chosen = format!("{title}, chosen");
            let entry = Button::menu_entry(&title);
            let entry = if is_chosen {
                entry.with_icon(Icon::CHECK).named(&chosen)
            } else {
                entry
            };
            if ui.add(entry).clicked() {
                clicked = Some(column);
            }
        }
        if found == 0 {
            let text = Type::Small.text("No column has this name.", Tokens::of(ui).muted);
            ui.label(text);
        }
    });
    clicked
}
