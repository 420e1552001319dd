//! The answer of the statistics service.

use egui::{Label, ScrollArea, Ui};
use egui_extras::{Column, TableBuilder};
use jiff::Zoned;

use super::{
    StatisticsCard,
    facts::{named_facts, plain_value},
};
use crate::{
    model::{Fact, Statistics, UserStatistics, count_text, plural},
    state::Session,
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, labelled_value_ui},
    },
};

/// Minimum width for the users beside the facts, and the space between the two.
const TWO_COLUMNS: f32 = 700.0;
const GAP: f32 = 24.0;
/// Widths of the columns of users: for the heading of the numbers, for a time, and for a name at most.
const COUNT: f32 = 100.0;
const TIME: f32 = 160.0;
const LONGEST_NAME: f32 = 240.0;
/// Width for the longest name of a fact.
const FACT: f32 = 264.0;
/// Maximum number of users that are shown; the search finds the others.
const SHOWN: usize = 200;

impl StatisticsCard {
    pub(super) fn answer_ui(
        &mut self,
        ui: &mut Ui,
        statistics: &Statistics,
        session: &Session,
        now: &Zoned,
    ) {
        let width = ui.available_width();
        if width < TWO_COLUMNS {
            service_ui(ui, statistics, now);
            ui.add_space(8.0);
            self.users_ui(ui, statistics, session, now);
        } else {
            ui.horizontal_top(|ui| {
                let own = ((width - GAP) * 0.5).floor();
                let spacing = ui.spacing().item_spacing;
                ui.spacing_mut().item_spacing.x = GAP;
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing = spacing;
                    ui.set_width(own);
                    service_ui(ui, statistics, now);
                });
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing = spacing;
                    ui.set_width(own);
                    self.users_ui(ui, statistics, session, now);
                });
            });
        }
        self.raw_response_ui(ui, statistics);
    }

    fn users_ui(&mut self, ui: &mut Ui, statistics: &Statistics, session: &Session, now: &Zoned) {
        let tokens = Tokens::of(ui);
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.label(Type::Heading.text("Users", tokens.text));
        let (totals, _) = named_facts(&statistics.totals, false, now);
        for (name, value) in &totals {
            named_value_ui(ui, name, value);
        }
        ui.add_space(8.0);
        let is_cache_dead = statistics.cache.as_deref().is_some_and(<[Fact]>::is_empty);
        let users = match statistics.users.as_deref() {
            Some(users) if !users.is_empty() => users,
            nobody => {
                let text = match (nobody, is_cache_dead) {
                    (None, _) => "The service does not list its users.",
                    (Some(_), true) => {
                        "No users are listed, because the cache is down. That says nothing about memberships."
                    }
                    (Some(_), false) => {
                        "No users are listed at the moment. The list can be empty for half a minute after it is updated; try again then. It says nothing about memberships."
                    }
                };
                ui.add(Label::new(Type::Body.text(text, tokens.muted)).wrap());
                return;
            }
        };
        let own = session.user.as_deref().filter(|_| session.has_token());
        let is_own = |user: &&UserStatistics| Some(user.username.as_str()) == own;
        if let Some(name) = own.filter(|_| !users.iter().any(|user| is_own(&user))) {
            let text = format!(
                "{name} is not listed at the moment, even on a second request. The list can be incomplete for half a minute after it is updated; try again then. It says nothing about memberships."
            );
            ui.add(Label::new(Type::Body.text(text, tokens.warn)).wrap());
        }
        let needle = self.find.trim().to_lowercase();
        let found: Vec<&UserStatistics> = users
            .iter()
            .filter(|user| user.username.to_lowercase().contains(&needle))
            .collect();
        ui.horizontal(|ui| {
            Field::new("Find a user", &mut self.find)
                .hint("Find a user")
                .icon(Icon::SEARCH)
                .size(200.0, size::CONTROL)
                .show(ui);
            let shown = found.len().min(SHOWN);
            let text = format!("{} of {} shown", count_text(shown), count_text(users.len()));
            ui.label(Type::Small.text(text, tokens.muted));
        });
        ui.add_space(4.0);
        // The user's own row comes first, so that no one has to look for it.
        let (mut shown, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_own);
        shown.extend(others);
        shown.truncate(SHOWN);
        table_ui(ui, &shown, own, now);
    }

    fn raw_response_ui(&mut self, ui: &mut Ui, statistics: &Statistics) {
        let text = if self.shows_raw {
            "Hide the raw response"
        } else {
            "Raw response"
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

fn table_ui(ui: &mut Ui, users: &[&UserStatistics], own: Option<&str>, now: &Zoned) {
    let tokens = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    let spacing = ui.spacing().item_spacing.x;
    let name = ui.available_width() - COUNT - TIME - 2.0 * spacing;
    TableBuilder::new(ui)
        .id_salt("users")
        .vscroll(false)
        .column(Column::exact(name.clamp(60.0, LONGEST_NAME)))
        .column(Column::exact(COUNT))
        .column(Column::exact(TIME))
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
                for text in [
                    name,
                    user.tas_count.clone(),
                    plain_value(&user.collected, now),
                ] {
                    row.col(|ui| {
                        ui.add(Label::new(step.text(text, tokens.text)).truncate());
                    });
                }
            });
        });
}

/// Draws what the service reports about itself.
fn service_ui(ui: &mut Ui, statistics: &Statistics, now: &Zoned) {
    let tokens = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.label(Type::Heading.text("Authenticator", tokens.text));
    if let Some(auth) = &statistics.auth {
        for (name, value) in [
            ("Kind", auth.kind_text().0),
            ("Name", auth.name.or_empty()),
            ("Version", auth.version.or_empty()),
        ] {
            named_value_ui(ui, name, value);
        }
    }
    let codes = match &statistics.codes {
        None => "not reported".to_owned(),
        Some(codes) if codes.is_empty() => "any".to_owned(),
        Some(codes) => codes.join(", "),
    };
    named_value_ui(ui, "Proposal codes", &codes);
    let ping = statistics.ping.as_deref().unwrap_or_default();
    let (ping, _) = named_facts(ping, false, now);
    let missing = "The service does not report it.";
    section_ui(ui, "Connection to the database", &ping, missing);
    let cache = statistics.cache.as_deref();
    let missing = match cache {
        Some([]) => {
            "The cache is down: it does not answer, and every query goes to the database. Tell the administrators."
        }
        // It answers, but with none of the usual values.
        Some(_) => "",
        None => missing,
    };
    let (cache, others) = named_facts(cache.unwrap_or_default(), true, now);
    section_ui(ui, "Memory cache", &cache, missing);
    if others > 0 {
        let more = plural(others, "more value", "more values");
        let text = format!("{more} in the raw response.");
        ui.label(Type::Small.text(text, tokens.muted));
    }
}

fn section_ui(ui: &mut Ui, title: &str, facts: &[Fact], missing: &str) {
    let tokens = Tokens::of(ui);
    ui.add_space(8.0);
    ui.label(Type::Heading.text(title, tokens.text));
    if facts.is_empty() && !missing.is_empty() {
        ui.add(Label::new(Type::Body.text(missing, tokens.muted)).wrap());
    }
    for (name, value) in facts {
        named_value_ui(ui, name, value);
    }
}

fn named_value_ui(ui: &mut Ui, name: &str, value: &str) {
    labelled_value_ui(ui, name, FACT, |ui| {
        let text = Type::Body.text(value, Tokens::of(ui).text);
        ui.add(Label::new(text).wrap().selectable(true));
    });
}
