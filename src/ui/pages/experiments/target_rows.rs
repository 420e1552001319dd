//! The lines of the list of targets.

use egui::{Align2, CornerRadius, Pos2, Response, Role, Sense, Ui, Vec2, WidgetInfo};

use crate::{
    model::{Target, count_text},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{cut, paint_icon},
    },
};

/// Draws the line of all targets together.
pub(super) fn all_targets_ui(ui: &mut Ui, total: Option<usize>, is_chosen: bool) -> Response {
    let (rect, response) = line_ui(ui, 36.0, is_chosen, "All targets");
    let tokens = Tokens::of(ui);
    let y = rect.center().y;
    let painter = ui.painter();
    let left = Pos2::new(rect.left() + 14.0, y);
    painter.text(
        left,
        Align2::LEFT_CENTER,
        "All targets",
        Type::Strong.font(),
        tokens.text,
    );
    let right = Pos2::new(rect.right() - 14.0, y);
    painter.text(
        right,
        Align2::RIGHT_CENTER,
        total.map(count_text).unwrap_or_default(),
        Type::Body.font(),
        tokens.muted,
    );
    response
}

/// Draws a target: its name, its access string, who sees it, and how many rows it has.
pub(super) fn row_ui(ui: &mut Ui, target: &Target, count: &str, is_chosen: bool) -> Response {
    let name = format!("{} {}", target.key.title, target.key.tas);
    let (rect, response) = line_ui(ui, size::TARGET, is_chosen, &name);
    let tokens = Tokens::of(ui);
    let (top, bottom) = (rect.top() + 14.0, rect.bottom() - 13.0);
    let number = ui.painter().text(
        Pos2::new(rect.right() - 14.0, top),
        Align2::RIGHT_CENTER,
        count,
        Type::Body.font(),
        tokens.muted,
    );
    let left = rect.left() + 14.0;
    let title = cut(
        ui,
        &target.display_name,
        Type::Strong,
        tokens.text,
        number.left() - left - 8.0,
    );
    ui.painter().galley(
        Pos2::new(left, top - title.size().y / 2.0),
        title,
        tokens.text,
    );
    let (icon, word) = match target.open {
        Some(true) => (Icon::GLOBE, "open"),
        Some(false) => (Icon::LOCK, "mine"),
        None => (Icon::HELP, ""),
    };
    paint_icon(ui, Pos2::new(left + 6.0, bottom), icon, 12.0, tokens.muted);
    let small = Type::Small.font();
    let painter = ui.painter();
    painter.text(
        Pos2::new(left + 18.0, bottom),
        Align2::LEFT_CENTER,
        target.key.tas.as_str(),
        small.clone(),
        tokens.muted,
    );
    painter.text(
        Pos2::new(rect.right() - 14.0, bottom),
        Align2::RIGHT_CENTER,
        word,
        small,
        tokens.muted,
    );
    let access = match target.open {
        Some(true) => "open to everyone",
        Some(false) => "visible to you through its target access string",
        None => "the server does not say who may see it",
    };
    response.on_hover_text(format!(
        "{} ({}), {access}",
        target.key.title, target.key.tas
    ))
}

/// Draws a selectable line.
fn line_ui(ui: &mut Ui, height: f32, is_chosen: bool, name: &str) -> (egui::Rect, Response) {
    let tokens = Tokens::of(ui);
    let size = Vec2::new(ui.available_width(), height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, name));
    if is_chosen {
        ui.painter()
            .rect_filled(rect, CornerRadius::ZERO, tokens.selected);
        let mark = egui::Rect::from_min_size(rect.min, Vec2::new(3.0, height));
        ui.painter()
            .rect_filled(mark, CornerRadius::ZERO, tokens.accent);
    } else if response.hovered() {
        ui.painter()
            .rect_filled(rect, CornerRadius::ZERO, tokens.hover);
    }
    if response.has_focus() {
        let ring = egui::Stroke::new(2.0, tokens.accent);
        ui.painter()
            .rect_stroke(rect, CornerRadius::ZERO, ring, egui::StrokeKind::Inside);
    }
    (rect, response)
}
