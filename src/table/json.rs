//! Cells and rows as the server would send them.

use serde_json::{Map, Value};

use super::{Sheet, values::Values};

impl Sheet {
    /// Returns the value of a cell, as the server would send it.
    pub fn json(&self, place: usize, row: usize) -> Value {
        let (Some(column), Some(values)) = (self.column(place), self.values(place)) else {
            return Value::Null;
        };
        match values {
            Values::Numbers(numbers) => match numbers.raw(row) {
                Some(text) => Value::from(text),
                None => number_json(numbers.get(row)),
            },
            Values::Words(words) => match words.raw(row) {
                None => Value::Null,
                Some(raw) if column.form.keeps_json() => {
                    serde_json::from_str(raw).unwrap_or_else(|_| Value::from(raw))
                }
                Some(raw) => Value::from(raw),
            },
        }
    }

    /// Returns one row with the server's own field names, as far as they have a value.
    pub fn fields_json(&self, row: usize) -> Value {
        let fields = self
            .columns()
            .iter()
            .enumerate()
            .filter_map(|(place, column)| {
                let value = self.json(place, row);
                let is_kept = column.form.is_field() && !value.is_null();
                is_kept.then(|| (column.field.to_string(), value))
            });
        Value::Object(fields.collect())
    }

    /// Returns one row with the server's own field names, plus `target` and `tas`; null if the server has no value.
    pub fn row_json(&self, row: usize) -> Value {
        let mut map = Map::new();
        for (place, column) in self.columns().iter().enumerate() {
            if column.form.is_field() {
                map.insert(column.field.to_string(), self.json(place, row));
            }
        }
        if let Some(target) = self.target(row) {
            map.insert("target".to_owned(), Value::from(target.title.as_str()));
            map.insert("tas".to_owned(), Value::from(target.tas.as_str()));
        }
        Value::Object(map)
    }
}

/// Returns a number without unnecessary decimals.
#[expect(
    clippy::cast_possible_truncation,
    reason = "only for whole numbers below 2⁵³"
)]
fn number_json(number: f64) -> Value {
    if number.is_nan() {
        Value::Null
    } else if number.fract() == 0.0
        && number.abs() < 9_007_199_254_740_992.0
        && !(number == 0.0 && number.is_sign_negative())
    {
        Value::from(number as i64)
    } else {
        Value::from(number)
    }
}
