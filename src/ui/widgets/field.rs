//! Text fields with an icon, a name for screen readers, and an error state.

use egui::{
    Align, Color32, Direction, Frame, Label, Layout, Margin, Pos2, Rect, Response, Stroke,
    TextEdit, Ui, UiBuilder, Vec2,
};

use super::Button;
use crate::ui::theme::{Icon, Tokens, Type, icon_text, size};

/// Room between the edges and the text.
const MARGINS: f32 = 20.0;
/// Room that an icon takes at the left.
const ICON_ROOM: f32 = 22.0;

/// Size of a button inside a field, and the room that it takes there.
const END_BUTTON: f32 = 26.0;
const END_ROOM: i8 = 24;

/// Room for a note of one word in a field, and its distance to the edge.
const NOTE_ROOM: i8 = 68;
const NOTE_GAP: f32 = 8.0;

/// A one-line text field.
#[must_use = "a field is shown by calling `show`"]
pub(crate) struct Field<'a> {
    text: &'a mut String,
    name: &'a str,
    hint: &'a str,
    icon: Option<Icon>,
    width: f32,
    height: f32,
    is_masked: bool,
    is_wrong: bool,
    limit: usize,
    /// Room at the right for a button or a note in the field.
    end: i8,
    /// What goes on, at the right end of the field.
    note: Option<&'a str>,
}

impl<'a> Field<'a> {
    /// Returns a field; `name` is what a screen reader says.
    pub(crate) fn new(name: &'a str, text: &'a mut String) -> Self {
        Self {
            text,
            name,
            hint: "",
            icon: None,
            width: 200.0,
            height: size::CONTROL,
            is_masked: false,
            is_wrong: false,
            limit: 4096,
            end: 0,
            note: None,
        }
    }

    /// Sets the hint that is shown while the field is empty.
    pub(crate) fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// Adds an icon on the left.
    pub(crate) fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Sets width and height in points.
    pub(crate) fn size(mut self, width: f32, height: f32) -> Self {
        (self.width, self.height) = (width, height);
        self
    }

    /// Shows dots instead of characters.
    pub(crate) fn masked(mut self, is_masked: bool) -> Self {
        self.is_masked = is_masked;
        self
    }

    /// Marks the field as invalid; the sentence that says why is below it.
    pub(crate) fn invalid(mut self, is_wrong: bool) -> Self {
        self.is_wrong = is_wrong;
        self
    }

    /// Sets the maximum length of the text.
    pub(crate) fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Says at the right end of the field what goes on: beside the field it would move what follows as it comes and goes.
    pub(crate) fn note(mut self, note: Option<&'a str>) -> Self {
        self.note = note;
        self
    }

    /// Shows the field with a button at its right end. Returns the field, and whether the button was pressed.
    pub(crate) fn show_with_button(mut self, ui: &mut Ui, button: Button<'_>) -> (Response, bool) {
        self.end = END_ROOM;
        let field = self.show(ui);
        let centre = Pos2::new(
            field.rect.right() - END_BUTTON * 0.5 - 2.0,
            field.rect.center().y,
        );
        let place = Rect::from_center_size(centre, Vec2::splat(END_BUTTON));
        // In a `Ui` of its own: whatever follows the field stays where it is.
        let mut inside = ui.new_child(
            UiBuilder::new()
                .max_rect(place)
                .layout(Layout::centered_and_justified(Direction::LeftToRight)),
        );
        let is_pressed = inside.add(button.height(END_BUTTON)).clicked();
        (field, is_pressed)
    }

    /// Shows the field.
    pub(crate) fn show(mut self, ui: &mut Ui) -> Response {
        let Some(note) = self.note.take() else {
            let field = self.edit_ui(ui);
            // For the note that is not there: what follows keeps its number, and with it a click that is under way.
            ui.skip_ahead_auto_ids(1);
            return field;
        };
        self.end = NOTE_ROOM;
        let field = self.edit_ui(ui);
        let place = field.rect.shrink2(Vec2::new(NOTE_GAP, 0.0));
        // In a `Ui` of its own, as the button is.
        let mut inside = ui.new_child(
            UiBuilder::new()
                .max_rect(place)
                .layout(Layout::right_to_left(Align::Center)),
        );
        let note = Type::Small.text(note, Tokens::of(ui).muted);
        inside.add(Label::new(note).selectable(false));
        field
    }

    /// Draws the field without what is at its end.
    fn edit_ui(self, ui: &mut Ui) -> Response {
        let tokens = Tokens::of(ui);
        let id = ui.make_persistent_id(("field", self.name));
        let has_focus = ui.memory(|memory| memory.has_focus(id));
        let (thickness, across) = if self.is_wrong || has_focus {
            (2.0, 8)
        } else {
            (1.0, 9)
        };
        let edge = match (self.is_wrong, has_focus) {
            (true, _) => Stroke::new(thickness, tokens.err),
            (false, true) => Stroke::new(thickness, tokens.accent),
            (false, false) => Stroke::new(thickness, tokens.control),
        };
        // The frame grows with its border; the margin shrinks by as much, so that nothing jumps.
        let is_cut = self.text.is_empty() && self.is_hint_cut(ui);
        let frame = Frame::new()
            .fill(tokens.surface)
            .stroke(edge)
            .corner_radius(size::RADIUS)
            .inner_margin(Margin {
                right: across + self.end,
                ..Margin::symmetric(across, 0)
            });
        let inner = Vec2::new(self.width, self.height);
        let mut edit = TextEdit::singleline(self.text)
            .id(id)
            .frame(frame)
            .desired_width(inner.x)
            .min_size(inner)
            .align(egui::Align2::LEFT_CENTER)
            .font(Type::Body.font())
            .text_color(tokens.text)
            .hint_text(Type::Body.text(self.hint, tokens.faint))
            .char_limit(self.limit)
            .password(self.is_masked);
        if let Some(icon) = self.icon {
            edit = edit.prefix(icon_text(icon, 14.0, tokens.muted));
        }
        let response = ui.add(edit);
        ui.ctx()
            .accesskit_node_builder(id, |node| node.set_label(self.name));
        if is_cut {
            response.on_hover_text(self.hint)
        } else {
            response
        }
    }

    /// Returns `true` if the hint is wider than the field.
    fn is_hint_cut(&self, ui: &Ui) -> bool {
        let (hint, font) = (self.hint.to_owned(), Type::Body.font());
        let galley = ui
            .painter()
            .layout_no_wrap(hint, font, Color32::PLACEHOLDER);
        let icon = if self.icon.is_some() { ICON_ROOM } else { 0.0 };
        galley.size().x + icon > self.width - MARGINS
    }
}

#[cfg(test)]
mod tests {
    use egui::{Context, Rect};

    use super::Field;

    /// Returns where a field with this note is, and what follows it in the same row.
    fn places(note: Option<&str>) -> [Rect; 2] {
        let ctx = Context::default();
        crate::ui::theme::install(&ctx);
        let mut places = [Rect::NOTHING; 2];
        let mut text = String::new();
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            ui.horizontal_wrapped(|ui| {
                let field = Field::new("Find", &mut text).icon(crate::ui::theme::Icon::SEARCH);
                places = [field.note(note).show(ui).rect, ui.button("Next").rect];
            });
        });
        output.textures_delta.clear();
        places
    }

    #[test]
    fn a_note_in_a_field_moves_nothing() {
        assert_eq!(places(None), places(Some("Searching…")));
    }
}
