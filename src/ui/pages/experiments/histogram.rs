//! The distribution of the numbers of a column, with two handles for a range.

use std::ops::RangeInclusive;

use egui::{Align, CornerRadius, Layout, Pos2, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};

use crate::{
    model::plural,
    table::{Column, ColumnKind, Histogram},
    ui::theme::{Tokens, Type},
};

/// Height of the bars in points.
const BARS: f32 = 56.0;

fn paint_handle(ui: &Ui, rect: Rect, x: f32) {
    let colour = Tokens::of(ui).accent_text;
    ui.painter()
        .vline(x, rect.y_range(), Stroke::new(2.0, colour));
    let knob = Rect::from_center_size(Pos2::new(x, rect.center().y), Vec2::new(7.0, 16.0));
    ui.painter()
        .rect_filled(knob, CornerRadius::same(2), colour);
}

/// Draws the histogram with its two handles. Returns `true` if one was moved.
pub(super) fn histogram_ui(
    ui: &mut Ui,
    spread: &Histogram,
    column: &Column,
    handle: &mut Option<bool>,
    (from, to): (&mut Option<f64>, &mut Option<f64>),
) -> bool {
    let (rect, response) = ui.allocate_exact_size(
        Vec2::new(ui.available_width(), BARS),
        Sense::CLICK | Sense::DRAG,
    );
    let name = format!(
        "Histogram of {}, from {} to {}",
        column.heading,
        column.number_text(spread.from),
        column.number_text(spread.to)
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    let inner = rect.shrink2(Vec2::new(4.0, 2.0));
    let width = spread.to - spread.from;
    let x_of = |value: f64| {
        let share = if width > 0.0 {
            (value - spread.from) / width
        } else {
            0.5
        };
        #[expect(clippy::cast_possible_truncation, reason = "a position on the screen")]
        let share = share.clamp(0.0, 1.0) as f32;
        inner.left() + share * inner.width()
    };
    let (low, high) = (
        from.map_or(inner.left(), x_of),
        to.map_or(inner.right(), x_of),
    );
    paint_bars(ui, inner, spread, low..=high);
    paint_handle(ui, rect, low);
    paint_handle(ui, rect, high);
    let Some(at) = response.interact_pointer_pos() else {
        *handle = None;
        return false;
    };
    let is_upper = *handle.get_or_insert((at.x - high).abs() < (at.x - low).abs());
    let share = f64::from(((at.x - inner.left()) / inner.width()).clamp(0.0, 1.0));
    let value = spread.from + share * width;
    // At its very end the range is unlimited, so that new rows are not left out.
    let (slot, is_end) = if is_upper {
        (to, share >= 1.0)
    } else {
        (from, share <= 0.0)
    };
    let value = (!is_end).then_some(value);
    let is_new = *slot != value;
    *slot = value;
    is_new
}

/// Paints the bars; those between the handles in the accent colour.
fn paint_bars(ui: &Ui, inner: Rect, spread: &Histogram, chosen: RangeInclusive<f32>) {
    let tokens = Tokens::of(ui);
    let most = spread.counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    let piece = inner.width() / spread.counts.len() as f32;
    for (at, count) in spread.counts.iter().enumerate() {
        let left = inner.left() + piece * at as f32;
        let height =
            (*count as f32 / most * inner.height()).max(if *count > 0 { 2.0 } else { 0.0 });
        let bar = Rect::from_min_max(
            Pos2::new(left, inner.bottom() - height),
            Pos2::new(left + (piece - 1.0).max(1.0), inner.bottom()),
        );
        let middle = bar.center().x;
        let colour = if chosen.contains(&middle) {
            tokens.accent
        } else {
            tokens.line2
        };
        ui.painter().rect_filled(bar, CornerRadius::ZERO, colour);
    }
}

/// Draws the smallest and the largest value below the bars, and the number of values.
pub(super) fn limits_ui(ui: &mut Ui, column: &Column, spread: &Histogram) {
    let tokens = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.label(Type::Small.text(column.number_text(spread.from), tokens.muted));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(Type::Small.text(column.number_text(spread.to), tokens.muted));
            ui.with_layout(
                Layout::centered_and_justified(egui::Direction::TopDown),
                |ui| {
                    let count = spread.counts.iter().sum();
                    let words = plural(count, "value", "values");
                    ui.label(Type::Small.text(words, tokens.muted));
                },
            );
        });
    });
}

/// Formats a number as a user would type it.
pub(super) fn input_text(column: &Column, number: f64) -> String {
    match column.kind {
        ColumnKind::Moment => crate::ui::words::table_date(number),
        ColumnKind::Duration => {
            let minutes = (number / 60.0).round();
            format!("{}:{:02}", (minutes / 60.0).floor(), minutes % 60.0)
        }
        ColumnKind::Number(decimals) => {
            let places = decimals.max(2);
            format!("{number:.places$}")
        }
        _ => format!("{number:.0}"),
    }
}
