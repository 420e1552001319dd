//! The kinds of files a download may hold, as the server names them and as people do.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// One switch of a download request.
///
/// The names are the server's parameter names; defaults differ between documentation and servers, so
/// every one of them is always sent (server-api 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// All seven aligned structure files at once; the only form that older servers know.
    AllAlignedStructures,
    /// Protein with its ligand.
    BoundFile,
    /// Protein with the ligand removed.
    ApoFile,
    /// Only the solvent.
    ApoSolvFile,
    /// Protein without ligand and solvent.
    ApoDesolvFile,
    /// Ligand coordinates.
    LigandPdb,
    /// Ligand with its bond orders.
    LigandSdf,
    /// Ligand as text.
    LigandSmiles,
    /// PanDDA event maps.
    EventFile,
    /// 2Fo-Fc maps.
    SigmaaFile,
    /// Fo-Fc maps.
    DiffFile,
    /// How each structure was aligned.
    TransMatrixInfo,
    /// Coordinates as refined, not aligned.
    PdbInfo,
    /// Ligand restraints.
    CifInfo,
    /// Reflections and map coefficients.
    MtzInfo,
    /// Real-space maps, not aligned.
    MapInfo,
    /// All ligands in one file.
    SingleSdfFile,
    /// The table of all observations.
    MetadataInfo,
    /// Ligand SDF beside each structure under the observation's own name.
    SdfInfo,
    /// SMILES of all ligands in one file.
    SmilesInfo,
    /// Computed poses that were uploaded for the target.
    CompoundSets,
    /// The laboratory's database of soaks.
    SoakdbFiles,
    /// The aligner's own records.
    YamlFiles,
    /// Whatever the uploader added.
    ExtraFiles,
    /// Scripts for PyMOL.
    PymolScripts,
    /// Explanation of the archive's contents.
    Readme,
    /// Virtual observations next to the measured ones.
    IncludeVirtualObservations,
}

/// The groups of the download dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileGroup {
    /// Structures moved into one frame.
    Aligned,
    /// Maps moved into the same frame.
    Maps,
    /// Files as they came from the experiment.
    Crystallographic,
    /// Ligands and tables.
    Ligands,
    /// Records, scripts and notes.
    Extras,
}

impl FileGroup {
    /// All groups in the dialog's order.
    pub const ALL: [Self; 5] = [
        Self::Aligned,
        Self::Ligands,
        Self::Maps,
        Self::Crystallographic,
        Self::Extras,
    ];

    /// The heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Aligned => "Aligned structures",
            Self::Maps => "Maps, aligned",
            Self::Crystallographic => "Crystallographic files, not aligned",
            Self::Ligands => "Ligands and tables",
            Self::Extras => "SoakDB, scripts and notes",
        }
    }

    /// The choices in it, in order.
    pub fn kinds(self) -> Vec<FileKind> {
        FileKind::ALL
            .into_iter()
            .filter(|kind| kind.group() == self)
            .collect()
    }
}

impl FileKind {
    /// Every switch, in the order of the dialog; [`Self::AllAlignedStructures`] first.
    pub const ALL: [Self; 27] = [
        Self::AllAlignedStructures,
        Self::BoundFile,
        Self::ApoFile,
        Self::ApoSolvFile,
        Self::ApoDesolvFile,
        Self::LigandPdb,
        Self::LigandSdf,
        Self::LigandSmiles,
        Self::SingleSdfFile,
        Self::MetadataInfo,
        Self::SdfInfo,
        Self::SmilesInfo,
        Self::CompoundSets,
        Self::EventFile,
        Self::SigmaaFile,
        Self::DiffFile,
        Self::TransMatrixInfo,
        Self::PdbInfo,
        Self::MtzInfo,
        Self::CifInfo,
        Self::MapInfo,
        Self::SoakdbFiles,
        Self::YamlFiles,
        Self::ExtraFiles,
        Self::PymolScripts,
        Self::Readme,
        Self::IncludeVirtualObservations,
    ];

    /// The seven that [`Self::AllAlignedStructures`] stands for.
    pub const ALIGNED: [Self; 7] = [
        Self::BoundFile,
        Self::ApoFile,
        Self::ApoSolvFile,
        Self::ApoDesolvFile,
        Self::LigandPdb,
        Self::LigandSdf,
        Self::LigandSmiles,
    ];

    /// The server's parameter name.
    pub fn parameter(self) -> &'static str {
        self.row().0
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        self.row().1
    }

    /// What it adds: a file type, or a warning about its size.
    pub fn note(self) -> &'static str {
        self.row().2
    }

    /// Whether its files are so large that the dialog warns.
    pub fn is_very_large(self) -> bool {
        matches!(self, Self::MapInfo)
    }

    /// Where it stands in the dialog.
    pub fn group(self) -> FileGroup {
        match self {
            Self::AllAlignedStructures
            | Self::BoundFile
            | Self::ApoFile
            | Self::ApoSolvFile
            | Self::ApoDesolvFile
            | Self::LigandPdb
            | Self::LigandSdf
            | Self::LigandSmiles => FileGroup::Aligned,
            Self::EventFile | Self::SigmaaFile | Self::DiffFile | Self::TransMatrixInfo => {
                FileGroup::Maps
            }
            Self::PdbInfo | Self::CifInfo | Self::MtzInfo | Self::MapInfo => {
                FileGroup::Crystallographic
            }
            Self::SingleSdfFile
            | Self::MetadataInfo
            | Self::SdfInfo
            | Self::SmilesInfo
            | Self::CompoundSets => FileGroup::Ligands,
            Self::SoakdbFiles
            | Self::YamlFiles
            | Self::ExtraFiles
            | Self::PymolScripts
            | Self::Readme
            | Self::IncludeVirtualObservations => FileGroup::Extras,
        }
    }

    /// Finds a kind by the server's parameter name.
    pub fn from_parameter(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.parameter() == name)
    }

    /// Parameter name, label, note.
    fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::AllAlignedStructures => (
                "all_aligned_structures",
                "Aligned structures",
                "7 file types",
            ),
            Self::BoundFile => ("bound_file", "Protein with its ligand", "PDB"),
            Self::ApoFile => ("apo_file", "Protein, ligand removed (apo)", "PDB"),
            Self::ApoSolvFile => ("apo_solv_file", "Apo, solvent only", "PDB"),
            Self::ApoDesolvFile => ("apo_desolv_file", "Apo, desolvated", "PDB"),
            Self::LigandPdb => ("ligand_pdb", "Ligand coordinates", "PDB"),
            Self::LigandSdf => ("ligand_sdf", "Ligand with bond orders", "SDF"),
            Self::LigandSmiles => ("ligand_smiles", "Ligand as text", "SMILES"),
            Self::EventFile => (
                "event_file",
                "Event maps (PanDDA)",
                "primary evidence, large",
            ),
            Self::SigmaaFile => ("sigmaa_file", "2Fo-Fc maps", "large"),
            Self::DiffFile => ("diff_file", "Fo-Fc maps", "large"),
            Self::TransMatrixInfo => (
                "trans_matrix_info",
                "Transformations",
                "how each was aligned",
            ),
            Self::PdbInfo => ("pdb_info", "Coordinates", "PDB"),
            Self::CifInfo => ("cif_info", "Restraints", "CIF"),
            Self::MtzInfo => ("mtz_info", "Reflections and map coefficients", "MTZ"),
            Self::MapInfo => ("map_info", "Real-space maps", "very large"),
            Self::SingleSdfFile => ("single_sdf_file", "All ligands in one file", "SDF"),
            Self::MetadataInfo => ("metadata_info", "Metadata table", "CSV, every observation"),
            Self::SdfInfo => ("sdf_info", "Ligand beside each structure", "SDF"),
            Self::SmilesInfo => ("smiles_info", "All ligands as text", "SMILES"),
            Self::CompoundSets => ("compound_sets", "Compound sets", "computed poses"),
            Self::SoakdbFiles => ("soakdb_files", "SoakDB", "with the uploader's files"),
            Self::YamlFiles => ("yaml_files", "Alignment records", "YAML"),
            Self::ExtraFiles => ("extra_files", "The uploader's files", "any type"),
            Self::PymolScripts => (
                "pymol_scripts",
                "PyMOL scripts",
                "text, never run by this app",
            ),
            Self::Readme => ("readme", "Read-me", "PDF, text"),
            Self::IncludeVirtualObservations => (
                "include_virtual_observations",
                "Virtual observations",
                "not measured",
            ),
        }
    }
}

/// Ready-made choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// The seven aligned structure files.
    Structures,
    /// What a look at the density needs: structures, maps, reflections, restraints.
    Coot,
    /// Ligands, tables, no structures.
    Ligands,
    /// All that the server has.
    Everything,
}

impl Preset {
    /// All of them, in the dialog's order.
    pub const ALL: [Self; 4] = [
        Self::Structures,
        Self::Coot,
        Self::Ligands,
        Self::Everything,
    ];

    /// The name on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Structures => "Structures only",
            Self::Coot => "For Coot",
            Self::Ligands => "Ligands and metadata",
            Self::Everything => "Everything",
        }
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Structures => "structures",
            Self::Coot => "coot",
            Self::Ligands => "ligands",
            Self::Everything => "everything",
        }
    }

    /// What it switches on. Virtual observations are no files of the experiment, so `Everything` leaves them out.
    pub fn files(self) -> FileSelection {
        let mut files = FileSelection::default();
        match self {
            Self::Structures => files.set_group(FileGroup::Aligned, true),
            Self::Coot => {
                files.set_group(FileGroup::Aligned, true);
                for kind in [
                    FileKind::EventFile,
                    FileKind::SigmaaFile,
                    FileKind::DiffFile,
                    FileKind::MtzInfo,
                    FileKind::CifInfo,
                    FileKind::MetadataInfo,
                ] {
                    files.set(kind, true);
                }
            }
            Self::Ligands => {
                for kind in [
                    FileKind::SingleSdfFile,
                    FileKind::MetadataInfo,
                    FileKind::SmilesInfo,
                ] {
                    files.set(kind, true);
                }
            }
            Self::Everything => {
                for kind in FileKind::ALL {
                    files.set(kind, kind != FileKind::IncludeVirtualObservations);
                }
            }
        }
        files
    }
}

/// Which kinds of files were chosen.
///
/// [`FileKind::AllAlignedStructures`] and its seven members are kept consistent: the whole is on exactly
/// when all seven are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileSelection(BTreeSet<FileKind>);

impl FileSelection {
    /// Whether the kind was chosen.
    pub fn has(&self, kind: FileKind) -> bool {
        self.0.contains(&kind)
    }

    /// Chooses a kind or drops it.
    pub fn set(&mut self, kind: FileKind, on: bool) {
        if kind == FileKind::AllAlignedStructures {
            for member in FileKind::ALIGNED {
                self.put(member, on);
            }
        } else {
            self.put(kind, on);
        }
        let all = FileKind::ALIGNED.into_iter().all(|member| self.has(member));
        self.put(FileKind::AllAlignedStructures, all);
    }

    /// Chooses or drops a whole group.
    pub fn set_group(&mut self, group: FileGroup, on: bool) {
        for kind in group.kinds() {
            self.set(kind, on);
        }
    }

    /// What was chosen, in the order of the dialog.
    pub fn kinds(&self) -> impl Iterator<Item = FileKind> {
        FileKind::ALL.into_iter().filter(|kind| self.has(*kind))
    }

    /// Whether nothing was chosen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether some but not all of the aligned structure files were chosen: older servers cannot do that.
    pub fn needs_single_types(&self) -> bool {
        !self.has(FileKind::AllAlignedStructures)
            && FileKind::ALIGNED.into_iter().any(|kind| self.has(kind))
    }

    /// The choice in a few words, for lists: a preset's name, else the groups.
    pub fn summary(&self) -> String {
        if let Some(preset) = Preset::ALL
            .into_iter()
            .find(|preset| preset.files() == *self)
        {
            return preset.label().to_lowercase().replace("coot", "Coot");
        }
        let mut words = Vec::new();
        if FileKind::ALIGNED.into_iter().any(|kind| self.has(kind)) {
            words.push("structures".to_owned());
        }
        for kind in self.kinds() {
            if kind.group() != FileGroup::Aligned {
                words.push(lower_first(kind.label()));
            }
        }
        match words.len() {
            0 => "nothing".to_owned(),
            1..=4 => join_words(&words),
            _ => format!(
                "{} and {} more",
                words.iter().take(3).cloned().collect::<Vec<_>>().join(", "),
                words.len() - 3
            ),
        }
    }

    fn put(&mut self, kind: FileKind, on: bool) {
        if on {
            self.0.insert(kind);
        } else {
            self.0.remove(&kind);
        }
    }
}

impl FromIterator<FileKind> for FileSelection {
    fn from_iter<I: IntoIterator<Item = FileKind>>(kinds: I) -> Self {
        let mut files = Self::default();
        for kind in kinds {
            files.set(kind, true);
        }
        files
    }
}

/// Lower case at the front, unless the word is a name such as `PyMOL` or `SoakDB`.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second))
            if first.is_uppercase()
                && second.is_lowercase()
                && !text.starts_with("PyMOL")
                && !text.starts_with("SoakDB") =>
        {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}

/// `a, b and c`.
fn join_words(words: &[String]) -> String {
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_parameter_has_a_tick_box() {
        let documented = "all_aligned_structures pdb_info cif_info mtz_info diff_file event_file sigmaa_file map_info single_sdf_file metadata_info trans_matrix_info";
        for name in documented.split(' ') {
            let kind = FileKind::from_parameter(name).unwrap();
            assert!(kind.group().kinds().contains(&kind));
        }
    }

    #[test]
    fn the_whole_is_on_exactly_when_its_seven_members_are() {
        let mut files = FileSelection::default();
        files.set(FileKind::AllAlignedStructures, true);
        assert!(FileKind::ALIGNED.into_iter().all(|kind| files.has(kind)));
        files.set(FileKind::ApoFile, false);
        assert!(!files.has(FileKind::AllAlignedStructures));
        assert!(files.needs_single_types());
        files.set(FileKind::ApoFile, true);
        assert!(files.has(FileKind::AllAlignedStructures));
        assert!(!files.needs_single_types());
    }

    #[test]
    fn a_choice_is_named_in_few_words() {
        assert_eq!(Preset::Coot.files().summary(), "for Coot");
        let files: FileSelection = [FileKind::AllAlignedStructures, FileKind::MetadataInfo]
            .into_iter()
            .collect();
        assert_eq!(files.summary(), "structures and metadata table");
    }

    #[test]
    fn the_name_for_the_server_is_the_name_for_serde() {
        for kind in FileKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.parameter());
        }
    }
}
