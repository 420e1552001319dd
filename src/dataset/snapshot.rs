//! The state of a target on the server at one point in time, so that changes can be detected later.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    api::{ApiResult, Client},
    model::{
        Crystal, DownloadRequest, ExperimentId, FileKind, Link, MediaFile, Observation, TargetId,
        Upload,
    },
};

/// The version of the fingerprints: different versions cannot be compared.
const FINGERPRINT_VERSION: u32 = 1;
/// Length of a fingerprint in characters.
const FINGERPRINT_LENGTH: usize = 16;

/// The observations of a target, each with a fingerprint that changes when anything about it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    making: u32,
    /// Whether the fingerprints cover the crystals' own files too.
    has_crystals: bool,
    /// The uploads that the target consists of.
    pub uploads: Vec<UploadRecord>,
    /// Its observations.
    pub observations: Vec<ObservationRecord>,
}

/// One upload of a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadRecord {
    /// Counts the uploads of a target.
    pub version: Option<i64>,
    /// When it was committed.
    pub committed: Option<Timestamp>,
}

/// The state of one observation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservationRecord {
    /// Its short code.
    pub code: String,
    /// The code of its crystal, if the server reports it.
    pub crystal: Option<String>,
    /// Its fingerprint: changes whenever the model, the files or the compound change.
    pub mark: String,
    /// The version of its model: after a second upload a server may list a code more than once (server-api 9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Its long code, which names crystal, chain, residue and version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longcode: Option<String>,
    /// The code of its compound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compound: Option<String>,
    /// Kinds for which the server lists no file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<FileKind>,
    /// Its individual files, if its code is listed more than once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<(FileKind, MediaFile)>,
}

/// Returns `true` if a request includes a crystal's own files.
pub(crate) fn wants_crystals(request: &DownloadRequest) -> bool {
    use FileKind as K;
    [K::PdbInfo, K::MtzInfo, K::CifInfo, K::MapInfo]
        .into_iter()
        .any(|kind| request.files.has(kind))
}

/// What the server lists for a target at present.
#[derive(Debug)]
pub(crate) struct Rows {
    target: TargetId,
    observations: Vec<Observation>,
    crystals: Vec<Crystal>,
}

impl Rows {
    /// Requests the lists. `guess` is the approximate number of observations, which saves requests. `None` if the
    /// server gives incomplete lists.
    pub(crate) async fn fetch(
        client: &Client,
        target: TargetId,
        has_crystals: bool,
        guess: Option<u64>,
    ) -> ApiResult<Option<Self>> {
        let crystals = async {
            if has_crystals {
                client.crystals(target, guess).await.map(Some)
            } else {
                Ok(None)
            }
        };
        let (observations, crystals) =
            tokio::try_join!(client.observations_of_about(target, guess), crystals)?;
        let is_whole = observations.complete && crystals.as_ref().is_none_or(|it| it.complete);
        if !is_whole {
            return Ok(None);
        }
        let crystals = crystals.map_or_else(Vec::new, |answer| answer.rows);
        Ok(Some(Self {
            target,
            observations: observations.rows,
            crystals,
        }))
    }

    /// Returns a snapshot with fingerprints, restricted to what a request includes.
    pub(crate) fn snapshot(&self, request: &DownloadRequest, uploads: &[Upload]) -> Snapshot {
        // Virtual observations have no experiment, and are sent only if they are requested.
        let has_virtual = request.files.has(FileKind::IncludeVirtualObservations);
        let rows: Vec<&Observation> = self
            .observations
            .iter()
            .filter(|row| has_virtual || row.experiment.is_some())
            .collect();
        let has_crystals = wants_crystals(request);
        let crystals = if has_crystals {
            &self.crystals
        } else {
            &[][..]
        };
        Snapshot::of(self.target, &rows, crystals, uploads, has_crystals)
    }

    /// Returns short code and long code of all measured observations.
    pub(crate) fn codes(&self) -> impl Iterator<Item = (&str, &str)> {
        let rows = self
            .observations
            .iter()
            .filter(|row| row.experiment.is_some());
        rows.filter_map(|row| Some((row.code.get()?, row.longcode.or_empty())))
    }
}

impl Snapshot {
    fn of(
        target: TargetId,
        rows: &[&Observation],
        crystals: &[Crystal],
        uploads: &[Upload],
        has_crystals: bool,
    ) -> Self {
        let crystals: BTreeMap<ExperimentId, &Crystal> =
            crystals.iter().map(|row| (row.id, row)).collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for code in rows.iter().filter_map(|row| row.code.get()) {
            *counts.entry(code).or_default() += 1;
        }
        let is_several = |row: &Observation| {
            let count = row.code.get().and_then(|code| counts.get(code));
            count.is_some_and(|count| *count > 1)
        };
        let observations = rows
            .iter()
            .filter_map(|row| {
                let crystal = row.experiment.and_then(|id| crystals.get(&id).copied());
                Some(ObservationRecord {
                    code: row.code.get()?.to_owned(),
                    crystal: crystal
                        .and_then(|crystal| crystal.code.get())
                        .or_else(|| crystal_in(row.longcode.or_empty()))
                        .map(str::to_owned),
                    mark: mark_of(row, crystal),
                    version: row.version.0,
                    longcode: row.longcode.get().map(str::to_owned),
                    compound: row.compound_code.get().map(str::to_owned),
                    lacks: lacks(row, has_crystals, crystal),
                    media: if is_several(row) {
                        media(row)
                    } else {
                        Vec::new()
                    },
                })
            })
            .collect();
        let mut uploads: Vec<UploadRecord> = uploads
            .iter()
            .filter(|upload| upload.target == target)
            .map(|upload| UploadRecord {
                version: upload.upload_version.0,
                committed: upload.commit_datetime.at,
            })
            .collect();
        uploads.sort_by_key(|upload| (upload.version, upload.committed));
        Self {
            making: FINGERPRINT_VERSION,
            has_crystals,
            uploads,
            observations,
        }
    }

    /// Returns the short codes.
    pub fn codes(&self) -> BTreeSet<&str> {
        self.observations
            .iter()
            .map(|row| row.code.as_str())
            .collect()
    }

    /// Returns the fingerprint of each code. For a code that is listed more than once it covers all its models
    /// together.
    pub(crate) fn marks(&self) -> BTreeMap<&str, String> {
        let mut marks: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for row in &self.observations {
            marks.entry(&row.code).or_default().insert(&row.mark);
        }
        let joined = marks.into_iter().map(|(code, marks)| {
            let marks: Vec<&str> = marks.into_iter().collect();
            (code, marks.join("+"))
        });
        joined.collect()
    }

    /// Returns `true` if the fingerprints of the two can be compared.
    pub fn is_like(&self, other: &Self) -> bool {
        self.making == FINGERPRINT_VERSION
            && other.making == FINGERPRINT_VERSION
            && self.has_crystals == other.has_crystals
    }

    /// Returns the last upload.
    pub fn last_upload(&self) -> Option<&UploadRecord> {
        self.uploads.last()
    }
}

/// Returns the crystal's code at the beginning of a long code: `A71EV2A-x0310` of `A71EV2A-x0310_A_147_v1`.
fn crystal_in(longcode: &str) -> Option<&str> {
    // Titles may contain underscores; the number of the crystal does not.
    let number = longcode.find("-x")?;
    let end = longcode.get(number..)?.find('_')?;
    longcode.get(..number + end)
}

/// Returns kinds for which the server's own lists name no file. `has_crystals` says whether the crystals' own files
/// were read; a virtual observation has no crystal.
fn lacks(row: &Observation, has_crystals: bool, crystal: Option<&Crystal>) -> Vec<FileKind> {
    use FileKind as K;
    let files = &row.files;
    let has_ligand = files.ligand_mol.get().is_some() || files.ligand_sdf.get().is_some();
    let mut links = vec![
        (K::BoundFile, files.bound_file.get().is_some()),
        (K::ApoFile, files.apo_file.get().is_some()),
        (K::ApoSolvFile, files.apo_solv_file.get().is_some()),
        (K::ApoDesolvFile, files.apo_desolv_file.get().is_some()),
        (K::LigandPdb, files.ligand_pdb.get().is_some()),
        (K::LigandSdf, has_ligand),
        (K::SdfInfo, has_ligand),
        (K::LigandSmiles, files.ligand_smiles.get().is_some()),
        (K::EventFile, files.event_file.get().is_some()),
        (K::SigmaaFile, files.sigmaa_file.get().is_some()),
        (K::DiffFile, files.diff_file.get().is_some()),
    ];
    if has_crystals {
        let has = |link: fn(&Crystal) -> &Link| {
            crystal.is_some_and(|crystal| link(crystal).get().is_some())
        };
        links.extend([
            (K::PdbInfo, has(|crystal| &crystal.pdb_info)),
            (K::MtzInfo, has(|crystal| &crystal.mtz_info)),
            (K::CifInfo, has(|crystal| &crystal.cif_info)),
        ]);
    }
    let lacking = links.into_iter().filter(|(_, is_there)| !is_there);
    lacking.map(|(kind, _)| kind).collect()
}

/// Returns the individual files of an observation.
fn media(row: &Observation) -> Vec<(FileKind, MediaFile)> {
    use FileKind as K;
    let files = &row.files;
    let links = [
        (K::BoundFile, &files.bound_file),
        (K::ApoFile, &files.apo_file),
        (K::ApoSolvFile, &files.apo_solv_file),
        (K::ApoDesolvFile, &files.apo_desolv_file),
        (K::LigandPdb, &files.ligand_pdb),
        (K::LigandSdf, &files.ligand_mol),
        (K::LigandSdf, &files.ligand_sdf),
        (K::SdfInfo, &files.ligand_mol),
        (K::SdfInfo, &files.ligand_sdf),
        (K::LigandSmiles, &files.ligand_smiles),
        (K::EventFile, &files.event_file),
        (K::SigmaaFile, &files.sigmaa_file),
        (K::DiffFile, &files.diff_file),
    ];
    let links = links.into_iter();
    links
        .filter_map(|(kind, link)| Some((kind, MediaFile::of_link(link.get()?)?)))
        .collect()
}

fn mark_of(row: &Observation, crystal: Option<&Crystal>) -> String {
    // Whatever host a link names, the file is the same.
    let path = |link: &Link| {
        link.get()
            .map(|link| MediaFile::of_link(link).map_or(link.to_owned(), String::from))
    };
    let files = &row.files;
    let links = [
        &files.bound_file,
        &files.apo_file,
        &files.apo_solv_file,
        &files.apo_desolv_file,
        &files.event_file,
        &files.sigmaa_file,
        &files.diff_file,
        &files.ligand_mol,
        &files.ligand_sdf,
        &files.ligand_pdb,
        &files.ligand_smiles,
    ]
    .into_iter()
    .chain(
        crystal
            .into_iter()
            .flat_map(|crystal| [&crystal.pdb_info, &crystal.mtz_info, &crystal.cif_info]),
    );
    let version = row.version.0.map(|version| version.to_string());
    let texts = [
        version,
        row.longcode.get().map(str::to_owned),
        row.smiles.get().map(str::to_owned),
    ];
    let mut hasher = Sha256::new();
    for text in texts.into_iter().chain(links.map(path)) {
        // A missing value differs from an empty one.
        match text {
            Some(text) => hasher.update(format!("{}:{text}", text.len())),
            None => hasher.update("-"),
        }
    }
    let mut mark = hex::encode(hasher.finalize());
    mark.truncate(FINGERPRINT_LENGTH);
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(json: &str) -> Observation {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_fingerprint_changes_with_the_model_and_not_with_the_host() {
        let mark = |json: &str| mark_of(&row(json), None);
        let one = mark(
            r#"{"id":1,"version":1,"longcode":"A-x1_A_1_v1","bound_file":"http://a/media/x/1.pdb"}"#,
        );
        assert_eq!(one.len(), FINGERPRINT_LENGTH);
        for same in [
            r#"{"id":2,"version":1,"longcode":"A-x1_A_1_v1","bound_file":"https://b:1/media/x/1.pdb"}"#,
            r#"{"id":1,"version":"1","longcode":"A-x1_A_1_v1","bound_file":"http://a/media/x/1.pdb","apo_file":"http://a/media/None","pose":3}"#,
        ] {
            assert_eq!(mark(same), one, "{same}");
        }
        for other in [
            r#"{"id":1,"version":2,"longcode":"A-x1_A_1_v1","bound_file":"http://a/media/x/1.pdb"}"#,
            r#"{"id":1,"version":1,"longcode":"A-x1_A_1_v1","bound_file":"http://a/media/x/2.pdb"}"#,
            r#"{"id":1,"version":1,"longcode":"A-x1_A_1_v1","apo_file":"http://a/media/x/1.pdb"}"#,
            r#"{"id":1,"version":1,"longcode":"A-x1_A_1_v1","smiles":"C","bound_file":"http://a/media/x/1.pdb"}"#,
        ] {
            assert_ne!(mark(other), one, "{other}");
        }
    }

    #[test]
    fn the_long_code_begins_with_the_crystal() {
        assert_eq!(crystal_in("A71EV2A-x0310_A_147_v1"), Some("A71EV2A-x0310"));
        assert_eq!(
            crystal_in("CHIKV_MacB-x0012_A_9_0_v2"),
            Some("CHIKV_MacB-x0012")
        );
        assert_eq!(crystal_in("odd"), None);
    }
}
