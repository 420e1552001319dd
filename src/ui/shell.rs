//! The navigation rail, the session bar, and the headers of pages.

use egui::{
    Align, CornerRadius, Frame, Layout, Margin, Panel, Popup, Pos2, Rect, Response, Role, Sense,
    Ui, Vec2, WidgetInfo,
};

use super::{
    theme::{Icon, Tokens, Type, size},
    widgets::{Button, banner_with_buttons_ui, cut, hairline_ui, paint_icon},
    words::{server_name, server_text},
};
use crate::{
    model::{ErrorKind, plural},
    state::{AppCommand, Command, Route, Session, SessionCommand, State},
};

/// Draws the rail. Returns `true` if all commands are to be listed.
pub(super) fn rail_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) -> bool {
    let tokens = Tokens::of(ui);
    let mut wants_palette = false;
    Panel::left("rail")
        .exact_size(size::RAIL)
        .resizable(false)
        .frame(
            Frame::new()
                .fill(tokens.app)
                .inner_margin(Margin::symmetric(4, 0)),
        )
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            ui.add_space(12.0);
            logo_ui(ui, 28.0);
            ui.add_space(8.0);
            for route in Route::ALL {
                let (running, newer) = if route == Route::Downloads {
                    (state.downloads.running(), state.library.newer())
                } else {
                    (0, 0)
                };
                if rail_item_ui(ui, route, state.route == route, (running, newer)).clicked() {
                    commands.push(Command::App(AppCommand::Go(route)));
                }
            }
            // In a short window, or with large text, the shortcut for all commands has to suffice.
            let has_room = ui.available_height() > size::RAIL_FOOT;
            ui.with_layout(Layout::bottom_up(Align::Center), |ui| {
                ui.add_space(10.0);
                if let Some(session) = state.session() {
                    user_item_ui(ui, session, state, commands);
                }
                if !has_room {
                    return;
                }
                let keys = egui::KeyboardShortcut::new(egui::Modifiers::COMMAND, egui::Key::K);
                let keys = ui.ctx().format_shortcut(&keys);
                let button = Button::quiet_icon(Icon::COMMAND, "All commands").shortcut(&keys);
                wants_palette = ui.add(button).clicked();
            });
        });
    wants_palette
}

/// Draws the logo of the program: two hexagons.
pub(super) fn logo_ui(ui: &mut Ui, edge: f32) {
    let wide = ui.available_width();
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(wide.min(edge + 40.0), edge), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Fragalysis Desktop"));
    let stroke = egui::Stroke::new(edge / 14.0, Tokens::of(ui).accent);
    for radius in [edge * 0.46, edge * 0.2] {
        let corner = |at: usize| {
            let angle = std::f32::consts::FRAC_PI_3 * (at as f32 + 0.5);
            rect.center() + Vec2::angled(angle) * radius
        };
        ui.painter().add(egui::Shape::closed_line(
            (0..6).map(corner).collect(),
            stroke,
        ));
    }
}

/// Draws a number beside the icon at `middle`. Returns what it means; `None` if there is nothing to count.
fn rail_badge_ui(ui: &Ui, middle: Pos2, (running, newer): (usize, usize)) -> Option<String> {
    let tokens = Tokens::of(ui);
    // Running downloads matter more than available updates.
    let (count, ground, ink, words) = match (running, newer) {
        (0, 0) => return None,
        (0, newer) => {
            let folders = plural(newer, "folder", "folders");
            let words = format!("Newer data on the server for {folders} on this disk");
            (newer, tokens.accent_soft, tokens.accent_text, words)
        }
        (running, _) => {
            let words = format!("{} under way", plural(running, "download", "downloads"));
            (running, tokens.accent, tokens.on_accent, words)
        }
    };
    let pill = Rect::from_center_size(middle + Vec2::new(15.0, -7.0), Vec2::new(20.0, 16.0));
    let painter = ui.painter();
    painter.rect_filled(pill, CornerRadius::same(8), ground);
    if running == 0 {
        let line = egui::Stroke::new(1.0, tokens.accent_text);
        painter.rect_stroke(pill, CornerRadius::same(8), line, egui::StrokeKind::Inside);
    }
    let (align, font) = (egui::Align2::CENTER_CENTER, Type::Caption.font());
    painter.text(pill.center(), align, count.to_string(), font, ink);
    Some(words)
}

/// Shows one page of the navigation bar, with the number of running downloads and of folders that can be updated.
fn rail_item_ui(
    ui: &mut Ui,
    route: Route,
    is_chosen: bool,
    (running, newer): (usize, usize),
) -> Response {
    let tokens = Tokens::of(ui);
    let icon = match route {
        Route::Experiments => Icon::TABLE,
        Route::Downloads => Icon::DOWNLOAD,
        Route::Status => Icon::STATUS,
        Route::Settings => Icon::SETTINGS,
    };
    let wide = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(Vec2::new(wide, size::RAIL_ITEM), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_chosen, route.label()));
    let radius = CornerRadius::same(size::RADIUS);
    let (fill, colour) = match (is_chosen, response.hovered()) {
        (true, _) => (tokens.accent_soft, tokens.accent_text),
        (false, true) => (tokens.hover, tokens.text),
        (false, false) => (tokens.app, tokens.muted),
    };
    ui.painter().rect_filled(rect, radius, fill);
    if response.has_focus() {
        let ring = egui::Stroke::new(2.0, tokens.accent);
        ui.painter()
            .rect_stroke(rect, radius, ring, egui::StrokeKind::Inside);
    }
    let middle = Pos2::new(rect.center().x, rect.top() + 19.0);
    paint_icon(ui, middle, icon, 20.0, colour);
    ui.painter().text(
        Pos2::new(rect.center().x, rect.bottom() - 11.0),
        egui::Align2::CENTER_CENTER,
        route.label(),
        Type::Caption.font(),
        colour,
    );
    let Some(words) = rail_badge_ui(ui, middle, (running, newer)) else {
        return response;
    };
    ui.ctx()
        .accesskit_node_builder(response.id, |node| node.set_description(words.as_str()));
    response.on_hover_text(words)
}

/// Draws the user and the server; opens the menu for signing in and out.
fn user_item_ui(ui: &mut Ui, session: &Session, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    let wide = ui.available_width();
    let server = server_name(&session.server, state.environment.demo.as_ref());
    let user = session.user_text();
    let (rect, response) = ui.allocate_exact_size(Vec2::new(wide, 66.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{user}, {server}")));
    if response.hovered() || response.has_focus() {
        ui.painter()
            .rect_filled(rect, CornerRadius::same(size::RADIUS), tokens.hover);
    }
    let tile = Rect::from_center_size(
        Pos2::new(rect.center().x, rect.top() + 17.0),
        Vec2::splat(26.0),
    );
    ui.painter()
        .rect_filled(tile, CornerRadius::same(size::RADIUS), tokens.accent_soft);
    paint_icon(ui, tile.center(), Icon::USER, 16.0, tokens.accent_text);
    for (text, y, colour) in [
        (user, 42.0, tokens.text),
        (server.as_str(), 57.0, tokens.muted),
    ] {
        let galley = cut(ui, text, Type::Caption, colour, wide - 4.0);
        let at = Pos2::new(
            rect.center().x - galley.size().x / 2.0,
            rect.top() + y - 7.0,
        );
        ui.painter().galley(at, galley, colour);
    }
    let hint = format!("{user} · {server}");
    let response = response.on_hover_text(hint);
    Popup::menu(&response).show(|ui| user_menu_ui(ui, session, state, commands));
}

/// Draws the menu of the user: sign in, other sessions, sign out.
fn user_menu_ui(ui: &mut Ui, session: &Session, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    ui.set_width(240.0);
    ui.label(Type::Strong.text(session.user_text(), tokens.text));
    let server = server_text(&session.server, state.environment.demo.as_ref());
    ui.label(Type::Small.text(server, tokens.muted));
    hairline_ui(ui);
    let mut entry = |button: Button<'_>, command: SessionCommand| {
        if ui.add(button).clicked() {
            commands.push(Command::Session(command));
        }
    };
    let text = if session.has_token() && !session.has_ended() {
        "Switch account…"
    } else {
        "Sign in…"
    };
    entry(
        Button::menu_entry(text).with_icon(Icon::LOG_IN),
        SessionCommand::SignInAgain,
    );
    for other in state.other_sessions() {
        let name = server_name(&other.server, state.environment.demo.as_ref());
        let text = format!("Switch to {name} as {}", other.user_text());
        let server = other.server.clone();
        entry(
            Button::menu_entry(&text).with_icon(Icon::SERVER),
            SessionCommand::SwitchTo(server),
        );
    }
    let out = if session.has_token() {
        "Sign out"
    } else {
        "Leave this server"
    };
    let busy = (state.downloads.running() > 0)
        .then_some("Downloads are under way. Let them finish, or cancel them first");
    entry(
        Button::menu_entry(out)
            .with_icon(Icon::LOG_OUT)
            .disabled_because(busy),
        SessionCommand::SignOut,
    );
}

/// Shows that the session has ended or must be renewed, until the user has dealt with it.
pub(super) fn session_bar_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let Some(session) = state.session() else {
        return;
    };
    let Some(problem) = &session.problem else {
        return;
    };
    let retry = if state.is_retrying() {
        "Retrying…"
    } else {
        "Retry"
    };
    let again = Command::Session(SessionCommand::Retry);
    let sign_in = Command::Session(SessionCommand::SignInAgain);
    let server = session.server.clone();
    let is_offline = problem.kind.is_connection_problem();
    let offers = if is_offline {
        vec![(retry, again), ("Sign in…", sign_in)]
    } else if problem.kind == ErrorKind::Ageing {
        // A session to be renewed in the browser needs no new token; one that has ended does.
        let open = Command::App(AppCommand::OpenServer(server));
        vec![
            (retry, again),
            ("Open Fragalysis", open),
            ("Sign in again", sign_in),
        ]
    } else {
        let open = Command::App(AppCommand::OpenTokenPage(server));
        vec![
            ("Sign in again", sign_in),
            ("Open the token page", open),
            (retry, again),
        ]
    };
    let sentence = if is_offline {
        format!("You are working offline. {problem}")
    } else {
        problem.to_string()
    };
    Panel::top("session")
        .resizable(false)
        .show_separator_line(false)
        .frame(
            Frame::new()
                .fill(Tokens::of(ui).app)
                .inner_margin(Margin::same(8)),
        )
        .show(ui, |ui| {
            let names: Vec<&str> = offers.iter().map(|(name, _)| *name).collect();
            let pressed = banner_with_buttons_ui(ui, &sentence, &names);
            let offer = pressed.and_then(|at| offers.into_iter().nth(at));
            // One request is enough.
            let is_busy = |name: &str| name == retry && state.is_retrying();
            commands.extend(
                offer
                    .filter(|(name, _)| !is_busy(name))
                    .map(|(_, command)| command),
            );
        });
}

/// Draws the crash notice until the user has dealt with it.
pub(super) fn crash_bar_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    if state.crash().is_none() {
        return;
    }
    let frame = Frame::new()
        .fill(Tokens::of(ui).app)
        .inner_margin(Margin::same(8));
    Panel::top("crash")
        .resizable(false)
        .show_separator_line(false)
        .frame(frame)
        .show(ui, |ui| {
            let sentence = "Fragalysis Desktop closed unexpectedly last time. Downloaded files are safe, and downloads will resume. Sending the report helps us fix it.";
            let buttons = ["Copy the report", "Dismiss", "Show in folder"];
            commands.extend(match banner_with_buttons_ui(ui, sentence, &buttons) {
                Some(0) => Some(Command::App(AppCommand::CopyCrash)),
                Some(1) => Some(Command::App(AppCommand::DismissCrash)),
                Some(2) => state.crash().map(|crash| Command::App(AppCommand::ShowInFileManager(crash.path.clone()))),
                _ => None,
            });
        });
}

/// Width of the column in which pages without a table stand on a wide screen: lines stay readable, and the page does
/// not cling to the left.
const CONTENT: f32 = 1320.0;

/// Returns the space on each side of that column.
fn side_space(width: f32) -> f32 {
    ((width - CONTENT) * 0.5)
        .floor()
        .max(f32::from(size::PAGE_MARGIN))
}

/// Draws the contents of a page without a table, in a column in the middle of it.
pub(super) fn page_column_ui(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    let width = ui.available_width();
    let side = side_space(width);
    let spacing = ui.spacing().item_spacing;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(side);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing = spacing;
            ui.set_width(width - 2.0 * side);
            ui.add_space(16.0);
            contents(ui);
            ui.add_space(16.0);
        });
    });
}

/// Draws the bar at the top of such a page.
pub(super) fn column_header_ui(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui)) {
    let side = side_space(ui.available_width()) - f32::from(size::PAGE_MARGIN);
    header_ui(ui, title, side, right);
}

/// Draws the bar at the top of a page: its title on the left, its controls on the right.
pub(super) fn page_header_ui(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui)) {
    header_ui(ui, title, 0.0, right);
}

fn header_ui(ui: &mut Ui, title: &str, side: f32, right: impl FnOnce(&mut Ui)) {
    let tokens = Tokens::of(ui);
    Panel::top("page head")
        .exact_size(size::TOP_BAR)
        .resizable(false)
        .show_separator_line(false)
        .frame(
            Frame::new()
                .fill(tokens.surface)
                .inner_margin(Margin::symmetric(size::PAGE_MARGIN, 0)),
        )
        .show(ui, |ui| {
            ui.horizontal_centered(|ui| {
                ui.add_space(side);
                ui.label(Type::Title.text(title, tokens.text));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.add_space(side);
                    right(ui);
                });
            });
            let line = ui
                .max_rect()
                .expand2(Vec2::new(f32::from(size::PAGE_MARGIN), 0.0));
            let stroke = egui::Stroke::new(1.0, tokens.line);
            ui.painter()
                .hline(line.x_range(), line.bottom() - 0.5, stroke);
        });
}
