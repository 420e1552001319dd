//! The authenticator's statistics, for administrators: behind a fold, asked for with address and key.

use egui::{Label, ScrollArea, Ui, Vec2};
use egui_extras::{Column, TableBuilder};

use crate::{
    model::{Fact, Secret, ServerAddress, Statistics, UserStatistics},
    state::{Command, Session, State},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, card, wide_fact_with},
    },
};

/// Users that are shown at once; the search finds the others.
const SHOWN: usize = 200;

/// What the card remembers between frames.
#[derive(Default)]
pub(super) struct StatisticsCard {
    is_open: bool,
    shows_raw: bool,
    address: String,
    key: String,
    find: String,
    complaint: Option<String>,
}

impl StatisticsCard {
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        state: &State,
        session: &Session,
        wishes: &mut Vec<Command>,
    ) {
        let icon = if self.is_open {
            Icon::CHEVRON_DOWN
        } else {
            Icon::CHEVRON_RIGHT
        };
        let fold = Button::quiet("Authenticator statistics, for administrators").with_icon(icon);
        if ui.add(fold).clicked() {
            self.is_open = !self.is_open;
        }
        if !self.is_open {
            return;
        }
        card(
            ui,
            Icon::SHIELD,
            "Authenticator statistics",
            |_| {},
            |ui| {
                ui.spacing_mut().item_spacing = Vec2::splat(8.0);
                self.question(ui, state, wishes);
                if let Some(statistics) = state.statistics.value() {
                    self.answer(ui, statistics, session);
                }
            },
        );
    }

    fn question(&mut self, ui: &mut Ui, state: &State, wishes: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        let text = "The administrators of Fragalysis give out the address and the key. The key is sent to that address only, and is not kept.";
        ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
        let width = ui.available_width();
        Field::new("Address of the statistics", &mut self.address)
            .hint("https://…")
            .icon(Icon::GLOBE)
            .size(width, size::CONTROL)
            .show(ui);
        ui.horizontal(|ui| {
            Field::new("Key of the statistics", &mut self.key)
                .hint("Key")
                .icon(Icon::KEY)
                .size((width - 78.0).max(120.0), size::CONTROL)
                .masked(true)
                .show(ui);
            let busy = state
                .statistics
                .is_loading()
                .then_some("The service is being asked");
            if ui
                .add(
                    Button::plain("Ask")
                        .width(70.0)
                        .named("Ask for the statistics")
                        .refused(busy),
                )
                .clicked()
            {
                self.ask(wishes);
            }
        });
        let problem = state
            .statistics
            .problem()
            .map(|problem| problem.message.clone());
        if let Some(complaint) = self.complaint.clone().or(problem) {
            ui.add(Label::new(Type::Small.text(complaint, tokens.err)).wrap());
        }
    }

    fn ask(&mut self, wishes: &mut Vec<Command>) {
        // The documentation prints one slash too many, and people copy it.
        let typed = self.address.replace(":///", "://");
        match ServerAddress::parse(&typed) {
            Ok(_) if self.key.trim().is_empty() => {
                self.complaint = Some("Write the key as well.".to_owned());
            }
            Ok(address) => {
                self.complaint = None;
                wishes.push(Command::AskStatistics {
                    address,
                    key: Secret::new(self.key.trim()),
                });
            }
            Err(error) => self.complaint = Some(error.to_string()),
        }
    }

    fn answer(&mut self, ui: &mut Ui, statistics: &Statistics, session: &Session) {
        if let Some(auth) = &statistics.auth {
            let parts = [&auth.kind, &auth.name, &auth.version].map(|part| part.or_empty());
            named(ui, "Authenticator", &parts.join(", "));
        }
        let codes = match &statistics.codes {
            None => "not said".to_owned(),
            Some(codes) if codes.is_empty() => "any".to_owned(),
            Some(codes) => codes.join(", "),
        };
        named(ui, "Proposal codes", &codes);
        section(
            ui,
            "Connection to the database",
            statistics.ping.as_deref(),
            "The service does not speak of it.",
        );
        section(
            ui,
            "Memory cache",
            statistics.cache.as_deref(),
            "The cache does not answer: it is dead, and every question goes to the database.",
        );
        section(ui, "All users together", Some(&statistics.totals), "");
        self.users(ui, statistics.users.as_deref(), session);
        self.raw(ui, statistics);
    }

    fn users(&mut self, ui: &mut Ui, users: Option<&[UserStatistics]>, session: &Session) {
        let tokens = Tokens::of(ui);
        ui.label(Type::Heading.text("Users", tokens.text));
        let Some(users) = users.filter(|users| !users.is_empty()) else {
            let text = "No user is listed. The list is empty for a moment after the service has started; that says nothing about memberships.";
            ui.add(Label::new(Type::Body.text(text, tokens.muted)).wrap());
            return;
        };
        let own = session.user.as_deref();
        let is_listed = users.iter().any(|user| Some(user.username.as_str()) == own);
        if let Some(own) = own.filter(|_| !is_listed) {
            let text =
                format!("{own} is not listed: proposals have not been collected for you yet.");
            ui.add(Label::new(Type::Body.text(text, tokens.warn)).wrap());
        }
        Field::new("Find a user", &mut self.find)
            .hint("Find a user")
            .icon(Icon::SEARCH)
            .size(200.0, size::CONTROL)
            .show(ui);
        let needle = self.find.trim().to_lowercase();
        let shown: Vec<&UserStatistics> = users
            .iter()
            .filter(|user| user.username.to_lowercase().contains(&needle))
            .take(SHOWN)
            .collect();
        table(ui, &shown, own);
    }

    fn raw(&mut self, ui: &mut Ui, statistics: &Statistics) {
        let text = if self.shows_raw {
            "Hide the answer as it came"
        } else {
            "Show the answer as it came"
        };
        if ui.add(Button::quiet(text).with_icon(Icon::CODE)).clicked() {
            self.shows_raw = !self.shows_raw;
        }
        if self.shows_raw {
            let raw = Type::Code.text(&statistics.raw, Tokens::of(ui).text);
            ScrollArea::vertical()
                .id_salt("raw")
                .max_height(300.0)
                .show(ui, |ui| {
                    ui.add(Label::new(raw).selectable(true).wrap());
                });
        }
    }
}

fn table(ui: &mut Ui, users: &[&UserStatistics], own: Option<&str>) {
    let tokens = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    let width = ui.available_width();
    TableBuilder::new(ui)
        .id_salt("users")
        .vscroll(false)
        .column(Column::exact((width * 0.34).max(60.0)))
        .column(Column::exact((width * 0.22).max(60.0)))
        .column(Column::remainder())
        .header(size::ROW, |mut header| {
            for heading in ["User", "Access strings", "Collected"] {
                header.col(|ui| {
                    ui.label(Type::SmallHeading.text(heading, tokens.muted));
                });
            }
        })
        .body(|body| {
            body.rows(size::ROW, users.len(), |mut row| {
                let Some(user) = users.get(row.index()) else {
                    return;
                };
                let is_own = Some(user.username.as_str()) == own;
                let name = if is_own {
                    format!("{} (you)", user.username)
                } else {
                    user.username.clone()
                };
                let step = if is_own { Type::Strong } else { Type::Body };
                for text in [&name, &user.tas_count, &user.collected] {
                    row.col(|ui| {
                        ui.add(Label::new(step.text(text, tokens.text)).truncate());
                    });
                }
            });
        });
}

fn section(ui: &mut Ui, title: &str, facts: Option<&[Fact]>, missing: &str) {
    let tokens = Tokens::of(ui);
    let facts = facts.unwrap_or_default();
    if facts.is_empty() && missing.is_empty() {
        return;
    }
    ui.add_space(4.0);
    ui.label(Type::Heading.text(title, tokens.text));
    if facts.is_empty() {
        ui.add(Label::new(Type::Body.text(missing, tokens.muted)).wrap());
    }
    for (name, value) in facts {
        named(ui, name, value);
    }
}

fn named(ui: &mut Ui, name: &str, value: &str) {
    wide_fact_with(ui, name, |ui| {
        let text = Type::Body.text(value, Tokens::of(ui).text);
        ui.add(Label::new(text).wrap().selectable(true));
    });
}
