//! The network settings: proxy and certificate authorities.

use egui::{Label, Ui};

use crate::{
    model::{ProxyAddress, ProxyChoice, Secret},
    state::{Command, SettingsCommand, State},
    ui::{
        dialogs::{FilePicker, Picked},
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, Segment, card_ui, segments_ui},
    },
};

/// The kinds of proxy settings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    System,
    None,
    Own,
}

/// What the card remembers between frames.
#[derive(Default)]
pub(super) struct NetworkCard {
    /// The kind that was clicked; a custom proxy applies only once it has been filled in.
    kind: Option<Kind>,
    fields: Option<Fields>,
    picker: FilePicker,
    /// A path that is typed because no dialog can open.
    typed: Option<String>,
}

#[derive(Default)]
struct Fields {
    address: String,
    user: String,
    password: String,
}

impl NetworkCard {
    pub(super) fn network_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        card_ui(
            ui,
            Icon::GLOBE,
            "Network",
            |_| {},
            |ui| {
                self.proxy_ui(ui, state, commands);
                ui.add_space(4.0);
                self.authorities_ui(ui, state, commands);
            },
        );
    }

    fn proxy_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        ui.label(Type::Body.text("Proxy", tokens.text));
        let set = match &state.settings.proxy {
            ProxyChoice::System => Kind::System,
            ProxyChoice::None => Kind::None,
            ProxyChoice::Own { .. } => Kind::Own,
        };
        let choices = [
            Segment::new(Kind::System, "Match system"),
            Segment::new(Kind::None, "None"),
            Segment::new(Kind::Own, "Custom"),
        ];
        let kind = self.kind.unwrap_or(set);
        if let Some(kind) = segments_ui(ui, Some(kind), &choices, None) {
            self.kind = (kind == Kind::Own).then_some(kind);
            let proxy = match kind {
                Kind::System => Some(ProxyChoice::System),
                Kind::None => Some(ProxyChoice::None),
                Kind::Own => None,
            };
            commands.extend(proxy.map(|proxy| {
                Command::Settings(SettingsCommand::SetProxy {
                    proxy,
                    password: None,
                })
            }));
        }
        if kind == Kind::Own {
            self.custom_proxy_ui(ui, state, commands);
        }
        let note = "Most institutes do not need this. Connections to this computer itself never use the proxy.";
        ui.add(Label::new(Type::Small.text(note, tokens.muted)).wrap());
    }

    fn custom_proxy_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        let fields = self
            .fields
            .get_or_insert_with(|| match &state.settings.proxy {
                ProxyChoice::Own { address, user } => Fields {
                    address: address.as_str().to_owned(),
                    user: user.clone().unwrap_or_default(),
                    password: String::new(),
                },
                ProxyChoice::System | ProxyChoice::None => Fields::default(),
            });
        let wide = ui.available_width().min(420.0);
        Field::new("Address of the proxy", &mut fields.address)
            .hint("http://proxy.example.org:8080")
            .size(wide, size::CONTROL)
            .show(ui);
        ui.horizontal(|ui| {
            let half = (wide - 12.0) / 2.0;
            Field::new("User of the proxy", &mut fields.user)
                .hint("User name, if required")
                .size(half, size::CONTROL)
                .show(ui);
            Field::new("Password of the proxy", &mut fields.password)
                .hint("Password")
                .masked(true)
                .size(half, size::CONTROL)
                .show(ui);
        });
        let parsed = ProxyAddress::parse(&fields.address);
        let refusal = parsed.as_ref().err().map(ToString::to_string);
        if let Some(refusal) = refusal.as_ref().filter(|_| !fields.address.is_empty()) {
            ui.add(Label::new(Type::Small.text(refusal.as_str(), tokens.err)).wrap());
        }
        let button = Button::plain("Use this proxy").disabled_because(refusal.as_deref());
        if ui.add(button).clicked()
            && let Ok(address) = parsed
        {
            let user = Some(fields.user.trim().to_owned()).filter(|user| !user.is_empty());
            let password = std::mem::take(&mut fields.password);
            commands.push(Command::Settings(SettingsCommand::SetProxy {
                proxy: ProxyChoice::Own { address, user },
                password: (!password.is_empty()).then(|| Secret::new(password)),
            }));
            self.kind = None;
        }
        let note = "The password is stored in this computer's keychain, never in a file.";
        ui.add(Label::new(Type::Small.text(note, tokens.muted)).wrap());
    }

    fn authorities_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        match self.picker.poll() {
            Some(Picked::Path(path)) => commands.push(Command::Settings(
                SettingsCommand::SetAuthorities(Some(path)),
            )),
            Some(Picked::Unavailable) => self.typed = Some(String::new()),
            Some(Picked::Cancelled) | None => {}
        }
        ui.label(Type::Body.text("Certificate authority of your institute", tokens.text));
        let set = state.settings.authorities.as_ref();
        let words = set.map_or_else(
            || "None; those of the system are used.".to_owned(),
            |path| path.display().to_string(),
        );
        ui.add(Label::new(Type::Small.text(words, tokens.muted)).wrap());
        ui.horizontal(|ui| {
            if ui.add(Button::plain("Choose a certificate…")).clicked() {
                let folder = &state.environment.folders.downloads;
                self.picker
                    .open_to_read(ui.ctx(), "Certificate authority", folder);
            }
            if set.is_some() && ui.add(Button::quiet("Stop trusting")).clicked() {
                commands.push(Command::Settings(SettingsCommand::SetAuthorities(None)));
            }
        });
        if let Some(typed) = &mut self.typed {
            ui.horizontal(|ui| {
                Field::new("File with the certificate", typed)
                    .hint("Full path of the file")
                    .size(320.0, size::CONTROL)
                    .show(ui);
                let path = std::path::PathBuf::from(typed.trim());
                let refusal = path
                    .is_relative()
                    .then_some("Enter the full path of the file");
                if ui
                    .add(Button::plain("Use this file").disabled_because(refusal))
                    .clicked()
                {
                    commands.push(Command::Settings(SettingsCommand::SetAuthorities(Some(
                        path,
                    ))));
                }
            });
        }
    }
}
