//! What the statistics service has answered.

use egui::{Label, ScrollArea, Ui};
use egui_extras::{Column, TableBuilder};
use jiff::{Timestamp, Zoned};

use super::StatisticsCard;
use crate::{
    model::{Fact, Statistics, UserStatistics, count_text},
    state::Session,
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, wide_fact_with},
        words::{clock_time, first_upper},
    },
};

/// Users that are shown at once; the search finds the others.
const SHOWN: usize = 200;

impl StatisticsCard {
    pub(super) fn answer(
        &mut self,
        ui: &mut Ui,
        statistics: &Statistics,
        session: &Session,
        now: &Zoned,
    ) {
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
        let ping = statistics.ping.as_deref();
        section(
            ui,
            "Connection to the database",
            ping,
            now,
            "The service does not speak of it.",
        );
        let cache = statistics.cache.as_deref();
        let dead = if cache.is_some() {
            "The cache is dead: it does not answer, and every question goes to the database. Tell the administrators."
        } else {
            "The service does not speak of it."
        };
        section(ui, "Memory cache", cache, now, dead);
        let totals = Some(statistics.totals.as_slice());
        section(
            ui,
            "All users together",
            totals,
            now,
            "The service does not speak of them.",
        );
        let is_dead = cache.is_some_and(<[Fact]>::is_empty);
        self.users(ui, statistics.users.as_deref(), is_dead, session, now);
        self.raw(ui, statistics);
    }

    fn users(
        &mut self,
        ui: &mut Ui,
        users: Option<&[UserStatistics]>,
        is_cache_dead: bool,
        session: &Session,
        now: &Zoned,
    ) {
        let tokens = Tokens::of(ui);
        ui.label(Type::Heading.text("Users", tokens.text));
        let users = match users {
            Some(users) if !users.is_empty() => users,
            nobody => {
                let text = match (nobody, is_cache_dead) {
                    (None, _) => "The service does not list its users.",
                    (Some(_), true) => {
                        "No user is listed, because the cache is dead. That says nothing about memberships."
                    }
                    (Some(_), false) => {
                        "No user is listed at the moment. The list can be empty for half a minute after users were collected; ask again then. It says nothing about memberships."
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
                "{name} is not listed at the moment, also when asked again. The list can be short for half a minute after users were collected; ask again then. It says nothing about memberships."
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
        // One's own line comes first, so that no one has to look for it.
        let (mut shown, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_own);
        shown.extend(others);
        shown.truncate(SHOWN);
        table(ui, &shown, own, now);
    }

    fn raw(&mut self, ui: &mut Ui, statistics: &Statistics) {
        let text = if self.shows_raw {
            "Hide the answer as it came"
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

fn table(ui: &mut Ui, users: &[&UserStatistics], own: Option<&str>, now: &Zoned) {
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
                for text in [name, user.tas_count.clone(), in_words(&user.collected, now)] {
                    row.col(|ui| {
                        ui.add(Label::new(step.text(text, tokens.text)).truncate());
                    });
                }
            });
        });
}

/// Times in the zone of this computer, and the service's odd words in plain ones.
fn in_words(value: &str, now: &Zoned) -> String {
    match value {
        "No ping yet" => "not asked yet".to_owned(),
        "No change yet" => "no change yet".to_owned(),
        "Meaningless" | "" => "–".to_owned(),
        other => match other.parse::<Timestamp>() {
            Ok(at) => clock_time(&at.to_zoned(now.time_zone().clone()), now),
            Err(_) => other.to_owned(),
        },
    }
}

fn section(ui: &mut Ui, title: &str, facts: Option<&[Fact]>, now: &Zoned, missing: &str) {
    let tokens = Tokens::of(ui);
    let facts = facts.unwrap_or_default();
    ui.add_space(4.0);
    ui.label(Type::Heading.text(title, tokens.text));
    if facts.is_empty() {
        ui.add(Label::new(Type::Body.text(missing, tokens.muted)).wrap());
    }
    for (name, value) in facts {
        named(ui, &first_upper(name), &in_words(value, now));
    }
}

fn named(ui: &mut Ui, name: &str, value: &str) {
    wide_fact_with(ui, name, |ui| {
        let text = Type::Body.text(value, Tokens::of(ui).text);
        ui.add(Label::new(text).wrap().selectable(true));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_s_words_are_put_into_plain_ones() {
        let now: Zoned = "2026-11-23T11:42:00+01:00[Europe/Berlin]".parse().unwrap();
        for (value, words) in [
            ("2026-11-23T08:34:25.537069+00:00", "today at 09:34"),
            ("No ping yet", "not asked yet"),
            ("Meaningless", "–"),
            ("20 seconds", "20 seconds"),
        ] {
            assert_eq!(in_words(value, &now), words);
        }
    }
}
