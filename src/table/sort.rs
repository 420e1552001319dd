//! Sorting by ranks: each column is ranked once, then any combination of columns is a comparison of
//! small numbers. Empty cells come last whichever way it is sorted; equal rows keep their order.

use std::cmp::Ordering;

use super::{Cell, Column, ColumnKind, Row, natural_cmp};

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// The column's field.
    pub field: String,
    /// Which way.
    pub direction: Direction,
}

/// Rank of an empty cell.
const EMPTY: u32 = u32::MAX;

/// The places of `rows` in the order that `keys` ask for, first key first.
pub fn sorted(rows: &[Row], columns: &[Column], keys: &[SortKey]) -> Vec<u32> {
    let ranked: Vec<(Vec<u32>, Direction)> = keys
        .iter()
        .filter_map(|key| {
            let column = columns.iter().find(|column| column.field == key.field)?;
            Some((ranks(rows, column), key.direction))
        })
        .collect();
    let mut order: Vec<u32> = places(rows);
    order.sort_by(|&a, &b| {
        ranked
            .iter()
            .map(|(ranks, direction)| compare(rank_of(ranks, a), rank_of(ranks, b), *direction))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    order
}

fn places(rows: &[Row]) -> Vec<u32> {
    (0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect()
}

fn rank_of(ranks: &[u32], place: u32) -> u32 {
    ranks.get(place as usize).copied().unwrap_or(EMPTY)
}

fn compare(a: u32, b: u32, direction: Direction) -> Ordering {
    match (a == EMPTY, b == EMPTY, direction) {
        (false, false, Direction::Descending) => b.cmp(&a),
        (false, false, Direction::Ascending) | (true, _, _) | (_, true, _) => a.cmp(&b),
    }
}

/// One number per row that orders as the cells do; equal cells get equal numbers.
fn ranks(rows: &[Row], column: &Column) -> Vec<u32> {
    let cells: Vec<Cell<'_>> = rows.iter().map(|row| column.cell(row)).collect();
    let mut order = places(rows);
    let cell = |place: u32| cells.get(place as usize).unwrap_or(&Cell::Empty);
    order.sort_by(|&a, &b| compare_cells(cell(a), cell(b), column.kind));
    let mut ranks = vec![EMPTY; rows.len()];
    let (mut rank, mut before) = (0, None);
    for place in order {
        let here = cell(place);
        if here.is_empty() {
            continue;
        }
        if before.is_some_and(|before| compare_cells(before, here, column.kind).is_ne()) {
            rank += 1;
        }
        before = Some(here);
        if let Some(slot) = ranks.get_mut(place as usize) {
            *slot = rank;
        }
    }
    ranks
}

/// Numbers before times before words before nothing; within each as the type asks.
fn compare_cells(a: &Cell<'_>, b: &Cell<'_>, kind: ColumnKind) -> Ordering {
    match (a, b) {
        (Cell::Number(a), Cell::Number(b)) => a.total_cmp(b),
        (Cell::Moment(a), Cell::Moment(b)) => a.cmp(b),
        (Cell::Text(a), Cell::Text(b)) => match kind {
            ColumnKind::Category(words) => {
                let place = |text: &str| {
                    words
                        .iter()
                        .position(|word| *word == text)
                        .unwrap_or(words.len())
                };
                place(a).cmp(&place(b)).then_with(|| natural_cmp(a, b))
            }
            ColumnKind::Text
            | ColumnKind::Number(_)
            | ColumnKind::Whole
            | ColumnKind::Moment
            | ColumnKind::Duration => natural_cmp(a, b),
        },
        _ => sort_of(a).cmp(&sort_of(b)),
    }
}

fn sort_of(cell: &Cell<'_>) -> u8 {
    match cell {
        Cell::Number(_) => 0,
        Cell::Moment(_) => 1,
        Cell::Text(_) => 2,
        Cell::Empty => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{TargetKey, Tas},
        table::all_columns,
    };

    fn rows(values: &[(&str, Option<f64>, &str)]) -> Vec<Row> {
        let row = |(code, rfree, confidence): &(&str, Option<f64>, &str)| Row {
            experiment: serde_json::from_value(serde_json::json!({
                "id": 1, "code": code, "refinement_rfree": rfree, "ligand_confidence": confidence,
            }))
            .unwrap(),
            target: TargetKey {
                title: "A".to_owned(),
                tas: Tas::new("lb1-1"),
            },
            compound: None,
        };
        values.iter().map(row).collect()
    }

    fn order(rows: &[Row], keys: &[(&str, Direction)]) -> Vec<String> {
        let keys: Vec<SortKey> = keys
            .iter()
            .map(|(field, direction)| SortKey {
                field: (*field).to_owned(),
                direction: *direction,
            })
            .collect();
        sorted(rows, &all_columns(rows), &keys)
            .into_iter()
            .map(|place| rows[place as usize].experiment.code.or_empty().to_owned())
            .collect()
    }

    #[test]
    fn empty_cells_come_last_both_ways_and_equal_rows_keep_their_order() {
        let rows = rows(&[
            ("x1", None, ""),
            ("x2", Some(0.2), ""),
            ("x3", Some(0.1), ""),
            ("x4", Some(0.2), ""),
        ]);
        assert_eq!(
            order(&rows, &[("refinement_rfree", Direction::Ascending)]),
            ["x3", "x2", "x4", "x1"]
        );
        assert_eq!(
            order(&rows, &[("refinement_rfree", Direction::Descending)]),
            ["x2", "x4", "x3", "x1"]
        );
    }

    #[test]
    fn codes_sort_naturally_and_categories_in_their_own_order() {
        let rows = rows(&[
            ("x10", None, "High confidence"),
            ("x2", None, "Low confidence"),
            ("x1", None, "No ligand modelled"),
        ]);
        assert_eq!(
            order(&rows, &[("code", Direction::Ascending)]),
            ["x1", "x2", "x10"]
        );
        assert_eq!(
            order(&rows, &[("ligand_confidence", Direction::Ascending)]),
            ["x1", "x2", "x10"]
        );
    }

    #[test]
    fn further_columns_decide_where_the_first_is_equal() {
        let rows = rows(&[
            ("x2", Some(0.1), ""),
            ("x1", Some(0.1), ""),
            ("x3", Some(0.05), ""),
        ]);
        let keys = [
            ("refinement_rfree", Direction::Ascending),
            ("code", Direction::Descending),
        ];
        assert_eq!(order(&rows, &keys), ["x3", "x2", "x1"]);
    }
}
