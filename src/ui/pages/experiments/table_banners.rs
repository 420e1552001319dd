//! What is said of the table, below it, or in its place while it is loading.

use egui::{Frame, Margin, Panel, Ui};

use crate::{
    model::{Problem, count_text},
    state::{AppCommand, Command, ExperimentsCommand, Route, State, Table, TableCommand},
    table::{Condition, NEWS, NewsCount, Subject},
    ui::{
        theme::{Tokens, Type},
        widgets::{Button, announce, banner_ui, hairline_ui, skeleton_table_ui},
        words::clock_time,
    },
};

/// Draws a placeholder for the table, and how many rows have arrived.
pub(super) fn loading_table_ui(ui: &mut Ui, state: &State) {
    let received = state.experiments.received();
    let count = if received == 0 {
        "Waiting for the server.".to_owned()
    } else {
        format!("{} loaded so far.", count_text(received))
    };
    let text = format!("Loading experiments. {count}");
    let margin = egui::Margin::symmetric(16, 10);
    Frame::new().inner_margin(margin).show(ui, |ui| {
        let label = ui.label(Type::Body.text(text, Tokens::of(ui).muted));
        announce(&label, false);
        skeleton_table_ui(ui, "Loading the table");
    });
}

/// What the user must know about the shown table.
enum Banner {
    /// What is going on.
    Progress(String),
    /// What is wrong, and the button that helps.
    Warning {
        sentence: String,
        button: &'static str,
        command: Box<Command>,
    },
    /// What is new since the last visit.
    News(String),
}

/// Draws what the user must know about the shown table, below it: above it, every such line would move the rows under
/// the pointer as it comes and goes.
pub(super) fn table_banners_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let Some(banner) = banner(state) else { return };
    Panel::bottom("table notes")
        .resizable(false)
        .show_separator_line(false)
        .frame(Frame::new().fill(Tokens::of(ui).surface))
        .show(ui, |ui| {
            hairline_ui(ui);
            let line = Frame::new().inner_margin(Margin::symmetric(16, 6));
            match banner {
                Banner::Progress(text) => {
                    line.show(ui, |ui| {
                        ui.label(Type::Small.text(text, Tokens::of(ui).muted));
                    });
                }
                Banner::Warning {
                    sentence,
                    button,
                    command,
                } => {
                    Frame::new().inner_margin(8).show(ui, |ui| {
                        if banner_ui(ui, &sentence, button) {
                            commands.push(*command);
                        }
                    });
                }
                Banner::News(text) => {
                    line.show(ui, |ui| news_ui(ui, text, commands));
                }
            }
        });
}

/// Returns the one thing about the table that matters most.
fn banner(state: &State) -> Option<Banner> {
    let experiments = &state.experiments;
    let Some(table) = experiments.table.value() else {
        let is_arriving = experiments.is_partial() && !experiments.sheet().is_empty();
        let count = count_text(experiments.received());
        return is_arriving
            .then(|| Banner::Progress(format!("Loading: {count} experiments so far.")));
    };
    let refresh = || Box::new(Command::Experiments(ExperimentsCommand::Refresh));
    let now = (state.environment.clock)();
    // Does not repeat what the session bar already says.
    let session = state.session().and_then(|session| session.problem.as_ref());
    let of_hits = experiments.hits.table.problem();
    let of_hits = of_hits.filter(|_| experiments.subject == Subject::Hits);
    let problem = experiments.table.problem().or(of_hits);
    let problem = problem.filter(|problem| session.is_none_or(|known| known.kind != problem.kind));
    if let Some(problem) = problem {
        let sentence = format!("Last loaded {}. {}", clock_time(&table.at, &now), problem);
        return Some(Banner::Warning {
            sentence,
            button: "Try again",
            command: refresh(),
        });
    }
    if table.is_kept {
        return Some(Banner::Progress(format!(
            "Saved on this computer {}. Checking the server for changes.",
            clock_time(&table.at, &now)
        )));
    }
    if let Some(shortfall) = shortfall(state, table) {
        return Some(Banner::Warning {
            sentence: format!("This list is incomplete. {shortfall}"),
            button: "Try again",
            command: refresh(),
        });
    }
    if let Some(caution) = &table.caution {
        return Some(Banner::Warning {
            sentence: format!("{caution}."),
            button: "Show the status",
            command: Box::new(Command::App(AppCommand::Go(Route::Status))),
        });
    }
    news(state)
}

/// Returns what is missing from the table that is shown.
fn shortfall(state: &State, table: &Table) -> Option<String> {
    let experiments = &state.experiments;
    let hits = experiments.hits.table.value();
    let of_hits = hits
        .filter(|_| experiments.subject == Subject::Hits)
        .and_then(|hits| hits.shortfall(experiments.view.target()));
    of_hits.or_else(|| table.shortfalls.of(experiments.view.target()).text())
}

/// Returns what is new since the last visit, if anything is.
fn news(state: &State) -> Option<Banner> {
    let (news, view) = (&state.experiments.news, &state.experiments.view);
    let is_shown = state.experiments.subject == Subject::Experiments && !news.is_dismissed;
    let (since, count) = news
        .of(view.target())
        .filter(|_| is_shown && view.filter(NEWS).is_none())?;
    let now = (state.environment.clock)();
    Some(Banner::News(format!(
        "{} since your last visit, {}.",
        news_text(count),
        clock_time(since, &now)
    )))
}

/// Draws what is new since the last visit, and what to do with it.
fn news_ui(ui: &mut Ui, text: String, commands: &mut Vec<Command>) {
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(Type::Small.text(text, Tokens::of(ui).text));
        announce(&label, false);
        let name = "Show what is new since your last visit";
        if ui.add(Button::quiet("Show").named(name)).clicked() {
            let values = ["New", "Changed"].map(str::to_owned);
            commands.push(Command::Table(TableCommand::Filter {
                field: NEWS.to_owned(),
                condition: Some(Condition::OneOf(values.into())),
            }));
        }
        let name = "Dismiss what is new since your last visit";
        if ui.add(Button::quiet("Dismiss").named(name)).clicked() {
            commands.push(Command::Experiments(ExperimentsCommand::DismissNews));
        }
    });
}

/// Returns a text such as `12 new and 3 changed experiments`.
fn news_text(count: NewsCount) -> String {
    let text =
        |count: usize, what: &str| (count > 0).then(|| format!("{} {what}", count_text(count)));
    let parts = [text(count.added, "new"), text(count.changed, "changed")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let noun = if count.added + count.changed == 1 {
        "experiment"
    } else {
        "experiments"
    };
    format!("{} {noun}", parts.join(" and "))
}

/// Returns `true` if the session bar already gives the same reason, and what can be done about it.
pub(super) fn is_shown_above(state: &State, problem: &Problem) -> bool {
    let session = state.session().and_then(|session| session.problem.as_ref());
    session.is_some_and(|known| known.kind == problem.kind)
}
