//! Statistics of a column: count, mean, median, range; frequencies of values; histogram.

use std::collections::{BTreeSet, HashMap};

use super::{Column, Sheet, column::list, natural_cmp};

/// Statistics of the numbers in some rows of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Their number; empty cells do not count.
    pub count: usize,
    /// Their mean.
    pub mean: f64,
    /// Their median.
    pub median: f64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
}

/// The distribution of numbers between the smallest and the largest.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// The smallest.
    pub from: f64,
    /// The largest.
    pub to: f64,
    /// The count in each of the equal bins.
    pub counts: Vec<usize>,
}

fn numbers(sheet: &Sheet, place: usize, rows: impl Iterator<Item = usize>) -> Vec<f64> {
    rows.map(|row| sheet.number(place, row))
        .filter(|number| number.is_finite())
        .collect()
}

/// Computes statistics of the numbers of a column; `None` if there are none.
pub fn summary(sheet: &Sheet, place: usize, rows: impl Iterator<Item = usize>) -> Option<Summary> {
    let mut numbers = numbers(sheet, place, rows);
    numbers.sort_unstable_by(f64::total_cmp);
    let count = numbers.len();
    let (least, most) = (*numbers.first()?, *numbers.last()?);
    let middle = *numbers.get(count / 2)?;
    let before = *numbers.get((count - 1) / 2)?;
    Some(Summary {
        count,
        mean: numbers.iter().sum::<f64>() / count as f64,
        median: f64::midpoint(before, middle),
        min: least,
        max: most,
    })
}

/// Computes the histogram of a column's numbers; `None` if it has none.
pub fn histogram(
    sheet: &Sheet,
    place: usize,
    rows: impl Iterator<Item = usize>,
    pieces: usize,
) -> Option<Histogram> {
    let numbers = numbers(sheet, place, rows);
    let from = numbers.iter().copied().reduce(f64::min)?;
    let to = numbers.iter().copied().reduce(f64::max)?;
    Some(counted(&numbers, from, to, pieces))
}

/// Counts the numbers of some rows in the bins of a histogram of more rows.
pub fn histogram_like(
    whole: &Histogram,
    sheet: &Sheet,
    place: usize,
    rows: impl Iterator<Item = usize>,
) -> Histogram {
    let numbers = numbers(sheet, place, rows);
    counted(&numbers, whole.from, whole.to, whole.counts.len())
}

fn counted(numbers: &[f64], from: f64, to: f64, pieces: usize) -> Histogram {
    let counts = vec![0; pieces.max(1)];
    let mut histogram = Histogram { from, to, counts };
    for number in numbers {
        let bin = histogram.bin_of(*number);
        if let Some(count) = histogram.counts.get_mut(bin) {
            *count += 1;
        }
    }
    histogram
}

impl Histogram {
    /// Returns the index of the bin that a number belongs to: the middle one if all numbers are equal.
    pub fn bin_of(&self, number: f64) -> usize {
        let share = if self.to > self.from {
            (number - self.from) / (self.to - self.from)
        } else {
            0.5
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the number of bins"
        )]
        let bin = (share * self.counts.len() as f64) as usize;
        bin.min(self.counts.len().saturating_sub(1))
    }
}

/// Returns the distinct values of a column as they are shown, each with its frequency, in the column's sort order; an
/// empty one at the end stands for empty cells. `None` if there are more than `most`.
pub fn value_counts(
    sheet: &Sheet,
    place: usize,
    rows: impl Iterator<Item = usize>,
    most: usize,
) -> Option<Vec<(String, usize)>> {
    if sheet.column(place).is_some_and(Column::is_list) {
        return list_counts(sheet, place, rows, most);
    }
    let ranks = sheet.ranks(place)?;
    // By rank first: texts are made only for distinct values.
    let mut by_rank: HashMap<u32, (usize, usize)> = HashMap::new();
    for row in rows {
        let rank = ranks.of_rows.get(row).copied().unwrap_or(u32::MAX);
        by_rank.entry(rank).or_insert((row, 0)).1 += 1;
        if by_rank.len() > most {
            return None;
        }
    }
    let mut by_rank: Vec<(u32, (usize, usize))> = by_rank.into_iter().collect();
    by_rank.sort_unstable_by_key(|(rank, _)| *rank);
    let mut counts: Vec<(String, usize)> = Vec::new();
    for (_, (row, count)) in by_rank {
        let text = sheet.text(place, row);
        match counts.last_mut() {
            // Numbers may differ beyond what is shown.
            Some(last) if last.0 == text => last.1 += count,
            _ => counts.push((text.into_owned(), count)),
        }
    }
    Some(counts)
}

/// Like [`value_counts`], for a column whose cells hold several values: each of them is counted.
fn list_counts(
    sheet: &Sheet,
    place: usize,
    rows: impl Iterator<Item = usize>,
    most: usize,
) -> Option<Vec<(String, usize)>> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let values = sheet.raw(place, row).map(list).unwrap_or_default();
        if values.is_empty() {
            *counts.entry(String::new()).or_default() += 1;
        }
        let values: BTreeSet<String> = values.into_iter().collect();
        for value in values {
            *counts.entry(value).or_default() += 1;
        }
        if counts.len() > most {
            return None;
        }
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|(a, _), (b, _)| a.is_empty().cmp(&b.is_empty()).then(natural_cmp(a, b)));
    Some(counts)
}
