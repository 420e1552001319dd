//! What is new on the server since a folder was made.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::snapshot::Snapshot;
use crate::model::{count_text, plural};

/// Observations that are different from when a folder was made. Short codes, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// On the server, and not in the folder.
    pub new: Vec<String>,
    /// In both, but modelled or measured again since then.
    pub changed: Vec<String>,
    /// In the folder, and no longer on the server.
    pub superseded: Vec<String>,
    /// New on the server, but outside the original selection: an update does not fetch them.
    pub unselected: usize,
}

/// What a folder contains, by short code; the fingerprints are `None` if there is no record of them.
pub(crate) type Holds = BTreeMap<String, Option<String>>;

impl Difference {
    /// Compares what a folder contains with what the server has now. `selected` are the requested codes; none of them
    /// means all.
    pub(crate) fn between(holds: &Holds, selected: &[String], now: &Snapshot) -> Self {
        let selected: BTreeSet<&String> = selected.iter().collect();
        let is_wanted = |code: &String| selected.is_empty() || selected.contains(code);
        let mut difference = Self::default();
        let mut on_server = BTreeSet::new();
        for (code, now) in now.marks() {
            on_server.insert(code);
            let code = code.to_owned();
            match holds.get(&code) {
                Some(Some(mark)) if *mark != now => difference.changed.push(code),
                Some(_) => {}
                None if is_wanted(&code) => difference.new.push(code),
                None => difference.unselected += 1,
            }
        }
        let gone = holds
            .keys()
            .filter(|code| !on_server.contains(code.as_str()));
        difference.superseded = gone.cloned().collect();
        difference.new.sort();
        difference.changed.sort();
        difference
    }

    /// Returns `true` if the folder is the same as on the server.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.superseded.is_empty()
    }

    /// Returns how many observations are different.
    pub fn len(&self) -> usize {
        self.new.len() + self.changed.len() + self.superseded.len()
    }

    /// Returns those that an update fetches.
    pub(crate) fn to_fetch(&self) -> impl Iterator<Item = &String> {
        self.new.iter().chain(&self.changed)
    }

    /// Returns the difference in words: `118 new, 3 changed, 2 superseded`.
    pub fn words(&self) -> String {
        let counts = [
            (self.new.len(), "new"),
            (self.changed.len(), "changed"),
            (self.superseded.len(), "superseded"),
        ];
        let parts: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{} {word}", count_text(count)))
            .collect();
        parts.join(", ")
    }

    /// Returns what an update leaves out, in words.
    pub fn unselected_words(&self) -> Option<String> {
        (self.unselected > 0).then(|| {
            let others = plural(self.unselected, "other observation", "other observations");
            format!("{others} of the target were not selected at the time")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(rows: &[(&str, &str)]) -> Snapshot {
        let rows: Vec<_> = rows
            .iter()
            .map(|(code, mark)| format!(r#"{{"code":"{code}","crystal":null,"mark":"{mark}"}}"#))
            .collect();
        let json = format!(
            r#"{{"making":1,"has_crystals":false,"uploads":[],"observations":[{}]}}"#,
            rows.join(",")
        );
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn differences_are_classified() {
        let holds: Holds = [
            ("a", Some("1")),
            ("b", Some("1")),
            ("c", Some("1")),
            ("d", None),
        ]
        .into_iter()
        .map(|(code, mark)| (code.to_owned(), mark.map(str::to_owned)))
        .collect();
        let now = snapshot(&[("e", "1"), ("b", "2"), ("a", "1"), ("d", "9")]);
        let all = Difference::between(&holds, &[], &now);
        assert_eq!(all.words(), "1 new, 1 changed, 1 superseded");
        assert_eq!(
            (&*all.new, &*all.changed, &*all.superseded),
            (
                &["e".to_owned()][..],
                &["b".to_owned()][..],
                &["c".to_owned()][..]
            )
        );
        let selected: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        let some = Difference::between(&holds, &selected, &now);
        assert_eq!((some.new.len(), some.unselected), (0, 1));
        assert!(
            Difference::between(
                &holds,
                &[],
                &snapshot(&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "")])
            )
            .is_empty()
        );
    }
}
