//! What stands above the table, or in its place while it is being read.

use egui::{Frame, Ui};

use crate::{
    model::count_text,
    state::{AppCommand, Command, ExperimentsCommand, Route, State},
    ui::{
        theme::{Tokens, Type},
        widgets::{announce, banner, skeleton_table},
        words::clock_time,
    },
};

/// The shape of the table, and how much of it has come.
pub(super) fn on_its_way(ui: &mut Ui, state: &State) {
    let received = state.experiments.received();
    let count = if received == 0 {
        "The server has been asked.".to_owned()
    } else {
        format!("{} loaded so far.", count_text(received))
    };
    let text = format!("Reading the experiments. {count}");
    let margin = egui::Margin::symmetric(16, 10);
    Frame::new().inner_margin(margin).show(ui, |ui| {
        let label = ui.label(Type::Body.text(text, Tokens::of(ui).muted));
        announce(&label, false);
        skeleton_table(ui, "The table is being read");
    });
}

/// What must be known about the table that is shown.
pub(super) fn above_the_table(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
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
    // What the bar about the session says already is not said twice.
    let session = state.session().and_then(|session| session.problem.as_ref());
    let problem = state
        .experiments
        .table
        .problem()
        .filter(|problem| session.is_none_or(|known| known.kind != problem.kind));
    if let Some(problem) = problem {
        let now = (state.environment.clock)();
        let sentence = format!("This is from {}. {}", clock_time(&table.at, &now), problem);
        margin.show(ui, |ui| {
            if banner(ui, &sentence, "Try again") {
                commands.push(Command::Experiments(ExperimentsCommand::Refresh));
            }
        });
    } else if table.is_kept {
        let now = (state.environment.clock)();
        let text = format!(
            "As it was {}, kept on this computer. The server is being asked for what is new.",
            clock_time(&table.at, &now)
        );
        let margin = Frame::new().inner_margin(egui::Margin::symmetric(16, 6));
        margin.show(ui, |ui| {
            ui.label(Type::Small.text(text, Tokens::of(ui).muted));
        });
    } else if let Some(shortfall) = table.shortfall() {
        let sentence = format!("This list is incomplete. {shortfall}");
        margin.show(ui, |ui| {
            if banner(ui, &sentence, "Ask again") {
                commands.push(Command::Experiments(ExperimentsCommand::Refresh));
            }
        });
    } else if let Some(caution) = &table.caution {
        margin.show(ui, |ui| {
            if banner(ui, &format!("{caution}."), "See the status") {
                commands.push(Command::App(AppCommand::Go(Route::Status)));
            }
        });
    }
}
