//! What people call an observation: its short code, its long code, its crystal, its compound. Every name that the
//! program itself shows is taken, and what was taken for what is said.

use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::ObservationMark;

/// The codes that a list of names means.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Resolved {
    /// Short codes, each once, in the order of the names.
    pub(super) codes: Vec<String>,
    /// Names that mean nothing.
    pub(super) unknown: Vec<String>,
    /// What was taken for what, each in a sentence without its full stop.
    pub(super) notes: Vec<String>,
}

/// Looks the names up among the observations of the target. A short code is itself, whatever else has its name.
pub(super) fn resolve(names: &[String], rows: &[ObservationMark]) -> Resolved {
    let mut by_name: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let short: BTreeSet<&str> = rows.iter().map(|row| row.code.as_str()).collect();
    for row in rows {
        let others = [&row.longcode, &row.crystal, &row.compound];
        let own = others.into_iter().flatten().map(String::as_str);
        for name in own.chain([row.code.as_str()]) {
            by_name
                .entry(name.to_lowercase())
                .or_default()
                .insert(&row.code);
        }
    }
    let mut resolved = Resolved::default();
    let mut seen = BTreeSet::new();
    for name in names {
        let exact = short.get(name.as_str()).copied();
        let codes: Vec<&str> = match (exact, by_name.get(&name.to_lowercase())) {
            (Some(code), _) => vec![code],
            (None, Some(codes)) => {
                let list: Vec<&str> = codes.iter().copied().collect();
                resolved
                    .notes
                    .push(format!("{name} was taken for {}", list.join(", ")));
                list
            }
            (None, None) => {
                resolved.unknown.push(name.clone());
                continue;
            }
        };
        let new = codes.into_iter().filter(|code| seen.insert(*code));
        resolved.codes.extend(new.map(str::to_owned));
    }
    resolved
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(code: &str, crystal: &str, compound: &str) -> ObservationMark {
        ObservationMark {
            code: code.to_owned(),
            crystal: Some(crystal.to_owned()),
            mark: String::new(),
            version: Some(1),
            longcode: Some(format!("{crystal}_A_1101_v1")),
            compound: Some(compound.to_owned()),
            lacks: Vec::new(),
            media: Vec::new(),
        }
    }

    #[test]
    fn every_name_that_is_shown_is_taken() {
        let rows = [
            row("m0045a", "Mpro-x0045", "Z1"),
            row("m0045b", "Mpro-x0045", "Z1"),
            row("m0058a", "Mpro-x0058", "Z2"),
        ];
        let names =
            |list: &[&str]| -> Vec<String> { list.iter().map(|&it| it.to_owned()).collect() };
        let found = resolve(&names(&["m0058a", "Mpro-x0045", "zz"]), &rows);
        assert_eq!(found.codes, ["m0058a", "m0045a", "m0045b"]);
        assert_eq!(found.unknown, ["zz"]);
        assert_eq!(found.notes, ["Mpro-x0045 was taken for m0045a, m0045b"]);
        for name in ["M0058A", "mpro-x0058_a_1101_v1", "z2", "Mpro-x0058"] {
            let found = resolve(&names(&[name]), &rows);
            assert_eq!(found.codes, ["m0058a"], "{name}");
            assert_eq!(found.notes.len(), 1, "{name}");
        }
    }
}
