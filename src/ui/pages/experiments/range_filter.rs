//! The filter of a column of numbers or dates: its histogram, and the two ends of a range.

use egui::{Align, Layout, Ui, Vec2};

use super::{
    filter::{FilterDraft, is_range},
    histogram::{histogram_ui, input_text, limits_ui},
    structure_search::Edit,
};
use crate::{
    table::{Bound, Column, ColumnKind, Condition, Histogram, typed_bound},
    ui::{
        input::{entered, select_all},
        theme::{Tokens, Type, size},
        widgets::Field,
    },
};

/// Width of the fields for both limits: a full date must fit.
const FIELD: f32 = 106.0;
/// Width of the names of the date fields, which are below each other.
const NAME: f32 = 36.0;

fn limits_of(present: Option<&Condition>) -> (Option<f64>, Option<f64>) {
    match present {
        Some(Condition::Range { from, to }) => (*from, *to),
        _ => (None, None),
    }
}

impl FilterDraft {
    /// Draws the histogram and the fields of a range.
    pub(super) fn range_ui(
        &mut self,
        ui: &mut Ui,
        column: &Column,
        present: Option<&Condition>,
        edit: &mut Edit,
    ) {
        let tokens = Tokens::of(ui);
        let Some(spread) = self.spread.clone() else {
            ui.label(Type::Small.text("No row has a value in this column.", tokens.muted));
            return;
        };
        let (mut from, mut to) = limits_of(present);
        if histogram_ui(ui, &spread, column, &mut self.handle, (&mut from, &mut to)) {
            self.from = from
                .map(|from| input_text(column, from))
                .unwrap_or_default();
            self.to = to.map(|to| input_text(column, to)).unwrap_or_default();
            // The active condition is what is in the fields.
            let [from, to] = self.bounds(column).map(|read| read.ok().flatten());
            *edit = Some(range_of(from, to));
        }
        limits_ui(ui, column, &spread);
        let has_changed = if column.kind == ColumnKind::Moment {
            self.dates_ui(ui, column, &spread)
        } else {
            let fields = |ui: &mut Ui| {
                let low = self.field_ui(ui, column, &spread, Bound::From);
                low | self.field_ui(ui, column, &spread, Bound::To)
            };
            ui.horizontal(fields).inner
        };
        let [low, high] = self.bounds(column);
        // Parsed after every key press: it applies as soon as it can be parsed.
        if has_changed && let (Ok(low), Ok(high)) = (&low, &high) {
            *edit = Some(range_of(*low, *high));
        }
        let sentence = match (&low, &high) {
            (Ok(Some(low)), Ok(Some(high))) if low > high => {
                "The first value is larger than the second, so no rows match."
            }
            (Ok(_), Ok(_)) => return,
            (Err(sentence), _) | (_, Err(sentence)) => sentence,
        };
        ui.label(Type::Small.text(sentence, tokens.err));
    }

    /// Returns `true` if what is in the fields can be applied.
    pub(super) fn is_readable(&self, column: &Column) -> bool {
        !is_range(column) || self.bounds(column).iter().all(Result::is_ok)
    }

    /// Parses what is in the fields.
    fn bounds(&self, column: &Column) -> [Result<Option<f64>, String>; 2] {
        [(&self.from, Bound::From), (&self.to, Bound::To)]
            .map(|(text, bound)| typed_bound(column, text, bound))
    }

    /// Draws the field of one end with its name. Returns `true` if it was changed.
    fn field_ui(&mut self, ui: &mut Ui, column: &Column, spread: &Histogram, bound: Bound) -> bool {
        let tokens = Tokens::of(ui);
        let (name, text, hint) = match bound {
            Bound::From => ("From", &mut self.from, spread.from),
            Bound::To => ("To", &mut self.to, spread.to),
        };
        let label = Type::Body.text(name, tokens.muted);
        if column.kind == ColumnKind::Moment {
            let room = Vec2::new(NAME, size::CONTROL);
            ui.allocate_ui_with_layout(room, Layout::left_to_right(Align::Center), |ui| {
                ui.set_min_width(NAME);
                ui.label(label);
            });
        } else {
            ui.label(label);
        }
        let hint = input_text(column, hint);
        let is_wrong = typed_bound(column, text, bound).is_err();
        let field = Field::new(name, text)
            .hint(&hint)
            .invalid(is_wrong)
            .size(FIELD, size::CONTROL)
            .show(ui);
        // What cannot be read is to be corrected at once.
        let begins = self.is_new && bound == Bound::From;
        if begins || (is_wrong && entered(ui, &field)) {
            field.request_focus();
        }
        // What is typed next takes the place of the old limit.
        if begins {
            select_all(ui, &field, text);
        }
        field.changed()
    }

    /// Draws the fields of dates, each with its calendar. Returns `true` if one was changed.
    fn dates_ui(&mut self, ui: &mut Ui, column: &Column, spread: &Histogram) -> bool {
        let mut has_changed = false;
        let bounds = self.bounds(column).map(|read| read.ok().flatten());
        let rows = [
            (Bound::From, bounds[0].unwrap_or(spread.from)),
            (Bound::To, bounds[1].unwrap_or(spread.to)),
        ];
        for (bound, shown) in rows {
            ui.horizontal(|ui| {
                has_changed |= self.field_ui(ui, column, spread, bound);
                self.calendar.button_ui(ui, bound, shown);
            });
        }
        if let Some((bound, seconds)) = self.calendar.month_ui(ui, bounds) {
            let text = input_text(column, seconds);
            match bound {
                Bound::From => self.from = text,
                Bound::To => self.to = text,
            }
            has_changed = true;
        }
        has_changed
    }
}

fn range_of(from: Option<f64>, to: Option<f64>) -> Option<Condition> {
    (from.is_some() || to.is_some()).then_some(Condition::Range { from, to })
}
