//! Sorting by ranks: each column is ranked once, then rows are moved by small numbers. Empty cells come last
//! whichever way it is sorted; equal rows keep their order.

use serde::{Deserialize, Serialize};

use super::{
    Sheet,
    hit_columns::STRUCTURE,
    ranks::{EMPTY, Ranks},
};

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Small first.
    Ascending,
    /// Large first.
    Descending,
}

impl Direction {
    /// The other way.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// A column to sort by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SortKey {
    /// The column's field.
    pub field: String,
    /// Which way.
    pub direction: Direction,
}

/// Most heaps in which rows are laid at a time: they must fit into the processor's nearest memory.
const HEAPS: u32 = 1 << 12;

/// Puts rows, by their places, into the order that `keys` ask for, first key first.
pub fn sort_rows(sheet: &Sheet, keys: &[SortKey], rows: Vec<u32>) -> Vec<u32> {
    let mut order = rows;
    // From the last key to the first: each pass keeps the order of the ones before among equals.
    for key in keys.iter().rev() {
        let ranks = sheet.place(&key.field).and_then(|place| sheet.ranks(place));
        if let Some(ranks) = ranks {
            order = by_ranks(&order, ranks, key.direction);
        }
    }
    order
}

fn by_ranks(rows: &[u32], ranks: &Ranks, direction: Direction) -> Vec<u32> {
    let count = ranks.count;
    let turned = |row: u32| {
        let rank = ranks.of_rows.get(row as usize).copied().unwrap_or(EMPTY);
        match (rank, direction) {
            (EMPTY, _) => count,
            (rank, Direction::Ascending) => rank,
            (rank, Direction::Descending) => count - 1 - rank,
        }
    };
    let mut pairs: Vec<(u32, u32)> = rows.iter().map(|row| (turned(*row), *row)).collect();
    let mut spare = vec![(0, 0); pairs.len()];
    let mut shift = 0_u32;
    // The empty ones have the largest number.
    while shift < u32::BITS && count >> shift > 0 {
        let digit = |pair: &(u32, u32)| ((pair.0 >> shift) % HEAPS) as usize;
        let heaps = (count >> shift).min(HEAPS - 1) as usize + 1;
        let mut starts = vec![0_usize; heaps];
        for pair in &pairs {
            if let Some(start) = starts.get_mut(digit(pair)) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += std::mem::replace(start, sum);
        }
        for pair in &pairs {
            if let Some(start) = starts.get_mut(digit(pair)) {
                if let Some(slot) = spare.get_mut(*start) {
                    *slot = *pair;
                }
                *start += 1;
            }
        }
        std::mem::swap(&mut pairs, &mut spare);
        shift += HEAPS.trailing_zeros();
    }
    pairs.into_iter().map(|(_, row)| row).collect()
}

impl Sheet {
    /// All rows by their codes: the order of those that are equal in what someone sorts by. The server's own order
    /// is no order (server-api 7).
    pub(super) fn by_code(&self) -> &[u32] {
        self.by_code.get_or_init(|| {
            let rows = (0_u32..).take(self.len()).collect();
            let key = SortKey {
                field: "code".to_owned(),
                direction: Direction::Ascending,
            };
            sort_rows(self, &[key], rows)
        })
    }

    /// Works out everything that sorting and finding need, so that the first click does not wait. Takes a
    /// while: to be called beside the window.
    pub fn prepare(&self) {
        for place in 0..self.columns().len() {
            self.ranks(place);
            self.index(place);
        }
        if let Some(place) = self.place(STRUCTURE) {
            self.molecules(place);
        }
        self.by_code();
    }
}
