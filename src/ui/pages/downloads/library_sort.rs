//! The order of the folders on this disk, chosen in a row of headings above them.

use egui::{Frame, Margin, Ui};

use super::library_columns::{Cell, Columns};
use crate::{
    library::{LibraryEntry, UpdateStatus},
    state::State,
    table::natural_cmp,
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, hairline_ui},
    },
};

/// The sort key of the folders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Key {
    /// By the target and the name of the folder.
    Name,
    /// By when they were downloaded.
    #[default]
    Downloaded,
    Size,
    Observations,
    /// Folders that can be updated come first.
    Status,
}

const KEYS: [(Key, &str); 5] = [
    (Key::Name, "Name"),
    (Key::Downloaded, "Downloaded"),
    (Key::Observations, "Observations"),
    (Key::Size, "Size"),
    (Key::Status, "Status"),
];

/// The padding around the text of a heading, within its button.
const PADDING: f32 = 6.0;

/// The order of the folders.
#[derive(Clone, Copy, Debug)]
pub(super) struct LibrarySort {
    key: Key,
    is_descending: bool,
}

impl Default for LibrarySort {
    /// The newest first.
    fn default() -> Self {
        Self {
            key: Key::default(),
            is_descending: true,
        }
    }
}

impl LibrarySort {
    /// Draws the headings; a click sorts by one, a second click reverses the order.
    pub(super) fn headings_ui(&mut self, ui: &mut Ui) {
        let margin = Margin {
            left: size::PAGE_MARGIN,
            right: size::PAGE_MARGIN,
            top: 4,
            bottom: 0,
        };
        Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                ui.label(Type::Small.text("Sort by", Tokens::of(ui).muted));
                for (key, text) in KEYS {
                    self.heading_ui(ui, key, text);
                }
            });
        });
    }

    /// Draws the headings above the columns.
    pub(super) fn table_headings_ui(&mut self, ui: &mut Ui, columns: Columns) {
        let margin = Margin::symmetric(size::PAGE_MARGIN, 2);
        let fill = Tokens::of(ui).panel;
        Frame::new().fill(fill).inner_margin(margin).show(ui, |ui| {
            ui.horizontal(|ui| {
                Columns::skip_toggle(ui);
                for cell in Cell::ALL {
                    let (key, text) = match cell {
                        Cell::Name => (Key::Name, "Name"),
                        Cell::Observations => (Key::Observations, "Observations"),
                        Cell::Size => (Key::Size, "Size"),
                        Cell::Downloaded => (Key::Downloaded, "Downloaded"),
                        Cell::Status => (Key::Status, "Status"),
                    };
                    columns.cell_ui(ui, cell, |ui| {
                        // The text itself, not the edge of its button, is aligned with the texts below.
                        ui.add_space(-PADDING);
                        self.heading_ui(ui, key, text);
                    });
                }
                ui.set_width(ui.available_width());
            });
        });
        hairline_ui(ui);
    }

    fn heading_ui(&mut self, ui: &mut Ui, key: Key, text: &str) {
        let is_current = self.key == key;
        let (icon, order) = if self.is_descending {
            (Icon::ARROW_DOWN, "descending")
        } else {
            (Icon::ARROW_UP, "ascending")
        };
        let name = if is_current {
            format!("Folders by {}, {order}", text.to_lowercase())
        } else {
            format!("Sort the folders by {}", text.to_lowercase())
        };
        let mut button = Button::heading(text).height(24.0).named(&name);
        if is_current {
            button = button.with_icon(icon);
        }
        if ui.add(button).clicked() {
            // Names from A to Z; the newest and largest first.
            self.is_descending = if is_current {
                !self.is_descending
            } else {
                !matches!(key, Key::Name | Key::Status)
            };
            self.key = key;
        }
    }

    /// Sorts the folders; those that are equal keep the order of their names.
    pub(super) fn sort(self, folders: &mut [&LibraryEntry], state: &State) {
        folders.sort_by(|one, other| {
            let name = natural_cmp(&one.name, &other.name).then(one.place.cmp(&other.place));
            let held = |entry: &LibraryEntry| {
                let held = entry.dataset();
                (
                    held.and_then(|held| held.finished),
                    held.map(|held| held.bytes),
                    held.map(|held| held.observations),
                )
            };
            let (one_held, other_held) = (held(one), held(other));
            let order = match self.key {
                Key::Name => name,
                Key::Downloaded => one_held.0.cmp(&other_held.0),
                Key::Size => one_held.1.cmp(&other_held.1),
                Key::Observations => one_held.2.cmp(&other_held.2),
                Key::Status => rank(one, state).cmp(&rank(other, state)),
            };
            let order = if self.is_descending {
                order.reverse()
            } else {
                order
            };
            order.then(name)
        });
    }
}

/// Returns the rank of a folder by its status: first what can be updated, last what needs nothing.
fn rank(entry: &LibraryEntry, state: &State) -> usize {
    match state.library.checked(&entry.place) {
        _ if entry.held.is_err() => 1,
        _ if entry.is_previous_version => 4,
        Some(UpdateStatus::Newer { .. }) => 0,
        Some(UpdateStatus::Unknown { .. }) | None => 2,
        Some(UpdateStatus::UpToDate { .. }) => 3,
    }
}
