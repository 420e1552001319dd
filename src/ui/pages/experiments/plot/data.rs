//! What a plot of two numbers shows, computed once for each change of the table.

use egui::Color32;

use crate::{
    state::State,
    table::{Sheet, or_empty, value_counts},
    ui::theme::Tokens,
};

/// Number of categories with a colour of their own; all others share one.
const MOST_GROUPS: usize = 8;
/// More points cannot be told apart, and drawing them is slow.
pub(super) const MOST_POINTS: usize = 20_000;

/// A row of the plot.
#[derive(Clone, Copy)]
pub(super) struct Dot {
    pub(super) row: usize,
    pub(super) at: [f64; 2],
}

/// Dots of the same category.
pub(super) struct Group {
    pub(super) name: String,
    /// Its index in the list of colours; `None` for all others together.
    place: Option<usize>,
    pub(super) dots: Vec<[f64; 2]>,
}

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
    /// All that have both numbers.
    pub(super) all: Vec<Dot>,
    /// Those that are drawn, by category.
    pub(super) groups: Vec<Group>,
    /// Those of them that are selected.
    pub(super) selected: Vec<[f64; 2]>,
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
            let selected = drawn
                .iter()
                .filter(|dot| view.is_selected(sheet.id(dot.row)));
            Self {
                made_for,
                groups: grouped(sheet, axes.colour, drawn),
                selected: selected.map(|dot| dot.at).collect(),
                all,
            }
        })
    }

    /// Those that are drawn.
    pub(super) fn drawn(&self) -> &[Dot] {
        let count = self.all.len().min(MOST_POINTS);
        self.all.get(..count).unwrap_or_default()
    }
}

impl Group {
    pub(super) fn colour(&self, tokens: &Tokens) -> Color32 {
        let colour = self.place.and_then(|place| tokens.series().get(place));
        colour.copied().unwrap_or(tokens.idle)
    }
}

/// Groups the dots by category, the most frequent first.
fn grouped(sheet: &Sheet, colour: Option<usize>, dots: &[Dot]) -> Vec<Group> {
    let places = |dots: &[Dot]| dots.iter().map(|dot| dot.at).collect();
    let Some(column) = colour else {
        return vec![Group {
            name: "Experiments".to_owned(),
            place: Some(0),
            dots: places(dots),
        }];
    };
    let rows = dots.iter().map(|dot| dot.row);
    let mut counts = value_counts(sheet, column, rows, usize::MAX).unwrap_or_default();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(MOST_GROUPS);
    let mut groups: Vec<Group> = counts
        .iter()
        .enumerate()
        .map(|(place, (text, _))| Group {
            name: or_empty(text).to_owned(),
            place: Some(place),
            dots: Vec::new(),
        })
        .collect();
    let mut others = Vec::new();
    for dot in dots {
        let text = sheet.text(column, dot.row);
        let known = counts.iter().position(|(known, _)| *known == text);
        match known.and_then(|place| groups.get_mut(place)) {
            Some(group) => group.dots.push(dot.at),
            None => others.push(dot.at),
        }
    }
    if !others.is_empty() {
        groups.push(Group {
            name: "Other".to_owned(),
            place: None,
            dots: others,
        });
    }
    groups
}
