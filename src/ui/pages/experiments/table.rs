//! The table itself: only the visible rows are drawn.

use egui::{
    CornerRadius, Id, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo,
};
use egui_table::{CellInfo, HeaderCellInfo, HeaderRow, PrefetchInfo, Table, TableDelegate};

use super::{
    cell, column_header,
    filter::FilterDraft,
    keyboard::{Grid, Scroll},
    note::{note_in_cell, note_text, paint_marks, spoken},
    row_menu::{MenuTarget, row_menu_ui},
    select::selection_mode,
    structure,
    widths::{MAX_WIDTH, MIN_WIDTH, TICK_WIDTH, Widths, column_id, report_fitted_width},
};
use crate::{
    model::RowId,
    state::{Command, SelectionMode, State, TableCommand},
    table::{Column, STRUCTURE, Sheet},
    ui::{
        input::click_modifiers,
        theme::{Tokens, size},
        widgets::{Tick, Ticked},
    },
};

/// Height of rows with drawn structures.
const STRUCTURE_ROW_HEIGHT: f32 = 72.0;

pub(super) fn table_ui(
    ui: &mut Ui,
    grid: &mut Grid,
    draft: &mut FilterDraft,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let view = &state.experiments.view;
    let sheet = state.experiments.sheet();
    let places: Vec<usize> = view
        .columns()
        .iter()
        .filter_map(|shown| sheet.place(&shown.field))
        .collect();
    let area = ui.available_rect_before_wrap();
    announce(ui, area, state, &places);
    grid.across = None;
    grid.keys(ui, state, commands);
    // The frozen columns and the others are drawn separately, but a row is one.
    let pointer = ui
        .rect_contains_pointer(area)
        .then(|| ui.ctx().pointer_hover_pos())
        .flatten();
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    // Rows have lines; columns have one only while they are resized.
    ui.visuals_mut().widgets.noninteractive.bg_stroke = Stroke::NONE;
    grid.widths.measure(ui, state, sheet, &places);
    let mut table = Table::new()
        .id_salt(state.experiments.subject.plural())
        .num_rows(view.len() as u64)
        .columns(columns(state, sheet, &places, &grid.widths))
        .num_sticky_cols(1 + frozen(state))
        .headers([HeaderRow::new(size::HEADING_ROW)]);
    // Without a state of its own, a new table fits all columns to the visible rows, and jumps.
    let id = table.get_id(ui);
    grid.widths.apply(ui, id, state, sheet, &places);
    table = scrolled(table, grid, state);
    grid.headings.clear();
    let mut delegate = Delegate {
        pointer,
        state,
        sheet,
        places,
        grid,
        draft,
        commands,
    };
    table.show(ui, &mut delegate);
    let places = std::mem::take(&mut delegate.places);
    column_header::column_drop_ui(ui, grid, sheet, &places, commands);
    grid.widths
        .save_resized(ui, id, state, sheet, &places, commands);
}

/// Returns how many columns stay in view while the others scroll sideways.
fn frozen(state: &State) -> usize {
    state.experiments.view.layout().frozen.clamp(1, 4)
}

/// Registers the table as a whole, for the keyboard and for screen readers.
fn announce(ui: &Ui, area: Rect, state: &State, places: &[usize]) {
    let response = ui.interact(area, Grid::id(), Sense::focusable_noninteractive());
    let name = format!(
        "{}, {} rows, {} columns",
        state.experiments.subject.title(),
        state.experiments.view.len(),
        places.len()
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Table, true, &name));
    ui.ctx().accesskit_node_builder(Grid::id(), |node| {
        // One more for the headings, and one for the tick boxes.
        node.set_row_count(state.experiments.view.len() + 1);
        node.set_column_count(places.len() + 1);
    });
}

fn columns(
    state: &State,
    sheet: &Sheet,
    places: &[usize],
    widths: &Widths,
) -> Vec<egui_table::Column> {
    let tick = egui_table::Column::new(TICK_WIDTH)
        .resizable(false)
        .id(Id::unique("tick"));
    let shown = state.experiments.view.columns();
    let others = places.iter().filter_map(|place| {
        let column = sheet.column(*place)?;
        let kept = shown.iter().find(|shown| shown.field == column.field)?;
        let wide =
            egui_table::Column::new(kept.width.unwrap_or_else(|| widths.automatic_width(column)));
        Some(
            wide.range(MIN_WIDTH..=MAX_WIDTH)
                .resizable(true)
                .id(column_id(&column.field)),
        )
    });
    std::iter::once(tick).chain(others).collect()
}

struct Delegate<'a> {
    /// Where the pointer is, if over the table.
    pointer: Option<Pos2>,
    state: &'a State,
    sheet: &'a Sheet,
    /// The indices of the shown columns.
    places: Vec<usize>,
    grid: &'a mut Grid,
    draft: &'a mut FilterDraft,
    commands: &'a mut Vec<Command>,
}

impl<'a> Delegate<'a> {
    /// Returns the shown column of a number, which counts the tick boxes too, with its index.
    fn column(&self, number: usize) -> Option<(usize, &'a Column)> {
        let place = *self.places.get(number.checked_sub(1)?)?;
        Some((place, self.sheet.column(place)?))
    }

    fn row(&self, number: u64) -> Option<usize> {
        let view = &self.state.experiments.view;
        view.row(usize::try_from(number).ok()?)
    }

    fn select_all_ui(&mut self, ui: &mut Ui) {
        let view = &self.state.experiments.view;
        let ticked = match view.chosen().shown {
            0 if view.is_empty() || view.selected().is_empty() => Ticked::No,
            shown if shown == view.len() => Ticked::Yes,
            _ => Ticked::Some,
        };
        let square = Rect::from_center_size(
            ui.max_rect().center() - Vec2::new(0.0, 8.0),
            Vec2::splat(14.0),
        );
        let tick = ui.put(
            square,
            Tick::new("Select all shown", ticked).without_label(),
        );
        if tick.clicked() {
            self.commands.push(Command::Table(TableCommand::SelectAll));
        }
    }

    fn select_row_ui(&mut self, ui: &mut Ui, row: usize) {
        let id = self.sheet.id(row);
        let name = format!("Select {}", self.sheet.code(row));
        let is_on = self.state.experiments.view.is_selected(id);
        let square = Rect::from_center_size(ui.max_rect().center(), Vec2::splat(14.0));
        // The id of a tick box depends on its row, wherever that row has been sorted to.
        let mut child = ui.new_child(UiBuilder::new().id_salt(id.0).max_rect(square));
        // Not a tab stop: Space does the same in the table.
        let tick = child.put(
            square,
            Tick::new(&name, is_on).without_label().without_focus(),
        );
        if tick.clicked() {
            let how = if ui.input(|input| click_modifiers(input).shift) {
                SelectionMode::Range
            } else {
                SelectionMode::Toggle
            };
            self.commands
                .push(Command::Table(TableCommand::Select(id, how)));
        }
    }
}

impl TableDelegate for Delegate<'_> {
    fn prepare(&mut self, info: &PrefetchInfo) {
        let rows = info.visible_rows.end - info.visible_rows.start;
        self.grid.page = usize::try_from(rows).unwrap_or(0).saturating_sub(2);
    }

    fn default_row_height(&self) -> f32 {
        let structures = self
            .places
            .iter()
            .filter_map(|place| self.sheet.column(*place));
        if structures
            .into_iter()
            .any(|column| column.field == STRUCTURE)
        {
            STRUCTURE_ROW_HEIGHT
        } else {
            size::ROW
        }
    }

    fn header_cell_ui(&mut self, ui: &mut Ui, info: &HeaderCellInfo) {
        let tokens = Tokens::of(ui);
        let rect = ui.max_rect();
        ui.painter()
            .rect_filled(rect, CornerRadius::ZERO, tokens.panel);
        match info.col_range.start {
            0 => self.select_all_ui(ui),
            number => {
                if let Some((place, column)) = self.column(number)
                    && !report_fitted_width(ui, &column.heading)
                {
                    self.grid.headings.push((number - 1, rect));
                    column_header::column_header_ui(
                        ui,
                        (number, place, column),
                        self.grid,
                        self.draft,
                        self.state,
                        self.commands,
                    );
                }
            }
        }
        ui.painter().hline(
            rect.x_range(),
            rect.bottom() - 0.5,
            Stroke::new(1.0, tokens.line2),
        );
        self.frozen_edge_ui(ui, rect, info.col_range.start);
    }

    fn row_ui(&mut self, ui: &mut Ui, number: u64) {
        let Some(row) = self.row(number) else { return };
        let tokens = Tokens::of(ui);
        let rect = ui.max_rect();
        let is_hot = self.pointer.is_some_and(|at| rect.y_range().contains(at.y));
        let is_selected = self.state.experiments.view.is_selected(self.sheet.id(row));
        let fill = match (is_selected, is_hot) {
            (true, _) => tokens.selected,
            (false, true) => tokens.hover,
            (false, false) => tokens.surface,
        };
        ui.painter().rect_filled(rect, CornerRadius::ZERO, fill);
        ui.painter().hline(
            rect.x_range(),
            rect.bottom() - 0.5,
            Stroke::new(1.0, tokens.line),
        );
        // The row that the details are about may be another than the selected ones.
        if self.grid.at.is_some_and(|(at, _)| at as u64 == number) {
            let edge = Stroke::new(1.0, tokens.accent);
            for y in [rect.top() - 0.5, rect.bottom() - 0.5] {
                ui.painter().hline(rect.x_range(), y, edge);
            }
        }
    }

    fn cell_ui(&mut self, ui: &mut Ui, info: &CellInfo) {
        let Some(row) = self.row(info.row_nr) else {
            return;
        };
        let rect = ui.max_rect();
        if info.col_nr == 0 {
            self.select_row_ui(ui, row);
            return;
        }
        let Some((place, column)) = self.column(info.col_nr) else {
            return;
        };
        let text = self.sheet.text(place, row);
        if report_fitted_width(ui, &text) {
            return;
        }
        let id = self.sheet.id(row);
        let own = ui.scope_id().with((id.0, column.field.as_ref()));
        // Not a tab stop: the table is one, and the arrow keys move between cells.
        let response = ui.interact(rect, own, Sense::CLICK);
        let at = (usize::try_from(info.row_nr).unwrap_or(0), info.col_nr - 1);
        let note = note_in_cell(column, self.state, self.sheet, row);
        cell::describe(ui, &response, at, column, &spoken(&text, note));
        ui.ctx().accesskit_node_builder(own, |node| {
            node.set_selected(self.state.experiments.view.is_selected(id));
        });
        let needle = self.state.experiments.view.search();
        let is_odd = self.sheet.is_unexpected(place, row);
        let cut = if column.field == STRUCTURE && !text.is_empty() {
            structure::paint(ui, rect, (row, &text), self.state, self.commands);
            Some(text)
        } else {
            let room = note.map_or(rect, |note| paint_marks(ui, rect, note));
            cell::paint(ui, room, column, text, needle, is_odd)
        };
        if self.grid.at == Some(at) {
            focus_outline_ui(ui, rect, own);
        }
        let (is_clicked, is_twice) = (response.clicked(), response.double_clicked());
        let spot = MenuTarget {
            row,
            at,
            place,
            column,
        };
        response.context_menu(|ui| row_menu_ui(ui, &spot, self.grid, self.state, self.commands));
        let words = if is_odd {
            Some("The server sent an unexpected value for this column".into())
        } else {
            note.and_then(note_text).or(cut)
        };
        let names_compound = !is_odd && cell::names_a_compound(&column.field);
        let row_of_compound = names_compound.then_some(row);
        structure::cell_tip(response, words, row_of_compound, self.state, self.commands);
        self.frozen_edge_ui(ui, rect, info.col_nr);
        if is_clicked {
            self.select_cell(ui, at, id);
        }
        self.grid.wants_details |= is_twice;
    }
}

impl Delegate<'_> {
    /// Focuses a cell and selects its row.
    fn select_cell(&mut self, ui: &Ui, at: (usize, usize), id: RowId) {
        self.grid.focus_cell(self.state, at);
        ui.memory_mut(|memory| memory.request_focus(Grid::id()));
        let how = selection_mode(ui.input(click_modifiers));
        self.commands
            .push(Command::Table(TableCommand::Select(id, how)));
    }

    /// Draws the stronger edge of the last frozen column.
    fn frozen_edge_ui(&self, ui: &Ui, rect: Rect, column: usize) {
        if column == frozen(self.state) {
            let stroke = Stroke::new(1.0, Tokens::of(ui).line2);
            ui.painter()
                .vline(rect.right() - 0.5, rect.y_range(), stroke);
        }
    }
}

/// Scrolls to where the keyboard or a command asked to go.
fn scrolled(table: Table, grid: &mut Grid, state: &State) -> Table {
    match (std::mem::take(&mut grid.scroll), grid.at) {
        (Scroll::ToTop, _) => table.scroll_to_row(0, None),
        (Scroll::ToCell, Some((row, column))) => {
            let table = table.scroll_to_row(row as u64, None);
            // The frozen columns are always in sight.
            if column >= frozen(state) {
                table.scroll_to_column(column + 1, None)
            } else {
                table
            }
        }
        (Scroll::ToCell, None) | (Scroll::Nowhere, _) => table,
    }
}

/// Outlines the focused cell.
fn focus_outline_ui(ui: &Ui, rect: Rect, cell: Id) {
    let has_focus = ui.memory(|memory| memory.has_focus(Grid::id()));
    let tokens = Tokens::of(ui);
    let ring = if has_focus {
        Stroke::new(2.0, tokens.accent)
    } else {
        Stroke::new(1.0, tokens.control)
    };
    ui.painter()
        .rect_stroke(rect, CornerRadius::ZERO, ring, StrokeKind::Inside);
    if has_focus {
        ui.ctx().accesskit_node_builder(Grid::id(), |node| {
            node.set_active_descendant(cell.accesskit_id());
        });
    }
}
