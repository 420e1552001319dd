//! One number per row that sorts as the cells do: sorting by any columns then means moving small numbers.

use std::cmp::Ordering;

use super::{Column, natural, values::Values};

/// Rank of an empty cell.
pub(super) const EMPTY: u32 = u32::MAX;

/// The ranks of a column.
#[derive(Debug, Default)]
pub(super) struct Ranks {
    /// One per row; equal cells have equal ranks, empty ones have [`EMPTY`].
    pub(super) of_rows: Vec<u32>,
    /// How many distinct ranks there are.
    pub(super) count: u32,
}

/// Ranks a column: numbers before texts before empty cells; within each as its type requires.
pub(super) fn of(column: &Column, values: &Values, rows: usize) -> Ranks {
    match values {
        Values::Numbers(numbers) => {
            let mut keys: Vec<(u64, u32)> = (0_u32..)
                .zip(&numbers.values)
                .filter(|(_, number)| !number.is_nan())
                .map(|(row, number)| (order_key(*number), row))
                .collect();
            sort_keys(&mut keys);
            let mut ranks = Ranks {
                of_rows: vec![EMPTY; rows],
                count: 0,
            };
            ranks.give(keys.iter().map(|(key, row)| (*key, *row)));
            let mut odd: Vec<(Vec<u8>, &str, u32)> = numbers
                .odd
                .iter()
                .map(|(row, text)| (natural::key(text), text.as_ref(), *row))
                .collect();
            odd.sort_unstable();
            ranks.give(odd.iter().map(|(key, text, row)| ((key, *text), *row)));
            ranks
        }
        Values::Words(words) => {
            let count = words.pool.len();
            let keys = WordKeys::new(column, words);
            let mut entries: Vec<u32> = (0..u32::try_from(count).unwrap_or(u32::MAX)).collect();
            entries.sort_unstable_by(|a, b| keys.compare(*a as usize, *b as usize));
            let mut of_entries = vec![EMPTY; count];
            let mut next = 0;
            for (at, entry) in entries.iter().enumerate() {
                let before = at.checked_sub(1).and_then(|at| entries.get(at));
                if before
                    .is_some_and(|before| keys.compare(*before as usize, *entry as usize).is_ne())
                {
                    next += 1;
                }
                if let Some(slot) = of_entries.get_mut(*entry as usize) {
                    *slot = next;
                }
            }
            let of_rows = (0..rows).map(|row| {
                let entry = words.entry(row);
                entry
                    .and_then(|entry| of_entries.get(entry))
                    .copied()
                    .unwrap_or(EMPTY)
            });
            Ranks {
                of_rows: of_rows.collect(),
                count: if count == 0 { 0 } else { next + 1 },
            }
        }
    }
}

impl Ranks {
    /// Assigns the next ranks to rows in order; equal keys get equal ranks.
    fn give<K: PartialEq>(&mut self, keys: impl Iterator<Item = (K, u32)>) {
        let mut before = None;
        for (key, row) in keys {
            if before.as_ref() != Some(&key) {
                self.count += 1;
                before = Some(key);
            }
            if let Some(slot) = self.of_rows.get_mut(row as usize) {
                *slot = self.count - 1;
            }
        }
    }
}

/// The keys by which the texts of a column are compared.
struct WordKeys {
    /// The numeric values of texts; NaN if there is none.
    numbers: Vec<f64>,
    /// Index in the category's own order.
    listed: Vec<usize>,
    /// Natural keys, one after the other, and where each ends.
    natural: Vec<u8>,
    ends: Vec<usize>,
    /// The first bytes of each key: they decide most comparisons.
    heads: Vec<u64>,
}

impl WordKeys {
    fn new(column: &Column, words: &super::values::Words) -> Self {
        let mut keys = Self {
            numbers: words.numbers.clone(),
            listed: Vec::new(),
            natural: Vec::new(),
            ends: Vec::new(),
            heads: Vec::new(),
        };
        let listed = column.listed();
        for raw in words.pool.iter() {
            let shown = column.form.shown(raw);
            if let Some(listed) = &listed {
                let place = listed.iter().position(|word| *word == shown);
                keys.listed.push(place.unwrap_or(listed.len()));
            }
            let start = keys.natural.len();
            natural::push_key(&mut keys.natural, &shown);
            keys.ends.push(keys.natural.len());
            let head = keys.natural.get(start..).unwrap_or_default();
            let mut bytes = [0; 8];
            for (slot, byte) in bytes.iter_mut().zip(head) {
                *slot = *byte;
            }
            keys.heads.push(u64::from_be_bytes(bytes));
        }
        keys
    }

    fn key(&self, entry: usize) -> &[u8] {
        let end = |at: usize| self.ends.get(at).copied().unwrap_or(0);
        let start = entry.checked_sub(1).map_or(0, end);
        self.natural.get(start..end(entry)).unwrap_or_default()
    }

    fn compare(&self, a: usize, b: usize) -> Ordering {
        let number = |entry: usize| {
            let number = self.numbers.get(entry).copied();
            number.filter(|number| !number.is_nan())
        };
        match (number(a), number(b)) {
            (Some(a), Some(b)) => return a.total_cmp(&b),
            (Some(_), None) => return Ordering::Less,
            (None, Some(_)) => return Ordering::Greater,
            (None, None) => {}
        }
        let listed = self.listed.get(a).cmp(&self.listed.get(b));
        listed
            .then_with(|| self.heads.get(a).cmp(&self.heads.get(b)))
            .then_with(|| self.key(a).cmp(self.key(b)))
    }
}

/// Returns a whole number that sorts as the number does; both zeros are equal.
fn order_key(number: f64) -> u64 {
    let bits = (number + 0.0).to_bits();
    if bits >> 63 == 0 {
        bits | (1 << 63)
    } else {
        !bits
    }
}

/// Sorts by the key, equal ones by row.
fn sort_keys(keys: &mut [(u64, u32)]) {
    keys.sort_unstable();
}
