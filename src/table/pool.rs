//! The texts of a column: each distinct one is stored once, one after the other.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

/// The index of a row without text.
pub(super) const NO_TEXT: u32 = 0;

/// Many texts in one block of memory, by their indices.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    text: String,
    ends: Vec<u32>,
}

impl Pool {
    /// Returns the number of texts.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the text of an index; an empty one for an unknown index.
    pub(super) fn get(&self, number: usize) -> &str {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = number.checked_sub(1).map_or(0, end);
        self.text.get(start..end(number)).unwrap_or_default()
    }

    /// Returns all texts in the order of their indices.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|number| self.get(number))
    }

    /// Returns all texts in one block.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns where each text ends in that block.
    pub(super) fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// Adds a text. Returns `false` if there is no space: four gigabytes in one column.
    pub(super) fn push(&mut self, text: &str) -> bool {
        let Ok(end) = u32::try_from(self.text.len() + text.len()) else {
            return false;
        };
        self.text.push_str(text);
        self.ends.push(end);
        true
    }

    /// Returns the memory used, in bytes.
    pub(super) fn memory(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * size_of::<u32>()
    }

    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// After this many distinct texts it is decided whether looking for equal ones is worthwhile.
const TRIAL: usize = 4096;

/// Finds texts that are already in the pool, as long as duplicates are frequent.
#[derive(Clone, Debug, Default)]
pub(super) struct Interner {
    known: HashTable<u32>,
    hasher: DefaultHashBuilder,
    asked: usize,
    is_off: bool,
}

impl Interner {
    /// Returns the index of a text in the pool, to which it is added if needed. `None` if there is no space.
    pub(super) fn number(&mut self, pool: &mut Pool, text: &str) -> Option<u32> {
        if self.is_off {
            return add(pool, text);
        }
        self.asked += 1;
        let hash = self.hasher.hash_one(text);
        let found = self
            .known
            .find(hash, |number| pool.get(*number as usize) == text);
        if let Some(number) = found {
            return Some(*number);
        }
        let number = add(pool, text)?;
        let hasher = &self.hasher;
        self.known.insert_unique(hash, number, |number| {
            hasher.hash_one(pool.get(*number as usize))
        });
        if pool.len() == TRIAL && self.asked < TRIAL * 2 {
            // Codes and addresses are all different; looking for equal ones costs time and saves nothing.
            self.is_off = true;
            self.known = HashTable::new();
        }
        Some(number)
    }
}

fn add(pool: &mut Pool, text: &str) -> Option<u32> {
    let number = u32::try_from(pool.len()).ok()?;
    pool.push(text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_stored_once_and_different_ones_stay_apart() {
        let (mut pool, mut finder) = (Pool::default(), Interner::default());
        let mut number = |text: &str| finder.number(&mut pool, text).unwrap();
        let (a, b, empty) = (number("C121"), number("P3121"), number(""));
        assert_eq!((number("C121"), number("P3121"), number("")), (a, b, empty));
        assert_eq!(
            (pool.get(a as usize), pool.get(b as usize), pool.get(2)),
            ("C121", "P3121", "")
        );
        assert_eq!((pool.len(), pool.get(77)), (3, ""));
        let (mut pool, mut finder) = (Pool::default(), Interner::default());
        for at in 0..TRIAL * 3 {
            let text = format!("x{at}");
            let number = finder.number(&mut pool, &text).unwrap();
            assert_eq!(pool.get(number as usize), text);
        }
        assert!(finder.is_off);
    }
}
