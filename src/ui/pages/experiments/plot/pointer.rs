//! What the pointer does in the plot: it zooms, and shows what it points at.

use egui::{Pos2, Response, Vec2};
use egui_plot::{PlotPoint, PlotTransform, PlotUi};

use super::groups::Dot;
use crate::{
    state::{Command, State},
    table::{Column, Sheet},
    ui::pages::experiments::structure,
};

/// How near the pointer must be to a point, in points of the screen.
const NEAR: f32 = 8.0;
/// How far the wheel is turned to zoom by a factor of e, in points.
const WHEEL: f32 = 240.0;

/// Zooms about the pointer when the wheel is turned or two fingers are spread. Returns `true` if it did.
pub(super) fn zoom(plot: &mut PlotUi<'_>) -> bool {
    if !plot.response().hovered() {
        return false;
    }
    let (wheel, spread) = plot
        .ctx()
        .input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
    let factor = (wheel / WHEEL).exp() * spread;
    let zooms = (factor - 1.0).abs() > f32::EPSILON;
    if zooms {
        plot.zoom_bounds_around_hovered(Vec2::splat(factor));
    }
    zooms
}

/// The dots and their positions on the screen.
pub(super) struct Pointed<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) all: &'a [Dot],
    pub(super) transform: PlotTransform,
}

impl Pointed<'_> {
    pub(super) fn on_screen(&self, dot: &Dot) -> Pos2 {
        let at = PlotPoint::new(dot.at[0], dot.at[1]);
        self.transform.position_from_point(&at)
    }
}

/// Shows which experiment the pointer is at.
pub(super) fn show_tooltip(
    pointed: &Pointed<'_>,
    drawn: &[Dot],
    (x, y): (usize, usize),
    response: &Response,
    (state, commands): (&State, &mut Vec<Command>),
) {
    let sheet = pointed.sheet;
    let Some(at) = response.hover_pos() else {
        return;
    };
    let Some(dot) = nearest(drawn, at, |dot| pointed.on_screen(dot)) else {
        return;
    };
    let line = |place: usize| {
        let title = sheet.column(place).map(Column::title).unwrap_or_default();
        format!("{title}: {}", sheet.text(place, dot.row))
    };
    let text = format!("{}\n{}\n{}", sheet.code(dot.row), line(x), line(y));
    let response = response.clone();
    response.on_hover_ui_at_pointer(|ui| structure::tip_ui(ui, &text, dot.row, state, commands));
}

pub(super) fn nearest(dots: &[Dot], at: Pos2, on_screen: impl Fn(&Dot) -> Pos2) -> Option<Dot> {
    let near = dots.iter().map(|dot| (on_screen(dot).distance(at), *dot));
    let near = near.filter(|(distance, _)| *distance < NEAR);
    near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, dot)| dot)
}
