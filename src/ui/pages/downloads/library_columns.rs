//! The list of folders as a table, where the window is wide enough for one.

use egui::{Align, Label, Layout, Response, Sense, Ui, UiBuilder, Vec2};

use super::library_entry::{folder_name, has_default_name};
use crate::{
    dataset::folder_name as usual_name,
    library::LibraryEntry,
    model::{byte_text, count_text},
    state::State,
    ui::{
        theme::{Tokens, Type},
        widgets::cut_label_ui,
        words::day_text,
    },
};

/// Widths of the cells, in points.
const OBSERVATIONS: f32 = 116.0;
const SIZE: f32 = 84.0;
const DOWNLOADED: f32 = 116.0;
/// The button before the name.
pub(super) const TOGGLE: f32 = 28.0;
/// The buttons at the right end.
pub(super) const BUTTONS: f32 = 206.0;
/// Between two cells.
const GAP: f32 = 8.0;
/// The indent of the text column that follows the numbers.
pub(super) const INDENT: f32 = 16.0;
const LINE: f32 = 24.0;
/// Minimum width of the status, in points; below it, a row has two lines instead.
const MIN_STATUS_WIDTH: f32 = 280.0;
/// Minimum width of a folder's own name, in points.
const OWN_NAME: f32 = 80.0;

/// The columns whose widths depend on the window.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    name: f32,
    pub(super) status: f32,
}

/// A column, in the order of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    Name,
    Observations,
    Size,
    Downloaded,
    Status,
}

impl Cell {
    pub(super) const ALL: [Self; 5] = [
        Self::Name,
        Self::Observations,
        Self::Size,
        Self::Downloaded,
        Self::Status,
    ];
}

impl Columns {
    /// Divides the width of a row; `None` if it is too narrow for a table.
    pub(super) fn of(width: f32) -> Option<Self> {
        let fixed = TOGGLE + OBSERVATIONS + SIZE + DOWNLOADED + INDENT + BUTTONS + 6.0 * GAP;
        let rest = width - fixed;
        let name = (rest * 0.4).clamp(170.0, 360.0);
        let status = rest - name;
        (status >= MIN_STATUS_WIDTH).then_some(Self { name, status })
    }

    /// Shows a cell of a row. The caller has shown those before it.
    pub(super) fn cell_ui(self, ui: &mut Ui, cell: Cell, content: impl FnOnce(&mut Ui)) {
        let (width, is_number) = match cell {
            Cell::Name => (self.name, false),
            Cell::Observations => (OBSERVATIONS, true),
            Cell::Size => (SIZE, true),
            Cell::Downloaded => (DOWNLOADED, true),
            Cell::Status => (self.status, false),
        };
        let layout = if is_number {
            Layout::right_to_left(Align::Center)
        } else {
            Layout::left_to_right(Align::Center)
        };
        if cell == Cell::Status {
            ui.add_space(INDENT);
        }
        // Exactly as wide as this, whatever is in it: the next cell must start in its own column.
        let (rect, _) = ui.allocate_exact_size(Vec2::new(width, LINE), Sense::hover());
        let cell = UiBuilder::new().max_rect(rect).layout(layout);
        let mut cell = ui.new_child(cell);
        cell.shrink_clip_rect(rect.expand2(Vec2::new(GAP, 4.0)));
        content(&mut cell);
    }

    /// Leaves space, above the rows, for the button before the names.
    pub(super) fn skip_toggle(ui: &mut Ui) {
        ui.spacing_mut().item_spacing.x = GAP;
        ui.add_space(TOGGLE + GAP);
    }

    /// Shows the name and the numbers of a folder. Returns the response of the name, for its menu.
    pub(super) fn facts_ui(self, ui: &mut Ui, one: &LibraryEntry, state: &State) -> Response {
        ui.spacing_mut().item_spacing.x = GAP;
        // Added before the texts, so that it is beneath them and their tooltips still appear.
        let area = egui::Rect::from_min_size(ui.cursor().min, Vec2::new(self.name, LINE));
        let id = ui.scope_id().with("name");
        let response = ui.interact(area, id, Sense::CLICK - Sense::FOCUSABLE);
        self.cell_ui(ui, Cell::Name, |ui| name_ui(ui, one));
        let held = one.dataset();
        let now = (state.environment.clock)();
        let day = held.and_then(|held| held.finished);
        let day = day.map(|at| day_text(&at.to_zoned(now.time_zone().clone())));
        let texts = [
            (
                Cell::Observations,
                held.map(|held| count_text(held.observations)),
            ),
            (Cell::Size, held.map(|held| byte_text(held.bytes))),
            (Cell::Downloaded, day),
        ];
        for (cell, text) in texts {
            self.cell_ui(ui, cell, |ui| {
                let tokens = Tokens::of(ui);
                let (text, colour) = match &text {
                    Some(text) => (text.as_str(), tokens.text),
                    None => ("–", tokens.faint),
                };
                ui.label(Type::Body.text(text, colour));
            });
        }
        response
    }
}

/// Draws the target, its access string, and the folder's own name if that is not the usual one.
fn name_ui(ui: &mut Ui, one: &LibraryEntry) {
    let tokens = Tokens::of(ui);
    ui.spacing_mut().item_spacing.x = 6.0;
    let target = one.dataset().and_then(|held| held.target.as_ref());
    let title = target.map_or(one.name.as_str(), |target| &target.title);
    let own = match (one.dataset(), has_default_name(one)) {
        (Some(_), true) => None,
        (Some(_), false) => Some(own_part(one)),
        (None, _) => Some(one.place.display().to_string()),
    };
    // What distinguishes folders is never pushed out by a long title.
    let tas = target.map_or("", |target| target.tas.as_str());
    let tas = ui
        .painter()
        .layout_no_wrap(tas.to_owned(), Type::Body.font(), tokens.muted);
    let reserved = tas.size().x + 6.0 + if own.is_some() { OWN_NAME + 6.0 } else { 0.0 };
    let width = (ui.available_width() - reserved).max(40.0);
    cut_label_ui(ui, title, Type::Strong, tokens.text, width);
    if target.is_some() {
        ui.label(tas);
    }
    let Some(own) = own else {
        return;
    };
    let text = Type::Small.text(&own, tokens.muted);
    ui.add(Label::new(text).truncate())
        .on_hover_text(one.place.display().to_string());
}

/// Returns what distinguishes the name of a folder from the usual one of its target: `(2)`, or all of it.
fn own_part(one: &LibraryEntry) -> String {
    let name = folder_name(&one.place);
    let target = one.dataset().and_then(|held| held.target.as_ref());
    let rest = target.and_then(|target| name.strip_prefix(usual_name(target).as_str()));
    match rest.map(str::trim) {
        Some(rest) if rest.starts_with('(') => rest.to_owned(),
        _ => name,
    }
}
