//! The comparison behind the word "complete": for every observation, in every version that the server lists, and
//! every kind of file that was requested, whether a file arrived, whether the server says that it lacks it, or
//! neither.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{
    errors_csv::ErrorLine,
    member_kind::{
        ALIGNED, CRYSTALLOGRAPHIC, MARKER, OF_A_CRYSTAL, OF_AN_OBSERVATION, kind_of_crystal,
        kinds_lacking, kinds_of_aligned,
    },
    records::FileRecord,
    snapshot::ObservationRecord,
};
use crate::model::{FileKind, FileSelection, count_text, plural};

/// What arrived of every requested observation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Coverage(pub Vec<ObservationCoverage>);

/// What arrived of one observation. Each requested kind is in exactly one of the lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservationCoverage {
    /// Its short code.
    pub code: String,
    /// Which of its models, where the server numbers them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// A checked file with bytes in it arrived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arrived: Vec<FileKind>,
    /// The server says that it lacks the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_on_server: Vec<FileKind>,
    /// No file arrived, and these servers never say whether they have one (real-space maps).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_stated: Vec<FileKind>,
    /// There was neither a file nor a statement by the server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<FileKind>,
}

/// A requested observation, as the server lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expected<'a> {
    pub(super) code: &'a str,
    pub(super) version: Option<i64>,
    pub(super) crystal: Option<&'a str>,
    /// Kinds for which the server's own list names no file.
    pub(super) lacks: &'a [FileKind],
}

impl<'a> Expected<'a> {
    /// Creates an observation of which only the code is known.
    pub(super) fn only_code(code: &'a str) -> Self {
        Self {
            code,
            version: None,
            crystal: None,
            lacks: &[],
        }
    }
}

impl<'a> From<&'a ObservationRecord> for Expected<'a> {
    fn from(row: &'a ObservationRecord) -> Self {
        Self {
            code: &row.code,
            version: row.version,
            crystal: row.crystal.as_deref(),
            lacks: &row.lacks,
        }
    }
}

/// Which observations and kinds of files an archive contains.
struct Evidence<'a> {
    aligned: HashSet<(&'a str, FileKind)>,
    /// Names of the files in the folder of a crystal.
    crystals: HashMap<(&'a str, FileKind), Vec<&'a str>>,
    /// What the server says that it lacks, by the code of an observation or of a crystal.
    lacking: HashSet<(&'a str, FileKind)>,
}

impl<'a> Evidence<'a> {
    fn of(files: &'a [FileRecord], lines: &'a [ErrorLine<'a>]) -> Self {
        let mut evidence = Self {
            aligned: HashSet::new(),
            crystals: HashMap::new(),
            lacking: HashSet::new(),
        };
        let told: HashSet<&str> = lines.iter().filter_map(|line| line.path).collect();
        for file in files {
            evidence.add(file, &told);
        }
        for line in lines {
            let kinds = kinds_lacking(line.parameter, line.path.unwrap_or_default());
            evidence
                .lacking
                .extend(kinds.into_iter().map(|kind| (line.code, kind)));
        }
        evidence
    }

    /// Records a member. `told` are the paths that the list of missing files names: that list says to which
    /// observation they belong, which a marker in the folder of a crystal does not.
    fn add(&mut self, file: &'a FileRecord, told: &HashSet<&str>) {
        let inside = [ALIGNED, CRYSTALLOGRAPHIC]
            .into_iter()
            .find_map(|room| Some((room, file.path.strip_prefix(room)?)));
        let Some((room, (folder, name))) =
            inside.and_then(|(room, rest)| Some((room, rest.split_once('/')?)))
        else {
            return;
        };
        if let Some(path) = file.path.strip_suffix(MARKER) {
            if !told.contains(path) {
                let kinds = kinds_lacking("", path).into_iter();
                self.lacking.extend(kinds.map(|kind| (folder, kind)));
            }
        } else if file.bytes == 0 {
            // An empty file does not count.
        } else if room == ALIGNED {
            let kinds = kinds_of_aligned(folder, name);
            self.aligned
                .extend(kinds.iter().map(|kind| (folder, *kind)));
        } else if let Some(kind) = kind_of_crystal(name) {
            self.crystals.entry((folder, kind)).or_default().push(name);
        }
    }

    /// Returns `true` if the crystal's own file arrived. Servers of 2024 name the folder by what follows `-x`, and
    /// the file by the observation; later ones name both by the crystal (server-api 2.3).
    fn has_crystal(&self, row: &Expected<'_>, kind: FileKind) -> bool {
        let is_of_observation = |name: &&str| {
            name.strip_prefix(row.code)
                .is_some_and(|rest| rest.starts_with(['.', '_']))
        };
        let Some(crystal) = row.crystal else {
            // Nothing says which crystal it is, so it can only be checked that there are such files.
            return self.crystals.keys().any(|(_, of)| *of == kind);
        };
        if self.crystals.contains_key(&(crystal, kind)) {
            return true;
        }
        crystal
            .rsplit_once("-x")
            .and_then(|(_, number)| self.crystals.get(&(number, kind)))
            .is_some_and(|names| names.iter().any(is_of_observation))
    }

    fn is_lacking(&self, row: &Expected<'_>, kind: FileKind) -> bool {
        let number = row
            .crystal
            .and_then(|crystal| Some(crystal.rsplit_once("-x")?.1));
        row.lacks.contains(&kind)
            || [Some(row.code), row.crystal, number]
                .into_iter()
                .flatten()
                .any(|code| self.lacking.contains(&(code, kind)))
    }
}

impl Coverage {
    /// Compares what was requested with what arrived. `chosen` are the requested kinds.
    pub(super) fn of(
        expected: &[Expected<'_>],
        chosen: &FileSelection,
        files: &[FileRecord],
        lines: &[ErrorLine<'_>],
    ) -> Self {
        let evidence = Evidence::of(files, lines);
        let mut models: HashMap<&str, usize> = HashMap::new();
        for row in expected {
            *models.entry(row.code).or_default() += 1;
        }
        let is_chosen = |kind: &FileKind| chosen.has(*kind);
        let rows = expected.iter().map(|row| {
            let mut found = ObservationCoverage {
                code: row.code.to_owned(),
                version: row.version,
                arrived: Vec::new(),
                not_on_server: Vec::new(),
                not_stated: Vec::new(),
                absent: Vec::new(),
            };
            // An archive has one folder per code: for a code that is listed more than once it contains one of the
            // models, and nothing in it says which. Each model that was fetched separately has a folder of its own.
            let is_several = models.get(row.code).is_some_and(|count| *count > 1);
            let own = is_several.then(|| folder_of_version(row.code, row.version));
            let folder = own.as_deref().unwrap_or(row.code);
            for kind in OF_AN_OBSERVATION.into_iter().filter(is_chosen) {
                let list = if evidence.aligned.contains(&(folder, kind)) {
                    &mut found.arrived
                } else if evidence.is_lacking(row, kind) {
                    &mut found.not_on_server
                } else {
                    &mut found.absent
                };
                list.push(kind);
            }
            for kind in OF_A_CRYSTAL.into_iter().filter(is_chosen) {
                let list = if evidence.has_crystal(row, kind) {
                    &mut found.arrived
                } else if evidence.is_lacking(row, kind) {
                    &mut found.not_on_server
                } else if kind == FileKind::MapInfo {
                    &mut found.not_stated
                } else {
                    &mut found.absent
                };
                list.push(kind);
            }
            found
        });
        Self(rows.collect())
    }

    /// Returns `true` if nothing was compared.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the kinds for which nothing arrived for any observation, although the server does not say that it
    /// lacks them.
    pub(super) fn never_came(&self) -> BTreeSet<FileKind> {
        let (mut some, mut none) = (BTreeSet::new(), BTreeSet::new());
        for row in &self.0 {
            some.extend(row.arrived.iter().chain(&row.not_on_server));
            none.extend(row.absent.iter().chain(&row.not_stated));
        }
        none.difference(&some).copied().collect()
    }

    /// Removes kinds that the server does not offer at all: they are reported once, and not for each observation.
    pub(super) fn without(mut self, kinds: &BTreeSet<FileKind>) -> Self {
        for row in &mut self.0 {
            row.absent.retain(|kind| !kinds.contains(kind));
        }
        self
    }

    /// Returns the observations for which something is missing.
    pub fn gaps(&self) -> impl Iterator<Item = &ObservationCoverage> {
        self.0.iter().filter(|row| !row.absent.is_empty())
    }

    /// Returns the number of missing files.
    pub fn absent_files(&self) -> usize {
        self.0.iter().map(|row| row.absent.len()).sum()
    }

    /// Returns the codes that the server lists more than once, each with its versions.
    pub fn listed_again(&self) -> BTreeMap<&str, Vec<Option<i64>>> {
        let mut versions: BTreeMap<&str, Vec<Option<i64>>> = BTreeMap::new();
        for row in &self.0 {
            versions.entry(&row.code).or_default().push(row.version);
        }
        versions.retain(|_, versions| versions.len() > 1);
        for versions in versions.values_mut() {
            versions.sort_unstable();
        }
        versions
    }

    /// Returns how much did not arrive, in words; `None` if everything did.
    pub fn words(&self) -> Option<String> {
        let gaps = self.gaps().count();
        (gaps > 0).then(|| {
            format!(
                "{} did not arrive, from {} of {}",
                plural(self.absent_files(), "file", "files"),
                count_text(gaps),
                plural(self.0.len(), "observation", "observations")
            )
        })
    }
}

impl ObservationCoverage {
    /// Returns the observation and what is missing from it: `A0310a: Event maps (PanDDA)`.
    pub fn gap_text(&self) -> String {
        let kinds: Vec<&str> = self.absent.iter().map(|kind| kind.label()).collect();
        format!("{}: {}", self.name(), kinds.join(", "))
    }

    /// Returns the code, with the version if there are several.
    fn name(&self) -> String {
        match self.version {
            Some(version) if version > 1 => format!("{} version {version}", self.code),
            _ => self.code.clone(),
        }
    }
}

/// Returns the folder name of one model of an observation that the server lists more than once.
pub(crate) fn folder_of_version(code: &str, version: Option<i64>) -> String {
    match version {
        Some(version) => format!("{code}_v{version}"),
        None => format!("{code}_v"),
    }
}
