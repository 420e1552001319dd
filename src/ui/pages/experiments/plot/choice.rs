//! The choices of a plot: a button with the chosen column, and a menu of all columns.

use egui::{Popup, PopupCloseBehavior, Ui};

use crate::{
    table::{Column, Sheet},
    ui::{
        pages::experiments::column_list::{Chosen, Entry, column_list_ui},
        widgets::Button,
    },
};

/// Returns the text of a choice, such as `X axis: Resolution`.
pub(super) fn choice_text(sheet: &Sheet, name: &str, chosen: Option<&str>, none: &str) -> String {
    let column = chosen.and_then(|field| sheet.column(sheet.place(field)?));
    let heading = column.map_or(none, |column| column.heading.as_ref());
    format!("{name}: {heading}")
}

/// Draws a button that shows the chosen column, with a menu of all that can be chosen.
pub(super) fn column_choice_ui(
    ui: &mut Ui,
    (sheet, name): (&Sheet, &str),
    columns: &[&Column],
    (chosen, find): (&mut Option<String>, &mut String),
    none: Option<&str>,
) {
    let text = choice_text(sheet, name, chosen.as_deref(), none.unwrap_or_default());
    let button = ui.add(Button::plain(&text).opens_menu());
    if button.clicked() {
        find.clear();
    }
    Popup::menu(&button)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            let is_chosen = |column: &Column| Some(&*column.field) == chosen.as_deref();
            let instead = none.map(|none| Entry::instead(none, chosen.is_none()));
            let columns = columns.iter();
            let columns = columns.map(|column| Entry::of(column, is_chosen(column)));
            let entries: Vec<Entry<'_>> = instead.into_iter().chain(columns).collect();
            let field = ("Find a column to plot", find);
            if let Some(choice) = column_list_ui(ui, field, button.clicked(), &entries) {
                *chosen = match choice {
                    Chosen::Column(column) => Some(column.field.to_string()),
                    Chosen::Instead => None,
                };
                button.request_focus();
                ui.close();
            }
        });
}
