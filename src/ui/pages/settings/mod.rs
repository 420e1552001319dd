//! Settings and "About".

mod about;
mod network;
mod transfers;

use egui::{Align, Align2, CentralPanel, Frame, Label, Layout, Margin, ScrollArea, Ui, Vec2};

use self::{network::NetworkCard, transfers::Transfers};
use crate::{
    model::plural,
    state::{AppCommand, Command, SettingsCommand, State},
    store::{LARGEST_TEXT, SMALLEST_TEXT, Theme},
    ui::{
        actions::ActionKind,
        dialogs::{FilePicker, Picked, UNAVAILABLE},
        modal_ui,
        question::Question,
        shell::{column_header_ui, page_column_ui},
        text_size::{self, STEP},
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, Segment, card_ui, segments_ui},
    },
};

/// Maximum width of a column, so that lines stay readable.
const COLUMN: f32 = 640.0;
/// Minimum width for two columns.
const TWO_COLUMNS: f32 = 980.0;

/// What the page remembers between frames.
#[derive(Default)]
pub(crate) struct SettingsPage {
    picker: FilePicker,
    picker_note: Option<&'static str>,
    folder: Option<String>,
    transfers: Transfers,
    network: NetworkCard,
    /// Whether the user is being asked to confirm that everything is forgotten.
    asks_to_forget: bool,
}

impl SettingsPage {
    /// Draws the page. Returns what is to be opened over it.
    pub(crate) fn page_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) -> Option<ActionKind> {
        let tokens = Tokens::of(ui);
        let mut opens = None;
        column_header_ui(ui, "Settings", |_| {});
        CentralPanel::no_frame()
            .frame(Frame::new().fill(tokens.app))
            .show(ui, |ui| {
                ScrollArea::vertical()
                    .id_salt("settings")
                    .auto_shrink(false)
                    .show(ui, |ui| {
                        page_column_ui(ui, |ui| {
                            ui.spacing_mut().item_spacing = Vec2::splat(12.0);
                            let wide = ui.available_width();
                            if wide < TWO_COLUMNS {
                                ui.set_max_width(wide.min(COLUMN));
                                self.settings_ui(ui, state, commands);
                                opens = self.information_ui(ui, state, commands);
                                return;
                            }
                            ui.set_max_width(wide.min(2.0 * COLUMN + 12.0));
                            ui.columns(2, |columns| {
                                if let [left, right] = columns {
                                    // Columns are justified by default, which pulls the words of a line apart.
                                    let plain = Layout::top_down(Align::Min);
                                    left.with_layout(plain, |ui| {
                                        self.settings_ui(ui, state, commands);
                                    });
                                    right.with_layout(plain, |ui| {
                                        opens = self.information_ui(ui, state, commands);
                                    });
                                }
                            });
                        });
                    });
            });
        opens
    }

    /// Shows the network settings over the page: a user who cannot connect has no settings page yet. Returns `false`
    /// if they are to be closed.
    pub(crate) fn network_window_ui(
        &mut self,
        ui: &Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) -> bool {
        let room = ui.ctx().content_rect().size() - Vec2::splat(48.0);
        let mut stays = true;
        let place = (Align2::CENTER_CENTER, Vec2::ZERO);
        let leaves = modal_ui(ui, "network", place, Margin::same(16), |ui| {
            ui.set_width(520.0_f32.min(room.x));
            ui.spacing_mut().item_spacing = Vec2::splat(12.0);
            let height = room.y - 80.0;
            ScrollArea::vertical().max_height(height).show(ui, |ui| {
                self.network.network_ui(ui, state, commands);
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                stays = !ui.add(Button::plain("Close")).clicked();
            });
        });
        stays && !leaves
    }

    /// Draws the settings of the window and of its work with servers.
    fn settings_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        appearance_ui(ui, state, commands);
        self.download_folder_ui(ui, state, commands);
        self.transfers.transfers_ui(ui, state, commands);
        self.network.network_ui(ui, state, commands);
    }

    /// Draws the information. Returns what is to be opened over the page.
    fn information_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) -> Option<ActionKind> {
        self.stored_data_ui(ui, state, commands);
        let opens = help_ui(ui, state, commands);
        about::about_ui(ui, state, commands).or(opens)
    }

    /// Uses the folder that was chosen in the system's dialog, if one was.
    fn take_picked(&mut self, commands: &mut Vec<Command>) {
        match self.picker.poll() {
            Some(Picked::Path(folder)) => {
                self.folder = None;
                self.picker_note = None;
                commands.push(Command::Settings(SettingsCommand::SetDownloadFolder(
                    folder,
                )));
            }
            Some(Picked::Unavailable) => self.picker_note = Some(UNAVAILABLE),
            Some(Picked::Cancelled) | None => {}
        }
    }

    fn download_folder_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        self.take_picked(commands);
        card_ui(
            ui,
            Icon::FOLDER,
            "Download folder",
            |_| {},
            |ui| {
                let mut text = self
                    .folder
                    .clone()
                    .unwrap_or_else(|| state.download_folder().display().to_string());
                ui.horizontal(|ui| {
                    let width = (ui.available_width() - 98.0).max(120.0);
                    let field = Field::new("Download folder", &mut text)
                        .size(width, size::CONTROL)
                        .show(ui);
                    if field.changed() {
                        self.folder = Some(text.clone());
                    }
                    self.picker
                        .choose_button_ui(ui, "Download folder", state.download_folder());
                });
                let typed = self
                    .folder
                    .as_ref()
                    .map(|text| std::path::PathBuf::from(text.trim()));
                if let Some(folder) = typed {
                    let relative = folder
                        .is_relative()
                        .then_some("Enter the full path of the folder");
                    if ui
                        .add(Button::plain("Use this folder").disabled_because(relative))
                        .clicked()
                    {
                        self.folder = None;
                        commands.push(Command::Settings(SettingsCommand::SetDownloadFolder(
                            folder,
                        )));
                    }
                }
                let note = self
                    .picker_note
                    .unwrap_or("Each download gets a folder of its own inside it.");
                ui.label(Type::Small.text(note, tokens.muted));
            },
        );
    }
}

/// Returns what is remembered, and how much of each; what there is none of is not worth a line.
fn stored_lines(state: &State) -> Vec<String> {
    let stored = state.stored_data();
    let (token, tokens) = ("token in the keychain", "tokens in the keychain");
    let key = "statistics key in the keychain";
    let (server, servers) = (
        "recent server, with its tables",
        "recent servers, with their tables",
    );
    [
        (stored.tokens, token, tokens),
        (stored.keys, key, "statistics keys in the keychain"),
        (stored.servers, server, servers),
        (stored.downloads, "ended download", "ended downloads"),
        (stored.folders, "data folder", "data folders"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, many)| plural(count, one, many))
    .collect()
}

impl SettingsPage {
    fn stored_data_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        let lines = stored_lines(state);
        card_ui(
            ui,
            Icon::CLOCK,
            "What this computer remembers",
            |_| {},
            |ui| {
                for line in &lines {
                    ui.label(Type::Body.text(line.as_str(), tokens.text));
                }
                if lines.is_empty() {
                    ui.label(Type::Body.text("Nothing yet.", tokens.muted));
                }
                ui.horizontal(|ui| {
                    self.asks_to_forget |= ui.add(Button::plain("Forget everything…")).clicked();
                });
                let note = "Downloaded data stays where it is, and so do these settings. You stay signed in until you close the program.";
                ui.add(Label::new(Type::Small.text(note, tokens.muted)).wrap());
            },
        );
        if !self.asks_to_forget {
            return;
        }
        let question = Question {
            id: "forget what is remembered",
            title: "Forget what this computer remembers?",
            text: "Tokens, tables, servers and lists are removed. What you have downloaded stays where it is.",
            yes: "Yes, forget it",
            no: "Keep it",
        };
        let answer = question.question_ui(ui);
        if answer == Some(true) {
            commands.push(Command::Settings(SettingsCommand::ForgetStoredData));
        }
        self.asks_to_forget = answer.is_none();
    }
}

fn appearance_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    card_ui(
        ui,
        Icon::SETTINGS,
        "Appearance",
        |_| {},
        |ui| {
            let choices = [
                Segment::new(Theme::System, "Match system"),
                Segment::new(Theme::Light, "Light"),
                Segment::new(Theme::Dark, "Dark"),
            ];
            if let Some(theme) = segments_ui(ui, Some(state.settings.theme), &choices, None) {
                commands.push(Command::Settings(SettingsCommand::SetTheme(theme)));
            }
            text_size_ui(ui, state, commands);
        },
    );
}

fn text_size_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    let (wanted, most) = (state.settings.text_size, text_size::largest_size(ui.ctx()));
    let size = wanted.min(most);
    let mut change = None;
    ui.horizontal_wrapped(|ui| {
        ui.label(Type::Body.text("Size of text and controls", tokens.text));
        let least = (size <= SMALLEST_TEXT).then_some("Already the smallest size");
        if ui
            .add(Button::icon(Icon::MINUS, "Smaller text").disabled_because(least))
            .clicked()
        {
            change = Some(wanted - STEP);
        }
        ui.label(Type::Strong.text(text_size::words(size), tokens.text));
        let refusal = if size >= LARGEST_TEXT {
            Some("Already the largest size")
        } else {
            (size + STEP > most + 0.001).then_some("Larger text does not fit in this window")
        };
        if ui
            .add(Button::icon(Icon::PLUS, "Larger text").disabled_because(refusal))
            .clicked()
        {
            change = Some(wanted + STEP);
        }
        if wanted > most {
            let more = format!("{} in a larger window", text_size::words(wanted));
            ui.label(Type::Small.text(more, tokens.muted));
        }
    });
    let ctx = ui.ctx();
    commands.extend(change.map(|size| text_size::command(ctx, wanted, size)));
}

fn help_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) -> Option<ActionKind> {
    let tokens = Tokens::of(ui);
    let mut opens = None;
    card_ui(
        ui,
        Icon::HELP,
        "Help",
        |_| {},
        |ui| {
            ui.horizontal_wrapped(|ui| {
                if ui.add(Button::plain("Keyboard shortcuts")).clicked() {
                    opens = Some(ActionKind::Keys);
                }
                if ui.add(Button::plain("Glossary")).clicked() {
                    opens = Some(ActionKind::Glossary(""));
                }
                if ui
                    .add(Button::plain("Show the log").with_icon(Icon::FILE_TEXT))
                    .clicked()
                {
                    opens = Some(ActionKind::Log);
                }
                let report = Button::plain("Copy a report for support").with_icon(Icon::COPY);
                if ui.add(report).clicked() {
                    commands.push(Command::App(AppCommand::CopyReport));
                }
                let folder = Button::plain("Open the log folder").with_icon(Icon::FOLDER);
                if ui.add(folder).clicked() {
                    commands.push(Command::App(AppCommand::OpenFolder(
                        state.environment.folders.logs(),
                    )));
                }
            });
            let note = "The report contains the version, the system and the latest errors. It contains no token and no user name.";
            ui.add(Label::new(Type::Small.text(note, tokens.muted)).wrap());
        },
    );
    opens
}
