//! Target access strings: they decide who may see what.

use std::{cmp::Ordering, fmt};

use serde::{Deserialize, Serialize};

use crate::model::{is_invisible, without_invisible};

/// A target access string such as `lb18145-1`: two-letter code, proposal number, visit.
///
/// Servers may be configured for other forms (without a visit, other codes), so any text is kept;
/// [`Self::is_usual`] only says whether it looks like the documented form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tas(String);

/// A proposal number has at least this many digits.
const PROPOSAL_DIGITS: usize = 4;

impl Tas {
    /// Stores the text, without surrounding spaces.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// Parses what a user has typed or pasted: case, spaces, invisible characters and long dashes are ignored if the
    /// result has the usual form.
    pub fn typed(text: &str) -> Self {
        let usual: String = text
            .chars()
            .filter(|letter| !letter.is_whitespace() && !is_invisible(*letter))
            .map(|letter| match letter {
                '\u{2010}'..='\u{2015}' | '\u{2212}' | '_' => '-',
                other => other.to_ascii_lowercase(),
            })
            .collect();
        // `lb-18145-1`, as some write it.
        let usual = match usual.split_at_checked(2) {
            Some((code, rest)) if code.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                Self(format!("{code}{}", rest.trim_start_matches('-')))
            }
            Some(_) | None => Self(usual),
        };
        if usual.is_usual() || usual.lacks_visit() {
            return usual;
        }
        Self::new(&without_invisible(text))
    }

    /// Returns the text as the server writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the leading letters, `lb` of `lb18145-1`.
    pub fn code(&self) -> &str {
        let end = self
            .0
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(self.0.len());
        self.0.get(..end).unwrap_or_default()
    }

    /// Returns the proposal number, `18145` of `lb18145-1`, or `None` if the text has none.
    pub fn proposal(&self) -> Option<u64> {
        self.parts().0
    }

    /// Returns the visit number, `1` of `lb18145-1`, or `None` if the text has none.
    pub fn visit(&self) -> Option<u64> {
        self.parts().1
    }

    /// Returns `true` if it has the documented form: two letters, a proposal number, a hyphen and a visit.
    pub fn is_usual(&self) -> bool {
        self.code().len() == 2 && self.proposal().is_some() && self.visit().is_some()
    }

    /// Returns `true` for two letters and a proposal number alone: `lb18145`. A shorter number is part of a name
    /// (`CK2`).
    fn lacks_visit(&self) -> bool {
        let is_long = |number: u64| number.to_string().len() >= PROPOSAL_DIGITS;
        self.code().len() == 2 && self.parts().1.is_none() && self.proposal().is_some_and(is_long)
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
    /// By code, then numerically: `lb9-1` sorts before `lb10-1`.
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
    fn the_parts_of_a_usual_string_are_distinguished() {
        let tas = Tas::new(" lb18145-1\n");
        assert_eq!(
            (tas.code(), tas.proposal(), tas.visit()),
            ("lb", Some(18145), Some(1))
        );
        assert!(tas.is_usual());
    }

    #[test]
    fn typed_variants_are_recognised() {
        for text in [
            "LB18145-1",
            " lb 18145-1",
            "lb18145\u{2013}1",
            "Lb18145-1\u{200b}\n",
            "lb-18145-1",
            "lb_18145_1",
        ] {
            assert_eq!(Tas::typed(text).as_str(), "lb18145-1", "{text}");
        }
        // Deployed servers also have some without a visit.
        assert_eq!(Tas::typed("LB 27995").as_str(), "lb27995");
        assert_eq!(Tas::typed("CK2").as_str(), "CK2");
        // Unusual strings may be written in capitals on purpose.
        assert_eq!(Tas::typed(" Open Data ").as_str(), "Open Data");
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
