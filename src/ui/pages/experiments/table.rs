//! The table itself: only the visible part is drawn, however many rows there are.

use egui::{
    Align2, CornerRadius, CursorIcon, Id, Modifiers, Pos2, Rect, Role, Sense, Stroke, Ui,
    UiBuilder, Vec2, WidgetInfo,
};
use egui_table::{CellInfo, HeaderCellInfo, HeaderRow, Table, TableDelegate, TableState};

use super::cell;
use crate::{
    state::{Command, SelectHow, State},
    table::{Column, Direction, Sheet},
    ui::{
        shell::cut,
        theme::{Icon, Tokens, Type, icon_font, size},
        widgets::{Tick, Ticked},
    },
};

const TICK_WIDTH: f32 = 30.0;
/// A fitted column is not wider than this.
const FIT_LIMIT: f32 = 480.0;
/// Text of cells is larger than that of headings, which is heavier.
const FIT_SCALE: f32 = 1.1;

pub(super) fn show(ui: &mut Ui, state: &State, wishes: &mut Vec<Command>) {
    let view = &state.experiments.view;
    let mut columns = vec![
        egui_table::Column::new(TICK_WIDTH)
            .resizable(false)
            .id(Id::unique("tick")),
    ];
    let sheet = state.experiments.sheet();
    let places: Vec<usize> = view
        .columns()
        .iter()
        .filter_map(|shown| sheet.place(&shown.field))
        .collect();
    columns.extend(places.iter().filter_map(|place| {
        let column = sheet.column(*place)?;
        let column = egui_table::Column::new(column.width)
            .range(40.0..=800.0)
            .resizable(true)
            .id(Id::unique(("column", column.field.as_ref())));
        Some(column)
    }));
    // The frozen columns and the others are drawn apart, but a row is one.
    let area = ui.available_rect_before_wrap();
    let pointer = ui
        .rect_contains_pointer(area)
        .then(|| ui.ctx().pointer_hover_pos())
        .flatten();
    let mut delegate = Delegate {
        pointer,
        state,
        sheet,
        places,
        wishes,
    };
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    let table = Table::new().id_salt("experiments");
    // Without a state of its own a new table fits all columns to the rows in sight, and jumps.
    let id = table.get_id(ui);
    if TableState::load(ui.ctx(), id).is_none() {
        TableState::default().store(ui.ctx(), id);
    }
    table
        .num_rows(view.len() as u64)
        .columns(columns)
        .num_sticky_cols(2)
        .headers([HeaderRow::new(size::HEADING_ROW)])
        .show(ui, &mut delegate);
}

struct Delegate<'a> {
    /// Where the pointer is, if over the table.
    pointer: Option<Pos2>,
    state: &'a State,
    sheet: &'a Sheet,
    /// The shown columns by their places.
    places: Vec<usize>,
    wishes: &'a mut Vec<Command>,
}

impl<'a> Delegate<'a> {
    /// The shown column of a number, which counts the tick boxes too, with its place.
    fn column(&self, number: usize) -> Option<(usize, &'a Column)> {
        let place = *self.places.get(number.checked_sub(1)?)?;
        Some((place, self.sheet.column(place)?))
    }

    fn row(&self, number: u64) -> Option<usize> {
        let view = &self.state.experiments.view;
        view.row(usize::try_from(number).ok()?)
    }

    fn tick_all(&mut self, ui: &mut Ui) {
        let view = &self.state.experiments.view;
        let selected = view.selected().len();
        let ticked = match selected {
            0 => Ticked::No,
            _ if view.shown().all(|row| view.is_selected(self.sheet.id(row))) => Ticked::Yes,
            _ => Ticked::Some,
        };
        let square = Rect::from_center_size(
            ui.max_rect().center() - Vec2::new(0.0, 8.0),
            Vec2::splat(14.0),
        );
        let tick = ui.put(square, Tick::new("Select all shown", ticked).bare());
        if tick.clicked() {
            self.wishes.push(Command::SelectAll);
        }
    }

    fn heading(&mut self, ui: &mut Ui, number: usize) {
        let Some((_, column)) = self.column(number) else {
            return;
        };
        if fit(ui, &column.heading) {
            return;
        }
        let tokens = Tokens::of(ui);
        let rect = ui.max_rect();
        let keys = self.state.experiments.view.sort();
        let rank = keys.iter().position(|key| key.field == column.field);
        let sorted = rank.and_then(|rank| keys.get(rank));
        let id = ui.scope_id().with(("heading", column.field.as_ref()));
        let response = ui.interact(rect.shrink2(Vec2::new(4.0, 0.0)), id, Sense::click());
        response.widget_info(|| {
            WidgetInfo::labeled(Role::ColumnHeader, true, heading_name(column, sorted))
        });
        if response.hovered() {
            ui.painter()
                .rect_filled(rect, CornerRadius::ZERO, tokens.hover);
        }
        paint_heading(
            ui,
            rect,
            column,
            sorted.map(|key| (key.direction, rank.unwrap_or(0), keys.len())),
        );
        let help = match column.unit {
            Some(unit) => format!(
                "{} (in {unit})\nName of the field: {}",
                column.help, column.field
            ),
            None => format!("{}\nName of the field: {}", column.help, column.field),
        };
        let response = response
            .on_hover_cursor(CursorIcon::PointingHand)
            .on_hover_text(help);
        if response.clicked() {
            let is_further = ui.input(|input| input.modifiers.shift);
            self.wishes.push(Command::SortBy {
                field: column.field.to_string(),
                is_further,
            });
        }
    }

    fn tick(&mut self, ui: &mut Ui, row: usize) {
        let id = self.sheet.id(row);
        let name = format!("Select {}", self.sheet.code(row));
        let is_on = self.state.experiments.view.is_selected(id);
        let square = Rect::from_center_size(ui.max_rect().center(), Vec2::splat(14.0));
        // A tick box is found by the row it belongs to, wherever that row has been sorted to.
        let mut child = ui.new_child(UiBuilder::new().id_salt(id.0).max_rect(square));
        let tick = child.put(square, Tick::new(&name, is_on).bare());
        if tick.clicked() {
            let how = if ui.input(|input| input.modifiers.shift) {
                SelectHow::Range
            } else {
                SelectHow::Toggle
            };
            self.wishes.push(Command::Select(id, how));
        }
    }
}

impl TableDelegate for Delegate<'_> {
    fn default_row_height(&self) -> f32 {
        size::ROW
    }

    fn header_cell_ui(&mut self, ui: &mut Ui, info: &HeaderCellInfo) {
        let tokens = Tokens::of(ui);
        let rect = ui.max_rect();
        ui.painter()
            .rect_filled(rect, CornerRadius::ZERO, tokens.panel);
        match info.col_range.start {
            0 => self.tick_all(ui),
            number => self.heading(ui, number),
        }
        ui.painter().hline(
            rect.x_range(),
            rect.bottom() - 0.5,
            Stroke::new(1.0, tokens.line2),
        );
        frozen_edge(ui, rect, info.col_range.start);
    }

    fn row_ui(&mut self, ui: &mut Ui, number: u64) {
        let Some(row) = self.row(number) else { return };
        let tokens = Tokens::of(ui);
        let rect = ui.max_rect();
        let is_hot = self.pointer.is_some_and(|at| rect.y_range().contains(at.y));
        let fill = match (
            self.state.experiments.view.is_selected(self.sheet.id(row)),
            is_hot,
        ) {
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
    }

    fn cell_ui(&mut self, ui: &mut Ui, info: &CellInfo) {
        let Some(row) = self.row(info.row_nr) else {
            return;
        };
        let rect = ui.max_rect();
        if info.col_nr == 0 {
            self.tick(ui, row);
            return;
        }
        let Some((place, column)) = self.column(info.col_nr) else {
            return;
        };
        let text = self.sheet.text(place, row);
        if fit(ui, &text) {
            return;
        }
        let id = self.sheet.id(row);
        let response = ui.interact(
            rect,
            ui.scope_id().with((id.0, column.field.as_ref())),
            // Not a stop of the Tab key: there are hundreds of cells, and each row has its tick box.
            Sense::CLICK,
        );
        response.widget_info(|| WidgetInfo::labeled(Role::Cell, true, text.as_ref()));
        let cut = cell::paint(ui, rect, column, text);
        if response.has_focus() {
            let ring = Stroke::new(2.0, Tokens::of(ui).accent);
            ui.painter()
                .rect_stroke(rect, CornerRadius::ZERO, ring, egui::StrokeKind::Inside);
        }
        let clicked = response.clicked();
        if let Some(text) = cut {
            response.on_hover_text(text);
        }
        frozen_edge(ui, rect, info.col_nr);
        if clicked {
            let how = how(ui.input(|input| input.modifiers));
            self.wishes.push(Command::Select(id, how));
        }
    }
}

/// When a column is fitted to what is in it, tells the table how wide that is.
fn fit(ui: &mut Ui, text: &str) -> bool {
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

/// The last frozen column has a stronger edge.
fn frozen_edge(ui: &Ui, rect: Rect, column: usize) {
    if column == 1 {
        let stroke = Stroke::new(1.0, Tokens::of(ui).line2);
        ui.painter()
            .vline(rect.right() - 0.5, rect.y_range(), stroke);
    }
}

fn how(modifiers: Modifiers) -> SelectHow {
    if modifiers.shift {
        SelectHow::Range
    } else if modifiers.command {
        SelectHow::Toggle
    } else {
        SelectHow::Only
    }
}

fn heading_name(column: &Column, sorted: Option<&crate::table::SortKey>) -> String {
    match sorted.map(|key| key.direction) {
        Some(Direction::Ascending) => format!("{}, sorted ascending", column.heading),
        Some(Direction::Descending) => format!("{}, sorted descending", column.heading),
        None => column.heading.to_string(),
    }
}

/// Name on line one, unit and sort mark on line two; a name that needs both lines takes them.
fn paint_heading(ui: &Ui, rect: Rect, column: &Column, sorted: Option<(Direction, usize, usize)>) {
    let tokens = Tokens::of(ui);
    let colour = if sorted.is_some() {
        tokens.text
    } else {
        tokens.muted
    };
    let (left, right) = (rect.left() + cell::PADDING, rect.right() - cell::PADDING);
    let width = right - left;
    let font = Type::SmallHeading.font();
    let has_second = sorted.is_some() || column.unit.is_some();
    let galley = if has_second {
        cut(ui, &column.heading, Type::SmallHeading, colour, width)
    } else {
        let mut job =
            egui::text::LayoutJob::simple(column.heading.to_string(), font, colour, width);
        job.wrap.max_rows = 2;
        ui.painter().layout_job(job)
    };
    let x = if column.is_right_aligned() {
        right - galley.size().x
    } else {
        left
    };
    ui.painter()
        .galley(Pos2::new(x, rect.top() + 4.0), galley, colour);
    let second = rect.top() + 28.0;
    let mut x = if column.is_right_aligned() {
        right
    } else {
        left
    };
    let align = if column.is_right_aligned() {
        Align2::RIGHT_CENTER
    } else {
        Align2::LEFT_CENTER
    };
    let step = |painted: Rect| {
        if column.is_right_aligned() {
            painted.left() - 4.0
        } else {
            painted.right() + 4.0
        }
    };
    if let Some(unit) = column.unit {
        let at = Pos2::new(x, second);
        x = step(
            ui.painter()
                .text(at, align, unit, Type::Caption.font(), tokens.muted),
        );
    }
    let Some((direction, rank, keys)) = sorted else {
        return;
    };
    if keys > 1 {
        let at = Pos2::new(x, second);
        let rank = (rank + 1).to_string();
        x = step(
            ui.painter()
                .text(at, align, rank, Type::Caption.font(), tokens.accent_text),
        );
    }
    let icon = if direction == Direction::Ascending {
        Icon::ARROW_UP
    } else {
        Icon::ARROW_DOWN
    };
    ui.painter().text(
        Pos2::new(x, second),
        align,
        icon.glyph(),
        icon_font(12.0),
        tokens.accent_text,
    );
}
