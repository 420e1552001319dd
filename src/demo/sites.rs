//! At which site an observation was seen, and in which pose.

use super::records::Observation;

/// Name that people gave to it, residues that line it, the share of a target's observations in it (of ten).
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

/// The place of the site at which an observation was seen.
pub(super) fn site_of(row: &Observation) -> usize {
    // Modelled crystals come at regular distances: their numbers alone would all end alike.
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

/// The site's name with its number, as the table in an archive has it.
pub(super) fn site_name(row: &Observation) -> String {
    let place = site_of(row);
    let name = SITES.get(place).map_or("", |(name, _, _)| name);
    format!("{} - {name}", place + 1)
}

pub(super) fn site_id(target: i64, place: usize) -> i64 {
    target * 10 + i64::try_from(place).unwrap_or_default()
}

/// The pose of an observation, by the number of the observation that stands for it: the first of its crystal.
pub(super) fn pose_of(row: &Observation) -> i64 {
    if row.code.ends_with('b') {
        row.id - 1
    } else {
        row.id
    }
}

/// What the row of an observation says of where it was seen: shape of the site, site in its crystal form.
pub(super) fn numbers_of(row: &Observation) -> (i64, i64) {
    let site = site_id(row.target, site_of(row));
    (site * 10 + row.experiment % 2, site)
}
