//! Which server to sign in to.

use egui::Ui;

use super::{MissingAddress, ServerChoice, SignInPage};
use crate::{
    model::ServerAddress,
    state::{Command, SessionCommand, State},
    ui::{
        pages::sign_in::{MAX_SERVERS, error_ui},
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, Segment, segments_ui},
    },
};

impl SignInPage {
    pub(super) fn server_choice_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let tokens = Tokens::of(ui);
        ui.label(Type::Strong.text("Server", tokens.text));
        let mut choices = vec![
            Segment::new(ServerChoice::Production, "Production"),
            Segment::new(ServerChoice::Staging, "Staging"),
            Segment::new(ServerChoice::Other, "Other…"),
        ];
        if state.environment.demo.is_some() {
            choices.push(Segment::new(ServerChoice::Demo, "Demo"));
        }
        let width = ui.available_width();
        if let Some(place) = segments_ui(ui, self.place, &choices, Some(width)) {
            self.place = Some(place);
            self.complaint = None;
            self.missing_address = MissingAddress::No;
            // An error from another server does not concern this one.
            commands.push(Command::Session(SessionCommand::CancelSignIn));
        }
        if self.place == Some(ServerChoice::Other) {
            ui.add_space(4.0);
            self.address_ui(ui, state, commands);
            self.known_servers_ui(ui, state, commands);
        }
    }

    /// Draws the field for an address, with what is wrong with it.
    fn address_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let error = ServerAddress::parse(&self.address).err();
        let is_wanted = self.missing_address != MissingAddress::No && error.is_some();
        let field = Field::new("Address of the server", &mut self.address)
            .hint("https://…")
            .icon(Icon::GLOBE)
            .invalid(is_wanted)
            .size(ui.available_width(), size::LARGE)
            .show(ui);
        if self.missing_address == MissingAddress::Noticed {
            field.request_focus();
            self.missing_address = MissingAddress::Shown;
        }
        if field.changed() {
            self.withdraw_complaints(state, commands);
        }
        if let Some(error) = error
            && (is_wanted || !self.address.trim().is_empty())
        {
            error_ui(ui, &error.to_string());
        }
    }

    /// Draws the servers that were used before, each of which can be chosen or forgotten.
    fn known_servers_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let own = state.settings.servers.iter().filter(|server| {
            !matches!(
                server.as_str(),
                ServerAddress::PRODUCTION | ServerAddress::STAGING
            )
        });
        let own: Vec<ServerAddress> = own
            .filter_map(|server| ServerAddress::parse(server).ok())
            .collect();
        for server in own.into_iter().take(MAX_SERVERS) {
            let host = server.host_text();
            ui.horizontal(|ui| {
                let name = format!("Use {host}");
                if ui.add(Button::recommended(&host).named(&name)).clicked() {
                    server.as_str().clone_into(&mut self.address);
                    self.withdraw_complaints(state, commands);
                }
                let name = format!("Forget {host}");
                if ui.add(Button::quiet_icon(Icon::CROSS, &name)).clicked() {
                    commands.push(Command::Session(SessionCommand::ForgetServer(
                        server.clone(),
                    )));
                }
            });
        }
    }
}
