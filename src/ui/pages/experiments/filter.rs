//! The filter of a column: by its type a range with its histogram, values with their counts, or a text.

use egui::{Align, Color32, Key, Label, Popup, ScrollArea, Ui};

use super::{
    calendar::Calendar,
    counts::{Counted, counted_values},
    histogram::input_text,
    pasted_values::PastedValues,
    structure_search::{Edit, StructureDraft},
};
use crate::{
    state::{Command, State, TableCommand},
    table::{
        Column, ColumnKind, Compare, Condition, Histogram, STRUCTURE, histogram, histogram_like,
        pattern,
    },
    ui::{
        input::select_all,
        theme::{Tokens, Type, size},
        widgets::{Button, Field, Segment, segments_ui},
    },
};

/// Width of the editor in points.
pub(super) const WIDTH: f32 = 300.0;
/// Number of bins of the histogram.
const BINS: usize = 16;
/// Columns with more distinct values are searched as text.
const MOST_VALUES: usize = 400;
/// Room above and below a menu that is as high as the window, in points.
const AROUND_POPUP: f32 = 48.0;

/// The draft of the filter of one column.
#[derive(Default)]
pub(super) struct FilterDraft {
    field: String,
    /// Which table the counts are of, and which other conditions the counted rows pass.
    mark: Option<Counted>,
    /// The condition as it was last seen or set.
    seen: Option<Condition>,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) calendar: Calendar,
    text: String,
    part: StructureDraft,
    how: Option<Compare>,
    pub(super) find: String,
    /// The list that was pasted last.
    pub(super) pasted: PastedValues,
    pub(super) spread: Option<Histogram>,
    pub(super) values: Option<Vec<(String, usize)>>,
    has_empty: bool,
    /// The handle that is being dragged: the lower or the upper one.
    pub(super) handle: Option<bool>,
    /// Just opened: its first field takes the focus.
    pub(super) is_new: bool,
    /// The frame in which it was last drawn.
    drawn: Option<u64>,
}

impl FilterDraft {
    /// Resets the draft when the column changes, and picks up changes made elsewhere.
    fn begin(&mut self, place: usize, column: &Column, state: &State) {
        let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
        let mark = Counted::of(state, Some(&column.field));
        let present = state
            .experiments
            .wanted_filter(&column.field)
            .map(|filter| &filter.condition);
        if self.field != column.field {
            *self = Self {
                field: column.field.to_string(),
                ..Self::default()
            };
            self.fill_fields(column, present);
        } else if self.seen.as_ref() != present {
            // A chip was removed, or a change was undone.
            self.fill_fields(column, present);
        }
        if self.mark.as_ref() == Some(&mark) {
            return;
        }
        self.mark = Some(mark);
        let target = view.target();
        let all =
            || (0..sheet.len()).filter(move |row| target.is_none() || sheet.target(*row) == target);
        (self.spread, self.values) = (None, None);
        if is_range(column) {
            // The values are counted among the rows that pass all other filters.
            let rows = view.rows_ignoring_filter(sheet, &column.field);
            let whole = histogram(sheet, place, all(), BINS);
            let like = |whole| histogram_like(&whole, sheet, place, rows.iter().copied());
            self.spread = whole.map(like);
        } else {
            self.values = counted_values(state, place, MOST_VALUES);
        }
        self.has_empty = all().any(|row| sheet.is_empty_at(place, row));
    }

    /// Writes a condition into the fields.
    fn fill_fields(&mut self, column: &Column, present: Option<&Condition>) {
        self.seen = present.cloned();
        self.from.clear();
        self.to.clear();
        self.text.clear();
        self.pasted = PastedValues::default();
        match present {
            Some(Condition::Range { from, to }) => {
                self.from = from
                    .map(|from| input_text(column, from))
                    .unwrap_or_default();
                self.to = to.map(|to| input_text(column, to)).unwrap_or_default();
            }
            Some(Condition::Text { how, text }) => {
                (self.how, self.text) = (Some(*how), text.clone());
            }
            Some(
                Condition::OneOf(_)
                | Condition::AllOf(_)
                | Condition::Similar { .. }
                | Condition::Empty
                | Condition::Present,
            )
            | None => {}
        }
    }
}

pub(super) fn is_range(column: &Column) -> bool {
    column.is_numeric() || column.kind == ColumnKind::Moment
}

/// Draws the content of the menu of a filter. All of it can be reached in a low window, too.
pub(super) fn popup_ui(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    ui.set_width(WIDTH);
    let height = ui.ctx().content_rect().height() - AROUND_POPUP;
    let area = ScrollArea::vertical()
        .max_height(height)
        .min_scrolled_height(height);
    area.show(ui, |ui| {
        // Beside the scroll bar, if there is one.
        ui.set_width(ui.available_width().min(WIDTH));
        content(ui);
    });
}

pub(super) fn filter_editor_ui(
    ui: &mut Ui,
    place: usize,
    column: &Column,
    draft: &mut FilterDraft,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    // In a list, Enter ticks a value; in a field it ends the editing.
    let is_entered =
        ui.ctx().text_edit_focused() && ui.input(|input| input.key_pressed(Key::Enter));
    draft.begin(place, column, state);
    let now = ui.ctx().cumulative_pass_nr();
    draft.is_new = draft.drawn.is_none_or(|drawn| now > drawn + 2);
    draft.drawn = Some(now);
    let present = state.experiments.wanted_filter(&column.field);
    let present = present.map(|filter| &filter.condition);
    if draft.is_new {
        // What could not be read the last time is not there any more.
        draft.fill_fields(column, present);
    }
    ui.label(Type::Heading.text(column.title(), tokens.text));
    let mut edit = None;
    if column.field == STRUCTURE {
        draft.part.follow(present);
        draft.part.editor_ui(ui, draft.is_new, &mut edit);
    } else if is_range(column) {
        draft.range_ui(ui, column, present, &mut edit);
    } else if draft.values.is_some() {
        draft.values_ui(ui, column, present, &mut edit);
    } else {
        let values = || all_values(state, place);
        text_ui(ui, draft, values, &mut edit);
    }
    presence_and_removal_ui(ui, draft, present, &mut edit);
    // What cannot be read stays, with the sentence that says why.
    if is_entered && draft.is_readable(column) {
        Popup::close_all(ui.ctx());
    }
    if let Some(condition) = edit {
        draft.seen.clone_from(&condition);
        commands.push(Command::Table(TableCommand::Filter {
            field: column.field.to_string(),
            condition,
        }));
    }
}

/// Draws what every filter has: whether there is a value, and the button that removes it.
fn presence_and_removal_ui(
    ui: &mut Ui,
    draft: &mut FilterDraft,
    present: Option<&Condition>,
    edit: &mut Edit,
) {
    ui.horizontal_wrapped(|ui| {
        let mut other = None;
        if draft.has_empty || matches!(present, Some(Condition::Empty | Condition::Present)) {
            presence_ui(ui, present, &mut other);
        }
        if present.is_some() && ui.add(Button::quiet("Remove filter")).clicked() {
            other = Some(None);
        }
        // What was typed no longer applies.
        if other.is_some() {
            draft.from.clear();
            draft.to.clear();
            draft.text.clear();
            *edit = other;
        }
    });
}

/// Draws the choice between all rows, those that have a value, and those that have none.
fn presence_ui(ui: &mut Ui, present: Option<&Condition>, edit: &mut Edit) {
    let chosen = match present {
        None => Some(None),
        // A range lets no empty cell pass.
        Some(Condition::Present | Condition::Range { .. }) => Some(Some(true)),
        Some(Condition::Empty) => Some(Some(false)),
        // Another condition decides; none of these applies.
        Some(_) => None,
    };
    let choices = [
        Segment::new(None, "All"),
        Segment::new(Some(true), "Has a value"),
        Segment::new(Some(false), "Empty only"),
    ];
    if let Some(has_value) = segments_ui(ui, chosen, &choices, None) {
        *edit = Some(has_value.map(|has_value| {
            if has_value {
                Condition::Present
            } else {
                Condition::Empty
            }
        }));
    }
}

/// Returns all values of a column within the target.
fn all_values(state: &State, place: usize) -> Vec<String> {
    let values = counted_values(state, place, usize::MAX).unwrap_or_default();
    values.into_iter().map(|(value, _)| value).collect()
}

fn text_ui(
    ui: &mut Ui,
    draft: &mut FilterDraft,
    values: impl FnOnce() -> Vec<String>,
    edit: &mut Edit,
) {
    let tokens = Tokens::of(ui);
    let how = draft.how.unwrap_or(Compare::Contains);
    let begins = draft.is_new;
    let choices = [
        Segment::new(Compare::Contains, "Contains"),
        Segment::new(Compare::Is, "Is"),
        Segment::new(Compare::Pattern, "Pattern"),
    ];
    let mut has_changed = false;
    if let Some(how) = segments_ui(ui, Some(how), &choices, None) {
        draft.how = Some(how);
        has_changed = true;
        // The focus returns to the field, so that the user can continue typing.
        draft.is_new = true;
    }
    let how = draft.how.unwrap_or(Compare::Contains);
    let error = (how == Compare::Pattern)
        .then(|| pattern(&draft.text).err())
        .flatten();
    let field = Field::new("Text of the filter", &mut draft.text)
        .hint("Text")
        .invalid(error.is_some())
        .size(ui.available_width() - 20.0, size::CONTROL)
        .show(ui);
    if draft.is_new {
        field.request_focus();
    }
    if begins {
        select_all(ui, &field, &draft.text);
    }
    if let Some(condition) = draft.pasted.follow(ui, &field, values) {
        *edit = Some(Some(condition));
        draft.text.clear();
        return;
    }
    has_changed |= field.changed();
    if let Some(error) = error {
        left_text_ui(ui, &error.to_string(), tokens.err);
    } else if how == Compare::Pattern {
        let help = "[1-3] matches 1, 2 or 3; . any character; ^ the beginning and $ the end. Case is ignored.";
        left_text_ui(ui, help, tokens.muted);
    }
    if has_changed {
        let is_nothing = draft.text.trim().is_empty();
        let condition = Condition::Text {
            how,
            text: draft.text.clone(),
        };
        *edit = Some((!is_nothing).then_some(condition));
    }
}

/// Draws a text of several lines. Menus are justified, which would pull the words of a line apart.
fn left_text_ui(ui: &mut Ui, text: &str, colour: Color32) {
    let text = Type::Small.text(text, colour);
    ui.add(Label::new(text).wrap().halign(Align::LEFT));
}
