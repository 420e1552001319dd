//! The conditions that the cells of a column must meet for a row to be shown.

use std::{collections::BTreeSet, sync::Arc};

use regex_lite::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use super::{
    Column, Sheet,
    cell_text::{text_of, word_text},
    column::list,
    find::Needle,
    natural::folded,
    structure_search::{Similarities, StructureMatches, fingerprint},
    values::Values,
};
use crate::chemistry::Query;

/// How a text is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// The cell contains the text; case and accents are ignored.
    Contains,
    /// The cell equals the text; case and accents are ignored.
    Is,
    /// The cell contains a match of the pattern.
    Pattern,
    /// The cell's molecule contains this substructure, written as SMILES or SMARTS.
    Part,
}

/// A condition on a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// A number, duration (in seconds) or point in time (seconds since 1970) in a range, both ends included.
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
    /// A molecule that is similar to another one.
    Similar {
        /// The other one.
        smiles: String,
        /// The least similarity (Tanimoto over Morgan fingerprints of radius 2), from 0 to 1.
        least: f64,
    },
    /// No value.
    Empty,
    /// Any value.
    Present,
}

/// A condition on a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnFilter {
    /// The column's field.
    pub field: String,
    /// The condition on its cells.
    pub condition: Condition,
}

/// The pattern cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{pattern}” is not a valid regular expression")]
pub struct PatternError {
    /// What was written.
    pub pattern: String,
}

/// Maximum compiled size of a pattern, in bytes: anything larger is likely to be malicious.
const PATTERN_LIMIT: usize = 1 << 15;

/// Compiles a pattern, so that an invalid one can be reported while it is typed.
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
    /// Clears the marks of rows that do not pass. An invalid pattern lets all rows pass, and so does a filter on a
    /// missing column: the chip says so.
    pub(super) fn apply(&self, sheet: &Sheet, marks: &mut [bool]) {
        let Some(place) = sheet.place(&self.field) else {
            return;
        };
        let passes = self.condition.test(sheet, place);
        let Some(passes) = passes else { return };
        for (row, mark) in marks.iter_mut().enumerate() {
            *mark = *mark && passes(row);
        }
    }

    /// Returns `true` if it searches in molecules, which may take a moment. [`prepare`](Self::prepare) does that in
    /// advance.
    pub fn is_slow(&self) -> bool {
        match &self.condition {
            Condition::Similar { .. } => true,
            Condition::Text { how, .. } => *how == Compare::Part,
            Condition::Range { .. }
            | Condition::OneOf(_)
            | Condition::AllOf(_)
            | Condition::Empty
            | Condition::Present => false,
        }
    }

    /// Computes what the condition needs to know about the table, so that it can then be applied at once. `step` is
    /// called whenever there are results for further rows, and returns `false` if no more are wanted.
    pub fn prepare(&self, sheet: &Sheet, step: &mut dyn FnMut() -> bool) {
        let Some(place) = sheet.place(&self.field) else {
            return;
        };
        match &self.condition {
            Condition::Similar { smiles, .. } => {
                let molecules = sheet.molecules(place);
                molecules.and_then(|all| all.compare(smiles, step));
            }
            Condition::Text {
                how: Compare::Part,
                text,
            } => {
                let molecules = sheet.molecules(place);
                molecules.and_then(|all| all.search(text, step));
            }
            Condition::Text { .. }
            | Condition::Range { .. }
            | Condition::OneOf(_)
            | Condition::AllOf(_)
            | Condition::Empty
            | Condition::Present => {}
        }
    }
}

impl ColumnFilter {
    /// Returns `true` if not all rows have been searched yet: until then, rows are shown as they are found.
    pub fn is_unfinished(&self, sheet: &Sheet) -> bool {
        let Some(place) = sheet.place(&self.field).filter(|_| self.is_slow()) else {
            return false;
        };
        match &self.condition {
            Condition::Similar { smiles, .. } => {
                similarities(sheet, place, smiles).is_some_and(|found| !found.is_complete)
            }
            Condition::Text { text, .. } => {
                search(sheet, place, text).is_some_and(|found| !found.is_complete)
            }
            Condition::Range { .. }
            | Condition::OneOf(_)
            | Condition::AllOf(_)
            | Condition::Empty
            | Condition::Present => false,
        }
    }
}

/// A test of a row.
type Test<'a> = Box<dyn Fn(usize) -> bool + 'a>;

impl Condition {
    /// Returns the test of a row; `None` if there is nothing to test, so that all pass.
    fn test<'a>(&'a self, sheet: &'a Sheet, place: usize) -> Option<Test<'a>> {
        Some(match self {
            Self::Empty => Box::new(move |row| sheet.is_empty_at(place, row)),
            Self::Present => Box::new(move |row| !sheet.is_empty_at(place, row)),
            Self::Range { from, to } => {
                let (from, to) = (
                    from.unwrap_or(f64::NEG_INFINITY),
                    to.unwrap_or(f64::INFINITY),
                );
                // A cell without a number is in no range.
                Box::new(move |row| (from..=to).contains(&sheet.number(place, row)))
            }
            Self::OneOf(texts) => {
                let takes_empty = texts.contains("");
                let passes = if is_list(sheet, place) {
                    by_values(sheet, place, |values| {
                        values.iter().any(|value| texts.contains(value))
                    })
                } else {
                    by_text(sheet, place, |text| texts.contains(text))
                };
                passes.with_result_for_empty(takes_empty)
            }
            Self::AllOf(texts) => by_values(sheet, place, |values| {
                texts.iter().all(|text| values.contains(text))
            })
            .with_result_for_empty(false),
            Self::Similar { smiles, least } => {
                let found = similarities(sheet, place, smiles)?;
                let of_texts = found.values.iter().map(|own| own >= least);
                ByText::of_pool(sheet, place, of_texts).with_result_for_empty(false)
            }
            Self::Text { how, text } => how.test(text, sheet, place)?,
        })
    }
}

impl Compare {
    /// Returns the test of a row against a text.
    fn test<'a>(self, text: &str, sheet: &'a Sheet, place: usize) -> Option<Test<'a>> {
        Some(match self {
            Self::Contains => {
                let needle = Needle::new(text)?;
                let mut found = vec![false; sheet.len()];
                if let Some(index) = sheet.index(place) {
                    index.mark(sheet.values(place), &needle, &mut found);
                }
                Box::new(move |row| found.get(row).copied().unwrap_or(false))
            }
            Self::Is => {
                let meant = folded(text.trim());
                let passes = by_text(sheet, place, |text| folded(text) == meant);
                passes.with_result_for_empty(meant.is_empty())
            }
            Self::Part => {
                let found = search(sheet, place, text)?;
                let of_texts = found.parts.iter().map(Option::is_some);
                ByText::of_pool(sheet, place, of_texts).with_result_for_empty(false)
            }
            Self::Pattern => {
                let pattern = pattern(text).ok()?;
                let passes = by_text(sheet, place, |text| pattern.is_match(text));
                passes.with_result_for_empty(false)
            }
        })
    }
}

impl Sheet {
    /// Returns the atoms of a row's molecule that match the substructure filter on its column.
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

    /// Returns how similar the most similar of these rows is to the molecule that a filter asks for; `None` if the
    /// filter does not ask for similarity.
    pub fn largest_similarity(
        &self,
        filter: &ColumnFilter,
        rows: impl Iterator<Item = usize>,
    ) -> Option<f64> {
        let Condition::Similar { smiles, .. } = &filter.condition else {
            return None;
        };
        let place = self.place(&filter.field)?;
        let Some(Values::Words(words)) = self.values(place) else {
            return None;
        };
        let found = similarities(self, place, smiles)?;
        let own = rows.filter_map(|row| found.values.get(words.entry(row)?).copied());
        own.reduce(f64::max)
    }
}

/// Returns in which molecules of a column a substructure has been found so far; `None` if the text is not a query.
/// Many molecules are not searched here but by [`ColumnFilter::prepare`]: the window must not wait for them.
pub(super) fn search(sheet: &Sheet, place: usize, text: &str) -> Option<StructureMatches> {
    match sheet.known_molecules(place) {
        Some(molecules) => molecules.known_matches(text),
        None => Query::parse(text)
            .ok()
            .map(|_| StructureMatches::none_yet()),
    }
}

/// Returns how similar the molecules of a column are to another one, as far as they have been compared; `None` if the
/// text is not a SMILES.
pub(super) fn similarities(sheet: &Sheet, place: usize, smiles: &str) -> Option<Similarities> {
    match sheet.known_molecules(place) {
        Some(molecules) => molecules.known_similarities(smiles),
        None => fingerprint(smiles).map(|_| Similarities::none_yet()),
    }
}

/// The result of a test for each row's text.
struct ByText<'a> {
    sheet: &'a Sheet,
    place: usize,
    /// For each distinct text; `None` if the column's texts are not kept.
    of_texts: Vec<bool>,
    of_rows: Vec<Option<bool>>,
}

impl<'a> ByText<'a> {
    /// Returns what is already known about each distinct text.
    fn of_pool(sheet: &'a Sheet, place: usize, of_texts: impl Iterator<Item = bool>) -> Self {
        Self {
            sheet,
            place,
            of_texts: of_texts.collect(),
            of_rows: Vec::new(),
        }
    }

    /// Returns the test of a row, with the result for an empty cell.
    fn with_result_for_empty(self, empty: bool) -> Test<'a> {
        Box::new(move |row| self.at(row).unwrap_or(empty))
    }

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

/// Tests the values of each distinct cell of a column of lists once. A cell without any counts as empty.
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

/// Tests each distinct text once.
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
