//! The filter of a column: by its type a range with its histogram, values with their counts, or a text.

use std::collections::BTreeSet;

use egui::{ScrollArea, Ui};

use super::spread::bars;

use crate::{
    model::count_text,
    state::{Command, State, TableCommand},
    table::{
        Column, ColumnKind, Compare, Condition, Histogram, histogram, or_empty, pattern,
        value_counts,
    },
    ui::{
        theme::{Tokens, Type, size},
        widgets::{Button, Field, Segment, Tick, segments},
    },
};

/// Width of the editor in points.
pub(super) const WIDTH: f32 = 300.0;
/// Pieces of the histogram.
const PIECES: usize = 40;
/// Columns with more different values are searched as text.
const MOST_VALUES: usize = 400;
/// Values that are listed at once.
const LISTED: usize = 100;

/// What is being written into the filter of one column.
#[derive(Default)]
pub(super) struct FilterDraft {
    field: String,
    /// Which table the counts are of.
    mark: Option<(usize, Option<String>)>,
    /// The condition as it was last seen or set.
    seen: Option<Condition>,
    from: String,
    to: String,
    text: String,
    how: Option<Compare>,
    find: String,
    spread: Option<Histogram>,
    values: Option<Vec<(String, usize)>>,
    has_empty: bool,
    /// The handle that is being dragged: the lower or the upper one.
    handle: Option<bool>,
}

impl FilterDraft {
    /// Starts over for a column, unless this is it already; follows what has changed elsewhere.
    fn begin(&mut self, place: usize, column: &Column, state: &State) {
        let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
        let mark = (sheet.mark(), view.target().map(ToString::to_string));
        let present = view.filter(&column.field).map(|filter| &filter.condition);
        if self.field != column.field {
            *self = Self {
                field: column.field.to_string(),
                ..Self::default()
            };
            self.write_out(column, present);
        } else if self.seen.as_ref() != present {
            // A chip was taken away, or a change was taken back.
            self.write_out(column, present);
        }
        if self.mark.as_ref() == Some(&mark) {
            return;
        }
        self.mark = Some(mark);
        let target = view.target();
        let rows =
            || (0..sheet.len()).filter(move |row| target.is_none() || sheet.target(*row) == target);
        (self.spread, self.values) = (None, None);
        if is_range(column) {
            self.spread = histogram(sheet, place, rows(), PIECES);
        } else {
            self.values = value_counts(sheet, place, rows(), MOST_VALUES);
        }
        self.has_empty = rows().any(|row| sheet.is_empty_at(place, row));
    }

    /// Writes a condition into the fields.
    fn write_out(&mut self, column: &Column, present: Option<&Condition>) {
        self.seen = present.cloned();
        self.from.clear();
        self.to.clear();
        self.text.clear();
        match present {
            Some(Condition::Range { from, to }) => {
                self.from = from.map(|from| write(column, from)).unwrap_or_default();
                self.to = to.map(|to| write(column, to)).unwrap_or_default();
            }
            Some(Condition::Text { how, text }) => {
                (self.how, self.text) = (Some(*how), text.clone());
            }
            Some(Condition::OneOf(_) | Condition::Empty | Condition::Present) | None => {}
        }
    }
}

fn is_range(column: &Column) -> bool {
    column.is_numeric() || column.kind == ColumnKind::Moment
}

pub(super) fn editor(
    ui: &mut Ui,
    place: usize,
    column: &Column,
    draft: &mut FilterDraft,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    draft.begin(place, column, state);
    let present = state.experiments.view.filter(&column.field);
    let present = present.map(|filter| &filter.condition);
    ui.label(Type::Heading.text(column.title(), tokens.text));
    let mut edit = None;
    if is_range(column) {
        range(ui, column, draft, present, &mut edit);
    } else if draft.values.is_some() {
        values(ui, draft, present, &mut edit);
    } else {
        text(ui, draft, &mut edit);
    }
    ui.horizontal(|ui| {
        let is = |condition: &Condition| present == Some(condition);
        for (condition, name) in [
            (Condition::Empty, "Only empty"),
            (Condition::Present, "Not empty"),
        ] {
            let is_useful = draft.has_empty || is(&condition);
            if is_useful && ui.add(Tick::new(name, is(&condition))).clicked() {
                edit = Some((!is(&condition)).then_some(condition));
            }
        }
        if present.is_some() && ui.add(Button::quiet("Remove filter")).clicked() {
            draft.from.clear();
            draft.to.clear();
            draft.text.clear();
            edit = Some(None);
        }
    });
    if let Some(condition) = edit {
        draft.seen.clone_from(&condition);
        commands.push(Command::Table(TableCommand::Filter {
            field: column.field.to_string(),
            condition,
        }));
    }
}

/// What was changed: the outer `None` means nothing, the inner one that no condition is left.
type Edit = Option<Option<Condition>>;

fn range(
    ui: &mut Ui,
    column: &Column,
    draft: &mut FilterDraft,
    present: Option<&Condition>,
    edit: &mut Edit,
) {
    let tokens = Tokens::of(ui);
    let Some(spread) = draft.spread.clone() else {
        ui.label(Type::Small.text("No row has a value here.", tokens.muted));
        return;
    };
    let (mut from, mut to) = match present {
        Some(Condition::Range { from, to }) => (*from, *to),
        _ => (None, None),
    };
    if bars(ui, &spread, column, &mut draft.handle, (&mut from, &mut to)) {
        draft.from = from.map(|from| write(column, from)).unwrap_or_default();
        draft.to = to.map(|to| write(column, to)).unwrap_or_default();
        // What is in force is what the fields say.
        *edit = Some(range_of(
            read(column, &draft.from),
            read_to(column, &draft.to),
        ));
    }
    let mut is_wrong = false;
    ui.horizontal(|ui| {
        for (name, text, hint) in [
            ("From", &mut draft.from, spread.from),
            ("To", &mut draft.to, spread.to),
        ] {
            ui.label(Type::Body.text(name, tokens.muted));
            let hint = write(column, hint);
            let is_bad = !text.trim().is_empty() && read(column, text).is_none();
            is_wrong |= is_bad;
            let field = Field::new(name, text)
                .hint(&hint)
                .wrong(is_bad)
                .size(92.0, size::CONTROL)
                .show(ui);
            if field.changed() {
                *edit = Some(None);
            }
        }
    });
    // What has been typed counts as soon as it can be read.
    if matches!(edit, Some(None)) {
        let (low, high) = (read(column, &draft.from), read_to(column, &draft.to));
        *edit = (!is_wrong).then(|| range_of(low, high));
    }
    if is_wrong {
        let sentence = match column.kind {
            ColumnKind::Moment => "Write a date such as 2024-03-14.",
            ColumnKind::Duration => "Write hours and minutes such as 2:15.",
            _ => "Write a number.",
        };
        ui.label(Type::Small.text(sentence, tokens.err));
    }
}

fn range_of(from: Option<f64>, to: Option<f64>) -> Option<Condition> {
    (from.is_some() || to.is_some()).then_some(Condition::Range { from, to })
}

fn values(ui: &mut Ui, draft: &mut FilterDraft, present: Option<&Condition>, edit: &mut Edit) {
    let tokens = Tokens::of(ui);
    let Some(values) = &draft.values else { return };
    if values.len() > 12 {
        Field::new("Find a value", &mut draft.find)
            .hint("Find a value")
            .size(ui.available_width() - 20.0, size::CONTROL)
            .show(ui);
    }
    let chosen: BTreeSet<String> = match present {
        Some(Condition::OneOf(chosen)) => chosen.clone(),
        _ => BTreeSet::new(),
    };
    let needle = draft.find.trim().to_lowercase();
    let found = values
        .iter()
        .filter(|(text, _)| needle.is_empty() || or_empty(text).to_lowercase().contains(&needle));
    let count = found.clone().count();
    ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
        ui.set_width(WIDTH - 12.0);
        for (text, count) in found.take(LISTED) {
            let is_on = chosen.contains(text);
            let note = count_text(*count);
            if ui
                .add(Tick::new(or_empty(text), is_on).note(&note, false))
                .clicked()
            {
                let mut chosen = chosen.clone();
                if !chosen.remove(text) {
                    chosen.insert(text.clone());
                }
                *edit = Some((!chosen.is_empty()).then_some(Condition::OneOf(chosen)));
            }
        }
        if count > LISTED {
            let rest = format!(
                "… and {} more; find them by their name",
                count_text(count - LISTED)
            );
            ui.label(Type::Small.text(rest, tokens.muted));
        }
        if count == 0 {
            ui.label(Type::Small.text("No value has this text.", tokens.muted));
        }
    });
}

fn text(ui: &mut Ui, draft: &mut FilterDraft, edit: &mut Edit) {
    let tokens = Tokens::of(ui);
    let how = draft.how.unwrap_or(Compare::Contains);
    let choices = [
        Segment::new(Compare::Contains, "Contains"),
        Segment::new(Compare::Is, "Is"),
        Segment::new(Compare::Pattern, "Pattern"),
    ];
    let mut has_changed = false;
    if let Some(how) = segments(ui, Some(how), &choices, None) {
        draft.how = Some(how);
        has_changed = true;
    }
    let how = draft.how.unwrap_or(Compare::Contains);
    let error = (how == Compare::Pattern)
        .then(|| pattern(&draft.text).err())
        .flatten();
    let field = Field::new("Text of the filter", &mut draft.text)
        .hint("Text")
        .wrong(error.is_some())
        .size(ui.available_width() - 20.0, size::CONTROL)
        .show(ui);
    has_changed |= field.changed();
    if let Some(error) = error {
        ui.label(Type::Small.text(format!("{error}"), tokens.err));
    } else if how == Compare::Pattern {
        let help = "[1-3] stands for one of these, . for any sign, ^ for the beginning and $ for the end. Capitals do not count.";
        ui.label(Type::Small.text(help, tokens.muted));
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

/// A number as someone would type it.
fn write(column: &Column, number: f64) -> String {
    match column.kind {
        ColumnKind::Moment => crate::ui::words::date_typed(number),
        ColumnKind::Duration => {
            let minutes = (number / 60.0).round();
            format!("{}:{:02}", (minutes / 60.0).floor(), minutes % 60.0)
        }
        ColumnKind::Number(decimals) => {
            let places = decimals.max(2);
            format!("{number:.places$}")
        }
        _ => format!("{number:.0}"),
    }
}

/// The upper end of a range: a day counts to its end.
fn read_to(column: &Column, text: &str) -> Option<f64> {
    const DAY: f64 = 86_399.0;
    let read = read(column, text);
    if column.kind == ColumnKind::Moment {
        read.map(|day| day + DAY)
    } else {
        read
    }
}

/// What someone has typed; `None` when it is no number of this column.
fn read(column: &Column, text: &str) -> Option<f64> {
    let text = text.trim();
    match column.kind {
        ColumnKind::Moment => crate::ui::words::typed_date(text),
        ColumnKind::Duration => {
            let (hours, minutes) = text.split_once(':').unwrap_or((text, "0"));
            let (hours, minutes): (f64, f64) = (hours.parse().ok()?, minutes.parse().ok()?);
            Some((hours * 60.0 + minutes) * 60.0)
        }
        // A comma is the sign of many countries.
        _ => text
            .replace(',', ".")
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite()),
    }
}
