//! The numbers on an axis.

use super::ChartAxis;
use crate::table::{Column, ColumnKind};

/// Approximate number of labels on an axis.
const WANTED: f64 = 7.0;
/// Maximum number of labels on an axis.
const MOST: usize = 40;
/// Seconds per day.
const DAY: f64 = 86_400.0;
/// Steps between days, in days.
const DAYS: [f64; 9] = [1.0, 2.0, 7.0, 14.0, 30.0, 91.0, 182.0, 365.0, 1826.0];

/// Returns the round numbers of an axis, each with its text.
pub(super) fn ticks(axis: &ChartAxis) -> Vec<(f64, String)> {
    let (numbers, step) = marks(axis);
    let numbers = numbers.into_iter();
    numbers
        .map(|number| (number, text(axis.column.as_ref(), number, step)))
        .collect()
}

/// Returns the round numbers of an axis, and their distance.
pub(super) fn marks(axis: &ChartAxis) -> (Vec<f64>, f64) {
    if !(axis.from.is_finite() && axis.to.is_finite()) {
        return (Vec::new(), 1.0);
    }
    let is_time = axis
        .column
        .as_ref()
        .is_some_and(|column| column.kind == ColumnKind::Moment);
    let step = if is_time {
        days(axis.to - axis.from)
    } else {
        round(axis.to - axis.from, axis.column.is_none())
    };
    if !(step.is_finite() && step > 0.0) {
        return (Vec::new(), 1.0);
    }
    let first = (axis.from / step).ceil();
    let numbers = (0..MOST)
        .map(|turn| (first + turn as f64) * step)
        .take_while(|number| *number <= axis.to + step * 1e-9);
    (numbers.collect(), step)
}

/// 1, 2 or 5 times a power of ten.
fn round(length: f64, is_count: bool) -> f64 {
    let rough = length / WANTED;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .map(|factor| factor * power)
        .into_iter()
        .find(|step| *step >= rough)
        .unwrap_or(rough);
    // Counts have no fractional steps.
    if is_count { step.max(1.0) } else { step }
}

fn days(length: f64) -> f64 {
    let rough = length / WANTED / DAY;
    DAYS.into_iter()
        .find(|days| *days >= rough)
        .unwrap_or(3652.0)
        * DAY
}

/// Returns a number as it stands beside an axis: with as many decimals as the steps between the numbers need. `None`
/// for the column means counts.
pub fn text(column: Option<&Column>, number: f64, step: f64) -> String {
    match column {
        Some(column) if matches!(column.kind, ColumnKind::Moment | ColumnKind::Duration) => {
            column.number_text(number)
        }
        Some(_) | None => {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and 12"
            )]
            let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
            // Minus zero is zero.
            let number = if number.abs() < step * 1e-9 {
                0.0
            } else {
                number
            };
            format!("{number:.decimals$}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(from: f64, to: f64) -> ChartAxis {
        ChartAxis {
            title: String::new(),
            from,
            to,
            column: None,
        }
    }

    #[test]
    fn tick_values_are_round_few_and_within_the_axis() {
        for (from, to) in [
            (0.0, 9.0),
            (0.0, 1e6),
            (3.0, 3.0e9),
            (-5.0, 5.0),
            (0.0, 1.0),
        ] {
            let found = ticks(&axis(from, to));
            assert!((2..=12).contains(&found.len()), "{from} {to} {found:?}");
            let inside = |(number, _): &(f64, String)| (from..=to).contains(number);
            assert!(found.iter().all(inside), "{found:?}");
        }
        let texts: Vec<String> = ticks(&axis(-5.0, 5.0))
            .into_iter()
            .map(|tick| tick.1)
            .collect();
        assert_eq!(texts, ["-4", "-2", "0", "2", "4"]);
    }

    #[test]
    fn an_axis_without_length_does_not_hang() {
        assert!(ticks(&axis(f64::NAN, 1.0)).is_empty());
        assert!(ticks(&axis(1.0, 1.0)).len() <= MOST);
        assert!(ticks(&axis(f64::INFINITY, f64::INFINITY)).is_empty());
    }
}
