//! Resolves a list of names against what the server holds.

use crate::{
    dataset::ObservationRecord,
    model::{CodeNames, ResolvedCodes},
};

/// Returns the observations that the names refer to, by every name that the program shows.
pub(super) fn resolve(names: &[String], rows: &[ObservationRecord]) -> ResolvedCodes {
    let mut known = CodeNames::default();
    for row in rows {
        let others = [&row.longcode, &row.crystal, &row.compound];
        known.add(&row.code, others.into_iter().flatten().map(String::as_str));
    }
    known.resolve(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(code: &str, crystal: &str, compound: &str) -> ObservationRecord {
        ObservationRecord {
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
        assert_eq!(found.notes, ["Mpro-x0045 was read as m0045a, m0045b"]);
        for name in ["M0058A", "mpro-x0058_a_1101_v1", "z2", "Mpro-x0058"] {
            let found = resolve(&names(&[name]), &rows);
            assert_eq!(found.codes, ["m0058a"], "{name}");
            assert_eq!(found.notes.len(), 1, "{name}");
        }
    }
}
