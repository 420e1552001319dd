//! What a column is, and what a cell of it holds.

use std::borrow::Cow;

use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

use super::Row;

/// The groups of the column chooser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnGroup {
    /// What it is called and where it belongs.
    Identity,
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
    /// Numbers of other records, for the curious.
    Bookkeeping,
    /// Fields that this program does not know yet.
    Unknown,
}

impl ColumnGroup {
    /// The heading in the chooser.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Identity => "Identity",
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

/// The type of a column: decides order, alignment and form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Words; also codes, which sort naturally.
    Text,
    /// One of few words, with an order of its own; words that are not listed come after.
    Category(&'static [&'static str]),
    /// A number with so many decimals.
    Number(usize),
    /// A whole number.
    Whole,
    /// A point in time.
    Moment,
    /// A length of time, in seconds.
    Duration,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Words.
    Text(Cow<'a, str>),
    /// A number; seconds in a column of durations.
    Number(f64),
    /// A point in time.
    Moment(Timestamp),
}

/// How a column finds its cell.
#[derive(Clone, Debug)]
pub(super) enum Reader {
    Known(fn(&Row) -> Cell<'_>),
    /// A field that came with a newer server.
    Unknown,
}

/// A column of the table.
#[derive(Clone, Debug)]
pub struct Column {
    /// The server's own name of the field.
    pub field: Cow<'static, str>,
    /// The heading, in words.
    pub heading: Cow<'static, str>,
    /// The unit, where there is one.
    pub unit: Option<&'static str>,
    /// What it means.
    pub help: Cow<'static, str>,
    /// Where it stands in the chooser.
    pub group: ColumnGroup,
    /// Its type.
    pub kind: ColumnKind,
    /// A good width in points.
    pub width: f32,
    pub(super) reader: Reader,
}

impl Column {
    /// The cell of a row.
    pub fn cell<'a>(&self, row: &'a Row) -> Cell<'a> {
        match &self.reader {
            Reader::Known(read) => read(row),
            Reader::Unknown => match row.experiment.unknown.get(self.field.as_ref()) {
                None | Some(Value::Null) => Cell::Empty,
                Some(Value::String(text)) => Cell::text(text),
                Some(other) => Cell::Text(other.to_string().into()),
            },
        }
    }

    /// The cell as people read it: fixed decimals, dates in the local zone, empty as nothing.
    pub fn text<'a>(&self, row: &'a Row) -> Cow<'a, str> {
        match (self.cell(row), self.kind) {
            (Cell::Empty, _) => Cow::Borrowed(""),
            (Cell::Text(text), _) if self.field == "unit_cell_dimensions" => rounded(&text).into(),
            (Cell::Text(text), _) => text,
            (Cell::Number(number), ColumnKind::Number(decimals)) => {
                format!("{number:.decimals$}").into()
            }
            (Cell::Number(seconds), ColumnKind::Duration) => duration_text(seconds).into(),
            (Cell::Number(number), _) => number.to_string().into(),
            (Cell::Moment(moment), _) => date_text(moment).into(),
        }
    }

    /// Whether numbers of the column are compared by eye, and so stand at the right.
    pub fn is_right_aligned(&self) -> bool {
        match self.kind {
            ColumnKind::Number(_) | ColumnKind::Whole | ColumnKind::Duration => true,
            ColumnKind::Text | ColumnKind::Category(_) | ColumnKind::Moment => false,
        }
    }
}

impl<'a> Cell<'a> {
    /// A text, or nothing when it is empty.
    pub fn text(text: &'a str) -> Self {
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(Cow::Borrowed(text))
        }
    }

    pub(super) fn maybe_text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }

    pub(super) fn number(number: Option<f64>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }

    pub(super) fn whole(number: Option<i64>) -> Self {
        Self::number(number.map(|number| number as f64))
    }

    /// Whether nothing stands here.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }
}

/// `14 Mar 2024`, in the zone of this computer.
fn date_text(moment: Timestamp) -> String {
    moment
        .to_zoned(TimeZone::system())
        .strftime("%-d %b %Y")
        .to_string()
}

/// Every number of the text with one decimal.
fn rounded(text: &str) -> String {
    let words = text
        .split_whitespace()
        .map(|word| match word.parse::<f64>() {
            Ok(number) => format!("{number:.1}"),
            Err(_) => word.to_owned(),
        });
    words.collect::<Vec<_>>().join("  ")
}

/// `2 h 15 min`.
fn duration_text(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round();
    let (hours, minutes) = ((minutes / 60.0).floor(), minutes % 60.0);
    if hours > 0.0 {
        format!("{hours} h {minutes:02} min")
    } else {
        format!("{minutes} min")
    }
}
