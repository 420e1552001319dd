//! The status page: user, server and access as the server reports them.

mod access;
mod statistics;
mod why;

use egui::{CentralPanel, Frame, Panel, ScrollArea, Ui, Vec2};

use crate::{
    model::{Ping, Problem, UserInfo},
    state::{Command, Remote, Session, State, Status, StatusCommand},
    ui::{
        remedy::failure_ui,
        shell::{column_header_ui, page_column_ui},
        theme::{Icon, Tokens, Type},
        widgets::{
            Button, Light, banner_ui, card_ui, fact_ui, fact_with_ui, light_ui, skeleton_lines_ui,
            wide_fact_with_ui,
        },
        words::{clock_time, server_text, session_light},
    },
};

/// Minimum width for showing the list next to the cards.
const WIDE: f32 = 880.0;
const CARDS: f32 = 404.0;

/// What the page remembers between frames.
#[derive(Default)]
pub(crate) struct StatusPage {
    question: why::Question,
    access: access::AccessList,
    statistics: statistics::StatisticsCard,
}

impl StatusPage {
    pub(crate) fn page_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        column_header_ui(ui, "Status", |ui| refresh_ui(ui, state, commands));
        CentralPanel::no_frame()
            .frame(Frame::new().fill(tokens.app))
            .show(ui, |ui| {
                let Some(session) = state.session() else {
                    return;
                };
                let Some(status) = state.account.status.value() else {
                    no_status_ui(ui, state, commands);
                    return;
                };
                stale_ui(ui, state, commands);
                ScrollArea::vertical()
                    .id_salt("status")
                    .auto_shrink(false)
                    .show(ui, |ui| {
                        page_column_ui(ui, |ui| {
                            self.content_ui(ui, state, session, status, commands);
                        });
                    });
            });
    }
    fn content_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        session: &Session,
        status: &Status,
        commands: &mut Vec<Command>,
    ) {
        ui.spacing_mut().item_spacing = Vec2::splat(16.0);
        let width = ui.available_width();
        if width < WIDE {
            why::why_ui(ui, &mut self.question, state, session, commands);
            cards_ui(ui, state, session, status);
            self.access.access_ui(ui, state, session, status, commands);
            services_ui(ui, status, is_old(state));
            self.statistics.statistics_ui(ui, state, session, commands);
            return;
        }
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(CARDS);
                cards_ui(ui, state, session, status);
                services_ui(ui, status, is_old(state));
            });
            ui.vertical(|ui| {
                ui.set_width(width - CARDS - 16.0);
                why::why_ui(ui, &mut self.question, state, session, commands);
                self.access.access_ui(ui, state, session, status, commands);
            });
        });
        // Across the page: two columns of facts and a table of users need its width.
        self.statistics.statistics_ui(ui, state, session, commands);
    }
}

fn cards_ui(ui: &mut Ui, state: &State, session: &Session, status: &Status) {
    card_ui(
        ui,
        Icon::USER,
        "You and the server",
        |_| {},
        |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            fact_ui(ui, "User", session.user.as_deref().unwrap_or_default());
            let (lamp, words) = session_light(session);
            fact_with_ui(ui, "Signed in", |ui| light_ui(ui, lamp, words));
            if session.is_signed_in() {
                let now = (state.environment.clock)();
                fact_ui(ui, "Verified", &clock_time(&session.proven, &now));
            }
            let server = server_text(&session.server, state.environment.demo.as_ref());
            fact_ui(ui, "Server", &server);
            let version = status.version.as_ref().and_then(|version| version.short());
            fact_ui(
                ui,
                "Version",
                version.unwrap_or("not reported by this server"),
            );
        },
    );
    card_ui(
        ui,
        Icon::SHIELD,
        "Authenticator",
        |_| {},
        |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            authenticator_ui(ui, session, &status.user, is_old(state));
        },
    );
}

fn services_ui(ui: &mut Ui, status: &Status, is_old: bool) {
    match &status.services {
        Ok(list) if list.is_empty() => {}
        answer => card_ui(
            ui,
            Icon::SERVER,
            "Services",
            |ui| {
                // Once for all of them: beside each, it took two lines.
                if is_old {
                    let text = Type::Small.text("When last checked", Tokens::of(ui).muted);
                    ui.label(text);
                }
            },
            |ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                match answer {
                    Ok(list) => {
                        for service in list {
                            let (lamp, word) = service_light(service.state.or_empty());
                            let lamp = if is_old { Light::Unknown } else { lamp };
                            let name = service_name(&service.id);
                            let name = name.or(service.name.get()).unwrap_or(&service.id);
                            wide_fact_with_ui(ui, name, |ui| light_ui(ui, lamp, &word));
                        }
                    }
                    Err(problem) => partial_failure_ui(ui, problem),
                }
            },
        ),
    }
}

/// Draws the error of a part of the page that could not be loaded.
fn partial_failure_ui(ui: &mut Ui, problem: &Problem) {
    let text = Type::Body.text(problem.to_string(), Tokens::of(ui).muted);
    ui.add(egui::Label::new(text).wrap());
}

fn authenticator_ui(
    ui: &mut Ui,
    session: &Session,
    user: &Result<Option<UserInfo>, Problem>,
    is_old: bool,
) {
    let tokens = Tokens::of(ui);
    let small = |ui: &mut Ui, text: &str| {
        ui.add(egui::Label::new(Type::Small.text(text, tokens.muted)).wrap());
    };
    let info = match user {
        Ok(Some(info)) => info,
        Ok(None) => {
            let text = "This older server does not report on its authenticator.";
            ui.add(egui::Label::new(Type::Body.text(text, tokens.muted)).wrap());
            return;
        }
        Err(problem) => {
            partial_failure_ui(ui, problem);
            return;
        }
    };
    match &info.ping {
        Some(ping) => {
            let lamp = if *ping == Ping::Ok {
                Light::Ok
            } else {
                Light::Warning
            };
            let (lamp, word) = greyed_if_old(lamp, ping.words(), is_old);
            fact_with_ui(ui, "Database (ping)", |ui| light_ui(ui, lamp, &word));
            small(ui, &ping.meaning(session.has_token()));
        }
        None => fact_with_ui(ui, "Database (ping)", |ui| {
            light_ui(ui, Light::Unknown, "not reported by this server");
        }),
    }
    if let Some(authenticator) = &info.authenticator {
        let (kind, remark) = authenticator.kind_text();
        fact_ui(ui, "Kind", kind);
        if let Some(remark) = remark {
            small(ui, remark);
        }
        fact_ui(ui, "Name", authenticator.name.or_empty());
        fact_ui(ui, "Version", authenticator.version.or_empty());
        fact_ui(ui, "Address", authenticator.location.or_empty());
    }
}

/// Returns `true` if the last request failed, so that the page shows an older status.
fn is_old(state: &State) -> bool {
    state.account.status.problem().is_some()
}

/// Returns an outdated state without colour, and with words that say so.
fn greyed_if_old(lamp: Light, word: &str, is_old: bool) -> (Light, String) {
    if is_old {
        (Light::Unknown, format!("{word} when last checked"))
    } else {
        (lamp, word.to_owned())
    }
}

/// Returns what a known service does, with its own name; the server names most of them only by that.
fn service_name(id: &str) -> Option<&'static str> {
    Some(match id {
        "discourse" => "Discussion forum (Discourse)",
        "ispyb" => "Access control (ISPyB)",
        "keycloak" => "Sign-in (Keycloak)",
        "squonk" => "Job runner (Squonk)",
        _ => return None,
    })
}

/// Returns the light for the server's word about a service, and that word with spaces for underscores.
fn service_light(state: &str) -> (Light, String) {
    let word = state.to_lowercase().replace('_', " ");
    let lamp = match word.as_str() {
        "ok" => Light::Ok,
        "degraded" => Light::Warning,
        "error" | "timeout" | "not ok" => Light::Error,
        _ => Light::Unknown,
    };
    let word = match word.as_str() {
        "ok" => "working".to_owned(),
        "" => "not known".to_owned(),
        "not configured" => "not configured".to_owned(),
        _ => word,
    };
    (lamp, word)
}

/// Draws that the page could not be refreshed, below it: the page refreshes itself, and must not move because of that.
fn stale_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let Some(problem) = state.account.status.problem() else {
        return;
    };
    Panel::bottom("previous status")
        .resizable(false)
        .show_separator_line(false)
        .frame(Frame::new().fill(Tokens::of(ui).app).inner_margin(8))
        .show(ui, |ui| {
            let sentence = format!("This is the previous status. {problem}");
            if banner_ui(ui, &sentence, "Try again") {
                commands.push(Command::Status(StatusCommand::Refresh));
            }
        });
}

/// Draws the refresh button, and when the last answer arrived.
fn refresh_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    let busy = state
        .account
        .status
        .is_loading()
        .then_some("Already refreshing");
    if ui
        .add(
            Button::plain("Refresh")
                .with_icon(Icon::REFRESH)
                .disabled_because(busy),
        )
        .clicked()
    {
        commands.push(Command::Status(StatusCommand::Refresh));
    }
    if let Some(status) = state.account.status.value() {
        let now = (state.environment.clock)();
        let text = format!("Last updated {}", clock_time(&status.at, &now));
        let every = state.environment.quiet.usual.as_secs() / 60;
        ui.label(Type::Small.text(text, tokens.muted)).on_hover_text(format!(
                    "This page refreshes itself every {every} minutes, less often while the server does not answer"
                ));
    }
}

/// Draws the placeholder for a missing status: the reason, or that it is being loaded.
fn no_status_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    match &state.account.status {
        Remote::Failed { problem, .. } => {
            let again = Command::Status(StatusCommand::Refresh);
            failure_ui(
                ui,
                "The status could not be loaded",
                problem,
                again,
                state,
                commands,
            );
        }
        _ => {
            page_column_ui(ui, |ui| {
                ui.set_max_width(ui.available_width().min(CARDS));
                card_ui(
                    ui,
                    Icon::USER,
                    "Loading the status",
                    |_| {},
                    |ui| skeleton_lines_ui(ui, 6, "Loading the status"),
                );
            });
        }
    }
}
