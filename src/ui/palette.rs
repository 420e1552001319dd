//! The palette: every command by its name, filtered as the user types (Ctrl+K).

use egui::{
    Align, Align2, Frame, Key, Layout, Margin, Modifiers, Role, ScrollArea, Sense, Ui, Vec2,
    WidgetInfo,
};

use super::{
    actions::{Action, ActionKind, actions},
    theme::{Icon, Tokens, Type, size},
    widgets::{Field, hairline_ui},
};
use crate::state::State;

const WIDTH: f32 = 520.0;
const ROW: f32 = 32.0;
/// Number of rows that are visible at once.
const ROWS: f32 = 9.0;

/// What the palette remembers while it is open.
#[derive(Default)]
pub(super) struct Palette {
    text: String,
    /// The index of the match that Enter runs.
    at: usize,
    has_begun: bool,
    /// Whether the pointer has moved since the palette was opened: a row that only happens to be under it is not chosen.
    has_pointed: bool,
}

/// How the palette ended.
pub(super) enum Chosen {
    /// The palette is still open.
    Open,
    /// Closed without a choice.
    Cancelled,
    /// This is to be carried out.
    Action(ActionKind),
}

impl Palette {
    pub(super) fn palette_ui(&mut self, ui: &Ui, state: &State) -> Chosen {
        let mut chosen = Chosen::Open;
        let place = (Align2::CENTER_TOP, Vec2::new(0.0, 80.0));
        let leaves = super::modal_ui(ui, "palette", place, Margin::ZERO, |ui| {
            ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 48.0));
            ui.spacing_mut().item_spacing.y = 0.0;
            if let Some(what) = self.body_ui(ui, state) {
                chosen = Chosen::Action(what);
            }
        });
        match chosen {
            Chosen::Open if leaves => Chosen::Cancelled,
            chosen => chosen,
        }
    }

    fn field_ui(&mut self, ui: &mut Ui) {
        let width = ui.available_width();
        let field = Field::new("Find a command", &mut self.text)
            .hint("What do you want to do?")
            .icon(Icon::SEARCH)
            .size(width, size::CONTROL)
            .show(ui);
        if !std::mem::replace(&mut self.has_begun, true) {
            field.request_focus();
        }
        if field.changed() {
            self.at = 0;
        }
    }

    fn body_ui(&mut self, ui: &mut Ui, state: &State) -> Option<ActionKind> {
        let tokens = Tokens::of(ui);
        let pressed = |ui: &Ui, key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let (up, down, enter) = (
            pressed(ui, Key::ArrowUp),
            pressed(ui, Key::ArrowDown),
            pressed(ui, Key::Enter),
        );
        Frame::new()
            .inner_margin(Margin::same(12))
            .show(ui, |ui| self.field_ui(ui));
        hairline_ui(ui);
        let found: Vec<_> = actions(state)
            .into_iter()
            .filter(|action| is_listed(action, &self.text))
            .collect();
        self.has_pointed |= ui.input(|input| input.pointer.is_moving());
        let last = found.len().saturating_sub(1);
        self.at = match (up, down) {
            (true, _) => self.at.saturating_sub(1),
            (_, true) => self.at + 1,
            _ => self.at,
        }
        .min(last);
        let mut chosen = enter
            .then(|| found.get(self.at).map(|action| action.what.clone()))
            .flatten();
        // Only the lower edge moves when fewer commands match: the field stays where it is.
        ScrollArea::vertical()
            .max_height(ROW * ROWS)
            .min_scrolled_height(ROW * ROWS)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                if found.is_empty() {
                    ui.add_space(12.0);
                    ui.horizontal(|ui| {
                        ui.add_space(16.0);
                        ui.label(Type::Body.text("No command matches these words.", tokens.muted));
                    });
                    ui.add_space(12.0);
                }
                for (at, action) in found.iter().enumerate() {
                    let is_at = at == self.at;
                    let keys = action.keys.map(|keys| ui.ctx().format_shortcut(&keys));
                    let response =
                        row_ui(ui, &action.name, keys.as_deref(), (is_at, self.has_pointed));
                    if is_at && (up || down) {
                        response.scroll_to_me(None);
                    }
                    if response.clicked() {
                        chosen = Some(action.what.clone());
                    }
                }
            });
        chosen
    }
}

fn row_ui(
    ui: &mut Ui,
    name: &str,
    keys: Option<&str>,
    (is_at, has_pointed): (bool, bool),
) -> egui::Response {
    let tokens = Tokens::of(ui);
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_at, name));
    if is_at || (has_pointed && response.hovered()) {
        let fill = if is_at {
            tokens.accent_soft
        } else {
            tokens.hover
        };
        ui.painter().rect_filled(rect, 0.0, fill);
    }
    let mut inner = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(rect.shrink2(Vec2::new(16.0, 0.0)))
            .layout(Layout::left_to_right(Align::Center)),
    );
    let colour = if is_at {
        tokens.accent_text
    } else {
        tokens.text
    };
    // It has the same name as the row, which a screen reader should not read out twice.
    inner.add(
        egui::Label::new(Type::Body.text(name, colour))
            .selectable(false)
            .truncate(),
    );
    inner.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if let Some(keys) = keys {
            ui.add(egui::Label::new(Type::Small.text(keys, tokens.muted)).selectable(false));
        }
    });
    response
}

/// Returns `true` if an action is listed for a search. The terms of the glossary are many, so they are listed only when
/// something is typed.
fn is_listed(action: &Action, search: &str) -> bool {
    let is_term = matches!(action.what, ActionKind::Glossary(term) if !term.is_empty());
    let is_buried = is_term && search.trim().is_empty();
    !matches!(action.what, ActionKind::Palette)
        && !is_buried
        && contains_all_words(&action.name, search)
}

/// Returns `true` if a name contains all words of a search, in any order.
fn contains_all_words(name: &str, search: &str) -> bool {
    let name = name.to_lowercase();
    search
        .to_lowercase()
        .split_whitespace()
        .all(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_order_and_case() {
        assert!(contains_all_words("Go to Downloads", "down GO"));
        assert!(contains_all_words("Go to Downloads", ""));
        assert!(!contains_all_words("Go to Downloads", "down up"));
    }
}
