//! Parses rows of the answer into columns, without an intermediate form: each value is read once, into its final
//! place.

use std::{collections::HashMap, fmt};

use serde::{
    Deserialize as _, Deserializer,
    de::{
        DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};
use serde_json::{Value, value::RawValue};

use super::{
    Column,
    column::Encoding,
    columns::unknown_column,
    missing::{is_missing, is_nothing},
    subject::Subject,
    values::Values,
};

/// More columns than any server sends; anything beyond is not a list of experiments.
const MAX_COLUMNS: usize = 500;

/// Columns that grow row by row.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) columns: Vec<Column>,
    pub(super) values: Vec<Values>,
    pub(super) len: usize,
    places: HashMap<Box<str>, usize>,
    /// The columns in the order of the previous row: rows usually have the same one.
    sequence: Vec<usize>,
}

impl Reader {
    /// Creates a reader for rows of a kind.
    pub(super) fn of(subject: Subject) -> Self {
        let columns = subject.columns();
        let mut places: HashMap<Box<str>, usize> = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.form.is_field())
            .map(|(place, column)| (column.field.as_ref().into(), place))
            .collect();
        // The documentation calls one field by another name than the servers.
        if let Some(place) = places.get("model_last_updated_by").copied() {
            places.insert("model_last_updated".into(), place);
        }
        Self {
            values: columns.iter().map(|column| column.form.values()).collect(),
            columns,
            len: 0,
            places,
            sequence: Vec::new(),
        }
    }
}

impl Reader {
    /// Reads one row. On an error nothing of it is kept.
    pub(super) fn push(&mut self, json: &[u8]) -> Result<(), serde_json::Error> {
        let (row, columns) = (self.len, self.columns.len());
        let mut input = serde_json::Deserializer::from_slice(json);
        let read = input
            .deserialize_map(RowVisitor { reader: self, row })
            .and_then(|()| input.end());
        if read.is_ok() {
            self.len += 1;
        } else {
            self.undo(row);
            self.forget_columns(columns);
        }
        read
    }

    /// Removes columns that only an unreadable row introduced.
    fn forget_columns(&mut self, from: usize) {
        self.columns.truncate(from);
        self.values.truncate(from);
        self.places.retain(|_, place| *place < from);
        self.sequence.retain(|place| *place < from);
    }

    /// Removes all rows from this one on.
    pub(super) fn undo(&mut self, row: usize) {
        self.len = self.len.min(row);
        for values in &mut self.values {
            if values.len() > row {
                values.set_len(row);
            }
        }
    }

    /// Pads all columns to the same length.
    pub(super) fn pad_to_length(&mut self) {
        for values in &mut self.values {
            values.set_len(self.len);
        }
    }

    /// Returns the integer in a column of numbers, or `None` if the cell is empty or no integer.
    pub(super) fn number(&self, place: usize, row: usize) -> Option<i64> {
        match self.values.get(place)? {
            Values::Numbers(numbers) => numbers.whole(row),
            Values::Words(_) => None,
        }
    }

    /// Returns the same cells without what is needed to add more.
    pub(super) fn copy(&self) -> Self {
        Self {
            columns: self.columns.clone(),
            values: self.values.iter().map(Values::copy).collect(),
            len: self.len,
            places: HashMap::new(),
            sequence: Vec::new(),
        }
    }

    /// Keeps only the rows that are `true` in the mask.
    pub(super) fn retain(&mut self, keeps: &[bool]) {
        for values in &mut self.values {
            values.retain(keeps);
        }
        self.len = keeps.iter().filter(|keeps| **keeps).count();
    }

    pub(super) fn place(&self, field: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.field == field)
    }

    /// Returns the column of a key in the answer; a new key gets a column of its own.
    fn place_of(&mut self, key: &str, turn: usize) -> Option<usize> {
        let guess = self.sequence.get(turn).copied();
        if let Some(guess) = guess
            && self
                .columns
                .get(guess)
                .is_some_and(|column| column.field == key)
        {
            return Some(guess);
        }
        let place = match self.places.get(key) {
            Some(place) => *place,
            None if self.columns.len() >= MAX_COLUMNS => return None,
            None => {
                // A name that this program uses for a joined column cannot be the server's.
                let is_ours = self.columns.iter().any(|column| column.field == key);
                let column = if is_ours {
                    unknown_column(&format!("{key} (server)"))
                } else {
                    unknown_column(key)
                };
                self.values.push(column.form.values());
                self.columns.push(column);
                self.places.insert(key.into(), self.columns.len() - 1);
                self.columns.len() - 1
            }
        };
        if self.sequence.len() <= turn {
            self.sequence.resize(turn + 1, usize::MAX);
        }
        if let Some(slot) = self.sequence.get_mut(turn) {
            *slot = place;
        }
        Some(place)
    }
}

struct RowVisitor<'a> {
    reader: &'a mut Reader,
    row: usize,
}

/// Finds the column of a key without allocating it.
struct Key<'a> {
    reader: &'a mut Reader,
    turn: usize,
}

/// Reads a value into a column.
struct ValueSeed<'a> {
    form: Encoding,
    values: &'a mut Values,
}

impl<'de> Visitor<'de> for RowVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut turn = 0;
        while let Some(place) = map.next_key_seed(Key {
            reader: self.reader,
            turn,
        })? {
            turn += 1;
            let slot = place.and_then(|place| {
                let form = self.reader.columns.get(place)?.form;
                Some((form, self.reader.values.get_mut(place)?))
            });
            let Some((form, values)) = slot else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if values.len() > self.row {
                // Of a repeated key the last value counts, as in every other reader of this program; null is none.
                let Some(again) = map.next_value::<Option<&RawValue>>()? else {
                    continue;
                };
                values.set_len(self.row);
                let mut again = serde_json::Deserializer::from_str(again.get());
                let read = ValueSeed { form, values }.deserialize(&mut again);
                read.map_err(A::Error::custom)?;
                continue;
            }
            values.set_len(self.row);
            map.next_value_seed(ValueSeed { form, values })?;
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.reader.place_of(key, self.turn))
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if !self.form.keeps_json() {
            return deserializer.deserialize_any(self);
        }
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let is_kept = match (raw, &mut *self.values) {
            ("null", _) => true,
            (raw, values) if self.form.is_nothing(raw) => values.push_nothing(raw),
            (raw, values) => values.push_text(raw),
        };
        if is_kept {
            return Ok(());
        }
        Err(D::Error::custom("no room"))
    }
}

impl ValueSeed<'_> {
    fn number(self, number: f64) {
        if number.is_finite() {
            self.values.push_number(number);
        }
    }

    /// A text that means "no value" leaves the cell empty. What the server sent is kept for files of its values.
    fn nothing<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        if self.values.push_nothing(text) {
            return Ok(());
        }
        Err(E::custom("no room"))
    }

    /// A value of an unexpected type stays readable.
    fn unexpected<E: serde::de::Error>(self, value: &Value) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.visit_str(if value { "true" } else { "false" })
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "anything beyond that stays text"
    )]
    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        match value.unsigned_abs() {
            0..EXACT => self.number(value as f64),
            _ => return self.visit_str(&value.to_string()),
        }
        Ok(())
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "anything beyond that stays text"
    )]
    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        match value {
            0..EXACT => self.number(value as f64),
            _ => return self.visit_str(&value.to_string()),
        }
        Ok(())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        self.number(value);
        Ok(())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        if is_nothing(text) || (self.form == Encoding::Link && is_missing(text)) {
            return self.nothing(text);
        }
        if matches!(self.values, Values::Numbers(_)) {
            let trimmed = text.trim();
            if let Ok(whole) = trimmed.parse::<i64>()
                && whole.unsigned_abs() < EXACT
            {
                return self.visit_i64(whole);
            }
            match trimmed.parse::<f64>() {
                // A number with too many digits stays as it is written.
                Ok(number) if number.is_finite() && !is_long_whole(trimmed) => {
                    self.number(number);
                    return Ok(());
                }
                Ok(number) if number.is_nan() => return self.nothing(text),
                _ => {}
            }
        }
        if self.values.push_text(text) {
            return Ok(());
        }
        Err(E::custom("no room"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        let value = Value::deserialize(SeqAccessDeserializer::new(seq))?;
        self.unexpected(&value)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let value = Value::deserialize(MapAccessDeserializer::new(map))?;
        self.unexpected(&value)
    }
}

/// Returns `true` if a text is a whole number with more digits than a column of numbers keeps.
fn is_long_whole(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']);
    digits.len() > 15 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// From here on, `f64` does not represent every integer exactly.
const EXACT: u64 = 1 << 53;
