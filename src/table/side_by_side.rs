//! Two targets side by side: what was seen of the same compound, scaffold or site in each.

use std::collections::HashMap;

use super::{Group, Sheet, groups::best};

/// The rows of two targets that have one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The value as it is shown, such as the code of a compound.
    pub value: String,
    /// The rows of each of the two targets, in their order; not empty for both.
    pub rows: [Vec<usize>; 2],
    /// The row of each target with the best resolution; `None` if the target has none.
    pub best: [Option<usize>; 2],
}

impl Pair {
    /// Returns `true` if both targets have rows with this value.
    pub fn is_in_both(&self) -> bool {
        self.best.iter().all(Option::is_some)
    }
}

/// Returns what two targets have of each value, by their indexes in the table's list of targets. Groups without a
/// value are left out: they have nothing in common. What both have comes first, then the order is that of the groups.
pub fn side_by_side(sheet: &Sheet, groups: &[Group], targets: [usize; 2]) -> Vec<Pair> {
    let resolution = sheet.place("refinement_resolution");
    let of = |group: &Group, target: usize| -> Vec<usize> {
        let rows = group.rows.iter().copied();
        rows.filter(|row| sheet.target_place(*row).map(|place| place as usize) == Some(target))
            .collect()
    };
    let named = groups.iter().filter(|group| !group.value.is_empty());
    let mut pairs: Vec<Pair> = named
        .map(|group| {
            let rows = targets.map(|target| of(group, target));
            let best = [&rows[0], &rows[1]]
                .map(|rows| (!rows.is_empty()).then(|| best(sheet, resolution, rows)));
            Pair {
                value: group.value.clone(),
                rows,
                best,
            }
        })
        .filter(|pair| pair.best.iter().any(Option::is_some))
        .collect();
    pairs.sort_by_key(|pair| !pair.is_in_both());
    pairs
}

/// Returns the two targets that have most values in common, by their indexes, the smaller one first. Where none has
/// anything in common with another, the first two that have rows at all; `None` if there are not two.
pub fn closest_targets(groups: &[Group]) -> Option<[usize; 2]> {
    let mut shared: HashMap<[usize; 2], usize> = HashMap::new();
    let mut seen: Vec<usize> = Vec::new();
    for group in groups {
        let targets: Vec<usize> = group.of_targets.iter().map(|(place, _)| *place).collect();
        seen.extend(&targets);
        if group.value.is_empty() {
            continue;
        }
        for (at, first) in targets.iter().enumerate() {
            for second in &targets[at + 1..] {
                *shared.entry([*first, *second]).or_default() += 1;
            }
        }
    }
    let closest = shared
        .into_iter()
        .max_by_key(|(pair, count)| (*count, std::cmp::Reverse(*pair)));
    closest.map(|(pair, _)| pair).or_else(|| {
        seen.sort_unstable();
        seen.dedup();
        Some([*seen.first()?, *seen.get(1)?])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(value: &str, of_targets: &[(usize, usize)]) -> Group {
        Group {
            value: value.to_owned(),
            rows: Vec::new(),
            representative: 0,
            of_targets: of_targets.to_vec(),
        }
    }

    #[test]
    fn the_closest_targets_have_most_values_in_common_whatever_their_number_of_rows() {
        let groups = [
            group("a", &[(0, 90), (2, 90)]),
            group("b", &[(1, 1), (2, 1)]),
            group("c", &[(1, 1), (2, 1), (3, 1)]),
            group("", &[(0, 9), (3, 9)]),
        ];
        assert_eq!(closest_targets(&groups), Some([1, 2]));
        // As close as each other: the ones that come first.
        let groups = [group("a", &[(2, 1), (3, 1)]), group("b", &[(0, 1), (4, 1)])];
        assert_eq!(closest_targets(&groups), Some([0, 4]));
    }

    #[test]
    fn targets_with_nothing_in_common_are_still_put_side_by_side() {
        let groups = [group("a", &[(3, 1)]), group("b", &[(1, 1)])];
        assert_eq!(closest_targets(&groups), Some([1, 3]));
        assert_eq!(closest_targets(&[group("a", &[(3, 1)])]), None);
        assert_eq!(closest_targets(&[]), None);
    }
}
