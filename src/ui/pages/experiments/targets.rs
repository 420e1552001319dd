//! The targets that the user may see: a pane, or a menu where the window is narrow.

use egui::{Align, Key, Layout, Modifiers, ScrollArea, Ui, Vec2};

use super::{
    target_menu::with_target_menu,
    target_rows::{all_targets_ui, row_ui},
};
use crate::{
    model::{Target, TargetKey, count_text, plural},
    state::{Command, State, StatusCommand, TableCommand},
    ui::{
        input::entered,
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, Segment, hairline_ui, segments_ui, shortened, width_of},
    },
};

/// Which targets the pane lists.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Listed {
    #[default]
    All,
    /// Those that only members see, and public ones of the user's own access strings.
    Mine,
    Open,
}

/// What the pane remembers between frames.
#[derive(Default)]
pub(super) struct TargetPane {
    find: String,
    listed: Listed,
    /// The recent targets as they are listed: the list must not move while one clicks in it.
    recent: Vec<TargetKey>,
    has_recent: bool,
    /// Whether the first target of the list is to take the focus.
    wants_list: bool,
}

impl TargetPane {
    /// Returns `true` if the target is to be listed: of the chosen kind, and a name of it contains what is searched for.
    fn lists(&self, target: &Target, state: &State) -> bool {
        let is_of_kind = match self.listed {
            Listed::All => true,
            Listed::Mine => target.open == Some(false) || state.is_member(&target.key.tas),
            Listed::Open => target.open == Some(true),
        };
        let (key, name) = (&target.key, &target.display_name);
        let words = format!("{} {name} {}", key.title, key.tas);
        is_of_kind
            && words
                .to_lowercase()
                .contains(&self.find.trim().to_lowercase())
    }

    /// Returns `true` if all targets are listed.
    fn lists_all(&self) -> bool {
        self.find.trim().is_empty() && self.listed == Listed::All
    }

    /// Draws the choice between all targets, private and public ones, where there are both.
    fn kinds_ui(&mut self, ui: &mut Ui, state: &State) {
        let has = |open| {
            let mut targets = state.experiments.targets().iter();
            targets.any(|target| target.open == Some(open))
        };
        if !(has(true) && has(false)) {
            self.listed = Listed::All;
            return;
        }
        let kinds = [
            Segment::new(Listed::All, "All"),
            Segment::new(Listed::Mine, "Mine"),
            Segment::new(Listed::Open, "Open"),
        ];
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            ui.add_space(12.0);
            let width = ui.available_width() - 12.0;
            if let Some(listed) = segments_ui(ui, Some(self.listed), &kinds, Some(width)) {
                self.listed = listed;
            }
        });
        ui.add_space(8.0);
        hairline_ui(ui);
    }
}

pub(super) fn target_pane_ui(
    ui: &mut Ui,
    pane: &mut TargetPane,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    find_ui(ui, pane, state, commands);
    hairline_ui(ui);
    pane.kinds_ui(ui, state);
    let foot = size::FOOTER;
    let height = (ui.available_height() - foot).max(0.0);
    ScrollArea::vertical()
        .max_height(height)
        .auto_shrink(false)
        .show(ui, |ui| {
            if !ui.rect_contains_pointer(ui.clip_rect()) || !pane.has_recent {
                pane.recent = recent(state);
                pane.has_recent = !state.experiments.is_partial();
            }
            let takes_focus = std::mem::take(&mut pane.wants_list);
            target_list_ui(ui, pane, takes_focus, state, commands);
        });
    hairline_ui(ui);
    ui.horizontal_centered(|ui| {
        ui.add_space(14.0);
        // Until a complete answer has arrived, their number is unknown.
        if !state.experiments.is_partial() {
            let all = state.experiments.targets();
            let count = plural(all.len(), "target", "targets");
            let found = all
                .iter()
                .filter(|target| pane.lists(target, state))
                .count();
            let count = if found == all.len() {
                count
            } else {
                format!("{} of {count}", count_text(found))
            };
            ui.label(Type::Small.text(count, tokens.muted));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(8.0);
                let missing = Button::quiet("One missing?").named("Why can't I see a target?");
                if width_of(ui, "One missing?", Type::Strong) + 12.0 <= ui.available_width()
                    && ui.add(missing).clicked()
                {
                    let missing = pane.find.trim().to_owned();
                    commands.push(Command::Status(StatusCommand::Ask(missing)));
                }
            });
        }
    });
}

/// Draws the search field of the pane.
fn find_ui(ui: &mut Ui, pane: &mut TargetPane, state: &State, commands: &mut Vec<Command>) {
    ui.allocate_ui(Vec2::new(ui.available_width(), size::TOP_BAR), |ui| {
        ui.horizontal_centered(|ui| {
            ui.set_min_height(size::TOP_BAR - 1.0);
            ui.add_space(12.0);
            let width = ui.available_width() - 12.0;
            let field = Field::new("Find a target", &mut pane.find)
                .hint("Find a target")
                .icon(Icon::SEARCH)
                .size(width, size::CONTROL)
                .show(ui);
            // Down goes on in the list.
            let down = Key::ArrowDown;
            if field.has_focus() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, down)) {
                pane.wants_list = true;
            }
            // Enter opens the first one that is found.
            if entered(ui, &field) && !pane.find.trim().is_empty() {
                let mut targets = state.experiments.targets().iter();
                if let Some(first) = targets.find(|target| pane.lists(target, state)) {
                    let first = TableCommand::ShowTarget(Some(first.key.clone()));
                    commands.push(Command::Table(first));
                }
                field.request_focus();
            }
        });
    });
}

/// Draws the list. If it takes the focus, its first target has it.
fn target_list_ui(
    ui: &mut Ui,
    pane: &TargetPane,
    takes_focus: bool,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let shown = state.experiments.view.target();
    let experiments = &state.experiments;
    let total = (!experiments.is_partial()).then(|| experiments.sheet().len());
    if all_targets_ui(ui, total, shown.is_none()).clicked() {
        commands.push(Command::Table(TableCommand::ShowTarget(None)));
    }
    // In a short list everything is visible anyway.
    if pane.lists_all() && state.experiments.targets().len() > MANY && !pane.recent.is_empty() {
        heading(ui, "Recent");
        for key in &pane.recent {
            let mut targets = state.experiments.targets().iter();
            if let Some(target) = targets.find(|target| target.key == *key) {
                let count = count_of(state, key);
                let row = row_ui(ui, target, &count, shown == Some(key));
                with_target_menu(&row, key, commands);
                if row.clicked() {
                    let target = Some(key.clone());
                    commands.push(Command::Table(TableCommand::ShowTarget(target)));
                }
            }
        }
        heading(ui, "All");
    }
    let mut found = 0;
    for target in state.experiments.targets() {
        if !pane.lists(target, state) {
            continue;
        }
        found += 1;
        let count = count_of(state, &target.key);
        let row = row_ui(ui, target, &count, shown == Some(&target.key));
        if takes_focus && found == 1 {
            row.request_focus();
        }
        with_target_menu(&row, &target.key, commands);
        if row.clicked() {
            commands.push(Command::Table(TableCommand::ShowTarget(Some(
                target.key.clone(),
            ))));
        }
    }
    if found == 0 && !pane.lists_all() {
        ui.add_space(12.0);
        ui.horizontal(|ui| {
            ui.add_space(14.0);
            ui.label(Type::Small.text("No target matches this text.", Tokens::of(ui).muted));
        });
    }
}

/// With more targets than this, the recent ones are also listed at the top.
const MANY: usize = 10;
/// Maximum number of recent targets at the top of the list.
const RECENT: usize = 3;

/// Returns the targets shown last, as many as are listed.
fn recent(state: &State) -> Vec<TargetKey> {
    let recent = state.recent_targets().into_iter();
    recent.take(RECENT).cloned().collect()
}

fn heading(ui: &mut Ui, text: &str) {
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.add_space(14.0);
        ui.label(Type::SmallHeading.text(text, Tokens::of(ui).muted));
    });
}

/// Width of the choice of rows, the search field, the five buttons beside it, and the margins of the button itself.
const TOOLS: f32 = 490.0;
/// The same where the tools have a line of their own.
const ROWS: f32 = 200.0;

/// Draws the same list as a menu under the title, which may be in a line apart from the tools.
pub(super) fn target_menu_ui(
    ui: &mut Ui,
    is_apart: bool,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let name = state
        .experiments
        .view
        .target()
        .map_or("All targets".to_owned(), ToString::to_string);
    // The tools beside it must not be covered. The title alone says more than the beginning of everything.
    let room = ui.available_width() - if is_apart { ROWS } else { TOOLS };
    let target = state.experiments.view.target();
    let shown = match target.filter(|_| width_of(ui, &name, Type::Strong) > room) {
        Some(target) => shortened(ui, &target.title, room),
        None => shortened(ui, &name, room),
    };
    let button = Button::plain(&shown).named(&name).opens_menu();
    let button = ui.add(button);
    let button = if shown == name {
        button
    } else {
        button.on_hover_text(&name)
    };
    egui::Popup::menu(&button).show(|ui| {
        ui.set_width(240.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().max_height(400.0).show(ui, |ui| {
            let pane = TargetPane {
                recent: recent(state),
                ..TargetPane::default()
            };
            target_list_ui(ui, &pane, false, state, commands);
        });
    });
}

/// Returns how many rows of the shown table a target has; a dash where that is not known.
fn count_of(state: &State, key: &TargetKey) -> String {
    let count = state.experiments.count_of(key);
    count.map_or("–".to_owned(), count_text)
}
