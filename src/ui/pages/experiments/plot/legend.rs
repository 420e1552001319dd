//! The legend, above the plot, where it neither covers a point nor is cut off.

use egui::{
    Align, Color32, FontSelection, Painter, Pos2, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo,
    text::{LayoutJob, TextWrapping},
};

use super::data::Dots;
use crate::{
    model::count_text,
    ui::theme::{Tokens, Type},
};

/// Width and height of a mark with the space around it.
const MARK: f32 = 14.0;
/// Space between a mark and its text.
const GAP: f32 = 4.0;
/// Half the width of a mark.
const HALF: f32 = 4.0;

/// Draws the groups in their order, each with its mark and how many dots it has, into a row that wraps.
pub(super) fn legend_ui(ui: &mut Ui, dots: &Dots) {
    let tokens = Tokens::of(ui);
    if dots.groups.len() > 1 {
        for group in &dots.groups {
            let count = count_text(group.dots.len());
            entry_ui(ui, [&group.name, &count], |painter, at| {
                paint_mark(painter, at, group.shape, group.colour(tokens));
            });
        }
    }
    // Also shown if none is selected, so that the plot does not move when some are.
    let count = count_text(dots.selected_count);
    entry_ui(ui, ["selected", &count], |painter, at| {
        painter.circle_stroke(at, HALF + 1.0, Stroke::new(1.5, tokens.text));
    });
}

/// Draws a mark, a name and a count, which stay together where the row wraps.
fn entry_ui(ui: &mut Ui, [name, count]: [&str; 2], paint: impl FnOnce(&Painter, Pos2)) {
    let tokens = Tokens::of(ui);
    let mut job = LayoutJob::default();
    // With a sign between them: a range of numbers beside a number would be read as one.
    let count = format!(" · {count}");
    for (text, colour) in [(name, tokens.text), (&count, tokens.muted)] {
        let text = Type::Small.text(text, colour);
        text.append_to(&mut job, ui.style(), FontSelection::Default, Align::Center);
    }
    job.wrap = TextWrapping::truncate_at_width(ui.max_rect().width() - MARK - GAP);
    let words = ui.painter().layout_job(job);
    let room = Vec2::new(MARK + GAP + words.size().x, words.size().y.max(MARK));
    let (rect, entry) = ui.allocate_exact_size(room, Sense::hover());
    let text = words.text().to_owned();
    entry.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
    paint(
        ui.painter(),
        rect.left_center() + Vec2::new(MARK / 2.0, 0.0),
    );
    let at = rect.left_center() + Vec2::new(MARK + GAP, -words.size().y / 2.0);
    ui.painter().galley(at, words, tokens.text);
}

/// Paints the mark of a group, in the shapes and the order of the plot.
fn paint_mark(painter: &Painter, at: Pos2, shape: usize, colour: Color32) {
    let corner = |x: f32, y: f32| at + Vec2::new(x, y) * HALF;
    let filled = |corners: &[(f32, f32)]| {
        let points = corners.iter().map(|(x, y)| corner(*x, *y)).collect();
        painter.add(Shape::convex_polygon(points, colour, Stroke::NONE));
    };
    let lines = |ends: [[(f32, f32); 2]; 2]| {
        for [from, to] in ends {
            let ends = [corner(from.0, from.1), corner(to.0, to.1)];
            painter.line_segment(ends, Stroke::new(1.5, colour));
        }
    };
    match shape {
        0 => {
            painter.circle_filled(at, HALF, colour);
        }
        1 => filled(&[(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)]),
        2 => filled(&[(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)]),
        3 => filled(&[(0.0, -1.0), (0.9, 0.8), (-0.9, 0.8)]),
        4 => filled(&[(0.0, 1.0), (0.9, -0.8), (-0.9, -0.8)]),
        5 => filled(&[(-1.0, 0.0), (0.8, -0.9), (0.8, 0.9)]),
        6 => filled(&[(1.0, 0.0), (-0.8, -0.9), (-0.8, 0.9)]),
        7 => lines([[(-0.8, -0.8), (0.8, 0.8)], [(0.8, -0.8), (-0.8, 0.8)]]),
        _ => lines([[(-1.0, 0.0), (1.0, 0.0)], [(0.0, -1.0), (0.0, 1.0)]]),
    }
}
