//! Searching for a text in the cells, as they are shown: case and accents are ignored.

use std::borrow::Cow;

use memchr::memmem::Finder;

use super::{
    Column,
    cell_text::{text_of, word_text},
    natural::folded,
    pool::Pool,
    values::{Values, Words},
};

/// Separates two texts: no search text contains it.
const BETWEEN: char = '\n';

/// The texts of a column, prepared for searching.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The texts in lower case, each followed by [`BETWEEN`].
    texts: Pool,
    /// The index of each row's text plus one, if it is not the one that the column itself names.
    ids: Option<Vec<u32>>,
}

impl Index {
    pub(super) fn new(column: &Column, values: &Values, rows: usize) -> Self {
        match values {
            Values::Words(words) => {
                let mut texts = Pool::default();
                for (entry, raw) in words.pool.iter().enumerate() {
                    let number = words.numbers.get(entry).copied().unwrap_or(f64::NAN);
                    if words.is_blank(entry) {
                        // Its cell looks empty: it is not found.
                        add(&mut texts, "");
                    } else {
                        add(&mut texts, &word_text(column, raw, number));
                    }
                }
                Self { texts, ids: None }
            }
            Values::Numbers(_) => {
                let mut shown = Words::new(None);
                for row in 0..rows {
                    let text = text_of(column, values, row);
                    if text.is_empty() {
                        shown.ids.push(0);
                    } else {
                        shown.push(&text);
                    }
                }
                let mut texts = Pool::default();
                for text in shown.pool.iter() {
                    add(&mut texts, text);
                }
                Self {
                    texts,
                    ids: Some(shown.ids),
                }
            }
        }
    }

    /// Marks the rows whose text contains the search text. Rows that are already marked are skipped.
    pub(super) fn mark(&self, values: Option<&Values>, needle: &Needle<'_>, marks: &mut [bool]) {
        let Some(found) = self.entries(needle) else {
            return;
        };
        let ids = match (&self.ids, values) {
            (Some(ids), _) => ids,
            (None, Some(Values::Words(words))) => &words.ids,
            (None, _) => return,
        };
        for (mark, id) in marks.iter_mut().zip(ids) {
            // Index 0 means no text.
            *mark |= found.get(*id as usize).copied().unwrap_or(false);
        }
    }

    /// Returns which texts contain it, each shifted by one; `None` if none does.
    fn entries(&self, needle: &Needle<'_>) -> Option<Vec<bool>> {
        let (text, ends) = (self.texts.text().as_bytes(), self.texts.ends());
        let mut found: Option<Vec<bool>> = None;
        let (mut at, mut entry) = (0, 0);
        while let Some(offset) = text.get(at..).and_then(|rest| needle.finder.find(rest)) {
            let place = at + offset;
            entry += ends
                .get(entry..)
                .map_or(0, |ends| first_beyond(ends, place));
            let Some(end) = ends.get(entry) else { break };
            let found = found.get_or_insert_with(|| vec![false; ends.len() + 1]);
            if let Some(slot) = found.get_mut(entry + 1) {
                *slot = true;
            }
            at = *end as usize;
        }
        found
    }
}

/// Returns the index of the first end beyond an offset: searched in growing steps, because it is usually near.
fn first_beyond(ends: &[u32], offset: usize) -> usize {
    let is_before = |end: &u32| *end as usize <= offset;
    let mut step = 1;
    while ends.get(step).is_some_and(is_before) {
        step *= 2;
    }
    let end = ends.len().min(step + 1);
    ends.get(..end)
        .map_or(0, |ends| ends.partition_point(is_before))
}

fn add(texts: &mut Pool, text: &str) {
    let mut text = if text.contains(BETWEEN) {
        folded(&text.replace(BETWEEN, " "))
    } else {
        folded(text)
    };
    text.push(BETWEEN);
    texts.push(&text);
}

/// The search text.
pub(super) struct Needle<'a> {
    finder: Finder<'a>,
}

impl Needle<'_> {
    /// Returns `None` if the search text is empty.
    pub(super) fn new(text: &str) -> Option<Self> {
        let text = folded(text.trim());
        (!text.is_empty()).then(|| Self {
            finder: Finder::new(text.as_bytes()).into_owned(),
        })
    }
}

/// Returns where a text contains the search text: start and end in bytes, in order, without overlaps.
pub fn matches(text: &str, needle: &str) -> Vec<(usize, usize)> {
    let needle: Vec<char> = folded(needle.trim()).chars().collect();
    if needle.is_empty() {
        return Vec::new();
    }
    // Each character of the folded text with the part of the text from which it came.
    let letters: Vec<(char, usize, usize)> = text
        .char_indices()
        .flat_map(|(start, letter)| {
            let end = start + letter.len_utf8();
            let folded: Cow<'_, str> = folded(letter.encode_utf8(&mut [0; 4])).into();
            let letters: Vec<char> = folded.chars().collect();
            letters.into_iter().map(move |letter| (letter, start, end))
        })
        .collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(window) = letters.get(at..at + needle.len()) {
        if window.iter().map(|(letter, _, _)| letter).eq(needle.iter()) {
            let (first, last) = (window.first(), window.last());
            found.extend(first.zip(last).map(|(first, last)| (first.1, last.2)));
            at += needle.len();
        } else {
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_are_given_as_byte_ranges() {
        assert_eq!(matches("Mpro-x0310 X0310", "x03"), [(5, 8), (11, 14)]);
        assert_eq!(matches("Müller µM", "MULLER"), [(0, 7)]);
        assert_eq!(matches("aaa", "aa"), [(0, 2)]);
        assert!(matches("abc", "").is_empty() && matches("", "x").is_empty());
    }
}
