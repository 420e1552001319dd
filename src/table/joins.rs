//! Fields that the server's rows do not have themselves: target, access, names of compounds, which files exist,
//! number of observations.

use std::collections::{HashMap, HashSet};

use super::{
    NEWS, NOTE, STAR, column,
    columns::VISIBLE,
    sheet::Sheet,
    subject::Subject,
    values::{Numbers, Values, Words},
};
use crate::model::{ExperimentId, Lookups, Target, TargetKey};

/// Files, by the column that shows whether they exist.
const FILES: [(&str, &str); 4] = [
    ("pdb_info", "PDB"),
    ("mtz_info", "MTZ"),
    ("cif_info", "CIF"),
    ("map_info_source_files", "map"),
];

/// Fills the joined columns.
pub(super) fn join(sheet: &mut Sheet, lookups: &Lookups) {
    let text = |of: fn(&Target) -> &str| {
        let texts: Vec<&str> = sheet.targets().iter().map(of).collect();
        by_place(sheet.target_places(), &texts)
    };
    let visible = |target: &Target| match target.open {
        Some(true) => VISIBLE.first().copied().unwrap_or_default(),
        Some(false) => VISIBLE.last().copied().unwrap_or_default(),
        None => "",
    };
    let columns = [
        ("target", text(|target| &target.key.title)),
        ("tas", text(|target| target.key.tas.as_str())),
        ("target_name", text(|target| &target.display_name)),
        ("open", {
            let texts: Vec<&str> = sheet.targets().iter().map(visible).collect();
            by_place(sheet.target_places(), &texts)
        }),
    ];
    for (field, words) in columns {
        sheet.replace(field, Values::Words(words));
    }
    // Marked when the user's notes have been read.
    for field in [STAR, NOTE] {
        let mut values = Values::Words(Words::new(None));
        values.set_len(sheet.len());
        sheet.replace(field, values);
    }
    match sheet.subject() {
        Subject::Experiments => join_experiments(sheet, lookups),
        Subject::Hits => {
            // The drawn structure is the one in the SMILES column.
            let smiles = sheet.place("smiles").and_then(|place| sheet.values(place));
            if let Some(smiles) = smiles.cloned() {
                sheet.replace("structure", smiles);
            }
        }
    }
}

/// Fills the columns that only experiments have.
fn join_experiments(sheet: &mut Sheet, lookups: &Lookups) {
    let columns = [
        ("files", files(sheet)),
        ("compound", named(sheet, lookups, false)),
        ("compound_smiles", named(sheet, lookups, true)),
    ];
    for (field, words) in columns {
        sheet.replace(field, Values::Words(words));
    }
    // Known later, or never.
    let unknown = [
        ("observations", Values::Numbers(Numbers::default())),
        (NEWS, Values::Words(Words::new(None))),
    ];
    for (field, mut values) in unknown {
        values.set_len(sheet.len());
        sheet.replace(field, values);
    }
    sheet.replace("upload_version", Values::Numbers(versions(sheet, lookups)));
}

/// Returns the version of the target's data that each row belongs to.
#[expect(
    clippy::cast_possible_truncation,
    reason = "whole numbers below 2⁵³ only are stored as numbers"
)]
fn versions(sheet: &Sheet, lookups: &Lookups) -> Numbers {
    let version = |place: usize, row: usize| {
        let upload = Some(sheet.number(place, row)).filter(|upload| upload.is_finite())?;
        lookups.upload_versions.get(&(upload as i64)).copied()
    };
    let place = sheet.place("experiment_upload");
    let values = (0..sheet.len()).map(|row| {
        let version = place.and_then(|place| version(place, row));
        version.map_or(f64::NAN, |version| version as f64)
    });
    Numbers {
        values: values.collect(),
        ..Numbers::default()
    }
}

/// Returns a column that has the same text for all rows of a target.
fn by_place(places: &[u32], texts: &[&str]) -> Words {
    let mut words = Words::new(None);
    let ids: Vec<u32> = texts.iter().map(|text| id_of(&mut words, text)).collect();
    words.ids = places
        .iter()
        .map(|place| ids.get(*place as usize).copied().unwrap_or_default())
        .collect();
    words
}

/// Returns the id of a text, which is added to the column's pool.
fn id_of(words: &mut Words, text: &str) -> u32 {
    if text.is_empty() || !words.push(text) {
        return 0;
    }
    words.ids.pop().unwrap_or_default()
}

/// Returns which files are available, in the order in which users ask for them.
fn files(sheet: &Sheet) -> Words {
    let places: Vec<Option<usize>> = FILES.iter().map(|(field, _)| sheet.place(field)).collect();
    let mut words = Words::new(None);
    // One text for each of the sixteen combinations of files.
    let ids: Vec<u32> = (0..1_usize << FILES.len())
        .map(|mask| {
            let there = FILES.iter().enumerate();
            let names: Vec<&str> = there
                .filter(|(bit, _)| mask & (1 << bit) != 0)
                .map(|(_, (_, name))| *name)
                .collect();
            id_of(&mut words, &names.join(" "))
        })
        .collect();
    words.ids = (0..sheet.len())
        .map(|row| {
            let mask = places.iter().enumerate().fold(0, |mask, (bit, place)| {
                let is_there = place.is_some_and(|place| !sheet.is_empty_at(place, row));
                mask | (usize::from(is_there) << bit)
            });
            ids.get(mask).copied().unwrap_or_default()
        })
        .collect();
    words
}

/// Returns names or structures of the compounds of each row.
fn named(sheet: &Sheet, lookups: &Lookups, is_structure: bool) -> Words {
    let mut words = Words::new(None);
    let Some(Values::Words(numbers)) = sheet
        .place("compounds")
        .and_then(|place| sheet.values(place))
    else {
        return words;
    };
    let ids: Vec<u32> = numbers
        .pool
        .iter()
        .map(|json| {
            let found: Vec<&str> = column::list(json)
                .iter()
                .filter_map(|number| lookups.compounds.get(&number.parse().ok()?))
                .filter_map(|names| {
                    let text = if is_structure {
                        &names.smiles
                    } else {
                        &names.name
                    };
                    text.as_deref()
                })
                .collect();
            id_of(&mut words, &found.join(", "))
        })
        .collect();
    words.ids = (0..sheet.len())
        .map(|row| {
            numbers
                .entry(row)
                .and_then(|entry| ids.get(entry))
                .copied()
                .unwrap_or_default()
        })
        .collect();
    words
}

impl Sheet {
    /// Returns the same rows with the number of observations of each experiment, for the targets whose observations
    /// have been read.
    #[must_use]
    pub fn with_observations<'a>(
        &self,
        read: impl IntoIterator<Item = (&'a TargetKey, Vec<ExperimentId>)>,
    ) -> Self {
        let (mut known, mut counts) = (HashSet::new(), HashMap::<ExperimentId, u32>::new());
        for (target, experiments) in read {
            known.insert(target);
            for experiment in experiments {
                *counts.entry(experiment).or_default() += 1;
            }
        }
        let values = (0..self.len())
            .map(|row| match self.target(row) {
                Some(target) if known.contains(target) => {
                    let experiment = ExperimentId(self.id(row).0);
                    f64::from(counts.get(&experiment).copied().unwrap_or(0))
                }
                _ => f64::NAN,
            })
            .collect();
        let mut sheet = self.clone();
        let numbers = Numbers {
            values,
            ..Numbers::default()
        };
        sheet.replace("observations", Values::Numbers(numbers));
        sheet
    }
}
