//! The heading of a column: click to sort, filter, menu, drag to move.

use egui::{
    Align2, CornerRadius, CursorIcon, Id, Popup, PopupCloseBehavior, Pos2, Rect, Response, Role,
    Sense, Stroke, Ui, Vec2, WidgetInfo,
};

use super::{
    cell,
    column_commands::column_commands_ui,
    filter::{self, FilterDraft},
    keyboard::{Grid, Scroll},
    widths::MENU,
};
use crate::{
    state::{Command, State, TableCommand},
    table::{Column, Direction, Sheet, SortKey},
    ui::{
        input::click_modifiers,
        theme::{Icon, Tokens, Type, icon_font},
        widgets::{Button, cut, menu_line_ui, paint_icon},
    },
};

pub(super) fn column_header_ui(
    ui: &mut Ui,
    (number, place, column): (usize, usize, &Column),
    grid: &mut Grid,
    draft: &mut FilterDraft,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    let rect = ui.max_rect();
    let keys = state.experiments.view.sort();
    let rank = keys.iter().position(|key| key.field == column.field);
    let sorted = rank.and_then(|rank| keys.get(rank));
    let id = Id::unique(("heading", column.field.as_ref()));
    let area = rect.shrink2(Vec2::new(4.0, 0.0));
    let response = ui.interact(area, id, Sense::click_and_drag());
    describe(ui, &response, number, column, sorted);
    let is_dragged = grid.dragged.as_deref() == Some(column.field.as_ref());
    if response.hovered() || is_dragged {
        ui.painter()
            .rect_filled(rect, CornerRadius::ZERO, tokens.hover);
    }
    let rank_of_all = sorted.map(|key| (key.direction, rank.unwrap_or(0), keys.len()));
    paint(ui, rect, column, rank_of_all);
    if response.has_focus() {
        let stroke = Stroke::new(2.0, tokens.accent);
        let (rect, corners) = (rect.shrink(1.0), CornerRadius::ZERO);
        ui.painter()
            .rect_stroke(rect, corners, stroke, egui::StrokeKind::Inside);
    }
    let is_hot = response.hovered() || response.has_focus();
    if response.drag_started() {
        grid.dragged = Some(column.field.to_string());
    }
    let response = response
        .on_hover_cursor(CursorIcon::PointingHand)
        .on_hover_text(help(column));
    if response.clicked() {
        let is_further = ui.input(|input| click_modifiers(input).shift);
        grid.scroll = Scroll::ToTop;
        commands.push(Command::Table(TableCommand::SortBy {
            field: column.field.to_string(),
            is_further,
        }));
    }
    let usual = grid.widths.automatic_width(column);
    heading_menu_ui(&response, column, usual, state, commands);
    menu_button_ui(
        ui,
        (rect, is_hot),
        (place, column, usual),
        draft,
        state,
        commands,
    );
}

/// Draws the menu of the heading, opened by a right-click.
fn heading_menu_ui(
    heading: &Response,
    column: &Column,
    usual: f32,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let mut is_to_filter = false;
    heading.context_menu(|ui| {
        ui.set_width(200.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        is_to_filter = ui.add(Button::menu_entry("Filter…")).clicked();
        menu_line_ui(ui);
        column_commands_ui(ui, column, usual, state, commands);
    });
    if is_to_filter {
        // After the menu, which closes every popup when one of its entries is clicked.
        Popup::open_id(&heading.ctx, filter_popup(&column.field));
    }
}

/// Tells a screen reader which column this is, and how it is sorted.
fn describe(
    ui: &Ui,
    response: &Response,
    number: usize,
    column: &Column,
    sorted: Option<&SortKey>,
) {
    response.widget_info(|| {
        WidgetInfo::labeled(Role::ColumnHeader, true, heading_name(column, sorted))
    });
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_column_index(number);
        if let Some(key) = sorted {
            node.set_sort_direction(match key.direction {
                Direction::Ascending => egui::accesskit::SortDirection::Ascending,
                Direction::Descending => egui::accesskit::SortDirection::Descending,
            });
        }
    });
}

/// Returns the tooltip: what the column means, and what a click does.
fn help(column: &Column) -> String {
    let unit = column.unit.map(|unit| format!(" (in {unit})"));
    format!(
        "{}{}\nField: {}\nClick to sort, Shift-click to add a sort, right-click for more",
        column.help,
        unit.unwrap_or_default(),
        column.field
    )
}

/// Returns the identity of the small button of a column.
fn menu_button(field: &str) -> Id {
    Id::unique(("menu of", field))
}

/// Returns the identity of the popup with the filter of a column.
fn filter_popup(field: &str) -> Id {
    menu_button(field).with("filter")
}

/// Draws the small button in the corner: the filter, and further commands of the column.
fn menu_button_ui(
    ui: &mut Ui,
    (rect, is_hot): (Rect, bool),
    (place, column, usual): (usize, &Column, f32),
    draft: &mut FilterDraft,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    let is_filtered = state.experiments.view.filter(&column.field).is_some();
    let corner = if column.is_right_aligned() {
        Pos2::new(rect.left() + 3.0, rect.bottom() - MENU - 3.0)
    } else {
        Pos2::new(rect.right() - MENU - 5.0, rect.bottom() - MENU - 3.0)
    };
    let square = Rect::from_min_size(corner, Vec2::splat(MENU));
    let button = ui.interact(square, menu_button(&column.field), Sense::click());
    let name = format!("Filter {}", column.heading);
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let popup = filter_popup(&column.field);
    let is_open = Popup::is_id_open(ui.ctx(), popup);
    if is_filtered || is_hot || button.hovered() || button.has_focus() || is_open {
        if button.hovered() || button.has_focus() || is_open {
            ui.painter()
                .rect_filled(square, CornerRadius::same(3), tokens.accent_soft);
        }
        let colour = if is_filtered {
            tokens.accent_text
        } else {
            tokens.muted
        };
        paint_icon(ui, square.center(), Icon::FILTER, 12.0, colour);
    }
    Popup::menu(&button)
        .id(popup)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            filter::popup_ui(ui, |ui| {
                filter::filter_editor_ui(ui, place, column, draft, state, commands);
                further_commands_ui(ui, (column, usual), state, commands);
            });
        });
}

/// Draws the commands of a column: the funnel is for filters; they are one click away, or in the menu of the heading.
fn further_commands_ui(
    ui: &mut Ui,
    (column, usual): (&Column, f32),
    state: &State,
    commands: &mut Vec<Command>,
) {
    crate::ui::widgets::hairline_ui(ui);
    let id = Id::unique("column commands are open");
    let is_open = ui.data(|data| data.get_temp::<bool>(id).unwrap_or(false));
    let name = if is_open {
        "Hide column commands"
    } else {
        "Column commands"
    };
    let toggle = ui.add(Button::quiet(name).with_icon(Icon::COLUMNS));
    if toggle.clicked() {
        ui.data_mut(|data| data.insert_temp(id, !is_open));
    }
    if is_open {
        column_commands_ui(ui, column, usual, state, commands);
    }
}

/// Draws where a dragged column would go, and moves it there when it is dropped.
pub(super) fn column_drop_ui(
    ui: &Ui,
    grid: &mut Grid,
    sheet: &Sheet,
    places: &[usize],
    commands: &mut Vec<Command>,
) {
    if grid.dragged.is_none() {
        return;
    }
    let pointer = ui.ctx().pointer_interact_pos();
    let Some(at) = pointer.filter(|_| ui.input(|input| input.pointer.any_down())) else {
        let dragged = grid.dragged.take();
        let target = pointer.and_then(|at| target(grid, at));
        if let (Some(field), Some((to, _))) = (dragged, target) {
            let from = places.iter().position(|place| {
                sheet
                    .column(*place)
                    .is_some_and(|column| column.field == field)
            });
            if from.is_some_and(|from| to != from && to != from + 1) {
                commands.push(Command::Table(TableCommand::MoveColumn { field, to }));
            }
        }
        return;
    };
    ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
    if let Some((_, x)) = target(grid, at) {
        let area = ui.min_rect();
        let painter = ui.ctx().layer_painter(egui::LayerId::new(
            egui::Order::Foreground,
            Id::unique("place for a column"),
        ));
        painter.vline(x, area.y_range(), Stroke::new(2.0, Tokens::of(ui).accent));
    }
}

/// Returns the column before which the pointer is, and the position of the line between.
fn target(grid: &Grid, at: Pos2) -> Option<(usize, f32)> {
    let (number, rect) = grid
        .headings
        .iter()
        .find(|(_, rect)| rect.x_range().contains(at.x))?;
    if at.x < rect.center().x {
        Some((*number, rect.left()))
    } else {
        Some((number + 1, rect.right()))
    }
}

fn heading_name(column: &Column, sorted: Option<&SortKey>) -> String {
    match sorted.map(|key| key.direction) {
        Some(Direction::Ascending) => format!("{}, sorted ascending", column.heading),
        Some(Direction::Descending) => format!("{}, sorted descending", column.heading),
        None => column.heading.to_string(),
    }
}

/// Paints the name on line one, unit and sort mark on line two; a long name takes both lines.
fn paint(ui: &Ui, rect: Rect, column: &Column, sorted: Option<(Direction, usize, usize)>) {
    let tokens = Tokens::of(ui);
    let colour = if sorted.is_some() {
        tokens.text
    } else {
        tokens.muted
    };
    let rect = rect.shrink2(Vec2::new(cell::PADDING, 0.0));
    let galley = if column.unit.is_some() {
        cut(
            ui,
            &column.heading,
            Type::SmallHeading,
            colour,
            rect.width(),
        )
    } else {
        let font = Type::SmallHeading.font();
        let text = column.heading.to_string();
        let mut job = egui::text::LayoutJob::simple(text, font, colour, rect.width());
        job.wrap.max_rows = 2;
        ui.painter().layout_job(job)
    };
    // The marks come after the second line of a name that takes two.
    let taken = match galley.rows.as_slice() {
        [_, second, ..] => second.size.x + 4.0,
        _ => 0.0,
    };
    let x = if column.is_right_aligned() {
        rect.right() - galley.size().x
    } else {
        rect.left()
    };
    ui.painter()
        .galley(Pos2::new(x, rect.top() + 4.0), galley, colour);
    paint_marks(ui, rect, taken, column, sorted);
}

/// Paints the unit, the rank among several sort columns, and the arrow on the second line.
fn paint_marks(
    ui: &Ui,
    rect: Rect,
    taken: f32,
    column: &Column,
    sorted: Option<(Direction, usize, usize)>,
) {
    let tokens = Tokens::of(ui);
    let is_right = column.is_right_aligned();
    let (mut x, align) = if is_right {
        (rect.right() - taken, Align2::RIGHT_CENTER)
    } else {
        (rect.left() + taken, Align2::LEFT_CENTER)
    };
    let y = rect.top() + 28.0;
    let mut mark = |text: &str, font, colour| {
        let painted = ui
            .painter()
            .text(Pos2::new(x, y), align, text, font, colour);
        x = if is_right {
            painted.left() - 4.0
        } else {
            painted.right() + 4.0
        };
    };
    if let Some(unit) = column.unit {
        mark(unit, Type::Caption.font(), tokens.muted);
    }
    let Some((direction, rank, keys)) = sorted else {
        return;
    };
    if keys > 1 {
        let rank = (rank + 1).to_string();
        mark(&rank, Type::Caption.font(), tokens.accent_text);
    }
    let icon = if direction == Direction::Ascending {
        Icon::ARROW_UP
    } else {
        Icon::ARROW_DOWN
    };
    mark(
        &icon.glyph().to_string(),
        icon_font(12.0),
        tokens.accent_text,
    );
}
