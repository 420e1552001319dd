//! Sorting by ranks: each column is ranked once, then rows are sorted by small numbers. Empty cells come last in
//! either direction; equal rows keep their order.

use serde::{Deserialize, Serialize};

use super::{
    Sheet,
    hit_columns::STRUCTURE,
    ranks::{EMPTY, Ranks},
};

/// The direction of sorting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

impl Direction {
    /// Returns the opposite direction.
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
    /// The direction.
    pub direction: Direction,
}

/// Maximum number of radix buckets per pass; the counters must fit into the L1 cache.
const BUCKETS: u32 = 1 << 12;

/// Sorts rows, given by their indices, by `keys`, the first key first.
pub fn sort_rows(sheet: &Sheet, keys: &[SortKey], rows: Vec<u32>) -> Vec<u32> {
    let mut order = rows;
    // From the last key to the first: each pass keeps the order of the previous ones among equal rows.
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
    // Empty cells have the highest rank.
    while shift < u32::BITS && count >> shift > 0 {
        let digit = |pair: &(u32, u32)| ((pair.0 >> shift) % BUCKETS) as usize;
        let heaps = (count >> shift).min(BUCKETS - 1) as usize + 1;
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
        shift += BUCKETS.trailing_zeros();
    }
    pairs.into_iter().map(|(_, row)| row).collect()
}

impl Sheet {
    /// Returns all rows sorted by their codes: the order of rows that are equal in the sorted column. The server's
    /// own order is arbitrary (server-api 7).
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

    /// Computes everything that sorting and searching need, so that the first click does not wait. Takes a while:
    /// call it in the background.
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
