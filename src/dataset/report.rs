//! What was requested and what arrived.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    coverage::Coverage,
    errors_csv::{self, ErrorLine},
    identity,
    member_kind::{MARKER, is_of_kind},
    records::{FileRecord, Tables},
    snapshot::ObservationRecord,
    update_summary::UpdateSummary,
};
use crate::model::{FileKind, Problem, plural};

/// How a download ended. The names are fixed for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything requested that the server has, arrived and was checked.
    Complete,
    /// Something that was requested could not be downloaded.
    Incomplete,
}

/// What was requested and what arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// How it ended.
    pub outcome: Outcome,
    /// Files that arrived; the server's markers for missing ones do not count.
    pub files: usize,
    /// Their length in bytes.
    pub bytes: u64,
    /// Paths of files that the server itself does not have.
    pub missing: Vec<String>,
    /// Requested codes that the server does not know.
    pub unknown_codes: Vec<String>,
    /// Requested kinds that this server does not offer.
    pub not_offered: Vec<FileKind>,
    /// What arrived of every requested observation and kind: the basis of the word "complete".
    #[serde(default, skip_serializing_if = "Coverage::is_empty")]
    pub coverage: Coverage,
    /// What arrived and was not requested, each in a sentence: data of another target, an invalid table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mismatches: Vec<String>,
    /// Unusual but harmless findings, each in a sentence: two files with the same name, a code that the server lists
    /// twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Files that this program derived from what arrived, by their paths.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made_here: Vec<String>,
    /// How much arrived of each kind.
    #[serde(default)]
    pub kinds: Vec<KindCount>,
    /// Parts that could not be downloaded.
    #[serde(default)]
    pub lost: Option<Box<FailedParts>>,
    /// Number of codes for which it is unknown whether the server knows them.
    #[serde(default)]
    pub unchecked_codes: usize,
    /// What has changed, if a folder was updated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewed: Option<Box<UpdateSummary>>,
}

/// Parts that could not be downloaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedParts {
    /// The codes in them.
    pub codes: Vec<String>,
    /// Why the first of them could not be downloaded.
    pub why: Problem,
}

/// What was found out during the download.
pub(crate) struct Found<'a> {
    /// What the server lists for the target, if the list is complete.
    pub(crate) listed: Option<&'a [ObservationRecord]>,
    /// Codes that the server does not know.
    pub(crate) unknown: &'a [String],
    /// Whether the server could not say which codes it knows.
    pub(crate) is_unchecked: bool,
    /// Parts that could not be downloaded.
    pub(crate) lost: Option<FailedParts>,
}

impl Found<'_> {
    /// Returns `true` if a code is in a part that could not be downloaded.
    pub(super) fn is_lost(&self, code: &str) -> bool {
        let lost = self.lost.as_ref();
        lost.is_some_and(|lost| lost.codes.iter().any(|it| it == code))
    }
}

/// How much arrived of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindCount {
    /// The name of the kind on screen.
    pub kind: String,
    /// Files.
    pub files: usize,
    /// Their length in bytes.
    pub bytes: u64,
}

impl Report {
    /// Returns the report of an earlier build, whose request is unknown, or of a single file.
    pub(crate) fn of_received_files(all: &[FileRecord], tables: &Tables) -> Self {
        Self::count(all, tables)
    }

    /// Counts the files, if nothing else is known.
    pub(super) fn of_files(all: &[FileRecord]) -> Self {
        Self::count(all, &Tables::default())
    }

    /// Counts the files, regardless of what was requested.
    pub(super) fn count(all: &[FileRecord], tables: &Tables) -> Self {
        let (markers, files): (Vec<_>, Vec<_>) =
            all.iter().partition(|file| file.path.ends_with(MARKER));
        let mut missing: BTreeSet<String> = markers
            .iter()
            .map(|file| {
                file.path
                    .strip_suffix(MARKER)
                    .unwrap_or(&file.path)
                    .to_owned()
            })
            .collect();
        let lines = tables.errors.as_deref().map(errors_csv::lines);
        missing.extend(lines.iter().flatten().map(ErrorLine::words));
        Self {
            outcome: Outcome::Complete,
            files: files.len(),
            bytes: files.iter().map(|file| file.bytes).sum(),
            kinds: kind_counts(&files),
            missing: missing.into_iter().collect(),
            unknown_codes: Vec::new(),
            not_offered: Vec::new(),
            coverage: Coverage::default(),
            mismatches: Vec::new(),
            notes: identity::notes_of_members(tables),
            made_here: Vec::new(),
            lost: None,
            unchecked_codes: 0,
            renewed: None,
        }
    }

    /// Returns that nothing came of some kinds, and why if that can be known.
    fn not_offered_words(&self) -> Option<String> {
        let first = self.not_offered.first()?;
        let aligned = || FileKind::ALIGNED.into_iter();
        let single = aligned()
            .filter(|kind| self.not_offered.contains(kind))
            .count();
        let has_arrived =
            |kind: FileKind| self.kinds.iter().any(|count| count.kind == kind.label());
        // If some arrived, or all of them were asked for, it is not a server that sends them only as a set.
        let is_in_part =
            (1..FileKind::ALIGNED.len()).contains(&single) && !aligned().any(has_arrived);
        let more = self.not_offered.len() - 1;
        let rest = if more == 0 {
            String::new()
        } else {
            format!(" and {}", plural(more, "other kind", "other kinds"))
        };
        let why = if is_in_part {
            "; servers of 2024 do not offer single file types"
        } else {
            ""
        };
        let first = first.label();
        Some(format!("this server sent nothing for “{first}”{rest}{why}"))
    }

    /// Returns `true` if everything that was asked for arrived.
    pub fn is_complete(&self) -> bool {
        self.outcome == Outcome::Complete
    }

    /// Returns `true` if files did not arrive that the server may send when it is asked again. A code that it does not
    /// know is none of them.
    pub fn can_be_asked_again(&self) -> bool {
        self.coverage.gaps().next().is_some() || self.lost.is_some()
    }

    /// Returns the result in words.
    pub fn summary(&self) -> String {
        let mut parts = Vec::new();
        if !self.missing.is_empty() {
            let are = if self.missing.len() == 1 { "is" } else { "are" };
            parts.push(format!(
                "{} {are} not on the server",
                plural(self.missing.len(), "file", "files")
            ));
        }
        if !self.unknown_codes.is_empty() {
            parts.push(format!(
                "{} unknown to the server",
                plural(self.unknown_codes.len(), "code", "codes")
            ));
        }
        if self.unchecked_codes > 0 {
            let codes = plural(self.unchecked_codes, "code", "codes");
            parts.push(format!("{codes} could not be checked"));
        }
        parts.extend(self.coverage.words());
        parts.extend(self.mismatches.iter().cloned());
        if let Some(lost) = &self.lost {
            parts.push(format!(
                "{} could not be downloaded",
                plural(lost.codes.len(), "observation", "observations")
            ));
        }
        parts.extend(self.not_offered_words());
        let word = match self.outcome {
            Outcome::Complete => "Complete",
            Outcome::Incomplete => "Incomplete",
        };
        if parts.is_empty() {
            word.to_owned()
        } else {
            format!("{word}, {}", parts.join(", "))
        }
    }
}

/// Returns how much arrived of each kind, in the order of the dialog; unclassified files come last.
fn kind_counts(files: &[&FileRecord]) -> Vec<KindCount> {
    let mut counts: BTreeMap<usize, KindCount> = BTreeMap::new();
    for file in files {
        let kinds = FileKind::ALL.into_iter().enumerate();
        let found = kinds
            .into_iter()
            .find(|(_, kind)| is_of_kind(&file.path, *kind));
        let (place, kind) = found.map_or((usize::MAX, "Other files"), |(place, kind)| {
            (place, kind.label())
        });
        let count = counts.entry(place).or_insert_with(|| KindCount {
            kind: kind.to_owned(),
            files: 0,
            bytes: 0,
        });
        count.files += 1;
        count.bytes += file.bytes;
    }
    counts.into_values().collect()
}
