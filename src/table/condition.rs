//! What the cells of a column must be for a row to be shown.

use std::{collections::BTreeSet, sync::Arc};

use regex_lite::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use super::{
    Column, ColumnKind, Sheet,
    cell_text::{text_of, word_text},
    column::list,
    find::Needle,
    natural::folded,
    parts::Searched,
    values::Values,
};

/// How a text is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// The cell has the text in it; neither capitals nor accents count.
    Contains,
    /// The cell is the text; neither capitals nor accents count.
    Is,
    /// The cell has something in it that the pattern describes.
    Pattern,
    /// The cell's molecule has this part, written as SMILES or SMARTS.
    Part,
}

/// What a cell must be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// A number, length of time (in seconds) or point in time (seconds since 1970) between two, both included.
    Range {
        /// The smallest; `None` for no limit.
        from: Option<f64>,
        /// The largest.
        to: Option<f64>,
    },
    /// One of these, as they are shown; an empty one stands for empty cells.
    OneOf(BTreeSet<String>),
    /// All of these, in a column whose cells hold several values.
    AllOf(BTreeSet<String>),
    /// A text.
    Text {
        /// How it is compared.
        how: Compare,
        /// With what.
        text: String,
    },
    /// Nothing in it.
    Empty,
    /// Something in it.
    Present,
}

/// A condition on a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnFilter {
    /// The column's field.
    pub field: String,
    /// What its cells must be.
    pub condition: Condition,
}

/// The pattern cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{pattern}” is not a valid regular expression")]
pub struct PatternError {
    /// What was written.
    pub pattern: String,
}

/// Longest program that a pattern may become, in bytes: more is meant to explode.
const PATTERN_LIMIT: usize = 1 << 15;

/// Reads a pattern, so that a wrong one can be told while it is written.
pub fn pattern(text: &str) -> Result<Regex, PatternError> {
    RegexBuilder::new(text)
        .case_insensitive(true)
        .size_limit(PATTERN_LIMIT)
        .build()
        .map_err(|error| {
            tracing::debug!(%error, "a pattern could not be read");
            PatternError {
                pattern: text.to_owned(),
            }
        })
}

impl ColumnFilter {
    /// Unmarks the rows that do not pass. A pattern that cannot be read lets all pass, and a filter on a
    /// column that is not there does too: the chip says so.
    pub(super) fn apply(&self, sheet: &Sheet, marks: &mut [bool]) {
        let Some(place) = sheet.place(&self.field) else {
            return;
        };
        let mut keep = |passes: &dyn Fn(usize) -> bool| {
            for (row, mark) in marks.iter_mut().enumerate() {
                *mark = *mark && passes(row);
            }
        };
        match &self.condition {
            Condition::Empty => keep(&|row| sheet.is_empty_at(place, row)),
            Condition::Present => keep(&|row| !sheet.is_empty_at(place, row)),
            Condition::Range { from, to } => {
                let (from, to) = (
                    from.unwrap_or(f64::NEG_INFINITY),
                    to.unwrap_or(f64::INFINITY),
                );
                // What is no number is in no range.
                keep(&|row| (from..=to).contains(&sheet.number(place, row)));
            }
            Condition::OneOf(texts) if is_list(sheet, place) => {
                let passes = by_values(sheet, place, |values| {
                    values.iter().any(|value| texts.contains(value))
                });
                let takes_empty = texts.contains("");
                keep(&|row| passes.at(row).unwrap_or(takes_empty));
            }
            Condition::AllOf(texts) => {
                let passes = by_values(sheet, place, |values| {
                    texts.iter().all(|text| values.contains(text))
                });
                keep(&|row| passes.at(row).unwrap_or(false));
            }
            Condition::OneOf(texts) => {
                let passes = by_text(sheet, place, |text| texts.contains(text));
                let takes_empty = texts.contains("");
                keep(&|row| passes.at(row).unwrap_or(takes_empty));
            }
            Condition::Text { how, text } => match how {
                Compare::Contains => {
                    let Some(needle) = Needle::new(text) else {
                        return;
                    };
                    let mut found = vec![false; sheet.len()];
                    if let Some(index) = sheet.index(place) {
                        index.mark(sheet.values(place), &needle, &mut found);
                    }
                    keep(&|row| found.get(row).copied().unwrap_or(false));
                }
                Compare::Is => {
                    let meant = folded(text.trim());
                    let passes = by_text(sheet, place, |text| folded(text) == meant);
                    keep(&|row| passes.at(row).unwrap_or(meant.is_empty()));
                }
                Compare::Part => {
                    let Some(found) = search(sheet, place, text) else {
                        return;
                    };
                    let of_texts = found.parts.iter().map(Option::is_some).collect();
                    let passes = ByText {
                        sheet,
                        place,
                        of_texts,
                        of_rows: Vec::new(),
                    };
                    keep(&|row| passes.at(row).unwrap_or(false));
                }
                Compare::Pattern => {
                    let Ok(pattern) = pattern(text) else { return };
                    let passes = by_text(sheet, place, |text| pattern.is_match(text));
                    keep(&|row| passes.at(row).unwrap_or(false));
                }
            },
        }
    }

    /// The condition in words, for its chip: `Resolution 1.20 to 1.80 Å`.
    pub fn words(&self, sheet: &Sheet) -> String {
        let Some(column) = sheet
            .place(&self.field)
            .and_then(|place| sheet.column(place))
        else {
            return format!("{}: not in this table", self.field);
        };
        let name = column.heading.as_ref();
        match &self.condition {
            Condition::Empty => format!("{name} is empty"),
            Condition::Present => format!("{name} is not empty"),
            Condition::Range { from, to } => range_words(column, *from, *to),
            Condition::OneOf(texts) => match texts.iter().next() {
                Some(one) if texts.len() == 1 => format!("{name}: {}", or_empty(one)),
                Some(_) => format!("{name}: {} values", texts.len()),
                None => format!("{name}: none"),
            },
            Condition::AllOf(texts) => match texts.iter().next() {
                Some(one) if texts.len() == 1 => format!("{name}: {}", or_empty(one)),
                _ => format!("{name}: all of {} values", texts.len()),
            },
            Condition::Text { how, text } => match how {
                Compare::Contains => format!("{name} contains “{text}”"),
                Compare::Is => format!("{name} is “{text}”"),
                Compare::Part => part_words(sheet, &self.field, text),
                Compare::Pattern => match pattern(text) {
                    Ok(_) => format!("{name} matches “{text}”"),
                    Err(_) => format!(
                        "{name}: “{text}” is not a valid regular expression, so it is not applied"
                    ),
                },
            },
        }
    }
}

impl Sheet {
    /// The atoms of a row's molecule that are the part which a filter on its column asks for.
    pub fn filtered_part(
        &self,
        place: usize,
        row: usize,
        filter: &ColumnFilter,
    ) -> Option<Arc<[usize]>> {
        let Condition::Text {
            how: Compare::Part,
            text,
        } = &filter.condition
        else {
            return None;
        };
        let Some(Values::Words(words)) = self.values(place) else {
            return None;
        };
        let found = search(self, place, text)?;
        found.parts.get(words.entry(row)?)?.clone()
    }
}

/// Which molecules of a column have a part; `None` where the text is no query.
fn search(sheet: &Sheet, place: usize, text: &str) -> Option<Searched> {
    sheet.molecules(place)?.search(text)
}

fn part_words(sheet: &Sheet, field: &str, text: &str) -> String {
    let place = sheet.place(field);
    match place.and_then(|place| search(sheet, place, text)) {
        Some(found) if found.undecided > 0 => {
            format!("With {text}; {} could not be decided", found.undecided)
        }
        Some(_) => format!("With {text}"),
        None => format!("“{text}” is no SMILES or SMARTS, so it is not applied"),
    }
}

fn range_words(column: &Column, from: Option<f64>, to: Option<f64>) -> String {
    let name = column.heading.as_ref();
    let text = |number: f64| column.number_text(number);
    let unit = column
        .unit
        .map(|unit| format!(" {unit}"))
        .unwrap_or_default();
    let is_time = column.kind == ColumnKind::Moment;
    match (from, to) {
        (Some(from), Some(to)) => format!("{name} {} to {}{unit}", text(from), text(to)),
        (Some(from), None) if is_time => format!("{name} since {}", text(from)),
        (None, Some(to)) if is_time => format!("{name} until {}", text(to)),
        (Some(from), None) => format!("{name} at least {}{unit}", text(from)),
        (None, Some(to)) => format!("{name} at most {}{unit}", text(to)),
        (None, None) => format!("{name}: any number"),
    }
}

/// The word for an empty cell.
pub fn or_empty(text: &str) -> &str {
    if text.is_empty() { "empty" } else { text }
}

/// What a test says of each row's text.
struct ByText<'a> {
    sheet: &'a Sheet,
    place: usize,
    /// Of each different text; `None` where the column's texts are not kept.
    of_texts: Vec<bool>,
    of_rows: Vec<Option<bool>>,
}

impl ByText<'_> {
    /// `None` for an empty cell.
    fn at(&self, row: usize) -> Option<bool> {
        match self.sheet.values(self.place)? {
            Values::Words(words) => self.of_texts.get(words.entry(row)?).copied(),
            Values::Numbers(_) => self.of_rows.get(row).copied().flatten(),
        }
    }
}

fn is_list(sheet: &Sheet, place: usize) -> bool {
    sheet.column(place).is_some_and(Column::is_list)
}

/// Tests the values of each different cell of a column of lists once. A cell without any counts as empty.
fn by_values(sheet: &Sheet, place: usize, test: impl Fn(&[String]) -> bool) -> ByText<'_> {
    let mut of_texts = Vec::new();
    if let Some(Values::Words(words)) = sheet.values(place) {
        of_texts.extend(words.pool.iter().map(|raw| test(&list(raw))));
    }
    ByText {
        sheet,
        place,
        of_texts,
        of_rows: Vec::new(),
    }
}

/// Tests each different text once.
fn by_text(sheet: &Sheet, place: usize, test: impl Fn(&str) -> bool) -> ByText<'_> {
    let (mut of_texts, mut of_rows) = (Vec::new(), Vec::new());
    if let (Some(column), Some(values)) = (sheet.column(place), sheet.values(place)) {
        match values {
            Values::Words(words) => {
                for (entry, raw) in words.pool.iter().enumerate() {
                    let number = words.numbers.get(entry).copied().unwrap_or(f64::NAN);
                    of_texts.push(test(&word_text(column, raw, number)));
                }
            }
            Values::Numbers(_) => {
                for row in 0..sheet.len() {
                    let text = text_of(column, values, row);
                    of_rows.push((!text.is_empty()).then(|| test(&text)));
                }
            }
        }
    }
    ByText {
        sheet,
        place,
        of_texts,
        of_rows,
    }
}
