//! A list of columns in a menu, narrowed as the user types.

use std::borrow::Cow;

use egui::{Key, Response, ScrollArea, Ui};

use crate::{
    table::Column,
    ui::{
        input::entered,
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field},
    },
};

/// Width of the list, in points.
const WIDTH: f32 = 300.0;
/// Width of the scroll bar, in points.
const BAR: f32 = 12.0;
/// The list is at most this high, in points; a longer one is scrolled.
const HEIGHT: f32 = 320.0;

/// What an entry stands for.
#[derive(Clone, Copy)]
pub(super) enum Chosen<'a> {
    Column(&'a Column),
    /// What can be chosen instead of a column.
    Instead,
}

/// An entry of the list.
pub(super) struct Entry<'a> {
    /// The text of the entry, and what else it is found by.
    title: Cow<'a, str>,
    words: String,
    is_chosen: bool,
    choice: Chosen<'a>,
}

impl<'a> Entry<'a> {
    pub(super) fn of(column: &'a Column, is_chosen: bool) -> Self {
        Self {
            title: column.title(),
            words: format!("{} {}", column.heading, column.field).to_lowercase(),
            is_chosen,
            choice: Chosen::Column(column),
        }
    }

    /// Returns the entry for what can be chosen instead of a column.
    pub(super) fn instead(text: &'a str, is_chosen: bool) -> Self {
        Self {
            title: Cow::Borrowed(text),
            words: text.to_lowercase(),
            is_chosen,
            choice: Chosen::Instead,
        }
    }
}

/// Draws a field, and below it the entries whose name contains what was typed into it. `is_new` if the menu has just
/// been opened: then the field takes the focus. Returns the entry that was clicked, or the first one if Return was
/// pressed.
pub(super) fn column_list_ui<'a>(
    ui: &mut Ui,
    (name, find): (&str, &mut String),
    is_new: bool,
    entries: &[Entry<'a>],
) -> Option<Chosen<'a>> {
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
    let found = matches(entries, &needle);
    let mut chosen = None;
    if entered(ui, &field) {
        match found.first().filter(|_| !needle.is_empty()) {
            Some(first) => chosen = Some(first.choice),
            // There is nothing to choose; what is typed next belongs here as well.
            None => field.request_focus(),
        }
    }
    let is_next = field.has_focus() && ui.input(|input| input.key_pressed(Key::ArrowDown));
    // As high as for all of them, however few are found: a menu that shrinks jumps to the other side of its button.
    let height = HEIGHT.min(entries.len() as f32 * size::CONTROL);
    let list = ScrollArea::vertical().max_height(height);
    list.min_scrolled_height(height).show(ui, |ui| {
        let bar = if found.len() as f32 * size::CONTROL > height {
            BAR
        } else {
            0.0
        };
        ui.set_width(WIDTH - bar);
        ui.set_min_height(height);
        ui.spacing_mut().item_spacing.y = 0.0;
        for (place, entry) in found.iter().enumerate() {
            let is_first = place == 0;
            let response = entry_ui(ui, entry, is_first && !needle.is_empty());
            if response.clicked() {
                chosen = Some(entry.choice);
            }
            if is_first && is_next {
                response.request_focus();
            }
        }
        if found.is_empty() {
            let text = Type::Small.text("No column has this name.", Tokens::of(ui).muted);
            ui.label(text);
        }
    });
    chosen
}

/// Returns the entries whose name contains this text, those that begin with it first.
fn matches<'a, 'b>(entries: &'b [Entry<'a>], needle: &str) -> Vec<&'b Entry<'a>> {
    let is_found = |entry: &&Entry<'a>| entry.words.contains(needle);
    let mut found: Vec<_> = entries.iter().filter(is_found).collect();
    if !needle.is_empty() {
        found.sort_by_key(|entry| !entry.words.starts_with(needle));
    }
    found
}

/// Draws an entry, marked if it is chosen already, and if it is the one that Return chooses.
fn entry_ui(ui: &mut Ui, entry: &Entry<'_>, is_taken: bool) -> Response {
    let chosen = format!("{}, chosen", entry.title);
    let button = Button::menu_entry(&entry.title).on(is_taken);
    ui.add(if entry.is_chosen {
        button.with_icon(Icon::CHECK).named(&chosen)
    } else {
        button.indented()
    })
}
