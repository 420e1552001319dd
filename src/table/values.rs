//! The cells of a column, by type: numbers next to each other, texts as indices into a pool.

use std::collections::BTreeMap;

use super::pool::{Interner, Pool};

/// All cells of one column.
#[derive(Clone, Debug)]
pub(super) enum Values {
    Numbers(Numbers),
    Words(Words),
}

/// Cells that are numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    /// One per row; NaN if there is none.
    pub(super) values: Vec<f64>,
    /// What arrived in place of a number, by row.
    pub(super) odd: BTreeMap<u32, Box<str>>,
    /// Texts that mean "no value", such as an empty one, by row.
    pub(super) blank: BTreeMap<u32, Box<str>>,
}

/// Cells that are texts.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// One per row: 0 for no text, otherwise the text's index in the pool plus one.
    pub(super) ids: Vec<u32>,
    pub(super) pool: Pool,
    /// The numeric value of each text, if the column holds dates or the like.
    pub(super) numbers: Vec<f64>,
    /// Which texts of the pool mean "no value", although the server sent something: an empty list, an empty text.
    pub(super) nothing: Vec<bool>,
    /// Parses the texts as numbers.
    pub(super) reader: Option<fn(&str) -> Option<f64>>,
    finder: Interner,
}

impl Numbers {
    /// Returns the number of a row; NaN if there is none.
    pub(super) fn get(&self, row: usize) -> f64 {
        self.values.get(row).copied().unwrap_or(f64::NAN)
    }

    /// Returns the whole number of a row, also one that is too large to be kept exactly as a number.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole numbers below 2⁵³ only are stored as numbers"
    )]
    pub(super) fn whole(&self, row: usize) -> Option<i64> {
        let number = self.get(row);
        if number.is_finite() {
            return Some(number as i64);
        }
        self.odd(row)?.parse().ok()
    }

    /// Returns what is in place of the number.
    pub(super) fn odd(&self, row: usize) -> Option<&str> {
        let row = u32::try_from(row).ok()?;
        self.odd.get(&row).map(AsRef::as_ref)
    }

    /// Returns the text that the server sent instead of a number, even if it means "no value".
    pub(super) fn raw(&self, row: usize) -> Option<&str> {
        let nothing = || self.blank.get(&u32::try_from(row).ok()?);
        self.odd(row).or_else(|| nothing().map(AsRef::as_ref))
    }
}

impl Words {
    pub(super) fn new(reader: Option<fn(&str) -> Option<f64>>) -> Self {
        Self {
            reader,
            ..Self::default()
        }
    }

    /// Returns the index in the pool of what the server sent, even if it means "no value".
    fn sent(&self, row: usize) -> Option<usize> {
        self.ids
            .get(row)
            .and_then(|id| (*id as usize).checked_sub(1))
    }

    /// Returns what the server sent, even if it means "no value".
    pub(super) fn raw(&self, row: usize) -> Option<&str> {
        self.sent(row).map(|entry| self.pool.get(entry))
    }

    /// Returns `true` if a text of the pool means "no value".
    pub(super) fn is_blank(&self, entry: usize) -> bool {
        self.nothing.get(entry).copied().unwrap_or(false)
    }

    /// Returns the text's index in the pool; `None` if it means "no value".
    pub(super) fn entry(&self, row: usize) -> Option<usize> {
        self.sent(row).filter(|entry| !self.is_blank(*entry))
    }

    /// Returns the text of a row, or `None` if the cell is empty.
    pub(super) fn get(&self, row: usize) -> Option<&str> {
        self.entry(row).map(|entry| self.pool.get(entry))
    }

    /// Returns the numeric value of a row's text; NaN if it has none.
    pub(super) fn number(&self, row: usize) -> f64 {
        self.entry(row)
            .and_then(|entry| self.numbers.get(entry))
            .copied()
            .unwrap_or(f64::NAN)
    }

    /// Adds a row with a text that means "no value". Returns `false` if there is no space.
    pub(super) fn push_blank(&mut self, text: &str) -> bool {
        let is_there = self.push(text);
        let entry = self.ids.last().and_then(|id| (*id as usize).checked_sub(1));
        if let Some(entry) = entry.filter(|_| is_there) {
            if self.nothing.len() <= entry {
                self.nothing.resize(entry + 1, false);
            }
            if let Some(slot) = self.nothing.get_mut(entry) {
                *slot = true;
            }
        }
        is_there
    }

    /// Adds a row with a text. Returns `false` if there is no space.
    pub(super) fn push(&mut self, text: &str) -> bool {
        let before = self.pool.len();
        let Some(number) = self.finder.number(&mut self.pool, text) else {
            return false;
        };
        self.ids.push(number + 1);
        if let (Some(read), true) = (self.reader, self.pool.len() > before) {
            self.numbers.push(read(text).unwrap_or(f64::NAN));
        }
        true
    }
}

impl Values {
    /// Returns the number of rows added so far.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.values.len(),
            Self::Words(words) => words.ids.len(),
        }
    }

    /// Adds a row with a number.
    pub(super) fn push_number(&mut self, number: f64) {
        match self {
            Self::Numbers(numbers) => numbers.values.push(number),
            Self::Words(words) => {
                words.push(&number.to_string());
            }
        }
    }

    /// Adds a row with a text; in a column of numbers it is kept as an unexpected value. Returns `false` if there is
    /// no space.
    pub(super) fn push_text(&mut self, text: &str) -> bool {
        match self {
            Self::Numbers(numbers) => push_beside(&mut numbers.values, &mut numbers.odd, text),
            Self::Words(words) => words.push(text),
        }
    }

    /// Adds a row with a text that means "no value": the cell is empty. Returns `false` if there is no space.
    pub(super) fn push_nothing(&mut self, text: &str) -> bool {
        match self {
            Self::Numbers(numbers) => push_beside(&mut numbers.values, &mut numbers.blank, text),
            Self::Words(words) => words.push_blank(text),
        }
    }

    /// Resizes to `rows` rows: adds empty cells, or removes the last ones.
    pub(super) fn set_len(&mut self, rows: usize) {
        match self {
            Self::Numbers(numbers) => {
                numbers.values.resize(rows, f64::NAN);
                let rows = u32::try_from(rows).unwrap_or(u32::MAX);
                for texts in [&mut numbers.odd, &mut numbers.blank] {
                    if texts.last_key_value().is_some_and(|(row, _)| *row >= rows) {
                        texts.split_off(&rows);
                    }
                }
            }
            Self::Words(words) => words.ids.resize(rows, super::pool::NO_TEXT),
        }
    }

    /// Returns `true` if a cell is empty.
    pub(super) fn is_empty_at(&self, row: usize) -> bool {
        match self {
            Self::Numbers(numbers) => numbers.get(row).is_nan() && numbers.odd(row).is_none(),
            Self::Words(words) => words.entry(row).is_none(),
        }
    }

    /// Returns `true` if all cells are empty.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Numbers(numbers) => {
                numbers.odd.is_empty() && numbers.values.iter().all(|value| value.is_nan())
            }
            Self::Words(words) => (0..words.ids.len()).all(|row| words.entry(row).is_none()),
        }
    }

    /// Keeps only the rows that are `true` in the mask.
    pub(super) fn retain(&mut self, keeps: &[bool]) {
        let is_kept = |row: usize| keeps.get(row).copied().unwrap_or(false);
        match self {
            Self::Numbers(numbers) => {
                let mut kept = Numbers::default();
                for (row, value) in numbers.values.iter().enumerate() {
                    if !is_kept(row) {
                        continue;
                    }
                    match (numbers.odd(row), numbers.raw(row)) {
                        (Some(odd), _) => push_beside(&mut kept.values, &mut kept.odd, odd),
                        (None, Some(text)) => push_beside(&mut kept.values, &mut kept.blank, text),
                        (None, None) => {
                            kept.values.push(*value);
                            true
                        }
                    };
                }
                *numbers = kept;
            }
            Self::Words(words) => {
                let mut row = 0;
                words.ids.retain(|_| {
                    row += 1;
                    is_kept(row - 1)
                });
            }
        }
    }

    /// Returns the same cells without what is needed to add more.
    pub(super) fn copy(&self) -> Self {
        match self {
            Self::Numbers(numbers) => Self::Numbers(numbers.clone()),
            Self::Words(words) => Self::Words(Words {
                ids: words.ids.clone(),
                pool: words.pool.clone(),
                numbers: words.numbers.clone(),
                nothing: words.nothing.clone(),
                reader: words.reader,
                finder: Interner::default(),
            }),
        }
    }

    /// Frees what is needed only while rows are added.
    pub(super) fn shrink(&mut self) {
        match self {
            Self::Numbers(numbers) => numbers.values.shrink_to_fit(),
            Self::Words(words) => {
                words.ids.shrink_to_fit();
                words.pool.shrink();
                words.numbers.shrink_to_fit();
                words.finder = Interner::default();
            }
        }
    }

    /// Returns the memory used, in bytes.
    pub(super) fn memory(&self) -> usize {
        match self {
            Self::Numbers(numbers) => {
                let texts = numbers.odd.values().chain(numbers.blank.values());
                let texts = texts.map(|text| text.len() + 24);
                numbers.values.capacity() * size_of::<f64>() + texts.sum::<usize>()
            }
            Self::Words(words) => {
                words.ids.capacity() * size_of::<u32>()
                    + words.pool.memory()
                    + words.numbers.capacity() * size_of::<f64>()
            }
        }
    }
}

/// Adds a row without a number, whose text is kept beside the numbers. Returns `false` if there is no space.
fn push_beside(values: &mut Vec<f64>, texts: &mut BTreeMap<u32, Box<str>>, text: &str) -> bool {
    let Ok(row) = u32::try_from(values.len()) else {
        return false;
    };
    values.push(f64::NAN);
    texts.insert(row, text.into());
    true
}
