//! Commands that are available everywhere. The command palette, the keyboard shortcuts and the list of shortcuts are
//! all built from this list.

use egui::{Key, KeyboardShortcut, Modifiers};

use super::{glossary::terms, text_size::STEP};
use crate::{
    state::{
        AppCommand, Command, ExperimentsCommand, Route, SessionCommand, SettingsCommand, State,
        StatusCommand, TableCommand,
    },
    store::Theme,
    table::{Subject, built_in_views},
};

/// A command that is available everywhere.
pub(super) struct Action {
    pub(super) name: String,
    pub(super) keys: Option<KeyboardShortcut>,
    pub(super) what: ActionKind,
}

/// What an action does.
#[derive(Clone)]
pub(super) enum ActionKind {
    /// Send a command to the state.
    Command(Box<Command>),
    /// Open the list of all actions.
    Palette,
    /// Open the list of keyboard shortcuts.
    Keys,
    /// Explain a word of the field; an empty one means all of them.
    Glossary(&'static str),
    /// Open the log.
    Log,
    /// Open the network settings; available before signing in.
    Network,
    /// Open the third-party licences.
    Licences,
    /// Open the download dialog for what is shown or selected.
    Download,
    /// Focus the search field of the table.
    Find,
    /// Show or hide the pane with the details.
    Details,
    /// Show or hide the plot.
    Plot,
}

impl ActionKind {
    /// Returns `true` for what changes the size of the text.
    fn is_text_size(&self) -> bool {
        matches!(self, Self::Command(command)
            if matches!(**command, Command::Settings(SettingsCommand::SetTextSize(_))))
    }
}

/// The shortcut of an action; `None` if it has none.
struct Keys(Option<KeyboardShortcut>);

impl From<(Modifiers, Key)> for Keys {
    fn from((modifiers, key): (Modifiers, Key)) -> Self {
        Self(Some(KeyboardShortcut::new(modifiers, key)))
    }
}

impl From<()> for Keys {
    fn from((): ()) -> Self {
        Self(None)
    }
}

impl Action {
    fn new(name: impl Into<String>, keys: impl Into<Keys>, what: ActionKind) -> Self {
        Self {
            name: name.into(),
            keys: keys.into().0,
            what,
        }
    }
}

fn request(name: impl Into<String>, keys: impl Into<Keys>, command: Command) -> Action {
    Action::new(name, keys, ActionKind::Command(Box::new(command)))
}

/// Returns the actions that are available now.
pub(super) fn actions(state: &State) -> Vec<Action> {
    let mut all = vec![
        Action::new(
            "All commands",
            (Modifiers::COMMAND, Key::K),
            ActionKind::Palette,
        ),
        Action::new(
            "Keyboard shortcuts",
            (Modifiers::NONE, Key::F1),
            ActionKind::Keys,
        ),
    ];
    if !state.is_signing_in() {
        all.extend(navigation_actions(state));
    }
    all.extend(window_actions(state));
    // Last, so that commands come before words in the palette.
    all.push(Action::new("Glossary", (), ActionKind::Glossary("")));
    let words = terms().map(|term| {
        let name = format!("Glossary: {term}");
        Action::new(name, (), ActionKind::Glossary(term))
    });
    all.extend(words);
    all
}

fn experiments_actions() -> [Action; 5] {
    let undo = Modifiers::COMMAND;
    [
        request(
            "Reload experiments",
            (Modifiers::NONE, Key::F5),
            Command::Experiments(ExperimentsCommand::Refresh),
        ),
        request("Reload status", (), Command::Status(StatusCommand::Refresh)),
        request(
            "Undo the last change to the table",
            (undo, Key::Z),
            Command::Table(TableCommand::Undo),
        ),
        request(
            "Redo the last change to the table",
            (undo | Modifiers::SHIFT, Key::Z),
            Command::Table(TableCommand::Redo),
        ),
        request(
            "Show all targets",
            (),
            Command::Table(TableCommand::ShowTarget(None)),
        ),
    ]
}

fn navigation_actions(state: &State) -> Vec<Action> {
    let pages = [Key::Num1, Key::Num2, Key::Num3, Key::Num4];
    let pages = Route::ALL.into_iter().zip(pages).map(|(route, key)| {
        let name = format!("Go to {}", route.label());
        request(
            name,
            (Modifiers::COMMAND, key),
            Command::App(AppCommand::Go(route)),
        )
    });
    let mut all: Vec<Action> = pages.collect();
    all.extend([
        Action::new(
            "Download…",
            (Modifiers::COMMAND, Key::D),
            ActionKind::Download,
        ),
        Action::new(
            "Find in the table",
            (Modifiers::COMMAND, Key::F),
            ActionKind::Find,
        ),
        Action::new(
            "Show or hide the details",
            (Modifiers::COMMAND, Key::I),
            ActionKind::Details,
        ),
        Action::new(
            "Show or hide the plot",
            (Modifiers::COMMAND, Key::P),
            ActionKind::Plot,
        ),
    ]);
    all.extend(experiments_actions());
    all.extend(table_actions(state));
    all.extend(state.experiments.targets().iter().map(|target| {
        let name = format!("Show {}", target.key);
        request(
            name,
            (),
            Command::Table(TableCommand::ShowTarget(Some(target.key.clone()))),
        )
    }));
    all.extend(session_actions(state));
    all
}

/// Returns the actions that choose rows and views.
fn table_actions(state: &State) -> Vec<Action> {
    let experiments = &state.experiments;
    let other = match experiments.subject {
        Subject::Experiments => ("Show hits", Subject::Hits),
        Subject::Hits => ("Show experiments", Subject::Experiments),
    };
    let mut all = vec![request(
        other.0,
        (),
        Command::Table(TableCommand::ShowRows(other.1)),
    )];
    if experiments.can_show_starred() {
        all.push(request(
            "Show only starred experiments",
            (),
            Command::Table(TableCommand::only_starred()),
        ));
    }
    let built_in = built_in_views(experiments.subject).iter();
    let built_in = built_in.map(|(name, _)| (*name, TableCommand::UseBuiltIn(name)));
    let own = state.settings.views.iter();
    let own = own.map(|(name, layout)| (name.as_str(), TableCommand::UseView(layout.clone())));
    all.extend(built_in.chain(own).map(|(name, command)| {
        request(format!("Use the view {name}"), (), Command::Table(command))
    }));
    all
}

fn session_actions(state: &State) -> Vec<Action> {
    let folder = state.download_folder().to_owned();
    let mut all = vec![
        request(
            "Open the download folder",
            (),
            Command::App(AppCommand::OpenFolder(folder)),
        ),
        request(
            "Switch account…",
            (),
            Command::Session(SessionCommand::SignInAgain),
        ),
    ];
    if let Some(session) = state.session() {
        let server = session.server.clone();
        all.push(request(
            "Open Fragalysis in the browser",
            (),
            Command::App(AppCommand::OpenServer(server)),
        ));
    }
    // As in the user menu: not while downloads are under way.
    if state.downloads.running() == 0 {
        all.push(request(
            "Sign out",
            (),
            Command::Session(SessionCommand::SignOut),
        ));
    }
    all
}

fn window_actions(state: &State) -> Vec<Action> {
    let size = state.settings.text_size;
    let modifier = Modifiers::COMMAND;
    vec![
        request(
            "New window",
            (modifier, Key::N),
            Command::App(AppCommand::NewWindow),
        ),
        Action::new("Show the log", (), ActionKind::Log),
        Action::new("Network settings", (), ActionKind::Network),
        Action::new("Third-party licences", (), ActionKind::Licences),
        request(
            "Copy a report for support",
            (),
            Command::App(AppCommand::CopyReport),
        ),
        request(
            "Larger text",
            (modifier, Key::Plus),
            Command::Settings(SettingsCommand::SetTextSize(size + STEP)),
        ),
        request(
            "Smaller text",
            (modifier, Key::Minus),
            Command::Settings(SettingsCommand::SetTextSize(size - STEP)),
        ),
        request(
            "Reset text size",
            (modifier, Key::Num0),
            Command::Settings(SettingsCommand::SetTextSize(1.0)),
        ),
        request(
            "Light theme",
            (),
            Command::Settings(SettingsCommand::SetTheme(Theme::Light)),
        ),
        request(
            "Dark theme",
            (),
            Command::Settings(SettingsCommand::SetTheme(Theme::Dark)),
        ),
        request(
            "Use system theme",
            (),
            Command::Settings(SettingsCommand::SetTheme(Theme::System)),
        ),
    ]
}

/// Consumes the shortcuts that were pressed and returns their actions; a slow frame may have several. An open dialog
/// takes all of them but those of the text size.
pub(super) fn pressed_actions(
    ui: &egui::Ui,
    state: &State,
    is_dialog_open: bool,
) -> Vec<ActionKind> {
    // Most frames have no key press; then the list is not built.
    let has_key = ui.input(|input| {
        let is_press =
            |event: &egui::Event| matches!(event, egui::Event::Key { pressed: true, .. });
        input.events.iter().any(is_press)
    });
    if !has_key {
        return Vec::new();
    }
    // In a text field, undo belongs to the field.
    let is_typing = ui.ctx().text_edit_focused();
    let is_of_text = |keys: &KeyboardShortcut| is_typing && keys.logical_key == Key::Z;
    let mut all = actions(state);
    all.retain(|action| !is_dialog_open || action.what.is_text_size());
    // A shortcut also consumes the same key with Shift, so those with Shift come first.
    all.sort_by_key(|action| action.keys.is_none_or(|keys| !keys.modifiers.shift));
    let mut found: Vec<ActionKind> = all
        .into_iter()
        .filter_map(|action| Some((action.keys?, action.what)))
        .filter(|(keys, _)| !is_of_text(keys))
        .filter(|(keys, _)| ui.input_mut(|input| input.consume_shortcut(keys)))
        .map(|(_, what)| what)
        .collect();
    let redoes = !is_typing
        && !is_dialog_open
        && ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Y));
    if redoes && !state.is_signing_in() {
        found.push(ActionKind::Command(Box::new(Command::Table(
            TableCommand::Redo,
        ))));
    }
    // On many keyboards the plus is the key of "equals".
    let is_plus = ui.input_mut(|input| {
        input.consume_key(Modifiers::COMMAND, Key::Equals)
            || input.consume_key(Modifiers::COMMAND | Modifiers::SHIFT, Key::Plus)
    });
    if is_plus {
        let larger = Command::Settings(SettingsCommand::SetTextSize(
            state.settings.text_size + STEP,
        ));
        found.push(ActionKind::Command(Box::new(larger)));
    }
    found
}
