//! About this program: version, licences, newer releases.

use egui::{Label, Ui};

use crate::{
    state::{Command, Remote, SettingsCommand, State},
    ui::{
        actions::ActionKind,
        theme::{Icon, Tokens, Type},
        widgets::{Button, Tick, card_ui, fact_ui},
    },
};

/// Draws the card about this program. Returns what is to be opened over the page.
pub(super) fn about_ui(
    ui: &mut Ui,
    state: &State,
    commands: &mut Vec<Command>,
) -> Option<ActionKind> {
    let tokens = Tokens::of(ui);
    let mut opens = None;
    card_ui(
        ui,
        Icon::INFO,
        "About",
        |_| {},
        |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            fact_ui(
                ui,
                "Program",
                concat!("Fragalysis Desktop ", env!("CARGO_PKG_VERSION")),
            );
            fact_ui(ui, "Renderer", state.environment.renderer);
            let settings = state.environment.folders.config.display().to_string();
            fact_ui(ui, "Settings folder", &settings);
            ui.add_space(8.0);
            releases_ui(ui, state, commands);
            ui.add_space(8.0);
            let text = "Free software under the MIT licence. Typefaces: Inter (SIL Open Font License 1.1) and JetBrains Mono (Apache License 2.0), icons: Lucide (ISC licence). Fragalysis is a service of XChem at Diamond Light Source; this program is independent of them.";
            ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
            ui.add_space(6.0);
            if ui.add(Button::plain("Third-party licences")).clicked() {
                opens = Some(ActionKind::Licences);
            }
        },
    );
    opens
}

/// Draws whether there is a newer release, if the user wants to know.
fn releases_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    if state.environment.releases.is_none() {
        let text = "Update checks are not configured in this build.";
        ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
        return;
    }
    let is_allowed = state.settings.looks_for_releases;
    let tick = Tick::new("Check for a newer release at every start", is_allowed);
    if ui.add(tick).clicked() {
        commands.push(Command::Settings(SettingsCommand::AllowReleaseCheck(
            !is_allowed,
        )));
    }
    let text = match (state.newer_release(), &state.desktop.release) {
        (Some(release), _) => format!("Version {} is available.", release.version),
        (None, Remote::Ready(_)) => "This is the latest release.".to_owned(),
        (None, Remote::Loading { .. }) => "Checking…".to_owned(),
        (None, Remote::Failed { problem, .. }) => {
            format!("The check failed. {}.", problem.message)
        }
        (None, Remote::NotRequested) => {
            "You are only notified; nothing is installed automatically.".to_owned()
        }
    };
    ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
}
