//! What is shown above the table, or in its place while it is loading.

use egui::{Frame, Ui};

use crate::{
    model::Problem,
    model::count_text,
    state::{AppCommand, Command, ExperimentsCommand, Route, State, TableCommand},
    table::{Condition, NEWS, NewsCount, Subject},
    ui::{
        theme::{Tokens, Type},
        widgets::{Button, announce, banner_ui, skeleton_table_ui},
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

/// Draws what the user must know about the shown table.
pub(super) fn table_banners_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let Some(table) = state.experiments.table.value() else {
        if state.experiments.is_partial() && !state.experiments.sheet().is_empty() {
            let count = count_text(state.experiments.received());
            let text = format!("Loading: {count} experiments so far.");
            let margin = Frame::new().inner_margin(egui::Margin::symmetric(16, 6));
            margin.show(ui, |ui| {
                ui.label(Type::Small.text(text, Tokens::of(ui).muted));
            });
        }
        return;
    };
    let margin = Frame::new().inner_margin(8);
    // Does not repeat what the session bar already says.
    let session = state.session().and_then(|session| session.problem.as_ref());
    let problem = state
        .experiments
        .table
        .problem()
        .filter(|problem| session.is_none_or(|known| known.kind != problem.kind));
    if let Some(problem) = problem {
        let now = (state.environment.clock)();
        let sentence = format!("Last loaded {}. {}", clock_time(&table.at, &now), problem);
        margin.show(ui, |ui| {
            if banner_ui(ui, &sentence, "Try again") {
                commands.push(Command::Experiments(ExperimentsCommand::Refresh));
            }
        });
    } else if table.is_kept {
        let now = (state.environment.clock)();
        let text = format!(
            "Saved on this computer {}. Checking the server for changes.",
            clock_time(&table.at, &now)
        );
        let margin = Frame::new().inner_margin(egui::Margin::symmetric(16, 6));
        margin.show(ui, |ui| {
            ui.label(Type::Small.text(text, Tokens::of(ui).muted));
        });
    } else if let Some(shortfall) = table.shortfall() {
        let sentence = format!("This list is incomplete. {shortfall}");
        margin.show(ui, |ui| {
            if banner_ui(ui, &sentence, "Try again") {
                commands.push(Command::Experiments(ExperimentsCommand::Refresh));
            }
        });
    } else if let Some(caution) = &table.caution {
        margin.show(ui, |ui| {
            if banner_ui(ui, &format!("{caution}."), "Show the status") {
                commands.push(Command::App(AppCommand::Go(Route::Status)));
            }
        });
    } else {
        news_ui(ui, state, commands);
    }
}

/// Draws what is new since the last visit, if anything is.
fn news_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let (news, view) = (&state.experiments.news, &state.experiments.view);
    let is_shown = state.experiments.subject == Subject::Experiments && !news.is_dismissed;
    let Some((since, count)) = news
        .of(view.target())
        .filter(|_| is_shown && view.filter(NEWS).is_none())
    else {
        return;
    };
    let now = (state.environment.clock)();
    let text = format!(
        "{} since your last visit, {}.",
        news_text(count),
        clock_time(since, &now)
    );
    let margin = Frame::new().inner_margin(egui::Margin::symmetric(16, 4));
    margin.show(ui, |ui| {
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
