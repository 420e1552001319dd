//! What a plot of two numbers shows, computed once for each change of the table.

use super::groups::{Dot, Group, grouped};
use crate::state::State;

/// More points could not be distinguished, and drawing them is slow.
pub(super) const MOST_POINTS: usize = 20_000;

/// The columns of a plot: x, y, and the one that colours the dots.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Axes {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) colour: Option<usize>,
}

/// The dots of a table as it is shown.
pub(super) struct Dots {
    made_for: (usize, u64, Axes),
    /// All dots that have both numbers.
    pub(super) all: Vec<Dot>,
    /// The dots that are drawn, grouped by colour.
    pub(super) groups: Vec<Group>,
    /// Those of the drawn dots that are selected.
    pub(super) selected: Vec<[f64; 2]>,
    /// How many are selected, drawn or not.
    pub(super) selected_count: usize,
}

impl Dots {
    /// Updates the dots if anything has changed, and returns them.
    pub(in crate::ui) fn of<'a>(kept: &'a mut Option<Self>, state: &State, axes: Axes) -> &'a Self {
        let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
        let made_for = (sheet.identity(), view.revision(), axes);
        if kept.as_ref().is_none_or(|dots| dots.made_for != made_for) {
            *kept = None;
        }
        kept.get_or_insert_with(|| {
            let dot = |row: usize| {
                let at = [sheet.number(axes.x, row), sheet.number(axes.y, row)];
                (at[0].is_finite() && at[1].is_finite()).then_some(Dot { row, at })
            };
            let all: Vec<Dot> = view.shown().filter_map(dot).collect();
            let drawn = all.get(..all.len().min(MOST_POINTS)).unwrap_or_default();
            let is_selected = |dot: &&Dot| view.is_selected(sheet.id(dot.row));
            let selected = drawn.iter().filter(is_selected);
            Self {
                made_for,
                groups: grouped(sheet, axes.colour, drawn),
                selected: selected.map(|dot| dot.at).collect(),
                selected_count: all.iter().filter(is_selected).count(),
                all,
            }
        })
    }

    /// Returns the dots that are drawn.
    pub(super) fn drawn(&self) -> &[Dot] {
        let count = self.all.len().min(MOST_POINTS);
        self.all.get(..count).unwrap_or_default()
    }
}
