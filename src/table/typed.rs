//! Parses the ends of a range as users type them, in every format in which the table itself shows such values.

use jiff::tz::TimeZone;

use super::{Column, ColumnKind};
use crate::model::Period;

/// Which end of a range is meant: a day, a month or a year counts from its beginning, or to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The lower end.
    From,
    /// The upper end.
    To,
}

/// Parses one end of a range of this column; `None` if nothing was typed.
///
/// # Errors
/// A sentence that says what should be typed instead.
pub fn typed_bound(column: &Column, text: &str, bound: Bound) -> Result<Option<f64>, String> {
    let clean = text.trim().replace(['\u{a0}', '\u{202f}', '\u{2009}'], " ");
    let clean = clean.trim();
    if clean.is_empty() {
        return Ok(None);
    }
    let clean = match column.unit {
        Some(unit) => clean.strip_suffix(unit).unwrap_or(clean).trim_end(),
        None => clean,
    };
    let read = match column.kind {
        ColumnKind::Moment => return moment(clean, bound).map(Some),
        ColumnKind::Duration => {
            duration(clean).ok_or("Enter a duration, such as 2:15 or 2 h 15 min.")
        }
        kind => number(clean, kind == ColumnKind::Whole).ok_or("Enter a number."),
    };
    read.map(Some).map_err(str::to_owned)
}

/// Parses a point in time. Days are in this computer's time zone, as the table shows them.
fn moment(text: &str, bound: Bound) -> Result<f64, String> {
    let period = Period::read(text, &TimeZone::system()).map_err(|error| format!("{error}."))?;
    let seconds = |at: jiff::Timestamp| at.as_duration().as_secs_f64();
    Ok(match bound {
        Bound::From => seconds(period.start),
        // A range includes its ends, so it ends just before the next moment begins.
        Bound::To => seconds(period.end) - 0.001,
    })
}

/// Parses `2:15`, `2:15:30`, `2 h 15 min`, `45 min`, `90 s`; a number alone is in hours. Returns seconds.
pub(super) fn duration(text: &str) -> Option<f64> {
    let positive = |text: &str| {
        let number: f64 = text.trim().replace(',', ".").parse().ok()?;
        (number.is_finite() && number >= 0.0).then_some(number)
    };
    if text.contains(':') {
        let mut parts = text.split(':');
        let (hours, minutes) = (positive(parts.next()?)?, positive(parts.next()?)?);
        let seconds = parts.next().map_or(Some(0.0), positive)?;
        return parts
            .next()
            .is_none()
            .then_some((hours * 60.0 + minutes) * 60.0 + seconds);
    }
    if let Some(hours) = positive(text) {
        return Some(hours * 3600.0);
    }
    let mut sum = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_alphabetic())?;
        let number = positive(&rest[..end])?;
        let behind = &rest[end..];
        let length = behind
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(behind.len());
        sum += number
            * match behind[..length].to_lowercase().as_str() {
                "d" | "day" | "days" => 86_400.0,
                "h" | "hr" | "hrs" | "hour" | "hours" => 3600.0,
                "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
                "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
                _ => return None,
            };
        rest = behind[length..].trim_start();
    }
    Some(sum)
}

/// Parses a number with the separators of any country: `1.8`, `1,8`, `7,642`, `1 234`, `1,234.5`.
fn number(text: &str, is_whole: bool) -> Option<f64> {
    let digits: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\'' | '’' | '_'))
        .collect();
    let is_grouped = |text: &str, sign: char| {
        let mut groups = text.trim_start_matches('-').split(sign);
        let is_first = groups
            .next()
            .is_some_and(|first| (1..=3).contains(&first.len()));
        is_first && groups.all(|group| group.len() == 3)
    };
    let plain = match (digits.contains('.'), digits.contains(',')) {
        (true, true) if digits.rfind(',') > digits.rfind('.') => {
            digits.replace('.', "").replace(',', ".")
        }
        (true, true) => digits.replace(',', ""),
        // In a column of whole numbers a comma separates thousands; otherwise it is a decimal comma.
        (false, true) if is_whole && is_grouped(&digits, ',') => digits.replace(',', ""),
        (false, true) => digits.replace(',', "."),
        (_, false) => digits,
    };
    plain.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Subject;

    fn column(field: &str) -> Column {
        let found = Subject::Experiments
            .columns()
            .into_iter()
            .find(|it| it.field == field);
        found.unwrap_or_else(|| panic!("{field} is no column"))
    }

    fn of_kind(is_it: impl Fn(ColumnKind) -> bool) -> Column {
        let found = Subject::Experiments
            .columns()
            .into_iter()
            .find(|it| is_it(it.kind));
        found.unwrap()
    }

    #[test]
    fn whatever_the_table_shows_can_be_typed() {
        for column in Subject::Experiments.columns() {
            for number in [0.0, 1.0, 3600.0, 8100.0, 1_680_307_200.0] {
                if !column.is_numeric() && column.kind != ColumnKind::Moment {
                    continue;
                }
                let shown = column.number_text(number);
                let read = typed_bound(&column, &shown, Bound::From);
                assert!(matches!(read, Ok(Some(_))), "{}: {shown}", column.field);
            }
        }
    }

    #[test]
    fn a_date_counts_from_its_beginning_or_to_its_end() {
        let date = of_kind(|kind| kind == ColumnKind::Moment);
        let read = |text: &str, bound| typed_bound(&date, text, bound).unwrap().unwrap();
        for text in ["2023-04-01", "1 Apr 2023", "01.04.2023", "April 1, 2023"] {
            let (from, to) = (read(text, Bound::From), read(text, Bound::To));
            assert!((to - from - 86_399.999).abs() < 0.01, "{text}");
        }
        assert!(read("2023", Bound::To) - read("2023", Bound::From) > 364.0 * 86_400.0);
        let error = typed_bound(&date, "2023-04-0", Bound::From).unwrap_err();
        assert!(error.contains("is not a date"), "{error}");
        let error = typed_bound(&date, "04/05/2023", Bound::From).unwrap_err();
        assert!(error.contains("could be"), "{error}");
    }

    #[test]
    fn durations_are_parsed_in_every_usual_notation() {
        let length = of_kind(|kind| kind == ColumnKind::Duration);
        for (text, seconds) in [
            ("2:15", 8100.0),
            ("2:15:30", 8130.0),
            ("2 h 15 min", 8100.0),
            ("2h15m", 8100.0),
            ("45 min", 2700.0),
            ("90 s", 90.0),
            ("1.5", 5400.0),
            ("1 day 2 h", 93_600.0),
        ] {
            assert_eq!(duration(text), Some(seconds), "{text}");
            assert!(typed_bound(&length, text, Bound::From).is_ok());
        }
        for text in ["2:", "min", "2 x", "-1", "2:15:3:4", "h 2"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_parsed_with_any_separators_and_with_units() {
        for (text, is_whole, value) in [
            ("1.8", false, 1.8),
            ("1,8", false, 1.8),
            ("7,642", true, 7642.0),
            ("7,642", false, 7.642),
            ("1 234", true, 1234.0),
            ("1,234.5", false, 1234.5),
            ("1.234,5", false, 1234.5),
            ("-3", true, -3.0),
        ] {
            assert_eq!(number(text, is_whole), Some(value), "{text}");
        }
        assert_eq!(number("inf", false), None);
        assert_eq!(number("1.8.2", false), None);
        let resolution = column("refinement_resolution");
        let unit = resolution.unit.unwrap();
        let read = typed_bound(&resolution, &format!("1.80 {unit}"), Bound::From);
        assert_eq!(read, Ok(Some(1.8)));
        assert_eq!(typed_bound(&resolution, "  ", Bound::To), Ok(None));
    }

    proptest::proptest! {
        /// Whatever is typed into the filter of a date or a duration.
        #[test]
        fn no_typed_text_panics(
            text in ".{0,30}",
            date in "-?[0-9]{1,6}[-/. ][0-9a-z]{1,4}[-/. ][0-9]{1,6}([T ][0-9]{1,2}:[0-9]{1,2}(:[0-9]{2})?Z?)?",
            length in "[0-9.,]{1,20} ?(d|h|min|s)?( [0-9]{1,20}min)?",
        ) {
            for text in [text, date, length] {
                for field in ["data_collection_date", "soaking_time", "refinement_resolution", "id"] {
                    for bound in [Bound::From, Bound::To] {
                        typed_bound(&column(field), &text, bound).ok();
                    }
                    for operator in ["=", ">=", "<", "~"] {
                        let columns = Subject::Experiments.columns();
                        let condition = format!("{field}{operator}{text}");
                        super::super::Filter::parse(&condition, &columns).ok();
                    }
                }
            }
        }
    }
}
