//! The status page: what the server thinks of the user.

mod access;
mod statistics;
mod why;

use egui::{CentralPanel, Frame, Margin, ScrollArea, Ui, Vec2};

use crate::{
    model::{Ping, Problem, UserInfo},
    state::{Command, Remote, Session, State, Status, StatusCommand},
    ui::{
        remedy::failure,
        shell::page_head,
        theme::{Icon, Tokens, Type, size},
        widgets::{
            Button, Light, banner, card, fact, fact_with, light, skeleton_lines, wide_fact_with,
        },
        words::{clock_time, server_name, session_light},
    },
};

/// From this width on the list stands beside the cards.
const WIDE: f32 = 880.0;
const CARDS: f32 = 404.0;

/// What the page remembers between frames.
#[derive(Default)]
pub(crate) struct StatusPage {
    question: String,
    access: access::AccessList,
    statistics: statistics::StatisticsCard,
}

impl StatusPage {
    pub(crate) fn show(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        page_head(ui, "Status", |ui| {
            let busy = state
                .account
                .status
                .is_loading()
                .then_some("The server is being asked");
            if ui
                .add(
                    Button::plain("Refresh")
                        .with_icon(Icon::REFRESH)
                        .refused(busy),
                )
                .clicked()
            {
                commands.push(Command::Status(StatusCommand::Refresh));
            }
            if let Some(status) = state.account.status.value() {
                let now = (state.environment.clock)();
                let text = format!("Last answer {}", clock_time(&status.at, &now));
                let every = state.environment.quiet.usual.as_secs() / 60;
                ui.label(Type::Small.text(text, tokens.muted)).on_hover_text(format!(
                    "While this page is shown it asks again by itself, every {every} minutes; less often while there is no answer"
                ));
            }
        });
        let margin = Margin::symmetric(size::PAGE_MARGIN, 16);
        CentralPanel::no_frame()
            .frame(Frame::new().fill(tokens.app))
            .show(ui, |ui| {
                let Some(session) = state.session() else {
                    return;
                };
                let Some(status) = state.account.status.value() else {
                    match &state.account.status {
                        Remote::Failed { problem, .. } => {
                            let again = Command::Status(StatusCommand::Refresh);
                            failure(
                                ui,
                                "The server did not say",
                                problem,
                                again,
                                state,
                                commands,
                            );
                        }
                        _ => {
                            Frame::new().inner_margin(margin).show(ui, |ui| {
                                ui.set_max_width(ui.available_width().min(CARDS));
                                card(
                                    ui,
                                    Icon::USER,
                                    "Asking the server",
                                    |_| {},
                                    |ui| skeleton_lines(ui, 6, "The status is being read"),
                                );
                            });
                        }
                    }
                    return;
                };
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                    Frame::new().inner_margin(margin).show(ui, |ui| {
                        if let Some(problem) = state.account.status.problem() {
                            let sentence = format!("What you see is the answer before. {problem}");
                            if banner(ui, &sentence, "Try again") {
                                commands.push(Command::Status(StatusCommand::Refresh));
                            }
                        }
                        self.content(ui, state, session, status, commands);
                    });
                });
            });
    }

    fn content(
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
            cards(ui, state, session, status);
            self.access.show(ui, state, session, status, commands);
            why::show(ui, &mut self.question, state, session, commands);
            services(ui, status, is_old(state));
            self.statistics.show(ui, state, session, commands);
            return;
        }
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(CARDS);
                cards(ui, state, session, status);
                services(ui, status, is_old(state));
            });
            ui.vertical(|ui| {
                ui.set_width((width - CARDS - 16.0).min(900.0));
                why::show(ui, &mut self.question, state, session, commands);
                self.access.show(ui, state, session, status, commands);
                self.statistics.show(ui, state, session, commands);
            });
        });
    }
}

fn cards(ui: &mut Ui, state: &State, session: &Session, status: &Status) {
    card(
        ui,
        Icon::USER,
        "You and the server",
        |_| {},
        |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            fact(ui, "User", session.user.as_deref().unwrap_or_default());
            let (lamp, words) = session_light(session);
            fact_with(ui, "Signed in", |ui| light(ui, lamp, words));
            if session.is_signed_in() {
                let now = (state.environment.clock)();
                fact(ui, "Proven", &clock_time(&session.proven, &now));
            }
            let name = server_name(&session.server, state.environment.demo.as_ref());
            let host = session.server.host_text();
            fact(
                ui,
                "Server",
                &if name == host {
                    host
                } else {
                    format!("{name}, {host}")
                },
            );
            let version = status.version.as_ref().and_then(|version| version.short());
            fact(ui, "Version", version.unwrap_or("this server does not say"));
        },
    );
    card(
        ui,
        Icon::SHIELD,
        "Authenticator",
        |_| {},
        |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            authenticator(ui, session, &status.user, is_old(state));
        },
    );
}

fn services(ui: &mut Ui, status: &Status, is_old: bool) {
    match &status.services {
        Ok(list) if list.is_empty() => {}
        answer => card(
            ui,
            Icon::SERVER,
            "Services",
            |_| {},
            |ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                match answer {
                    Ok(list) => {
                        for service in list {
                            let (lamp, word) = service_light(service.state.or_empty());
                            let (lamp, word) = as_known(lamp, &word, is_old);
                            let name = service.name.get().unwrap_or(&service.id);
                            wide_fact_with(ui, name, |ui| light(ui, lamp, &word));
                        }
                    }
                    Err(problem) => part_failed(ui, problem),
                }
            },
        ),
    }
}

/// A part of the page that could not be obtained, where the rest could.
fn part_failed(ui: &mut Ui, problem: &Problem) {
    let text = Type::Body.text(problem.to_string(), Tokens::of(ui).muted);
    ui.add(egui::Label::new(text).wrap());
}

fn authenticator(
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
            part_failed(ui, problem);
            return;
        }
    };
    match &info.ping {
        Some(ping) => {
            let lamp = if *ping == Ping::Ok {
                Light::Ok
            } else {
                Light::Care
            };
            let (lamp, word) = as_known(lamp, ping.words(), is_old);
            fact_with(ui, "Ping", |ui| light(ui, lamp, &word));
            small(ui, &ping.meaning(session.has_token()));
        }
        None => fact_with(ui, "Ping", |ui| {
            light(ui, Light::Unknown, "this server does not say");
        }),
    }
    if let Some(authenticator) = &info.authenticator {
        let (kind, remark) = authenticator.kind_words();
        fact(ui, "Kind", kind);
        if let Some(remark) = remark {
            small(ui, remark);
        }
        fact(ui, "Name", authenticator.name.or_empty());
        fact(ui, "Version", authenticator.version.or_empty());
        fact(ui, "Address", authenticator.location.or_empty());
    }
}

/// Whether the newest question had no answer, so that what is shown was true some time ago.
fn is_old(state: &State) -> bool {
    state.account.status.problem().is_some()
}

/// What is not known at the moment has no colour, and says so.
fn as_known(lamp: Light, word: &str, is_old: bool) -> (Light, String) {
    if is_old {
        (Light::Unknown, format!("{word} at the last answer"))
    } else {
        (lamp, word.to_owned())
    }
}

/// The light for the server's own word about a service, and the word with blanks for underscores.
fn service_light(state: &str) -> (Light, String) {
    let word = state.to_lowercase().replace('_', " ");
    let lamp = match word.as_str() {
        "ok" => Light::Ok,
        "degraded" => Light::Care,
        "error" | "timeout" | "not ok" => Light::Wrong,
        _ => Light::Unknown,
    };
    let word = match word.as_str() {
        "ok" => "working".to_owned(),
        "" => "not known".to_owned(),
        "not configured" => "not set up here".to_owned(),
        _ => word,
    };
    (lamp, word)
}
