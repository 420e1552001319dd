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
        actions::What,
        dialogs::{FilePicker, Picked, UNAVAILABLE},
        over_the_page,
        question::Question,
        shell::page_head,
        text_size::{self, STEP},
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, Segment, card, segments},
    },
};

/// A column is not wider than this: lines stay readable.
const COLUMN: f32 = 640.0;
/// From this width on there are two columns.
const TWO_COLUMNS: f32 = 980.0;

/// What the page remembers between frames.
#[derive(Default)]
pub(crate) struct SettingsPage {
    picker: FilePicker,
    picker_note: Option<&'static str>,
    folder: Option<String>,
    transfers: Transfers,
    network: NetworkCard,
    /// The button for forgetting was pressed once.
    asks_to_forget: bool,
}

impl SettingsPage {
    /// Draws the page. Gives back what is to be opened over it.
    pub(crate) fn show(
        &mut self,
        ui: &mut Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) -> Option<What> {
        let tokens = Tokens::of(ui);
        let mut opens = None;
        page_head(ui, "Settings", |_| {});
        let margin = Margin::symmetric(size::PAGE_MARGIN, 16);
        CentralPanel::no_frame()
            .frame(Frame::new().fill(tokens.app))
            .show(ui, |ui| {
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                    Frame::new().inner_margin(margin).show(ui, |ui| {
                        ui.spacing_mut().item_spacing = Vec2::splat(12.0);
                        let wide = ui.available_width();
                        if wide < TWO_COLUMNS {
                            ui.set_max_width(wide.min(COLUMN));
                            self.work(ui, state, commands);
                            opens = self.rest(ui, state, commands);
                            return;
                        }
                        ui.set_max_width(wide.min(2.0 * COLUMN + 12.0));
                        ui.columns(2, |columns| {
                            if let [left, right] = columns {
                                // Columns come justified, which pulls the words of a line apart.
                                let plain = Layout::top_down(Align::Min);
                                left.with_layout(plain, |ui| self.work(ui, state, commands));
                                right.with_layout(plain, |ui| {
                                    opens = self.rest(ui, state, commands);
                                });
                            }
                        });
                    });
                });
            });
        opens
    }

    /// Shows the way to servers over the page: who cannot get through has no page of settings yet. False when it is
    /// to be closed.
    pub(crate) fn network_window(
        &mut self,
        ui: &Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) -> bool {
        let room = ui.ctx().content_rect().size() - Vec2::splat(48.0);
        let mut stays = true;
        let place = (Align2::CENTER_CENTER, Vec2::ZERO);
        let leaves = over_the_page(ui, "network", place, Margin::same(16), |ui| {
            ui.set_width(520.0_f32.min(room.x));
            ui.spacing_mut().item_spacing = Vec2::splat(12.0);
            let height = room.y - 80.0;
            ScrollArea::vertical().max_height(height).show(ui, |ui| {
                self.network.show(ui, state, commands);
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                stays = !ui.add(Button::plain("Close")).clicked();
            });
        });
        stays && !leaves
    }

    /// How the window looks, and how it works with servers.
    fn work(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        appearance(ui, state, commands);
        self.folder(ui, state, commands);
        self.transfers.show(ui, state, commands);
        self.network.show(ui, state, commands);
    }

    /// What there is to know. Gives back what is to be opened over the page.
    fn rest(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) -> Option<What> {
        self.traces(ui, state, commands);
        let opens = help(ui, state, commands);
        about::card_of(ui, state, commands).or(opens)
    }

    fn folder(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        match self.picker.poll() {
            Some(Picked::Folder(folder)) => {
                self.folder = None;
                self.picker_note = None;
                commands.push(Command::Settings(SettingsCommand::SetDownloadFolder(
                    folder,
                )));
            }
            Some(Picked::Unavailable) => {
                self.picker_note = Some(UNAVAILABLE);
            }
            Some(Picked::Nothing) | None => {}
        }
        card(
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
                        .button(ui, "Download folder", state.download_folder());
                });
                let typed = self
                    .folder
                    .as_ref()
                    .map(|text| std::path::PathBuf::from(text.trim()));
                if let Some(folder) = typed {
                    let relative = folder
                        .is_relative()
                        .then_some("Give the folder with its whole path, from the beginning");
                    if ui
                        .add(Button::plain("Use this folder").refused(relative))
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
                    .unwrap_or("Each download makes a folder of its own in it.");
                ui.label(Type::Small.text(note, tokens.muted));
            },
        );
    }
}

impl SettingsPage {
    fn traces(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        let traces = state.traces();
        let lines = [
            plural(
                traces.tokens,
                "token in the keychain",
                "tokens in the keychain",
            ),
            plural(
                traces.keys,
                "key of statistics in the keychain",
                "keys of statistics in the keychain",
            ),
            plural(
                traces.servers,
                "server that was used, with its tables",
                "servers that were used, with their tables",
            ),
            plural(
                traces.downloads,
                "download that is over",
                "downloads that are over",
            ),
            plural(traces.folders, "folder with data", "folders with data"),
        ];
        card(
            ui,
            Icon::CLOCK,
            "What this computer remembers",
            |_| {},
            |ui| {
                for line in &lines {
                    ui.label(Type::Body.text(line.as_str(), tokens.text));
                }
                ui.horizontal(|ui| {
                    self.asks_to_forget |= ui.add(Button::plain("Forget all of it…")).clicked();
                });
                let note = "What you have downloaded stays where it is, and so do these settings. You stay signed in until the program is closed.";
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
        let answer = question.ask(ui);
        if answer == Some(true) {
            commands.push(Command::Settings(SettingsCommand::ForgetStoredData));
        }
        self.asks_to_forget = answer.is_none();
    }
}

fn appearance(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    card(
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
            if let Some(theme) = segments(ui, Some(state.settings.theme), &choices, None) {
                commands.push(Command::Settings(SettingsCommand::SetTheme(theme)));
            }
            size_of_text(ui, state, commands);
        },
    );
}

fn size_of_text(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    let (wanted, most) = (state.settings.text_size, text_size::most(ui.ctx()));
    let size = wanted.min(most);
    let mut change = None;
    ui.horizontal_wrapped(|ui| {
        ui.label(Type::Body.text("Size of text and controls", tokens.text));
        let least = (size <= SMALLEST_TEXT).then_some("Already the smallest size");
        if ui
            .add(Button::icon(Icon::MINUS, "Smaller text").refused(least))
            .clicked()
        {
            change = Some(wanted - STEP);
        }
        ui.label(Type::Strong.text(text_size::words(size), tokens.text));
        let refusal = if size >= LARGEST_TEXT {
            Some("Already the largest size")
        } else {
            (size + STEP > most + 0.001).then_some("This window has no room for larger text")
        };
        if ui
            .add(Button::icon(Icon::PLUS, "Larger text").refused(refusal))
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

fn help(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) -> Option<What> {
    let tokens = Tokens::of(ui);
    let mut opens = None;
    card(
        ui,
        Icon::HELP,
        "Help",
        |_| {},
        |ui| {
            ui.horizontal_wrapped(|ui| {
                if ui.add(Button::plain("Keyboard shortcuts")).clicked() {
                    opens = Some(What::Keys);
                }
                if ui
                    .add(Button::plain("Show the log").with_icon(Icon::FILE_TEXT))
                    .clicked()
                {
                    opens = Some(What::Log);
                }
                let report = Button::plain("Copy a report for support").with_icon(Icon::COPY);
                if ui.add(report).clicked() {
                    commands.push(Command::App(AppCommand::CopyReport));
                }
                let folder = Button::plain("Open the folder of the log").with_icon(Icon::FOLDER);
                if ui.add(folder).clicked() {
                    commands.push(Command::App(AppCommand::OpenFolder(
                        state.environment.folders.logs(),
                    )));
                }
            });
            let note = "The report says which version this is, what it runs on and what went wrong last. It holds no token and no name.";
            ui.add(Label::new(Type::Small.text(note, tokens.muted)).wrap());
        },
    );
    opens
}
