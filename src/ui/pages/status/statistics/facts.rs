//! The service's facts in plain words: it names them as its programs do.

use std::time::Duration;

use jiff::{Timestamp, Zoned};

use crate::{
    model::{byte_text, count_text, time_text},
    ui::words::{clock_time, first_upper},
};

/// What a value is, so that it can be written with its unit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// Text, a time, or a number without a unit.
    None,
    Bytes,
    Seconds,
    Count,
}

/// The facts with names of their own (server-api 1.14): the service's name, ours, and the unit. The cache reports some
/// ninety counters; those that are not here are in the raw response.
const KNOWN: [(&str, &str, Unit); 18] = [
    ("status", "Answer to the ping", Unit::None),
    ("timestamp", "Last ping", Unit::None),
    ("age", "Time since then", Unit::None),
    ("status change timestamp", "Last change", Unit::None),
    ("status change age", "Time since that change", Unit::None),
    ("version", "Version of the cache", Unit::None),
    ("uptime", "Running for", Unit::Seconds),
    ("curr items", "Entries", Unit::Count),
    ("bytes", "Memory used by them", Unit::Bytes),
    ("limit maxbytes", "Memory available", Unit::Bytes),
    ("get hits", "Requests answered from the cache", Unit::Count),
    ("get misses", "Requests not in the cache", Unit::Count),
    (
        "evictions",
        "Entries removed to make space for others",
        Unit::Count,
    ),
    ("curr connections", "Connections", Unit::Count),
    ("total usernames", "Users", Unit::Count),
    (
        "total tas count",
        "Access strings of all users",
        Unit::Count,
    ),
    (
        "avg tas count",
        "Access strings per user, on average",
        Unit::Count,
    ),
    (
        "max tas count",
        "Most access strings of one user",
        Unit::Count,
    ),
];

/// Returns the facts under plain names, in the order of the page. Facts that have no such name follow under their own,
/// unless `only_known`: then their number is returned instead.
pub(super) fn named_facts(
    facts: &[(String, String)],
    only_known: bool,
    now: &Zoned,
) -> (Vec<(String, String)>, usize) {
    let mut named = Vec::new();
    for (key, name, unit) in KNOWN {
        if let Some((_, value)) = facts.iter().find(|(own, _)| own == key) {
            named.push((name.to_owned(), value_text(value, unit, now)));
        }
    }
    let is_known = |name: &str| KNOWN.iter().any(|(key, _, _)| *key == name);
    let others = facts.iter().filter(|(name, _)| !is_known(name));
    if only_known {
        return (named, others.count());
    }
    named.extend(others.map(|(name, value)| (first_upper(name), plain_value(value, now))));
    (named, 0)
}

fn value_text(value: &str, unit: Unit, now: &Zoned) -> String {
    let number = value.trim().parse::<u64>().ok();
    match (unit, number) {
        (Unit::Bytes, Some(bytes)) => byte_text(bytes),
        (Unit::Seconds, Some(seconds)) => time_text(Duration::from_secs(seconds)),
        (Unit::Count, Some(count)) => {
            usize::try_from(count).map_or_else(|_| value.to_owned(), count_text)
        }
        _ => plain_value(value, now),
    }
}

/// Formats times in the local zone, and replaces the service's placeholders with plain words.
pub(super) fn plain_value(value: &str, now: &Zoned) -> String {
    match value {
        "No ping yet" => "not asked yet".to_owned(),
        "No change yet" => "no change yet".to_owned(),
        "Meaningless" | "" => "–".to_owned(),
        other => match other.parse::<Timestamp>() {
            Ok(at) => clock_time(&at.to_zoned(now.time_zone().clone()), now),
            Err(_) => other.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Zoned {
        "2026-11-23T11:42:00+01:00[Europe/Berlin]".parse().unwrap()
    }

    fn facts(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn placeholders_of_the_service_become_plain_words() {
        for (value, words) in [
            ("2026-11-23T08:34:25.537069+00:00", "today at 09:34"),
            ("No ping yet", "not asked yet"),
            ("Meaningless", "–"),
            ("20 seconds", "20 seconds"),
        ] {
            assert_eq!(plain_value(value, &now()), words);
        }
    }

    #[test]
    fn counters_get_plain_names_and_units_and_unknown_ones_are_counted_or_kept() {
        let cache = facts(&[
            ("bytes", "8230"),
            ("curr items", "4123"),
            ("rusage user", "0.5"),
            ("uptime", "86400"),
        ]);
        let (named, others) = named_facts(&cache, true, &now());
        let shown: Vec<(&str, &str)> = named.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(
            shown,
            [
                ("Running for", "24 hours"),
                ("Entries", "4,123"),
                ("Memory used by them", "8.2 KB")
            ]
        );
        assert_eq!(others, 1);
        let (named, others) = named_facts(&cache, false, &now());
        assert_eq!(others, 0);
        assert!(named.contains(&("Rusage user".to_owned(), "0.5".to_owned())));
        // A value that is no number where one is expected stays readable.
        let odd = facts(&[("curr items", "many")]);
        assert_eq!(named_facts(&odd, true, &now()).0[0].1, "many");
    }
}
