//! Hits as cards: structure, code, site, resolution and confidence. Only visible cards are drawn.

use egui::{
    CornerRadius, Pos2, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2,
    WidgetInfo,
};

use super::{
    groups::across,
    keyboard::{Grid, Scroll},
    note::{note_of, paint_marks},
    row_menu::{MenuTarget, card_menu_ui},
    select::selection_mode,
    structure,
};
use crate::{
    state::{Command, SelectionMode, State, TableCommand},
    table::{CardSize, STRUCTURE, Sheet},
    ui::{
        input::click_modifiers,
        theme::{Tokens, Type, size},
        widgets::{Tick, cut},
    },
};

/// Space between cards, and around all of them.
const GAP: f32 = 8.0;
const MARGIN: f32 = 16.0;
/// Space inside a card.
const PADDING: f32 = 8.0;
/// Height of a line of text.
const LINE: f32 = 18.0;

/// Returns the width of a card, and the height of its structure.
fn extent(size: CardSize) -> Vec2 {
    match size {
        CardSize::Small => Vec2::new(132.0, 76.0),
        CardSize::Medium => Vec2::new(184.0, 124.0),
        CardSize::Large => Vec2::new(264.0, 196.0),
    }
}

pub(super) fn gallery_ui(ui: &mut Ui, grid: &mut Grid, state: &State, commands: &mut Vec<Command>) {
    let view = &state.experiments.view;
    let size = extent(state.settings.hits_look.card);
    ui.add_space(GAP);
    let area = ui.available_rect_before_wrap();
    announce(ui, area, state);
    let across = across(area.width() - 2.0 * MARGIN + GAP, size.x + GAP);
    // The cards of a row share the remaining width.
    let wide = (area.width() - 2.0 * MARGIN + GAP) / across as f32 - GAP;
    let card = Vec2::new(wide.floor(), size.y + 3.0 * LINE + 2.0 * PADDING);
    grid.across = Some(across);
    grid.keys(ui, state, commands);
    let high = card.y + GAP;
    let rows = view.len().div_ceil(across);
    let mut scroll = ScrollArea::vertical().id_salt("cards").auto_shrink(false);
    let wanted = match std::mem::take(&mut grid.scroll) {
        Scroll::ToTop => Some(0),
        Scroll::ToCell => grid.at.map(|(row, _)| row / across),
        Scroll::Nowhere => None,
    };
    if let Some(row) = wanted {
        scroll = scroll.vertical_scroll_offset(offset_for(ui, row, high, area.height()));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rows in a window"
    )]
    let page = (area.height() / high).floor().max(1.0) as usize;
    grid.page = page;
    ui.spacing_mut().item_spacing = Vec2::splat(GAP);
    let shown = scroll.show_rows(ui, card.y, rows, |ui, in_sight| {
        let top = ui.min_rect().top();
        for (line, row) in in_sight.enumerate() {
            for column in 0..across {
                let place = row * across + column;
                let Some(own) = view.row(place) else { break };
                let at = Pos2::new(
                    area.left() + MARGIN + column as f32 * (card.x + GAP),
                    top + line as f32 * high,
                );
                let rect = Rect::from_min_size(at, card);
                card_ui(ui, rect, (place, own), size.y, grid, state, commands);
            }
            ui.allocate_space(Vec2::new(ui.available_width(), card.y));
        }
    });
    ui.data_mut(|data| data.insert_temp(Grid::id(), shown.state.clamped_offset().y));
}

/// Returns the scroll offset that makes a row of cards visible.
fn offset_for(ui: &Ui, row: usize, high: f32, room: f32) -> f32 {
    let now: f32 = ui.data(|data| data.get_temp(Grid::id()).unwrap_or_default());
    let top = row as f32 * high;
    now.clamp((top + high - room).max(0.0), top)
}

/// Registers the gallery as a whole, for the keyboard and for screen readers.
fn announce(ui: &Ui, area: Rect, state: &State) {
    let response = ui.interact(area, Grid::id(), Sense::focusable_noninteractive());
    let name = format!("Hits, {} cards", state.experiments.view.len());
    response.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, &name));
}

/// Returns a cell's text with its unit; empty if there is none.
fn words(sheet: &Sheet, field: &str, row: usize) -> String {
    let Some((place, column)) = sheet
        .place(field)
        .and_then(|place| Some((place, sheet.column(place)?)))
    else {
        return String::new();
    };
    let text = sheet.text(place, row);
    match column.unit {
        Some(unit) if !text.is_empty() => format!("{text} {unit}"),
        _ => text.into_owned(),
    }
}

/// Returns the texts of a card, from top to bottom.
fn texts(sheet: &Sheet, row: usize, state: &State) -> [String; 3] {
    let joined = |parts: [String; 2]| {
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" · ")
    };
    let target = if state.experiments.view.target().is_none() {
        words(sheet, "target", row)
    } else {
        String::new()
    };
    [
        joined([sheet.code(row).into_owned(), target]),
        words(sheet, "site", row),
        joined([
            words(sheet, "refinement_resolution", row),
            words(sheet, "ligand_confidence", row),
        ]),
    ]
}

fn card_ui(
    ui: &mut Ui,
    rect: Rect,
    (place, row): (usize, usize),
    drawing: f32,
    grid: &mut Grid,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    let id = sheet.id(row);
    let own = ui.scope_id().with(("card", id.0));
    let response = ui.interact(rect, own, Sense::CLICK);
    let is_selected = view.is_selected(id);
    let texts = texts(sheet, row, state);
    response.widget_info(|| {
        let name = texts.join(", ");
        WidgetInfo::selected(Role::ListBoxOption, true, is_selected, name)
    });
    let fill = match (is_selected, response.hovered()) {
        (true, _) => tokens.selected,
        (false, true) => tokens.hover,
        (false, false) => tokens.surface,
    };
    let corner = CornerRadius::same(size::RADIUS_LARGE);
    ui.painter().rect_filled(rect, corner, fill);
    let at = grid.at.is_some_and(|(row, _)| row == place);
    card_border_ui(ui, rect, corner, at, own);
    let inner = rect.shrink(PADDING);
    let picture = Rect::from_min_size(inner.min, Vec2::new(inner.width(), drawing));
    if let Some(column) = sheet.place(STRUCTURE) {
        let smiles = sheet.text(column, row);
        if !smiles.is_empty() {
            structure::paint(ui, picture, (row, &smiles), state, commands);
        }
    }
    let mut y = picture.bottom() + 1.0;
    let mut is_cut = false;
    for (line, text) in texts.iter().enumerate() {
        let (step, colour) = match line {
            0 => (Type::Strong, tokens.text),
            _ => (Type::Small, tokens.muted),
        };
        let galley = cut(ui, text, step, colour, inner.width());
        is_cut |= galley.elided;
        ui.painter()
            .galley(Pos2::new(inner.left(), y), galley, colour);
        y += LINE;
    }
    select_card_ui(ui, rect, row, state, commands);
    clicks(ui, &response, (place, row), grid, state, commands);
    if is_cut {
        response.on_hover_text(texts.join("\n"));
    }
}

/// Draws the border of a card: stronger if it has the focus.
fn card_border_ui(ui: &Ui, rect: Rect, corner: CornerRadius, is_here: bool, own: egui::Id) {
    let tokens = Tokens::of(ui);
    let has_focus = is_here && ui.memory(|memory| memory.has_focus(Grid::id()));
    let stroke = match (has_focus, is_here) {
        (true, _) => Stroke::new(2.0, tokens.accent),
        (false, true) => Stroke::new(1.0, tokens.control),
        (false, false) => Stroke::new(1.0, tokens.line2),
    };
    ui.painter()
        .rect_stroke(rect, corner, stroke, StrokeKind::Inside);
    if has_focus {
        ui.ctx().accesskit_node_builder(Grid::id(), |node| {
            node.set_active_descendant(own.accesskit_id());
        });
    }
}

/// Draws the tick box of a card and, to its left, the user's marks on its experiment.
fn select_card_ui(ui: &mut Ui, card: Rect, row: usize, state: &State, commands: &mut Vec<Command>) {
    let sheet = state.experiments.sheet();
    if let Some(note) = note_of(state, sheet, row) {
        // Left of the tick box.
        let right = Pos2::new(card.right() - 26.0, card.top() + 24.0);
        paint_marks(
            ui,
            Rect::from_min_max(card.min + Vec2::splat(6.0), right),
            note,
        );
    }
    let id = sheet.id(row);
    let square = Rect::from_min_size(
        Pos2::new(card.right() - 22.0, card.top() + 8.0),
        Vec2::splat(14.0),
    );
    let name = format!("Select {}", sheet.code(row));
    let is_on = state.experiments.view.is_selected(id);
    let mut child = ui.new_child(UiBuilder::new().id_salt(id.0).max_rect(square));
    // Not a tab stop: Space does the same.
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
        commands.push(Command::Table(TableCommand::Select(id, how)));
    }
}

fn clicks(
    ui: &mut Ui,
    response: &egui::Response,
    (place, row): (usize, usize),
    grid: &mut Grid,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let sheet = state.experiments.sheet();
    let at = (place, 0);
    if let Some((column_place, column)) = sheet
        .place(STRUCTURE)
        .and_then(|place| Some((place, sheet.column(place)?)))
    {
        let spot = MenuTarget {
            row,
            at,
            place: column_place,
            column,
        };
        response.context_menu(|ui| card_menu_ui(ui, &spot, grid, state, commands));
    }
    if response.clicked() {
        grid.focus_cell(state, at);
        ui.memory_mut(|memory| memory.request_focus(Grid::id()));
        let how = selection_mode(ui.input(click_modifiers));
        commands.push(Command::Table(TableCommand::Select(sheet.id(row), how)));
    }
    grid.wants_details |= response.double_clicked();
}
