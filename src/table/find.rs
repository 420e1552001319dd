//! Finding a text in the cells, as they are shown: neither capitals nor accents count.

use std::borrow::Cow;

use memchr::memmem::Finder;

use super::{
    Column,
    cell_text::{text_of, word_text},
    natural::folded,
    pool::Pool,
    values::{Values, Words},
};

/// Stands between two texts: no line that someone searches for holds it.
const BETWEEN: char = '\n';

/// The texts of a column, ready to be searched.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The texts in small letters, each with [`BETWEEN`] behind it.
    texts: Pool,
    /// The text of each row, where that is not the one that the column itself names; one more than its number.
    ids: Option<Vec<u32>>,
}

impl Index {
    pub(super) fn new(column: &Column, values: &Values, rows: usize) -> Self {
        match values {
            Values::Words(words) => {
                let mut texts = Pool::default();
                for (entry, raw) in words.pool.iter().enumerate() {
                    let number = words.numbers.get(entry).copied().unwrap_or(f64::NAN);
                    if words.means_nothing(entry) {
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

    /// Marks the rows whose text holds what is searched for. Rows that are marked already are left alone.
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
            // The first place stands for nothing.
            *mark |= found.get(*id as usize).copied().unwrap_or(false);
        }
    }

    /// Which texts hold it, each one place on; `None` where none does.
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

/// The place of the first end beyond an offset: looked for in growing steps, because it is mostly near.
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

/// What is searched for.
pub(super) struct Needle<'a> {
    finder: Finder<'a>,
}

impl Needle<'_> {
    /// `None` when nothing is searched for.
    pub(super) fn new(text: &str) -> Option<Self> {
        let text = folded(text.trim());
        (!text.is_empty()).then(|| Self {
            finder: Finder::new(text.as_bytes()).into_owned(),
        })
    }
}

/// Where a text holds what is searched for: bytes from and to, in order, none overlapping.
pub fn matches(text: &str, needle: &str) -> Vec<(usize, usize)> {
    let needle: Vec<char> = folded(needle.trim()).chars().collect();
    if needle.is_empty() {
        return Vec::new();
    }
    // Each letter of the folded text with the piece of the text that it came from.
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
    fn matches_are_told_in_bytes_of_the_text() {
        assert_eq!(matches("Mpro-x0310 X0310", "x03"), [(5, 8), (11, 14)]);
        assert_eq!(matches("Müller µM", "MULLER"), [(0, 7)]);
        assert_eq!(matches("aaa", "aa"), [(0, 2)]);
        assert!(matches("abc", "").is_empty() && matches("", "x").is_empty());
    }
}
