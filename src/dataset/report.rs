//! What was asked and what arrived.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    codes_in_archive::{absent_codes, downloaded_codes},
    coverage::{Coverage, Expected},
    errors_csv::{self, ErrorLine},
    identity,
    member_kind::{MARKER, OF_A_CRYSTAL, OF_AN_OBSERVATION, is_of_kind},
    records::{FileRecord, Tables},
    snapshot::ObservationMark,
    update_summary::UpdateSummary,
};
use crate::model::{DownloadRequest, FileKind, Problem, plural};

/// How a download ended. The names are fixed for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything the server holds of what was asked arrived and was checked.
    Complete,
    /// Something that was asked for could not be obtained.
    Incomplete,
}

/// What was asked and what arrived.
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
    /// Codes that were asked for and that the server does not know.
    pub unknown_codes: Vec<String>,
    /// Kinds that were asked for and that this server does not offer.
    pub not_offered: Vec<FileKind>,
    /// What came of every observation and kind that was asked for: what "complete" is judged by.
    #[serde(default, skip_serializing_if = "Coverage::is_empty")]
    pub coverage: Coverage,
    /// What came and is not what was asked for, each in a sentence: data of another target, a table that is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mismatches: Vec<String>,
    /// What is out of the ordinary and costs nothing, each in a sentence: two files of one name, a code that the
    /// server lists twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Files that were made on this computer from what came, by their paths.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made_here: Vec<String>,
    /// How much came of each kind.
    #[serde(default)]
    pub kinds: Vec<KindCount>,
    /// Parts that could not be obtained.
    #[serde(default)]
    pub lost: Option<Box<Loss>>,
    /// Codes of which no one can say whether the server knows them.
    #[serde(default)]
    pub unchecked_codes: usize,
    /// What was other than before, where a folder was brought up to date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewed: Option<Box<UpdateSummary>>,
}

/// Parts that could not be obtained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// The codes in them.
    pub codes: Vec<String>,
    /// Why the first of them could not be obtained.
    pub why: Problem,
}

/// What was found out on the way.
pub(crate) struct Found<'a> {
    /// What the server lists of the target, where it gave a whole list.
    pub(crate) listed: Option<&'a [ObservationMark]>,
    /// Codes that the server does not know.
    pub(crate) unknown: &'a [String],
    /// Whether the server could not say which codes it knows.
    pub(crate) is_unchecked: bool,
    /// Parts that could not be obtained.
    pub(crate) lost: Option<Loss>,
}

/// How much came of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindCount {
    /// The kind in words.
    pub kind: String,
    /// Files.
    pub files: usize,
    /// Their length in bytes.
    pub bytes: u64,
}

impl Report {
    /// What came of an earlier build, of which no one knows what it was asked for, and of a single file.
    pub(crate) fn of_what_came(all: &[FileRecord], tables: &Tables) -> Self {
        Self::count(all, tables)
    }

    /// What is there, where nothing else is known.
    pub(super) fn of_files(all: &[FileRecord]) -> Self {
        Self::count(all, &Tables::default())
    }

    /// Compares what was asked with what the archive holds.
    pub(crate) fn judge(
        request: &DownloadRequest,
        all: &[FileRecord],
        tables: &Tables,
        found: Found<'_>,
    ) -> Self {
        let mut report = Self::count(all, tables);
        let is_lost = |code: &str| {
            let lost = found.lost.as_ref();
            lost.is_some_and(|lost| lost.codes.iter().any(|it| it == code))
        };
        let asked: Vec<&String> = request
            .codes
            .iter()
            .filter(|code| !found.unknown.contains(code) && !is_lost(code))
            .collect();
        report.unknown_codes = found.unknown.to_vec();
        let downloaded = tables.metadata.as_deref().map(downloaded_codes);
        if found.listed.is_none() {
            match absent_codes(&asked, all, downloaded.as_ref()) {
                Some(absent) => report.unknown_codes.extend(absent),
                // Nothing in the archive tells: the check before asking did, or nothing has.
                None if found.is_unchecked => report.unchecked_codes = asked.len(),
                None => {}
            }
        }
        let wanted: BTreeSet<&str> = asked.iter().map(|code| code.as_str()).collect();
        let is_wanted = |code: &str| {
            let is_chosen = request.codes.is_empty() || wanted.contains(code);
            is_chosen && !is_lost(code) && !report.unknown_codes.iter().any(|it| it == code)
        };
        let listed = found.listed.unwrap_or_default().iter();
        let mut expected: Vec<Expected<'_>> = listed
            .filter(|row| is_wanted(&row.code))
            .map(Expected::from)
            .collect();
        if found.listed.is_none() {
            // Without the server's list, what its table of observations says it has sent must have come.
            let codes = wanted.iter().copied();
            let codes = codes.chain(downloaded.iter().flatten().map(String::as_str));
            let codes: BTreeSet<&str> = codes.filter(|code| is_wanted(code)).collect();
            expected.extend(codes.into_iter().map(Expected::only_code));
        }
        let is_unlisted = expected.is_empty() && found.listed.is_none() && asks_for_each(request);
        let lines = tables.errors.as_deref().map(errors_csv::lines);
        let sound: Vec<FileRecord> = all
            .iter()
            .filter(|file| !tables.unlike.contains(&file.path))
            .cloned()
            .collect();
        let coverage = Coverage::of(
            &expected,
            &request.files,
            &sound,
            lines.as_deref().unwrap_or_default(),
        );
        report.mismatches = identity::mismatches(request, all, tables, found.listed, &coverage);
        report.not_offered = report.not_offered(request, &sound, &coverage);
        if identity::is_of_others(all, found.listed, &coverage) {
            // Another archive says nothing about what this server offers.
            report.not_offered.retain(|kind| !is_of_each(*kind));
        }
        let not_offered = report.not_offered.iter().copied().collect();
        report.coverage = coverage.without(&not_offered);
        report
            .notes
            .extend(identity::notes_of_codes(&report.coverage));
        if is_unlisted {
            report.mismatches.push(
                "the server gave no list of the target's observations, so nothing tells whether all of them came"
                    .to_owned(),
            );
        }
        report.lost = found.lost.map(Box::new);
        let is_complete = report.unknown_codes.is_empty()
            && report.not_offered.is_empty()
            && report.mismatches.is_empty()
            && report.coverage.gaps().next().is_none()
            && report.lost.is_none()
            && report.unchecked_codes == 0;
        if !is_complete {
            report.outcome = Outcome::Incomplete;
        }
        report
    }

    /// What is there, whatever was asked.
    fn count(all: &[FileRecord], tables: &Tables) -> Self {
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

    /// The result in words.
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
        let aligned = FileKind::ALIGNED.into_iter();
        let single = aligned
            .filter(|kind| self.not_offered.contains(kind))
            .count();
        // Where all of them are lacking, the server is not one that only knows them together.
        if (1..FileKind::ALIGNED.len()).contains(&single) {
            parts.push("this server does not offer single file types".to_owned());
        } else if let Some(first) = self.not_offered.first() {
            let more = self.not_offered.len() - 1;
            let rest = if more == 0 {
                String::new()
            } else {
                format!(" and {}", plural(more, "other kind", "other kinds"))
            };
            parts.push(format!(
                "this server sent no {}{rest}",
                first.label().to_lowercase()
            ));
        }
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

/// How much came of each kind, in the order of the dialog; what belongs to none comes last.
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

/// Whether anything is asked for that every observation has.
fn asks_for_each(request: &DownloadRequest) -> bool {
    request.codes.is_empty() && request.files.kinds().any(is_of_each)
}

/// Whether every observation, or its crystal, has a file of this kind.
fn is_of_each(kind: FileKind) -> bool {
    OF_AN_OBSERVATION.contains(&kind) || OF_A_CRYSTAL.contains(&kind)
}

impl Report {
    /// Kinds that were asked for, of which neither a file came nor a word why not.
    fn not_offered(
        &self,
        request: &DownloadRequest,
        sound: &[FileRecord],
        coverage: &Coverage,
    ) -> Vec<FileKind> {
        let never_came = coverage.never_came();
        let is_there = |kind: FileKind| {
            sound
                .iter()
                .any(|file| !file.path.ends_with(MARKER) && is_of_kind(&file.path, kind))
                || self
                    .missing
                    .iter()
                    .any(|path| is_of_kind(path, kind) || path.contains(kind.parameter()))
        };
        FileKind::ALL
            .into_iter()
            // The whole stands for its seven members, and virtual observations are no kind of file.
            .filter(|kind| {
                !matches!(
                    kind,
                    FileKind::AllAlignedStructures | FileKind::IncludeVirtualObservations
                )
            })
            // What a target simply does not have need not come: only the server's own lists are always there.
            .filter(|kind| request.files.has(*kind) && !may_be_empty(*kind))
            .filter(|kind| {
                if is_of_each(*kind) && !coverage.is_empty() {
                    never_came.contains(kind)
                } else {
                    !is_there(*kind)
                }
            })
            .collect()
    }
}

/// Kinds that not every target has: if none came, that is an answer and no lack of the server's.
fn may_be_empty(kind: FileKind) -> bool {
    matches!(
        kind,
        FileKind::CompoundSets
            | FileKind::SoakdbFiles
            | FileKind::ExtraFiles
            | FileKind::PymolScripts
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FileSelection, Preset, TargetKey, Tas};

    fn request(codes: &[&str], files: FileSelection) -> DownloadRequest {
        DownloadRequest {
            target: TargetKey {
                title: "A".to_owned(),
                tas: Tas::new("lb1-1"),
            },
            codes: codes.iter().map(|&code| code.to_owned()).collect(),
            files,
            static_link: false,
        }
    }

    fn checked(paths: &[&str]) -> (Vec<FileRecord>, Tables) {
        let files = paths.iter().map(|path| FileRecord {
            path: (*path).to_owned(),
            bytes: 1,
            sha256: String::new(),
        });
        (files.collect(), Tables::default())
    }

    fn marks(codes: &[&str]) -> Vec<ObservationMark> {
        let marks = codes.iter().map(|code| ObservationMark {
            code: (*code).to_owned(),
            crystal: None,
            mark: String::new(),
            version: None,
            longcode: None,
            compound: None,
            lacks: Vec::new(),
            media: Vec::new(),
        });
        marks.collect()
    }

    fn judge(
        request: &DownloadRequest,
        checked: &(Vec<FileRecord>, Tables),
        unknown: &[String],
    ) -> Report {
        let found = Found {
            listed: None,
            unknown,
            is_unchecked: false,
            lost: None,
        };
        Report::judge(request, &checked.0, &checked.1, found)
    }

    #[test]
    fn what_could_not_be_had_or_checked_is_never_called_complete() {
        let request = request(&["a1", "a2"], [FileKind::PdbInfo].into_iter().collect());
        let (files, tables) = checked(&["crystallographic_files/x/x.pdb"]);
        let unchecked = Found {
            listed: None,
            unknown: &[],
            is_unchecked: true,
            lost: None,
        };
        let report = Report::judge(&request, &files, &tables, unchecked);
        assert_eq!(report.outcome, Outcome::Incomplete);
        assert_eq!(report.summary(), "Incomplete, 2 codes could not be checked");
        let lost = Found {
            listed: None,
            unknown: &[],
            is_unchecked: false,
            lost: Some(Loss {
                codes: vec!["a2".to_owned()],
                why: crate::model::Problem::new(
                    crate::model::ErrorKind::Truncated,
                    "Too short".to_owned(),
                ),
            }),
        };
        let report = Report::judge(&request, &files, &tables, lost);
        assert_eq!(report.outcome, Outcome::Incomplete);
        assert_eq!(
            report.summary(),
            "Incomplete, 1 observation could not be downloaded"
        );
        // What an earlier build was asked for is not known, so nothing is held against it.
        let report = Report::of_what_came(&files, &tables);
        assert_eq!(report.summary(), "Complete");
    }

    #[test]
    fn what_the_server_itself_lacks_is_listed_but_changes_nothing() {
        let mut checked = checked(&[
            "aligned_files/a1/a1_event.ccp4",
            "aligned_files/a2/event_file_FILE_NOT_IN_UPLOAD",
        ]);
        checked.1.errors = Some("Param,Code,File not found when assembling download\nevent_file,a2,aligned_files/a2/event_file\nsdf_info,a3,\nsdf_files,a4,missing\nx,a5,a,b.pdb\n".to_owned());
        let listed = marks(&["a1", "a2"]);
        let request = request(&[], [FileKind::EventFile].into_iter().collect());
        let found = Found {
            listed: Some(&listed),
            unknown: &[],
            is_unchecked: false,
            lost: None,
        };
        let report = Report::judge(&request, &checked.0, &checked.1, found);
        assert_eq!(report.outcome, Outcome::Complete);
        assert_eq!(report.files, 1);
        assert_eq!(
            report.missing,
            [
                "a,b.pdb",
                "a3 (sdf_info)",
                "a4 (sdf_files)",
                "aligned_files/a2/event_file"
            ]
        );
        assert_eq!(report.summary(), "Complete, 4 files are not on the server");
    }

    #[test]
    fn codes_that_the_server_dropped_in_silence_are_named() {
        let request = request(
            &["a1", "a2"],
            [FileKind::MetadataInfo].into_iter().collect(),
        );
        let mut checked = checked(&["metadata.csv"]);
        checked.1.metadata = Some("Code,Smiles,Downloaded\na1,C,True\na2,C,False\n".to_owned());
        let report = judge(&request, &checked, &["zzz".to_owned()]);
        assert_eq!(report.unknown_codes, ["zzz", "a2"]);
        assert_eq!(report.outcome, Outcome::Incomplete);
    }

    #[test]
    fn an_unquoted_comma_does_not_make_a_code_unknown() {
        let request = request(&["a1"], [FileKind::MetadataInfo].into_iter().collect());
        let mut checked = checked(&["metadata.csv"]);
        checked.1.metadata = Some("Code,Comment,Downloaded\na1,one, two,True\n".to_owned());
        assert!(judge(&request, &checked, &[]).unknown_codes.is_empty());
    }

    #[test]
    fn single_file_types_that_an_old_server_ignored_are_reported() {
        let request = request(
            &[],
            [FileKind::BoundFile, FileKind::LigandSdf]
                .into_iter()
                .collect(),
        );
        let report = judge(&request, &checked(&["README.pdf"]), &[]);
        assert_eq!(report.outcome, Outcome::Incomplete);
        assert!(
            report
                .summary()
                .contains("does not offer single file types"),
            "{}",
            report.summary()
        );
    }

    #[test]
    fn both_layouts_satisfy_the_structures() {
        for sdf in ["a1_ligand.mol", "a1_ligand.sdf"] {
            for apo in ["apo", "delig"] {
                let names = [
                    "a1.pdb".to_owned(),
                    format!("a1_{apo}.pdb"),
                    format!("a1_{apo}-solv.pdb"),
                    format!("a1_{apo}-desolv.pdb"),
                    "a1_ligand.pdb".to_owned(),
                    sdf.to_owned(),
                    "a1_ligand.smi".to_owned(),
                ];
                let paths = names.map(|name| format!("aligned_files/a1/{name}"));
                let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
                let report = judge(
                    &request(&[], Preset::Structures.files()),
                    &checked(&paths),
                    &[],
                );
                assert_eq!(report.not_offered, [], "{sdf} {apo}");
            }
        }
    }
}
