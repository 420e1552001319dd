//! The demo's records of targets, experiments, observations and compounds.

use jiff::{ToSpan as _, civil::date};

use super::chemistry::Fragment;

#[derive(Clone, Debug)]
pub(super) struct Project {
    pub(super) id: i64,
    pub(super) tas: &'static str,
    pub(super) open: bool,
    /// Demo users who are members.
    pub(super) members: &'static [&'static str],
}

#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) long_name: &'static str,
    pub(super) organism: &'static str,
    pub(super) project: i64,
    pub(super) prefix: &'static str,
    pub(super) space_group: &'static str,
    pub(super) cell: [f64; 6],
}

#[derive(Clone, Debug)]
pub(super) struct Experiment {
    pub(super) id: i64,
    pub(super) target: i64,
    pub(super) code: String,
    /// The four digits after `-x`.
    pub(super) number: String,
    pub(super) is_modelled: bool,
    pub(super) has_event_map: bool,
    pub(super) compound: i64,
    /// Days since the first experiment.
    pub(super) day: i32,
    pub(super) outcome: &'static str,
    pub(super) status: Option<&'static str>,
    /// Resolution in Å.
    pub(super) resolution: Option<f64>,
    pub(super) rfree: Option<f64>,
    pub(super) confidence: Option<&'static str>,
    pub(super) pdb_code: Option<String>,
    pub(super) library: &'static str,
    pub(super) well: String,
    /// The upload with which it came.
    pub(super) upload: i64,
    /// Counts refinements.
    pub(super) version: i64,
}

#[derive(Clone, Debug)]
pub(super) struct Observation {
    pub(super) id: i64,
    pub(super) experiment: i64,
    pub(super) target: i64,
    pub(super) code: String,
    pub(super) longcode: String,
    pub(super) compound: i64,
    /// The upload with which it came.
    pub(super) upload: i64,
    /// How many times it was remodelled.
    pub(super) version: i64,
}

#[derive(Clone, Debug)]
pub(super) struct Compound {
    pub(super) id: i64,
    pub(super) code: String,
    pub(super) fragment: Fragment,
}

impl Experiment {
    /// Returns a time of day on the day that is `after` days after this experiment's.
    pub(super) fn time(&self, after: i32, hour: i8) -> String {
        let day = date(2023, 2, 6)
            .checked_add((self.day + after).days())
            .unwrap_or(date(2023, 2, 6));
        format!("{day}T{hour:02}:{:02}:00Z", self.id % 60)
    }
}
