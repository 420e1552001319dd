//! Column widths: as the user has set them, and otherwise wide enough for headings, codes and words.

use std::collections::HashMap;

use egui::{Id, Ui, Vec2};
use egui_table::TableState;

use super::cell;
use crate::{
    state::{Command, State, TableCommand},
    table::{Column, ColumnKind, Sheet},
    ui::{
        theme::{Tokens, Type},
        widgets::cut,
    },
};

/// Minimum and maximum width of a column, in points.
pub(super) const MIN_WIDTH: f32 = 40.0;
pub(super) const MAX_WIDTH: f32 = 800.0;
/// Side of the button that opens the menu of a column, in points.
pub(super) const MENU: f32 = 16.0;
/// Maximum automatic width of a column, in points.
const MAX_AUTOMATIC_WIDTH: f32 = 240.0;
/// Width of the tick boxes before the columns, in points.
pub(super) const TICK_WIDTH: f32 = 30.0;
/// Width of the scroll bar beside the rows, in points.
const SCROLL_BAR: f32 = 12.0;
/// Number of rows that are measured when a column is fitted to its values.
const MEASURED: usize = 100;
/// Space for the mark before the text of a category, in points.
const MARK: f32 = 16.0;
/// Maximum width of a column that is fitted to its contents, in points.
const FIT_LIMIT: f32 = 480.0;
/// The text of cells is larger than that of headings, which is bolder.
const FIT_SCALE: f32 = 1.1;

/// Widths of columns that the user has not set, by field. What a column needs only grows, so that the layout does not
/// jump while rows arrive; what it has besides depends on the width of the window.
#[derive(Default)]
pub(super) struct Widths {
    /// The table, whether some of its rows were still to come, and the columns that were last measured.
    seen: Option<(usize, bool, Vec<usize>)>,
    /// The width that they had together, in points.
    room: f32,
    needed: HashMap<String, f32>,
    spare: HashMap<String, f32>,
    /// The widths of the longest texts of this table, by place: of a hundred thousand rows they take a moment, and a
    /// window that is being resized has another width in every frame.
    longest: HashMap<usize, f32>,
    has_changed: bool,
}

impl Widths {
    /// Returns the width of a column that the user has not set, in points.
    pub(super) fn automatic_width(&self, column: &Column) -> f32 {
        let spare = self.spare.get(column.field.as_ref());
        self.needed_width(column) + spare.copied().unwrap_or_default()
    }

    fn needed_width(&self, column: &Column) -> f32 {
        let needed = self.needed.get(column.field.as_ref());
        needed.copied().unwrap_or(column.width)
    }

    /// Measures the cells of a new table, or in a window of another width: codes and the words of headings are never
    /// truncated, other text is shown in full and headings are in one line where there is space.
    pub(super) fn measure(&mut self, ui: &Ui, state: &State, sheet: &Sheet, places: &[usize]) {
        let is_partial = state.experiments.is_partial();
        let now = (sheet.identity(), is_partial, places.to_vec());
        let all = ui.available_width();
        if self.seen.as_ref() == Some(&now) && (all - self.room).abs() < 1.0 {
            return;
        }
        if self.seen.as_ref() != Some(&now) {
            self.longest.clear();
        }
        let columns = || {
            places
                .iter()
                .filter_map(|at| Some((*at, sheet.column(*at)?)))
        };
        for (place, column) in columns() {
            let mut needed = heading_width(ui, column);
            if column.kind == ColumnKind::Code {
                needed = needed.max(self.longest(ui, place, sheet));
            }
            self.grow(column, needed);
        }
        // Columns that are still empty are not among these, and will need their space.
        if !is_partial {
            self.fill_room(ui, state, sheet, places);
        }
        (self.seen, self.room) = (Some(now), all);
    }

    /// Gives the space beside the columns to those that are cut: words first, then other text, then headings. A width
    /// that the user has set stays as it is.
    fn fill_room(&mut self, ui: &Ui, state: &State, sheet: &Sheet, places: &[usize]) {
        let set_width = |column: &Column| {
            let mut kept = state.experiments.view.columns().iter();
            kept.find(|kept| kept.field == column.field)?.width
        };
        let columns = places
            .iter()
            .filter_map(|at| Some((*at, sheet.column(*at)?)));
        let columns: Vec<(usize, &Column)> = columns.collect();
        let widths = columns
            .iter()
            .map(|(_, column)| set_width(column).unwrap_or_else(|| self.needed_width(column)));
        let taken: f32 = widths.sum();
        let mut wanted = Vec::new();
        for (place, column) in &columns {
            match column.kind {
                ColumnKind::Category(_) => {
                    wanted.push((0, *column, self.longest(ui, *place, sheet) + MARK));
                }
                ColumnKind::Text => wanted.push((1, *column, self.longest(ui, *place, sheet))),
                _ => {}
            }
            if column.unit.is_none() {
                let heading = text_width(ui, &column.heading, Type::SmallHeading);
                wanted.push((2, *column, heading + MENU + 2.0 * cell::PADDING));
            }
        }
        wanted.retain(|(_, column, _)| set_width(column).is_none());
        wanted.sort_by_key(|(rank, ..)| *rank);
        let mut room = ui.available_width() - TICK_WIDTH - SCROLL_BAR - taken;
        let mut spare: HashMap<String, f32> = HashMap::new();
        for (_, column, wanted) in wanted {
            let more = wanted - self.needed_width(column);
            let had = spare.get(column.field.as_ref());
            let had = had.copied().unwrap_or_default();
            if more > had && more - had <= room {
                room -= more - had;
                spare.insert(column.field.to_string(), more);
            }
        }
        self.has_changed |= spare != self.spare;
        self.spare = spare;
    }

    /// Returns the width that the longest text of a column needs, in points.
    fn longest(&mut self, ui: &Ui, place: usize, sheet: &Sheet) -> f32 {
        let measured = self.longest.entry(place);
        *measured.or_insert_with(|| longest(ui, place, sheet))
    }

    fn grow(&mut self, column: &Column, width: f32) {
        if width > self.needed_width(column) {
            self.needed.insert(column.field.to_string(), width);
            self.has_changed = true;
        }
    }

    /// Passes the widths of a newly chosen view, and those that have changed, to the table.
    pub(super) fn apply(
        &mut self,
        ui: &Ui,
        id: Id,
        state: &State,
        sheet: &Sheet,
        places: &[usize],
    ) {
        let mut known = TableState::load(ui.ctx(), id).unwrap_or_default();
        let layout = state.experiments.view.layout();
        let key = Id::unique("columns of the table");
        let before = ui.data(|data| data.get_temp::<u64>(key));
        let is_new = before != Some(layout.revision);
        ui.data_mut(|data| data.insert_temp(key, layout.revision));
        for column in places.iter().filter_map(|place| sheet.column(*place)) {
            let mut kept = layout.columns.iter();
            let kept = kept.find(|kept| kept.field == column.field);
            let set = kept.and_then(|kept| kept.width);
            if is_new || (self.has_changed && set.is_none()) {
                let width = set.unwrap_or_else(|| self.automatic_width(column));
                known.col_widths.insert(column_id(&column.field), width);
            }
        }
        self.has_changed = false;
        known.store(ui.ctx(), id);
    }

    /// Remembers widths that the user has changed, once the mouse button is released.
    pub(super) fn save_resized(
        &self,
        ui: &Ui,
        id: Id,
        state: &State,
        sheet: &Sheet,
        places: &[usize],
        commands: &mut Vec<Command>,
    ) {
        if ui.input(|input| input.pointer.any_down()) {
            return;
        }
        let Some(known) = TableState::load(ui.ctx(), id) else {
            return;
        };
        let shown = state.experiments.view.columns();
        for column in places.iter().filter_map(|place| sheet.column(*place)) {
            let kept = shown.iter().find(|kept| kept.field == column.field);
            let width = kept.and_then(|kept| kept.width);
            let width = width.unwrap_or_else(|| self.automatic_width(column));
            if let Some(now) = known.col_widths.get(&column_id(&column.field))
                && (now - width).abs() > 0.5
            {
                commands.push(Command::Table(TableCommand::RememberWidth {
                    field: column.field.to_string(),
                    width: *now,
                }));
            }
        }
    }
}

/// Returns the id under which the table knows a column.
pub(super) fn column_id(field: &str) -> Id {
    Id::unique(("column", field))
}

/// Returns the width of a text in points.
fn text_width(ui: &Ui, text: &str, kind: Type) -> f32 {
    cut(ui, text, kind, Tokens::of(ui).text, MAX_WIDTH).size().x
}

/// Returns the width that a heading needs so that none of its words breaks, in points.
fn heading_width(ui: &Ui, column: &Column) -> f32 {
    // With a unit the name has one line, else two.
    let words: Vec<&str> = match column.unit {
        Some(_) => vec![&column.heading],
        None => column.heading.split_whitespace().collect(),
    };
    let words = words
        .iter()
        .map(|word| text_width(ui, word, Type::SmallHeading));
    words.fold(0.0, f32::max) + 2.0 * cell::PADDING
}

/// Returns the width that the longest text of a column needs, in points.
fn longest(ui: &Ui, place: usize, sheet: &Sheet) -> f32 {
    let text = sheet.longest(place);
    let width = text.map_or(0.0, |text| text_width(ui, &text, Type::Body));
    width.min(MAX_AUTOMATIC_WIDTH) + 2.0 * cell::PADDING
}

/// Returns the width that a column needs for its heading and the values of the first rows.
pub(super) fn fitted_width(ui: &Ui, column: &Column, state: &State) -> f32 {
    let sheet = state.experiments.sheet();
    let Some(place) = sheet.place(&column.field) else {
        return column.width;
    };
    let heading = text_width(ui, &column.heading, Type::SmallHeading) + MENU + 8.0;
    let rows = state.experiments.view.shown().take(MEASURED);
    rows.map(|row| text_width(ui, &sheet.text(place, row), Type::Body))
        .fold(heading, f32::max)
        + 2.0 * cell::PADDING
}

/// Reports the width of a cell's text to the table while its column is being fitted; returns `true` if it is.
pub(super) fn report_fitted_width(ui: &mut Ui, text: &str) -> bool {
    if !ui.is_sizing_pass() {
        return false;
    }
    let galley = cut(ui, text, Type::SmallHeading, Tokens::of(ui).text, FIT_LIMIT);
    ui.allocate_space(Vec2::new(
        galley.size().x * FIT_SCALE + 2.0 * cell::PADDING,
        1.0,
    ));
    true
}
