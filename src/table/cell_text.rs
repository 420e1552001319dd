//! Cells as users read them.

use std::borrow::Cow;

use super::{
    column::{Column, Encoding},
    values::Values,
};

/// Returns the cell as users read it.
pub(super) fn text_of<'a>(column: &Column, values: &'a Values, row: usize) -> Cow<'a, str> {
    match values {
        Values::Numbers(numbers) => match (numbers.get(row), numbers.odd(row)) {
            (_, Some(odd)) => Cow::Borrowed(odd),
            (number, None) if number.is_nan() => Cow::Borrowed(""),
            (number, None) => column.number_text(number).into(),
        },
        Values::Words(words) => match words.get(row) {
            None => Cow::Borrowed(""),
            Some(raw) => word_text(column, raw, words.number(row)),
        },
    }
}

/// Returns a text of a column as users read it; `number` is its numeric value.
pub(super) fn word_text<'a>(column: &Column, raw: &'a str, number: f64) -> Cow<'a, str> {
    if !number.is_nan() {
        return column.number_text(number).into();
    }
    match column.form {
        Encoding::Count if raw.starts_with('[') => Cow::Borrowed(""),
        form => form.shown(raw),
    }
}
