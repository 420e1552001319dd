//! Messages at the edge of the window: short ones disappear by themselves, others stay until they are closed.

use egui::{
    Align2, Area, CursorIcon, Frame, Id, Label, Margin, Order, Role, Sense, Stroke, StrokeKind, Ui,
    Vec2, WidgetInfo,
};

use crate::{
    state::{AppCommand, Command, State},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{announce, paint_icon},
    },
};

pub(super) fn notices_ui(ui: &Ui, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    // On the sign-in page, the buttons are where the other pages show messages.
    let is_at_top = state.is_signing_in();
    let mut away = if is_at_top { 8.0 } else { 16.0 + size::FOOTER };
    for notice in state.notices.iter() {
        let area = Area::new(Id::unique(("notice", notice.id))).order(Order::Foreground);
        let area = if is_at_top {
            area.anchor(Align2::CENTER_TOP, Vec2::new(0.0, away))
        } else {
            area.anchor(Align2::LEFT_BOTTOM, Vec2::new(size::RAIL + 16.0, -away))
        };
        let shown = area.show(ui.ctx(), |ui| {
            Frame::new()
                .fill(tokens.tip)
                .corner_radius(size::RADIUS)
                .inner_margin(Margin::symmetric(12, 8))
                .show(ui, |ui| {
                    ui.set_max_width(520.0);
                    ui.horizontal(|ui| {
                        let text = Type::Body.text(&notice.text, tokens.tip_text);
                        let label = ui.add(Label::new(text).wrap());
                        announce(&label, false);
                        if notice.undo.is_some() && offer_ui(ui, "Undo") {
                            commands.push(Command::App(AppCommand::Undo(notice.id)));
                        }
                        if let Some(file) = &notice.file
                            && offer_ui(ui, "Show in folder")
                        {
                            let show = AppCommand::ShowInFileManager(file.clone());
                            commands.push(Command::App(show));
                        }
                        let (rect, response) =
                            ui.allocate_exact_size(Vec2::splat(20.0), Sense::click());
                        response.widget_info(|| {
                            WidgetInfo::labeled(Role::Button, true, "Close this message")
                        });
                        paint_icon(ui, rect.center(), Icon::CROSS, 14.0, tokens.tip_text);
                        if response.clicked() {
                            commands.push(Command::App(AppCommand::DismissNotice(notice.id)));
                        }
                    });
                });
        });
        away += shown.response.rect.height() + 8.0;
    }
}

/// Draws a button in the colours of messages. Returns `true` if it was pressed.
fn offer_ui(ui: &mut Ui, name: &str) -> bool {
    let tokens = Tokens::of(ui);
    let text = Type::Strong.text(name, tokens.tip_text).underline();
    let response = ui.add(Label::new(text).sense(Sense::click()));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if response.has_focus() {
        let ring = Stroke::new(2.0, tokens.tip_text);
        let around = response.rect.expand(3.0);
        ui.painter()
            .rect_stroke(around, size::RADIUS, ring, StrokeKind::Outside);
    }
    response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}
