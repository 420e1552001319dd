//! Dates as users write them. One parser for all of them: tolerant of formats, strict about ambiguous dates.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

/// The time span of a written date: a day, a month, a year, a minute or a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its start, inclusive.
    pub start: Timestamp,
    /// Its end, exclusive.
    pub end: Timestamp,
}

/// Why a date cannot be read. `Display` is a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// It is not a date.
    #[error("“{0}” is not a date. Write it as 14 Mar 2024 or 2024-03-14")]
    Unreadable(String),
    /// It could be either of two days.
    #[error("“{text}” could be {first} or {second}. Write it in that form")]
    Ambiguous {
        /// What was written.
        text: String,
        /// If the day comes first.
        first: Date,
        /// If the month comes first.
        second: Date,
    },
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Period {
    /// Parses a date, in the given time zone unless it names one.
    ///
    /// # Errors
    /// [`DateError`] says why.
    pub fn read(text: &str, zone: &TimeZone) -> Result<Self, DateError> {
        let clean: String = text
            .chars()
            .filter(|letter| !is_invisible(*letter))
            .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
            .collect();
        let clean = clean.trim();
        let unreadable = || DateError::Unreadable(text.trim().to_owned());
        if let Ok(moment) = clean.parse::<Timestamp>() {
            let second = jiff::SignedDuration::from_secs(1);
            let end = moment.checked_add(second).unwrap_or(Timestamp::MAX);
            return Ok(Self { start: moment, end });
        }
        if clean.contains(':') {
            let start: DateTime = clean.parse().ok().ok_or_else(unreadable)?;
            let is_to_the_minute = clean.matches(':').count() == 1;
            let length = if is_to_the_minute { 60 } else { 1 };
            let end = start.saturating_add(jiff::SignedDuration::from_secs(length));
            return Ok(Self::between(start, end, zone));
        }
        let (first, last) = days(clean, text)?;
        let behind = last.tomorrow().unwrap_or(last);
        Ok(Self::between(first.into(), behind.into(), zone))
    }

    /// Limited to the time that can be represented: "after 9999-12-31" is a date like any other.
    fn between(start: DateTime, end: DateTime, zone: &TimeZone) -> Self {
        let limit = |moment: DateTime| {
            if moment.year() > 0 {
                Timestamp::MAX
            } else {
                Timestamp::MIN
            }
        };
        let at = |moment: DateTime| zone.to_timestamp(moment).unwrap_or_else(|_| limit(moment));
        Self {
            start: at(start),
            end: at(end),
        }
    }
}

/// Returns a text that a person wrote or copied, without invisible characters and without white space around it.
pub(crate) fn without_invisible(text: &str) -> String {
    let visible = text.chars().filter(|letter| !is_invisible(*letter));
    visible.collect::<String>().trim().to_owned()
}

/// Returns `true` for invisible characters, which are easily copied along.
pub(crate) fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}'
            | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}'
    )
}

/// Returns the first and the last day of a written date.
fn days(clean: &str, text: &str) -> Result<(Date, Date), DateError> {
    let unreadable = || DateError::Unreadable(text.trim().to_owned());
    let words: Vec<&str> = clean
        .split([' ', '-', '/', '.', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let date = |year: i16, month: i8, day: i8| Date::new(year, month, day).ok();
    let year = |word: &str| {
        (word.len() == 4)
            .then(|| word.parse::<i16>().ok())
            .flatten()
    };
    let small = |word: &str| (word.len() <= 2).then(|| word.parse::<i8>().ok()).flatten();
    let found = match words.as_slice() {
        [y] => year(y).and_then(|y| Some((date(y, 1, 1)?, date(y, 12, 31)?))),
        [a, b] => {
            let read = |y: &str, m: &str| {
                let first = date(year(y)?, month(m)?, 1)?;
                Some((first, first.last_of_month()))
            };
            read(a, b).or_else(|| read(b, a))
        }
        [y, m, d] if year(y).is_some() => {
            let day = year(y).zip(month(m)).zip(small(d));
            day.and_then(|((y, m), d)| date(y, m, d))
                .map(|day| (day, day))
        }
        [a, b, y] => {
            let read = |d: &str, m: &str| date(year(y)?, month(m)?, small(d)?);
            match (read(a, b), read(b, a)) {
                // Dots are between day and month only if the day comes first.
                (Some(first), Some(second)) if first != second && !clean.contains('.') => {
                    return Err(DateError::Ambiguous {
                        text: text.trim().to_owned(),
                        first,
                        second,
                    });
                }
                (Some(day), _) | (None, Some(day)) => Some((day, day)),
                (None, None) => None,
            }
        }
        _ => None,
    };
    found.ok_or_else(unreadable)
}

/// Parses a month: a number or its English name, in full or by three letters.
fn month(word: &str) -> Option<i8> {
    if word.len() <= 2 {
        return word.parse().ok();
    }
    let word = word.to_lowercase();
    let at = MONTHS
        .iter()
        .position(|name| word.len() >= 3 && name.starts_with(&word))?;
    i8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, DateError> {
        let period = Period::read(text, &TimeZone::UTC)?;
        Ok(format!("{}..{}", period.start, period.end))
    }

    #[test]
    fn a_day_is_read_in_every_usual_form() {
        for text in [
            "2023-03-06",
            "2023-3-6",
            "6 Mar 2023",
            "6 March 2023",
            "March 6, 2023",
            "06.03.2023",
            "2023/03/06",
            " 2023-03-06\u{200b}",
            "6-mar-2023",
        ] {
            assert_eq!(
                read(text).unwrap(),
                "2023-03-06T00:00:00Z..2023-03-07T00:00:00Z",
                "{text}"
            );
        }
        assert_eq!(read("14/03/2024").unwrap(), read("2024-03-14").unwrap());
        assert_eq!(
            read("2024").unwrap(),
            "2024-01-01T00:00:00Z..2025-01-01T00:00:00Z"
        );
        assert_eq!(
            read("Feb 2024").unwrap(),
            "2024-02-01T00:00:00Z..2024-03-01T00:00:00Z"
        );
        assert_eq!(read("2024-02").unwrap(), read("February 2024").unwrap());
        assert_eq!(
            read("2024-03-14T12:30").unwrap(),
            "2024-03-14T12:30:00Z..2024-03-14T12:31:00Z"
        );
        assert_eq!(
            read("2024-03-14T12:30:05Z").unwrap(),
            "2024-03-14T12:30:05Z..2024-03-14T12:30:06Z"
        );
    }

    #[test]
    fn ambiguous_and_invalid_dates_are_reported() {
        assert!(matches!(
            read("06/03/2023"),
            Err(DateError::Ambiguous { .. })
        ));
        for text in [
            "",
            "soon",
            "2023-02-30",
            "31.04.2023",
            "13/13/2023",
            "99",
            "2023-3",
            "x-y-z",
        ] {
            let is_month = text == "2023-3";
            assert_eq!(read(text).is_err(), !is_month, "{text}");
        }
        let sentence = read("06/03/2023").unwrap_err().to_string();
        assert!(sentence.contains("2023-03-06 or 2023-06-03"), "{sentence}");
    }

    /// The arithmetic of dates panics beyond the year 9999.
    #[test]
    fn the_ends_of_time_are_dates_like_any_other() {
        for text in [
            "9999-12-31",
            "9999",
            "9999-12-30T22:00:00Z",
            "9999-12-31 23:59",
            "-009999-01-02T01:59:59Z",
        ] {
            let period = Period::read(text, &TimeZone::UTC).unwrap();
            assert!(period.start <= period.end, "{text}: {period:?}");
        }
        assert_eq!(
            Period::read("9999-12-31", &TimeZone::UTC).unwrap().end,
            Timestamp::MAX
        );
    }

    #[test]
    fn a_day_is_interpreted_in_the_time_zone() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let period = Period::read("2023-03-12", &zone).unwrap();
        // The clocks go forward on that day.
        assert_eq!(period.end.duration_since(period.start).as_hours(), 23);
    }
}
