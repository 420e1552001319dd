//! The distribution of the numbers of one column.

use egui::{Pos2, Role, Sense, Ui, Vec2, WidgetInfo};
use egui_plot::{Bar, BarChart, Plot};

use super::{
    axes::{still, with_axis_labels},
    selecting::{Selecting, select_rows},
};
use crate::{
    model::count_text,
    state::{Command, State},
    table::{ChartAxis, Column, Histogram, histogram, histogram_like},
    ui::theme::{Tokens, Type},
};

/// Number of bins: few enough to show the shape of the distribution, and not every outlier.
pub(super) const PIECES: usize = 16;

/// The histogram of the shown rows, and that of the selected ones among them.
pub(super) struct Distribution {
    made_for: (usize, u64, usize),
    pub(super) all: Histogram,
    pub(super) selected: Histogram,
}

impl Distribution {
    /// Counts the numbers of a column if anything has changed; `None` if no shown row has one.
    pub(super) fn of<'a>(
        kept: &'a mut Option<Self>,
        state: &State,
        place: usize,
    ) -> Option<&'a Self> {
        let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
        let made_for = (sheet.identity(), view.revision(), place);
        if kept.as_ref().is_none_or(|kept| kept.made_for != made_for) {
            *kept = Self::counted(state, place, made_for);
        }
        kept.as_ref()
    }

    fn counted(state: &State, place: usize, made_for: (usize, u64, usize)) -> Option<Self> {
        let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
        let all = histogram(sheet, place, view.shown(), PIECES)?;
        let selected = view.shown().filter(|row| view.is_selected(sheet.id(*row)));
        let selected = histogram_like(&all, sheet, place, selected);
        Some(Self {
            made_for,
            all,
            selected,
        })
    }
}

/// Draws a histogram of a column, in which a drag or a click selects rows.
pub(super) fn spread_ui(
    ui: &mut Ui,
    place: usize,
    (kept, selecting): (&mut Option<Distribution>, &mut Selecting),
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    let sheet = state.experiments.sheet();
    let (Some(spread), Some(column)) = (Distribution::of(kept, state, place), sheet.column(place))
    else {
        ui.label(Type::Body.text("No shown row has a value in this column.", tokens.muted));
        return;
    };
    note_ui(ui, spread, state);
    let title = column.title().into_owned();
    let scale = Scale::of(&spread.all, column);
    let rows = sheet.subject().title();
    let plot = still(Plot::new(("histogram of the table", place)));
    let shown = with_axis_labels(plot, tokens, Some(column), None)
        .x_axis_label(title.clone())
        .y_axis_label(rows)
        .sense(Sense::CLICK | Sense::DRAG)
        .min_size(Vec2::splat(80.0))
        .show(ui, |plot| {
            plot.bar_chart(
                BarChart::new(rows, scale.bars(&spread.all.counts, 1.0)).color(tokens.accent),
            );
            let selected = BarChart::new("Selected", scale.bars(&spread.selected.counts, 0.5));
            plot.bar_chart(selected.color(tokens.text));
        });
    let name = format!("Histogram of {title}");
    shown
        .response
        .widget_info(|| WidgetInfo::labeled(Role::Figure, true, &name));
    let number_at = |x: f32| {
        let at = Pos2::new(x, 0.0);
        shown.transform.value_from_position(at).x
    };
    let response = &shown.response;
    let frame = *shown.transform.frame();
    let clicked = response
        .interact_pointer_pos()
        .filter(|_| response.clicked());
    let is_meant: Box<dyn Fn(f64) -> bool> = if let Some(at) = clicked {
        let Some(bin) = scale.bin_at(number_at(at.x)) else {
            return;
        };
        let all = &spread.all;
        Box::new(move |number| number.is_finite() && all.bin_of(number) == bin)
    } else if let Some([from, to]) = selecting.follow_range(ui, response, frame) {
        let range = number_at(from)..=number_at(to);
        Box::new(move |number| range.contains(&number))
    } else {
        return;
    };
    let rows = state.experiments.view.shown();
    let rows = rows.filter(|row| is_meant(sheet.number(place, *row)));
    select_rows(ui, state, rows.map(|row| sheet.id(row)).collect(), commands);
}

/// Draws how many rows the histogram shows, and what can be done in it.
fn note_ui(ui: &mut Ui, spread: &Distribution, state: &State) {
    let tokens = Tokens::of(ui);
    let count: usize = spread.all.counts.iter().sum();
    let selected: usize = spread.selected.counts.iter().sum();
    let mut text = format!("{} values", count_text(count));
    let without = state.experiments.view.len() - count;
    if without > 0 {
        text += &format!(" · {} without a value", count_text(without));
    }
    if selected > 0 {
        text += &format!(" · narrow bars: {} selected", count_text(selected));
    }
    text += " · drag or click a bar to select";
    ui.horizontal_wrapped(|ui| {
        ui.add_space(8.0);
        ui.label(Type::Small.text(text, tokens.muted));
    });
}

/// Where the bins of a histogram begin and end on the axis.
struct Scale {
    from: f64,
    bin: f64,
    count: usize,
}

impl Scale {
    /// Returns the scale of a column's histogram; a single number has space around it.
    fn of(histogram: &Histogram, column: &Column) -> Self {
        let ends = [histogram.from, histogram.to];
        let [from, to] = if histogram.from < histogram.to {
            ends
        } else {
            let axis = ChartAxis::around(column, ends.into_iter());
            [axis.from, axis.to]
        };
        let count = histogram.counts.len().max(1);
        let bin = (to - from) / count as f64;
        Self { from, bin, count }
    }

    /// Returns the bars, each as wide as this share of a bin.
    fn bars(&self, counts: &[usize], share: f64) -> Vec<Bar> {
        let counts = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let bar = |(at, count): (usize, &usize)| {
            let middle = self.from + (at as f64 + 0.5) * self.bin;
            Bar::new(middle, *count as f64).width(self.bin * share)
        };
        counts.map(bar).collect()
    }

    /// Returns the index of the bin that holds a number of the axis.
    fn bin_at(&self, number: f64) -> Option<usize> {
        (0..self.count).find(|at| {
            let from = self.from + *at as f64 * self.bin;
            (from..from + self.bin).contains(&number)
        })
    }
}
