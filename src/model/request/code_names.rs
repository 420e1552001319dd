//! The names of an observation: its short code, its long code, its crystal, its PDB code, its compound. Every name
//! that the program itself shows is accepted, and the result reports how names were resolved.

use std::collections::{BTreeMap, BTreeSet};

/// Longest name for which a similar one is searched.
const LONGEST: usize = 64;

/// The names of a target's observations, in lower case, with the short codes to which they refer.
#[derive(Debug, Default)]
pub struct CodeNames {
    codes: BTreeSet<String>,
    by_name: BTreeMap<String, BTreeSet<String>>,
}

/// The codes to which a list of names refers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolvedCodes {
    /// Short codes, each once, in the order of the names.
    pub codes: Vec<String>,
    /// Unknown names.
    pub unknown: Vec<String>,
    /// How names were resolved, each in a sentence without its full stop.
    pub notes: Vec<String>,
}

impl CodeNames {
    /// Adds an observation by its short code, with its other names.
    pub fn add<'a>(&mut self, code: &'a str, others: impl IntoIterator<Item = &'a str>) {
        self.codes.insert(code.to_owned());
        for name in others.into_iter().chain([code]) {
            let codes = self.by_name.entry(name.to_lowercase()).or_default();
            codes.insert(code.to_owned());
        }
    }

    /// Resolves names. A short code refers to itself, even if something else has the same name.
    pub fn resolve(&self, names: &[String]) -> ResolvedCodes {
        let mut resolved = ResolvedCodes::default();
        let mut seen = BTreeSet::new();
        for name in names {
            let exact = self.codes.get(name);
            let codes: Vec<&String> = match (exact, self.by_name.get(&name.to_lowercase())) {
                (Some(code), _) => vec![code],
                (None, Some(codes)) => {
                    let list: Vec<&str> = codes.iter().map(String::as_str).collect();
                    let note = format!("{name} was read as {}", list.join(", "));
                    resolved.notes.push(note);
                    codes.iter().collect()
                }
                (None, None) => {
                    resolved.unknown.push(name.clone());
                    continue;
                }
            };
            let new = codes.into_iter().filter(|code| seen.insert(*code));
            resolved.codes.extend(new.cloned());
        }
        resolved
    }

    /// Returns the known name that differs from this one only by a typo.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let wanted = name.to_lowercase();
        let length = wanted.chars().count();
        if !(3..=LONGEST).contains(&length) {
            return None;
        }
        let most = if length < 8 { 1 } else { 2 };
        self.by_name
            .iter()
            .filter(|(known, _)| known.chars().count().abs_diff(length) <= most)
            .map(|(known, codes)| (strsim::damerau_levenshtein(known, &wanted), known, codes))
            .filter(|(distance, ..)| *distance <= most)
            .min_by_key(|(distance, ..)| *distance)
            .map(|(_, known, codes)| {
                // The original spelling, if it is a short code.
                let own = codes.iter().find(|code| code.to_lowercase() == *known);
                own.map_or(known.as_str(), String::as_str)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_is_distinguished_from_another_name() {
        let mut names = CodeNames::default();
        names.add("x0310a", ["A71EV2A-x0310", "7ABC"]);
        names.add("x0311a", ["A71EV2A-x0311"]);
        assert_eq!(names.nearest("x0310"), Some("x0310a"));
        assert_eq!(names.nearest("X0301a"), Some("x0310a"));
        assert_eq!(names.nearest("A71EV2A-x03100"), Some("a71ev2a-x0310"));
        assert_eq!(names.nearest("zzzz"), None);
        assert_eq!(names.nearest("x"), None);
        let found = names.resolve(&["7abc".to_owned(), "x0310a".to_owned(), "y".to_owned()]);
        assert_eq!(found.codes, ["x0310a"]);
        assert_eq!(found.unknown, ["y"]);
        assert_eq!(found.notes, ["7abc was read as x0310a"]);
    }
}
