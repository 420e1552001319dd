//! What this program is, whose it is, and whether there is a newer one.

use egui::{Label, Ui};

use crate::{
    state::{Command, Remote, SettingsCommand, State},
    ui::{
        actions::What,
        theme::{Icon, Tokens, Type},
        widgets::{Button, Tick, card, fact},
    },
};

/// What this program is, and whose. Gives back what is to be opened over the page.
pub(super) fn card_of(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) -> Option<What> {
    let tokens = Tokens::of(ui);
    let mut opens = None;
    card(
        ui,
        Icon::INFO,
        "About",
        |_| {},
        |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            fact(
                ui,
                "Program",
                concat!("Fragalysis Desktop ", env!("CARGO_PKG_VERSION")),
            );
            fact(ui, "Built for", env!("BUILD_TARGET"));
            fact(ui, "Built from", env!("BUILD_COMMIT"));
            fact(ui, "Built with", env!("BUILD_COMPILER"));
            fact(ui, "Drawn by", state.environment.renderer);
            let settings = state.environment.folders.config.display().to_string();
            fact(ui, "Settings in", &settings);
            ui.add_space(8.0);
            releases(ui, state, commands);
            ui.add_space(8.0);
            let text = "Free software under the MIT licence. Typefaces: Inter (SIL Open Font License 1.1) and JetBrains Mono (Apache License 2.0), icons: Lucide (ISC licence). Fragalysis is a service of XChem at Diamond Light Source; this program is not made by them.";
            ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
            ui.add_space(6.0);
            if ui.add(Button::plain("Third-party licences")).clicked() {
                opens = Some(What::Licences);
            }
        },
    );
    opens
}

/// Whether there is a newer release, for those who want to know.
fn releases(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    if state.environment.releases.is_none() {
        let text = "Update checks are not configured in this build.";
        ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
        return;
    }
    let is_allowed = state.settings.looks_for_releases;
    let tick = Tick::new("Look for a newer release at every start", is_allowed);
    if ui.add(tick).clicked() {
        commands.push(Command::Settings(SettingsCommand::AllowReleaseCheck(
            !is_allowed,
        )));
    }
    let text = match (state.newer_release(), &state.desktop.release) {
        (Some(release), _) => format!("Version {} is out.", release.version),
        (None, Remote::Ready(_)) => "This is the newest release.".to_owned(),
        (None, Remote::Loading { .. }) => "Checking…".to_owned(),
        (None, Remote::Failed { problem, .. }) => {
            format!("It could not be looked up. {}.", problem.message)
        }
        (None, Remote::NotRequested) => "It only tells; nothing is installed by itself.".to_owned(),
    };
    ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
}
