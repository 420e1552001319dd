//! At which site an observation was seen, and in which pose.

use super::records::Observation;

/// The name of the site, the residues that line it, its share of a target's observations (out of ten).
pub(super) const SITES: [(&str, &[&str], i64); 3] = [
    (
        "active site",
        &[
            "A/41/HIS",
            "A/49/MET",
            "A/140/PHE",
            "A/142/ASN",
            "A/145/CYS",
            "A/163/HIS",
            "A/166/GLU",
            "A/189/GLN",
        ],
        6,
    ),
    (
        "dimer interface",
        &["A/1/SER", "A/4/ARG", "A/139/SER", "A/214/ASN", "A/299/GLN"],
        3,
    ),
    (
        "surface pocket",
        &["A/69/GLN", "A/74/GLN", "A/76/ARG", "A/80/HIS"],
        1,
    ),
];

/// Returns the index of the site at which an observation was seen.
pub(super) fn site_of(row: &Observation) -> usize {
    // Modelled crystals are at regular intervals: their numbers alone would all have the same last digit.
    let share = (row.experiment / 3 + row.experiment / 7) % 10;
    let mut passed = 0;
    SITES
        .iter()
        .position(|(_, _, of_ten)| {
            passed += of_ten;
            share < passed
        })
        .unwrap_or_default()
}

/// Returns the site's name with its number, as in the table of an archive.
pub(super) fn site_name(row: &Observation) -> String {
    let place = site_of(row);
    let name = SITES.get(place).map_or("", |(name, _, _)| name);
    format!("{} - {name}", place + 1)
}

pub(super) fn site_id(target: i64, place: usize) -> i64 {
    target * 10 + i64::try_from(place).unwrap_or_default()
}

/// Returns the pose of an observation, by the id of its main observation: the first of its crystal.
pub(super) fn pose_of(row: &Observation) -> i64 {
    if row.code.ends_with('b') {
        row.id - 1
    } else {
        row.id
    }
}

/// Returns what the row of an observation says about its site: conformation of the site, site in its crystal form.
pub(super) fn numbers_of(row: &Observation) -> (i64, i64) {
    let site = site_id(row.target, site_of(row));
    (site * 10 + row.experiment % 2, site)
}
