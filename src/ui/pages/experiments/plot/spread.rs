//! How the numbers of one column are spread.

use egui::{Role, Sense, Ui, Vec2, WidgetInfo};
use egui_plot::{Bar, BarChart, Plot};

use super::axes::with_axis_labels;
use crate::{
    model::count_text,
    state::State,
    table::histogram,
    ui::theme::{Tokens, Type},
};

/// Pieces of the histogram: so few that the shape is seen, and not every odd value.
pub(super) const PIECES: usize = 16;

/// How the numbers of a column are spread.
pub(super) fn spread_ui(ui: &mut Ui, place: usize, state: &State) {
    let tokens = Tokens::of(ui);
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    let Some(found) = histogram(sheet, place, view.shown(), PIECES) else {
        ui.label(Type::Body.text("No shown row has a value here.", tokens.muted));
        return;
    };
    let count = found.counts.iter().sum();
    let without = view.len() - count;
    ui.horizontal(|ui| {
        ui.add_space(8.0);
        let words = count_text(count);
        let text = match without {
            0 => format!("{words} values"),
            without => format!("{words} values · {} rows without one", count_text(without)),
        };
        ui.label(Type::Small.text(text, tokens.muted));
    });
    let width = (found.to - found.from).max(f64::MIN_POSITIVE) / PIECES as f64;
    let bars: Vec<Bar> = found
        .counts
        .iter()
        .enumerate()
        .map(|(at, count)| {
            let middle = found.from + (at as f64 + 0.5) * width;
            Bar::new(middle, *count as f64).width(width)
        })
        .collect();
    let column = sheet.column(place);
    let title = column.map_or_else(String::new, |column| column.title().into_owned());
    let shown = with_axis_labels(
        Plot::new(("histogram of the table", place)),
        tokens,
        column,
        None,
    )
    .x_axis_label(title.clone())
    .y_axis_label("Experiments")
    .allow_drag(false)
    .allow_scroll(false)
    .allow_zoom(false)
    .allow_axis_zoom_drag(false)
    .sense(Sense::CLICK | Sense::DRAG)
    .allow_boxed_zoom(false)
    .min_size(Vec2::splat(80.0))
    .show(ui, |plot| {
        plot.bar_chart(BarChart::new("Experiments", bars).color(tokens.accent));
    });
    let name = format!("How often each {title} occurs");
    shown
        .response
        .widget_info(|| WidgetInfo::labeled(Role::Figure, true, &name));
}
