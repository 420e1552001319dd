//! The numbers on the axes of a plot.

use egui_plot::{AxisHints, GridInput, GridMark, Plot};

use crate::{
    table::{ChartAxis, Column, tick_text},
    ui::theme::Tokens,
};

/// Grid lines closer than `min` points are not drawn; from `max` on, their numbers are fully opaque.
const GRID: egui::Rangef = egui::Rangef {
    min: 8.0,
    max: 24.0,
};

/// The same for the numbers beside the plot, so that a short one has numbers, too.
const LABELS: egui::Rangef = egui::Rangef {
    min: 11.0,
    max: 15.0,
};

/// Disables the plot's own panning and zooming: a drag selects rows, and `pointer::zoom` does the zooming, if any.
pub(super) fn still(plot: Plot<'_>) -> Plot<'_> {
    plot.allow_drag(false)
        .allow_boxed_zoom(false)
        .allow_scroll(false)
        .allow_zoom(false)
        .allow_axis_zoom_drag(false)
}

/// Formats the numbers on the axes as the columns do.
pub(super) fn with_axis_labels<'a>(
    plot: Plot<'a>,
    tokens: &Tokens,
    across: Option<&Column>,
    up: Option<&Column>,
) -> Plot<'a> {
    let (across, up) = (across.cloned(), up.cloned());
    let (across_marks, up_marks) = (across.clone(), up.clone());
    let text = |column: &Option<Column>, mark: GridMark| {
        tick_text(column.as_ref(), mark.value, mark.step_size)
    };
    plot.x_axis_formatter(move |mark, _| text(&across, mark))
        .custom_y_axes(vec![
            AxisHints::new_y()
                .formatter(move |mark, _| text(&up, mark))
                .label_spacing(LABELS),
        ])
        .show_crosshair(false)
        .grid_color(tokens.line)
        .grid_fade(0.0)
        .grid_spacing(GRID)
        .x_grid_spacer(grid_spacer(across_marks))
        .y_grid_spacer(grid_spacer(up_marks))
        .label_formatter(|_| None)
}

/// Returns a spacer with round numbers for an axis, the same as in a saved picture.
fn grid_spacer(column: Option<Column>) -> impl Fn(GridInput) -> Vec<GridMark> {
    move |input| {
        let axis = ChartAxis {
            title: String::new(),
            from: input.bounds.0,
            to: input.bounds.1,
            column: column.clone(),
        };
        let (numbers, step_size) = axis.marks();
        let mark = |value| GridMark { value, step_size };
        numbers.into_iter().map(mark).collect()
    }
}
