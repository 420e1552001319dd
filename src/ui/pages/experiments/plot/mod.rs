//! A plot of the shown rows: two columns against each other, or the distribution of one; drawing a box or a
//! lasso selects the rows in it, and the wheel zooms.

mod axes;
mod choice;
mod data;
mod groups;
mod legend;
mod pointer;
mod save;
mod selecting;
mod spread;

use egui::{Align, Frame, Label, Layout, Margin, Role, Sense, Ui, WidgetInfo};
use egui_plot::{MarkerShape, Plot, PlotPoints, PlotUi, Points};

use super::keyboard::{Grid, Scroll};

use self::{
    axes::{still, with_axis_labels},
    choice::{choice_text, column_choice_ui},
    data::{Axes, Dots, MOST_POINTS},
    legend::legend_ui,
    pointer::{Pointed, nearest, show_tooltip, zoom},
    save::SavePlot,
    selecting::{Selecting, select_rows},
    spread::{Distribution, spread_ui},
};
use crate::{
    model::count_text,
    state::{Command, State},
    table::{Chart, Column, ColumnKind, Sheet},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, hairline_ui, width_of},
    },
};

/// Width of the buttons beside the choices, with the space around them, in points.
const BUTTONS: f32 = 244.0;
/// Width of a button of a choice besides its text, and of the space after it.
const AROUND: f32 = 52.0;

/// Height of a row of the legend, in points.
const LEGEND_ROW: f32 = 20.0;

/// The choices, and what two of them say if there is no column.
const X_AXIS: &str = "X axis";
const Y_AXIS: &str = "Y axis";
const COLOUR: &str = "Colour";
const COUNT: &str = "Count";
const NO_COLOUR: &str = "No colour";

/// What the plot remembers between frames.
#[derive(Default)]
pub(super) struct PlotPane {
    pub(super) is_open: bool,
    x: Option<String>,
    /// `None` means the distribution of x.
    y: Option<String>,
    colour: Option<String>,
    /// What was typed into the menu of columns.
    find: String,
    selecting: Selecting,
    dots: Option<Dots>,
    spread: Option<Distribution>,
    /// The columns whose plot the user has zoomed into.
    zoomed: Option<(usize, usize)>,
    save: SavePlot,
}

impl PlotPane {
    pub(super) fn plot_ui(
        &mut self,
        ui: &mut Ui,
        grid: &mut Grid,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let sheet = state.experiments.sheet();
        if self.x.is_none() {
            self.x = first_with_values(sheet, &["refinement_resolution", "high_resolution"]);
            self.y = first_with_values(sheet, &["refinement_rfree", "dimple_rfree"]);
        }
        self.save.poll(state, commands);
        self.header_ui(ui, state, commands);
        hairline_ui(ui);
        let (x, y, colour) = self.places(sheet);
        match (x, y) {
            (Some(across), Some(up)) => {
                let axes = Axes {
                    x: across,
                    y: up,
                    colour,
                };
                self.scatter_ui(ui, axes, grid, state, commands);
            }
            (Some(x), None) => {
                let kept = (&mut self.spread, &mut self.selecting);
                spread_ui(ui, x, kept, state, commands);
            }
            (None, _) => {
                let text = "This table has no numeric columns.";
                ui.label(Type::Body.text(text, Tokens::of(ui).muted));
            }
        }
    }

    /// Returns the indices of the chosen columns: x, y, colour.
    fn places(&self, sheet: &Sheet) -> (Option<usize>, Option<usize>, Option<usize>) {
        let place = |field: &Option<String>| field.as_deref().and_then(|field| sheet.place(field));
        (place(&self.x), place(&self.y), place(&self.colour))
    }

    /// Returns what is shown, as a picture.
    fn chart(
        (dots, spread): (&mut Option<Dots>, &mut Option<Distribution>),
        state: &State,
        places: (Option<usize>, Option<usize>, Option<usize>),
    ) -> Option<Chart> {
        let sheet = state.experiments.sheet();
        let (x, y, colour) = places;
        let across = sheet.column(x?)?;
        let Some(up) = y else {
            let spread = Distribution::of(spread, state, x?)?;
            return Some(save::histogram_chart(state, spread, across));
        };
        let axes = Axes {
            x: x?,
            y: up,
            colour,
        };
        let dots = Dots::of(dots, state, axes);
        Some(save::scatter_chart(state, dots, across, sheet.column(up)?))
    }

    fn header_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        // The buttons go below the choices if they would overlap.
        let sheet = state.experiments.sheet();
        let texts = [
            Some(choice_text(sheet, X_AXIS, self.x.as_deref(), "")),
            Some(choice_text(sheet, Y_AXIS, self.y.as_deref(), COUNT)),
            self.y
                .as_ref()
                .map(|_| choice_text(sheet, COLOUR, self.colour.as_deref(), NO_COLOUR)),
        ];
        let texts = texts.iter().flatten();
        let choices: f32 = texts
            .map(|text| width_of(ui, text, Type::Strong) + AROUND)
            .sum();
        let is_narrow = ui.available_width() < choices + BUTTONS;
        if is_narrow {
            ui.horizontal_wrapped(|ui| {
                ui.add_space(8.0);
                self.choices_ui(ui, state);
            });
            ui.horizontal(|ui| self.buttons_ui(ui, state, commands));
            return;
        }
        ui.horizontal(|ui| {
            ui.set_min_height(size::SECTION + 4.0);
            ui.add_space(8.0);
            self.choices_ui(ui, state);
            self.buttons_ui(ui, state, commands);
        });
    }

    /// Draws what is plotted against what.
    fn choices_ui(&mut self, ui: &mut Ui, state: &State) {
        let sheet = state.experiments.sheet();
        let numbers: Vec<&Column> = plottable(sheet).collect();
        column_choice_ui(
            ui,
            (sheet, X_AXIS),
            &numbers,
            (&mut self.x, &mut self.find),
            None,
        );
        column_choice_ui(
            ui,
            (sheet, Y_AXIS),
            &numbers,
            (&mut self.y, &mut self.find),
            Some(COUNT),
        );
        let words = sheet.columns().iter();
        let mut colours: Vec<&Column> = words
            .filter(|column| matches!(column.kind, ColumnKind::Category(_)))
            .collect();
        colours.extend(numbers.iter().filter(|column| column.is_numeric()));
        if self.y.is_some() {
            let none = Some(NO_COLOUR);
            column_choice_ui(
                ui,
                (sheet, COLOUR),
                &colours,
                (&mut self.colour, &mut self.find),
                none,
            );
        }
    }

    /// Draws the buttons of the plot, at the right edge.
    fn buttons_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            let close = Button::quiet_icon(Icon::CROSS, "Close the plot");
            if ui.add(close).clicked() {
                self.is_open = false;
            }
            let places = self.places(state.experiments.sheet());
            if places.1.is_some() {
                self.selecting.tool_ui(ui);
            }
            let kept = (&mut self.dots, &mut self.spread);
            let chart = || Self::chart(kept, state, places);
            self.save.save_button_ui(ui, state, commands, chart);
        });
    }

    fn scatter_ui(
        &mut self,
        ui: &mut Ui,
        axes: Axes,
        grid: &mut Grid,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let tokens = Tokens::of(ui);
        let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
        let (x, y) = (axes.x, axes.y);
        let dots = Dots::of(&mut self.dots, state, axes);
        let is_zoomed = self.zoomed == Some((x, y));
        let shows_all = note_ui(ui, sheet, (dots, view.len()), is_zoomed);
        let (across, up) = (sheet.column(x), sheet.column(y));
        let title =
            |column: Option<&Column>| column.map_or_else(String::new, |c| c.title().into_owned());
        let plot = still(Plot::new(("plot of the table", x, y)));
        let plot = with_axis_labels(plot, tokens, across, up)
            .x_axis_label(title(across))
            .y_axis_label(title(up))
            .sense(Sense::CLICK | Sense::DRAG);
        let plot = if shows_all { plot.reset() } else { plot };
        let shown = plot.show(ui, |plot| {
            points_ui(plot, dots, tokens);
            zoom(plot)
        });
        if shown.inner {
            self.zoomed = Some((x, y));
        } else if shows_all || shown.response.double_clicked() {
            self.zoomed = None;
        }
        let pointed = Pointed {
            sheet,
            all: &dots.all,
            transform: shown.transform,
        };
        let response = &shown.response;
        let name = format!("Plot of {} against {}", title(up), title(across));
        response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, &name));
        if response.clicked()
            && let Some(at) = response.interact_pointer_pos()
            && let Some(dot) = nearest(dots.drawn(), at, |dot| pointed.on_screen(dot))
        {
            open_row(grid, state, dot.row);
        }
        show_tooltip(&pointed, dots.drawn(), (x, y), response, (state, commands));
        if let Some(enclosed) = self.selecting.follow(ui, response) {
            let inside = pointed.all.iter();
            let inside = inside.filter(|dot| enclosed.contains(pointed.on_screen(dot)));
            let rows = inside.map(|dot| sheet.id(dot.row)).collect();
            select_rows(ui, state, rows, commands);
        }
    }
}

/// Scrolls to a row, and shows its details.
fn open_row(grid: &mut Grid, state: &State, row: usize) {
    if let Some(place) = state.experiments.view.place_of(row) {
        grid.focus_cell(state, (place, 0));
        grid.scroll = Scroll::ToCell;
        grid.wants_details = true;
    }
}

/// The shapes of the groups, in the order of the legend and of the saved picture. Those that are only lines come last.
const SHAPES: [MarkerShape; 9] = [
    MarkerShape::Circle,
    MarkerShape::Diamond,
    MarkerShape::Square,
    MarkerShape::Up,
    MarkerShape::Down,
    MarkerShape::Left,
    MarkerShape::Right,
    MarkerShape::Cross,
    MarkerShape::Plus,
];

/// Draws the points of the plot, a shape and a colour for each category.
fn points_ui(plot: &mut PlotUi<'_>, dots: &Dots, tokens: &Tokens) {
    for group in &dots.groups {
        let shape = SHAPES.get(group.shape).copied();
        let shape = shape.unwrap_or(MarkerShape::Plus);
        let points: PlotPoints<'_> = group.dots.iter().copied().collect();
        let points = Points::new(group.name.clone(), points);
        // The lines of a shape become thicker with its size.
        let radius = match shape {
            MarkerShape::Cross | MarkerShape::Plus => 5.0,
            _ => 3.0,
        };
        plot.points(
            points
                .radius(radius)
                .shape(shape)
                .color(group.colour(tokens)),
        );
    }
    // A ring around the mark, which keeps its shape and colour.
    let selected: PlotPoints<'_> = dots.selected.iter().copied().collect();
    let ring = Points::new("Selected", selected).radius(6.0).filled(false);
    plot.points(ring.color(tokens.text));
}

/// Draws how many rows the plot shows, how many it does not, and the legend. Returns `true` to reset the zoom.
fn note_ui(ui: &mut Ui, sheet: &Sheet, (dots, rows): (&Dots, usize), is_zoomed: bool) -> bool {
    let tokens = Tokens::of(ui);
    let count = dots.all.len();
    let without = rows - count;
    let what = sheet.subject().plural();
    let mut text = format!("{} {what}", count_text(count));
    if without > 0 {
        text += &format!(" · {} without a value", count_text(without));
    }
    if count > MOST_POINTS {
        text += &format!(" · only {} are drawn", count_text(MOST_POINTS));
    }
    let mut shows_all = false;
    let margin = Margin {
        left: 8,
        ..Margin::ZERO
    };
    Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().interact_size.y = LEGEND_ROW;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            // First: the texts change their length, and must not move it.
            let button = Button::quiet("Zoom out").named("Zoom out of the plot");
            shows_all = is_zoomed && ui.add(button).clicked();
            // Each in one piece: a label that wraps would take up the space beside it.
            ui.add(Label::new(Type::Small.text(text, tokens.muted)).extend());
            legend_ui(ui, dots);
            // Where it would take a line of its own, the plot needs that more.
            let hint = "drag to select · click a point to open it · scroll to zoom";
            if width_of(ui, hint, Type::Small) < ui.available_size_before_wrap().x {
                ui.add(Label::new(Type::Small.text(hint, tokens.muted)).extend());
            }
        });
    });
    shows_all
}

fn plottable(sheet: &Sheet) -> impl Iterator<Item = &Column> {
    sheet
        .columns()
        .iter()
        .enumerate()
        .filter_map(|(place, column)| {
            let is_number = column.is_numeric() || column.kind == ColumnKind::Moment;
            (is_number && !sheet.is_column_empty(place)).then_some(column)
        })
}

fn first_with_values(sheet: &Sheet, fields: &[&str]) -> Option<String> {
    let has_values = |field: &&&str| {
        sheet
            .place(field)
            .is_some_and(|place| !sheet.is_column_empty(place))
    };
    let first = fields
        .iter()
        .find(has_values)
        .map(|field| (*field).to_owned());
    first.or_else(|| {
        plottable(sheet)
            .next()
            .map(|column| column.field.to_string())
    })
}
