//! The description of a column, and the contents of its cells.

use std::borrow::Cow;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::Value;

use super::values::{Numbers, Values, Words};

/// The groups of the column chooser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnGroup {
    /// What it is called and where it belongs.
    Identity,
    /// What the user has noted about it.
    Own,
    /// How the data were collected.
    Collection,
    /// How good the data are.
    Quality,
    /// How good the model is.
    Refinement,
    /// What was seen bound.
    Ligand,
    /// What was soaked, and how.
    Compound,
    /// Which files exist.
    Files,
    /// Ids of other records.
    Bookkeeping,
    /// Fields that this program does not know yet.
    Unknown,
}

impl ColumnGroup {
    /// Returns the heading in the column chooser.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Identity => "Identity",
            Self::Own => "Your own",
            Self::Collection => "Data collection",
            Self::Quality => "Data quality",
            Self::Refinement => "Refinement",
            Self::Ligand => "Ligand",
            Self::Compound => "Compound and soaking",
            Self::Files => "Files",
            Self::Bookkeeping => "Bookkeeping",
            Self::Unknown => "New on the server",
        }
    }
}

/// The type of a column: decides order, alignment, format and filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// Codes with numbers in them: `x2` comes before `x10`.
    Code,
    /// One of a few words. The listed ones have this order; all others come after them, by name.
    Category(&'static [&'static str]),
    /// A number with this many decimals.
    Number(usize),
    /// A whole number.
    Whole,
    /// A point in time.
    Moment,
    /// A duration, in seconds.
    Duration,
    /// The address of a file.
    Link,
    /// A list of words.
    List,
    /// Lengths and angles of a unit cell.
    UnitCell,
}

/// How the server's value is read and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// A number.
    Number,
    /// Text.
    Text,
    /// The address of a file, which may name none.
    Link,
    /// A point in time, as text.
    Time,
    /// `[days ]hours:minutes:seconds`.
    Length,
    /// A number that the server sends as text.
    Parsed,
    /// Numbers that stand for words.
    Named(&'static [(&'static str, &'static str)]),
    /// The six parameters of a unit cell.
    Cell,
    /// A list of which only the length matters.
    Count,
    /// A list.
    List,
    /// Text joined from other lists, so that the server's row has no such field.
    Joined,
    /// Numbers that are joined from elsewhere.
    JoinedNumber,
    /// A field of a newer server, of unknown type.
    Unknown,
}

impl Encoding {
    /// Returns `true` if the row itself has such a field.
    pub(super) fn is_field(self) -> bool {
        !matches!(self, Self::Joined | Self::JoinedNumber)
    }

    /// Returns `true` if the value is kept as it is in the answer.
    pub(super) fn keeps_json(self) -> bool {
        matches!(
            self,
            Self::Named(_) | Self::Cell | Self::Count | Self::List | Self::Unknown
        )
    }

    /// Returns `true` if what the server sent means "no value".
    pub(super) fn is_nothing(self, json: &str) -> bool {
        match self {
            Self::List | Self::Cell => json.starts_with('[') && list(json).is_empty(),
            _ => matches!(json, "[]" | "\"\"" | "\"None\""),
        }
    }

    /// Returns an empty column of this form.
    pub(super) fn values(self) -> Values {
        match self {
            Self::Number | Self::JoinedNumber => Values::Numbers(Numbers::default()),
            Self::Time => Values::Words(Words::new(Some(since_epoch))),
            Self::Length => Values::Words(Words::new(Some(seconds))),
            Self::Parsed => Values::Words(Words::new(Some(parsed))),
            Self::Count => Values::Words(Words::new(Some(count))),
            Self::Text
            | Self::Link
            | Self::Named(_)
            | Self::Cell
            | Self::List
            | Self::Joined
            | Self::Unknown => Values::Words(Words::new(None)),
        }
    }

    /// Returns the text as users read it.
    pub(super) fn shown(self, raw: &str) -> Cow<'_, str> {
        match self {
            Self::Named(names) => names
                .iter()
                .find(|(number, _)| *number == raw)
                .map_or(Cow::Borrowed(raw), |(_, name)| Cow::Borrowed(*name)),
            Self::Cell => unit_cell(raw).into(),
            Self::Count => count(raw).map_or(Cow::Borrowed(raw), |count| count.to_string().into()),
            Self::List => list(raw).join(", ").into(),
            Self::Unknown => match serde_json::from_str(raw) {
                Ok(Value::String(text)) => text.into(),
                _ => Cow::Borrowed(raw),
            },
            Self::Number
            | Self::Text
            | Self::Link
            | Self::Time
            | Self::Length
            | Self::Parsed
            | Self::Joined
            | Self::JoinedNumber => Cow::Borrowed(raw.trim()),
        }
    }
}

/// The contents of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum CellValue<'a> {
    /// No value.
    Empty,
    /// Text.
    Text(Cow<'a, str>),
    /// A number; seconds in a column of durations.
    Number(f64),
    /// A point in time.
    Moment(Timestamp),
}

/// A column of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The server's own name for the field.
    pub field: Cow<'static, str>,
    /// The heading.
    pub heading: Cow<'static, str>,
    /// The unit, if there is one.
    pub unit: Option<&'static str>,
    /// Its meaning.
    pub help: Cow<'static, str>,
    /// Its group in the chooser.
    pub group: ColumnGroup,
    /// Its type.
    pub kind: ColumnKind,
    /// A suitable width in points.
    pub width: f32,
    pub(super) form: Encoding,
}

impl Column {
    /// Returns `true` if numbers of the column are compared by eye, and so are right-aligned.
    pub fn is_right_aligned(&self) -> bool {
        matches!(
            self.kind,
            ColumnKind::Number(_) | ColumnKind::Whole | ColumnKind::Duration
        )
    }

    /// Returns the words of a category in their own order. If the server sends numbers for them it is the order of
    /// the numbers, so that a file of the server's values is sorted as well.
    pub(super) fn listed(&self) -> Option<Vec<&'static str>> {
        match (self.form, self.kind) {
            (Encoding::Named(names), _) => Some(names.iter().map(|(_, name)| *name).collect()),
            (_, ColumnKind::Category(listed)) => Some(listed.to_vec()),
            _ => None,
        }
    }

    /// Returns `true` if the server's numbers are shown as words.
    pub(super) fn stands_for_words(&self) -> bool {
        matches!(self.form, Encoding::Named(_) | Encoding::Unknown)
    }

    /// Returns `true` if a cell holds several values, each of which can be chosen in a filter.
    pub fn is_list(&self) -> bool {
        self.form == Encoding::List
    }

    /// Returns `true` if it holds numbers that can be plotted and summarised.
    pub fn is_numeric(&self) -> bool {
        self.is_right_aligned()
    }

    /// Returns a number of the column as users read it: fixed decimals, dates in the local zone.
    pub fn number_text(&self, number: f64) -> String {
        match self.kind {
            ColumnKind::Number(decimals) => format!("{number:.decimals$}"),
            ColumnKind::Duration => duration_text(number),
            ColumnKind::Moment => moment(number).map_or_else(String::new, date_text),
            // The mean of whole numbers is not a whole number.
            _ if number.fract() != 0.0 => format!("{number:.2}"),
            ColumnKind::Text
            | ColumnKind::Code
            | ColumnKind::Category(_)
            | ColumnKind::Whole
            | ColumnKind::Link
            | ColumnKind::List
            | ColumnKind::UnitCell => number.to_string(),
        }
    }

    /// Returns heading and unit: `Resolution (Å)`.
    pub fn title(&self) -> Cow<'_, str> {
        match self.unit {
            Some(unit) => format!("{} ({unit})", self.heading).into(),
            None => Cow::Borrowed(self.heading.as_ref()),
        }
    }
}

impl CellValue<'_> {
    /// Returns `true` if there is no value.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }
}

/// Returns the instant this many seconds after 1970.
pub(super) fn moment(seconds: f64) -> Option<Timestamp> {
    Timestamp::from_duration(jiff::SignedDuration::try_from_secs_f64(seconds).ok()?).ok()
}

/// Parses an instant. Times without a zone are read as UTC, as the server does.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse::<Timestamp>().ok().or_else(|| {
        let civil = text.parse::<DateTime>().ok()?;
        civil.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
    })
}

/// Seconds since 1970.
fn since_epoch(text: &str) -> Option<f64> {
    instant(text).map(|at| at.as_duration().as_secs_f64())
}

fn parsed(text: &str) -> Option<f64> {
    text.trim()
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}

/// Parses `[days ]hours:minutes:seconds`, in seconds.
pub(super) fn seconds(raw: &str) -> Option<f64> {
    let (days, clock) = raw.trim().split_once(' ').unwrap_or(("0", raw.trim()));
    let mut parts = clock.split(':').map(str::parse::<f64>);
    let (Some(Ok(hours)), Some(Ok(minutes)), Some(Ok(seconds)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let days = days.parse::<f64>().ok()?;
    let sum = ((days * 24.0 + hours) * 60.0 + minutes) * 60.0 + seconds;
    sum.is_finite().then_some(sum)
}

/// Returns the entries of a JSON list, in words.
pub(super) fn list(json: &str) -> Vec<String> {
    let Ok(Value::Array(items)) = serde_json::from_str(json) else {
        return vec![json.to_owned()];
    };
    let text = |item| match item {
        Value::Null => None,
        Value::String(text) if crate::table::missing::is_nothing(&text) => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    items.into_iter().filter_map(text).collect()
}

/// Returns the length of a list; `None` for an empty one and for anything else.
fn count(json: &str) -> Option<f64> {
    match serde_json::from_str(json) {
        Ok(Value::Array(items)) if !items.is_empty() => Some(items.len() as f64),
        _ => None,
    }
}

/// Formats every number with one decimal.
fn unit_cell(json: &str) -> String {
    let Ok(Value::Array(items)) = serde_json::from_str(json) else {
        return json.to_owned();
    };
    let text = |item: &Value| match (item.as_f64(), item.as_str()) {
        (Some(number), _) => format!("{number:.1}"),
        (None, Some(text)) => {
            parsed(text).map_or_else(|| text.to_owned(), |number| format!("{number:.1}"))
        }
        (None, None) => "–".to_owned(),
    };
    items.iter().map(text).collect::<Vec<_>>().join("  ")
}

/// Returns `14 Mar 2024`, in the time zone of this computer.
fn date_text(moment: Timestamp) -> String {
    moment
        .to_zoned(TimeZone::system())
        .strftime("%-d %b %Y")
        .to_string()
}

/// Returns `2 h 15 min`.
fn duration_text(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round();
    let (hours, minutes) = ((minutes / 60.0).floor(), minutes % 60.0);
    if hours > 0.0 {
        format!("{hours} h {minutes:02} min")
    } else {
        format!("{minutes} min")
    }
}
