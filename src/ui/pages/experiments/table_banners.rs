//! What is shown above the table, or in its place while it is loading.

use egui::{Frame, Ui};

use crate::{
    model::count_text,
    state::{AppCommand, Command, ExperimentsCommand, Route, State},
    ui::{
        theme::{Tokens, Type},
        widgets::{announce, banner_ui, skeleton_table_ui},
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
            if banner_ui(ui, &sentence, "Ask again") {
                commands.push(Command::Experiments(ExperimentsCommand::Refresh));
            }
        });
    } else if let Some(caution) = &table.caution {
        margin.show(ui, |ui| {
            if banner_ui(ui, &format!("{caution}."), "Show the status") {
                commands.push(Command::App(AppCommand::Go(Route::Status)));
            }
        });
    }
}
