//! Compares what was requested with what arrived: what is complete, what is missing, and what is contradictory.

use std::collections::BTreeSet;

use super::{
    codes_in_archive::{absent_codes, downloaded_codes},
    coverage::{Coverage, Expected},
    errors_csv, identity,
    member_kind::{MARKER, OF_A_CRYSTAL, OF_AN_OBSERVATION, is_of_kind},
    records::{FileRecord, Tables},
    report::{Found, Outcome, Report},
};
use crate::model::{DownloadRequest, FileKind};

impl Report {
    /// Compares what was requested with what the archive contains.
    pub(crate) fn judge(
        request: &DownloadRequest,
        all: &[FileRecord],
        tables: &Tables,
        found: Found<'_>,
    ) -> Self {
        let mut report = Self::count(all, tables);
        report.unknown_codes = found.unknown.to_vec();
        let downloaded = tables.metadata.as_deref().map(downloaded_codes);
        let asked = asked_codes(request, &found);
        if found.listed.is_none() {
            report.look_for_codes(&asked, all, downloaded.as_ref(), &found);
        }
        let expected = report.expected(request, &asked, downloaded.as_ref(), &found);
        let sound: Vec<FileRecord> = all
            .iter()
            .filter(|file| !tables.unlike.contains(&file.path))
            .cloned()
            .collect();
        let lines = tables.errors.as_deref().map(errors_csv::lines);
        let coverage = Coverage::of(
            &expected,
            &request.files,
            &sound,
            lines.as_deref().unwrap_or_default(),
        );
        report.mismatches = identity::mismatches(request, all, tables, found.listed, &coverage);
        if expected.is_empty() && found.listed.is_none() && asks_for_each(request) {
            report.mismatches.push(
                "the server gave no list of the target's observations, so it is not certain that all of them arrived"
                    .to_owned(),
            );
        }
        report.not_offered = report.not_offered_kinds(request, &sound, &coverage);
        if identity::is_other_target(all, found.listed, &coverage) {
            // The archive of another target says nothing about what this server offers.
            report.not_offered.retain(|kind| !is_of_each(*kind));
        }
        let not_offered = report.not_offered.iter().copied().collect();
        report.coverage = coverage.without(&not_offered);
        let notes = identity::notes_of_codes(&report.coverage);
        report.notes.extend(notes);
        report.notes.extend(note_of_absent(request, all));
        report.lost = found.lost.map(Box::new);
        if !report.lacks_nothing() {
            report.outcome = Outcome::Incomplete;
        }
        report
    }

    /// Without the server's list, the archive may show which of the codes it contains.
    fn look_for_codes(
        &mut self,
        asked: &[&String],
        all: &[FileRecord],
        downloaded: Option<&BTreeSet<String>>,
        found: &Found<'_>,
    ) {
        match absent_codes(asked, all, downloaded) {
            Some(absent) => self.unknown_codes.extend(absent),
            // Nothing in the archive shows it: only the check before the request could.
            None if found.is_unchecked => self.unchecked_codes = asked.len(),
            None => {}
        }
    }

    /// Returns the observations that must have arrived.
    fn expected<'a>(
        &self,
        request: &DownloadRequest,
        asked: &[&'a String],
        downloaded: Option<&'a BTreeSet<String>>,
        found: &Found<'a>,
    ) -> Vec<Expected<'a>> {
        let wanted: BTreeSet<&str> = asked.iter().map(|code| code.as_str()).collect();
        let is_wanted = |code: &str| {
            let is_chosen = request.codes.is_empty() || wanted.contains(code);
            is_chosen && !found.is_lost(code) && !self.unknown_codes.iter().any(|it| it == code)
        };
        if let Some(listed) = found.listed {
            let rows = listed.iter().filter(|row| is_wanted(&row.code));
            return rows.map(Expected::from).collect();
        }
        // Without the server's list, what its table of observations says it has sent must have arrived.
        let codes = asked.iter().map(|code| code.as_str());
        let codes = codes.chain(downloaded.into_iter().flatten().map(String::as_str));
        let codes: BTreeSet<&str> = codes.filter(|code| is_wanted(code)).collect();
        codes.into_iter().map(Expected::only_code).collect()
    }

    /// Returns `true` if everything that was requested is there, or declared missing by the server.
    fn lacks_nothing(&self) -> bool {
        self.unknown_codes.is_empty()
            && self.not_offered.is_empty()
            && self.mismatches.is_empty()
            && self.coverage.gaps().next().is_none()
            && self.lost.is_none()
            && self.unchecked_codes == 0
    }

    /// Returns requested kinds for which neither a file nor an explanation arrived.
    fn not_offered_kinds(
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
            // The set stands for its seven members, and virtual observations are not a kind of file.
            .filter(|kind| {
                !matches!(
                    kind,
                    FileKind::AllAlignedStructures | FileKind::IncludeVirtualObservations
                )
            })
            // Kinds that a target may not have need not arrive: only the server's own lists always exist.
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

/// Returns the requested codes that the server knows and that could be fetched.
fn asked_codes<'a>(request: &'a DownloadRequest, found: &Found<'_>) -> Vec<&'a String> {
    request
        .codes
        .iter()
        .filter(|code| !found.unknown.contains(code) && !found.is_lost(code))
        .collect()
}

/// Returns `true` if anything is requested that every observation has.
fn asks_for_each(request: &DownloadRequest) -> bool {
    request.codes.is_empty() && request.files.kinds().any(is_of_each)
}

/// Returns `true` if every observation, or its crystal, has a file of this kind.
fn is_of_each(kind: FileKind) -> bool {
    OF_AN_OBSERVATION.contains(&kind) || OF_A_CRYSTAL.contains(&kind)
}

/// Returns a note about chosen kinds that not every target has, if nothing arrived of them: the servers do not say
/// whether it is the target that lacks them.
fn note_of_absent(request: &DownloadRequest, all: &[FileRecord]) -> Option<String> {
    let is_there = |kind: FileKind| all.iter().any(|file| is_of_kind(&file.path, kind));
    let chosen = request.files.kinds().filter(|kind| may_be_empty(*kind));
    let absent: Vec<String> = chosen
        .filter(|kind| !is_there(*kind))
        .map(|kind| format!("“{}”", kind.label()))
        .collect();
    (!absent.is_empty()).then(|| {
        format!(
            "nothing arrived for {}: this target has none, or this server does not offer them",
            absent.join(", ")
        )
    })
}

/// Returns `true` for kinds that not every target has: if none arrived, that is a valid answer.
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
    use crate::{
        dataset::{report::FailedParts, snapshot::ObservationRecord},
        model::{FileSelection, Preset, TargetKey, Tas},
    };

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

    fn marks(codes: &[&str]) -> Vec<ObservationRecord> {
        let marks = codes.iter().map(|code| ObservationRecord {
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
    fn missing_or_unchecked_data_are_never_called_complete() {
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
            lost: Some(FailedParts {
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
        // The request of an earlier build is unknown, so nothing counts as missing.
        let report = Report::of_received_files(&files, &tables);
        assert_eq!(report.summary(), "Complete");
    }

    #[test]
    fn files_missing_on_the_server_do_not_make_a_download_incomplete() {
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
    fn silently_dropped_codes_are_named() {
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
        let says_why = |arrived: &[&str]| {
            let report = judge(&request, &checked(arrived), &[]);
            assert_eq!(report.outcome, Outcome::Incomplete);
            let summary = report.summary();
            assert!(summary.contains("sent nothing for"), "{summary}");
            summary.contains("do not offer single file types")
        };
        assert!(says_why(&["README.pdf"]));
        // One of them arrived, so it is a server that has them one by one.
        assert!(!says_why(&["aligned_files/a1/a1.pdb"]));
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
