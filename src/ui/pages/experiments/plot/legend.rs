//! The legend, above the plot, where it neither covers a point nor is cut off.

use egui::{Color32, Painter, Pos2, Sense, Shape, Stroke, Ui, Vec2};

use super::{data::Dots, groups::Group};
use crate::{
    model::count_text,
    ui::theme::{Tokens, Type},
};

/// Width and height of a mark with the space around it.
const MARK: f32 = 14.0;
/// Half the width of a mark.
const HALF: f32 = 4.0;

/// Draws the groups in their order, each with its mark and how many dots it has, into a row that wraps.
pub(super) fn legend_ui(ui: &mut Ui, dots: &Dots) {
    let tokens = Tokens::of(ui);
    if dots.groups.len() > 1 {
        for (place, group) in dots.groups.iter().enumerate() {
            entry_ui(ui, &entry_text(group), |painter, at| {
                paint_mark(painter, at, place, group.colour(tokens));
            });
        }
    }
    // Also shown if none is selected, so that the plot does not move when some are.
    let text = format!("{} selected", count_text(dots.selected_count));
    entry_ui(ui, &text, |painter, at| {
        painter.circle_stroke(at, HALF + 1.0, Stroke::new(1.5, tokens.text));
    });
}

fn entry_text(group: &Group) -> String {
    format!("{} {}", group.name, count_text(group.dots.len()))
}

/// Draws a mark and its text, which stay together.
fn entry_ui(ui: &mut Ui, text: &str, paint: impl FnOnce(&Painter, Pos2)) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(MARK), Sense::hover());
        paint(ui.painter(), rect.center());
        ui.label(Type::Small.text(text, Tokens::of(ui).text));
    });
}

/// Paints the mark of a group, in the shapes and the order of the plot.
fn paint_mark(painter: &Painter, at: Pos2, place: usize, colour: Color32) {
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
    match place {
        0 => {
            painter.circle_filled(at, HALF, colour);
        }
        1 => filled(&[(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)]),
        2 => filled(&[(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)]),
        3 => lines([[(-0.8, -0.8), (0.8, 0.8)], [(0.8, -0.8), (-0.8, 0.8)]]),
        4 => lines([[(-1.0, 0.0), (1.0, 0.0)], [(0.0, -1.0), (0.0, 1.0)]]),
        5 => filled(&[(0.0, -1.0), (0.9, 0.8), (-0.9, 0.8)]),
        6 => filled(&[(0.0, 1.0), (0.9, -0.8), (-0.9, -0.8)]),
        7 => filled(&[(-1.0, 0.0), (0.8, -0.9), (0.8, 0.9)]),
        _ => filled(&[(1.0, 0.0), (-0.8, -0.9), (-0.8, 0.9)]),
    }
}
