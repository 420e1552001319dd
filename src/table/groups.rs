//! Rows grouped by what they have in common: the same compound in several targets, the same scaffold, the same site.

use std::collections::HashMap;

use super::{Column, Sheet, column::list, natural_cmp};

/// Rows that have a value in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The value as it is shown; empty for rows without one.
    pub value: String,
    /// The rows, in their order.
    pub rows: Vec<usize>,
    /// The row that represents them: the one with the best resolution, or else the first.
    pub representative: usize,
    /// How many rows each target has, by its index in the table's list; targets without any are left out.
    pub of_targets: Vec<(usize, usize)>,
}

/// Groups some rows by the values of a column; where its cells hold several values, a row is in several groups. The
/// largest group comes first, rows without a value last.
pub fn groups(sheet: &Sheet, place: usize, rows: impl Iterator<Item = usize>) -> Vec<Group> {
    let is_list = sheet.column(place).is_some_and(Column::is_list);
    let mut found: HashMap<String, Vec<usize>> = HashMap::new();
    for row in rows {
        let mut values = if is_list {
            sheet.raw(place, row).map(list).unwrap_or_default()
        } else {
            vec![sheet.text(place, row).into_owned()]
        };
        values.dedup();
        if values.is_empty() {
            values.push(String::new());
        }
        for value in values {
            found.entry(value).or_default().push(row);
        }
    }
    let resolution = sheet.place("refinement_resolution");
    let mut groups: Vec<Group> = found
        .into_iter()
        .map(|(value, rows)| Group {
            representative: best(sheet, resolution, &rows),
            of_targets: targets(sheet, &rows),
            value,
            rows,
        })
        .collect();
    groups.sort_by(|a, b| {
        let empty = a.value.is_empty().cmp(&b.value.is_empty());
        let size = b.rows.len().cmp(&a.rows.len());
        empty.then(size).then(natural_cmp(&a.value, &b.value))
    });
    groups
}

/// Returns the row with the best resolution; rows without one come last.
pub(super) fn best(sheet: &Sheet, resolution: Option<usize>, rows: &[usize]) -> usize {
    let number = |row: usize| {
        let number = resolution.map_or(f64::NAN, |place| sheet.number(place, row));
        if number.is_finite() {
            number
        } else {
            f64::INFINITY
        }
    };
    let mut rows = rows.iter().copied();
    let first = rows.next().unwrap_or_default();
    rows.fold(first, |best, row| {
        if number(row) < number(best) {
            row
        } else {
            best
        }
    })
}

fn targets(sheet: &Sheet, rows: &[usize]) -> Vec<(usize, usize)> {
    let mut counts = vec![0; sheet.target_list().len()];
    for row in rows {
        let place = sheet.target_place(*row).map(|place| place as usize);
        if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
            *count += 1;
        }
    }
    let counts = counts.into_iter().enumerate();
    counts.filter(|(_, count)| *count > 0).collect()
}
