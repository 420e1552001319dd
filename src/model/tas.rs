//! Target access strings: who may see what is decided by them.

use std::{cmp::Ordering, fmt};

use serde::{Deserialize, Serialize};

/// A target access string such as `lb18145-1`: two-letter code, proposal number, visit.
///
/// Servers may be configured for other forms (without a visit, other codes), so any text is kept;
/// [`Self::is_usual`] only says whether it looks like the documented form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tas(String);

impl Tas {
    /// Keeps the text, without blanks around it.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The text as the server writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The letters at the front, `lb` of `lb18145-1`.
    pub fn code(&self) -> &str {
        let end = self
            .0
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(self.0.len());
        self.0.get(..end).unwrap_or_default()
    }

    /// The proposal number, `18145` of `lb18145-1`.
    pub fn proposal(&self) -> Option<u64> {
        self.parts().0
    }

    /// The visit, `1` of `lb18145-1`.
    pub fn visit(&self) -> Option<u64> {
        self.parts().1
    }

    /// Whether this has the documented form: two letters, a proposal number, a hyphen and a visit.
    pub fn is_usual(&self) -> bool {
        self.code().len() == 2 && self.proposal().is_some() && self.visit().is_some()
    }

    fn parts(&self) -> (Option<u64>, Option<u64>) {
        let rest = self.0.get(self.code().len()..).unwrap_or_default();
        let (proposal, visit) = match rest.split_once('-') {
            Some((proposal, visit)) => (proposal, Some(visit)),
            None => (rest, None),
        };
        (
            proposal.parse().ok(),
            visit.and_then(|visit| visit.parse().ok()),
        )
    }
}

impl fmt::Display for Tas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Ord for Tas {
    /// By code, then by the numbers as numbers: `lb9-1` comes before `lb10-1`.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |tas: &Self| (tas.code().to_owned(), tas.proposal(), tas.visit());
        key(self)
            .cmp(&key(other))
            .then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Tas {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_usual_string_are_told_apart() {
        let tas = Tas::new(" lb18145-1\n");
        assert_eq!(
            (tas.code(), tas.proposal(), tas.visit()),
            ("lb", Some(18145), Some(1))
        );
        assert!(tas.is_usual());
    }

    #[test]
    fn unusual_strings_are_kept() {
        for text in ["lb18145", "open", "", "12-3", "lb-1", "xx1-2-3"] {
            assert_eq!(Tas::new(text).as_str(), text);
            assert!(!Tas::new(text).is_usual(), "{text}");
        }
    }

    #[test]
    fn numbers_sort_as_numbers() {
        let mut list = ["lb10-1", "sw1-1", "lb9-12", "lb9-2"].map(Tas::new);
        list.sort();
        assert_eq!(
            list.map(|tas| tas.0),
            ["lb9-2", "lb9-12", "lb10-1", "sw1-1"]
        );
    }
}
