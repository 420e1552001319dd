//! The authenticator's statistics, for administrators: in a collapsed section, requested with address and key.

mod answer;
mod facts;

use egui::{Key, Label, Ui, Vec2};

use crate::{
    model::{AddressError, Secret, ServerAddress},
    state::{Command, Remote, Session, State, StatusCommand},
    ui::{
        question::Question,
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, Tick, card_ui},
    },
};

/// Whether the fields have been submitted.
#[derive(Default, PartialEq, Eq)]
enum Form {
    /// Not yet: the last answer was about other values and no longer counts.
    #[default]
    Edited,
    /// Yes: a problem in the last answer is about these values.
    Asked,
}

/// What the card remembers between frames.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent section or question"
)]
#[derive(Default)]
pub(super) struct StatisticsCard {
    is_open: bool,
    shows_raw: bool,
    address: String,
    key: String,
    keeps: bool,
    form: Form,
    find: String,
    complaint: Option<String>,
    /// Whether the question about the key is open.
    asks_to_forget: bool,
    /// The session in which all this was entered; another one begins with an empty card.
    session: u64,
}

impl StatisticsCard {
    pub(super) fn statistics_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        session: &Session,
        commands: &mut Vec<Command>,
    ) {
        if self.session != session.number() {
            *self = Self {
                session: session.number(),
                ..Self::default()
            };
        }
        let icon = if self.is_open {
            Icon::CHEVRON_DOWN
        } else {
            Icon::CHEVRON_RIGHT
        };
        let fold = Button::quiet("Authenticator statistics, for administrators").with_icon(icon);
        let fold = ui.add(fold);
        if fold.clicked() {
            self.is_open = !self.is_open;
            // The card is below the end of most windows.
            if self.is_open {
                fold.scroll_to_me(Some(egui::Align::TOP));
            }
        }
        if !self.is_open {
            return;
        }
        card_ui(
            ui,
            Icon::SHIELD,
            "Statistics service",
            |_| {},
            |ui| {
                ui.spacing_mut().item_spacing = Vec2::splat(8.0);
                if self.form == Form::Asked && matches!(state.account.statistics, Remote::Ready(_))
                {
                    // The key has been used; the next person at this window must not find it.
                    self.key.clear();
                }
                self.question_ui(ui, state, session, commands);
                if let Some(statistics) = state.account.statistics.value() {
                    let now = (state.environment.clock)();
                    self.answer_ui(ui, statistics, session, &now);
                }
            },
        );
    }

    fn question_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        session: &Session,
        commands: &mut Vec<Command>,
    ) {
        let tokens = Tokens::of(ui);
        let text = "The administrators of Fragalysis provide the address and the key. The key is sent to that address only. Some services do not need a key.";
        ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
        let width = ui.available_width();
        let address = Field::new("Address of the statistics", &mut self.address)
            .hint("https://…")
            .icon(Icon::GLOBE)
            .size(width, size::CONTROL)
            .show(ui);
        self.known_addresses_ui(ui, state, session);
        let is_busy = state.account.statistics.is_loading();
        let busy = is_busy.then_some("Waiting for the service");
        ui.horizontal(|ui| {
            let key = Field::new("Key of the statistics", &mut self.key)
                .hint("Key")
                .icon(Icon::KEY)
                .size((width - 78.0).max(120.0), size::CONTROL)
                .masked(true)
                .show(ui);
            let ask = Button::plain("Load")
                .width(70.0)
                .named("Load statistics")
                .disabled_because(busy);
            if address.changed() || key.changed() {
                self.form = Form::Edited;
                self.complaint = None;
            }
            let is_entered = (address.lost_focus() || key.lost_focus())
                && ui.input(|input| input.key_pressed(Key::Enter));
            if ui.add(ask).clicked() || (is_entered && busy.is_none()) {
                self.ask(commands);
            }
        });
        ui.horizontal(|ui| {
            let keep = Tick::new("Save the key in this computer's keychain", self.keeps);
            if ui.add(keep).clicked() {
                self.keeps = !self.keeps;
            }
            self.saved_key_ui(ui, state, busy, commands);
        });
        let problem = state.account.statistics.problem();
        let problem = problem.filter(|_| self.form == Form::Asked);
        let problem = problem.map(ToString::to_string);
        if let Some(complaint) = self.complaint.clone().or(problem) {
            ui.add(Label::new(Type::Small.text(complaint, tokens.err)).wrap());
        }
    }

    /// Draws what the keychain has for the address.
    fn saved_key_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        busy: Option<&'static str>,
        commands: &mut Vec<Command>,
    ) {
        let Ok(address) = self.address() else {
            return;
        };
        if !state.settings.statistics_keys.contains(address.as_str()) {
            return;
        }
        if ui
            .add(Button::recommended("Use saved key").disabled_because(busy))
            .clicked()
        {
            self.form = Form::Asked;
            commands.push(Command::Status(StatusCommand::LoadStatisticsWithSavedKey(
                address.clone(),
            )));
        }
        self.asks_to_forget |= ui.add(Button::danger("Forget the key")).clicked();
        if !self.asks_to_forget {
            return;
        }
        let question = Question {
            id: "forget a key",
            title: "Forget this key?",
            text: "It is removed from the keychain. To load statistics again you need the key.",
            yes: "Yes, forget it",
            no: "Keep it",
        };
        let answer = question.question_ui(ui);
        if answer == Some(true) {
            commands.push(Command::Status(StatusCommand::ForgetStatisticsKey(address)));
        }
        self.asks_to_forget = answer.is_none();
    }

    /// Draws the known addresses, so that the user need not remember them.
    fn known_addresses_ui(&mut self, ui: &mut Ui, state: &State, session: &Session) {
        let kept = state.settings.statistics_keys.iter();
        let mut known: Vec<ServerAddress> = kept
            .filter_map(|address| ServerAddress::parse(address).ok())
            .collect();
        let demo = state.environment.demo.as_ref();
        let demo = demo.filter(|demo| demo.address == session.server);
        known.extend(demo.map(|demo| demo.statistics.clone()));
        known.retain(|address| self.address().ok().as_ref() != Some(address));
        if known.is_empty() {
            return;
        }
        ui.horizontal_wrapped(|ui| {
            ui.label(Type::Small.text("Known services:", Tokens::of(ui).muted));
            for address in known {
                let host = address.host_text();
                let name = format!("Use {host} for the statistics");
                if ui.add(Button::recommended(&host).named(&name)).clicked() {
                    address.as_str().clone_into(&mut self.address);
                    if let Some(demo) = demo.filter(|demo| demo.statistics == address) {
                        demo.statistics_key.clone_into(&mut self.key);
                    }
                }
            }
        });
    }

    fn address(&self) -> Result<ServerAddress, AddressError> {
        // The documentation prints one slash too many, and people copy it.
        ServerAddress::parse(&self.address.replace(":///", "://"))
    }

    fn ask(&mut self, commands: &mut Vec<Command>) {
        match self.address() {
            Ok(address) => {
                self.complaint = None;
                self.form = Form::Asked;
                let key = Secret::typed(&self.key);
                commands.push(Command::Status(StatusCommand::LoadStatistics {
                    address,
                    keeps: self.keeps && !key.expose().is_empty(),
                    key,
                }));
            }
            Err(AddressError::Empty) => {
                let text = "Enter the address of the statistics service";
                self.complaint = Some(text.to_owned());
            }
            Err(error) => self.complaint = Some(error.to_string()),
        }
    }
}
