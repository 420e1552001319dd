//! How to find the token, in three steps.

use egui::{CornerRadius, Label, Sense, Ui, Vec2};

use super::SignInPage;
use crate::{
    state::{AppCommand, Command, State},
    ui::{
        theme::{Icon, Tokens, Type, icon_text, size},
        widgets::Button,
    },
};

/// Side of the square with the number of a step.
const NUMBER: f32 = 22.0;

impl SignInPage {
    pub(super) fn help_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        ui.spacing_mut().item_spacing = Vec2::new(12.0, 4.0);
        ui.label(Type::Title.text("Where do I find my token?", tokens.text));
        ui.add_space(12.0);
        for (number, head, rest) in [
            (
                "1",
                "Sign in to Fragalysis in your browser",
                "Use your facility account, as you always do.",
            ),
            (
                "2",
                "Open the token page",
                "It shows a long string of letters and digits.",
            ),
            (
                "3",
                "Copy what you see and paste it here",
                "You can copy the whole page: the program finds the token in it.",
            ),
        ] {
            step_ui(ui, number, head, rest);
            ui.add_space(8.0);
        }
        let button = Button::plain("Open the token page")
            .with_icon(Icon::EXTERNAL)
            .height(size::LARGE);
        ui.horizontal(|ui| {
            // Aligned with the text of the steps, not with their numbers.
            ui.add_space(NUMBER + ui.spacing().item_spacing.x);
            if ui.add(button).clicked()
                && let Some(server) = self.server(state)
            {
                commands.push(Command::App(AppCommand::OpenTokenPage(server)));
            }
        });
        ui.add_space(8.0);
        older_server_ui(ui);
        ui.add_space(16.0);
        ui.horizontal_top(|ui| {
            ui.label(icon_text(Icon::LOCK, 14.0, tokens.muted));
            let promise =
                "The token works like a password. It is sent to this server only and never written to a file.";
            ui.add(Label::new(Type::Small.text(promise, tokens.muted)).wrap());
        });
    }
}

/// Draws how to find the token on a server without a token page: few users need that, so it is collapsed.
fn older_server_ui(ui: &mut Ui) {
    let id = ui.scope_id().with("older server");
    let mut is_open = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(false);
    let icon = if is_open {
        Icon::CHEVRON_DOWN
    } else {
        Icon::CHEVRON_RIGHT
    };
    let fold = Button::quiet("The page does not exist?").with_icon(icon);
    if ui.add(fold.height(24.0)).clicked() {
        is_open = !is_open;
        ui.data_mut(|data| data.insert_temp(id, is_open));
    }
    if is_open {
        let text = "Servers from 2024 have no such page. Open the browser's developer tools there (F12, then Storage or Application) and copy the value named “sessionid”.";
        ui.add(Label::new(Type::Small.text(text, Tokens::of(ui).muted)).wrap());
    }
}

fn step_ui(ui: &mut Ui, number: &str, head: &str, rest: &str) {
    let tokens = Tokens::of(ui);
    ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(NUMBER), Sense::hover());
        ui.painter()
            .rect_filled(rect, CornerRadius::same(size::RADIUS), tokens.accent_soft);
        ui.painter().text(
            rect.center(),
            egui::Align2::CENTER_CENTER,
            number,
            Type::SmallHeading.font(),
            tokens.accent_text,
        );
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add(Label::new(Type::Strong.text(head, tokens.text)).wrap());
            ui.add(Label::new(Type::Body.text(rest, tokens.muted)).wrap());
        });
    });
}
