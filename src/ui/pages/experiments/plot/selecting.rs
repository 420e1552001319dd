//! Selecting rows by drawing in the plot: a box, or a line around them (a lasso).

use std::collections::BTreeSet;

use egui::{Pos2, Rect, Response, Shape, Stroke, StrokeKind, Ui};

use crate::{
    model::RowId,
    state::{Command, State, TableCommand},
    ui::{
        theme::Tokens,
        widgets::{Segment, segments_ui},
    },
};

/// Minimum area of a drag, in square points: anything less is a click with an unsteady hand.
const MIN_AREA: f32 = 16.0;
/// A lasso has a corner after each of these distances, in points: finer than a hand draws, and still few.
const STEP: f32 = 3.0;
const DASH: f32 = 4.0;

/// What a drag draws.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Tool {
    #[default]
    Box,
    Lasso,
}

/// The tool, and what has been drawn with it so far.
#[derive(Default)]
pub(super) struct Selecting {
    tool: Tool,
    /// Where the pointer was, on the screen: its start first.
    path: Vec<Pos2>,
}

/// What a finished drag encloses, on the screen.
pub(super) enum Enclosed {
    Box(Rect),
    Lasso(Vec<Pos2>),
}

impl Selecting {
    /// Draws the choice of the tool.
    pub(super) fn tool_ui(&mut self, ui: &mut Ui) {
        let tools = [
            Segment::new(Tool::Box, "Box"),
            Segment::new(Tool::Lasso, "Lasso"),
        ];
        if let Some(tool) = segments_ui(ui, Some(self.tool), &tools, None) {
            self.tool = tool;
        }
    }

    /// Follows a drag in a plot and paints what it encloses. Returns the enclosed area when it ends.
    pub(super) fn follow(&mut self, ui: &Ui, response: &Response) -> Option<Enclosed> {
        let is_at_end = self.track(ui, response)?;
        match (self.tool, self.path.as_slice()) {
            (Tool::Box, [first, .., last]) => paint_box(ui, Rect::from_two_pos(*first, *last)),
            (Tool::Lasso, path) => paint_lasso(ui, path),
            (Tool::Box, _) => {}
        }
        let enclosed = is_at_end.then(|| self.enclosed()).flatten();
        self.end_if(is_at_end);
        enclosed
    }

    /// Follows a drag along the horizontal axis of a plot and paints what it covers. Returns its ends on the screen,
    /// from left to right, once it is over.
    pub(super) fn follow_range(
        &mut self,
        ui: &Ui,
        response: &Response,
        frame: Rect,
    ) -> Option<[f32; 2]> {
        let is_at_end = self.track(ui, response)?;
        let (first, last) = (*self.path.first()?, *self.path.last()?);
        let [left, right] = [first.x.min(last.x), first.x.max(last.x)];
        paint_box(ui, Rect::from_x_y_ranges(left..=right, frame.y_range()));
        self.end_if(is_at_end);
        (is_at_end && right - left > STEP).then_some([left, right])
    }

    /// Records where the pointer is in a drag. Returns `true` at the end of the drag, `None` if there is none.
    fn track(&mut self, ui: &Ui, response: &Response) -> Option<bool> {
        let is_at_end = response.drag_stopped();
        let at = response
            .interact_pointer_pos()
            .filter(|_| is_at_end || response.dragged());
        let Some(at) = at else {
            self.path.clear();
            return None;
        };
        if self.path.is_empty() {
            // A drag is recognised only after the pointer has moved a little.
            self.path
                .push(ui.input(|input| input.pointer.press_origin()).unwrap_or(at));
        }
        if is_at_end
            || self
                .path
                .last()
                .is_none_or(|last| last.distance(at) >= STEP)
        {
            self.path.push(at);
        }
        Some(is_at_end)
    }

    fn end_if(&mut self, is_at_end: bool) {
        if is_at_end {
            self.path.clear();
        }
    }

    fn enclosed(&self) -> Option<Enclosed> {
        let (first, last) = (*self.path.first()?, *self.path.last()?);
        let (area, enclosed) = match self.tool {
            Tool::Box => {
                let area = Rect::from_two_pos(first, last);
                (area, Enclosed::Box(area))
            }
            Tool::Lasso => {
                let area = Rect::from_points(&self.path);
                (area, Enclosed::Lasso(self.path.clone()))
            }
        };
        (area.area() > MIN_AREA).then_some(enclosed)
    }
}

impl Enclosed {
    /// Returns `true` if the position is inside. Where a lasso crosses itself, what is enclosed twice is outside.
    pub(super) fn contains(&self, at: Pos2) -> bool {
        match self {
            Self::Box(area) => area.contains(at),
            Self::Lasso(path) => {
                let ends = path.iter().cycle().skip(1);
                let sides = path.iter().zip(ends);
                sides.filter(|(a, b)| is_right_of(at, **a, **b)).count() % 2 == 1
            }
        }
    }
}

/// Returns `true` if a line from the position to the right crosses this side of a polygon.
fn is_right_of(at: Pos2, a: Pos2, b: Pos2) -> bool {
    let is_level = (a.y > at.y) != (b.y > at.y);
    is_level && at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x)
}

/// Selects the rows; with Shift, in addition to those that are selected.
pub(super) fn select_rows(
    ui: &Ui,
    state: &State,
    mut rows: BTreeSet<RowId>,
    commands: &mut Vec<Command>,
) {
    if ui.input(|input| input.modifiers.shift) {
        rows.extend(state.experiments.view.selected());
    }
    commands.push(Command::Table(TableCommand::SelectThese(rows)));
}

fn paint_box(ui: &Ui, area: Rect) {
    let accent = Tokens::of(ui).accent;
    let edge = Stroke::new(1.0, accent);
    ui.painter()
        .rect_stroke(area, 0.0, edge, StrokeKind::Inside);
    ui.painter()
        .rect_filled(area, 0.0, accent.gamma_multiply(0.12));
}

/// Paints the path as a solid line, and the side that closes it as a dashed one.
fn paint_lasso(ui: &Ui, path: &[Pos2]) {
    let edge = Stroke::new(1.5, Tokens::of(ui).accent);
    ui.painter().add(Shape::line(path.to_vec(), edge));
    if let (Some(first), Some(last)) = (path.first(), path.last()) {
        let closing = Shape::dashed_line(&[*last, *first], edge, DASH, DASH);
        ui.painter().extend(closing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lasso_contains_what_it_surrounds_and_not_its_bounding_box() {
        // A horseshoe that is open to the right.
        let path = [
            (0.0, 0.0),
            (10.0, 0.0),
            (10.0, 2.0),
            (2.0, 2.0),
            (2.0, 8.0),
            (10.0, 8.0),
            (10.0, 10.0),
            (0.0, 10.0),
        ];
        let lasso = Enclosed::Lasso(path.map(|(x, y)| Pos2::new(x, y)).to_vec());
        for inside in [(1.0, 5.0), (9.0, 1.0), (9.0, 9.0)] {
            assert!(lasso.contains(inside.into()), "{inside:?}");
        }
        for outside in [(5.0, 5.0), (9.0, 5.0), (-1.0, 5.0), (11.0, 1.0)] {
            assert!(!lasso.contains(outside.into()), "{outside:?}");
        }
        assert!(!Enclosed::Lasso(Vec::new()).contains(Pos2::ZERO));
    }
}
